"""What stands between the two halves of a word that a tool broke over the end of a line."""

from exlogare_ci.analysis.late import late

_LINE_BYTES_MAX = 4_096  # no tool wraps later; a longer line is one that nobody broke

# A runner's time stamp, indentation, and the frame that a tool draws round a message (| > and the box line).
_HEAD = late(rb"(?:\d{4}-\d\d-\d\dT[\d:.]{8,18}Z )?(?:[ \t>|]|\xe2\x94\x82){0,32}")


def piece_ends_line(data: bytes, start: int, limit: int) -> int:
    """Give the end of the line at ``start``, without its carriage return; -1 when it is not before ``limit``."""
    end = data.find(b"\n", start, limit + 2)
    if end < 0:
        return -1
    return end - 1 if data[end - 1 : end] == b"\r" and end > start else end


def line_break(data: bytes, end: int) -> int:
    """Give where the text of the next line starts, for the ``end`` that ``piece_ends_line`` gave."""
    start = data.find(b"\n", end) + 1
    head = _HEAD.match(data, start)
    return head.end() if head else start


def first_on_line(data: bytes, place: int) -> int:
    """Give where the text of the line that holds ``place`` starts."""
    start = data.rfind(b"\n", max(0, place - _LINE_BYTES_MAX), place) + 1
    head = _HEAD.match(data, start)
    return min(head.end() if head else start, place)
