"""The catalogue of signatures: one file a tool family, and ``table`` lists them.

``FAMILIES`` and ``SIGNATURES`` are loaded on first use: a start of ``exl`` that finds the catalogue in its cache reads
none of the files.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exlogare_ci.analysis.signatures.table import FAMILIES, SIGNATURES

__all__ = ["FAMILIES", "SIGNATURES"]


def __getattr__(name: str) -> Any:
    """Load the table on first use.

    Raises:
        AttributeError: the package has no such name.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from exlogare_ci.analysis.signatures import table  # noqa: PLC0415 - see above

    return getattr(table, name)
