"""The whole chain: what is masked, what is sent, what comes back."""

import re

import pytest

from exlogare_ci.context import RunContext
from exlogare_ci.errors import ClientError, ProtocolError
from exlogare_ci.settings import Settings
from exlogare_ci.shorten import LOG_BYTES_MAX, MIB
from exlogare_ci.upload import Receipt, prepare, upload
from tests.client.scripted_server import FakeTime, ScriptedServer, accept, answer

TOKEN = "exl_made-up-for-tests-0123456789"
RUN = RunContext(ci="drone", project="org/app", run_id="7", build_number="7", branch="main")
ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def send(server: ScriptedServer, log: bytes = b"boom\n") -> Receipt:
    """Prepare and upload with a clock that does not wait."""
    time_ = FakeTime()
    body = prepare(RUN, log, {}, status="failed")
    return upload(body, Settings(url=server.url), TOKEN, clock=time_.clock, sleep=time_.sleep)


def test_a_run_becomes_a_receipt() -> None:
    """One request, and what the server said."""
    with ScriptedServer(accept()).running() as server:
        receipt = send(server)

    assert receipt == Receipt(analysis_id=ID, server=server.url, endpoint="drone", log_bytes=5, is_shortened=False)
    assert server.asked[0].path == "/api/ingest/drone"
    assert server.asked[0].json() == {
        "repo": "org/app", "build_number": 7, "branch": "main", "status": "failed", "log": "boom\n"
    }  # fmt: skip


def test_secrets_are_masked_in_log_and_fields() -> None:
    """The environment's own values and known shapes, wherever they stand."""
    env = {"REPO_TOKEN": "swordfish-9"}
    run = RunContext(
        ci="github", project="org/app", branch="swordfish-9",
        build_url="https://ci.example.org/7?access_token=" + "a1B2c3D4e5F6g7H8",
    )  # fmt: skip
    body = prepare(run, b"TOKEN is swordfish-9\nDB_PASSWORD=Tr0ub4dor3\n", env)

    assert body.fields["branch"] == "[masked:value]"
    assert body.fields["pipeline_url"] == "https://ci.example.org/7?access_token=[masked:secret]"
    assert body.log == b"TOKEN is [masked:value]\nDB_PASSWORD=[masked:password]\n"


def test_a_huge_log_is_masked_and_cut_once() -> None:
    """What is left out says the sum of both cuts; the last lines are there, masked."""
    log = b"0123456789abcde\n" * (2 * MIB) + b"end swordfish-9\n"
    body = prepare(RUN, log, {"REPO_TOKEN": "swordfish-9"}, bytes_left_out=1_000)
    missing = re.findall(rb"\[exlogare: (\d+) bytes of this log are left out here", body.log)

    assert len(body.log) <= LOG_BYTES_MAX
    assert body.log.endswith(b"\nend [masked:value]\n")
    assert len(missing) == 1
    assert abs(int(missing[0]) - (len(log) + 1_000 - len(body.log))) < 1_000


def test_413_halves_the_log_and_tries_once_more() -> None:
    """A proxy with a smaller limit gets half; a second refusal is final."""
    log = b"0123456789abcde\n" * 10_000
    with ScriptedServer(answer(413), accept()).running() as server:
        receipt = send(server, log)

    assert (receipt.is_shortened, receipt.log_bytes) == (True, len(server.asked[1].json()["log"].encode()))
    assert receipt.log_bytes <= len(log) // 2
    with ScriptedServer(answer(413)).running() as server, pytest.raises(ClientError, match="answered 413"):
        send(server, log)


@pytest.mark.parametrize("body", [b"<html>Log in</html>", b'{"status":"ok"}', b"", b"\xff"])
def test_another_servers_200_is_not_taken_for_ours(body: bytes) -> None:
    """A login page must not look like an upload."""
    with (
        ScriptedServer(answer(200, body)).running() as server,
        pytest.raises(ProtocolError, match="not as an Exlogare server does"),
    ):
        send(server)
