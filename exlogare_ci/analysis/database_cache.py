"""Compiled pattern databases: shipped in the wheel, or kept in the user's cache folder from one process to the next.

Compiling the engine's 2,100 patterns takes three to five seconds and masking's literals ten milliseconds, loading
either about one. A fresh container would pay that in every job, so a release brings those of its own platform; see
docs/adr/0024-shipped-databases.md. A database's name holds a hash of the expressions, the library's version and the
machine's type, and Hyperscan refuses one that is damaged or was compiled for another processor. The cache is written
with the user's rights only and is never trusted when others than the user and root may write it; an image can ship it.
"""

import os
import platform
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import hyperscan

from exlogare_ci.analysis.sha256 import hex_digest

SHIPPED: Final = Path(__file__).with_name("shipped")
"""Databases that came with the wheel; there is no such folder in a checkout."""


def default_cache_dir() -> Path | None:
    """Return the folder for compiled databases, or ``None`` when others could write into it."""
    path = Path(os.environ.get("EXLOGARE_CACHE_DIR") or _user_cache_dir())
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = path.stat()
    except OSError:
        return None
    if hasattr(os, "getuid") and (mode.st_uid not in (os.getuid(), 0) or mode.st_mode & (stat.S_IWOTH | stat.S_IWGRP)):
        return None
    return path


def _user_cache_dir() -> str:
    if sys.platform == "linux":  # what platformdirs says, without the four milliseconds that it takes to load
        root = os.environ.get("XDG_CACHE_HOME", "").strip()
        if not root.startswith("/"):  # https://specifications.freedesktop.org/basedir-spec/latest/
            root = os.path.expanduser("~/.cache")  # noqa: PTH111 - pathlib raises where there is no home folder
        return f"{root}/exlogare"
    import platformdirs  # noqa: PLC0415 - see above

    return platformdirs.user_cache_dir("exlogare")


def load_database(expressions: Sequence[bytes], flags: Sequence[int], cache_dir: Path | None) -> Any:
    """Return a compiled database, a shipped or a kept one where there is one.

    Args:
        expressions: Hyperscan expressions; the position of each is its id.
        flags: Hyperscan's flags for each.
        cache_dir: where compiled databases are kept; ``None`` compiles in memory only.

    Raises:
        hyperscan.error: an expression cannot be compiled.
    """
    name = database_name(expressions, flags)
    kept = read_database(name, cache_dir)
    if kept is not None:
        return kept
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=list(expressions), ids=list(range(len(expressions))), elements=len(expressions), flags=list(flags)
    )
    if cache_dir is not None:
        store(cache_dir / name, hyperscan.dumpb(database))
    return database


def read_database(name: str, cache_dir: Path | None) -> Any | None:
    """Return a database that was shipped or kept; ``None`` when there is none, or none that is whole and fits."""
    shipped = _loaded(SHIPPED / name)
    return _loaded(cache_dir / name) if shipped is None and cache_dir is not None else shipped


def _loaded(path: Path) -> Any | None:
    try:
        return hyperscan.loadb(path.read_bytes(), mode=hyperscan.HS_MODE_BLOCK)
    except (OSError, hyperscan.error):
        return None


def store(path: Path, data: bytes) -> None:
    """Put a file into the cache, whole or not at all; a full or read-only disk only costs the next start its time."""
    import tempfile  # noqa: PLC0415 - three milliseconds of start-up, for the one process that fills the cache

    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except OSError:
        return


def database_name(expressions: Sequence[bytes], flags: Sequence[int]) -> str:
    """Return the name of a database in the cache; see ``load_database`` for the arguments."""
    library = (getattr(hyperscan, "__version__", ""), sys.platform, platform.machine(), repr(list(flags)))
    return f"patterns-{short_hash([*(part.encode() for part in library), *expressions])}.hs"


def short_hash(parts: Sequence[bytes]) -> str:
    """Return 32 hex digits that are others for any other parts; no part holds a NUL."""
    return hex_digest(b"\0".join(parts))[:32]
