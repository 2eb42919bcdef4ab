"""One Hyperscan pass over the whole log for every pattern there is."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import hyperscan

from exlogare_ci.analysis.database_cache import database_name, default_cache_dir, load_database
from exlogare_ci.analysis.text import CleanLog

__all__ = ["HITS_FIRST_MAX", "HITS_LAST_MAX", "Hits", "Scanner", "default_cache_dir", "kept_name"]

HITS_FIRST_MAX = 400
"""Hits of one pattern that are kept from the start of the log."""
HITS_LAST_MAX = 40
"""Hits of one pattern that are kept from the end of the log, beside the first ones."""


class Hits:
    """Where one pattern matched.

    Attributes:
        count: how many matches there were, more than are kept when they are many.
    """

    __slots__ = ("_first", "_last", "count")

    def __init__(self) -> None:
        self.count = 0
        self._first: list[int] = []
        self._last: list[int] = []

    def add(self, offset: int) -> None:
        """Take one match that ends before ``offset``."""
        self.count += 1
        if self.count <= HITS_FIRST_MAX:
            self._first.append(offset)
        else:
            self._last.append(offset)
            if len(self._last) > 2 * HITS_LAST_MAX:
                del self._last[:HITS_LAST_MAX]

    def kept(self) -> list[int]:
        """Return the offset of the last byte of each match that was kept."""
        return [max(0, end - 1) for end in self._first + self._last[-HITS_LAST_MAX:]]


class Scanner:
    """A compiled set of patterns; safe to use from several threads.

    Args:
        patterns: Hyperscan expressions; the position of each is its id in the result.
        cache_dir: where compiled databases are kept; ``None`` compiles in memory only.
        database: the database of these patterns, where it is loaded already; then the patterns may be left out.
    """

    def __init__(self, patterns: Sequence[str], cache_dir: Path | None, *, database: Any = None) -> None:
        self._db = load_database(*_compiled_from(patterns), cache_dir) if database is None else database
        self._local = threading.local()

    def scan(self, log: CleanLog) -> dict[int, Hits]:
        """Return the hits of each pattern that matched anywhere in the cleaned log."""
        found: dict[int, Hits] = {}

        def on_match(pattern: int, _start: int, end: int, _flags: int, _context: Any) -> None:
            hits = found.get(pattern)
            if hits is None:
                hits = found[pattern] = Hits()
            hits.add(end)

        self._run(log.data, on_match)
        return found

    def ends(self, data: bytes) -> list[tuple[int, int]]:
        """Return every match as the pattern's position and the offset behind the match; for small data only."""
        found: list[tuple[int, int]] = []

        def on_match(pattern: int, _start: int, end: int, _flags: int, _context: Any) -> None:
            found.append((pattern, end))

        self._run(data, on_match)
        return found

    def _run(self, data: bytes, on_match: Callable[[int, int, int, int, Any], None]) -> None:
        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            scratch = self._local.scratch = hyperscan.Scratch(self._db)
        if data:
            self._db.scan(data, match_event_handler=on_match, scratch=scratch)


def kept_name(patterns: Sequence[str]) -> str:
    """Return the name under which the database of these patterns is in the cache."""
    return database_name(*_compiled_from(patterns))


def _compiled_from(patterns: Sequence[str]) -> tuple[list[bytes], list[int]]:
    return [pattern.encode() for pattern in patterns], [hyperscan.HS_FLAG_MULTILINE] * len(patterns)
