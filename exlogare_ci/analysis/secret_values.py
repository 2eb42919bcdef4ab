"""Known values: every place where one stands, whole or wrapped over a line."""

from collections.abc import Sequence

from exlogare_ci.analysis.scanner import hyperscan
from exlogare_ci.analysis.secret_wraps import first_on_line, line_break, piece_ends_line

_SCAN_LITERAL_BYTES_MAX = 4_096  # longer values are looked for one by one
_FIND_BYTES_MAX = 4 * 1024 * 1024  # bytes times values up to which a plain search beats building a database
_WRAPPED_BYTES_MIN = 16  # of a shorter value half would be an ordinary word
_EDGE_BYTES = 8
_BREAKS_MAX = 4

Place = tuple[int, int]
"""Start and end (exclusive) in bytes."""


def places(data: bytes, values: Sequence[bytes]) -> list[Place]:
    """Find every place where one of the values stands.

    Args:
        data: the log.
        values: no empty ones.

    Returns:
        The places, in no order; they may overlap.
    """
    scanned = [value for value in values if len(value) <= _SCAN_LITERAL_BYTES_MAX]
    if len(data) * len(scanned) <= _FIND_BYTES_MAX:
        scanned = []
    found: list[Place] = []
    for value in values if not scanned else [value for value in values if len(value) > _SCAN_LITERAL_BYTES_MAX]:
        start = data.find(value)
        while start >= 0:
            found.append((start, start + len(value)))
            start = data.find(value, start + len(value))
    if scanned:
        lengths = [len(value) for value in scanned]

        def hit(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found.append((end - lengths[number], end))

        literals([(value, False) for value in scanned]).scan(data, match_event_handler=hit)
    return found


def literals(values: Sequence[tuple[bytes, bool]]) -> hyperscan.Database:
    """Build a database of fixed byte strings; the number of a match is the place in ``values``.

    Args:
        values: byte strings, and whether their case is ignored.
    """
    database = hyperscan.Database()
    database.compile(
        expressions=[escaped(value) for value, _ in values],
        ids=list(range(len(values))),
        elements=len(values),
        flags=[hyperscan.HS_FLAG_CASELESS if caseless else 0 for _, caseless in values],
    )
    return database


def escaped(value: bytes) -> bytes:
    """Write a byte string as a Hyperscan expression."""
    return b"".join(b"\\x%02x" % byte for byte in value)


def wrapped_places(data: bytes, values: Sequence[bytes]) -> list[Place]:
    """Find the values that a tool broke over the end of a line.

    Either end of the value must be whole on its line, which holds for each value that is broken once; from its
    first eight bytes on it may be broken several times.

    Args:
        data: the log.
        values: values shorter than 16 bytes are left out.

    Returns:
        One place for each piece.
    """
    long = [value for value in values if len(value) >= _WRAPPED_BYTES_MIN and b"\n" not in value]
    if not long or b"\n" not in data:
        return []
    edges: dict[bytes, list[bytes]] = {}
    for value in long:
        for edge in (value[:_EDGE_BYTES], value[-_EDGE_BYTES:]):
            edges.setdefault(edge, []).append(value)
    found: list[Place] = []
    for start, end in places(data, list(edges)):
        edge = data[start:end]
        for value in edges[edge]:
            if value.startswith(edge):
                found += _forward(data, start, value)
            if value.endswith(edge):
                found += _backward(data, end, value)
    return found


def _forward(data: bytes, start: int, value: bytes) -> list[Place]:
    """Follow a value over line breaks; nothing when it is whole on its line or something else follows."""
    found: list[Place] = []
    done = 0
    while len(found) <= _BREAKS_MAX:
        if data.startswith(value[done:], start):
            return [*found, (start, start + len(value) - done)] if found else []
        end = piece_ends_line(data, start, start + len(value) - done)
        if end <= start or data[start:end] != value[done : done + end - start]:
            return []
        found.append((start, end))
        done += end - start
        start = line_break(data, end)
    return []


def _backward(data: bytes, end: int, value: bytes) -> list[Place]:
    """Look for the head of a value at the end of the line above; nothing when it is whole on its line."""
    start = first_on_line(data, end)
    length = end - start
    if not _EDGE_BYTES <= length < len(value) or data[start:end] != value[-length:]:
        return []
    above = data.rfind(b"\n", 0, start)
    above_end = above - 1 if data[above - 1 : above] == b"\r" else above
    head = len(value) - length
    if above < 0 or data[max(0, above_end - head) : above_end] != value[:head]:
        return []
    return [(above_end - head, above_end), (start, end)]
