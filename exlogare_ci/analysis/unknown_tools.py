"""Blocks of failure in the output of tools that no signature and no block rule knows.

The lines that have a shape of failure (see ``shapes``) are joined with what belongs to them by indentation and blank
lines, as nearly every tool sets its messages.
"""

import msgspec

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.sections import Step
from exlogare_ci.analysis.shapes import FINE, FINE_AT_END, bits, quiet_places, scanner
from exlogare_ci.analysis.text import CleanLog

LINES_MAX = 20_000
"""Lines before a step's end that are searched for shapes of failure."""
LINE_BYTES_MAX = 1000
"""What of a line is looked at."""
LINE_BYTES_MIN = 4
"""A shorter line is a word, not a sentence."""
BLOCK_LINES_MAX = 60
JOINED_LINES_MAX = 240
JOIN_GAP_LINES_MAX = 3
"""Blank or ruled lines between two blocks of one shape that still make one list."""
UP_LINES_MAX = 7
"""Lines above an assertion that may belong to it."""

_CODE = late(rb"^\s*(?:at |#|//|\*|\||\d+ \||\+ |\$ |\++(?:export |\w+=))")
_CHATTER = late(
    rb"^(?:[\d\[][\d:.,/TZ+ \[\]-]*)?(?:\[?(?:INFO|DEBUG|TRACE|NOTICE|debug|notice)\b"
    rb"|\+{1,2} \S|##\[(?:end)?group\]|\$ \S)"
)
"""A line that a logger calls unimportant, the echo of a command, a mark: no part of the block above it."""
_LEVEL = late(rb"\[(?:info|error|warn|INFO|ERROR|WARNING)\] ?")
_RULED = late(rb"^\W*$")
_DETAIL = late(
    rb"^[ \t]*(?:at |from |in |File \"|#\d|\d+: |\d*:? *\||\^|~|--> |=> |> |[+-]{1,3}[ \t]|@@|E  |Caused by"
    rb"|note: |help: |hint: |Expected|Actual|[Ee]xpected|[Aa]ctual|[Gg]ot\b|[Ww]ant\b|[Rr]eceived|Failed asserting"
    rb"|Stack ?[Tt]race|Backtrace|Traceback|[\w$./<>\\-]+:\d+|[\w$./<>\\-]+\(\d+|Reason|Error|Message|Diff|Location"
    rb"|Which is|\*\*)"
)
"""A line that tells more of the failure above it: a frame, a line of code, of a diff, what was expected."""
_TRACES = (b"Traceback", b"Exception in", b"thread ", b"panic")
_BARE = (b"aborted!", b"rror:", b"ERROR", b"RROR:", b"failed:", b"ailure:")
"""Ends of headers that say nothing: the message stands below."""

HEADS = bits("mark", "marked", "numbered", "place", "error_at", "says_error", "exception", "crash")
"""Shapes of a block's first line."""
CLEAR = bits("mark", "marked", "error_at", "says_error", "exception", "crash", "assertion")
"""Shapes that little else but a failure has."""
LOUD = CLEAR | bits("strong")
"""Shapes that speak of a failure, whatever stands round them; the others are but words."""
WORDS = bits("strong", "weak", "assertion")
TESTS = bits("mark", "marked", "numbered")
_WIDE = bits("mark", "numbered", "says_error", "exception", "crash", "assertion")
"""Shapes of heads behind which lines belong to the block although they are not indented."""
_OWN = bits("exception", "says_error")
_NEW = bits("mark", "marked", "numbered", "error_at")
_COUNT, _ASSERTION = bits("count"), bits("assertion")
_LOUD = bits("mark", "marked")


class ShapedBlock(msgspec.Struct):
    """A block of lines around one with a shape of failure.

    Attributes:
        start: index of its first line.
        end: index of its last line, included.
        head: index of the line with the shape.
        cause: index of the line to point at.
        shapes: the shapes of its head.
        inner: the shapes of its other lines.
        heads: the heads of the blocks that were joined.
    """

    start: int
    end: int
    head: int
    cause: int
    shapes: int
    inner: int
    heads: list[int]


def shaped_lines(log: CleanLog, where: Step, closing: set[int]) -> dict[int, int]:
    """Return the lines of a step that have shapes of failure, and which ones, as bits.

    Args:
        log: the cleaned log.
        where: the step that failed, or the whole log.
        closing: indexes of lines that only say that something failed.
    """
    first = max(where.start, where.end - LINES_MAX)
    lines = log.lines[first : where.end]
    if max(map(len, lines), default=0) > LINE_BYTES_MAX:
        lines = [line[:LINE_BYTES_MAX] for line in lines]
    part = msgspec.structs.replace(log, data=b"\n".join(lines))
    scanned = scanner().scan(part)
    line_of = part.lines_at(offset for hits in scanned.values() for offset in hits.kept())
    shapes: dict[int, int] = {}
    for number, hits in scanned.items():
        for place in {line_of[offset] for offset in hits.kept()}:
            shapes[first + place] = shapes.get(first + place, 0) | 1 << number
    shaped = [line for line in shapes if line not in closing]
    quiet = quiet_places([lines[line - first] for line in shaped])
    return {
        line: shapes[line]
        for place, line in enumerate(shaped)
        if (place not in quiet or shapes[line] & _LOUD) and _speaks(lines[line - first])
    }


def _speaks(line: bytes) -> bool:
    """Whether a line with shapes of failure is neither code, nor a level and no message, nor says that all is well."""
    return not (_CODE.match(line) or len(_LEVEL.sub(b"", line).strip()) < LINE_BYTES_MIN or _is_fine(line))


def _is_fine(text: bytes) -> bool:
    return FINE.match(text) is not None or FINE_AT_END.search(text) is not None


def shaped_blocks(log: CleanLog, where: Step, closing: set[int], shapes: dict[int, int]) -> list[ShapedBlock]:
    """Return the blocks of a step, in order.

    Args:
        log: the cleaned log.
        where: the step that failed, or the whole log.
        closing: indexes of lines that only say that something failed.
        shapes: the lines with a shape.
    """
    found: list[ShapedBlock] = []
    done = where.start - 1
    for line in sorted(shapes):
        own = shapes[line]
        if line <= done:
            found[-1].inner |= own
            continue
        if not own & ~_COUNT:
            continue
        start = _up(log, line, max(where.start, done + 1), closing, shapes)
        done = _down(log, line, where.end, closing, shapes)
        block = ShapedBlock(start, done, line, line, own, 0, [line])
        block.cause = _telling(log, block, shapes)
        if found and _follows(log, found[-1], block):
            _join(found[-1], block)
        else:
            found.append(block)
    return found


def indent_of(line: bytes) -> int:
    """Return how far a line is indented behind the level that a logger puts first."""
    level = _LEVEL.match(line)
    text = line[level.end() :] if level is not None else line
    return len(text) - len(text.lstrip(b" \t"))


def _level(line: bytes) -> bytes:
    level = _LEVEL.match(line)
    return level[0] if level is not None else b""


def _telling(log: CleanLog, block: ShapedBlock, shapes: dict[int, int]) -> int:
    """Return the line of a block to point at: behind a bare header, and of a trace the exception's own."""
    head = log.lines[block.head].strip()
    behind = range(block.head + 1, block.end + 1)
    if block.shapes & bits("crash") and head.startswith(_TRACES):
        indent = indent_of(log.lines[block.head])
        own = [i for i in behind if shapes.get(i, 0) & _OWN and indent_of(log.lines[i]) <= indent]
        return own[-1] if own else block.head
    if head.endswith(_BARE):
        return next((i for i in behind if log.lines[i].strip()), block.head)
    return block.head


def _follows(log: CleanLog, last: ShapedBlock, block: ShapedBlock) -> bool:
    """Whether a block goes on with the list that the one before it began."""
    if block.end - last.start >= JOINED_LINES_MAX or block.start - last.end > JOIN_GAP_LINES_MAX:
        return False
    gap = log.lines[last.end + 1 : block.start]
    if any(not _RULED.match(line) for line in gap):
        return False
    same = indent_of(log.lines[last.head]) == indent_of(log.lines[block.head])
    return (bool(last.shapes & block.shapes & HEADS) and same) or (not gap and not block.shapes & HEADS)


def _join(last: ShapedBlock, block: ShapedBlock) -> None:
    if block.shapes & LOUD and not (last.shapes | last.inner) & LOUD:
        last.cause = block.cause  # what stood before it was an introduction
    last.end = block.end
    last.inner |= block.shapes
    last.heads.append(block.head)


def _stops(log: CleanLog, index: int, closing: set[int]) -> bool:
    return index in closing or _CHATTER.match(log.lines[index]) is not None


def _up(log: CleanLog, line: int, floor: int, closing: set[int], shapes: dict[int, int]) -> int:
    """Return the first line of the paragraph that an assertion stands in; any other shape is its block's first line."""
    if shapes[line] & HEADS or not shapes[line] & _ASSERTION:
        return line
    start, indent = line, indent_of(log.lines[line])
    for index in range(line - 1, max(floor, line - UP_LINES_MAX - 1) - 1, -1):
        text = log.lines[index]
        if (
            shapes.get(index, 0) & _COUNT
            or _is_fine(text)
            or _RULED.match(text)
            or _stops(log, index, closing)
            or indent_of(text) > indent
        ):
            break
        start = index
    return start if line - start <= UP_LINES_MAX else line


def _down(log: CleanLog, line: int, ceiling: int, closing: set[int], shapes: dict[int, int]) -> int:
    """Return the last line of a block."""
    head, indent, level = shapes[line], indent_of(log.lines[line]), _level(log.lines[line])
    end, blanks = line, 0
    for index in range(line + 1, min(line + BLOCK_LINES_MAX, ceiling)):
        text = log.lines[index][:LINE_BYTES_MAX]
        if not text.strip():
            blanks += 1
            if blanks > 1:
                break
            continue
        if _stops(log, index, closing) or _level(text) != level:
            break
        if indent_of(text) <= indent:
            if index == line + 1 and head & TESTS and _RULED.match(text):
                continue  # a rule under the test's name
            if not _belongs(text, head, shapes.get(index, 0), blank=blanks > 0):
                break
        end, blanks = index, 0
    return end


def _belongs(text: bytes, head: int, own: int, *, blank: bool) -> bool:
    """Whether a line that is not indented deeper than the head is a part of its block.

    Args:
        text: the line.
        head: the shapes of the head.
        own: the shapes of the line.
        blank: a blank line stands before it.
    """
    detail = _DETAIL.match(text) is not None
    if (own & _COUNT and not own & CLEAR) or (not own & _LOUD and _is_fine(text)):
        return False
    if blank:
        return detail and not own & _NEW
    if own & head & HEADS and not detail:
        return False
    if _RULED.match(text) and b"^" not in text and b"~" not in text:
        return False
    return detail or bool(head & _WIDE)
