"""``exl ingest``: what it sends, prints and returns, as a process and against a real server on loopback."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import Result

from exlogare_ci.cli import exit_codes
from tests.cli.exl_in_process import call_exl
from tests.cli.exl_process import clean_env, run_exl
from tests.client.scripted_server import ScriptedServer, accept, answer, free_port, reset

TOKEN = "exl_made-up-for-tests-0123456789"
ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
DRONE = {
    "DRONE": "true", "CI": "true", "DRONE_REPO": "org/app", "DRONE_BUILD_NUMBER": "12",
    "DRONE_STAGE_NAME": "default",
    "DRONE_STEP_NAME": "test", "DRONE_COMMIT_SHA": "d" * 40, "DRONE_SOURCE_BRANCH": "main",
    "DRONE_BUILD_LINK": "https://drone.example.org/org/app/12",
}  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> str:
    """A log with a secret in it."""
    path = tmp_path / "build.log"
    path.write_bytes(b"deploying with swordfish-9\nerror: boom\n")
    return str(path)


def ingest(*arguments: str, cwd: Path, env: dict[str, str] | None = None, stdin: bytes | None = None) -> Result:
    """Run ``exl ingest`` in a folder that is no repository."""
    return call_exl("ingest", *arguments, cwd=cwd, env=env, stdin=stdin)


def test_a_detected_run_is_sent(log: str, tmp_path: Path) -> None:
    """The environment tells all but the log and its status, and its secret is masked."""
    with ScriptedServer(accept()).running() as server:
        env = {**DRONE, "EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN, "DEPLOY_PASSWORD": "swordfish-9"}
        done = ingest("--status", "failed", "--log-file", log, cwd=tmp_path, env=env)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"exl: sent 1 KiB of log to {server.url}, analysis {ID}\n"
    assert server.asked[0].path == "/api/ingest/drone"
    assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert server.asked[0].json() == {
        "repo": "org/app", "build_number": 12, "pipeline": "default", "step": "test", "branch": "main",
        "commit_sha": "d" * 40, "build_url": "https://drone.example.org/org/app/12", "status": "failed",
        "log": "deploying with [masked:value]\nerror: boom\n",
    }  # fmt: skip


def test_the_contracts_example_works(log: str, tmp_path: Path) -> None:
    """``exl ingest --provider P --project ORG/REPO --status failed --log-file FILE``, as scripts have it."""
    with ScriptedServer(accept()).running() as server:
        done = ingest(
            "--provider", "Travis CI", "--project", "org/repo", "--status", "failed", "--log-file", log,
            cwd=tmp_path, env={"EXLOGARE_ENDPOINT": server.url, "EXLOGARE_TOKEN": TOKEN},
        )  # fmt: skip

    assert done.exit_code == 0
    body = server.asked[0].json()
    assert (body["provider"], body["project"], body["status"]) == ("travis_ci", "org/repo", "failed")


def test_every_option_reaches_its_field(log: str, tmp_path: Path) -> None:
    """An option wins over what the environment says."""
    with ScriptedServer(accept()).running() as server:
        done = ingest(
            "--provider", "custom", "--project", "o/r", "--branch", "b", "--commit", "c", "--build-number", "n",
            "--pipeline-id", "p", "--job-id", "j", "--job-name", "jn", "--pipeline-url", "https://x/p",
            "--status", "ok",
            "--log-file", log, "--url", server.url, "--format", "json",
            cwd=tmp_path, env={**DRONE, "EXLOGARE_TOKEN": TOKEN},
        )  # fmt: skip

    assert server.asked[0].json() == {
        "provider": "custom", "project": "o/r", "pipeline_id": "p", "job_id": "j", "job_name": "jn", "branch": "b",
        "commit_sha": "c", "pipeline_url": "https://x/p", "build_number": "n", "status": "ok",
        "log": "deploying with swordfish-9\nerror: boom\n",
    }  # fmt: skip
    assert json.loads(done.stdout) == {
        "status": "accepted", "analysis_id": ID, "server": server.url, "endpoint": "log", "log_bytes": 39,
        "is_shortened": False,
    }  # fmt: skip


def test_circleci_takes_its_workflow_name(log: str, tmp_path: Path) -> None:
    """The one field that no context has."""
    with ScriptedServer(accept()).running() as server:
        ingest(
            "--provider", "circleci", "--project", "gh/o/r", "--pipeline-id", "w", "--job-name", "test",
            "--build-number", "4", "--workflow-name", "all", "--log-file", log, "--url", server.url,
            cwd=tmp_path, env={"EXLOGARE_TOKEN": TOKEN},
        )  # fmt: skip

    assert server.asked[0].path == "/api/ingest/circleci"
    assert server.asked[0].json()["workflow_name"] == "all"


def test_standard_input_is_binary_safe(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are replaced, nulls are kept."""
    with ScriptedServer(accept()).running() as server:
        done = ingest(
            "--project", "o/r", "--log-file", "-", "--url", server.url,
            cwd=tmp_path, env={"EXLOGARE_TOKEN": TOKEN}, stdin=b"a\xff\0b\xe2\x82",
        )  # fmt: skip

    assert done.exit_code == 0
    assert server.asked[0].json()["log"] == "a\ufffd\0b\ufffd"


def test_the_variable_makes_it_strict(log: str, tmp_path: Path) -> None:
    """A process of its own ends with the documented code."""
    env = clean_env(**DRONE, EXLOGARE_STRICT="1")
    done = run_exl("ingest", "--log-file", log, env=env, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (exit_codes.NO_CREDENTIALS, b"")
    assert done.stderr.startswith(b"exl: No server is set.")


def test_git_fills_what_is_missing(log: str, tmp_path: Path) -> None:
    """In a repository without a CI service, branch and commit come from git."""
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for arguments in (["init", "-q", "-b", "topic"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    done = ingest("--project", "o/r", "--log-file", log, "--dry-run", "--format", "json", cwd=tmp_path)
    request = json.loads(done.stdout)

    assert request["body"]["branch"] == "topic"
    assert len(request["body"]["commit_sha"]) == 40


def test_dry_run_prints_the_request_and_sends_nothing(log: str, tmp_path: Path) -> None:
    """Method, URL, headers with the token's first 12 characters, and the body, secrets masked."""
    with ScriptedServer(accept()).running() as server:
        env = {**DRONE, "EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN, "DEPLOY_PASSWORD": "swordfish-9"}
        done = ingest("--log-file", log, "--status", "failed", "--dry-run", cwd=tmp_path, env=env)
    head, body = done.stdout.split("\n\n")

    assert server.asked == []
    assert head.splitlines() == [
        f"POST {server.url}/api/ingest/drone", "User-Agent: exlogare-ci/0.1.0", "Accept: application/json",
        "Content-Type: application/json", "Authorization: Bearer exl_made-up-…",
    ]  # fmt: skip
    assert json.loads(body)["log"] == "deploying with [masked:value]\nerror: boom\n"


def test_dry_run_prints_the_very_bytes(tmp_path: Path) -> None:
    """What stands behind the headers is the body byte for byte, and no CI service obeys anything in it."""
    lines = [
        "##vso[task.setvariable]x",
        "::error::y",
        "\x1b[31m\x7f ü\u202e",
        "section_start:1:a",
        "x" * 300_000 + "##[error]z",
    ]
    (tmp_path / "build.log").write_text("\n".join(lines * 3), encoding="utf-8")
    with ScriptedServer(accept()).running() as server:
        env = {**DRONE, "EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN, "DRONE_STEP_NAME": "##[group]"}
        shown = ingest("--log-file", "build.log", "--dry-run", cwd=tmp_path, env=env)
        ingest("--log-file", "build.log", cwd=tmp_path, env=env)

    body = shown.stdout_bytes.partition(b"\n\n")[2]
    assert body == server.asked[0].body + b"\n"
    assert not [command for command in (b"##vso[", b"##[", b"section_start:", b"\x1b", b"\x7f") if command in body]
    assert server.asked[0].json()["log"] == "\n".join(lines * 3)


def test_dry_run_needs_neither_server_nor_token(log: str, tmp_path: Path) -> None:
    """It says what is missing where it would stand, and obeys no command of the log."""
    path = Path(log)
    path.write_bytes(b"##vso[task.setvariable]x\n::error::y\x1b[31m\n")
    done = ingest("--log-file", log, "--dry-run", cwd=tmp_path, env=DRONE)
    head, body = done.stdout.split("\n\n")

    assert done.exit_code == 0
    assert head.startswith("POST /api/ingest/drone\n")
    assert "Authorization: none. No token is set." in head
    assert "##vso[" not in body
    assert json.loads(body)["log"] == path.read_text()


@pytest.mark.parametrize(("strict", "level"), [((), "warning"), (("--strict",), "error")])
def test_github_shows_a_failed_upload_with_the_run(
    strict: tuple[str, ...], level: str, log: str, tmp_path: Path
) -> None:
    """As an annotation, because nobody reads the log of a step that is green; and for the steps behind this one."""
    outputs = tmp_path / "outputs"
    env = {
        "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "org/app", "GITHUB_OUTPUT": str(outputs),
        "EXLOGARE_TOKEN": TOKEN,
    }  # fmt: skip
    with ScriptedServer(answer(503, {"detail": "x\n::error::y"}, Retry_After="999"), accept()).running() as server:
        failed = ingest("--log-file", log, *strict, cwd=tmp_path, env={**env, "EXLOGARE_URL": server.url})
        sent = ingest("--log-file", log, *strict, cwd=tmp_path, env={**env, "EXLOGARE_URL": server.url})

    lines = failed.stderr.splitlines()
    assert (len(lines), sent.stderr) == (2, "")
    assert lines[1].startswith(f"::{level} title=exl::not uploaded: {server.url} answered 503")
    assert outputs.read_text() == f"result=error\nresult=uploaded\nanalysis-id={ID}\n"


FAILURES = [
    pytest.param(answer(401, {"detail": "Invalid token"}), exit_codes.REFUSED, "answered 401: Invalid token", id="401"),
    pytest.param(answer(422, {"detail": "No."}), exit_codes.REFUSED, "answered 422: No.", id="422"),
    pytest.param(answer(302, Location="https://login.example.org/"), exit_codes.REFUSED, "redirects to", id="redirect"),
    pytest.param(answer(503, Retry_After="999"), exit_codes.UNAVAILABLE, "answered 503", id="503"),
    pytest.param(answer(200, b"<html>"), exit_codes.UNAVAILABLE, "not as an Exlogare server", id="login-page"),
]


@pytest.mark.parametrize(("step", "code", "words"), FAILURES)
def test_a_failed_upload_is_one_line_and_with_strict_a_code(
    step: object, code: int, words: str, log: str, tmp_path: Path
) -> None:
    """By default the job's result stays as it is, and the line says why the data is missing."""
    with ScriptedServer(step).running() as server:  # type: ignore[arg-type]
        env = {**DRONE, "EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN}
        lenient = ingest("--log-file", log, cwd=tmp_path, env=env)
        strict = ingest("--log-file", log, "--strict", "--format", "json", cwd=tmp_path, env=env)

    assert (lenient.exit_code, lenient.stdout) == (0, "")
    assert lenient.stderr.startswith("exl: ")
    assert lenient.stderr.count("\n") == 1
    assert words in lenient.stderr
    assert (strict.exit_code, strict.stderr) == (code, lenient.stderr)
    assert json.loads(strict.stdout)["status"] == "failed"
    assert words in json.loads(strict.stdout)["error"]


@pytest.mark.parametrize(
    ("arguments", "env", "code", "words"),
    [
        pytest.param(["--log-file", "missing.log"], {}, exit_codes.UNREADABLE, "missing.log", id="no-file"),
        pytest.param(["--log-file", "."], {}, exit_codes.UNREADABLE, "the log cannot be read", id="folder"),
        pytest.param(["--log-file", "empty.log"], {}, exit_codes.UNREADABLE, "The log is empty", id="empty"),
        pytest.param(["--log-file", "build.log"], {}, exit_codes.NO_CREDENTIALS, "No server is set", id="no-url"),
        pytest.param(["--log-file", "build.log"], {"EXLOGARE_URL": "http://127.0.0.1:1"}, exit_codes.NO_CREDENTIALS,
                     "No token is set", id="no-token"),
        pytest.param(["--log-file", "build.log"], {"EXLOGARE_TIMEOUT": "x"}, exit_codes.USAGE, "EXLOGARE_TIMEOUT",
                     id="setting"),
        pytest.param(["--log-file", "build.log", "--url", "http://a.example"], {"EXLOGARE_TOKEN": TOKEN},
                     exit_codes.USAGE, "plain HTTP", id="plain-http"),
    ],
)  # fmt: skip
def test_what_is_missing_is_one_line_too(
    arguments: list[str], env: dict[str, str], code: int, words: str, tmp_path: Path
) -> None:
    """A build that died before it wrote its log is no reason to fail it again; --strict makes it one."""
    (tmp_path / "empty.log").touch()
    (tmp_path / "build.log").write_text("boom")
    lenient = ingest(*arguments, cwd=tmp_path, env={**DRONE, **env})
    strict = ingest(*arguments, "--strict", cwd=tmp_path, env={**DRONE, **env})

    assert (lenient.exit_code, strict.exit_code) == (0, code)
    assert words in lenient.stderr
    assert lenient.stderr.count("\n") == 1
    assert strict.stderr == lenient.stderr


def test_nobody_there_is_told_within_the_budget(log: str, tmp_path: Path) -> None:
    """A server that is down costs the job little and is said."""
    env = {**DRONE, "EXLOGARE_URL": f"http://127.0.0.1:{free_port()}", "EXLOGARE_TOKEN": TOKEN}
    done = ingest("--log-file", log, "--timeout", "1", cwd=tmp_path, env=env)

    assert done.exit_code == 0
    assert "cannot be reached: Connection refused" in done.stderr


def test_a_crash_of_the_server_is_survived(log: str, tmp_path: Path) -> None:
    """The second try gets through, and nothing is said of the first."""
    with ScriptedServer(reset, accept()).running() as server:
        done = ingest("--log-file", log, "--url", server.url, cwd=tmp_path, env={**DRONE, "EXLOGARE_TOKEN": TOKEN})

    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [["--log-file", "x", "--colour", "red"], ["--log-file", "x", "--from", "jenkins"], ["--from", "hudson"],
     ["--log-file", "x", "--timeout", "0"],
     ["--log-file", "x", "--format", "xml"], ["--log-file", "x", "--token", TOKEN]],
)  # fmt: skip
def test_wrong_usage_is_refused(arguments: list[str], tmp_path: Path) -> None:
    """Unknown options fail whatever --strict says; there is none for the token, which others could see."""
    done = ingest(*arguments, cwd=tmp_path)

    assert done.exit_code == exit_codes.USAGE
    assert TOKEN not in done.stdout + done.stderr


def test_misspelt_variables_are_warned_of(log: str, tmp_path: Path) -> None:
    """One line, and the work goes on."""
    with ScriptedServer(accept()).running() as server:
        env = {**DRONE, "EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN, "EXLOGARE_STRIKT": "1"}
        done = ingest("--log-file", log, cwd=tmp_path, env=env)

    assert done.exit_code == 0
    assert done.stderr == "exl: ignored unknown variable EXLOGARE_STRIKT (did you mean EXLOGARE_STRICT?).\n"


def test_a_service_that_does_not_exist_is_passed_over(log: str, tmp_path: Path) -> None:
    """A wrong EXLOGARE_CI does not cost the upload."""
    with ScriptedServer(accept()).running() as server:
        env = {**DRONE, "EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN, "EXLOGARE_CI": "hudson2"}
        done = ingest("--log-file", log, cwd=tmp_path, env=env)

    assert server.asked[0].path == "/api/ingest/drone"
    assert "hudson2" in done.stderr


def test_a_long_log_is_cut_and_said_so(tmp_path: Path) -> None:
    """More than the contract takes: head, mark, tail."""
    path = tmp_path / "long.log"
    path.write_bytes(b"0123456789abcde\n" * 700_000 + b"the end\n")
    with ScriptedServer(accept()).running() as server:
        env = {**DRONE, "EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN}
        done = ingest("--log-file", str(path), cwd=tmp_path, env=env)
    sent = server.asked[0].json()["log"]

    assert "its middle left out" in done.stdout
    assert len(sent.encode()) <= 10 * 1024 * 1024
    assert sent.endswith("the end\n")
    assert "bytes of this log are left out here" in sent


def test_an_endless_input_is_bounded_by_what_is_kept(tmp_path: Path) -> None:
    """A pipe of more than is kept in memory ends as head and tail."""
    log = b"x" * 99 + b"\n"
    with ScriptedServer(accept()).running() as server:
        done = ingest(
            "--project", "o/r", "--log-file", "-", "--url", server.url, cwd=tmp_path, env={"EXLOGARE_TOKEN": TOKEN},
            stdin=b"first\n" + log * 200_000 + b"last\n",
        )  # fmt: skip
    sent = server.asked[0].json()["log"]

    assert done.exit_code == 0
    assert sent.startswith("first\n")
    assert sent.endswith("last\n")
