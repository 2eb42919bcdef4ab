"""A log on its way through: kept in a private file with a fixed upper size, never in memory."""

import io
from collections.abc import Callable
from typing import BinaryIO

from exlogare_ci.sources.excerpt import HEAD_BYTES_MAX, MIB, TAIL_BYTES_MAX, Excerpt, join

MEMORY_BYTES_MAX = 8 * MIB
"""Kept of a log's end when no file can be written, e.g. on a full disk."""


def open_private_file() -> BinaryIO:
    """Open a temporary file that only this user can read and that is gone when it is closed.

    Returns:
        The file, unbuffered; on POSIX mode 0600 and without a name from the start.

    Raises:
        OSError: no folder for temporary files can be written.
    """
    import tempfile  # noqa: PLC0415 - costs start-up time, and the command already runs when it is needed

    return tempfile.TemporaryFile(buffering=0, prefix="exl-")


class Spool:
    """Takes a log in chunks and keeps its head and its tail.

    It never raises for a full or broken disk: from then on it keeps the last ``MEMORY_BYTES_MAX`` in memory.
    """

    def __init__(
        self,
        open_file: Callable[[], BinaryIO] = open_private_file,
        *,
        head_bytes_max: int = HEAD_BYTES_MAX,
        tail_bytes_max: int = TAIL_BYTES_MAX,
    ) -> None:
        self._open_file = open_file
        self._file: BinaryIO | None = None
        self._head_bytes_max = head_bytes_max
        self._tail_bytes_max = tail_bytes_max
        self._bytes_stored = 0
        self.bytes_total = 0
        self._line_feeds_total = 0
        self.ends_inside_line = False
        """Whether the last byte so far is anything but a line feed."""

    def write(self, chunk: bytes) -> None:
        """Take the next chunk.

        Args:
            chunk: any bytes.
        """
        if not chunk:
            return
        self.bytes_total += len(chunk)
        self._line_feeds_total += chunk.count(b"\n")
        self.ends_inside_line = not chunk.endswith(b"\n")
        try:
            if self._file is None:
                self._file = self._open_file()
            self._store(self._file, chunk)
        except OSError:
            self.close()
            self._file = io.BytesIO()
            self._head_bytes_max, self._tail_bytes_max, self._bytes_stored = 0, MEMORY_BYTES_MAX, 0
            self._store(self._file, chunk)

    def read(self) -> Excerpt:
        """Give back what was kept.

        Returns:
            The whole log, or its head and tail.

        Raises:
            OSError: the disk cannot be read any more.
        """
        if self._file is None:
            return Excerpt(data=b"", bytes_total=0)
        self._file.seek(0)
        head = self._file.read(min(self._head_bytes_max, self._bytes_stored)) or b""
        ring = self._file.read() or b""
        written = self._bytes_stored - self._head_bytes_max
        if written > self._tail_bytes_max:
            start = written % self._tail_bytes_max
            ring = ring[start:] + ring[:start]
        return join(head, ring, bytes_total=self.bytes_total, line_feeds_total=self._line_feeds_total)

    def close(self) -> None:
        """Let go of the file; a file without a name is gone with it."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError:
                self._file = None

    def _store(self, file: BinaryIO, chunk: bytes) -> None:
        rest = memoryview(chunk)
        while rest:
            beyond_head = self._bytes_stored - self._head_bytes_max
            if beyond_head < 0:
                room = -beyond_head
            else:
                offset = beyond_head % self._tail_bytes_max
                room = self._tail_bytes_max - offset
                if offset == 0:
                    file.seek(self._head_bytes_max)
            written = file.write(rest[:room])
            self._bytes_stored += written
            rest = rest[written:]
