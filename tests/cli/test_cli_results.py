"""``--report``: results in the CI service's own places, from the command line."""

import json
import os
import stat
from pathlib import Path

import pytest

from tests.cli.exl_in_process import call_exl
from tests.cli.exl_process import clean_env, run_exl
from tests.client.scripted_server import ScriptedServer, answer

LOG = b"src/app.c:3:5: error: expected expression\n"
RUN = ("run", "--no-upload")
FAILING = ("--", "sh", "-c", "echo 'src/app.c:3:5: error: expected expression'; exit 2")


def analyze(tmp_path: Path, *options: str, **env: str) -> tuple[int, str, str]:
    """Run ``exl analyze`` over a log: exit code, output, errors."""
    (tmp_path / "build.log").write_bytes(LOG)
    done = call_exl("analyze", *options, "build.log", cwd=tmp_path, env=env)
    return done.exit_code, done.stdout, done.stderr


def run(tmp_path: Path, *options: str, **env: str) -> tuple[int, str, str]:
    """Run a failing build with ``exl run``: exit code, output, errors."""
    done = run_exl(*RUN, *options, *FAILING, env=clean_env(**env), cwd=tmp_path)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_run_speaks_to_teamcity(tmp_path: Path) -> None:
    """By itself, on standard output where TeamCity reads, behind the command's own output."""
    code, printed, _ = run(tmp_path, TEAMCITY_VERSION="2025.11")

    assert code == 2
    own, message, status = printed.splitlines()
    assert own == "src/app.c:3:5: error: expected expression"
    assert message.startswith("##teamcity[message text='Root cause: ")
    assert status.startswith("##teamcity[buildStatus text='{build.status.text}; ")


def test_commands_start_a_line_of_their_own(tmp_path: Path) -> None:
    """Also behind a command whose last line has no end."""
    command = ("--", "sh", "-c", "printf 'src/app.c:3:5: error: expected expression'; exit 2")
    done = run_exl(*RUN, *command, env=clean_env(TEAMCITY_VERSION="2025.11"), cwd=tmp_path)

    first, second, _ = done.stdout.decode().splitlines()
    assert first == "src/app.c:3:5: error: expected expression"
    assert second.startswith("##teamcity[message ")


def test_run_is_silent_towards_the_service_when_told(tmp_path: Path) -> None:
    """With --report none there is the text alone."""
    code, printed, said = run(tmp_path, "--report", "none", TEAMCITY_VERSION="2025.11")

    assert (code, "##teamcity" in printed) == (2, False)
    assert "Root cause:" in said


def test_run_writes_files_into_the_named_folder(tmp_path: Path) -> None:
    """JUnit and the service's own; without the option none."""
    run(tmp_path, GITLAB_CI="true")
    assert list(tmp_path.iterdir()) == []

    code, _, _ = run(tmp_path, "--report-dir", "out/reports", GITLAB_CI="true")
    assert code == 2
    folder = tmp_path / "out" / "reports"
    assert sorted(path.name for path in folder.iterdir()) == ["exlogare-junit.xml", "gl-code-quality-report.json"]
    (entry,) = json.loads((folder / "gl-code-quality-report.json").read_bytes())
    assert entry["location"] == {"path": "src/app.c", "lines": {"begin": 3}}


def test_run_annotates_through_the_agent(tmp_path: Path) -> None:
    """The Buildkite agent gets the Markdown on its standard input; one that fails costs a line."""
    agent = tmp_path / "buildkite-agent"
    agent.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/argv\ncat > {tmp_path}/body\n')
    agent.chmod(agent.stat().st_mode | stat.S_IXUSR)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"

    code, _, said = run(tmp_path, BUILDKITE="true", PATH=path)
    assert code == 2
    assert (tmp_path / "argv").read_text() == "annotate --style error --context exlogare\n"
    assert (tmp_path / "body").read_text().startswith("### ")
    assert "the result is not in" not in said

    agent.write_text("#!/bin/sh\ncat > /dev/null\necho 'fatal: not in a job' >&2\nexit 9\n")
    code, _, said = run(tmp_path, BUILDKITE="true", PATH=path)
    assert code == 2
    assert (
        "exl: the result is not in the build's annotation: buildkite-agent ended with 9: fatal: not in a job.\n" in said
    )


def test_service_that_is_down_changes_nothing(tmp_path: Path) -> None:
    """The exit code is the command's, the text is there, and one line says what is missing."""
    with ScriptedServer(answer(503)).running() as server:
        code, _, said = run(tmp_path, APPVEYOR="True", APPVEYOR_API_URL=f"{server.url}/")

    assert code == 2
    assert "Root cause:" in said
    assert "exl: the result is not in AppVeyor's build messages: the build agent answered 503.\n" in said


def test_analyze_reports_in_a_job(tmp_path: Path) -> None:
    """With text for people, automatically; a program that reads JSON gets JSON alone."""
    code, printed, said = analyze(tmp_path, GITHUB_ACTIONS="true")
    assert (code, printed.startswith("== build.log\n")) == (0, True)
    assert said.startswith("::error file=src/app.c,line=3,col=5,")

    code, printed, said = analyze(tmp_path, "--format", "json", TEAMCITY_VERSION="2025.11")
    assert (code, said) == (0, "")
    assert json.loads(printed)["failed"] is True


def test_analyze_reports_all_files_together(tmp_path: Path) -> None:
    """One JUnit file with a case for each log that failed."""
    (tmp_path / "good.log").write_text("all is well\n")
    (tmp_path / "other.log").write_bytes(LOG)
    analyze(tmp_path, "--report", "junit", "other.log", "good.log")

    text = (tmp_path / "exlogare-report" / "exlogare-junit.xml").read_text()
    assert 'tests="2" failures="2"' in text
    assert text.count("<testcase ") == 2


def test_analyze_masks_before_it_reports(tmp_path: Path) -> None:
    """What the environment holds as secret stands in no report, though the file held it."""
    secret = "hunter2-hunter2"
    (tmp_path / "secret.log").write_text(f"src/{secret}.c:3:5: error: expected expression {secret}\n")
    options = ("analyze", "--report-dir", "out", "--report", "junit,gitlab,jenkins", "secret.log")

    assert call_exl(*options, cwd=tmp_path, env={"DEPLOY_PASSWORD": secret}).exit_code == 0
    written = [path.read_text() for path in (tmp_path / "out").iterdir()]
    assert len(written) == 3
    assert not [text for text in written if secret in text]


def test_run_masks_the_names_of_the_job(tmp_path: Path) -> None:
    """What somebody named the job after a secret stands in no report either."""
    env = {"GITLAB_CI": "true", "CI_JOB_NAME": "deploy hunter2-hunter2", "DEPLOY_PASSWORD": "hunter2-hunter2"}
    run(tmp_path, "--report-dir", "out", **env)

    text = (tmp_path / "out" / "exlogare-junit.xml").read_text()
    assert 'name="root cause of deploy [masked' in text
    assert "hunter2" not in text


def test_analyze_comments_on_github(tmp_path: Path) -> None:
    """By name, with the token: listed, then written."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7}}))
    with ScriptedServer(answer(200, b"[]"), answer(201, {"id": 1})).running() as server:
        code, _, said = analyze(
            tmp_path,
            *("--report", "github-comment"),
            GITHUB_ACTIONS="true",
            GITHUB_API_URL=server.url,
            GITHUB_EVENT_NAME="pull_request",
            GITHUB_EVENT_PATH=str(event),
            GITHUB_REF="refs/pull/7/merge",
            GITHUB_REPOSITORY="org/shop",
            GITHUB_TOKEN="ghs_made-up-made-up",
        )

    assert (code, said) == (0, "")
    assert [(asked.method, asked.path) for asked in server.asked] == [
        ("GET", "/repos/org/shop/issues/7/comments?per_page=100&page=1"),
        ("POST", "/repos/org/shop/issues/7/comments"),
        ("GET", "/repos/org/shop/issues/7/comments?per_page=100&page=1"),
    ]
    assert server.asked[1].headers["authorization"] == "Bearer ghs_made-up-made-up"
    assert server.asked[1].json()["body"].startswith("<!-- exlogare:")


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("gitbub", "there is no 'gitbub'. Known are: auto, none, github,"),
        ("", "no name is given."),
        ("none,github", "none goes with no other name."),
    ],
)
def test_unknown_places_are_refused(value: str, problem: str, tmp_path: Path) -> None:
    """Before the command is run: a mistake is seen at once and not when a build fails."""
    marker = tmp_path / "ran"
    done = call_exl("run", "--report", value, "--", "touch", str(marker), cwd=tmp_path)

    assert done.exit_code == 2
    assert problem in done.stderr
    assert not marker.exists()


def test_wrong_forced_service_is_said_and_passed_over(tmp_path: Path) -> None:
    """A misspelt EXLOGARE_CI costs a line, not the analysis."""
    code, printed, said = analyze(tmp_path, EXLOGARE_CI="gitbub")

    assert (code, "Root cause:" in printed) == (0, True)
    assert "gitbub" in said
