"""Time stamps that CI services put before each line of a log."""

import re
from collections.abc import Callable
from functools import partial

from exlogare_ci.analysis.late import late

_BOM = (
    rb"(?:\xef\xbb\xbf|\xe2\x88\xa9\xe2\x95\x97\xe2\x94\x90|\xc2\xb4\xe2\x95\x97\xe2\x94\x90|\xc3\xaf\xc2\xbb\xc2\xbf)?"
)
"""The mark of the byte order with which GitHub begins each step, and what a Windows console in the code pages 437, 850
and 1252 makes of it when it writes the log to a file."""
_GITHUB = late(rb"^(?:\xef\xbb\xbf)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ?", re.MULTILINE)
_STAMPS: tuple[re.Pattern[bytes], ...] = (
    # `gh run view --log`: job, step and time, separated by tabs
    late(
        rb"^[^\t\n]{1,120}\t[^\t\n]{1,120}\t" + _BOM + rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ?",
        re.MULTILINE,
    ),
    # GitLab with timestamps: time, stream number and `O`/`E`, `+` for a continued line
    late(rb"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z [0-9a-f]{2}[OE][ +]?", re.MULTILINE),
    # Taskcluster, and the harnesses of Mozilla within it
    late(
        rb"^\[task \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z\] ?"
        rb"(?:\d\d:\d\d:\d\d +(?:INFO|ERROR|CRITICAL|FATAL|WARNING(?= - +TEST-UNEXPECTED)) - ? ?)?",
        re.MULTILINE,
    ),
    # Zuul
    late(rb"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6} \| ?", re.MULTILINE),
    late(rb"^\d\d:\d\d:\d\d +INFO - ? ?", re.MULTILINE),
    # GitHub Actions and Azure Pipelines
    _GITHUB,
    # Drone's command line: step and line number
    late(rb"^\[[\w .-]{1,60}:\d+\] ?", re.MULTILINE),
    # Jenkins with the Timestamper plugin
    late(rb"^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z\] ?", re.MULTILINE),
    # TeamCity's downloaded log
    late(rb"^\[\d\d:\d\d:\d\d\][ EWFNi]?: ?(?:\t *(?:\[Step \d+/\d+\] )?)?", re.MULTILINE),
    # AppVeyor's downloaded log; Jenkins with the Timestamper plugin's other formats
    late(rb"^\[\d\d:\d\d:\d\d\] ?", re.MULTILINE),
    late(rb"^\d\d:\d\d:\d\d  ", re.MULTILINE),
)
_FIRST_BYTES = frozenset(b"0123456789[\xef"[k : k + 1] for k in range(12))
"""What a stamp begins with, but the first one above, which has a tab."""
_STAMP_SAMPLE_LINES = 60
"""Lines looked at to decide whether a log carries time stamps; more than half of them must."""
_STAMP_EVERY = 6
"""Of so many lines one is looked at first: where none of these has a stamp, the others are not worth a look."""


def stamps_of(data: bytes) -> Callable[[bytes], bytes] | None:
    """Return what takes the time stamps off, where most of the first lines carry them.

    Args:
        data: the beginning of a log.

    Returns:
        A function of a piece of whole lines; ``None`` when there are no stamps that are known.
    """
    sample = data[: 256 * 1024].split(b"\n", _STAMP_SAMPLE_LINES)[:_STAMP_SAMPLE_LINES]
    sample = [line for line in sample if line.strip()]
    if not any(line[:1] in _FIRST_BYTES or b"\t" in line[:121] for line in sample[::_STAMP_EVERY]):
        return None
    for stamp in _STAMPS:
        if not any(map(stamp.match, sample[::_STAMP_EVERY])):
            continue
        if sum(1 for line in sample if stamp.match(line)) * 2 > len(sample):
            return _without_github if stamp is _GITHUB else partial(stamp.sub, b"")
    return None


def _without_github(text: bytes) -> bytes:
    """Take off GitHub's stamps: nearly always 28 bytes and a space, which are cut off without a pattern."""
    lines = text.split(b"\n")
    return b"\n".join([line[29:] if line[27:29] == b"Z " and line[10:11] == b"T" else _other(line) for line in lines])


def _other(line: bytes) -> bytes:
    """Take a stamp of another length off, behind a mark of the byte order or not."""
    return _GITHUB.sub(b"", line) if line[10:11] == b"T" or line[13:14] == b"T" else line
