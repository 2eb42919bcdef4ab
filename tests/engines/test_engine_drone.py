"""The plugin image in whole pipelines, run by Drone's own runner, and in the environment that Woodpecker gives."""

import json
import os
import shutil
import subprocess
import zlib
from collections.abc import Iterator, Mapping
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
from tests.plugins.go_engines import DRONE, built
from tests.plugins.images import Images

pytestmark = [pytest.mark.slow, pytest.mark.needs("containers"), pytest.mark.xdist_group("container")]

RUNNER: Final = f"Drone's Docker runner {DRONE.version}, on podman"
BUILD_IMAGE: Final = "python:3.12-slim"
PLUGIN: Final = "exlogare/drone:0.1.0"
TIMEOUT_S: Final = 120.0
BUILD_OF_DRONE: Final = {
    "stages": [{"number": 1, "steps": [
        {"number": 1, "name": "test", "status": "failure"}, {"number": 2, "name": "exlogare", "status": "running"},
    ]}],
}  # fmt: skip
"""As https://docs.drone.io/api/builds/build_info/ tells it."""
LOG_OF_DRONE: Final = [{"pos": n, "out": f"{line}\n", "time": n} for n, line in enumerate(FAILED_LOG.splitlines())]
"""As https://docs.drone.io/api/builds/build_logs/ tells it."""


class Done(msgspec.Struct, frozen=True):
    """How a pipeline ended.

    Attributes:
        passed: whether it passed.
        log: what it printed.
        steps: step to its status, as the engine saw it.
    """

    passed: bool
    log: str
    steps: dict[str, str] = {}


class Runner:
    """Drone's runner, with pipelines run on podman.

    Args:
        images: where the images are.
        address: the container engine's.
        project: the user's repository.
    """

    def __init__(self, images: Images, address: str, project: Path) -> None:
        self.images = images
        self.address = address
        self.project = project
        # So that no test renews another's analysis, each has a build of its own.
        self.number = zlib.crc32(str(project).encode())

    def run(self, name: str, inbox_url: str, *options: str, changes: Mapping[str, str] | None = None) -> Done:
        """Run an example, with the images and the server that there are here.

        ``exec`` of this runner stops at ``from_secret``, so the secrets stand in the copy; the network is this
        machine's, where the tests' servers listen.
        """
        usual = {BUILD_IMAGE: self.images.base, PLUGIN: self.images.of("drone"), SERVER: inbox_url}
        document = yaml.safe_load(example(name, usual | dict(changes or {})))
        for step in document["steps"]:
            step |= {"pull": "never", "network_mode": "host"}
            for setting, value in step.get("settings", {}).items():
                if isinstance(value, dict):
                    step["settings"][setting] = self.secrets[value["from_secret"]]
        (self.project / ".drone.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
        done = subprocess.run(
            [str(built(DRONE)), "exec", "--repo-slug=acme/shop", "--repo-trusted", "--dump",
             f"--build-number={self.number}", *options, ".drone.yml"],
            cwd=self.project,
            env={"PATH": os.environ["PATH"], "HOME": str(self.project.parent), "DOCKER_HOST": self.address},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            timeout=TIMEOUT_S,
        )  # fmt: skip
        log, _, state = done.stdout.rpartition("\n{\n")
        steps = json.loads("{" + state)["Stage"]["steps"]
        return Done(done.returncode == 0, log, {step["name"]: step["status"] for step in steps})

    secrets: Mapping[str, str] = {"exlogare_token": "exl_0123456789", "drone_token": "token-of-drone"}


@pytest.fixture(scope="module")
def address(images: Images) -> Iterator[str]:
    """Where the container engine listens."""
    with images.engine.service() as address:
        yield address


@pytest.fixture
def drone(images: Images, address: str, inbox: Inbox, tmp_path: Path) -> Runner:
    """Drone's runner in a repository with a failing build."""
    runner = Runner(images, address, failing_build(tmp_path / "project"))
    runner.secrets = {**runner.secrets, "exlogare_token": inbox.token}
    return runner


def without_podmans(log: str) -> str:
    """A log without the engine's numbering of lines."""
    return "\n".join(line.split("] ", 1)[-1] for line in log.splitlines())


@pytest.mark.needs("go")
def test_pages_pipeline_stores_the_root_cause(drone: Runner, inbox: Inbox, record: Record) -> None:
    """The page's pipeline fails as its build does; the plugin fetches the log by Drone's API, explains and uploads."""
    api_of = {
        f"/api/repos/acme/shop/builds/{drone.number}": BUILD_OF_DRONE,
        f"/api/repos/acme/shop/builds/{drone.number}/logs/1/1": LOG_OF_DRONE,
    }
    with answering(api_of) as api:
        host = api.url.removeprefix("http://")
        done = drone.run("drone/drone.yml", inbox.url, "--system-proto=http", f"--system-host={host}")

    assert not done.passed
    assert done.steps == {"test": "failure", "exlogare": "success"}
    assert {token for _, token in api.asked} == {"Bearer token-of-drone"}
    stored = inbox.only()
    told = {key: stored[key] for key in ("provider", "project_path", "ci_run_id", "ci_job_id", "status")}
    assert told == {
        "provider": "drone", "project_path": "acme/shop", "ci_run_id": f"acme/shop#{drone.number}", "ci_job_id": "test",
        "status": "failure",
    }  # fmt: skip
    assert FAILED_TEST in stored["root_cause"]
    record("drone", RUNNER, True, failing=stored["root_cause"])


@pytest.mark.needs("go")
def test_pages_pipeline_with_a_log_file(drone: Runner, inbox: Inbox) -> None:
    """Without a token of Drone's, the plugin reads the log that the build wrote into the workspace."""
    done = drone.run("drone/log-file.yml", inbox.url)

    assert not done.passed
    assert FAILED_TEST in inbox.only()["root_cause"]


@pytest.mark.needs("go")
def test_passing_pipeline_sends_nothing(drone: Runner, inbox: Inbox, record: Record) -> None:
    """Of a build that passes nothing is sent, even where the plugin runs after every build."""
    changes = {BUILD: "echo fine", "status: [failure]": "status: [success, failure]"}

    done = drone.run("drone/log-file.yml", inbox.url, changes=changes)

    assert done.passed, done.log
    assert done.steps == {"test": "success", "exlogare": "success"}
    assert inbox.arrived() == []
    record("drone", RUNNER, True, passing="sent nothing")


@pytest.mark.needs("go")
def test_outage_of_the_server_changes_nothing(drone: Runner, record: Record) -> None:
    """With the server away the plugin's step passes."""
    changes = {BUILD: "false", "log_path: build.log": "log_path: Makefile\n      timeout: 2"}

    done = drone.run("drone/log-file.yml", DEAD_URL, changes=changes)

    # What the step printed is not asserted: podman may end a followed log before its last lines have come.
    assert done.steps == {"test": "failure", "exlogare": "success"}
    record("drone", RUNNER, True, outage="step passed")


@pytest.mark.needs("go")
def test_hostile_names_and_logs_are_only_text(drone: Runner, inbox: Inbox, record: Record) -> None:
    """Neither a branch's name nor what a build prints is executed, by us or by the engine."""
    (drone.project / "hostile").write_text(f"error: {HOSTILE}\n", encoding="utf-8")
    changes = {BUILD: "sh -c 'cat hostile; exit 1'"}

    done = drone.run("drone/log-file.yml", inbox.url, f"--commit-target={HOSTILE_BRANCH}", changes=changes)

    assert "\n::set-output" not in without_podmans(done.log)
    assert inbox.only()["branch"] == HOSTILE_BRANCH
    assert list(drone.project.rglob("pwned")) == []
    record("drone", RUNNER, True, hostile="only text")


# What an agent of version 3 gives a plugin: https://woodpecker-ci.org/docs/usage/environment, and the imitation of
# Drone's variables, https://github.com/woodpecker-ci/woodpecker/blob/main/pipeline/frontend/metadata/drone_compatibility.go
WOODPECKER: Final = json.loads(
    (ROOT / "tests" / "adapters" / "fixtures" / "woodpecker" / "plugin_step.json").read_text(encoding="utf-8")
)["env"]


def run_plugin(images: Images, folder: Path, env: Mapping[str, str]) -> Done:
    """Run the image as an agent does: with an environment, in the workspace."""
    folder.chmod(0o755)  # it is read by another user
    options = [f"--env={name}={value}" for name, value in env.items()]
    argv = ["podman", "run", "--rm", f"--volume={folder}:/work", *options, images.of("drone")]
    done = images.engine.call(argv)
    return Done(passed=done.code == 0, log=done.output)


def settings(inbox: Inbox, **given: str) -> dict[str, str]:
    """Settings of a step, as the engine hands them on."""
    values = {"url": inbox.url, "token": inbox.token, "log_path": "build.log", **given}
    return {f"PLUGIN_{name.upper()}": value for name, value in values.items()}


def test_woodpeckers_environment(images: Images, inbox: Inbox, tmp_path: Path, record: Record) -> None:
    """A failed pipeline's log is stored; Drone's imitated status, always success, is not what counts."""
    (tmp_path / "build.log").write_text(FAILED_LOG, encoding="utf-8")
    assert WOODPECKER["DRONE_BUILD_STATUS"] == "success"

    done = run_plugin(images, tmp_path, {**WOODPECKER, "CI_PIPELINE_STATUS": "failure", **settings(inbox)})

    assert done.passed, done.log
    stored = inbox.only()
    assert (stored["provider"], stored["project_path"], stored["status"]) == ("drone", WOODPECKER["CI_REPO"], "failure")
    assert FAILED_TEST in stored["root_cause"]
    record("drone", "Woodpecker's environment", False, failing=stored["root_cause"])


def test_woodpeckers_passing_pipeline(images: Images, inbox: Inbox, tmp_path: Path, record: Record) -> None:
    """Of a pipeline that has not failed nothing is sent."""
    (tmp_path / "build.log").write_text(FAILED_LOG, encoding="utf-8")

    done = run_plugin(images, tmp_path, {**WOODPECKER, "CI_PIPELINE_STATUS": "success", **settings(inbox)})

    assert (done.passed, inbox.arrived()) == (True, []), done.log
    record("drone", "Woodpecker's environment", False, passing="sent nothing")


def test_woodpeckers_hostile_settings(images: Images, inbox: Inbox, tmp_path: Path, record: Record) -> None:
    """No value of a setting or a branch is executed, and a misspelt setting is named."""
    (tmp_path / "build.log").write_text(f"error: {HOSTILE}\n", encoding="utf-8")
    tmp_path.chmod(0o777)
    given = settings(inbox, project=HOSTILE, logpath="x")
    env = {**WOODPECKER, "CI_PIPELINE_STATUS": "failure", "CI_COMMIT_BRANCH": HOSTILE_BRANCH, **given}
    env.pop("CI_COMMIT_SOURCE_BRANCH", None)
    env.pop("CI_COMMIT_PULL_REQUEST", None)

    done = run_plugin(images, tmp_path, env)

    assert done.passed, done.log
    assert "there is no setting logpath (did you mean log_path?)" in done.log
    assert (inbox.only()["project_path"], inbox.only()["branch"]) == (HOSTILE, HOSTILE_BRANCH)
    assert list(tmp_path.rglob("pwned")) == []
    record("drone", "Woodpecker's environment", False, hostile="only text")


def test_outage_in_woodpecker(images: Images, inbox: Inbox, tmp_path: Path, record: Record) -> None:
    """With the server away the step passes; with ``strict`` it does not."""
    (tmp_path / "build.log").write_text(FAILED_LOG, encoding="utf-8")
    env = {**WOODPECKER, "CI_PIPELINE_STATUS": "failure", **settings(inbox, url=DEAD_URL, timeout="2")}

    lenient, strict = (run_plugin(images, tmp_path, {**env, "PLUGIN_STRICT": strict}) for strict in ("false", "true"))

    assert (lenient.passed, strict.passed) == (True, False), lenient.log
    assert FAILED_TEST in lenient.log
    assert lenient.log.count("exl: not uploaded: ") == 1
    record("drone", "Woodpecker's environment", False, outage="step passed, one line")


@pytest.mark.skipif(shutil.which("woodpecker-cli") is None, reason="woodpecker-cli is in no package registry")
def test_pages_pipeline_in_woodpecker(
    images: Images, address: str, inbox: Inbox, tmp_path: Path, record: Record
) -> None:
    """Where Woodpecker's own command is there, it runs the page's pipeline, on podman."""
    project = failing_build(tmp_path / "project")
    changes = {
        BUILD_IMAGE: images.base, PLUGIN: images.of("drone"), SERVER: inbox.url,
        BUILD: f"{BUILD} >build.log 2>&1", "ci_token: {from_secret: woodpecker_token}": "log_path: build.log",
        "when: [": "network_mode: host\n    when: [",
    }  # fmt: skip
    (project / ".woodpecker.yml").write_text("skip_clone: true\n" + example("drone/woodpecker.yml", changes))

    done = subprocess.run(
        ["woodpecker-cli", "exec", "--local", "--repo-path=.", "--backend-engine=docker", "--repo=acme/shop",
         "--repo-trusted-network",
         "--pipeline-number=7", f"--commit-branch={HOSTILE_BRANCH}", f"--secrets=exlogare_token={inbox.token}",
         ".woodpecker.yml"],
        cwd=project, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DOCKER_HOST": address},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        timeout=TIMEOUT_S,
    )  # fmt: skip

    assert done.returncode != 0
    stored: dict[str, Any] = inbox.only()
    assert (stored["branch"], FAILED_TEST in stored["root_cause"]) == (HOSTILE_BRANCH, True), done.stdout
    assert list(project.rglob("pwned")) == []
    record("drone", "woodpecker-cli, on podman", True, failing=stored["root_cause"], hostile="only text")
