r"""Cleaning: from the raw bytes of a log to lines that patterns can be matched on.

Line numbers survive: cleaning never adds or removes a line feed, so the line at index ``i`` of ``CleanLog.lines`` is
line ``i + 1`` of the raw log split at ``\n``. What a terminal would overwrite (text before a carriage return) is
dropped, but the markers that CI services hide there (``travis_fold:…``, ``section_start:…``) are kept beside the
lines.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import msgspec

from exlogare_ci.analysis.inner_prefixes import without_inner_prefixes
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.runner_names import without_runner_names
from exlogare_ci.analysis.stamps import stamps_of
from exlogare_ci.analysis.traits import Traits

MATCH_BYTES_MAX = 4096
"""Bytes of a line that extraction patterns see, so that a huge line costs no more than a long one."""

_ANSI = late(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # control sequences: colours, cursor (ECMA-48)
    rb"|[\]_P^][^\x07\x1b\n]{0,256}(?:\x07|\x1b\\)?"  # commands to the terminal: titles, links, Buildkite's times
    rb"|[()#%][0-9A-Za-z]|[@-OQ-Z\\]|[78=>])"
)
_TO_FIRST_COLUMN = (b"\x1b[1G", b"\x1b[G")
"""What moves the cursor to where a line begins, to write it anew, as a carriage return does (ECMA-48 CHA)."""
_OVERWRITES = late(rb"\r(?=[^\r\n])")
_RED = late(rb"\x1b\[(?:0?1;)?(?:31|91)[;m]")
_HIDDEN_MARKERS = (  # each with the literal that it begins with, which is looked for first
    (b"travis_", late(rb"travis_(?:fold:(?:start|end):[\w.-]+|time:start:\w+|time:end:\w+(?::[\w=,]+)?)")),
    (b"section_", late(rb"section_(?:start|end):[0-9]+:[^\r\n]*")),
)

_ANT = frozenset({b"Buildfile: ", b"  [junit] "})
_BUILDKIT_SAYS = frozenset(
    {b" [internal] load ", b' ERROR: process "/bin/sh -c ', b" ERROR: executor failed running [/bin/sh -c "}
)
_TRAITS = Traits((*_ANT, *_BUILDKIT_SAYS, *_TO_FIRST_COLUMN, *(literal for literal, _ in _HIDDEN_MARKERS)))

# The column that Ant puts before the output of its tasks, right-aligned to twelve characters.
_ANT_TASK = late(
    rb"^ {1,9}\[(?:javac|junit|junit4|junitlauncher|exec|java|testng|apply|scalac|groovyc|mvn|copy|echo)\] ?",
    re.MULTILINE,
)
# BuildKit's plain progress: step and seconds before each line that a command prints, seconds alone where it repeats it.
_BUILDKIT = late(rb"^(?:#\d{1,4} {1,2})?\d{1,5}\.\d{1,4} ", re.MULTILINE)


class CleanLog(msgspec.Struct, frozen=True):
    """A cleaned log.

    Attributes:
        data: the cleaned bytes, lines joined by line feeds.
        lines: the same, split; index ``i`` is raw line ``i + 1``.
        markers: hidden section markers as ``(line index, marker)``, in order.
        red: indexes of lines that were printed in red, in order, at most ``RED_LINES_MAX``.
    """

    data: bytes
    lines: list[bytes]
    markers: list[tuple[int, bytes]]
    red: frozenset[int]

    def lines_at(self, offsets: Iterable[int]) -> dict[int, int]:
        """Return for each offset in ``data`` the index of the line that holds its byte."""
        found: dict[int, int] = {}
        line = done = 0
        for offset in sorted(set(offsets)):
            line += self.data.count(b"\n", done, offset)
            done = offset
            found[offset] = line
        return found

    def text(self, index: int) -> str:
        """Return one line as text, at most ``MATCH_BYTES_MAX`` bytes of it, undecodable bytes replaced."""
        return self.lines[index][:MATCH_BYTES_MAX].decode("utf-8", "replace")


REWRITTEN_BYTES_MAX = 65_536
"""Bytes at the end of an overwritten line that are looked at; a progress bar may have redrawn it for hours."""
RED_LINES_MAX = 5000
"""Red lines remembered; a log with more of them says nothing by its colour."""


PIECE_BYTES = 1 << 18
"""Lines that are cleaned in one go: what the steps make in between is never larger than one piece."""


def clean(raw: bytes, rewrite: Callable[[bytes], bytes] | None = None) -> CleanLog:
    """Clean a raw log of any encoding and size.

    Colour codes, time stamps of CI services, overwritten and back-spaced text and NULs are taken out; UTF-16 is
    turned into UTF-8. The number of line feeds stays.

    Args:
        raw: the log.
        rewrite: called with the cleaned bytes before they are split into lines; keeps the number of line feeds.
    """
    data = _as_utf8(raw)
    traits = _TRAITS.of(data)
    without_stamps: Callable[[bytes], bytes] | None = None
    pieces: list[bytes] = []
    markers: list[tuple[int, bytes]] = []
    red: set[int] = set()
    reds = line = 0
    for piece in _pieces(data):
        text = piece
        if b"\x1b" in piece:
            if reds <= RED_LINES_MAX and (b"31" in piece or b"91" in piece):
                codes = [match.start() for match in islice(_RED.finditer(piece), RED_LINES_MAX + 1)]
                reds += len(codes)
                red.update(line + number for number in _red_lines(piece, codes))
            text = _without_codes(piece, traits)
        text, found = _take_markers(_rewrite_lines(text, b"\x08", _backspaced), traits)
        markers += [(line + number, marker) for number, marker in found]
        text = _without_returns(text)
        if not pieces:
            without_stamps = stamps_of(text)
        if without_stamps is not None:
            text = without_stamps(text)
        if not traits.isdisjoint(_BUILDKIT_SAYS):
            text = _BUILDKIT.sub(b"", text)
        pieces.append(text if traits.isdisjoint(_ANT) else _ANT_TASK.sub(b"", text))
        line += piece.count(b"\n")
    data = b"".join(pieces)
    pieces.clear()
    data = without_inner_prefixes(without_runner_names(data))
    if rewrite is not None:
        data = rewrite(data)
    return CleanLog(data, data.split(b"\n"), markers, frozenset(red if reds <= RED_LINES_MAX else ()))


def _pieces(data: bytes) -> Iterator[bytes]:
    """Cut a log into pieces of whole lines; a longer line is one piece."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + PIECE_BYTES) + 1 or len(data)
        yield data[start:end]
        start = end


def _without_codes(piece: bytes, traits: set[bytes]) -> bytes:
    """Take out what is no text; what moves to the first column becomes a carriage return."""
    for code in _TO_FIRST_COLUMN:
        if code in traits:
            piece = piece.replace(code, b"\r")
    return _ANSI.sub(b"", piece)


def _as_utf8(raw: bytes) -> bytes:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace").encode("utf-8", "replace")
    if b"\0" in raw:
        # UTF-16 without a mark: every second byte of plain text is NUL
        if raw.count(b"\0", 0, 4096) * 5 > min(len(raw), 4096) * 2 and raw[1:2] == b"\0":
            return raw.decode("utf-16-le", "replace").encode("utf-8", "replace")
        return raw.replace(b"\0", b"")
    return raw


def _red_lines(data: bytes, offsets: list[int]) -> set[int]:
    lines: set[int] = set()
    line = position = 0
    for offset in offsets:
        line += data.count(b"\n", position, offset)
        position = offset
        lines.add(line)
    return lines


def _take_markers(data: bytes, traits: set[bytes]) -> tuple[bytes, list[tuple[int, bytes]]]:
    """Take out the markers that a terminal would overwrite, and say in which lines they stood."""
    spans = sorted(
        match.span() for literal, pattern in _HIDDEN_MARKERS if literal in traits for match in pattern.finditer(data)
    )
    if not spans:
        return data, []
    markers: list[tuple[int, bytes]] = []
    pieces: list[bytes] = []
    line = done = 0
    for start, end in spans:
        if start < done:
            continue
        pieces.append(data[done:start])
        line += pieces[-1].count(b"\n")
        markers.append((line, data[start:end]))
        done = end
    pieces.append(data[done:])
    return b"".join(pieces), markers


def _rewrite_lines(data: bytes, mark: bytes, rewrite: Callable[[bytes], bytes]) -> bytes:
    """Rewrite the lines that hold a mark, jumping from one to the next instead of looking at every line."""
    position = data.find(mark)
    if position == -1:
        return data
    pieces: list[bytes] = []
    done = 0
    while position != -1:
        start = data.rfind(b"\n", 0, position) + 1
        end = data.find(b"\n", position)
        if end == -1:
            end = len(data)
        pieces += (data[done:start], rewrite(data[start:end]))
        done = end
        position = data.find(mark, end)
    pieces.append(data[done:])
    return b"".join(pieces)


def _without_returns(data: bytes) -> bytes:
    """Rewrite the lines that a carriage return overwrites, and take out those that stand before line feeds."""
    if b"\r" not in data:
        return data
    pieces: list[bytes] = []
    done = 0
    for hit in _OVERWRITES.finditer(data):
        if hit.start() < done:
            continue
        start = data.rfind(b"\n", done, hit.start()) + 1 or done
        end = data.find(b"\n", hit.start())
        if end == -1:
            end = len(data)
        pieces += (data[done:start], _last_written(data[start:end]))
        done = end
    pieces.append(data[done:])
    return b"".join(pieces).translate(None, b"\r")


def _last_written(line: bytes) -> bytes:
    """Return what a terminal would show last; a bar that is redrawn leaves spaces behind, which do not count."""
    for part in reversed(line[-REWRITTEN_BYTES_MAX:].split(b"\r")):
        if part and not part.isspace():
            return part
    return b""


def _backspaced(line: bytes) -> bytes:
    """Return a line without what was taken back."""
    kept = bytearray()
    for byte in line[-REWRITTEN_BYTES_MAX:]:
        if byte != 8:  # noqa: PLR2004 - ASCII backspace
            kept.append(byte)
        elif kept:
            kept.pop()
    return bytes(kept)
