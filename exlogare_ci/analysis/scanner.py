"""The scanner that masking uses: Hyperscan, or the plain substitute where it cannot be loaded.

Reasons not to load it: no wheel for the platform, a compiled library that lacks another one, a processor without the
instructions that it needs.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

__all__ = ["database_of", "hyperscan"]

if TYPE_CHECKING:
    import hyperscan
else:
    try:
        import hyperscan
    except (ImportError, OSError):
        from exlogare_ci.analysis import plain_scan as hyperscan


def database_of(expressions: Sequence[bytes], flags: Sequence[int]) -> "hyperscan.Database":
    """Return a database of expressions that never change; from the cache, where Hyperscan is there.

    Args:
        expressions: as the scanner takes them; the position of each is its number.
        flags: the scanner's flags for each.
    """
    if hasattr(hyperscan, "loadb"):
        from exlogare_ci.analysis.database_cache import (  # noqa: PLC0415 - needs the real Hyperscan
            default_cache_dir,
            load_database,
        )

        kept: hyperscan.Database = load_database(expressions, flags, default_cache_dir())
        return kept
    database = hyperscan.Database()
    numbers = list(range(len(expressions)))
    database.compile(expressions=list(expressions), ids=numbers, elements=len(numbers), flags=list(flags))
    return database
