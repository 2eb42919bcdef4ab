"""The progress of an upload: on a terminal, on one line that goes again, and nowhere else."""

import io
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from exlogare_ci.cli import progress
from exlogare_ci.cli.progress import BYTES_MIN, shown_progress
from tests.cli.exl_process import clean_env, start_exl
from tests.client.scripted_server import ScriptedServer, accept

TOKEN = "exl_made-up-for-tests-0123456789"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def shown(stream: io.StringIO, total: int, env: Mapping[str, str]) -> str:
    """What stands on a stream after an upload in three pieces, and one report too late."""
    with shown_progress(stream, env) as report:
        for sent in (total // 3, 2 * total // 3, total):
            if report is not None:
                report(sent, total)
    if report is not None:
        report(total, total)  # from a request that was given up, and goes on in its thread
    return stream.getvalue()


def test_a_terminal_shows_how_much_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing of it is left."""
    monkeypatch.setattr(progress, "INTERVAL_S", 0.0)

    assert shown(Terminal(), 3 * BYTES_MIN, {"TERM": "xterm"}) == (
        "\r\x1b[Kexl: sending 33 % of 768 KiB\r\x1b[Kexl: sending 66 % of 768 KiB"
        "\r\x1b[Kexl: waiting for the server\r\x1b[K"
    )


@pytest.mark.parametrize(
    ("stream", "total", "env"),
    [
        pytest.param(io.StringIO(), 3 * BYTES_MIN, {"TERM": "xterm"}, id="job"),
        pytest.param(Terminal(), 3 * BYTES_MIN, {"TERM": "dumb"}, id="dumb"),
        pytest.param(Terminal(), 3 * BYTES_MIN, {}, id="no-term"),
        pytest.param(Terminal(), BYTES_MIN - 3, {"TERM": "xterm"}, id="small"),
    ],
)
def test_elsewhere_nothing_is_shown(stream: io.StringIO, total: int, env: dict[str, str]) -> None:
    """A job's log would keep every line, and a small log is sent before anybody could read one."""
    assert shown(stream, total, env) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")
def test_ingest_shows_it_on_a_real_terminal(tmp_path: Path) -> None:
    """On standard error; standard output has the receipt alone."""
    import pty  # noqa: PLC0415 - there is none on Windows

    (tmp_path / "build.log").write_bytes(b"0123456789abcde\n" * 40_000)
    ours, theirs = pty.openpty()
    with ScriptedServer(accept()).running() as server:
        env = clean_env(EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN, TERM="xterm")
        arguments = ("ingest", "--project", "o/r", "--log-file", "build.log")
        with start_exl(*arguments, env=env, cwd=tmp_path, stdout=-1, stderr=theirs) as process:
            os.close(theirs)
            out, _ = process.communicate(timeout=30)
    said = os.read(ours, 4096).decode()
    os.close(ours)

    assert (process.returncode, out.startswith(b"exl: sent 625 KiB of log")) == (0, True)
    assert "exl: waiting for the server" in said
    assert said.endswith("\r\x1b[K")
