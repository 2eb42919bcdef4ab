"""The table of block rules: one file a family of tools."""

from exlogare_ci.analysis.blocks import javascript, jvm, native, platform, python, scripting
from exlogare_ci.analysis.blocks.base import Block, BlockRule, grow

FAMILIES: tuple[tuple[str, tuple[BlockRule, ...]], ...] = (
    ("python", python.RULES),
    ("jvm", jvm.RULES),
    ("javascript", javascript.RULES),
    ("native", native.RULES),
    ("scripting", scripting.RULES),
    ("platform", platform.RULES),
)
"""Name and rules of each family."""

RULES: tuple[BlockRule, ...] = tuple(rule for _, family in FAMILIES for rule in family)
"""All rules."""

__all__ = ["FAMILIES", "RULES", "Block", "BlockRule", "grow"]
