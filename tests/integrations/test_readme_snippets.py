"""The README's examples do what the README says, on the failing build that comes with the project.

The commands are read out of the README and run by a plain shell with each service's documented variables.
That is no CI engine; the GitHub example is run by one in ``test_github_action.py``.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
import requests

from exlogare_ci.analysis.scan import default_cache_dir
from scripts.demo import running
from tests.integrations.recorder import Recorder, recording
from tests.integrations.snippets import COMMANDS_OF, README, ROOT, commands, documented_snippets

_SHA: Final = "6bca3f1e4d5a60718293a4b5c6d7e8f901234567"


class Service(msgspec.Struct, frozen=True):
    """What one CI service sets, and what has to arrive for it.

    Attributes:
        env: a part of the variables that its documentation names.
        path: where the upload goes.
        fields: fields of the body that must be as given.
    """

    env: Mapping[str, str]
    path: str
    fields: Mapping[str, Any]


SERVICES: Final[Mapping[str, Service]] = {
    # https://docs.gitlab.com/ci/variables/predefined_variables/
    "gitlab": Service(
        env={
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_PROJECT_PATH": "acme/shop",
            "CI_PIPELINE_ID": "4711",
            "CI_JOB_ID": "815",
            "CI_JOB_NAME": "test",
            "CI_COMMIT_REF_NAME": "main",
            "CI_COMMIT_SHA": _SHA,
        },
        path="/api/ingest/log",
        fields={
            "provider": "gitlab",
            "project": "acme/shop",
            "pipeline_id": "4711",
            "job_id": "815",
            "branch": "main",
        },
    ),
    # https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables
    "jenkins": Service(
        env={
            "JENKINS_URL": "https://jenkins.example.com/",
            "JOB_NAME": "shop/main",
            "BUILD_NUMBER": "12",
            "BUILD_TAG": "jenkins-shop-main-12",
            "BUILD_URL": "https://jenkins.example.com/job/shop/job/main/12/",
        },
        path="/api/ingest/jenkins",
        fields={"job": "shop/main", "build_number": 12, "status": "FAILURE"},
    ),
    # https://circleci.com/docs/reference/variables/#built-in-environment-variables
    "circleci": Service(
        env={
            "CI": "true",
            "CIRCLECI": "true",
            "CIRCLE_PROJECT_USERNAME": "acme",
            "CIRCLE_PROJECT_REPONAME": "shop",
            "CIRCLE_REPOSITORY_URL": "git@github.com:acme/shop.git",
            "CIRCLE_WORKFLOW_ID": "5d2f6c7e-0001-4a7b-9d0e-2f3a4b5c6d7e",
            "CIRCLE_JOB": "test",
            "CIRCLE_BUILD_NUM": "77",
            "CIRCLE_BRANCH": "main",
            "CIRCLE_SHA1": _SHA,
        },
        path="/api/ingest/circleci",
        fields={"project_slug": "gh/acme/shop", "job_name": "test", "job_number": 77, "status": "failed"},
    ),
    # https://www.jetbrains.com/help/teamcity/predefined-build-parameters.html
    "teamcity": Service(
        env={
            "TEAMCITY_VERSION": "2025.07",
            "TEAMCITY_PROJECT_NAME": "Shop",
            "TEAMCITY_BUILDCONF_NAME": "Tests",
            "BUILD_NUMBER": "33",
            "BUILD_VCS_NUMBER": _SHA,
            "TEAMCITY_BUILD_PROPERTIES_FILE": "build.properties",
        },
        path="/api/ingest/teamcity",
        fields={"build_type_id": "Shop_Tests", "build_id": 9001, "build_number": "33"},
    ),
    # https://docs.drone.io/pipeline/environment/reference/
    "drone": Service(
        env={
            "CI": "true",
            "DRONE": "true",
            "DRONE_REPO": "acme/shop",
            "DRONE_BUILD_NUMBER": "5",
            "DRONE_STAGE_NAME": "default",
            "DRONE_STEP_NAME": "test",
            "DRONE_BRANCH": "main",
            "DRONE_COMMIT_SHA": _SHA,
        },
        path="/api/ingest/drone",
        fields={"repo": "acme/shop", "build_number": 5, "step": "test", "branch": "main"},
    ),
    # https://woodpecker-ci.org/docs/usage/environment
    "woodpecker": Service(
        env={
            "CI": "woodpecker",
            "CI_REPO": "acme/shop",
            "CI_PIPELINE_NUMBER": "6",
            "CI_WORKFLOW_NAME": "test",
            "CI_STEP_NAME": "test",
            "CI_COMMIT_BRANCH": "main",
            "CI_COMMIT_SHA": _SHA,
        },
        path="/api/ingest/drone",
        fields={"repo": "acme/shop", "build_number": 6, "branch": "main"},
    ),
    # https://buildkite.com/docs/pipelines/configure/environment-variables
    "buildkite": Service(
        env={
            "CI": "true",
            "BUILDKITE": "true",
            "BUILDKITE_REPO": "git@github.com:acme/shop.git",
            "BUILDKITE_BUILD_ID": "0190-4711",
            "BUILDKITE_BUILD_NUMBER": "7",
            "BUILDKITE_JOB_ID": "0190-815",
            "BUILDKITE_LABEL": "test",
            "BUILDKITE_BRANCH": "main",
            "BUILDKITE_COMMIT": _SHA,
        },
        path="/api/ingest/log",
        fields={"provider": "buildkite", "project": "acme/shop", "pipeline_id": "0190-4711", "job_id": "0190-815"},
    ),
    # https://www.appveyor.com/docs/environment-variables/
    "appveyor": Service(
        env={
            "CI": "true",
            "APPVEYOR": "true",
            "APPVEYOR_REPO_NAME": "acme/shop",
            "APPVEYOR_BUILD_ID": "4711",
            "APPVEYOR_BUILD_NUMBER": "8",
            "APPVEYOR_JOB_ID": "abc815",
            "APPVEYOR_REPO_BRANCH": "main",
            "APPVEYOR_REPO_COMMIT": _SHA,
        },
        path="/api/ingest/log",
        fields={"provider": "appveyor", "project": "acme/shop", "pipeline_id": "4711", "job_id": "abc815"},
    ),
    # https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables
    "azure": Service(
        env={
            "TF_BUILD": "True",
            "BUILD_REPOSITORY_NAME": "acme/shop",
            "BUILD_BUILDID": "4711",
            "BUILD_BUILDNUMBER": "20261123.1",
            "SYSTEM_JOBID": "815",
            "SYSTEM_JOBDISPLAYNAME": "test",
            "BUILD_SOURCEBRANCH": "refs/heads/main",
            "BUILD_SOURCEVERSION": _SHA,
        },
        path="/api/ingest/log",
        fields={"provider": "azure", "project": "acme/shop", "pipeline_id": "4711", "job_id": "815", "branch": "main"},
    ),
    # https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
    "bitbucket": Service(
        env={
            "CI": "true",
            "BITBUCKET_REPO_FULL_NAME": "acme/shop",
            "BITBUCKET_BUILD_NUMBER": "9",
            "BITBUCKET_PIPELINE_UUID": "{3c2d9c4e-7a55-4c0a-8a1f-0d5f8ab1c9d7}",
            "BITBUCKET_STEP_UUID": "{9b1c0c56-0f43-4d55-9c4e-6e9f6d0f1a2b}",
            "BITBUCKET_BRANCH": "main",
            "BITBUCKET_COMMIT": _SHA,
        },
        path="/api/ingest/log",
        fields={
            "provider": "bitbucket",
            "project": "acme/shop",
            "pipeline_id": "3c2d9c4e-7a55-4c0a-8a1f-0d5f8ab1c9d7",
            "job_id": "9b1c0c56-0f43-4d55-9c4e-6e9f6d0f1a2b",
            "branch": "main",
        },
    ),
    # https://docs.gitea.com/usage/actions/comparison
    "gitea": Service(
        env={
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITEA_ACTIONS": "true",
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_RUN_ID": "4711",
            "GITHUB_RUN_NUMBER": "10",
            "GITHUB_JOB": "test",
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_REF_NAME": "main",
            "GITHUB_SHA": _SHA,
        },
        path="/api/ingest/log",
        fields={"provider": "gitea", "project": "acme/shop", "pipeline_id": "4711", "branch": "main"},
    ),
}

_TEAMCITY_BUILD_PROPERTIES = "teamcity.configuration.properties.file=config.properties\nteamcity.build.id=9001\n"
_TEAMCITY_CONFIG_PROPERTIES = "teamcity.buildType.id=Shop_Tests\nteamcity.build.id=9001\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout of the failing build, with the files that a TeamCity agent would put beside it."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / "failing-build", folder)
    (folder / "build.properties").write_text(_TEAMCITY_BUILD_PROPERTIES, encoding="utf-8")
    (folder / "config.properties").write_text(_TEAMCITY_CONFIG_PROPERTIES, encoding="utf-8")
    return folder


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A server that accepts what arrives."""
    with recording() as server:
        yield server


def plain_environment(project: Path) -> dict[str, str]:
    """An environment with exl in it, in which pip installs nothing but insists on the right distribution."""
    tools = project.parent / "tools"
    tools.mkdir()
    pip = '#!/bin/sh\ncase $* in\n"install exlogare-ci" | "install exlogare-ci[server]") ;;\n*) exit 1 ;;\nesac\n'
    (tools / "pip").write_text(pip, encoding="utf-8")
    (tools / "pip").chmod(0o755)
    return {
        "PATH": os.pathsep.join((str(tools), str(Path(sys.executable).parent), os.environ["PATH"])),
        "HOME": str(project.parent),
        "EXLOGARE_CACHE_DIR": str(default_cache_dir()),  # compiled once for all tests, not once for each
        "PYTHON": sys.executable,
    }


def shell(lines: list[str], project: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """Run commands as a CI's shell would: stopping at the first that fails; return exit code and output."""
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(lines)],
        cwd=project,
        env={**plain_environment(project), **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout


def server_of(recorder: Recorder) -> dict[str, str]:
    """The two variables that the README asks to set."""
    return {"EXLOGARE_URL": recorder.url, "EXLOGARE_TOKEN": "exl_0123456789"}


def test_every_marked_snippet_is_run() -> None:
    """Each marked example is run by a test, and each test has its example."""
    assert set(documented_snippets()) == {*COMMANDS_OF, "github-action"}
    assert set(COMMANDS_OF) == {*SERVICES, "post-failure", "server", "use"}


def test_every_example_of_a_package_is_the_file_that_an_engine_ran() -> None:
    """What the README shows of a package is a file in examples, whole, and a test of the engines runs that file."""
    text = README.read_text(encoding="utf-8")
    shown = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    assert {name: (ROOT / name).read_text(encoding="utf-8") for name in shown} == shown
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "engines").glob("*.py"))
    unnamed = [name for name in shown if Path(name).name not in tests and Path(name).stem.split(".")[0] not in tests]
    assert unnamed == []
    assert len(shown) >= 10


@pytest.mark.slow
@pytest.mark.parametrize("name", SERVICES)
def test_wrapping_example(name: str, project: Path, recorder: Recorder) -> None:
    """The example ends as the build does, shows the root cause, and uploads to the service's endpoint."""
    service = SERVICES[name]

    code, output = shell(commands(name), project, {**service.env, **server_of(recorder)})

    assert code == 2, output
    assert "test_discount_holds_for_every_piece" in output
    assert "3480 != 3240" in output
    upload = recorder.only_upload()
    assert (upload.path, upload.authorization) == (service.path, "Bearer exl_0123456789")
    assert {key: upload.body.get(key) for key in service.fields} == service.fields
    assert "AssertionError: 3480 != 3240" in upload.body["log"]


@pytest.mark.slow
def test_post_failure_example(project: Path, recorder: Recorder) -> None:
    """A log that another step wrote is sent with the run that the environment describes."""
    (project / "build.log").write_text("make: *** [Makefile:4: test] Error 1\n", encoding="utf-8")

    code, output = shell(commands("post-failure"), project, {**SERVICES["drone"].env, **server_of(recorder)})

    assert code == 0, output
    upload = recorder.only_upload()
    assert upload.path == "/api/ingest/drone"
    assert upload.body["repo"] == "acme/shop"
    assert upload.body["log"] == "make: *** [Makefile:4: test] Error 1\n"


@pytest.mark.slow
def test_first_use_example(project: Path) -> None:
    """The first commands that a reader tries do what their comments say, with no server and no settings."""
    install, run, analyze = commands("use")
    (project / "build.log").write_text("src/main.rs:3:5: error[E0425]: cannot find value `x`\n", encoding="utf-8")

    wrapped = shell([install, run], project, {})
    shutil.rmtree(project.parent / "tools")
    analysed = shell([analyze], project, {})

    assert wrapped[0] == 2
    assert "3480 != 3240" in wrapped[1].split("Root cause:")[1]
    assert analysed[0] == 0
    assert "Root cause:" in analysed[1]


@pytest.mark.slow
def test_server_example(project: Path) -> None:
    """The server's commands give a token and a server that answers; only the port and the place are others."""
    *prepare, serve = commands("server")
    (project / "password.txt").write_text("a long enough password\n", encoding="utf-8")

    code, token = shell(prepare, project, {})
    env = {"PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))}
    argv = shlex.split(serve.replace("./data", str(project / "data")).replace(":8080", ":0"))
    with running(argv, project.parent / "server.log", env) as url:
        health = requests.get(f"{url}/healthz", timeout=10)

    assert code == 0, token
    assert token.strip().splitlines()[-1].startswith("exl_")
    assert health.status_code == 200
