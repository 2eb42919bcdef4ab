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
        for number, hits in sorted(self._scanner.scan(log).items()):
            self._sort_in(found, number, hits, hits.lines(log))
        return found

    def _sort_in(self, found: Found, number: int, hits: Hits, lines: list[int]) -> None:
        block = number - len(self.signatures)
        anchor = block - len(RULES)
        if block < 0:
            found.signatures.append((self.signatures[number], lines, hits.count))
        elif anchor < 0:
            found.blocks.append((RULES[block], lines, hits.count))
        else:
            found.marks[self._anchors[anchor]] = lines


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
