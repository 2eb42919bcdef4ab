"""Compiled pattern databases, kept in the user's cache folder from one process to the next.

Compiling the engine's 1,900 patterns takes about two seconds and masking's literals ten milliseconds, loading either
about one. The name of a cached database holds a hash of the expressions, the library's version and the machine's type;
Hyperscan refuses one that is damaged or was compiled for another processor. The cache is written with the user's
rights only and is never trusted when others than the user and root may write it; an image can ship it.
"""

import hashlib
import os
import platform
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hyperscan


def default_cache_dir() -> Path | None:
    """Return the folder for compiled databases, or ``None`` when others could write into it."""
    root = os.environ.get("EXLOGARE_CACHE_DIR")
    if not root:
        import platformdirs  # noqa: PLC0415 - needed once a process, and only here

        root = platformdirs.user_cache_dir("exlogare")
    path = Path(root)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = path.stat()
    except OSError:
        return None
    if hasattr(os, "getuid") and (mode.st_uid not in (os.getuid(), 0) or mode.st_mode & (stat.S_IWOTH | stat.S_IWGRP)):
        return None
    return path


def load_database(expressions: Sequence[bytes], flags: Sequence[int], cache_dir: Path | None) -> Any:
    """Return a compiled database, from the cache where it is there.

    Args:
        expressions: Hyperscan expressions; the position of each is its id.
        flags: Hyperscan's flags for each.
        cache_dir: where compiled databases are kept; ``None`` compiles in memory only.

    Raises:
        hyperscan.error: an expression cannot be compiled.
    """
    name = _name(expressions, flags)
    if cache_dir is not None:
        try:
            return hyperscan.loadb((cache_dir / name).read_bytes(), mode=hyperscan.HS_MODE_BLOCK)
        except (OSError, hyperscan.error):
            pass  # not there yet, or made for another processor: compiled anew below
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=list(expressions), ids=list(range(len(expressions))), elements=len(expressions), flags=list(flags)
    )
    if cache_dir is not None:
        store(cache_dir / name, hyperscan.dumpb(database))
    return database


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


def _name(expressions: Sequence[bytes], flags: Sequence[int]) -> str:
    digest = hashlib.sha256()
    for part in (getattr(hyperscan, "__version__", ""), platform.machine(), repr(list(flags))):
        digest.update(part.encode() + b"\0")
    digest.update(b"\0".join(expressions))
    return f"patterns-{digest.hexdigest()[:32]}.hs"
