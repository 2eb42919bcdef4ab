"""The script for any CI with the real exl: with no CI at all, and in the phases and environment of AppVeyor."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.engines.builds import BUILD, FAILED_TEST, HOSTILE, HOSTILE_BRANCH, SERVER, example, failing_build
from tests.engines.conftest import DEAD_URL, Inbox
from tests.integrations.snippets import ROOT
from tests.plugins.engines import Record

pytestmark = pytest.mark.slow

SCRIPT: Final = ROOT / "integrations" / "generic" / "exlogare.sh"
# https://www.appveyor.com/docs/environment-variables/
APPVEYOR: Final = {
    "CI": "true",
    "APPVEYOR": "true",
    "APPVEYOR_URL": "https://ci.appveyor.com",
    "APPVEYOR_ACCOUNT_NAME": "acme",
    "APPVEYOR_PROJECT_SLUG": "shop",
    "APPVEYOR_REPO_NAME": "acme/shop",
    "APPVEYOR_REPO_BRANCH": HOSTILE_BRANCH,
    "APPVEYOR_BUILD_ID": "1001",
    "APPVEYOR_BUILD_NUMBER": "12",
    "APPVEYOR_JOB_ID": "kq3yxmlb2fcl4nvu",
}
HARNESS: Final = "AppVeyor's phases, in bash"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A user's repository: the failing build, with the script in it."""
    folder = failing_build(tmp_path / "project")
    (folder / "exlogare.sh").write_bytes(SCRIPT.read_bytes())
    return folder


def run(project: Path, code: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run lines of an example in bash, with exl on the PATH."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", code],
        cwd=project, env={"PATH": path, "HOME": str(project.parent), **env}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def server(inbox: Inbox) -> dict[str, str]:
    """The settings that every job has."""
    return {"EXLOGARE_URL": inbox.url, "EXLOGARE_TOKEN": inbox.token, "EXLOGARE_PROJECT": "acme/shop"}


def test_wrapping_script(project: Path, inbox: Inbox, record: Record) -> None:
    """The page's script fails as the build does, its output unchanged, and the root cause is stored."""
    done = run(project, example("generic/wrap.sh", {}), server(inbox))

    assert (done.returncode, done.stdout) == (1, "")
    assert "FAILED (failures=1)" in done.stderr
    stored = inbox.only()
    assert (stored["project_path"], FAILED_TEST in stored["root_cause"]) == ("acme/shop", True)
    record("generic", "script, no CI", True, failing=stored["root_cause"])


def test_log_file(project: Path, inbox: Inbox) -> None:
    """The page's second script explains and sends the log of a build that ran before, and changes no result."""
    run(project, f"{BUILD} >build.log 2>&1", {})

    done = run(project, example("generic/log-file.sh", {}), server(inbox))

    assert done.returncode == 0, done.stderr
    assert FAILED_TEST in done.stderr
    assert FAILED_TEST in inbox.only()["root_cause"]


def test_passing_build(project: Path, inbox: Inbox, record: Record) -> None:
    """Of a build that passes nothing is sent, and nothing of ours is printed."""
    done = run(project, example("generic/wrap.sh", {BUILD: "echo fine"}), server(inbox))

    assert (done.returncode, done.stdout, done.stderr, inbox.arrived()) == (0, "fine\n", "", [])
    record("generic", "script, no CI", True, passing="sent nothing")


def test_outage_of_the_server(project: Path, record: Record) -> None:
    """With the server away the exit code is the build's, and one line says that nothing was sent."""
    env = {"EXLOGARE_URL": DEAD_URL, "EXLOGARE_TOKEN": "exl_0123456789", "EXLOGARE_TIMEOUT": "2"}

    done = run(project, example("generic/wrap.sh", {BUILD: "exit 42"}), env)

    assert (done.returncode, done.stderr.count("exl: not uploaded: ")) == (42, 1)
    record("generic", "script, no CI", True, outage="exit code kept")


def test_hostile_names_and_logs(project: Path, inbox: Inbox, record: Record) -> None:
    """Neither a project's name nor what a build prints is executed."""
    (project / "hostile").write_text(f"error: {HOSTILE}\n", encoding="utf-8")
    code = example("generic/wrap.sh", {BUILD: "cat hostile; exit 3"})

    done = run(project, code, {**server(inbox), "EXLOGARE_PROJECT": HOSTILE})

    assert (done.returncode, inbox.only()["project_path"]) == (3, HOSTILE)
    assert list(project.rglob("pwned")) == []
    record("generic", "script, no CI", True, hostile="only text")


class AppVeyor:
    """What a worker does with a configuration: https://www.appveyor.com/docs/build-configuration/#build-pipeline.

    Args:
        project: the repository.
        document: the text of appveyor.yml.
    """

    def __init__(self, project: Path, document: str) -> None:
        self.project = project
        self.document = yaml.safe_load(document)

    def run(self, env: Mapping[str, str]) -> tuple[bool, str]:
        """Run the phases; give whether the build passed, and what it printed."""
        said = ""
        env = {**self.document["environment"], **APPVEYOR, **env}
        passed = True
        for phase in ("install", "build_script", "test_script"):
            for command in self.document.get(phase, ()):
                done = run(self.project, command, env)
                said += done.stdout + done.stderr
                passed = passed and done.returncode == 0
                if not passed:
                    break
        for command in self.document.get("on_success" if passed else "on_failure", ()):
            done = run(self.project, command, env)
            said += done.stdout + done.stderr
            assert done.returncode == 0, said
        return passed, said


@pytest.mark.parametrize("url", [None, DEAD_URL], ids=["server", "outage"])
def test_appveyors_failing_build(url: str | None, project: Path, inbox: Inbox, record: Record) -> None:
    """AppVeyor's file stores the root cause, and its last phase passes also when the server is away."""
    changes = {SERVER: url or inbox.url, "pip install exlogare-ci && ": ""}
    env = {"EXLOGARE_TOKEN": inbox.token, "EXLOGARE_TIMEOUT": "2"}

    passed, said = AppVeyor(project, example("appveyor/appveyor.yml", changes)).run(env)

    assert (passed, FAILED_TEST in said) == (False, True), said
    assert list(project.rglob("pwned")) == []
    if url:
        assert said.count("exl: not uploaded: ") == 1
        record("generic", HARNESS, False, outage="result kept")
        return
    stored = inbox.only()
    assert (stored["project_path"], stored["branch"]) == ("acme/shop", HOSTILE_BRANCH)
    assert FAILED_TEST in stored["root_cause"]
    record("generic", HARNESS, False, failing=stored["root_cause"], hostile="only text")


def test_appveyors_passing_build(project: Path, inbox: Inbox, record: Record) -> None:
    """Of a build that passes nothing is sent: our phase is not run."""
    document = example("appveyor/appveyor.yml", {SERVER: inbox.url, BUILD: "echo fine"})

    passed, _ = AppVeyor(project, document).run({"EXLOGARE_TOKEN": inbox.token})

    assert (passed, inbox.arrived()) == (True, [])
    record("generic", HARNESS, False, passing="sent nothing")
