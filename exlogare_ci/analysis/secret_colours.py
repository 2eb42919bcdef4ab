"""Secrets that a terminal's colour codes hide: looked for in the same text without the codes."""

import re
import threading
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache

from exlogare_ci.analysis.scanner import hyperscan
from exlogare_ci.analysis.secret_blocks import Span
from exlogare_ci.analysis.secret_table import shapes
from exlogare_ci.analysis.secret_values import places

_CODE = rb"\x1b\[[0-9;]{0,16}[mK]"
COLOUR_CODE = re.compile(_CODE)
"""A colour code, or the erase that follows one in grep's output (ECMA-48, SGR and EL)."""
# Not the m that ends one code before the next one: an m or K counts as a letter after anything but 0-9 ; and [.
_CODE_IN_WORD = rb"(?:[A-JL-Za-ln-z0-9_+/=.-]|[^0-9;\[][mK])(?:" + _CODE + rb")+[A-Za-z0-9_+/=-]"
_BEFORE_BYTES = 256
_AFTER_BYTES = 1_024


def coloured(data: bytes, suspects: Iterable[int], values: Sequence[bytes]) -> list[Span]:
    """Find secrets with colour codes inside them, or between their name and their value.

    Args:
        data: the log.
        suspects: places to look round beside those where the colour changes inside a word; on the same line, up
            to 256 bytes before and 1,024 after each.
        values: known values.

    Returns:
        Spans of ``data``, codes included.
    """
    windows = _windows(data, [*suspects, *_inside_words(data)])
    if not windows:
        return []
    plain = bytearray()
    plain_starts: list[int] = []
    data_starts: list[int] = []

    def keep(start: int, end: int) -> None:
        plain_starts.append(len(plain))
        data_starts.append(start)
        plain.extend(data[start:end])

    for start, end in windows:
        done = start
        for code in COLOUR_CODE.finditer(data, start, end):
            keep(done, code.start())
            done = code.end()
        keep(done, end)
        plain += b"\n"
    text = bytes(plain)

    def place(offset: int) -> int:
        number = bisect_right(plain_starts, offset) - 1
        return data_starts[number] + offset - plain_starts[number]

    found = [*shapes(text)[0], *((start, end, "value") for start, end in places(text, values))]
    on_one_line = [span for span in found if b"\n" not in text[span[0] : span[1]]]
    return [(place(start), place(end - 1) + 1, name) for start, end, name in on_one_line]


@cache
def _words() -> tuple[hyperscan.Database, threading.local]:
    database = hyperscan.Database()
    database.compile(expressions=[_CODE_IN_WORD], ids=[0], elements=1, flags=[0])
    return database, threading.local()


def _inside_words(data: bytes) -> list[int]:
    """Give the places where the colour changes inside a word."""
    database, own = _words()
    scratch = getattr(own, "scratch", None)  # Hyperscan's scratch space must not be shared by threads
    if scratch is None:
        scratch = own.scratch = hyperscan.Scratch(database)
    found: list[int] = []
    database.scan(data, match_event_handler=lambda _number, _start, end, *_: found.append(end - 1), scratch=scratch)
    return found


def _windows(data: bytes, suspects: Iterable[int]) -> list[tuple[int, int]]:
    """Give the pieces of lines round the suspects that hold a colour code, in order and apart."""
    windows: list[tuple[int, int]] = []
    for suspect in sorted(suspects):
        start = data.rfind(b"\n", max(0, suspect - _BEFORE_BYTES), suspect) + 1 or max(0, suspect - _BEFORE_BYTES)
        end = data.find(b"\n", suspect, suspect + _AFTER_BYTES)
        end = end if end >= 0 else min(len(data), suspect + _AFTER_BYTES)
        if data.find(b"\x1b[", start, end) < 0:
            continue
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(end, windows[-1][1]))
        else:
            windows.append((start, end))
    return windows
