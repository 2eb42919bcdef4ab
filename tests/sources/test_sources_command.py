"""Running commands below the command line: the portable way, and order within lines."""

import os
import sys
import tempfile
from collections.abc import Callable
from typing import Final

import pytest

from exlogare_ci.sources.command import (
    CommandNotFoundError,
    CommandResult,
    Sink,
)
from exlogare_ci.sources.command_portable import run_portable

PY: Final = sys.executable
Runner = Callable[..., CommandResult]


def runners() -> list[Runner]:
    """The ways to run a command that this system has."""
    if sys.platform == "win32":
        return [run_portable]
    from exlogare_ci.sources.command_posix import run_posix  # noqa: PLC0415 - not on Windows

    return [run_portable, run_posix]


def outcome(runner: Runner, code: str) -> tuple[int, bytes, bytes, bytes]:
    """Run Python code: the exit code, what went to each stream, and what went into the log."""
    log: list[bytes] = []
    sink: Sink = log.append
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        result = runner([PY, "-c", code], sink, stdout_fd=out.fileno(), stderr_fd=err.fileno())
        assert result.write_error is None
        out.seek(0)
        err.seek(0)
        return result.returncode, out.read(), err.read(), b"".join(log)


@pytest.mark.parametrize("runner", runners())
def test_streams_are_kept_apart_and_both_are_logged(runner: Runner) -> None:
    """Each stream goes to its own place and both go into the log."""
    code = "import os; os.write(1, b'out\\n'); os.write(2, b'err\\n'); raise SystemExit(7)"

    returncode, out, err, log = outcome(runner, code)

    assert (returncode, out, err) == (7, b"out\n", b"err\n")
    assert sorted(log.splitlines()) == [b"err", b"out"]


@pytest.mark.parametrize("runner", runners())
def test_large_output_of_both_streams_is_whole(runner: Runner) -> None:
    """A megabyte on each stream arrives whole, and whole in the log."""
    code = "import os\nfor i in range(16): os.write(1, b'o' * 65535 + b'\\n'); os.write(2, b'e' * 65535 + b'\\n')"

    returncode, out, err, log = outcome(runner, code)

    assert (returncode, len(out), len(err), len(log)) == (0, 1 << 20, 1 << 20, 2 << 20)


@pytest.mark.parametrize("runner", runners())
def test_unknown_command_is_an_error(runner: Runner) -> None:
    """A command that does not exist is said so by an exception of its own."""
    with pytest.raises(CommandNotFoundError, match=r"^no-such-command: command not found"):
        runner(["no-such-command"], [].append)


@pytest.mark.skipif(sys.platform == "win32", reason="the POSIX runner")
def test_lines_of_two_streams_do_not_mix() -> None:
    """In the log, a line of one stream is not broken by the other's; to the streams it goes at once."""
    code = (
        "import os, time\n"
        "os.write(1, b'first half, '); time.sleep(0.1); os.write(2, b'warning\\n'); time.sleep(0.1)\n"
        "os.write(1, b'second half\\n'); time.sleep(0.1); os.write(2, b'unfinished')"
    )

    returncode, out, err, log = outcome(runners()[-1], code)

    assert (returncode, out, err) == (0, b"first half, second half\n", b"warning\nunfinished")
    assert log == b"warning\nfirst half, second half\nunfinished"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110 - a device
def test_full_disk_behind_our_output_is_reported_and_the_log_is_whole() -> None:
    """Output that cannot be written is still logged, the command goes on, and the result says why."""
    log: list[bytes] = []
    with open("/dev/full", "wb", buffering=0) as full, tempfile.TemporaryFile() as err:  # noqa: PTH123
        result = runners()[-1](
            [PY, "-c", "print('a', flush=True); print('b')"],
            log.append,
            stdout_fd=full.fileno(),
            stderr_fd=err.fileno(),
        )

    assert result == CommandResult(0, "No space left on device")
    assert b"".join(log) == b"a\nb\n"
