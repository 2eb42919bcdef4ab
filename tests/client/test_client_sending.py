"""Sending with all that belongs to it: waiting for the analysis, keeping what could not be sent, one budget for all."""

import msgspec
import pytest

from exlogare_ci.context import RunContext
from exlogare_ci.errors import ClientError, MissingSettingError, RefusedError, UnavailableError
from exlogare_ci.payload import build
from exlogare_ci.sending import Sent, send, send_failure
from exlogare_ci.settings import Settings
from exlogare_ci.upload import is_interactive
from tests.client.fake_keychain import MemoryKeychain
from tests.client.scripted_server import FakeTime, ScriptedServer, Step, accept, answer, drip, hang

TOKEN = "exl_made-up-for-tests-0123456789"
ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
RUN = RunContext(ci="drone", project="org/app", build_number="7")
ANALYSIS = {"id": ID, "root_cause": "The disk is full.", "severity": "high"}
NOT_YET = answer(404, {"detail": "Not found"})


def sent_by(*script: Step, timeout_s: float = 60.0, time_: FakeTime | None = None) -> tuple[Sent, list[str]]:
    """Send a body and wait for its analysis: what became of it, and what was asked for."""
    time_ = time_ or FakeTime()
    with ScriptedServer(*script).running() as server:
        options = Settings(url=server.url, timeout_s=timeout_s)
        body = build(RUN, b"boom", status="failed")
        sent = send(body, options, TOKEN, {}, wait=True, clock=time_.clock, sleep=time_.sleep)
    return sent, [f"{asked.method} {asked.path}" for asked in server.asked]


def test_the_analysis_is_waited_for() -> None:
    """A server that works on it in the background says 404 until it is there; each pause is twice the one before."""
    time_ = FakeTime()
    sent, asked = sent_by(accept(), NOT_YET, NOT_YET, NOT_YET, answer(200, ANALYSIS), time_=time_)

    assert (sent.analysis, sent.error, sent.notes) == (ANALYSIS, None, ())
    assert asked == ["POST /api/ingest/drone", *[f"GET /api/v1/analyses/{ID}"] * 4]
    assert time_.slept_s == [0.5, 1.0, 2.0]


def test_waiting_ends_with_the_budget() -> None:
    """The upload stands, and a sentence says how to see the analysis later."""
    time_ = FakeTime()
    sent, _ = sent_by(accept(), NOT_YET, timeout_s=12.0, time_=time_)

    assert sent.receipt is not None
    assert sent.receipt.analysis_id == ID
    assert isinstance(sent.wait_error, UnavailableError)
    assert sent.notes == (str(sent.wait_error),)
    assert sent.notes[0].endswith(
        f"has not analysed it within 12 s. See later: exl analyses show {ID}. Or allow it more time with --timeout."
    )
    assert sum(time_.slept_s) < 12


def test_a_token_that_may_not_read_is_said() -> None:
    """At once, with the scope that it lacks."""
    sent, asked = sent_by(accept(), answer(403, {"detail": "Missing scope: read"}))

    assert isinstance(sent.wait_error, RefusedError)
    assert "the scopes ingest and read" in str(sent.wait_error)
    assert len(asked) == 2


@pytest.mark.parametrize("step", [hang(30), drip(0.01)], ids=["silent", "dripping"])
def test_a_server_that_is_slow_to_show_it_does_not_hold_the_job(step: Step) -> None:
    """The budget is one for the upload and the wait."""
    with ScriptedServer(accept(), step).running() as server:
        sent = send(build(RUN, b"boom"), Settings(url=server.url, timeout_s=1.0), TOKEN, {}, wait=True)

    assert sent.receipt is not None
    assert isinstance(sent.wait_error, UnavailableError)


def test_a_failure_that_may_pass_is_kept_and_another_not(tmp_path: object) -> None:
    """Kept is what the same server may take later."""
    env = {"EXLOGARE_SPOOL_DIR": str(tmp_path)}
    kept = []
    for step in (answer(503, Retry_After="999"), answer(422, {"detail": "No."}), answer(200, b"<html>")):
        with ScriptedServer(step).running() as server:
            sent = send(build(RUN, b"boom"), Settings(url=server.url, timeout_s=2), TOKEN, env)
        kept.append((type(sent.error).__name__, sent.is_kept, sent.notes))

    assert kept == [
        ("UnavailableError", True, ("the log is kept in EXLOGARE_SPOOL_DIR; exl flush sends it.",)),
        ("RefusedError", False, ()),
        ("ProtocolError", True, ("the log is kept in EXLOGARE_SPOOL_DIR; exl flush sends it.",)),
    ]


def failed(env: dict[str, str], log: bytes = b"boom", timeout_s: float | None = None) -> ClientError | None:
    """What goes wrong in an environment."""
    sent = send_failure(RUN, log, env, timeout_s=timeout_s)
    assert sent is not None
    return sent.error


def test_a_failed_run_is_sent_with_what_the_environment_says() -> None:
    """Settings and token from the environment."""
    with ScriptedServer(accept()).running() as server:
        sent = send_failure(RUN, b"boom", {"EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN})

    assert sent is not None
    assert msgspec.structs.asdict(sent.receipt)["analysis_id"] == ID if sent.receipt else False
    assert server.asked[0].json()["status"] == "failed"


def test_nothing_is_said_where_nothing_is_set_up() -> None:
    """No server, no token: no request, no line."""
    assert send_failure(RUN, b"boom", {}) is None


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"EXLOGARE_TOKEN": TOKEN}, "No server is set."),
        ({"EXLOGARE_URL": "http://127.0.0.1:1"}, "No token is set."),
        ({"EXLOGARE_URL": "nonsense", "EXLOGARE_TOKEN": TOKEN}, "EXLOGARE_URL is no http or https URL."),
        ({"EXLOGARE_URL": "http://a.example", "EXLOGARE_TOKEN": TOKEN}, "http://a.example is plain HTTP"),
    ],
)
def test_what_is_wrong_is_returned(env: dict[str, str], sentence: str) -> None:
    """Errors come back as values, so that nothing can change the job's result."""
    assert str(failed(env)).startswith(sentence)


def test_an_empty_log_is_returned() -> None:
    """A command that printed nothing has nothing to analyse."""
    assert "The log is empty" in str(failed({"EXLOGARE_URL": "http://127.0.0.1:1", "EXLOGARE_TOKEN": TOKEN}, b"\n"))


def test_a_server_in_trouble_is_returned_too() -> None:
    """Within the budget that was given."""
    with ScriptedServer(answer(503, Retry_After="30")).running() as server:
        error = failed({"EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN}, timeout_s=2)

    assert isinstance(error, UnavailableError)


def test_the_keychain_is_for_people() -> None:
    """It is asked on a developer's machine and never in a job."""
    keychain = MemoryKeychain()
    keychain.set_password("exlogare", "default", TOKEN)
    with ScriptedServer(accept()).running() as server:
        env = {"EXLOGARE_URL": server.url}
        local = RunContext(project="org/app")
        sent = send_failure(local, b"boom", env, open_keychain=lambda: keychain)
        in_job = send_failure(RUN, b"boom", env, open_keychain=lambda: pytest.fail("opened"))

    assert sent is not None
    assert sent.receipt is not None
    assert in_job is not None
    assert isinstance(in_job.error, MissingSettingError)
    assert [is_interactive(local, {"CI": value}) for value in ("", "false", "true")] == [True, True, False]
