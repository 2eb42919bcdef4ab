"""``exl run`` with a server: what is sent after a failure, and that it never changes the exit code."""

import re
import signal
import time
from typing import Final

import pytest

from tests.cli.exl_process import TIMEOUT_S, clean_env, run_exl, start_exl
from tests.cli.ingest_server import ANALYSIS_ID, ingest_server
from tests.client.scripted_server import ScriptedServer, hang, wait_for

TOKEN: Final = "exl_" + "t0k3n" * 8
FAILING: Final = ("--", "sh", "-c", "echo 'src/app.c:3:5: error: expected expression'; exit 2")


def run_with(url: str, *options: str, command: tuple[str, ...] = FAILING, **variables: str) -> tuple[int, str]:
    """Run a failing build with a server and a token set: the exit code and what we printed."""
    env = clean_env(EXLOGARE_URL=url, EXLOGARE_TOKEN=TOKEN, **variables)
    done = run_exl("run", "--project", "org/shop", *options, *command, env=env)
    return done.returncode, done.stderr.decode()


def test_failure_is_uploaded_after_it_was_printed() -> None:
    """The log goes to the server with the run's facts, and the analysis's id is the last line."""
    with ingest_server() as server:
        code, printed = run_with(server.url)

    assert code == 2
    assert printed.index("Root cause:") < printed.index(ANALYSIS_ID)
    assert printed.splitlines()[-1] == f"exl: analysis {ANALYSIS_ID} (see: exl analyses show {ANALYSIS_ID})"
    (request,) = server.received
    assert request.path == "/api/ingest/log"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert {name: request.body[name] for name in ("project", "status", "log")} == {
        "project": "org/shop",
        "status": "failed",
        "log": "src/app.c:3:5: error: expected expression\n",
    }


def test_success_is_not_uploaded() -> None:
    """A command that succeeds sends nothing."""
    with ingest_server() as server:
        code, printed = run_with(server.url, command=("--", "true"))

    assert (code, printed, server.received) == (0, "", [])


def test_no_upload_sends_nothing() -> None:
    """With ``--no-upload`` the root cause is printed and the server not asked."""
    with ingest_server() as server:
        code, printed = run_with(server.url, "--no-upload")

    assert code == 2
    assert "Root cause:" in printed
    assert (ANALYSIS_ID in printed, server.received) == (False, [])


def test_nothing_is_said_without_a_server_and_a_token() -> None:
    """Who has set up no server hears nothing of one."""
    done = run_exl("run", *FAILING)

    assert done.returncode == 2
    assert "upload" not in done.stderr.decode()


def test_secrets_are_not_sent() -> None:
    """Neither secrets of the environment nor the token itself are in what the server gets."""
    command = ("--", "sh", "-c", 'echo "error: $DEPLOY_PASSWORD $EXLOGARE_TOKEN"; exit 2')
    with ingest_server() as server:
        code, printed = run_with(server.url, command=command, DEPLOY_PASSWORD="correct-horse-battery")

    assert code == 2
    log = server.received[0].body["log"]
    assert log.startswith("error: ")
    for secret in ("correct-horse-battery", TOKEN):
        assert secret not in log
        assert secret not in printed


@pytest.mark.parametrize(
    ("status", "detail", "options", "beginning"),
    [
        pytest.param(403, "Missing scope: ingest", (), "exl: not uploaded: ", id="refused"),
        pytest.param(403, "Missing scope: ingest", ("--strict",), "exl: error: not uploaded: ", id="strict"),
        pytest.param(401, "x\n::error::y", (), "exl: not uploaded: ", id="hostile-answer"),
    ],
)
def test_refused_upload_is_one_line(status: int, detail: str, options: tuple[str, ...], beginning: str) -> None:
    """A refusal is one line after the root cause, marked as an error with ``--strict``; the code stays."""
    with ingest_server(status, {"detail": detail}) as server:
        code, printed = run_with(server.url, *options)

    assert code == 2
    report, last = printed.rstrip("\n").rsplit("\n", 1)
    assert "Root cause:" in report
    assert "uploaded" not in report
    assert last.startswith(beginning)


def test_unreachable_server_costs_the_budget_at_most() -> None:
    """With nobody at the address, the retries end with the budget and the code is the command's."""
    with ingest_server() as server:
        url = server.url

    code, printed = run_with(url, "--timeout", "1")

    assert code == 2
    assert re.search(r"^exl: not uploaded: \S.*\.$", printed, re.MULTILINE)


@pytest.mark.parametrize(("strict", "level"), [("0", "warning"), ("1", "error")])
def test_failed_upload_is_an_annotation_on_github(strict: str, level: str) -> None:
    """On GitHub Actions, a failed upload is also shown with the run, as an error where it is strict."""
    with ingest_server(403, {"detail": "Missing scope: ingest"}) as server:
        code, printed = run_with(server.url, GITHUB_ACTIONS="true", EXLOGARE_STRICT=strict)

    assert code == 2
    assert re.search(rf"^::{level} title=exl::not uploaded: ", printed, re.MULTILINE)


def test_wrong_setting_is_one_line() -> None:
    """A setting that cannot be used is said in a line; the root cause is printed all the same."""
    code, printed = run_with("not a url")

    assert code == 2
    assert "Root cause:" in printed
    assert "exl: not uploaded: EXLOGARE_URL is no" in printed


def test_missing_token_is_said() -> None:
    """A server without a token, as in builds of forks, is one line."""
    env = clean_env(EXLOGARE_URL="https://exlogare.example.org", CI="true")

    done = run_exl("run", *FAILING, env=env)

    assert done.returncode == 2
    assert "exl: not uploaded: No token is set." in done.stderr.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_during_the_upload_ends_it_at_once(number: signal.Signals) -> None:
    """A CI that cancels the job does not wait for us, and gets the command's exit code; ^C needs no explanation."""
    with ScriptedServer(hang(60)).running() as server:
        env = clean_env(EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN)
        with start_exl("run", "--project", "org/shop", *FAILING, env=env, stdout=-1, stderr=-1) as process:
            wait_for(lambda: bool(server.asked), TIMEOUT_S)
            told_s = time.monotonic()
            process.send_signal(number)
            _, printed = process.communicate(timeout=TIMEOUT_S)
            took_s = time.monotonic() - told_s

    said = f"exl: the report on this failure is incomplete: it was ended by signal {int(number)}.\n"
    assert (process.returncode, took_s < 2) == (2, True)
    assert printed.decode().endswith(said) is (number != signal.SIGINT)
