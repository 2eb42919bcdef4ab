"""Private keys: secrets of many lines, masked line by line."""

from exlogare_ci.analysis.late import late

Span = tuple[int, int, str]
"""Start and end (exclusive) in bytes, and the id that stands in the secret's place."""

_LINES_MAX = 200  # a 16,384-bit RSA key in PEM has 197 lines of 64 characters
_BYTES_MAX = 64 * 1024
_HEADERS_MAX = 3  # Proc-Type, DEK-Info and an empty line may come before the body (RFC 1421)

_RUN = late(rb"[A-Za-z0-9+/]{40}")
_BODY = late(rb"[A-Za-z0-9+/]{40}={0,2}\r?$")
_BODY_BYTES = 44  # 40 characters of base64, padding, carriage return


def block(data: bytes, start: int, ends: bytes, name: str) -> list[Span]:
    """Give what belongs to the key whose first line ends at ``start``, but for its last line.

    A key whose last line is missing (a cut log) ends where lines stop to look like base64.

    Args:
        data: the log.
        start: where the key's first line ends.
        ends: what its last line starts with.
        name: the rule's id.

    Returns:
        Nothing, one span over all lines, or one for each line.
    """
    limit = data.find(b"-----BEGIN ", start, start + _BYTES_MAX)
    limit = limit if limit >= 0 else min(len(data), start + _BYTES_MAX)
    end = data.find(ends, start, limit)
    if end >= 0:
        return [(start, end, name)] if end > start else []
    line_end = _line_end(data, start)
    if _RUN.search(data, start, min(line_end, limit)):  # the whole key on one line, with written-out line feeds
        return [(start, line_end, name)]
    spans: list[Span] = []
    for number in range(_LINES_MAX):
        line_start, line_end = line_end + 1, _line_end(data, line_end + 1)
        if _BODY.search(data[line_start:line_end][-_BODY_BYTES:]):
            spans.append((line_start, line_end, name))
        elif spans or number >= _HEADERS_MAX:
            break
    return spans


def _line_end(data: bytes, start: int) -> int:
    end = data.find(b"\n", start)
    return end if end >= 0 else len(data)
