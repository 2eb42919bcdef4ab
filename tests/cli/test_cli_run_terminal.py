"""``exl run`` at a terminal: the command keeps its colours and its keyboard."""

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from tests.cli.exl_process import TIMEOUT_S, clean_env, patched, start_exl

PY: Final = sys.executable
IN_TERMINAL: Final = patched("import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)")
"""``exl`` with its standard input as the terminal that controls it."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")


class Terminal:
    """Our end of a terminal that a process sits at."""

    def __init__(self, ours: int, process: "subprocess.Popen[bytes]") -> None:
        self.ours = ours
        self.process = process
        self.seen = b""

    def read_until(self, text: bytes) -> None:
        """Read until some text has been shown, or the terminal is closed."""
        deadline_s = time.monotonic() + TIMEOUT_S
        while text not in self.seen:
            assert select.select([self.ours], [], [], max(0, deadline_s - time.monotonic()))[0], self.seen
            if not self._read():
                return

    def finish(self) -> tuple[int, bytes]:
        """Read to the end: the exit code and all that was shown."""
        while self._read():
            pass
        return self.process.wait(TIMEOUT_S), self.seen

    def _read(self) -> bool:
        try:
            chunk = os.read(self.ours, 4096)
        except OSError:  # Linux: nobody holds the other end any more
            return False
        self.seen += chunk
        return bool(chunk)


@contextmanager
def terminal(*arguments: str, rows: int = 30, columns: int = 100) -> Iterator[Terminal]:
    """Run ``exl`` at a terminal of its own."""
    ours, theirs = os.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    env = clean_env(TERM="xterm")
    process = start_exl(*arguments, exl=IN_TERMINAL, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    try:
        yield Terminal(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def sh(script: str) -> tuple[str, ...]:
    """The arguments that run a shell script under ``exl run``."""
    return ("run", "--no-upload", "--", "sh", "-c", script)


def test_command_sees_a_terminal_and_keeps_its_colours() -> None:
    """Both output streams are terminals to the command, and its escape sequences arrive unchanged."""
    script = r"[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && printf '\033[31mred\033[0m\n'; printf 'err\n' >&2"
    with terminal(*sh(script)) as shown:
        assert shown.finish() == (0, b"\x1b[31mred\x1b[0m\r\nerr\r\n")


def test_command_sees_the_terminals_size_and_its_changes() -> None:
    """The command's terminal has the size of ours, also after ours was resized."""
    code = (
        "import os, signal\n"
        "size = lambda *_: print(*os.get_terminal_size(1), flush=True)\n"
        "signal.signal(signal.SIGUSR1, size)\nsize()\nsignal.pause()"
    )
    with terminal("run", "--", PY, "-c", code, rows=33, columns=77) as shown:
        shown.read_until(b"77 33\r\n")
        fcntl.ioctl(shown.ours, termios.TIOCSWINSZ, struct.pack("HHHH", 44, 88, 0, 0))
        time.sleep(0.05)
        shown.process.send_signal(signal.SIGUSR1)
        assert shown.finish() == (0, b"77 33\r\n88 44\r\n")


def test_keyboard_reaches_the_command() -> None:
    """What is typed is read by the command."""
    with terminal(*sh("stty -echo; echo ready; read word; echo $word-$word")) as shown:
        shown.read_until(b"ready\r\n")
        os.write(shown.ours, b"typed\n")
        assert shown.finish() == (0, b"ready\r\ntyped-typed\r\n")


def test_interrupt_key_reaches_the_command_once_and_is_no_failure_to_explain() -> None:
    """^C gets to the command one time, from the terminal, and nothing is analysed when it ends of it."""
    code = (
        "import signal, time\nseen = []\nsignal.signal(signal.SIGINT, lambda *_: seen.append(1))\n"
        "print('ready', flush=True)\nend = time.monotonic() + 0.4\n"
        "while time.monotonic() < end: time.sleep(0.02)\nprint(len(seen)); raise SystemExit(3)"
    )
    with terminal("run", "--no-upload", "--", PY, "-c", code) as shown:
        shown.read_until(b"ready\r\n")
        os.write(shown.ours, b"\x03")
        assert shown.finish() == (3, b"ready\r\n^C1\r\n")


def test_report_is_coloured_at_a_terminal() -> None:
    """At a terminal the report has colours."""
    with terminal(*sh("echo 'src/app.c:3:5: error: expected expression'; exit 2")) as shown:
        code, seen = shown.finish()

    assert code == 2
    assert b"\x1b[1mRoot cause: \x1b[0m" in seen
