"""Everything that is scanned for, in one list: signatures, block starts and the runner's marks.

The position of a pattern in the list is its id in the scan, so one pass over the log answers all three questions.
"""

from functools import lru_cache

import msgspec

from exlogare_ci.analysis.blocks import RULES, BlockRule
from exlogare_ci.analysis.scan import Hits, Scanner, default_cache_dir
from exlogare_ci.analysis.sections import ANCHORS, Marks
from exlogare_ci.analysis.signatures import SIGNATURES
from exlogare_ci.analysis.signatures.base import Signature
from exlogare_ci.analysis.text import CleanLog


class Found(msgspec.Struct):
    """What one scan found, line indexes ascending.

    Attributes:
        signatures: for each signature that hit, its lines and how often it hit in all.
        blocks: for each block rule that hit, its lines and how often it hit in all.
        marks: for each of the runner's marks, its lines.
    """

    signatures: list[tuple[Signature, list[int], int]]
    blocks: list[tuple[BlockRule, list[int], int]]
    marks: Marks


class Catalog:
    """The compiled catalogue.

    Args:
        signatures: the built-in ones, and the user's.
        scanner: compiled from ``patterns(signatures)``.
    """

    def __init__(self, signatures: tuple[Signature, ...], scanner: Scanner) -> None:
        self.signatures = signatures
        self._scanner = scanner
        self._anchors = tuple(ANCHORS)

    def find(self, log: CleanLog) -> Found:
        """Scan a cleaned log once."""
        found = Found([], [], {})
        blocks_from = len(self.signatures)
        anchors_from = blocks_from + len(RULES)
        for number, hits in sorted(self._scanner.scan(log).items()):
            self._sort_in(found, number, hits, log, blocks_from, anchors_from)
        return found

    def _sort_in(
        self, found: Found, number: int, hits: Hits, log: CleanLog, blocks_from: int, anchors_from: int
    ) -> None:
        lines = hits.lines(log)
        if number < blocks_from:
            found.signatures.append((self.signatures[number], lines, hits.count))
        elif number < anchors_from:
            found.blocks.append((RULES[number - blocks_from], lines, hits.count))
        else:
            found.marks[self._anchors[number - anchors_from]] = lines


def patterns(signatures: tuple[Signature, ...]) -> list[str]:
    """Return all patterns in the order of their ids."""
    return [s.pattern for s in signatures] + [r.start for r in RULES] + list(ANCHORS.values())


@lru_cache(maxsize=4)
def catalog(extra: tuple[Signature, ...] = ()) -> Catalog:
    """Return the catalogue, compiled or loaded from the cache once a process.

    Args:
        extra: the user's own signatures, looked for beside the built-in ones.
    """
    signatures = SIGNATURES + extra
    return Catalog(signatures, Scanner(patterns(signatures), default_cache_dir()))
