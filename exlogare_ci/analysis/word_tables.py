"""Tables of patterns that are read in order: one look tells which may match a text, and only those are tried.

A text in anybody's words is held against a hundred long patterns. Python's ``re`` takes ten milliseconds for that, and
thirty to compile them; Hyperscan's look takes a hundredth of one.
"""

import threading
from functools import cached_property
from typing import Any

import hyperscan

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.scanner import database_of


class Table:
    """Categories and what tells each; the first row that is found counts. Safe to use from several threads.

    Args:
        rows: a category and a pattern for Python's ``re``. What Hyperscan cannot do, such as a look ahead, it leaves
            out of its look, which then says *may match* more often; ``re`` has the last word.

    Attributes:
        rows: the same.
    """

    def __init__(self, *rows: tuple[str, str]) -> None:
        self.rows = rows
        self._rows = [(category, late(source)) for category, source in rows]
        self._own = threading.local()

    def first(self, text: str) -> str | None:
        """Return the category of the first row whose pattern is found in a text, or ``None``."""
        rows = (self._rows[number] for number in self._may(text))
        return next((category for category, pattern in rows if pattern.search(text)), None)

    @cached_property
    def _database(self) -> Any:
        flags = hyperscan.HS_FLAG_PREFILTER | hyperscan.HS_FLAG_SINGLEMATCH
        return database_of([source.encode() for _, source in self.rows], [flags] * len(self.rows))

    def _may(self, text: str) -> list[int]:
        """Return the numbers of the rows that may match; all of them where a letter may be more than one byte."""
        if not text.isascii():
            return list(range(len(self._rows)))
        scratch = getattr(self._own, "scratch", None)  # Hyperscan's scratch space must not be shared by threads
        if scratch is None:
            scratch = self._own.scratch = hyperscan.Scratch(self._database)
        found: list[int] = []

        def hit(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.append(number)

        if text:
            self._database.scan(text.encode(), match_event_handler=hit, scratch=scratch)
        return sorted(found)
