"""Everything that is scanned for, in one list: signatures, block starts and the runner's marks.

The position of a pattern in the list is its id in the scan, so one pass over the log answers all three questions.
"""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from exlogare_ci.analysis import catalog_cache
from exlogare_ci.analysis.blocks.base import BlockRule
from exlogare_ci.analysis.scan import Hits, Scanner, default_cache_dir
from exlogare_ci.analysis.sections import ANCHORS, Marks
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
        rules: all block rules.
        scanner: compiled from ``patterns(signatures)``.
    """

    def __init__(self, signatures: Sequence[Signature], rules: Sequence[BlockRule], scanner: Scanner) -> None:
        self.signatures = signatures
        self._rules = rules
        self._scanner = scanner
        self._anchors = tuple(ANCHORS)

    def find(self, log: CleanLog) -> Found:
        """Scan a cleaned log once."""
        found = Found([], [], {})
        scanned = sorted(self._scanner.scan(log).items())
        line_of = log.lines_at(offset for _, hits in scanned for offset in hits.kept())
        for number, hits in scanned:
            self._sort_in(found, number, hits, sorted({line_of[offset] for offset in hits.kept()}))
        return found

    def _sort_in(self, found: Found, number: int, hits: Hits, lines: list[int]) -> None:
        block = number - len(self.signatures)
        anchor = block - len(self._rules)
        if block < 0:
            found.signatures.append((self.signatures[number], lines, hits.count))
        elif anchor < 0:
            found.blocks.append((self._rules[block], lines, hits.count))
        else:
            found.marks[self._anchors[anchor]] = lines


def patterns(signatures: Sequence[Signature]) -> list[str]:
    """Return all patterns in the order of their ids."""
    from exlogare_ci.analysis.blocks.table import RULES  # noqa: PLC0415 - not read where the cache has it

    return [s.pattern for s in signatures] + [r.start for r in RULES] + list(ANCHORS.values())


@lru_cache(maxsize=4)
def catalog(extra: tuple[Signature, ...] = ()) -> Catalog:
    """Return the catalogue, compiled or loaded from the cache once a process.

    Args:
        extra: the user's own signatures, looked for beside the built-in ones.
    """
    folder = default_cache_dir()
    kept = catalog_cache.load(folder) if folder is not None and not extra else None
    if kept is not None:
        return Catalog(kept.signatures, kept.rules, Scanner((), None, database=kept.database))
    from exlogare_ci.analysis.blocks.table import RULES  # noqa: PLC0415 - as above
    from exlogare_ci.analysis.signatures.table import SIGNATURES  # noqa: PLC0415

    signatures = SIGNATURES + extra
    made = Catalog(signatures, RULES, Scanner(patterns(signatures), folder))
    if folder is not None and not extra:
        catalog_cache.keep(folder, SIGNATURES, RULES, patterns(SIGNATURES))
    return made
