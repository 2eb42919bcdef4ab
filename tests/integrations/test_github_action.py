"""The GitHub action, run by a real engine, against a server that keeps what arrives."""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.integrations import act
from tests.integrations.recorder import ANALYSIS_ID, Recorder, recording
from tests.integrations.snippets import ROOT, documented_snippets

pytestmark = [pytest.mark.slow, pytest.mark.needs("act")]

TOKEN: Final = "exl_0123456789abcdef"
FAILED_TEST: Final = "test_discount_holds_for_every_piece"
SYSTEM_PATH: Final = "/usr/local/bin:/usr/bin:/bin"
Step = dict[str, Any]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A user's repository: the failing build."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / "failing-build", folder)
    return folder


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A server that accepts what arrives."""
    with recording() as server:
        yield server


class Outcome(act.Run, frozen=True):
    """How a workflow with one step of ours ended.

    Attributes:
        step: the outcome and the outputs of the step of ours.
    """

    step: dict[str, Any]


def run(
    project: Path,
    recorder: Recorder,
    *steps: Step,
    branch: str = "main",
    path: str | None = None,
    env: Mapping[str, str] | None = None,
) -> Outcome:
    """Run steps on a checkout, the one with the id ``exlogare`` being ours."""
    kept = project.parent / "step.json"
    keep: Step = {
        "if": "always()",
        "env": {"STEP": "${{ toJSON(steps.exlogare) }}", "KEPT": str(kept)},
        "run": 'printf %s "$STEP" >"$KEPT"',
    }
    checkout: Step = {"uses": "actions/checkout@v4"}
    steps = tuple(step for step in steps if step != checkout)
    job = {"runs-on": "ubuntu-latest", "env": dict(env or {}), "steps": [checkout, *steps, keep]}
    act.commit(project, yaml.safe_dump({"on": "push", "jobs": {"test": job}}), branch=branch)
    done = act.run_workflow(
        project,
        path=path or f"{Path(sys.executable).parent}:{SYSTEM_PATH}",
        secrets={"EXLOGARE_TOKEN": TOKEN},
        variables={"EXLOGARE_URL": recorder.url},
    )
    assert kept.exists(), done.log
    return Outcome(passed=done.passed, log=done.log, step=json.loads(kept.read_text(encoding="utf-8")))


def action(**inputs: str) -> Step:
    """A step of ours with a token and a server."""
    server = {"endpoint": "${{ vars.EXLOGARE_URL }}", "token": "${{ secrets.EXLOGARE_TOKEN }}"}
    return {"id": "exlogare", "uses": act.ACTION, "with": {**server, **inputs}}


def test_readme_example(project: Path, recorder: Recorder) -> None:
    """The documented step fails as the build does, shows the root cause, annotates the line and uploads."""
    snippet = documented_snippets()["github-action"]
    steps: list[Step] = yaml.safe_load(snippet)
    steps[-1]["id"] = "exlogare"

    outcome = run(project, recorder, *steps)

    assert not outcome.passed
    assert FAILED_TEST in outcome.step["outputs"].pop("root-cause")
    assert outcome.step == {
        "outcome": "failure",
        "conclusion": "failure",
        "outputs": {"result": "uploaded", "analysis-id": ANALYSIS_ID},
    }
    assert "::error file=tests/test_cart.py,line=20," in outcome.log
    upload = recorder.only_upload()
    assert (upload.path, upload.authorization) == ("/api/ingest/log", f"Bearer {TOKEN}")
    wanted = {"provider": "github", "project": "acme/shop", "branch": "main", "job_name": "test"}
    assert {key: upload.body[key] for key in wanted} == wanted
    assert "AssertionError: 3480 != 3240" in upload.body["log"]


def test_passing_build_adds_nothing(project: Path, recorder: Recorder) -> None:
    """A command that passes passes, and nothing is sent."""
    outcome = run(project, recorder, action(run="echo one\necho two"))

    assert outcome.passed, outcome.log
    outputs = {"result": "passed", "root-cause": "", "analysis-id": ""}
    assert outcome.step == {"outcome": "success", "conclusion": "success", "outputs": outputs}
    assert recorder.arrived == []


def test_command_runs_as_a_step_runs(project: Path, recorder: Recorder) -> None:
    """The command stops at the first line that fails, pipes included, and never sees the token."""
    outcome = run(project, recorder, action(run="env\nfalse | cat\necho unreachable"))

    assert not outcome.passed
    assert "| GITHUB_ACTIONS=true" in outcome.log
    assert "EXLOGARE_TOKEN" not in outcome.log
    assert "EXLOGARE_ACTION_TOKEN" not in outcome.log
    assert "| unreachable" not in outcome.log


@pytest.mark.parametrize(
    "branch",
    [
        pytest.param("feat/$(touch${IFS}pwned)", id="command-substitution"),
        pytest.param("feat/`touch${IFS}pwned`", id="backticks"),
        pytest.param('feat/";touch${IFS}pwned;"\'', id="quotes"),
        pytest.param("feat/%0Aresult=ours", id="workflow-command"),
    ],
)
def test_hostile_branch_is_only_a_name(branch: str, project: Path, recorder: Recorder) -> None:
    """Whatever a branch is called, it arrives as it is and runs nothing."""
    outcome = run(project, recorder, action(run="make test"), branch=branch)

    assert outcome.step["outputs"]["result"] == "uploaded", outcome.log
    assert recorder.only_upload().body["branch"] == branch
    assert list(project.parent.rglob("pwned")) == []


@pytest.mark.parametrize("name", ["log_path", "status", "working_directory", "cli_version", "endpoint", "token"])
def test_hostile_input_is_only_a_value(name: str, project: Path, recorder: Recorder) -> None:
    """No input is run by the shell, and none of them makes the job fail by default."""
    step = action(**{"log_path": "Makefile", name: "\"';$(touch pwned)`touch pwned`\n::set-env name=A::b"})

    outcome = run(project, recorder, step)

    assert outcome.passed, outcome.log
    assert list(project.parent.rglob("pwned")) == []


def test_log_of_an_earlier_step(project: Path, recorder: Recorder) -> None:
    """With log_path the log of a step that failed is sent, with the run that it belongs to."""
    build: Step = {"run": "make test >build.log 2>&1"}

    outcome = run(project, recorder, build, action(log_path="build.log") | {"if": "failure()"})

    assert not outcome.passed
    assert outcome.step["outcome"] == "success"
    assert outcome.step["outputs"]["result"] == "uploaded"
    assert outcome.step["outputs"]["analysis-id"] == ANALYSIS_ID
    upload = recorder.only_upload()
    assert (upload.body["project"], upload.body["status"]) == ("acme/shop", "failed")
    assert "AssertionError: 3480 != 3240" in upload.body["log"]


@pytest.mark.parametrize(("fail_on_error", "passed"), [("false", True), ("true", False)])
def test_refused_upload(fail_on_error: str, passed: bool, project: Path) -> None:
    """A server that refuses is a warning by default, and fails the step when that is asked for."""
    with recording(status=403) as refusing:
        outcome = run(project, refusing, action(log_path="Makefile", fail_on_error=fail_on_error))

    assert outcome.passed is passed, outcome.log
    assert outcome.step["outputs"]["result"] == "error"
    assert "Refused by the test's server." in outcome.log


def test_without_a_token_the_cause_is_still_shown(project: Path, recorder: Recorder) -> None:
    """A pull request from a fork gets no secrets: the root cause is shown, nothing is sent."""
    outcome = run(project, recorder, action(run="make test", token=""))

    assert outcome.step["outputs"]["result"] == "analysed", outcome.log
    assert FAILED_TEST in outcome.step["outputs"]["root-cause"]
    assert recorder.arrived == []


def test_nothing_to_do_is_said(project: Path, recorder: Recorder) -> None:
    """A step with neither run nor log_path, nor a token to fetch a log with, says so and passes."""
    outcome = run(project, recorder, action())

    assert outcome.passed
    assert outcome.step["outputs"]["result"] == "error"
    assert "For this step: set log_path, or run." in outcome.log


def test_command_does_not_run_in_the_wrong_folder(project: Path, recorder: Recorder) -> None:
    """A folder that is not there fails the step: a build that did not run must not look like one that passed."""
    outcome = run(project, recorder, action(run="true", working_directory="none"))

    assert (outcome.passed, outcome.step["outputs"]["result"]) == (False, "error"), outcome.log


@pytest.mark.parametrize(("command", "passed"), [("exit 3", False), ("true", True)])
def test_build_runs_when_exl_cannot_be_installed(command: str, passed: bool, project: Path, recorder: Recorder) -> None:
    """Without exl, and with no way to get it, the build runs all the same and keeps its result."""
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_NO_INDEX": "true"}

    outcome = run(project, recorder, action(run=command), path=SYSTEM_PATH, env=nowhere)

    assert outcome.passed is passed, outcome.log
    assert outcome.step["outputs"]["result"] == "error"
    assert "exl could not be installed: " in outcome.log


def test_exl_is_installed_when_it_is_not_there(project: Path, recorder: Recorder) -> None:
    """On a runner that has only Python, the action brings its own exl and leaves that Python alone."""
    private = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}

    outcome = run(project, recorder, action(run="make test"), path=SYSTEM_PATH, env=private)

    assert outcome.step["outputs"]["result"] == "uploaded", outcome.log
    assert FAILED_TEST in outcome.step["outputs"]["root-cause"]
