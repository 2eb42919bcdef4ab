"""A log, or what is kept of one that is too large to hold: its head, its tail, and the right line numbers."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from exlogare_ci.analysis.model import Analysis

MIB = 1024 * 1024
HEAD_BYTES_MAX = 16 * MIB
"""Kept from the start of a larger log: the set-up, where versions and the first errors stand."""
TAIL_BYTES_MAX = 48 * MIB
"""Kept from its end: where nearly every failure is."""

WORD_BYTES_MAX = 4096
"""No token is longer; in a log of one endless word so much is left out at a cut."""
KEY_BYTES_MAX = 64 * 1024
"""No private key in PEM is longer."""


class Excerpt(NamedTuple):
    """A log as far as it is kept.

    Attributes:
        data: the log, or its head, a line that says how much is left out, and its tail.
        bytes_total: the size of the whole log.
        bytes_omitted: how much of it is missing in ``data``; 0 when it is whole.
        cut_line: the 1-based line of ``data`` that stands for what is missing; ``None`` when it is whole.
        line_shift: to be added to a line number of ``data`` behind ``cut_line`` to get that of the whole log.
    """

    data: bytes
    bytes_total: int
    bytes_omitted: int = 0
    cut_line: int | None = None
    line_shift: int = 0


def join(head: bytes, tail: bytes, *, bytes_total: int, line_feeds_total: int) -> Excerpt:
    """Put a head and a tail together, cut at whole lines where there are any, and never inside a word or a key.

    Half a secret could not be known for one.

    Args:
        head: the first bytes of the log.
        tail: its last bytes; they do not overlap with the head.
        bytes_total: the size of the whole log.
        line_feeds_total: how many line feeds the whole log has.

    Returns:
        The excerpt; whole when head and tail are the whole log.
    """
    if len(head) + len(tail) == bytes_total:
        return Excerpt(data=head + tail if tail else head, bytes_total=bytes_total)
    head = _whole_at_end(head)
    tail = _whole_at_start(tail)
    omitted = bytes_total - len(head) - len(tail)
    end = b"" if not head or head.endswith(b"\n") else b"\n"
    front = head + end + b"[exl: %d bytes of the log are left out here]\n" % omitted
    cut_line = front.count(b"\n")
    return Excerpt(
        data=front + tail,
        bytes_total=bytes_total,
        bytes_omitted=omitted,
        cut_line=cut_line,
        line_shift=line_feeds_total - tail.count(b"\n") - cut_line,
    )


def _whole_at_end(head: bytes) -> bytes:
    """Leave out what may be a part of something: the last line, else the last word, else some bytes."""
    line = head.rfind(b"\n") + 1
    return head[:line] or head[: head.rfind(b" ") + 1] or head[:-WORD_BYTES_MAX]


def _whole_at_start(tail: bytes) -> bytes:
    """Leave out what may be a part of something, a private key above all."""
    line = tail.find(b"\n") + 1
    tail = tail[line:] if line else tail[tail.find(b" ") + 1 or WORD_BYTES_MAX :]
    end = tail.find(b"-----END ", 0, KEY_BYTES_MAX)
    begin = tail.find(b"-----BEGIN ", 0, max(0, end))
    return tail[end:] if end >= 0 and begin < 0 else tail


def renumber(analysis: "Analysis", excerpt: Excerpt) -> "Analysis":
    """Turn line numbers of an excerpt into those of the whole log.

    Args:
        analysis: what the engine found in ``excerpt.data``.
        excerpt: the excerpt.

    Returns:
        The analysis with the whole log's line numbers; the same object when nothing was left out.
    """
    if excerpt.cut_line is None:
        return analysis
    import msgspec  # noqa: PLC0415 - a wrapped command that succeeds should not wait for it

    from exlogare_ci.analysis.model import EvidenceLine, SecondaryCause  # noqa: PLC0415 - loads the engine

    cut_line, shift = excerpt.cut_line, excerpt.line_shift

    def whole(line: int) -> int:
        return line + shift if line > cut_line else line

    def maybe(line: int | None) -> int | None:
        return None if line is None else whole(line)

    return msgspec.structs.replace(
        analysis,
        cause_line=maybe(analysis.cause_line),
        spans=tuple((whole(start), whole(end)) for start, end in analysis.spans),
        evidence=tuple(EvidenceLine(whole(item.line), item.text) for item in analysis.evidence),
        secondary=tuple(
            SecondaryCause(item.category, maybe(item.cause_line), item.root_cause) for item in analysis.secondary
        ),
    )
