"""What every source does when the service refuses, fails, is slow, or lies: a sentence, and no token in it."""

import contextlib
import re
import time
from pathlib import Path
from typing import Any

import pytest

from exlogare_ci.sources.ci import SOURCES, LogSourceError
from exlogare_ci.sources.ci.http import ATTEMPTS_MAX, REDIRECTS_MAX
from tests.client.scripted_server import FakeTime, Handler, ScriptedServer, Step, answer, drip, hang, reset
from tests.sources.ci.ci_case import Answer, Case, Service, api_sources, first_case

TITLES = {source.NAME: source.TITLE for source in SOURCES}
TOKEN = re.compile(r"made-up-token-\w+")
EVERY_API = pytest.mark.parametrize("name", api_sources())


def failure(case: Case, tmp_path: Path, step: Step, name: str, **options: Any) -> tuple[LogSourceError, int]:
    """Let the service answer everything with one step: the error, and how often it was asked."""
    with Service(case.answers, tmp_path, instead=step).running() as service, pytest.raises(LogSourceError) as raised:
        service.find(case, forced=name, **options)
    assert not TOKEN.search(str(raised.value))
    return raised.value, len(service.ci.asked)


@EVERY_API
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_final_and_says_what_to_do(name: str, status: int, tmp_path: Path) -> None:
    """The sentence names the service, the status, the service's words without the token, and a next step."""
    case = first_case(name)
    token = next(iter(filter(TOKEN.fullmatch, case.env.values())), "made-up-token-7")
    error, asked = failure(case, tmp_path, answer(status, {"message": f"No, {token}."}), name)

    assert error.status == status
    assert error.cause.startswith(f"{TITLES[name]} (http://127.0.0.1:")
    assert error.cause.endswith(f") answered {status}: No, ….")
    assert error.fix
    assert asked == (2 if (name, status) == ("jenkins", 404) else 1)  # Jenkins has a second address


@EVERY_API
@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_trouble_is_tried_again(name: str, status: int, tmp_path: Path) -> None:
    """Three times, then it is said."""
    error, asked = failure(first_case(name), tmp_path, answer(status), name)

    assert (error.status, error.fix, asked) == (status, "Try again later.", ATTEMPTS_MAX)


@EVERY_API
def test_a_rate_limit_of_an_hour_is_not_waited_for(name: str, tmp_path: Path) -> None:
    """The job's time is worth more than the log."""
    slept = FakeTime()
    error, asked = failure(first_case(name), tmp_path, answer(429, Retry_After="3600"), name, sleep=slept.sleep)

    assert (error.status, asked, slept.slept_s) == (429, 1, [])


def test_a_rate_limit_of_seconds_is_waited_for(tmp_path: Path) -> None:
    """GitHub answers 403 when an account's requests are used up."""
    slept = FakeTime()
    limited = answer(403, {"message": "API rate limit exceeded"}, X_RateLimit_Remaining="0", Retry_After="2")
    _, asked = failure(first_case("github"), tmp_path, limited, "github", sleep=slept.sleep)

    assert (asked, slept.slept_s) == (ATTEMPTS_MAX, [2.0, 2.0])


@EVERY_API
def test_a_login_page_is_no_log(name: str, tmp_path: Path) -> None:
    """Proxies and services without a session answer 200 with HTML."""
    error, _ = failure(
        first_case(name), tmp_path, answer(200, b"<html>Sign in</html>", Content_Type="text/html; charset=utf-8"), name
    )

    assert "sent a web page in place of the log" in error.cause
    assert "token" in error.fix


@pytest.mark.parametrize("name", ["azure", "circleci", "drone", "github", "semaphore", "woodpecker"])
@pytest.mark.parametrize("body", [b"", b"ok", b"[1]", b"\xff\xfe", b'{"jobs": 3, "stages": 3, "records": 3}'])
def test_what_is_not_the_api_is_said_to_be_so(name: str, body: bytes, tmp_path: Path) -> None:
    """Never a traceback, whatever comes in place of JSON."""
    error, _ = failure(first_case(name), tmp_path, answer(200, body), name)

    assert error.cause
    assert error.fix


@EVERY_API
@pytest.mark.parametrize("step", [reset, hang(0.0)], ids=["reset", "closed"])
def test_a_broken_connection_is_tried_again(name: str, step: Step, tmp_path: Path) -> None:
    """The service may have been restarted."""
    error, asked = failure(first_case(name), tmp_path, step, name)

    assert "cannot be reached, or broke off" in error.cause
    assert asked == ATTEMPTS_MAX


def test_half_a_log_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    """A body that breaks off is fetched again, from the start, and is there once."""
    case = first_case("appveyor")
    whole = b"first line\nFAIL: total\n"
    tries: list[int] = []

    def half_then_whole(handler: Handler) -> None:
        tries.append(1)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(whole)))
        handler.end_headers()
        handler.wfile.write(whole if len(tries) > 1 else whole[:10])
        handler.close_connection = True

    with Service([], tmp_path, instead=half_then_whole).running() as service:
        found = service.find(case, forced="appveyor")

    assert found.log.excerpt.data == whole
    assert len(tries) == 2


@pytest.mark.parametrize("name", ["jenkins", "github", "semaphore"])
@pytest.mark.parametrize("step", [hang(30.0), drip(0.02)], ids=["hang", "drip"])
def test_a_slow_service_costs_no_more_than_the_budget(name: str, step: Step, tmp_path: Path) -> None:
    """However it is slow: no answer at all, or a byte now and then."""
    started = time.monotonic()
    error, _ = failure(first_case(name), tmp_path, step, name, timeout_s=0.3)

    assert time.monotonic() - started < 10  # the service would hold us up for 30 s; a loaded machine is slow by itself
    assert re.search("in time", error.cause)


def test_redirects_end(tmp_path: Path) -> None:
    """A service that redirects to itself is asked a few times."""
    error, asked = failure(first_case("appveyor"), tmp_path, answer(302, Location="/again"), "appveyor")

    assert error.cause == "AppVeyor redirects without an end."
    assert asked == REDIRECTS_MAX + 1


@pytest.mark.parametrize(
    ("location", "said"),
    [
        pytest.param("http://192.0.2.1/log?sig=signed", "http://192.0.2.1", id="no-tls"),
        pytest.param("ftp://192.0.2.1/log", "ftp://192.0.2.1", id="ftp"),
        pytest.param("file:///etc/passwd", "an address that is none", id="file"),
        pytest.param("https://user:pass@192.0.2.1/log", "https://192.0.2.1", id="user"),
        pytest.param("https://[", "an address that is none", id="no-url"),
        pytest.param("https://192.0.2.1:port/", "an address that is none", id="no-port"),
    ],
)
def test_a_redirect_leads_only_to_encrypted_web_addresses(location: str, said: str, tmp_path: Path) -> None:
    """Nothing is sent there, and of the address only the origin is shown: the rest may be a permission."""
    error, asked = failure(first_case("appveyor"), tmp_path, answer(302, Location=location), "appveyor")

    assert error.cause == f"AppVeyor points to {said}, which is no encrypted web address."
    assert asked == 1


def test_a_redirect_elsewhere_gets_no_credential(tmp_path: Path) -> None:
    """Not even to another port of the same host; on the way back to the API it is there again."""
    case = first_case("appveyor")
    answers = [
        Answer(path=case.answers[0].path, status=302, headers={"Location": "{store}/there"}),
        Answer(path="/there", server="store", status=302, headers={"Location": "{ci}/final"}),
        Answer(path="/final", text="the log\n"),
    ]
    with Service(answers, tmp_path).running() as service:
        found = service.find(case, forced="appveyor")

    assert found.log.excerpt.data == b"the log\n"
    assert service.credentials(service.store.asked) == []
    assert service.credentials(service.ci.asked) == ["Bearer made-up-token-10"] * 2


@EVERY_API
def test_no_token_travels_in_a_url(name: str, tmp_path: Path) -> None:
    """Servers and proxies write URLs down."""
    case = first_case(name)
    with Service(case.answers, tmp_path).running() as service:
        service.find(case, forced=name)

    assert service.credentials(service.ci.asked) != []
    assert not [one.path for one in service.ci.asked + service.store.asked if TOKEN.search(one.path)]


@pytest.mark.parametrize("name", ["jenkins", "gitlab", "gocd", "drone"])
def test_a_token_is_not_sent_over_plain_http(name: str, tmp_path: Path) -> None:
    """Refused before anything is sent; the sentence has the way out."""
    case = first_case(name)
    env = {key: value.replace("{ci}", "http://ci.example.org") for key, value in case.env.items()}
    with Service([], tmp_path).running() as service, pytest.raises(LogSourceError) as raised:
        service.find(case, env, forced=name)

    assert raised.value.cause == (
        f"http://ci.example.org is plain HTTP, which would show {TITLES[name]}'s token to anyone on the way."
    )
    assert "EXLOGARE_ALLOW_HTTP=1" in raised.value.fix


@EVERY_API
def test_what_is_no_token_is_not_sent(name: str, tmp_path: Path) -> None:
    """A token with a line break would be a header of its own."""
    case = first_case(name)
    with Service(case.answers, tmp_path).running() as service:
        for token in ("two words", "line\nbreak", "schlüssel", "\udcff", "x" * 5000):
            with pytest.raises(LogSourceError, match="is no token"):
                service.find(case, {"EXLOGARE_CI_TOKEN": token}, forced=name)

    assert service.ci.asked == []


HOSTILE = ("..", "a/../../../admin", "x?token=1", "x#y", "a b\nc", "$(id)", "\udcff", "ü" * 300)


@EVERY_API
def test_hostile_names_stay_inside_their_place(name: str, tmp_path: Path) -> None:
    """A branch or project of any name leads to no other path, query or server."""
    case = first_case(name)
    named = {key for key, held in case.env.items() if "{" not in held and "TOKEN" not in key and "USER" not in key}
    with Service(case.answers, tmp_path).running() as service:
        for value in HOSTILE:
            env = {**dict.fromkeys(named, value), "BUILD_URL": "{ci}/job/" + value}
            with contextlib.suppress(LogSourceError):
                service.find(case, env, forced=name)

    for asked in service.ci.asked:
        assert not re.search(r"/\.\./|/\.\.$|token=1|[^!-~]", asked.path)
    assert service.store.asked == []


def test_a_huge_growing_log_keeps_its_end(tmp_path: Path) -> None:
    """Several large pieces of one log are together no larger than one may be."""
    case = first_case("jenkins")
    piece = (b"x" * 1023 + b"\n") * 6 * 1024
    starts: list[str] = []

    def grow(handler: Handler) -> None:
        starts.append(handler.path.rpartition("=")[2])
        size = str(len(piece) * len(starts))
        handler.answer(200, piece + b"%d\n" % len(starts), {"X-Text-Size": size, "X-More-Data": "true"})

    with Service([], tmp_path, instead=grow).running() as service:
        excerpt = service.find(case, forced="jenkins").log.excerpt

    assert starts == [str(len(piece) * number) for number in range(5)]
    assert len(excerpt.data) <= 10 * 1024 * 1024 + 100
    assert excerpt.data.endswith(b"x\n5\n")
    assert excerpt.bytes_omitted > 4 * len(piece) - 10 * 1024 * 1024


def test_a_huge_log_keeps_its_end(tmp_path: Path) -> None:
    """More than the server takes: head and tail, and how much is missing."""
    line = b"0123456789abcdef" * 64 + b"\n"
    case = first_case("appveyor")
    with Service([], tmp_path, instead=answer(200, b"first\n" + line * 12_000 + b"last\n")).running() as service:
        excerpt = service.find(case, forced="appveyor").log.excerpt

    assert excerpt.data.startswith(b"first\n")
    assert excerpt.data.endswith(b"last\n")
    assert len(excerpt.data) <= 10 * 1024 * 1024 + 100
    assert excerpt.bytes_total == 12_000 * len(line) + 11
    assert excerpt.bytes_omitted > 1024 * 1024


def test_huge_json_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot be cut and still be read."""
    monkeypatch.setattr("exlogare_ci.sources.ci.request.JSON_BYTES_MAX", 100)
    error, _ = failure(first_case("semaphore"), tmp_path, answer(200, b" " * 101), "semaphore")

    assert error.cause == "Semaphore sent more than 32 MiB of JSON."
    assert "exl run" in error.fix


def test_a_missing_ca_bundle_is_named(tmp_path: Path) -> None:
    """A file that is not there is said, and the variable's name."""
    case, env = first_case("appveyor"), {"EXLOGARE_CI_CA_BUNDLE": str(tmp_path / "none.pem")}
    env["APPVEYOR_URL"] = "https://127.0.0.1:1"
    with Service(case.answers, tmp_path).running() as service, pytest.raises(LogSourceError) as raised:
        service.find(case, env, forced="appveyor")

    assert raised.value.fix == "Check EXLOGARE_CI_CA_BUNDLE and the proxy settings."


def test_a_certificate_that_nobody_signed_is_refused(tls_certificate: Path, tmp_path: Path) -> None:
    """TLS is always verified; a CA of one's own is named in a variable, and then it works."""
    case = first_case("appveyor")
    path = case.answers[0].path
    tls = ScriptedServer(answer(200, b"the log\n"), certificate=tls_certificate)
    with tls.running() as server, Service([], tmp_path).running() as service:
        env = {"APPVEYOR_URL": server.url}
        with pytest.raises(LogSourceError, match=r"cannot be verified.*EXLOGARE_CI_CA_BUNDLE"):
            service.find(case, env, forced="appveyor")
        assert server.asked == []
        found = service.find(case, {**env, "EXLOGARE_CI_CA_BUNDLE": str(tls_certificate)}, forced="appveyor")

    assert found.log.excerpt.data == b"the log\n"
    assert [asked.path for asked in server.asked] == [path]
