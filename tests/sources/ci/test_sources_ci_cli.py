"""``exl ingest`` without a log file: the log comes from the CI service, and the run is that of the failed job."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from exlogare_ci.cli import exit_codes
from tests.cli.exl_in_process import call_exl
from tests.client.scripted_server import ScriptedServer, accept
from tests.sources.ci.ci_case import Answer, Case, Service, first_case, load

TOKEN = "exl_made-up-for-tests-0123456789"


def ingest(service: Service, case: Case, *arguments: str, server: ScriptedServer | None = None) -> Result:
    """Run ``exl ingest`` in the case's job."""
    for name, text in case.files.items():
        (service.tmp / name).write_text(service.fill(text), encoding="utf-8")
    env = {name: service.fill(value) for name, value in case.env.items()}
    if server is not None:
        env |= {"EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN}
    return call_exl("ingest", "--no-git", "--status", "failed", *arguments, cwd=service.tmp, env=env)


def test_the_log_of_the_failed_job_is_sent(tmp_path: Path) -> None:
    """On GitHub from a later job: log, job and address are those of the job that failed."""
    case = first_case("github")
    with Service(case.answers, tmp_path).running() as service, ScriptedServer(accept()).running() as server:
        done = ingest(service, case, server=server)
    body = server.asked[0].json()

    assert done.exit_code == 0
    assert done.stderr == (
        "exl: got the log of job test (3.12), failing step make test (failed too: docs) from GitHub\n"
    )
    assert done.stdout.startswith(f"exl: sent 1 KiB of log to {server.url}, analysis ")
    assert body["log"] == case.expect.log
    assert (body["job_id"], body["job_name"], body["pipeline_id"]) == ("12", "test (3.12)", "900")


def test_what_an_option_says_wins(tmp_path: Path) -> None:
    """Over what the service told of the job."""
    case = first_case("github")
    with Service(case.answers, tmp_path).running() as service:
        done = ingest(service, case, "--job-name", "mine", "--dry-run", "--format", "json")

    assert json.loads(done.stdout)["body"]["job_name"] == "mine"
    assert json.loads(done.stdout)["body"]["job_id"] == "12"


def test_teamcity_needs_nothing_but_its_own_files(tmp_path: Path) -> None:
    """The build's own credentials are used, and masked in what is sent."""
    case = first_case("teamcity")
    answers = [Answer(path=case.answers[0].path, text="password is made-up-token-7\nFAIL\n")]
    with Service(answers, tmp_path).running() as service, ScriptedServer(accept()).running() as server:
        done = ingest(service, case, "--project", "app", server=server)

    assert done.exit_code == 0
    assert server.asked[0].json()["log"] == "password is [masked:value]\nFAIL\n"


def test_a_source_is_forced(tmp_path: Path) -> None:
    """Whatever service is detected."""
    case = first_case("appveyor")
    env = {**case.env, "APPVEYOR": "", "DRONE": "true", "DRONE_REPO": "org/app", "DRONE_BUILD_NUMBER": "3"}
    with Service(case.answers, tmp_path).running() as service, ScriptedServer(accept()).running() as server:
        done = ingest(service, Case(env=env), "--from", "appveyor", server=server)

    assert done.stderr == "exl: got the log of this job from AppVeyor\n"
    assert server.asked[0].path == "/api/ingest/drone"


@pytest.mark.parametrize(
    ("name", "case_name"),
    [("github", "the same job"), ("github", "no permission"), ("gitlab", "a token without the scope")],
)
def test_no_log_is_one_line_and_with_strict_a_code(name: str, case_name: str, tmp_path: Path) -> None:
    """The job's result stays as it is, and nothing is sent."""
    case = load(name).cases[case_name]
    with Service(case.answers, tmp_path).running() as service, ScriptedServer(accept()).running() as server:
        lenient = ingest(service, case, server=server)
        strict = ingest(service, case, "--strict", server=server)
        wanted = service.fill(case.expect.error or "")

    said, *annotation = lenient.stderr.splitlines()
    assert (lenient.exit_code, lenient.stdout, said) == (0, "", f"exl: {wanted}")
    assert [line.partition(": ")[0] for line in annotation] == ["::warning title=exl::not uploaded"] * (
        name == "github"
    )
    assert (strict.exit_code, strict.stderr.splitlines()[0]) == (exit_codes.UNREADABLE, said)
    assert server.asked == []


@pytest.mark.parametrize(
    ("env", "words"),
    [
        pytest.param({}, "no CI service shows itself", id="local"),
        pytest.param({"CIRRUS_CI": "true"}, "exl cannot ask cirrus for a job's log", id="cannot"),
        pytest.param({"GITLAB_CI": "true", "CI_JOB_TOKEN": "x"}, "GitLab does not let CI_JOB_TOKEN", id="gitlab"),
        pytest.param({"TF_BUILD": "True"}, "SYSTEM_ACCESSTOKEN: $(System.AccessToken)", id="azure"),
    ],
)
def test_what_to_add_is_said(env: dict[str, str], words: str, tmp_path: Path) -> None:
    """One honest line, exit code 0."""
    done = call_exl("ingest", "--status", "failed", cwd=tmp_path, env=env)

    assert (done.exit_code, done.stdout) == (0, "")
    assert words in done.stderr
    assert "exl run -- COMMAND" in done.stderr
    assert done.stderr.count("\n") == 1


def test_names_of_the_service_are_no_commands(tmp_path: Path) -> None:
    """A job may be named like a logging command of the CI service."""
    case = first_case("gitlab")
    env = {**case.env, "CI_JOB_STATUS": "running"}
    listing = "/api/v4/projects/42/pipelines/500/jobs?scope%5B%5D=failed&per_page=100&page=1"
    answers = [
        Answer(path=listing, json=[{"id": 5, "name": "x\n::error::boom ##vso[task.complete result=Failed]"}]),
        Answer(path="/api/v4/projects/42/jobs/5/trace", text="FAIL\n"),
    ]
    with Service(answers, tmp_path).running() as service:
        done = ingest(service, Case(env=env), "--dry-run")

    assert done.exit_code == 0
    assert "\n::error" not in done.stderr
    assert "##vso[" not in done.stderr
