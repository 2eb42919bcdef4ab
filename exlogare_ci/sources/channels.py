"""The ways that a command's output takes through us: one, when both its streams go to the same place, or two.

With one pipe for both, the order of the output is exactly the command's: the case wherever standard output
and standard error are one pipe, one file or one terminal. With two, the order of arrival is all that there is
to know, and only whole lines are put into the log, so that the two never mix within a line.
"""

import errno
import fcntl
import os
import select
import termios

from exlogare_ci.sources.command import CHUNK_BYTES, Sink

_READER_IS_GONE = (errno.EPIPE, errno.EIO, errno.ENXIO, errno.EBADF)


class Channel:
    """One way: what the command writes to ``child_fd`` we read from ``read_fd`` and write to ``target_fd``.

    Attributes:
        read_fd: our end.
        child_fd: the command's end.
        target_fd: where the output goes.
        is_terminal: whether the command's end is a terminal.
        write_error: why output could not be handed on, other than that nobody reads it any more.
    """

    def __init__(self, target_fd: int, sink: Sink, *, whole_lines: bool) -> None:
        self.target_fd = target_fd
        self.write_error: str | None = None
        self._sink = sink
        self._whole_lines = whole_lines
        self._line = b""
        self.is_terminal = os.isatty(target_fd)
        if self.is_terminal:
            try:
                self.read_fd, self.child_fd = _open_terminal(target_fd)
            except (OSError, termios.error):
                self.is_terminal = False
        if not self.is_terminal:
            self.read_fd, self.child_fd = os.pipe()

    def pump(self) -> bool:
        """Hand on what is there.

        Returns:
            ``False`` when the way has ended: all writers are gone, or the reader of our output is.
        """
        try:
            chunk = os.read(self.read_fd, CHUNK_BYTES)
        except OSError as error:
            if error.errno != errno.EIO:  # what a pty says on Linux when all its writers are gone
                raise
            chunk = b""
        if not chunk:
            return False
        alive = self._forward(chunk)
        if self._whole_lines:
            chunk = self._take_whole_lines(chunk)
        self._sink(chunk)
        return alive

    def close(self) -> None:
        """Give the last, unfinished line to the log and close our end; a writer that is left gets SIGPIPE.

        Does nothing the second time.
        """
        line, self._line = self._line, b""
        self._sink(line)
        if self.read_fd >= 0:
            os.close(self.read_fd)
            self.read_fd = -1

    def resize(self) -> None:
        """Tell the command's terminal the size of ours."""
        if self.is_terminal:
            _copy_size(self.target_fd, self.read_fd)

    def _forward(self, chunk: bytes) -> bool:
        rest = memoryview(chunk)
        try:
            while rest:
                rest = rest[_write(self.target_fd, rest) :]
        except OSError as error:
            if error.errno in _READER_IS_GONE:
                return False
            self.write_error = error.strerror
        return True

    def _take_whole_lines(self, chunk: bytes) -> bytes:
        text = self._line + chunk
        end = text.rfind(b"\n") + 1
        if len(text) - end > CHUNK_BYTES:  # a line that long is none; it may not pile up in memory
            end = len(text)
        self._line = text[end:]
        return text[:end]


def open_channels(sink: Sink, stdout_fd: int, stderr_fd: int) -> tuple[Channel, Channel]:
    """Open the ways for standard output and standard error.

    Args:
        sink: the log.
        stdout_fd: our standard output.
        stderr_fd: our standard error.

    Returns:
        The two ways; the same one twice when both streams go to the same file, pipe or terminal.
    """
    if os.path.sameopenfile(stdout_fd, stderr_fd):
        one = Channel(stdout_fd, sink, whole_lines=False)
        return one, one
    return Channel(stdout_fd, sink, whole_lines=True), Channel(stderr_fd, sink, whole_lines=True)


def _write(target_fd: int, data: memoryview) -> int:
    """Write some of the data; wait where whoever started us shares a non-blocking descriptor with us."""
    try:
        return os.write(target_fd, data)
    except BlockingIOError:
        select.select([], [target_fd], [])
        return 0


def _open_terminal(like_fd: int) -> tuple[int, int]:
    """Open a pty that is set like a terminal but changes no byte of the output.

    Returns:
        Our end and the command's end.
    """
    ours, childs = os.openpty()
    attributes = termios.tcgetattr(like_fd)
    attributes[1] &= ~termios.OPOST  # the real terminal turns \n into \r\n already
    termios.tcsetattr(childs, termios.TCSANOW, attributes)
    _copy_size(like_fd, ours)
    return ours, childs


def _copy_size(from_fd: int, to_fd: int) -> None:
    size = fcntl.ioctl(from_fd, termios.TIOCGWINSZ, b"\0" * 8)
    fcntl.ioctl(to_fd, termios.TIOCSWINSZ, size)
