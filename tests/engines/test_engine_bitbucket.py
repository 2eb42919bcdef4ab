"""The Bitbucket pipe: its image run by podman with what Bitbucket hands to a pipe, where the example has it."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.engines.builds import BUILD, FAILED_TEST, HOSTILE, HOSTILE_BRANCH, SERVER, example, failing_build
from tests.engines.conftest import DEAD_URL, Inbox
from tests.plugins.engines import Record
from tests.plugins.images import Images

pytestmark = [pytest.mark.slow, pytest.mark.needs("containers"), pytest.mark.xdist_group("container")]

HARNESS: Final = "Bitbucket's steps, podman"
PIPE: Final = "docker://exlogare/bitbucket:0.1.0"
# https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
BITBUCKET: Final = {
    "CI": "true",
    "BITBUCKET_BUILD_NUMBER": "7",
    "BITBUCKET_COMMIT": "6bca3f1e4d5a60718293a4b5c6d7e8f901234567",
    "BITBUCKET_REPO_FULL_NAME": "acme/shop",
    "BITBUCKET_BRANCH": HOSTILE_BRANCH,
    "BITBUCKET_PIPELINE_UUID": "{9a4c1e0e-6d6a-4c5f-8a53-5f0a6a8a9d11}",
    "BITBUCKET_STEP_UUID": "{1f0a6a8a-9d11-4c5f-8a53-9a4c1e0e6d6a}",
}


class Pipelines:
    """A step as https://support.atlassian.com/bitbucket-cloud/docs/step-options/ describes it.

    The script runs in bash and stops at the first line that fails; then ``after-script`` runs, which knows the exit
    code; a pipe is a container with the clone mounted, Bitbucket's variables and its own.

    Args:
        images: where the pipe's image is.
        project: the clone.
    """

    def __init__(self, images: Images, project: Path) -> None:
        self.images = images
        self.project = project

    def run(self, document: str, secured: Mapping[str, str], **variables: Any) -> tuple[int, int, str]:
        """Run the one step; give its exit code, that of the pipe, and what the pipe printed."""
        step = yaml.safe_load(document)["pipelines"]["default"][0]["step"]
        build = subprocess.run(
            ["bash", "-e", "-c", "\n".join(step["script"])],
            cwd=self.project, check=False, capture_output=True, timeout=60,
        )  # fmt: skip
        [after] = step["after-script"]
        assert after["pipe"] == PIPE
        known = {**secured, "BITBUCKET_EXIT_CODE": str(build.returncode)}
        given = {**after["variables"], **variables}
        # A value that is a variable's name is that variable's value.
        given = {name: known.get(str(value).removeprefix("$"), value) for name, value in given.items()}
        clone = "/opt/atlassian/pipelines/agent/build"
        options = [f"--env={name}={value}" for name, value in {**BITBUCKET, **given}.items()]
        argv = ["podman", "run", "--rm", f"--volume={self.project}:{clone}", f"--workdir={clone}", *options]
        done = self.images.engine.call([*argv, self.images.of("bitbucket")])
        return build.returncode, done.code, done.output


@pytest.fixture
def pipelines(images: Images, tmp_path: Path) -> Pipelines:
    """A step on the failing build."""
    project = failing_build(tmp_path / "project")
    (project / "hostile").write_text(f"error: {HOSTILE}\n", encoding="utf-8")
    return Pipelines(images, project)


def test_failing_step(pipelines: Pipelines, inbox: Inbox, record: Record) -> None:
    """Behind a step that failed the pipe explains its log and stores the root cause."""
    document = example("bitbucket/bitbucket-pipelines.yml", {SERVER: inbox.url})

    build, pipe, said = pipelines.run(document, {"EXLOGARE_TOKEN": inbox.token})

    assert (build, pipe) == (1, 0), said
    stored = inbox.only()
    told = {key: stored[key] for key in ("provider_label", "project_path", "branch", "status")}
    assert told == {
        "provider_label": "bitbucket", "project_path": "acme/shop", "branch": HOSTILE_BRANCH, "status": "failed",
    }  # fmt: skip
    assert FAILED_TEST in stored["root_cause"]
    record("bitbucket", HARNESS, False, failing=stored["root_cause"])


def test_passing_step(pipelines: Pipelines, inbox: Inbox, record: Record) -> None:
    """Behind a step that passed nothing is sent; nor where it is not known how the step ended."""
    document = example("bitbucket/bitbucket-pipelines.yml", {SERVER: inbox.url, BUILD: "echo fine"})

    passed = pipelines.run(document, {"EXLOGARE_TOKEN": inbox.token})
    unknown = pipelines.run(document, {"EXLOGARE_TOKEN": inbox.token}, STATUS="")

    assert (passed[:2], unknown[:2], inbox.arrived()) == ((0, 0), (0, 0), [])
    assert "nothing is sent" in passed[2]
    assert "add STATUS: $BITBUCKET_EXIT_CODE" in unknown[2]
    record("bitbucket", HARNESS, False, passing="sent nothing")


def test_outage_of_the_server(pipelines: Pipelines, record: Record) -> None:
    """With the server away the pipe passes, and says in one line that nothing was sent."""
    document = example("bitbucket/bitbucket-pipelines.yml", {SERVER: DEAD_URL})

    _, pipe, said = pipelines.run(document, {"EXLOGARE_TOKEN": "exl_0123456789"}, TIMEOUT="2")

    assert (pipe, said.count("exl: not uploaded: ")) == (0, 1), said
    record("bitbucket", HARNESS, False, outage="pipe passed, one line")


def test_hostile_log_and_variables(pipelines: Pipelines, inbox: Inbox, record: Record) -> None:
    """Neither a variable nor what a build prints is executed."""
    changes = {SERVER: inbox.url, BUILD: "sh -c 'cat hostile; exit 3'"}
    document = example("bitbucket/bitbucket-pipelines.yml", changes)

    build, pipe, said = pipelines.run(document, {"EXLOGARE_TOKEN": inbox.token}, PROJECT=HOSTILE)

    assert (build, pipe, inbox.only()["project_path"]) == (3, 0, HOSTILE), said
    assert list(pipelines.project.rglob("pwned")) == []
    record("bitbucket", HARNESS, False, hostile="only text")


def test_run_does_not_see_the_token(pipelines: Pipelines, inbox: Inbox) -> None:
    """A command that the pipe runs sees neither the token nor the pipe's other settings."""
    document = example("bitbucket/bitbucket-pipelines.yml", {SERVER: inbox.url, "LOG_PATH: build.log": "RUN: env"})

    _, pipe, said = pipelines.run(document, {"EXLOGARE_TOKEN": inbox.token})

    assert pipe == 0
    assert "BITBUCKET_BUILD_NUMBER=7" in said
    assert inbox.token not in said
