"""The demo: what it shows, what it leaves behind, and what it says when something is wrong."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from scripts import demo

FAILED_TEST: Final = "test_discount_holds_for_every_piece"
ENV: Final = {"PATH": os.defpath}


def run_demo(temporary: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the demo as `make demo` does, with its temporary folder in a given one."""
    return subprocess.run(
        [sys.executable, str(demo.ROOT / "scripts" / "demo.py"), *arguments],
        env={
            **os.environ,
            "TMPDIR": str(temporary),
            "MAKEFLAGS": "n",
            "MAKELEVEL": "1",
            "HTTP_PROXY": "http://[::1]:9",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def in_order(text: str, *pieces: str) -> bool:
    """Whether the pieces stand in the text one after the other."""
    at = 0
    for piece in pieces:
        at = text.find(piece, at) + len(piece)
        if at < len(piece):
            return False
    return True


@pytest.mark.slow
def test_demo_shows_the_whole_way(tmp_path: Path) -> None:
    """The build fails, its root cause is shown with file and line, the server has it, and nothing is left."""
    done = run_demo(tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    shown = done.stdout
    assert in_order(
        shown,
        "$ exlogare-server serve",
        "listening on http://127.0.0.1:",
        "$ exl run -- make test",
        "exit code 2: the build's own",
        "$ exl analyses list",
        "$ exl analyses show ",
        "make demo LOG=",
        "The server is stopped and its folder is gone.",
    ), shown
    job = done.stderr
    assert in_order(job, f"FAIL: {FAILED_TEST}", "Root cause:", FAILED_TEST, "test_cart.py:20", "Fix:"), job
    assert FAILED_TEST in shown.split("$ exl analyses show ")[1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_demo_takes_a_log_of_the_users(tmp_path: Path) -> None:
    """With a log, that log is analysed here and sent; the server shows the same root cause."""
    log, temporary = tmp_path / "my build.log", tmp_path / "tmp"
    temporary.mkdir()
    log.write_text(
        "$ pytest\nE   ModuleNotFoundError: No module named 'shopping'\nERROR tests/test_a.py\n",
        encoding="utf-8",
    )

    done = run_demo(temporary, "--log", str(log))

    assert done.returncode == 0, done.stdout + done.stderr
    sent, read_back = done.stdout.split("$ exl analyses list")
    assert in_order(sent, f"$ exl analyze {shlex.quote(str(log))}", "shopping", "$ exl ingest"), sent
    assert "shopping" in read_back
    assert list(temporary.iterdir()) == []


def test_log_that_is_not_there(tmp_path: Path) -> None:
    """A wrong path is answered at once, with what to do."""
    done = run_demo(tmp_path, "--log", str(tmp_path / "none.log"))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"\nThe demo stopped: There is no file {tmp_path / 'none.log'}. "
        "Give the path of a log: make demo LOG=path/to/build.log\n"
    )


def fake_server(*lines: str) -> Sequence[str]:
    """A command that does what the lines of Python say."""
    return (sys.executable, "-c", "\n".join(lines))


def test_server_that_ends_is_told_with_its_words(tmp_path: Path) -> None:
    """A server that ends before it listens: the error has its exit code and its output."""
    server = fake_server("print('no such folder')", "raise SystemExit(3)")

    with pytest.raises(demo.DemoError) as error, demo.running(server, tmp_path / "log", ENV):
        pytest.fail("it cannot be running")

    assert str(error.value) == "The server ended with exit code 3 before it listened. It said:\nno such folder\n"


def test_server_that_never_listens_is_stopped(tmp_path: Path) -> None:
    """A server that says nothing in time: the error says how long was waited, and it runs no more."""
    pid_path = tmp_path / "pid"
    server = fake_server(
        "import os, pathlib, time",
        f"pathlib.Path({str(pid_path)!r}).write_text(str(os.getpid()))",
        "time.sleep(60)",
    )

    with (
        pytest.raises(demo.DemoError, match=r"^The server did not listen within 0\.5 s\. It said:\n$"),
        demo.running(server, tmp_path / "log", ENV, start_timeout_s=0.5),
    ):
        pytest.fail("it cannot be listening")

    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_path.read_text(encoding="utf-8")), 0)


def test_server_is_stopped_when_the_demo_fails(tmp_path: Path) -> None:
    """Whatever ends the block, the server is stopped by SIGTERM."""
    server = fake_server(
        "import signal, sys, time",
        "signal.signal(signal.SIGTERM, lambda *_: (print('told to stop'), sys.exit(0)))",
        "print('listening on http://127.0.0.1:1234', flush=True)",
        "time.sleep(60)",
    )

    def fail_while_it_runs() -> None:
        with demo.running(server, tmp_path / "log", ENV) as url:
            assert url == "http://127.0.0.1:1234"
            raise demo.DemoError("a later step")

    with pytest.raises(demo.DemoError, match="a later step"):
        fail_while_it_runs()

    assert (tmp_path / "log").read_text(encoding="utf-8").endswith("told to stop\n")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_demo_that_is_stopped_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    """A signal in the middle stops the server and removes the folder."""
    process = subprocess.Popen(
        [sys.executable, str(demo.ROOT / "scripts" / "demo.py")],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if b"listening on" in line:
            process.send_signal(number)
            break
    process.communicate(timeout=60)

    assert process.returncode == 128 + number
    assert list(tmp_path.iterdir()) == []


def test_environment_of_the_demo() -> None:
    """Neither the make around it nor the user's own server gets in; proxies stay out of loopback."""
    env = demo.clean_environment(
        {
            "PATH": "/bin",
            "MAKEFLAGS": "-j4",
            "MAKELEVEL": "1",
            "MFLAGS": "-j4",
            "EXLOGARE_TOKEN": "exl_mine",
            "NO_PROXY": "corp.example",
            "HTTPS_PROXY": "http://proxy.example:3128",
        }
    )

    assert env == {
        "PATH": f"{Path(sys.executable).parent}:/bin",
        "PYTHON": sys.executable,
        "NO_PROXY": "corp.example,127.0.0.1",
        "no_proxy": "corp.example,127.0.0.1",
        "HTTPS_PROXY": "http://proxy.example:3128",
    }
