"""What ``exl run`` does on Windows, as far as another system can run it: no signals, no ptys, threads for all."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from exlogare_ci.cli.contain import run_contained
from exlogare_ci.cli.run import system_code
from exlogare_ci.sources.command_portable import run_portable
from tests.cli.exl_process import clean_env, patched, run_exl
from tests.client.scripted_server import ScriptedServer, accept

LIBRARIES: Final = "click, hyperscan, msgspec, platformdirs, requests, subprocess, tempfile"
AS_WINDOWS: Final = patched(f"import sys, {LIBRARIES}\nsys.platform = 'win32'")
"""``exl`` that takes the system for Windows; the libraries know better."""
TOKEN: Final = "exl_made-up-for-tests-0123456789"


@pytest.mark.parametrize("code", [0, 1, 2, 42, 255])
def test_exit_codes_are_the_commands(code: int) -> None:
    """And both streams are what the command wrote."""
    done = run_exl("run", "--no-upload", "--", "sh", "-c", f"echo out; echo err >&2; exit {code}", exl=AS_WINDOWS)

    assert (done.returncode, done.stdout) == (code, b"out\n")
    assert done.stderr.startswith(b"err\n")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (0, 0),
        (1, 1),
        (42, 42),
        (255, 255),
        (2**31 - 1, 2**31 - 1),
        (0xC0000005, -1073741819),
        (0xC000013A, -1073741510),
    ],
)
def test_codes_beyond_a_signed_number_keep_their_bits(code: int, expected: int) -> None:
    """A crash and a ^C end with codes that Python would change otherwise; other systems have none so large."""
    assert system_code(code, "win32") == expected
    assert expected % 2**32 == code
    assert system_code(code, "linux") == code


def test_a_command_that_there_is_not() -> None:
    """127 and a line, as everywhere."""
    done = run_exl("run", "--", "no-such-command", exl=AS_WINDOWS)

    assert (done.returncode, done.stdout) == (127, b"")
    assert done.stderr == b"exl: no-such-command: command not found. Check the name and PATH.\n"


def test_a_failure_is_explained_uploaded_and_written(tmp_path: Path) -> None:
    """By a thread, because there are no processes to split off."""
    script = "echo 'src/app.c:3:5: error: expected expression'; exit 2"
    arguments = ("run", "--project", "o/r", "--output-file", "out.json", "--", "sh", "-c", script)
    with ScriptedServer(accept()).running() as server:
        env = clean_env(EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN)
        done = run_exl(*arguments, exl=AS_WINDOWS, env=env, cwd=tmp_path)

    assert done.returncode == 2
    assert b"Root cause: src/app.c:3" in done.stderr
    assert json.loads((tmp_path / "out.json").read_text())["result"] == "uploaded"


def test_scripts_are_found_by_their_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Npm is npm.cmd, which the system itself would not find."""
    started: list[list[str]] = []

    def start(argv: list[str], **_: Any) -> "subprocess.Popen[bytes]":
        started.append(argv)
        raise FileNotFoundError

    monkeypatch.setattr("shutil.which", {"npm": r"C:\node\npm.cmd"}.get)
    monkeypatch.setattr("subprocess.Popen", start)
    for name in ("npm", "other"):
        with pytest.raises(Exception, match=name):
            run_portable([name, "test"], lambda _: None)

    assert started == [[r"C:\node\npm.cmd", "test"], ["other", "test"]]


def test_work_that_hangs_is_left_behind() -> None:
    """A thread cannot be ended: we say so and go."""
    code = (
        "import time\n"
        "from exlogare_ci.cli.contain import run_contained\n"
        "print(run_contained(lambda: time.sleep(60), 0.2, None), flush=True)\n"
        "import os; os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)

    assert done.stdout == "Unfinished(reason='it took more than 0 s', still_running=True)\n"


def test_work_that_ends_or_raises_is_finished(capsys: pytest.CaptureFixture[str]) -> None:
    """What it raises is a line."""

    def fail() -> None:
        raise ValueError("wrong")

    assert run_contained(lambda: None, 5.0, None) is None
    assert run_contained(fail, 5.0, None) is None
    assert "exl: unexpected ValueError: wrong." in capsys.readouterr().err
