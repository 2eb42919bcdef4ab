"""The Azure template in pipelines run by a harness of Azure's documented rules; Azure's API is a stand-in."""

import os
import re
import subprocess
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.engines.builds import BUILD, FAILED_LOG, FAILED_TEST, HOSTILE, HOSTILE_BRANCH, SERVER, example, failing_build
from tests.engines.conftest import DEAD_URL, Inbox
from tests.engines.log_api import answering
from tests.integrations.snippets import ROOT
from tests.plugins.engines import Record

pytestmark = pytest.mark.slow

HARNESS: Final = "Azure's steps, in bash"
TEMPLATE: Final = ROOT / "integrations" / "azure" / "exlogare.yml"
JOB: Final = "12f1170f-54f2-53f3-20dd-22fc7dff55f9"
# https://learn.microsoft.com/azure/devops/pipelines/build/variables
AZURE: Final = {
    "TF_BUILD": "True",
    "BUILD_BUILDNUMBER": "20261123.1",
    "BUILD_REPOSITORY_NAME": "acme/shop",
    "BUILD_SOURCEBRANCH": f"refs/heads/{HOSTILE_BRANCH}",
    "SYSTEM_JOBID": JOB,
    "SYSTEM_JOBDISPLAYNAME": "test",
    "SYSTEM_TEAMPROJECT": "shop",
}
# https://learn.microsoft.com/rest/api/azure/devops/build/timeline/get and .../builds/get-build-log
AZURES_API: Final[Mapping[str, Any]] = {
    r"/acme/shop/_apis/build/builds/[0-9]+/timeline\?.*": {
        "records": [{"type": "Task", "name": "test", "result": "failed", "parentId": JOB, "log": {"id": 9}}]
    },
    r"/acme/shop/_apis/build/builds/[0-9]+/logs/9\?.*": FAILED_LOG,
}


class Agent:
    """A job's steps as https://learn.microsoft.com/azure/devops/pipelines/process/ describes them.

    Parameters are put in before anything runs; a macro ``$(name)`` is replaced where there is such a variable, and
    secret variables are nowhere else; bash steps run without ``-e``; a condition decides on each step.

    Args:
        project: the sources.
        variables: the pipeline's variables, the secret ones among them.
    """

    def __init__(self, project: Path, variables: Mapping[str, str]) -> None:
        self.project = project
        self.variables = variables

    def run(self, document: str, **parameters: str) -> tuple[bool, str]:
        """Run a pipeline's steps; give whether the job passed, and what it printed."""
        passed, said = True, ""
        for step in yaml.safe_load(document)["steps"]:
            expanded = self._expanded(step["parameters"] | parameters) if "template" in step else [step]
            for one in expanded:
                condition = one.get("condition", "succeeded()")
                assert condition in ("succeeded()", "failed()", "always()")
                if condition != "always()" and passed is not (condition == "succeeded()"):
                    continue
                code, output = self._bash(one, "Succeeded" if passed else "Failed")
                passed, said = passed and code == 0, said + output
        return passed, said

    def _expanded(self, given: Mapping[str, str]) -> list[dict[str, Any]]:
        template = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
        names = {parameter["name"]: parameter["default"] for parameter in template["parameters"]}
        assert set(given) <= set(names), "Azure refuses unknown parameters"
        values = {**names, **given}

        def put_in(node: Any) -> Any:
            if isinstance(node, dict):
                return {key: put_in(value) for key, value in node.items()}
            if isinstance(node, list):
                return [put_in(value) for value in node]
            return re.sub(r"\$\{\{ parameters\.(\w+) \}\}", lambda found: values[found[1]], node)

        steps: list[dict[str, Any]] = put_in(template["steps"])
        return steps

    def _bash(self, step: Mapping[str, Any], status: str) -> tuple[int, str]:
        def macros(text: str) -> str:
            return re.sub(r"\$\(([\w.]+)\)", lambda found: self.variables.get(found[1], found[0]), text)

        env = {name: macros(value) for name, value in step.get("env", {}).items()}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", macros(step["bash"])],
            cwd=self.project, env={"PATH": path, "HOME": str(self.project.parent), **AZURE,
                 "BUILD_BUILDID": str(zlib.crc32(str(self.project).encode())),
                 "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI": self.variables.get("api", "http://127.0.0.1:9/acme/"),
                 "AGENT_JOBSTATUS": status, **env},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            timeout=120,
        )  # fmt: skip
        return done.returncode, done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The failing build."""
    folder = failing_build(tmp_path / "project")
    (folder / "hostile").write_text(f"error: {HOSTILE}\n", encoding="utf-8")
    return folder


def test_failing_pipeline(project: Path, inbox: Inbox, record: Record) -> None:
    """The page's pipeline fails as its build does; our step fetches the failed task's log, explains and uploads."""
    with answering(AZURES_API) as api:
        variables = {"EXLOGARE_TOKEN": inbox.token, "System.AccessToken": "eyJ0", "api": f"{api.url}/acme/"}
        passed, said = Agent(project, variables).run(example("azure/azure-pipelines.yml", {SERVER: inbox.url}))

    assert not passed
    stored = inbox.only()
    told = {key: stored[key] for key in ("provider_label", "project_path", "branch", "job_name", "status")}
    assert told == {
        "provider_label": "azure", "project_path": "acme/shop", "branch": HOSTILE_BRANCH, "job_name": "test",
        "status": "failed",
    }, said  # fmt: skip
    assert FAILED_TEST in stored["root_cause"]
    assert {token for _, token in api.asked} == {"Bearer eyJ0"}
    assert list(project.rglob("pwned")) == []
    record("azure", HARNESS, False, failing=stored["root_cause"])


def test_wrapping_step(project: Path, inbox: Inbox) -> None:
    """With ``run`` our step is the build: it fails as the build does, which sees none of our tokens."""
    changes = {SERVER: inbox.url, BUILD: f"env; {BUILD}"}
    variables = {"EXLOGARE_TOKEN": inbox.token, "System.AccessToken": "eyJ0-secret"}

    passed, said = Agent(project, variables).run(example("azure/wrap.yml", changes))

    assert (passed, FAILED_TEST in inbox.only()["root_cause"]) == (False, True)
    assert "TF_BUILD=True" in said
    assert inbox.token not in said
    assert "eyJ0-secret" not in said


def test_passing_pipeline(project: Path, inbox: Inbox, record: Record) -> None:
    """Of a build that passes nothing is sent, by neither of the page's pipelines."""
    variables = {"EXLOGARE_TOKEN": inbox.token}
    behind = Agent(project, variables).run(
        example("azure/azure-pipelines.yml", {SERVER: inbox.url, BUILD: "echo fine"})
    )
    wrapped = Agent(project, variables).run(example("azure/wrap.yml", {SERVER: inbox.url, f"n: {BUILD}": "n: echo"}))

    assert (behind[0], wrapped[0], inbox.arrived()) == (True, True, []), wrapped[1]
    record("azure", HARNESS, False, passing="sent nothing")


@pytest.mark.parametrize(("command", "passed"), [("echo fine", True), ("exit 7", False)])
def test_outage_of_the_server(command: str, passed: bool, project: Path, record: Record) -> None:
    """With the server away the step ends as its command does."""
    document = example("azure/wrap.yml", {SERVER: DEAD_URL, f"run: {BUILD}": f"run: {command}"})

    result, said = Agent(project, {"EXLOGARE_TOKEN": "exl_0123456789"}).run(document, timeout="2")

    assert result is passed, said
    record("azure", HARNESS, False, outage="result kept")


def test_hostile_log_and_parameters(project: Path, inbox: Inbox, record: Record) -> None:
    """Neither a parameter nor what a build prints is executed; a token that is not set is none."""
    document = example("azure/wrap.yml", {SERVER: inbox.url, f"run: {BUILD}": "run: cat hostile; exit 3"})

    passed, said = Agent(project, {}).run(document, project=HOSTILE)
    Agent(project, {"EXLOGARE_TOKEN": inbox.token}).run(document, project=HOSTILE)

    assert not passed
    assert "is no API token" not in said
    assert inbox.only()["project_path"] == HOSTILE
    assert list(project.rglob("pwned")) == []
    record("azure", HARNESS, False, hostile="only text")
