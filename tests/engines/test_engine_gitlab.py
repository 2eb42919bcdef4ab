"""The GitLab component in pipelines that gitlab-ci-local runs; GitLab's API is a stand-in, our server is real."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
import yaml

from tests.engines.builds import BUILD, FAILED_LOG, FAILED_TEST, HOSTILE, HOSTILE_BRANCH, SERVER, example, failing_build
from tests.engines.conftest import DEAD_URL, Inbox
from tests.engines.log_api import answering
from tests.integrations.snippets import ROOT
from tests.plugins.engines import Record
from tests.plugins.npm_engines import GITLAB, installed

# One worker installs the engine.
pytestmark = [pytest.mark.slow, pytest.mark.needs("rsync"), pytest.mark.xdist_group("gitlab")]

ENGINE: Final = f"gitlab-ci-local {GITLAB.version}"
TIMEOUT_S: Final = 120.0
REFERENCE: Final = "@0.1.0"
# https://docs.gitlab.com/api/jobs/#list-pipeline-jobs and https://docs.gitlab.com/api/jobs/#get-a-log-file
GITLABS_API: Final[Mapping[str, Any]] = {
    r"/api/v4/projects/[0-9]+/pipelines/[0-9]+/jobs\?.*": [
        {"id": 42, "name": "test", "allow_failure": False, "web_url": "https://gitlab.example.com/acme/shop/-/jobs/42"}
    ],
    "/api/v4/projects/[0-9]+/jobs/42/trace": FAILED_LOG,
}


class Done(msgspec.Struct, frozen=True):
    """How a pipeline ended: whether it passed, and what it printed."""

    passed: bool
    log: str


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody."""
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with the failing build, on a branch with a hostile name.

    The component is in the same project: the engine takes components from elsewhere only over a network.
    """
    folder = failing_build(tmp_path / "project")
    (folder / "templates").mkdir()
    component = ROOT / "integrations" / "gitlab" / "templates" / "exlogare.yml"
    (folder / "templates" / "exlogare.yml").write_bytes(component.read_bytes())
    git(folder, "init", "--quiet", f"--initial-branch={HOSTILE_BRANCH}")
    git(folder, "remote", "add", "origin", "https://gitlab.example.com/tools/exlogare.git")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=All")
    return folder


def run(project: Path, name: str, changes: Mapping[str, str], inputs: Mapping[str, str], **variables: str) -> Done:
    """Run an example, with further inputs of the component and variables of the project."""
    document = yaml.safe_load(example(name, {REFERENCE: f"@{git(project, 'rev-parse', 'HEAD')}", **changes}))
    document["include"][0]["inputs"] |= inputs
    (project / ".gitlab-ci.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    given = {"GITLAB_CI": "true", **variables}
    done = subprocess.run(
        [*installed(GITLAB), "--force-shell-executor", "--ignore-predefined-vars=GITLAB_CI",
         *(f"--variable={name}={value}" for name, value in given.items())],
        cwd=project,
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(project.parent)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        timeout=TIMEOUT_S,
    )  # fmt: skip
    return Done(passed=done.returncode == 0, log=done.stdout)


def test_pages_pipeline_stores_the_root_cause(project: Path, inbox: Inbox, record: Record) -> None:
    """The page's pipeline fails as its job does; the component's job fetches that job's log, explains and uploads."""
    with answering(GITLABS_API) as api:
        done = run(
            project, "gitlab/gitlab-ci.yml", {SERVER: inbox.url}, {"ci_api_url": f"{api.url}/api/v4"},
            EXLOGARE_TOKEN=inbox.token, EXLOGARE_CI_TOKEN="glpat-1234",
        )  # fmt: skip

    assert not done.passed
    stored = inbox.only()
    told = {key: stored[key] for key in ("provider_label", "project_path", "job_name", "ci_job_id", "branch", "status")}
    assert told == {
        "provider_label": "gitlab", "project_path": "tools/exlogare", "job_name": "test", "ci_job_id": "42",
        "branch": HOSTILE_BRANCH, "status": "failed",
    }, done.log  # fmt: skip
    assert FAILED_TEST in stored["root_cause"]
    assert {token for _, token in api.asked} == {"glpat-1234"}
    assert list(project.rglob("pwned")) == []
    record("gitlab", ENGINE, True, failing=stored["root_cause"])


def test_wrapping_job(project: Path, inbox: Inbox) -> None:
    """With ``run`` the component's job is the build: it fails as the build does, and stores the root cause."""
    done = run(project, "gitlab/wrap.yml", {SERVER: inbox.url}, {}, EXLOGARE_TOKEN=inbox.token)

    assert not done.passed
    assert (FAILED_TEST in inbox.only()["root_cause"], inbox.only()["job_name"]) == (True, "test"), done.log


def test_passing_pipeline_sends_nothing(project: Path, inbox: Inbox, record: Record) -> None:
    """Of a pipeline that passes nothing is sent, neither by the job behind nor by the job that wraps."""
    behind = run(
        project, "gitlab/gitlab-ci.yml", {SERVER: inbox.url, BUILD: "echo fine"}, {}, EXLOGARE_TOKEN=inbox.token
    )
    wrapped = run(project, "gitlab/wrap.yml", {SERVER: inbox.url, BUILD: "echo fine"}, {}, EXLOGARE_TOKEN=inbox.token)

    assert (behind.passed, wrapped.passed, inbox.arrived()) == (True, True, []), wrapped.log
    record("gitlab", ENGINE, True, passing="sent nothing")


@pytest.mark.parametrize(("command", "passed"), [("echo fine", True), ("echo broken; exit 7", False)])
def test_outage_of_the_server(command: str, passed: bool, project: Path, record: Record) -> None:
    """With the server away the job ends as its build does."""
    changes = {SERVER: DEAD_URL, BUILD: command}

    done = run(project, "gitlab/wrap.yml", changes, {"timeout": "2"}, EXLOGARE_TOKEN="exl_0123456789")

    assert (done.passed, done.log.count("test > exl: not uploaded: ")) == (passed, 0 if passed else 1), done.log
    assert passed or "FAIL 7" in done.log
    record("gitlab", ENGINE, True, outage="exit code kept")


def test_hostile_names_and_logs(project: Path, inbox: Inbox, record: Record) -> None:
    """Neither an input, nor a branch's name, nor what a build prints is executed; a script's own variables are kept."""
    (project / "hostile").write_text(f"error: {HOSTILE}\n", encoding="utf-8")
    script = 'NAME=hostile; cat "$NAME"; exit 3'

    done = run(
        project, "gitlab/wrap.yml", {SERVER: inbox.url, f"run: {BUILD}": f"run: '{script}'"}, {"project": HOSTILE},
        EXLOGARE_TOKEN=inbox.token,
    )  # fmt: skip

    assert not done.passed
    stored = inbox.only()
    assert (stored["project_path"], stored["branch"]) == (HOSTILE, HOSTILE_BRANCH), done.log
    assert list(project.rglob("pwned")) == []
    record("gitlab", ENGINE, True, hostile="only text")
