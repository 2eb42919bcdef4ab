"""The action in whole workflows run by act, against a real server; GitHub's API is a stand-in."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.engines.builds import (
    BUILD,
    EXAMPLES,
    FAILED_LOG,
    FAILED_TEST,
    HOSTILE,
    HOSTILE_BRANCH,
    example,
    failing_build,
)
from tests.engines.conftest import DEAD_URL, Inbox
from tests.engines.log_api import answering
from tests.integrations import act
from tests.integrations.snippets import ROOT
from tests.plugins.engines import Record
from tests.plugins.go_engines import ACTIONLINT, built

pytestmark = pytest.mark.slow

ENGINE: Final = "act"
STEPS_PATH: Final = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
WRAP: Final = "github-actions/wrap.yml"
MATRIX: Final = {
    "runs-on: ubuntu-latest": "runs-on: ubuntu-latest\n    strategy: {matrix: {leg: [10, 11]}}",
    f"run: {BUILD}\n": f"run: {BUILD}\n          job_id: ${{{{ matrix.leg }}}}\n",
}
# https://docs.github.com/en/rest/actions/workflow-jobs
GITHUBS_API: Final[Mapping[str, Any]] = {
    r"/repos/acme/.*/actions/runs/1/attempts/1/jobs\?.*": {
        "total_count": 1,
        "jobs": [{"id": 42, "name": "test (3.12)", "conclusion": "failure", "completed_at": "2026-11-23T10:00:00Z",
                  "steps": [{"name": "Run tests", "conclusion": "failure"}]}],
    },
    "/repos/acme/.*/actions/jobs/42/logs": FAILED_LOG,
}  # fmt: skip


def run(
    folder: Path, name: str, inbox: Inbox, *, changes: Mapping[str, str] | None = None, branch: str = "main",
    url: str | None = None,
) -> act.Run:  # fmt: skip
    """Run an example on the failing build, with the action as it is here."""
    project = failing_build(folder / "project")
    (project / "hostile").write_text(f"error: {HOSTILE}\n", encoding="utf-8")
    act.commit(project, example(name, changes or {}), branch=branch)
    # The engine numbers every run 1; so that no test renews another's analysis, each has a project of its own.
    origin = f"https://github.com/acme/{folder.name}.git"
    subprocess.run(["git", "remote", "set-url", "origin", origin], cwd=project, check=True)
    return act.run_workflow(
        project, path=STEPS_PATH, secrets={"EXLOGARE_TOKEN": inbox.token, "GITHUB_TOKEN": "ghs_1234"},
        variables={"EXLOGARE_URL": url or inbox.url},
    )  # fmt: skip


@pytest.mark.needs("act")
@pytest.mark.parametrize("name", [WRAP, "github-actions/log-file.yml"])
def test_failing_workflow(name: str, tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """The page's workflows fail as their build does, and the root cause is stored, with the run it belongs to."""
    done = run(tmp_path, name, inbox, branch=HOSTILE_BRANCH)

    assert not done.passed
    stored = inbox.only()
    told = {key: stored[key] for key in ("provider_label", "project_path", "branch", "job_name")}
    assert told == {
        "provider_label": "github",
        "project_path": f"acme/{tmp_path.name}",
        "branch": HOSTILE_BRANCH,
        "job_name": "test",
    }
    assert FAILED_TEST in stored["root_cause"]
    assert list(tmp_path.rglob("pwned")) == []
    record("github-action", ENGINE, True, failing=stored["root_cause"])


@pytest.mark.needs("act")
def test_job_behind_the_one_that_failed(tmp_path: Path, inbox: Inbox) -> None:
    """A later job asks GitHub for the log of the job that failed."""
    with answering(GITHUBS_API) as api:
        changes = {"with: {": f'with: {{ci_api_url: "{api.url}", '}
        done = run(tmp_path, "github-actions/later-job.yml", inbox, changes=changes)

    stored = inbox.only()
    assert (stored["job_name"], stored["ci_job_id"]) == ("test (3.12)", "42"), done.log
    assert FAILED_TEST in stored["root_cause"]
    assert {token for _, token in api.asked} == {"Bearer ghs_1234"}


@pytest.mark.needs("act")
def test_matrix(tmp_path: Path, inbox: Inbox) -> None:
    """Two legs of a matrix are two analyses, where ``job_id`` tells them apart."""
    done = run(tmp_path, WRAP, inbox, changes=MATRIX)

    assert not done.passed
    assert sorted(stored["ci_job_id"] for stored in inbox.arrived()) == ["10", "11"]


@pytest.mark.needs("act")
def test_passing_workflow(tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """Of a workflow that passes nothing is sent."""
    done = run(tmp_path, WRAP, inbox, changes={f"run: {BUILD}\n": "run: echo fine\n"})

    assert (done.passed, inbox.arrived()) == (True, []), done.log
    record("github-action", ENGINE, True, passing="sent nothing")


@pytest.mark.needs("act")
@pytest.mark.parametrize(("command", "passed"), [("echo fine", True), ("exit 7", False)])
def test_outage_of_the_server(command: str, passed: bool, tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """With the server away the step ends as its command does."""
    changes = {f"run: {BUILD}\n": f"run: {command}\n          timeout: 2\n"}

    done = run(tmp_path, WRAP, inbox, changes=changes, url=DEAD_URL)

    assert done.passed is passed, done.log
    assert passed or "exit status 7" in done.log
    record("github-action", ENGINE, True, outage="exit code kept")


@pytest.mark.needs("act")
def test_hostile_log(tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """What a build prints is not executed, and an input is only a value."""
    changes = {f"run: {BUILD}\n": f"run: cat hostile; exit 3\n          project: '{HOSTILE}'\n"}

    done = run(tmp_path, WRAP, inbox, changes=changes)

    assert (done.passed, inbox.only()["project_path"]) == (False, HOSTILE), done.log
    assert list(tmp_path.rglob("pwned")) == []
    record("github-action", ENGINE, True, hostile="only text")


@pytest.mark.needs("go")
def test_workflows_are_sound(tmp_path: Path) -> None:
    """The page's workflows pass actionlint; an unsound one does not."""
    (tmp_path / ".git").mkdir()  # where it looks for the project's root
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for path in (EXAMPLES / "github-actions").glob("*.yml"):
        (folder / path.name).write_bytes(path.read_bytes())

    def lint() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(built(ACTIONLINT)), "-no-color", "-shellcheck=", "-pyflakes="],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    sound = lint()
    (folder / "wrap.yml").write_text("on: push\njobs: {test: {steps: []}}\n", encoding="utf-8")

    assert (sound.returncode, sound.stdout) == (0, "")
    assert lint().returncode != 0


def test_action_is_whole() -> None:
    """What the action's file runs is there."""
    assert (ROOT / "integrations" / "github-action" / "exlogare-action.sh").is_file()
