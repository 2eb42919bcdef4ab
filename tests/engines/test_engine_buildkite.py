"""The Buildkite plugin in jobs that the real agent's bootstrap runs: checkout, plugin, hooks, command."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
import yaml

from tests.engines.builds import BUILD, FAILED_TEST, HOSTILE, HOSTILE_BRANCH, SERVER, example, failing_build
from tests.engines.conftest import DEAD_URL, Inbox
from tests.integrations.snippets import ROOT
from tests.plugins.engines import Record
from tests.plugins.go_engines import BUILDKITE, built

# One worker builds the agent.
pytestmark = [pytest.mark.slow, pytest.mark.needs("go"), pytest.mark.xdist_group("buildkite")]

ENGINE: Final = f"buildkite-agent bootstrap {BUILDKITE.version}"
PLUGIN: Final = "exlogare/exlogare#v0.1.0"
TIMEOUT_S: Final = 120.0


class Done(msgspec.Struct, frozen=True):
    """How a job ended: its exit code, and what it printed."""

    code: int
    log: str


def repository(folder: Path, branch: str = "main") -> Path:
    """Make a folder a git repository."""
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    for argv in (
        ("init", "--quiet", f"--initial-branch={branch}"),
        ("add", "--all"),
        (*identity, "commit", "--quiet", "--message=All"),
        ("tag", "v0.1.0"),
    ):
        subprocess.run(["git", *argv], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """The plugin's repository, under the name that gives its settings their prefix."""
    folder = tmp_path / "exlogare-buildkite-plugin"
    for path in (ROOT / "integrations" / "buildkite").rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(ROOT / "integrations" / "buildkite")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            target.chmod(path.stat().st_mode)
    return repository(folder)


def run(
    plugin: Path, name: str, inbox: Inbox, *, changes: Mapping[str, str] | None = None, url: str | None = None,
    settings: Mapping[str, Any] | None = None, with_exl: bool = True, **variables: str,
) -> Done:  # fmt: skip
    """Run an example's step as the agent does when it has got the job from Buildkite."""
    folder = plugin.parent
    project = failing_build(folder / "project")
    (project / "hostile").write_text(f"error: {HOSTILE}\n", encoding="utf-8")
    repository(project, HOSTILE_BRANCH)
    step = yaml.safe_load(example(name, {SERVER: url or inbox.url, **(changes or {})}))["steps"][0]
    given = {**step["plugins"][0][PLUGIN], **(settings or {})}
    exl = [str(Path(sys.executable).parent)] if with_exl else []
    # https://buildkite.com/docs/pipelines/configure/environment-variables
    env = {
        "PATH": os.pathsep.join([*exl, "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(folder),
        "CI": "true",
        "BUILDKITE": "true",
        "BUILDKITE_LABEL": step["label"],
        "BUILDKITE_BUILD_ID": folder.name,
        "BUILDKITE_BUILD_NUMBER": "7",
        "BUILDKITE_JOB_ID": "815",
        "BUILDKITE_ORGANIZATION_SLUG": "acme",
        "BUILDKITE_PIPELINE_SLUG": "shop",
        "BUILDKITE_PIPELINE_PROVIDER": "git",
        "BUILDKITE_AGENT_NAME": "agent-1",
        "BUILDKITE_BRANCH": HOSTILE_BRANCH,
        "BUILDKITE_COMMIT": "HEAD",
        "BUILDKITE_REPO": str(project),
        "BUILDKITE_COMMAND": step["command"],
        "BUILDKITE_PLUGINS": json.dumps([{f"file://{plugin}#v0.1.0": given}]),
        "BUILDKITE_COMMAND_EVAL": "true",
        "BUILDKITE_PLUGINS_ENABLED": "true",
        "BUILDKITE_PLUGIN_VALIDATION": "true",
        "BUILDKITE_LOCAL_HOOKS_ENABLED": "true",
        "BUILDKITE_GIT_SUBMODULES": "false",
        "BUILDKITE_BUILD_PATH": str(folder / "builds"),
        "BUILDKITE_PLUGINS_PATH": str(folder / "plugins"),
        "BUILDKITE_HOOKS_PATH": str(folder / "hooks"),
        "BUILDKITE_SSH_KEYSCAN": "false",
        "EXLOGARE_TOKEN": inbox.token,
        "EXLOGARE_PROJECT": "acme/shop",
        **variables,
    }
    done = subprocess.run(
        [str(built(BUILDKITE)), "bootstrap"],
        cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False, timeout=TIMEOUT_S,
    )  # fmt: skip
    return Done(done.returncode, done.stdout)


@pytest.mark.parametrize("name", ["buildkite/pipeline.yml", "buildkite/log-file.yml"])
def test_failing_job(name: str, plugin: Path, inbox: Inbox, record: Record) -> None:
    """The page's steps fail as their command does, and the root cause is stored."""
    done = run(plugin, name, inbox)

    assert done.code == 1, done.log
    stored = inbox.only()
    told = {key: stored[key] for key in ("provider_label", "project_path", "branch", "ci_job_id", "status")}
    assert told == {
        "provider_label": "buildkite", "project_path": "acme/shop", "branch": HOSTILE_BRANCH, "ci_job_id": "815",
        "status": "failed",
    }, done.log  # fmt: skip
    assert FAILED_TEST in stored["root_cause"]
    assert list(plugin.parent.rglob("pwned")) == []
    record("buildkite", ENGINE, True, failing=stored["root_cause"])


@pytest.mark.parametrize("name", ["buildkite/pipeline.yml", "buildkite/log-file.yml"])
def test_passing_job(name: str, plugin: Path, inbox: Inbox, record: Record) -> None:
    """A command passes as without us, in the agent's own shell, and nothing is sent."""
    done = run(plugin, name, inbox, changes={BUILD: "false | echo fine && echo token ${EXLOGARE_TOKEN:-none}"})

    assert (done.code, inbox.arrived()) == (0, []), done.log
    assert name.endswith("log-file.yml") or "token none" in done.log
    record("buildkite", ENGINE, True, passing="sent nothing")


def test_outage_of_the_server(plugin: Path, inbox: Inbox, record: Record) -> None:
    """With the server away the job's exit code is the command's, and one line says that nothing was sent."""
    changes = {BUILD: "echo broken; exit 42"}

    done = run(plugin, "buildkite/pipeline.yml", inbox, changes=changes, url=DEAD_URL, settings={"timeout": 2})

    assert (done.code, done.log.count("exl: not uploaded: ")) == (42, 1), done.log
    record("buildkite", ENGINE, True, outage="exit code kept")


def test_hostile_log_and_settings(plugin: Path, inbox: Inbox, record: Record) -> None:
    """Neither a setting nor what a command prints is executed."""
    changes = {BUILD: "cat hostile; exit 3"}

    done = run(plugin, "buildkite/pipeline.yml", inbox, changes=changes, settings={"project": HOSTILE})

    assert (done.code, inbox.only()["project_path"]) == (3, HOSTILE), done.log
    assert list(plugin.parent.rglob("pwned")) == []
    record("buildkite", ENGINE, True, hostile="only text")


def test_a_misspelt_setting_is_refused_by_the_agent(plugin: Path, inbox: Inbox) -> None:
    """The agent checks settings against the plugin's own list of them."""
    done = run(plugin, "buildkite/pipeline.yml", inbox, settings={"logpath": "x"})

    assert done.code != 0
    assert "logpath" in done.log


def test_command_runs_where_exl_cannot_be_had(plugin: Path, inbox: Inbox) -> None:
    """Without exl, and with no way to get it, the command runs all the same and the job ends as it does."""
    done = run(
        plugin, "buildkite/pipeline.yml", inbox, changes={BUILD: "echo ran; exit 5"}, with_exl=False,
        PIP_INDEX_URL="http://127.0.0.1:9/", PIP_NO_INDEX="true",
    )  # fmt: skip

    assert done.code == 5, done.log
    assert "\nran\n" in done.log.replace("\r", "")
    assert "The command runs without it." in done.log
