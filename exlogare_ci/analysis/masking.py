"""Masking of secrets: known values, known shapes, and every other place where a found value stands.

What is covered beyond a secret that stands whole on one line:

* a private key (PEM, OpenSSH, PGP, SSH2, PuTTY), line by line, also with time stamps or without its end;
* a colour code (SGR, and grep's erase) inside a secret, or between its name and its value;
* a token of known shape, and a known value of 16 bytes or more, that a tool broke over the end of a line, whether
  a runner's time stamp, indentation or the frame of a message stands before the rest; of a value that only its
  name gives away the following lines, where the line is 60 bytes or longer and they hold nothing but random text.

What is not: a token broken inside its first 12 bytes, or both broken and coloured; a secret printed letter by letter,
reversed, encoded twice or compressed; a value of no known shape that no name stands before.
"""

from collections.abc import Iterable, Sequence

from exlogare_ci.analysis.secret_blocks import Span
from exlogare_ci.analysis.secret_colours import COLOUR_CODE, coloured
from exlogare_ci.analysis.secret_table import shapes
from exlogare_ci.analysis.secret_values import places, wrapped_places

VALUE_BYTES_MIN = 6
"""A known value shorter than this is not masked: it would black out ordinary words."""
FOUND_VALUE_BYTES_MIN = 8
"""A value found by its shape is masked elsewhere only from this length on."""
FOUND_VALUES_MAX = 2_000
"""How many found values are looked for elsewhere; each is masked where it was found in any case."""


def mask(data: bytes, values: Sequence[bytes] = ()) -> bytes:
    r"""Put ``[masked:<rule id>]`` in the place of every secret.

    The number of lines does not change: a secret of several lines (a private key, a value with line feeds) is
    masked line by line. Time and memory are linear in the size of the data.

    Args:
        data: a log, or a piece of one, in any encoding that keeps ASCII.
        values: secrets that are known by value, e.g. of the environment; their lines shorter than
            ``VALUE_BYTES_MIN`` are ignored.

    Returns:
        The data without secrets; the same object when none was found.
    """
    known = _lines_of(values)
    spans, suspects = shapes(data)
    spans += [(start, end, "value") for start, end in (*places(data, known), *wrapped_places(data, known))]
    if b"\x1b" in data and b"\x1b[" in data:  # one byte is looked for much faster than two
        spans += coloured(data, suspects, known)
    names = {data[start:end]: name for start, end, name in spans if end - start >= FOUND_VALUE_BYTES_MIN}
    found = sorted((value for value in names if b"\n" not in value and b"\x1b" not in value), key=len, reverse=True)
    if found:
        again = places(data, found[:FOUND_VALUES_MAX])
        spans += [(start, end, names[data[start:end]]) for start, end in again]
    return _replace(data, spans) if spans else data


def mask_text(text: str, values: Sequence[str] = ()) -> str:
    """Do as ``mask`` for decoded text.

    Args:
        text: any text; lone surrogates are kept as they are.
        values: secrets that are known by value.

    Returns:
        The text without secrets.
    """
    data = text.encode("utf-8", "surrogatepass")
    masked = mask(data, [value.encode("utf-8", "surrogatepass") for value in values])
    return text if masked is data else masked.decode("utf-8", "surrogatepass")


def _lines_of(values: Iterable[bytes]) -> list[bytes]:
    lines = {line.strip() for value in values for line in value.splitlines()}
    return sorted(line for line in lines if len(line) >= VALUE_BYTES_MIN)


def _replace(data: bytes, spans: list[Span]) -> bytes:
    """Put the marks in; spans that overlap become one, under the first one's name."""
    whole = memoryview(data)  # a slice of it is no copy
    pieces: list[bytes | memoryview] = []
    done = 0
    spans.sort(key=lambda span: (span[0], -span[1]))
    last = len(spans)
    number = 0
    while number < last:
        start, end, name = spans[number]
        number += 1
        while number < last and spans[number][0] < end:
            end = max(end, spans[number][1])
            number += 1
        pieces.append(whole[done:start])
        pieces.append(_mark(data[start:end], b"[masked:" + name.encode() + b"]"))
        done = end
    pieces.append(whole[done:])
    return b"".join(pieces)


def _mark(secret: bytes, mark: bytes) -> bytes:
    """Give what stands in a secret's place: its line feeds and its colour codes stay."""
    if b"\n" in secret:
        return b"\n".join(_mark(line, mark) for line in secret.split(b"\n"))
    codes = b"".join(COLOUR_CODE.findall(secret))
    return (mark if secret.strip() else b"") + codes + (b"\r" if secret.endswith(b"\r") else b"")
