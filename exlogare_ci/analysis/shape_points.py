"""What is weighed of a block of a tool that nothing is known of: its shapes, its form, its place among others."""

import math
import re
from collections import Counter

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.shapes import bits
from exlogare_ci.analysis.text import MATCH_BYTES_MAX, CleanLog
from exlogare_ci.analysis.unknown_tools import CLEAR, HEADS, LOUD, WORDS, ShapedBlock, indent_of
from exlogare_ci.analysis.weights import SHAPE_POINTS

Term = tuple[str, float]

ABOVE_LINES = 4
RED_LINES_LOOKED_AT = 12
NEAR_END_LINES = 30

_ANNOUNCES = late(rb"\b(?:failures?|failed|errors?|failing|problems?|issues?|violations)\b[^\n]{0,40}$", re.IGNORECASE)
_RESTATES = late(
    rb"returned non-?zero|[Cc]ommand failed|non-zero exit|exit(?:ed)? (?:with )?(?:status|code)"
    rb"|[Tt]ests? (?:failed|unsuccessful)|failed!$|failing tests|[Ss]ee the |[Ss]ee above"
)
_OF_HEAD = {name: bits(name) for name in ("place", "strong", "numbered", "error_at", "exception", "weak", "count")}


def block_terms(log: CleanLog, blocks: list[ShapedBlock], shapes: dict[int, int]) -> list[list[Term]]:
    """Return the terms of the score for each block of a step.

    Args:
        log: the cleaned log.
        blocks: all of them, in order.
        shapes: the lines of the step that have a shape.
    """
    alike = Counter(_kin(block) for block in blocks)
    seen: set[int] = set()
    terms: list[list[Term]] = []
    for block in blocks:
        said = [name for name, shape in _OF_HEAD.items() if block.shapes & shape]
        lines = block.end - block.start + 1
        loud = (block.shapes | block.inner) & LOUD
        said += _form(log, block, shapes)
        said += ["first of its kind"] if loud and alike[_kin(block)] > 1 and _kin(block) not in seen else []
        said += ["first" if loud else "quiet, first"] if not seen else []
        seen.add(_kin(block))
        terms.append(
            [(name, SHAPE_POINTS[name]) for name in said]
            + ([("length", round(SHAPE_POINTS["length"] * math.log(lines), 3))] if loud and lines > 1 else [])
        )
    return terms


def _kin(block: ShapedBlock) -> int:
    return block.shapes & (HEADS | WORDS)


def _form(log: CleanLog, block: ShapedBlock, shapes: dict[int, int]) -> list[str]:
    """Return what is to be said of a block without a look at the others."""
    head = log.lines[block.head][:MATCH_BYTES_MAX]
    above = [i for i in range(max(0, block.start - ABOVE_LINES), block.start) if log.lines[i].strip()]
    loud = (block.shapes | block.inner) & LOUD
    announced = bool(above) and _ANNOUNCES.search(log.lines[above[-1]][:MATCH_BYTES_MAX]) is not None
    said = {
        "clear": (block.shapes | block.inner) & CLEAR,
        "tells what was expected": block.inner & ~block.shapes & bits("assertion"),
        "several lines": loud and block.end > block.start,
        "indented": indent_of(head) > 0,
        "in red": any(i in log.red for i in range(block.start, block.end + 1)[:RED_LINES_LOOKED_AT]),
        "behind a blank line": block.start > 0 and not log.lines[block.start - 1].strip(),
        "announced": announced and not shapes.get(block.start - 1, 0) & HEADS,
        "says that something failed": _RESTATES.search(head) is not None,
    }
    return [name for name, true in said.items() if true]


def place_terms(start: int, end: int, block: ShapedBlock, told: int | None) -> list[Term]:
    """Return the terms for where in its step, from ``start`` to ``end``, a block stands."""
    loud = (block.shapes | block.inner) & LOUD
    terms: list[Term] = []
    if loud:
        terms.append(("how late", round(SHAPE_POINTS["how late"] * (block.cause - start) / max(1, end - start), 3)))
    if told is not None:
        name = "before the first word of a failure" if block.end < told else "behind the first word of a failure"
        terms.append((name, SHAPE_POINTS[name]))
    left = end - block.end
    if left < NEAR_END_LINES and not loud:
        points = SHAPE_POINTS["quiet, near the end"] * (1 - left / NEAR_END_LINES)
        terms.append(("quiet, near the end", round(points, 3)))
    return terms


def last_words_terms(start: int, end: int, blocks: list[ShapedBlock], shapes: dict[int, int]) -> list[Term]:
    """Return the terms for the last words of a step.

    Args:
        start: index of their first line.
        end: index of their last line, included.
        blocks: the step's blocks of failure.
        shapes: the lines of the step that have a shape.
    """
    own = 0
    for index in range(start, end + 1):
        own |= shapes.get(index, 0)
    said = {
        "last words": True,
        "without a shape": not own,
        "nothing is clear": not any((b.shapes | b.inner) & CLEAR for b in blocks),
        "counts": own & bits("count"),
    }
    return [(name, SHAPE_POINTS[name]) for name, true in said.items() if true]
