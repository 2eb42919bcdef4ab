"""A log from a file or from standard input."""

import io
from pathlib import Path
from typing import BinaryIO

from exlogare_ci.sources.excerpt import HEAD_BYTES_MAX, MIB, TAIL_BYTES_MAX, Excerpt
from exlogare_ci.sources.spool import Spool


def read_stream(
    stream: BinaryIO, *, head_bytes_max: int = HEAD_BYTES_MAX, tail_bytes_max: int = TAIL_BYTES_MAX
) -> Excerpt:
    """Read a log to its end, however long it is.

    Args:
        stream: the log, buffered, so that a read gives all that was asked for until the end.
        head_bytes_max: how much to keep from the start of a log that is longer than both together.
        tail_bytes_max: how much to keep from its end.

    Returns:
        The log, or its head and tail; at most the two limits are held in memory, and a copy while joining.

    Raises:
        OSError: the stream cannot be read.
    """
    data = stream.read(head_bytes_max + tail_bytes_max + 1)
    if len(data) <= head_bytes_max + tail_bytes_max:
        return Excerpt(data=data, bytes_total=len(data))
    spool = Spool(io.BytesIO, head_bytes_max=head_bytes_max, tail_bytes_max=tail_bytes_max)
    while data:
        spool.write(data)
        data = stream.read(MIB)
    return spool.read()


def read_file(path: Path) -> Excerpt:
    """Read a log file; see ``read_stream``.

    Args:
        path: a file, a named pipe, anything that can be read.

    Returns:
        The log, or its head and tail.

    Raises:
        OSError: the file is missing or cannot be read.
    """
    with path.open("rb") as stream:
        return read_stream(stream)
