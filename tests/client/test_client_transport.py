"""The transport against a real server on loopback: retries, time-outs, redirects, TLS, proxies, memory."""

import email.utils
import subprocess
import sys
import time
from pathlib import Path

import pytest

from exlogare_ci.answers import Reply
from exlogare_ci.errors import (
    ClientError,
    ProtocolError,
    RedirectedError,
    RefusedError,
    SettingsError,
    TooLargeError,
    UnavailableError,
)
from exlogare_ci.transport import ATTEMPTS_MAX, Transport, is_loopback, origin
from tests.client import scripted_server as scripted
from tests.client.scripted_server import FakeTime, ScriptedServer, Step, accept, answer, drip, hang, reset
from tests.client.transport_tools import TOKEN, post, transport


def test_a_post_is_one_request_with_the_token() -> None:
    """Method, path, headers and body of a plain success."""
    with ScriptedServer(accept()).running() as server:
        reply = post(transport(server))

    (asked,) = server.asked
    assert (reply.status, reply.body) == (202, scripted.ACCEPTED)
    assert (asked.method, asked.path, asked.json()) == ("POST", "/api/ingest/log", {"log": "x"})
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert server.announced_to == []
    assert "content-encoding" not in asked.headers
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["user-agent"].startswith("exlogare-ci/")
    assert "content-length" in asked.headers


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 524])
def test_passing_troubles_are_tried_again(status: int) -> None:
    """The statuses that may pass, with full jitter that doubles."""
    time_ = FakeTime()
    with ScriptedServer(answer(status), answer(status), answer(status), accept()).running() as server:
        assert post(transport(server, time_)).status == 202

    assert time_.slept_s == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("step", [reset, hang(0.0)], ids=["reset", "closed"])
def test_a_broken_connection_is_tried_again(step: Step) -> None:
    """The server may have been restarted under our hands."""
    time_ = FakeTime()
    with ScriptedServer(step, accept()).running() as server:
        assert post(transport(server, time_)).status == 202

    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 415, 422, 426, 451])
def test_refusals_are_final(status: int) -> None:
    """Other 4xx are not tried again; the sentence holds the server's own words."""
    time_ = FakeTime()
    with (
        ScriptedServer(answer(status, {"detail": "No, because."})).running() as server,
        pytest.raises(RefusedError, match=f"answered {status}: No, because.") as raised,
    ):
        post(transport(server, time_))

    assert raised.value.status == status
    assert (time_.slept_s, len(server.asked)) == ([], 1)


LARGE = [b'{"log":"', b"x" * 100_000, b'"}']


@pytest.mark.parametrize(("takes_gzip", "encoding"), [(True, "gzip"), (False, None)])
def test_a_large_body_is_compressed_where_the_server_announces_it(takes_gzip: bool, encoding: str | None) -> None:
    """Asked before, without the token; the contract alone knows no compressed bodies."""
    progress: list[tuple[int, int]] = []
    with ScriptedServer(accept(), takes_gzip=takes_gzip).running() as server:
        transport(server).post("/api/ingest/log", lambda: LARGE, lambda *sent: progress.append(sent))

    (asked,) = server.asked
    assert asked.json() == {"log": "x" * 100_000}
    assert asked.headers.get("content-encoding") == encoding
    assert ["authorization" in headers for headers in server.announced_to] == [False]
    assert progress[-1] == (int(asked.headers["content-length"]),) * 2
    assert progress == sorted(progress)


@pytest.mark.parametrize("status", [400, 415])
def test_a_server_behind_a_proxy_that_announces_gzip_gets_plain_json(status: int) -> None:
    """What a server without gzip says to a compressed body leads to the same body uncompressed, with its length."""
    with ScriptedServer(answer(status), accept(), takes_gzip=True).running() as server:
        assert transport(server).post("/api/ingest/log", lambda: LARGE).status == 202

    assert [asked.headers.get("content-encoding") for asked in server.asked] == ["gzip", None]
    assert server.asked[1].headers["content-length"] == str(sum(map(len, LARGE)))


def test_cookies_of_a_server_are_not_sent_back() -> None:
    """A connection is kept from one try to the next, and nothing else."""
    with ScriptedServer(answer(503, Set_Cookie="a=b; Path=/"), accept()).running() as server:
        post(transport(server, FakeTime()))

    assert "cookie" not in server.asked[1].headers


def test_validation_errors_name_the_field() -> None:
    """The contract's 422 becomes one line."""
    detail = [
        {"loc": ["body", "branch"], "msg": "too long", "type": "x"},
        {"loc": ["query", "limit"], "msg": "no"},
    ]
    with (
        ScriptedServer(answer(422, {"detail": detail})).running() as server,
        pytest.raises(RefusedError, match="answered 422: branch: too long; limit: no"),
    ):
        post(transport(server))


def test_too_large_is_a_kind_of_its_own() -> None:
    """A caller can shorten the log and try again."""
    with ScriptedServer(answer(413)).running() as server, pytest.raises(TooLargeError):
        post(transport(server))


def test_trying_ends_after_some_tries() -> None:
    """The number of tries is in the sentence."""
    time_ = FakeTime()
    with (
        ScriptedServer(answer(503, {"detail": "Busy."})).running() as server,
        pytest.raises(UnavailableError, match=rf"answered 503: Busy\. Tried {ATTEMPTS_MAX} times\."),
    ):
        post(transport(server, time_))

    assert len(server.asked) == ATTEMPTS_MAX


def test_retry_after_in_seconds_is_honoured() -> None:
    """As the server says, not as the jitter would have it."""
    time_ = FakeTime()
    with ScriptedServer(answer(429, Retry_After="17"), accept()).running() as server:
        post(transport(server, time_))

    assert time_.slept_s == [17.0]


def test_retry_after_as_a_date_is_honoured() -> None:
    """The other form of the header, against the wall clock."""
    time_ = FakeTime()
    date = email.utils.formatdate(time_.now_s + 9, usegmt=True)
    with ScriptedServer(answer(503, Retry_After=date), accept()).running() as server:
        post(transport(server, time_))

    assert time_.slept_s == [9.0]


def test_retry_after_beyond_the_budget_ends_it_at_once() -> None:
    """Nobody's build waits an hour; the sentence says what the server asked for."""
    time_ = FakeTime()
    with (
        ScriptedServer(answer(429, Retry_After="3600")).running() as server,
        pytest.raises(UnavailableError, match="asks to wait 3600 s, longer than the 60 s"),
    ):
        post(transport(server, time_))

    assert (time_.slept_s, len(server.asked)) == ([], 1)


@pytest.mark.parametrize("value", ["", "soon", "-5", "1e9", "Thu, 99 Foo"])
def test_a_retry_after_that_says_nothing_is_ignored(value: str) -> None:
    """Then the jitter decides."""
    assert Reply(429, {"retry-after": value}, b"").retry_after_s(0.0) is None


@pytest.mark.parametrize("step", [hang(30), drip(0.01)], ids=["silent", "dripping"])
def test_the_budget_holds_whatever_the_server_does(step: Step) -> None:
    """Neither silence nor one byte now and then takes longer than agreed."""
    with ScriptedServer(step).running() as server:
        start = time.monotonic()
        with pytest.raises(UnavailableError, match="did not answer"):
            post(transport(server, timeout_s=0.4))

        assert time.monotonic() - start < 2


def test_nobody_there_is_a_sentence() -> None:
    """A closed port is tried again, then said with the reason and the next step."""
    time_ = FakeTime()
    port = scripted.free_port()
    with pytest.raises(UnavailableError, match=r"cannot be reached: Connection refused.*EXLOGARE_URL"):
        post(transport(f"http://127.0.0.1:{port}", time_))

    assert len(time_.slept_s) == ATTEMPTS_MAX - 1


def test_redirects_within_the_server_are_followed() -> None:
    """307 and 308 keep the method; the token goes along, for it is the same origin."""
    with ScriptedServer(answer(308, Location="/api/ingest/log/"), accept()).running() as server:
        assert post(transport(server)).status == 202

    assert [asked.path for asked in server.asked] == ["/api/ingest/log", "/api/ingest/log/"]
    assert server.asked[1].json() == {"log": "x"}
    assert server.asked[1].headers["authorization"] == f"Bearer {TOKEN}"


def test_redirects_of_a_get_are_followed_and_end() -> None:
    """Any kind of redirect, at most three."""
    with ScriptedServer(answer(302, Location="/elsewhere")).running() as server:
        with pytest.raises(RedirectedError):
            transport(server).get("/a", {"limit": "1"})

        assert [asked.path for asked in server.asked] == ["/a?limit=1", *["/elsewhere"] * 3]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_token_never_goes_to_another_place(status: int) -> None:
    """Neither another port nor another scheme of the same host is the same place."""
    with ScriptedServer(accept()).running() as other:
        for place in (other.url, f"https://127.0.0.1:{other.port}", f"http://localhost:{other.port}"):
            with ScriptedServer(answer(status, Location=f"{place}/x")).running() as server:
                for call in (post, lambda to: to.get("/a")):
                    with pytest.raises(RedirectedError, match=r"redirects to .*set EXLOGARE_URL to it"):
                        call(transport(server))

        assert other.asked == []


def test_a_redirect_to_no_address_is_a_sentence() -> None:
    """A server that sends a broken Location is at fault, and no traceback of ours."""
    with (
        ScriptedServer(answer(302, Location="http://[::1")).running() as server,
        pytest.raises(ProtocolError, match="cannot be read"),
    ):
        post(transport(server))


def test_a_post_is_not_turned_into_a_get() -> None:
    """301 to 303 would lose the body."""
    with ScriptedServer(answer(302, Location="/login")).running() as server:
        with pytest.raises(RedirectedError):
            post(transport(server))

        assert len(server.asked) == 1


def test_a_netrc_never_replaces_the_token(tmp_path: Path) -> None:
    """The requests package would take user and password for the host out of ~/.netrc."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password other\n")
    with ScriptedServer(accept()).running() as server:
        post(transport(server))

    assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_proxies_are_not_used_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token would travel in the clear through the proxy."""
    with ScriptedServer(accept()).running() as server, ScriptedServer(accept()).running() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        post(transport(server))

    assert (len(server.asked), proxy.asked) == (1, [])


def test_proxies_of_the_environment_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """For other hosts the proxy gets the request."""
    with ScriptedServer(accept()).running() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        post(transport("http://exlogare.invalid", allow_http=True))

    assert proxy.asked[0].path == "http://exlogare.invalid/api/ingest/log"


def test_plain_http_to_another_machine_is_refused() -> None:
    """Before anything is sent; with a switch for private networks."""
    with pytest.raises(SettingsError, match=r"plain HTTP.*EXLOGARE_ALLOW_HTTP=1"):
        Transport("http://exlogare.example.org", TOKEN)

    assert Transport("http://exlogare.example.org", TOKEN, allow_http=True)
    assert Transport("http://exlogare.example.org", None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:80", True), ("http://127.9.9.9", True), ("http://[::1]:8080/x", True),
        ("http://a.localhost.", True), ("http://localhost.example.org", False), ("http://128.0.0.1", False),
        ("http://127.0.0.1.example.org", False), ("http://127.0.0.1@example.org", False), ("http://", False),
    ],
)  # fmt: skip
def test_loopback_is_told_by_name_and_address(url: str, expected: bool) -> None:
    """Names that only look like it are other machines."""
    assert is_loopback(url) is expected


def test_origins_are_compared_with_their_usual_port() -> None:
    """The scheme's own port may be left out."""
    assert origin("https://A.example:443/x") == origin("https://a.example") == "https://a.example"
    assert origin("http://[::1]:81") == "http://[::1]:81"


def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes back is bounded, too."""
    monkeypatch.setattr("exlogare_ci.attempt.REPLY_BYTES_MAX", 1_000)
    with (
        ScriptedServer(answer(200, b"x" * 2_000)).running() as server,
        pytest.raises(ProtocolError, match="more than 1000 bytes"),
    ):
        transport(server).get("/a")


def test_the_token_is_in_no_message() -> None:
    """Whatever goes wrong, and even when the server repeats it."""
    repeated = {"detail": f"Bad token {TOKEN}"}
    elsewhere = answer(302, Location=f"http://x/{TOKEN}")
    for step in (answer(401, repeated), answer(500, repeated), hang(0.0), elsewhere):
        with ScriptedServer(step).running() as server, pytest.raises(ClientError) as raised:
            post(transport(server, FakeTime()))

        assert TOKEN not in str(raised.value)
        assert TOKEN not in repr(raised.value)


SENDER = """
import sys, tracemalloc
from exlogare_ci.context import RunContext
from exlogare_ci.payload import build
from exlogare_ci.transport import Transport
log = b"".join(b"%08d some output of a build step\\n" % number for number in range(300_000))[: 10 * 1024 * 1024]
to = Transport(sys.argv[1], "exl_made-up-for-tests-0123456789")
to.get("/warm")
tracemalloc.start()
payload = build(RunContext(project="org/app"), log)
status = to.post(payload.path, payload.chunks).status
print(status, tracemalloc.get_traced_memory()[1])
"""


@pytest.mark.slow
@pytest.mark.parametrize(("takes_gzip", "mib_max"), [(False, 4), (True, 6)])
def test_a_large_log_takes_little_memory(takes_gzip: bool, mib_max: int) -> None:
    """10 MiB of log are sent with some MiB beside the log itself; compressed, with what gzip makes of it, too."""
    with ScriptedServer(accept(), takes_gzip=takes_gzip).running() as server:
        done = subprocess.run(
            [sys.executable, "-c", SENDER, server.url], capture_output=True, text=True, check=True, timeout=60
        )

    status, peak_bytes = map(int, done.stdout.split())
    assert status == 202
    assert peak_bytes < mib_max * 1024 * 1024
