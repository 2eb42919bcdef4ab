"""A log made to fit: valid UTF-8, and within the size that the server takes."""

MIB = 1024 * 1024
LOG_BYTES_MAX = 10 * MIB
"""The contract's limit for ``log``, in bytes of UTF-8."""
WORK_BYTES_MAX = 16 * MIB
"""What is searched for secrets of a longer log: enough that the masked text still fills the limit."""
HEAD_SHARE = 0.3
"""The head holds versions and the first errors, the tail nearly always the failure itself."""
MARK_START = b"[exlogare: "
"""How the line begins that stands for what is left out."""

_MARK_BYTES_MAX = 160
_LINE_BYTES_MAX = 16 * 1024  # how far a cut may move to fall between lines
_KEY_BYTES_MAX = 64 * 1024  # no private key in PEM is longer
_PIECE_BYTES = MIB


def to_utf8(log: bytes) -> bytes:
    """Replace what is no UTF-8 by U+FFFD, without ever holding the whole log as text.

    Args:
        log: any bytes.

    Returns:
        Valid UTF-8; the same object when it was valid.
    """
    bounds = piece_bounds(log)
    try:
        for start, end in bounds:
            log[start:end].decode()
    except UnicodeDecodeError:
        return b"".join(log[start:end].decode("utf-8", "replace").encode() for start, end in bounds)
    return log


def piece_bounds(log: bytes, piece_bytes: int = _PIECE_BYTES, *, line_bytes_max: int = 0) -> list[tuple[int, int]]:
    """Cut a log into pieces none of which begins inside a character.

    Args:
        log: any bytes.
        piece_bytes: the size of a piece, at least 4; the last one may be smaller, others by up to 3 bytes.
        line_bytes_max: by how much a piece may be smaller beside that, to end where a line or a word ends; less
            than ``piece_bytes``.

    Returns:
        Start and end (exclusive) of each piece.
    """
    bounds: list[tuple[int, int]] = []
    start = 0
    while start < len(log):
        end = _character_start(log, start + piece_bytes)
        if line_bytes_max and end < len(log):
            end = _word_end(log, end - line_bytes_max, end)
        bounds.append((start, end))
        start = end
    return bounds


def shorten(log: bytes, bytes_max: int = LOG_BYTES_MAX, *, bytes_left_out: int = 0) -> bytes:
    """Cut the middle out of a log that is too long, between lines where there are any, else between words.

    Args:
        log: the log.
        bytes_max: the size wanted, at least 1,024.
        bytes_left_out: how much of the middle is missing already; it is added to what the mark says, provided
            that an earlier mark lies in the part that is cut now.

    Returns:
        The same object when it fits; else head (about 30 %), a line that says how much is missing, and tail.
    """
    if len(log) <= bytes_max:
        return log
    room = bytes_max - _MARK_BYTES_MAX
    head_end = _character_start(log, int(room * HEAD_SHARE))
    head_end = _word_end(log, max(0, head_end - _LINE_BYTES_MAX), head_end)
    tail_start = len(log) - (room - head_end)
    tail_start = _word_start(log, tail_start, tail_start + _LINE_BYTES_MAX)
    tail_start = _behind_private_key(log, head_end, tail_start)
    mark = MARK_START + b"%d bytes of this log are left out here, to keep it within %d bytes]\n" % (
        tail_start - head_end + bytes_left_out,
        bytes_max,
    )
    return log[:head_end] + (b"" if log[:head_end].endswith(b"\n") else b"\n") + mark + log[tail_start:]


def _behind_private_key(log: bytes, head_end: int, tail_start: int) -> int:
    """Move a cut out of a private key: without its first line its rest could not be known for one."""
    begin = log.rfind(b"-----BEGIN ", max(head_end, tail_start - _KEY_BYTES_MAX), tail_start)
    if begin < 0 or log.find(b"-----END ", begin, tail_start) >= 0:
        return tail_start
    end = log.find(b"-----END ", tail_start, tail_start + _KEY_BYTES_MAX)
    return end if end >= 0 else tail_start


def _word_end(log: bytes, start: int, end: int) -> int:
    """Give the last place behind a line feed, else behind a space, else the end."""
    for separator in (b"\n", b" "):
        place = log.rfind(separator, start, end)
        if place >= 0:
            return place + 1
    return end


def _word_start(log: bytes, start: int, end: int) -> int:
    """Give the first place behind a line feed, else behind a space, else the start of the next character."""
    for separator in (b"\n", b" "):
        place = log.find(separator, start, end)
        if place >= 0:
            return place + 1
    return _next_character_start(log, start)


def _character_start(log: bytes, offset: int) -> int:
    """Give the last offset up to the given one where a character starts; never looks back by more than 3."""
    if offset >= len(log):
        return len(log)
    for back in range(4):
        if log[offset - back] & 0xC0 != 0x80:  # noqa: PLR2004 - UTF-8's bytes inside a character are 10xxxxxx
            return offset - back
    return offset


def _next_character_start(log: bytes, offset: int) -> int:
    for ahead in range(4):
        if offset + ahead >= len(log) or log[offset + ahead] & 0xC0 != 0x80:  # noqa: PLR2004 - see above
            return offset + ahead
    return offset
