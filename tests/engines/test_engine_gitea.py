"""The action in Gitea's environment: run by act, of which Gitea's runner is a fork, with the variables of that runner.

Gitea's own runner is in no package registry.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.engines.builds import BUILD, FAILED_TEST, HOSTILE, HOSTILE_BRANCH, example, failing_build
from tests.engines.conftest import DEAD_URL, Inbox
from tests.integrations import act
from tests.plugins.engines import Record

pytestmark = [pytest.mark.slow, pytest.mark.needs("act")]

HARNESS: Final = "act with Gitea's variables"
STEPS_PATH: Final = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
# https://docs.gitea.com/usage/actions/comparison and https://forgejo.org/docs/latest/user/actions/reference/
GITEA: Final = {"GITEA_ACTIONS": "true"}
FORGEJO: Final = {"GITEA_ACTIONS": "true", "FORGEJO_ACTIONS": "true"}
USES: Final = {"https://github.com/exlogare": "exlogare"}


def run(
    folder: Path, inbox: Inbox, changes: Mapping[str, str], *, url: str | None = None,
    environment: Mapping[str, str] = GITEA, branch: str = "main",
) -> act.Run:  # fmt: skip
    """Run the page's workflow on the failing build."""
    project = failing_build(folder / "project")
    (project / "hostile").write_text(f"error: {HOSTILE}\n", encoding="utf-8")
    act.commit(project, example("gitea/wrap.yml", {**USES, **changes}), branch=branch)
    origin = f"https://gitea.example.com/acme/{folder.name}.git"  # the engine numbers every run 1
    subprocess.run(["git", "remote", "set-url", "origin", origin], cwd=project, check=True)
    return act.run_workflow(
        project, path=STEPS_PATH, secrets={"EXLOGARE_TOKEN": inbox.token}, variables={"EXLOGARE_URL": url or inbox.url},
        environment=environment,
    )  # fmt: skip


@pytest.mark.parametrize(("label", "environment"), [("gitea", GITEA), ("forgejo", FORGEJO)])
def test_failing_workflow(
    label: str, environment: dict[str, str], tmp_path: Path, inbox: Inbox, record: Record
) -> None:
    """The page's workflow fails as its build does, and the root cause is stored under the service's own name."""
    done = run(tmp_path, inbox, {}, environment=environment, branch=HOSTILE_BRANCH)

    assert not done.passed
    stored = inbox.only()
    assert (stored["provider_label"], stored["branch"]) == (label, HOSTILE_BRANCH), done.log
    assert FAILED_TEST in stored["root_cause"]
    assert list(tmp_path.rglob("pwned")) == []
    record("gitea", HARNESS, False, failing=stored["root_cause"])


def test_passing_workflow(tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """Of a workflow that passes nothing is sent."""
    done = run(tmp_path, inbox, {f"run: {BUILD}\n": "run: echo fine\n"})

    assert (done.passed, inbox.arrived()) == (True, []), done.log
    record("gitea", HARNESS, False, passing="sent nothing")


def test_outage_and_hostile_log(tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """With the server away the step ends as its command does, and what it prints is not executed."""
    changes = {f"run: {BUILD}\n": "run: cat hostile; exit 7\n          timeout: 2\n"}

    done = run(tmp_path, inbox, changes, url=DEAD_URL)

    assert not done.passed
    assert "exit status 7" in done.log
    assert list(tmp_path.rglob("pwned")) == []
    record("gitea", HARNESS, False, outage="exit code kept", hostile="only text")
