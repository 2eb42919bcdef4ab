"""One Hyperscan pass over the whole log for every pattern there is.

Compiling 1,700 patterns takes about two seconds, loading a compiled database about a millisecond; so the database is
cached in the user's cache folder, under a name that holds a hash of the patterns, the library's version and the
machine's type. Hyperscan refuses a database that was compiled for another processor. The cache is written with the
user's rights only and is never trusted when others than the user and root may write it; an image can ship it.
"""

import hashlib
import os
import platform
import stat
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import hyperscan

from exlogare_ci.analysis.text import CleanLog

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

    def lines(self, log: CleanLog) -> list[int]:
        """Return the indexes of the matching lines that were kept, ascending, each once."""
        return sorted({log.line_at(max(0, o - 1)) for o in self._first + self._last[-HITS_LAST_MAX:]})


class Scanner:
    """A compiled set of patterns; safe to use from several threads.

    Args:
        patterns: Hyperscan expressions; the position of each is its id in the result.
        cache_dir: where compiled databases are kept; ``None`` compiles in memory only.
    """

    def __init__(self, patterns: Sequence[str], cache_dir: Path | None) -> None:
        self._size = len(patterns)
        self._db = _load(patterns, cache_dir)
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


def default_cache_dir() -> Path | None:
    """Return the folder for compiled databases, or ``None`` when others could write into it."""
    import platformdirs  # noqa: PLC0415 - needed once a process, and only here

    root = os.environ.get("EXLOGARE_CACHE_DIR") or platformdirs.user_cache_dir("exlogare")
    path = Path(root)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = path.stat()
    except OSError:
        return None
    if hasattr(os, "getuid") and (mode.st_uid not in (os.getuid(), 0) or mode.st_mode & (stat.S_IWOTH | stat.S_IWGRP)):
        return None
    return path


def _load(patterns: Sequence[str], cache_dir: Path | None) -> Any:
    name = _cache_name(patterns)
    if cache_dir is not None:
        cached = cache_dir / name
        try:
            return hyperscan.loadb(cached.read_bytes(), mode=hyperscan.HS_MODE_BLOCK)
        except (OSError, hyperscan.error):
            pass  # not there yet, or made for another processor: compiled anew below
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[p.encode() for p in patterns],
        ids=list(range(len(patterns))),
        elements=len(patterns),
        flags=[hyperscan.HS_FLAG_MULTILINE] * len(patterns),
    )
    if cache_dir is not None:
        _store(cache_dir, name, hyperscan.dumpb(database))
    return database


def _store(cache_dir: Path, name: str, data: bytes) -> None:
    try:
        handle, temporary = tempfile.mkstemp(dir=cache_dir, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(cache_dir / name)
    except OSError:
        return  # a full or read-only disk costs the next start half a second, nothing more


def _cache_name(patterns: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for part in (getattr(hyperscan, "__version__", ""), platform.machine(), *patterns):
        digest.update(part.encode())
        digest.update(b"\0")
    return f"patterns-{digest.hexdigest()[:32]}.hs"
