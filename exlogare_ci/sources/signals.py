"""Signals that reach us while a command runs, handed on to it.

The command stays in our process group. So a ^C at the terminal, which the kernel sends to the whole group,
has reached it already and must not be sent a second time: many tools take a second one for "at once, without
cleaning up". A signal that a CI service sends to us alone is handed on. A process group of its own for the
command would make the two cases alike, but then a SIGKILL for our group, the last step of every cancellation,
would leave it behind.
"""

import os
import signal
from collections.abc import Callable, Sequence
from types import FrameType, TracebackType

_RELAYED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
_FROM_KEYBOARD = ("SIGINT", "SIGQUIT")
_Handler = Callable[[int, FrameType | None], object] | int | None


class SignalRelay:
    r"""A context in which signals for us go to a receiver instead; POSIX only, main thread only.

    Attributes:
        wake_fd: becomes readable when any signal has come, also the end of a child or a resized terminal.
        cancelled_at_keyboard: whether somebody pressed ^C or ^\ at our terminal.
        received: the signals that were handed on, in order.
    """

    def __init__(self) -> None:
        self.wake_fd, self._wake_write_fd = -1, -1
        self.cancelled_at_keyboard = False
        self.received: list[int] = []
        self._receiver: Callable[[int], object] | None = None
        self._pending: list[int] = []
        self._on_resize: Sequence[Callable[[], object]] = ()
        self._saved: list[tuple[int, _Handler]] = []

    def __enter__(self) -> "SignalRelay":  # noqa: PYI034 - typing.Self is newer than Python 3.10
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def take(self) -> None:
        """Take the signals over; what entering the context does."""
        self.wake_fd, self._wake_write_fd = os.pipe()
        os.set_blocking(self.wake_fd, False)
        os.set_blocking(self._wake_write_fd, False)
        signal.set_wakeup_fd(self._wake_write_fd, warn_on_full_buffer=False)
        for name in _RELAYED:
            number = getattr(signal, name)
            # One that our parent had us ignore (nohup, a background job) stays ignored, by the command too.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._install(number, self._relay)
        # Also when our parent ignored it: with an ignored SIGCHLD the command's exit code would be lost.
        self._install(signal.SIGCHLD, _only_wake)
        self._install(signal.SIGWINCH, self._resize)

    def release(self) -> None:
        """Give all signals back to who had them; does nothing the second time."""
        for number, handler in self._saved:
            signal.signal(number, handler)
        if self._saved:
            signal.set_wakeup_fd(-1)
            os.close(self.wake_fd)
            os.close(self._wake_write_fd)
        self._saved = []

    def seal(self) -> None:
        """Ignore what was handed on so far: for the last moments of a process whose result is known."""
        for number, _ in self._saved:
            if signal.Signals(number).name in _RELAYED:
                signal.signal(number, signal.SIG_IGN)

    def relay_to(self, receiver: Callable[[int], object]) -> None:
        """Name the receiver; signals that came before there was one are handed on now.

        Args:
            receiver: takes a signal's number; must not raise for a process that has ended.
        """
        self._receiver = receiver
        pending, self._pending = self._pending, []
        for number in pending:
            receiver(number)

    def on_resize(self, calls: Sequence[Callable[[], object]]) -> None:
        """Name what is called when the terminal's size has changed."""
        self._on_resize = calls

    def drain(self) -> None:
        """Empty ``wake_fd`` after it became readable."""
        try:
            while os.read(self.wake_fd, 4096):
                pass
        except BlockingIOError:
            pass

    def _install(self, number: int, handler: Callable[[int, FrameType | None], object]) -> None:
        self._saved.append((number, signal.signal(number, handler)))

    def _relay(self, number: int, frame: FrameType | None) -> None:
        del frame
        if signal.Signals(number).name in _FROM_KEYBOARD and in_foreground():
            self.cancelled_at_keyboard = True
            return
        self.received.append(number)
        if self._receiver is None:
            self._pending.append(number)
        else:
            self._receiver(number)

    def _resize(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        for call in self._on_resize:
            call()


def in_foreground() -> bool:
    """Tell whether our process group is the one that the keyboard of our terminal signals.

    Returns:
        ``False`` also when there is no terminal, as in most CI jobs.
    """
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


def _only_wake(number: int, frame: FrameType | None) -> None:
    """Do nothing: the wake-up descriptor tells that the signal came."""
    del number, frame
