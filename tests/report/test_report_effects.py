"""What reporters do, really done: files, programs and calls on this machine, and what is said when it cannot be."""

import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from exlogare_ci.report import bitbucket
from exlogare_ci.report.effects import Call, Effects, ReportError
from exlogare_ci.report.real_effects import RealEffects
from tests.client.scripted_server import ScriptedServer, answer, hang


@pytest.fixture
def effects() -> Effects:
    """Effects with time enough."""
    return RealEffects(20)


def test_files_are_written_with_their_folders(effects: Effects, tmp_path: Path) -> None:
    """Written anew, appended to, and measured."""
    path = tmp_path / "a" / "b.txt"

    assert effects.file_bytes(str(path)) == 0
    effects.write(str(path), b"one\n")
    effects.write(str(path), b"two\n")
    effects.append(str(path), b"three\n")
    assert path.read_bytes() == b"two\nthree\n"
    assert effects.file_bytes(str(path)) == 10


def test_files_that_cannot_be_written_are_named(effects: Effects, tmp_path: Path) -> None:
    """A folder in the place of a file, and a file in the place of a folder."""
    (tmp_path / "file").touch()

    with pytest.raises(ReportError, match=f"{tmp_path} cannot be written: Is a directory"):
        effects.append(str(tmp_path), b"")
    with pytest.raises(ReportError, match=f"{tmp_path}/file/x cannot be written"):
        effects.write(str(tmp_path / "file" / "x"), b"")


def test_programs_get_their_input_and_show_no_output(effects: Effects, capfd: pytest.CaptureFixture[str]) -> None:
    """What the program prints is not ours to print."""
    effects.run((sys.executable, "-c", "import sys; assert sys.stdin.read() == 'body'; print('x')"), b"body")

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; print('oops', file=sys.stderr); sys.exit(3)", "ended with 3: oops"),
        ("import time; time.sleep(9)", "took too long"),
    ],
)
def test_programs_that_fail_are_said(code: str, reason: str) -> None:
    """With the program's last words, and within the time."""
    with pytest.raises(ReportError, match=reason):
        RealEffects(0.4).run((sys.executable, "-c", code), b"")


def test_missing_program_is_said(effects: Effects) -> None:
    """As in a container without the service's agent."""
    with pytest.raises(ReportError, match="no-such-agent is not in PATH"):
        effects.run(("no-such-agent",), b"")


def test_calls_on_this_machine_go_past_proxies(effects: Effects, monkeypatch: pytest.MonkeyPatch) -> None:
    """The agent on loopback is called directly, with JSON and the token in its header."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with ScriptedServer(answer(201, {"id": 1})).running() as server:
        got = effects.call(Call(method="POST", url=f"{server.url}/api/x?y=1", body=b'{"a": 1}', token="t0ken"))

    assert (got.status, got.is_success, got.body) == (201, True, b'{"id": 1}')
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.json()) == ("POST", "/api/x?y=1", {"a": 1})
    assert asked.headers["authorization"] == "Bearer t0ken"
    assert asked.headers["content-type"] == "application/json"


def test_calls_through_the_proxy_that_signs(effects: Effects) -> None:
    """Bitbucket's proxy gets the whole address, as any HTTP proxy does."""
    with ScriptedServer(answer(200)).running() as server:
        url = "http://api.bitbucket.org/2.0/repositories/org/shop/commit/01/reports/exlogare-0"
        assert effects.call(Call(method="GET", url=url, proxy=server.url)).status == 200

    assert server.asked[0].path == url
    assert server.asked[0].headers["host"] == "api.bitbucket.org"
    assert urlsplit(bitbucket.PROXY).port == 29418


@pytest.fixture
def closed_port() -> str:
    """The address of a server that is gone."""
    with ScriptedServer(answer(200)).running() as server:
        return server.url


def test_who_does_not_answer_is_said(effects: Effects, closed_port: str) -> None:
    """Refused connections and names that do not exist."""
    with pytest.raises(ReportError, match="cannot be reached: Connection refused"):
        effects.call(Call(method="GET", url=f"{closed_port}/x"))
    with pytest.raises(ReportError, match=r"https://exlogare\.invalid cannot be reached"):
        effects.call(Call(method="GET", url="https://exlogare.invalid/x", token="t0ken"))


def test_all_keep_to_one_budget() -> None:
    """A service that hangs costs what is left of the time, and then nothing more is tried."""
    with ScriptedServer(hang(5)).running() as server:
        effects = RealEffects(0.3)
        started = time.monotonic()
        with pytest.raises(ReportError, match="cannot be reached"):
            effects.call(Call(method="GET", url=f"{server.url}/x"))
        with pytest.raises(ReportError, match="the time for reports is used up"):
            effects.call(Call(method="GET", url=f"{server.url}/x"))
        server.stopped.set()

    assert time.monotonic() - started < 2
    assert len(server.asked) == 1
