"""``exl step`` with no CI at all: what every package rests on, against the real server."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.engines.conftest import DEAD_URL, Inbox
from tests.plugins.engines import Record

pytestmark = pytest.mark.slow

HOSTILE: Final = '$(touch pwned)`touch pwned`"; touch pwned; echo "::set-output name=a::b"'


def step(folder: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a package does."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "CI": "true", "EXLOGARE_RUN": script} | variables
    return subprocess.run(
        [sys.executable, "-m", "exlogare_ci", "step"],
        cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_failure_is_stored_with_its_root_cause(tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """The server's analysis names what the script failed of."""
    done = step(
        tmp_path, "python3 -c 'import no_such_module'", EXLOGARE_URL=inbox.url, EXLOGARE_TOKEN=inbox.token,
        EXLOGARE_PROJECT="org/repo", EXLOGARE_PROVIDER="my-ci",
    )  # fmt: skip
    stored = inbox.only()
    assert (done.returncode, stored["project_path"]) == (1, "org/repo")
    assert "no_such_module" in stored["root_cause"]
    record("generic", "no CI", True, failing=stored["root_cause"])


def test_a_passing_script_sends_nothing(tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """Nothing arrives of a build that passes."""
    done = step(tmp_path, "echo fine", EXLOGARE_URL=inbox.url, EXLOGARE_TOKEN=inbox.token)
    assert (done.returncode, done.stdout, inbox.arrived()) == (0, "fine\n", [])
    record("generic", "no CI", True, passing="sent nothing")


def test_a_server_that_is_away_changes_nothing(tmp_path: Path, record: Record) -> None:
    """The exit code is the script's, and one line says that nothing was sent."""
    done = step(tmp_path, "exit 42", EXLOGARE_URL=DEAD_URL, EXLOGARE_TOKEN="exl_x", EXLOGARE_TIMEOUT="2")
    assert done.returncode == 42
    assert sum(line.startswith("exl: not uploaded: ") for line in done.stderr.splitlines()) == 1
    record("generic", "no CI", True, outage="exit code kept")


def test_hostile_names_and_logs_are_only_text(tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """Neither a project's name nor what a build prints is executed."""
    (tmp_path / "log").write_text(f"error: {HOSTILE}\n", encoding="utf-8")
    done = step(
        tmp_path, "cat log; exit 3", EXLOGARE_URL=inbox.url, EXLOGARE_TOKEN=inbox.token, EXLOGARE_PROJECT=HOSTILE
    )
    assert (done.returncode, (tmp_path / "pwned").exists()) == (3, False)
    assert inbox.only()["project_path"] == HOSTILE
    record("generic", "no CI", True, hostile="only text")
