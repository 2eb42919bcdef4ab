"""Work that may fail in any way, done so that it cannot change what comes after it.

After a wrapped command has failed, its exit code is the one thing that must not be lost: not to an exception,
not to a crash in native code, not to the kernel's out-of-memory killer, not to something that hangs. So the
work is done by a process of its own where the system can split one off safely, and by a thread elsewhere.
"""

import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, NamedTuple

from exlogare_ci.cli.errors import guard

if TYPE_CHECKING:
    from exlogare_ci.sources.signals import SignalRelay


class Unfinished(NamedTuple):
    """Why some work did not come to its end.

    Attributes:
        reason: in words that go on after "it is incomplete:".
        still_running: whether a thread of ours is still at it.
    """

    reason: str
    still_running: bool = False


def run_contained(work: Callable[[], object], timeout_s: float, relay: "SignalRelay | None") -> Unfinished | None:
    """Do some work; whatever becomes of it, come back.

    Args:
        work: prints its own results; what it raises is printed as one line.
        timeout_s: how long it may take.
        relay: an entered relay; a signal for us while the work is done goes to the worker, which it ends.

    Returns:
        Why the work did not come to its end, or ``None`` when it did.
    """
    # macOS: its network and keychain libraries refuse to work in a process that was split off without exec.
    if relay is not None and sys.platform not in ("win32", "darwin"):
        return _in_process(work, timeout_s, relay)
    return _in_thread(work, timeout_s)


def _in_process(work: Callable[[], object], timeout_s: float, relay: "SignalRelay") -> Unfinished | None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()  # what is in the buffer must not be written twice
    worker = os.fork()
    if worker == 0:
        code = 1
        try:
            relay.release()
            code = guard(work)
        finally:
            os._exit(code)
    relay.relay_to(lambda number: os.kill(worker, number))
    deadline_s = time.monotonic() + timeout_s
    while True:
        pid, status = os.waitpid(worker, os.WNOHANG)
        if pid:
            break
        remaining_s = deadline_s - time.monotonic()
        if remaining_s <= 0:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
            return Unfinished(f"it took more than {timeout_s:.0f} s")
        select.select([relay.wake_fd], [], [], remaining_s)
        relay.drain()
    if os.WIFSIGNALED(status):
        return Unfinished(f"it was ended by signal {os.WTERMSIG(status)}")
    return None


def _in_thread(work: Callable[[], object], timeout_s: float) -> Unfinished | None:
    thread = threading.Thread(target=guard, args=(work,), daemon=True)
    thread.start()
    with contextlib.suppress(KeyboardInterrupt):
        thread.join(timeout_s)
        if not thread.is_alive():
            return None
        return Unfinished(f"it took more than {timeout_s:.0f} s", still_running=True)
    return Unfinished("it was interrupted", still_running=thread.is_alive())


class TimeLimitError(Exception):
    """Raised when a time limit has passed."""


@contextlib.contextmanager
def time_limit(limit_s: float) -> Iterator[None]:
    """Limit how long a block takes, where the system can: POSIX, main thread.

    Args:
        limit_s: the limit.

    Yields:
        Nothing.

    Raises:
        TimeLimitError: inside the block, when the limit has passed.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise TimeLimitError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
