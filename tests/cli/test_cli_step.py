"""``exl step``: settings from variables, a script that is wrapped, a log that is explained and sent."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from exlogare_ci.cli.step_settings import CLIENT_VARIABLES, STEP_VARIABLES, from_prefix
from exlogare_ci.settings import KNOWN_VARIABLES
from tests.cli.exl_process import patched
from tests.integrations.recorder import ANALYSIS_ID, Recorder, recording

TOKEN: Final = "exl_0123456789abcdef"
LOG: Final = (
    "$ make\n"
    "cart.c:3:5: error: 'total' undeclared (first use in this function)\n"
    "make: *** [Makefile:2: cart.o] Error 1\n"
)


@pytest.fixture
def server() -> Iterator[Recorder]:
    """A server that accepts what arrives."""
    with recording() as recorder:
        yield recorder


def step(folder: Path, *arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command with these variables alone."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "EXLOGARE_CACHE_DIR": str(Path.home() / ".cache/exl-tests")}
    return subprocess.run(
        [sys.executable, "-m", "exlogare_ci", "step", *arguments],
        cwd=folder, env=env | variables, input=stdin, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_every_setting_has_a_known_variable() -> None:
    """No variable of a setting is called misspelt by another command."""
    assert {*STEP_VARIABLES.values(), *CLIENT_VARIABLES.values()} - KNOWN_VARIABLES.keys() == set()


def test_settings_of_a_prefix_become_our_variables() -> None:
    """Any setting is read under a service's own name; an empty one is none."""
    env = {"PLUGIN_LOG_PATH": "a.log", "PLUGIN_URL": "", "PLUGIN_FAIL_ON_ERROR": "true", "OTHER": "x"}
    assert from_prefix(env, "PLUGIN_") == ({"EXLOGARE_LOG_PATH": "a.log", "EXLOGARE_STRICT": "true"}, None)


def test_an_unknown_setting_is_named_with_the_one_that_was_meant() -> None:
    """A misspelt setting is not passed over in silence."""
    _, unknown = from_prefix({"PLUGIN_LOGPATH": "a.log"}, "PLUGIN_")
    assert (unknown or "").startswith("there is no setting logpath (did you mean log_path?). Known are: allow_http, ")


@pytest.mark.slow
def test_a_script_ends_as_it_ends_and_its_failure_is_sent(tmp_path: Path, server: Recorder) -> None:
    """The script's exit code is the step's; what it printed is explained and uploaded."""
    (tmp_path / "build.log").write_text(LOG, encoding="utf-8")
    done = step(
        tmp_path, "--prefix", "PLUGIN_", PLUGIN_RUN="cat build.log\nfalse | true\necho never", PLUGIN_TOKEN=TOKEN,
        PLUGIN_URL=server.url, PLUGIN_PROJECT="org/repo",
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, LOG)
    assert "Root cause: " in done.stderr
    body = server.only_upload().body
    assert ("cart.c:3:5" in body["log"], body["project"]) == (True, "org/repo")


@pytest.mark.slow
def test_a_script_does_not_see_our_tokens(tmp_path: Path) -> None:
    """The build has no use for the token under any of its names."""
    done = step(
        tmp_path, "--prefix", "PLUGIN_", EXLOGARE_RUN="env", PLUGIN_TOKEN=TOKEN, PLUGIN_CI_TOKEN="secret-of-the-ci",
        EXLOGARE_URL="http://127.0.0.1:9",
    )  # fmt: skip
    assert done.returncode == 0
    assert (TOKEN in done.stdout, "secret-of-the-ci" in done.stdout) == (False, False)


@pytest.mark.slow
def test_a_log_is_explained_and_sent_once_with_its_status(tmp_path: Path, server: Recorder) -> None:
    """The log of a failed job is shown and uploaded; a file says what became of it."""
    (tmp_path / "build.log").write_text(LOG, encoding="utf-8")
    done = step(
        tmp_path, EXLOGARE_LOG_PATH="build.log", EXLOGARE_STATUS="timeout", EXLOGARE_TOKEN=TOKEN,
        EXLOGARE_URL=server.url, EXLOGARE_PROJECT="org/repo", EXLOGARE_PROVIDER="my-ci",
        EXLOGARE_OUTPUT_FILE="out.json",
    )  # fmt: skip
    assert done.returncode == 0
    body = server.only_upload().body
    assert (body["provider"], body["status"], body["project"]) == ("my-ci", "timeout", "org/repo")
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (told["result"], told["analysis_id"]) == ("uploaded", ANALYSIS_ID)
    assert "'total' undeclared" in told["root_cause"]


@pytest.mark.slow
@pytest.mark.parametrize("status", ["success", "Succeeded", "running"])
def test_of_a_job_that_did_not_fail_nothing_is_sent(tmp_path: Path, server: Recorder, status: str) -> None:
    """A step that runs always is harmless behind a job that passed."""
    (tmp_path / "build.log").write_text(LOG, encoding="utf-8")
    done = step(
        tmp_path, EXLOGARE_LOG_PATH="build.log", EXLOGARE_STATUS=status, EXLOGARE_TOKEN=TOKEN, EXLOGARE_URL=server.url
    )
    assert (done.returncode, server.arrived) == (0, [])
    assert done.stderr == f"exl: the job's status is {status!r}, which is no failure; nothing is sent.\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variables", "code", "said"),
    [
        (
            {"EXLOGARE_LOG_PATH": "missing.log"},
            3,
            "exl: the log cannot be read: No such file or directory (missing.log).",
        ),
        ({"EXLOGARE_LOG_PATH": "empty.log"}, 3, "exl: the log is empty"),
        ({}, 3, "For this step: set log_path, or run."),
        ({"EXLOGARE_LOG_PATH": "build.log", "EXLOGARE_TOKEN": TOKEN}, 4, "exl: error: not uploaded: No server is set."),
        ({"EXLOGARE_WORKING_DIRECTORY": "nowhere"}, 2, "exl: the working directory cannot be entered"),
        ({"PLUGIN_LOGPATH": "build.log"}, 2, "exl: there is no setting logpath"),
    ],
)
def test_what_goes_wrong_is_a_line_and_only_with_strictness_an_exit_code(
    tmp_path: Path, variables: dict[str, str], code: int, said: str
) -> None:
    """By default nothing of ours changes a job's result, and yet nothing is silent."""
    (tmp_path / "build.log").write_text(LOG, encoding="utf-8")
    (tmp_path / "empty.log").write_text("\n", encoding="utf-8")
    relaxed = step(tmp_path, "--prefix", "PLUGIN_", **variables)
    strict = step(tmp_path, "--prefix", "PLUGIN_", EXLOGARE_STRICT="1", **variables)
    assert (relaxed.returncode, strict.returncode) == (0, code)
    assert said in strict.stderr
    assert said.replace("error: ", "") in relaxed.stderr


@pytest.mark.slow
def test_a_misspelt_report_costs_a_line_and_never_the_build(tmp_path: Path) -> None:
    """The script runs, and ends as it ends; with strictness the mistake is an exit code before anything is run."""
    (tmp_path / "build.log").write_text(LOG, encoding="utf-8")
    said = "exl: there is no 'githb'. Known are: auto, none, github,"
    wrapped = step(tmp_path, EXLOGARE_RUN="echo built; exit 3", EXLOGARE_REPORT="githb")
    explained = step(tmp_path, EXLOGARE_LOG_PATH="build.log", EXLOGARE_REPORT="githb")
    strict = step(tmp_path, EXLOGARE_RUN="echo built", EXLOGARE_REPORT="githb", EXLOGARE_STRICT="1")
    assert (wrapped.returncode, wrapped.stdout, said in wrapped.stderr) == (3, "built\n", True)
    assert (explained.returncode, said in explained.stderr) == (0, True)
    assert "Root cause: " in explained.stderr
    assert (strict.returncode, strict.stdout, said in strict.stderr) == (2, "", True)


@pytest.mark.slow
def test_a_script_runs_where_no_file_can_be_written(tmp_path: Path) -> None:
    """With every folder for temporary files full or read-only, the build still runs, without our tokens."""
    code = """
import tempfile
def mkdtemp(**_):
    raise OSError(28, "No space left on device")
tempfile.mkdtemp = mkdtemp"""
    script = 'echo "built:$EXLOGARE_TOKEN"\nfalse | true\necho never'
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "EXLOGARE_TOKEN": TOKEN, "EXLOGARE_RUN": script}
    done = subprocess.run(
        [*patched(code), "step"], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (1, "built:\n")


@pytest.mark.slow
def test_a_script_never_runs_in_the_wrong_folder(tmp_path: Path) -> None:
    """A build that did not run must not look like one that passed, strict or not."""
    done = step(tmp_path, EXLOGARE_RUN="touch ran", EXLOGARE_WORKING_DIRECTORY="nowhere")
    assert (done.returncode, (tmp_path / "ran").exists()) == (2, False)


@pytest.mark.slow
def test_a_status_that_says_nothing_is_passed_over(tmp_path: Path, server: Recorder) -> None:
    """In a job's own script GitLab calls it running, however the command before us ended."""
    (tmp_path / "build.log").write_text(LOG, encoding="utf-8")
    gitlab = {"GITLAB_CI": "true", "CI_PROJECT_PATH": "org/repo", "CI_PIPELINE_ID": "7", "CI_JOB_STATUS": "running"}
    done = step(tmp_path, EXLOGARE_LOG_PATH="build.log", EXLOGARE_TOKEN=TOKEN, EXLOGARE_URL=server.url, **gitlab)

    assert done.returncode == 0
    assert server.only_upload().body["status"] == "failed"


@pytest.mark.slow
def test_a_scripts_failure_is_the_given_providers(tmp_path: Path, server: Recorder) -> None:
    """The CI service that is named is the one that the upload names, where none can be detected."""
    step(tmp_path, EXLOGARE_RUN="echo broken; exit 3", EXLOGARE_PROVIDER="our-ci", EXLOGARE_PROJECT="org/repo",
         EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN)  # fmt: skip

    assert server.only_upload().body["provider"] == "our-ci"
