"""Block rules: one file a family of tools, ``base`` says what a rule is, and ``table`` lists the families.

``FAMILIES`` and ``RULES`` are loaded on first use: a start of ``exl`` that finds the catalogue in its cache reads none
of the files.
"""

from typing import TYPE_CHECKING, Any

from exlogare_ci.analysis.blocks.base import Block, BlockRule, grow, read_lines

if TYPE_CHECKING:
    from exlogare_ci.analysis.blocks.table import FAMILIES, RULES

__all__ = ["FAMILIES", "RULES", "Block", "BlockRule", "grow", "read_lines"]


def __getattr__(name: str) -> Any:
    """Load the table on first use.

    Raises:
        AttributeError: the package has no such name.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from exlogare_ci.analysis.blocks import table  # noqa: PLC0415 - see above

    return getattr(table, name)
