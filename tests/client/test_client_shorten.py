"""A log cut to size: valid UTF-8, between lines, and honest about what is missing."""

import re

from hypothesis import given
from hypothesis import strategies as st

from exlogare_ci.shorten import LOG_BYTES_MAX, piece_bounds, shorten, to_utf8


def test_a_log_that_fits_is_not_touched() -> None:
    """The limit itself still fits; the very same object comes back."""
    log = b"x" * LOG_BYTES_MAX

    assert shorten(log) is log


def test_a_long_log_keeps_head_and_tail() -> None:
    """About 30 % head, 70 % tail, a line between them that tells the bytes that are missing, exactly."""
    lines = [b"line %07d\n" % number for number in range(1_000_000)]
    log = b"".join(lines)
    cut = shorten(log)
    head, mark, tail = re.split(rb"(\[exlogare: \d+ bytes of this log are left out here[^\n]*\]\n)", cut)
    missing = int(mark.split()[1])

    assert len(cut) <= LOG_BYTES_MAX
    assert len(cut) > LOG_BYTES_MAX - 1_000
    assert log.startswith(head)
    assert head.endswith(b"\n")
    assert log.endswith(b"\n" + tail)
    assert missing == len(log) - len(head) - len(tail)
    assert 0.29 < len(head) / len(cut) < 0.31


def test_what_was_missing_before_is_counted() -> None:
    """A log that was cut while it was read and again before it is sent says the sum."""
    once = shorten(b"0123456789\n" * 1_000, 4_096)
    twice = shorten(once, 2_048, bytes_left_out=5_000)

    assert twice.count(b"[exlogare:") == 1
    assert int(twice.split(b"[exlogare: ")[1].split()[0]) > 5_000


def test_a_cut_does_not_behead_a_private_key() -> None:
    """The tail never begins inside a key, where no rule could know its lines for what they are."""
    key = b"-----BEGIN RSA PRIVATE KEY-----\n" + (b"kX9QzT3wBn7XcV5hLr2MdY8pJ0fRGs4k" * 2 + b"\n") * 200
    key += b"-----END RSA PRIVATE KEY-----\n"
    for shift in range(0, len(key), 997):
        log = b"a\n" * 400 + b"b" * shift + b"\n" + key + b"tail\n" * 400
        cut = shorten(log, 8_192)
        tail = cut.split(b"at most", 1)[-1]

        assert tail.count(b"kX9Q") == 0 or b"-----BEGIN RSA" in cut


@given(st.binary(max_size=300))
def test_invalid_bytes_are_replaced_as_python_does(data: bytes) -> None:
    """The result is what decoding with replacement gives, however the log is cut into pieces meanwhile."""
    assert to_utf8(data) == data.decode("utf-8", "replace").encode()


@given(st.text(max_size=200), st.integers(4, 40))
def test_no_piece_begins_inside_a_character(text: str, size: int) -> None:
    """Each piece decodes alone, and together they are the whole."""
    data = text.encode("utf-8", "replace")
    pieces = [data[start:end].decode() for start, end in piece_bounds(data, size)]

    assert "".join(pieces) == data.decode()
    assert all(len(piece.encode()) <= size for piece in pieces)


@given(st.text(alphabet="ab\né€\U0001f600", min_size=400, max_size=2_000), st.integers(1_024, 1_500))
def test_a_cut_falls_between_characters(text: str, bytes_max: int) -> None:
    """Whatever the text, the cut one is valid UTF-8 and within the limit."""
    cut = shorten(text.encode(), bytes_max)

    assert cut.decode()
    assert len(cut) <= bytes_max
