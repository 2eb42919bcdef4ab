"""The folder of what could not be sent: whose it is, how much it holds, what a stranger may put into it."""

import os
import stat
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exlogare_ci import unsent
from exlogare_ci.errors import RefusedError, SettingsError, UnavailableError
from exlogare_ci.payload import Payload
from exlogare_ci.unsent import AGE_S_MAX, FILES_MAX, Flushed, UnsentFolder, folder_of

SERVER, TOKEN = "https://exlogare.example.org", "exl_made-up-for-tests-0123456789"
NOW_S = 1_800_000_000.0


def body(name: str = "a", log: bytes = b"FAIL: total\n") -> Payload:
    """A small body."""
    return Payload(endpoint="log", fields={"provider": "x", "project": name, "status": "failed"}, log=log)


def folder(path: Path, *, server: str = SERVER, token: str = TOKEN, now_s: float = NOW_S) -> UnsentFolder:
    """Open the folder at a time."""
    return UnsentFolder(path / "kept", server, token, now=lambda: now_s)


def sent_from(opened: UnsentFolder) -> list[Payload]:
    """Send everything, and give what was sent."""
    sent: list[Payload] = []
    opened.flush(sent.append)
    return sent


def test_what_is_kept_comes_back_in_order_and_once(tmp_path: Path) -> None:
    """The bodies are equal to those that went in, line breaks and all; then the folder is empty."""
    bodies = [body("a"), body("b", b"one\ntwo\n\xc3\xbc\n"), body("c")]
    for number, one in enumerate(bodies):
        folder(tmp_path, now_s=NOW_S + number).add(one)

    assert sent_from(folder(tmp_path, now_s=NOW_S + 9)) == bodies
    assert list((tmp_path / "kept").iterdir()) == []


def test_files_are_the_users_alone(tmp_path: Path) -> None:
    """Folder 0700, files 0600; the token is not in them, not even packed."""
    folder(tmp_path).add(body())
    (file,) = (tmp_path / "kept").iterdir()

    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert TOKEN.encode() not in zlib.decompress(file.read_bytes())


@pytest.mark.parametrize(
    ("server", "token"), [("https://other.example.org", TOKEN), (SERVER, "exl_of-another-tenant-0123456789")]
)
def test_another_tenants_logs_stay(server: str, token: str, tmp_path: Path) -> None:
    """A log goes to the server and with the token that it was meant for, or nowhere."""
    folder(tmp_path).add(body())

    assert sent_from(folder(tmp_path, server=server, token=token)) == []
    assert sent_from(folder(tmp_path)) == [body()]


def test_what_is_too_old_is_dropped(tmp_path: Path) -> None:
    """A week is the limit."""
    folder(tmp_path).add(body("old"))
    folder(tmp_path, now_s=NOW_S + 10).add(body("new"))
    late = folder(tmp_path, now_s=NOW_S + AGE_S_MAX + 5)
    sent: list[Payload] = []

    assert late.flush(sent.append) == Flushed(sent=1, dropped=1, left=0)
    assert sent == [body("new")]


def test_the_folder_is_bounded_in_files(tmp_path: Path) -> None:
    """The oldest go first."""
    for number in range(FILES_MAX + 3):
        folder(tmp_path, now_s=NOW_S + number).add(body(str(number)))
    sent = sent_from(folder(tmp_path, now_s=NOW_S + 200))

    assert [one.fields["project"] for one in sent] == [str(number) for number in range(3, FILES_MAX + 3)]


def test_the_folder_is_bounded_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As much as fits, the newest always."""
    monkeypatch.setattr(unsent, "FOLDER_BYTES_MAX", 2_500)
    for number in range(5):
        folder(tmp_path, now_s=NOW_S + number).add(body(str(number), os.urandom(1_000).hex()[:1_000].encode()))
    held = sum(file.stat().st_size for file in (tmp_path / "kept").iterdir())

    assert held <= 2_500
    assert [one.fields["project"] for one in sent_from(folder(tmp_path, now_s=NOW_S + 9))][-1] == "4"


@pytest.mark.parametrize(
    ("error", "result"),
    [
        pytest.param(UnavailableError("down"), Flushed(left=2), id="down"),
        pytest.param(RefusedError("no token", status=401), Flushed(left=2), id="401"),
        pytest.param(RefusedError("no scope", status=403), Flushed(left=2), id="403"),
        pytest.param(RefusedError("malformed", status=422), Flushed(dropped=2), id="422"),
    ],
)
def test_a_failure_keeps_what_may_still_be_sent(
    error: UnavailableError | RefusedError, result: Flushed, tmp_path: Path
) -> None:
    """What no server would ever take goes; at anything else it stops, for the next one would fail alike."""
    folder(tmp_path).add(body("a"))
    folder(tmp_path, now_s=NOW_S + 1).add(body("b"))
    asked: list[Payload] = []

    def fail(one: Payload) -> None:
        asked.append(one)
        raise error

    done = folder(tmp_path, now_s=NOW_S + 2).flush(fail)

    assert (done.sent, done.dropped, done.left) == (result.sent, result.dropped, result.left)
    assert done.error is (error if result.left else None)
    assert len(asked) == (1 if result.left else 2)


def test_no_time_leaves_all(tmp_path: Path) -> None:
    """Nothing is tried that could not end in time."""
    folder(tmp_path).add(body())

    assert folder(tmp_path).flush(lambda _: pytest.fail("sent"), lambda: False) == Flushed(left=1)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=300), packed=st.booleans())
def test_what_a_stranger_puts_there_is_not_sent(content: bytes, packed: bool, tmp_path: Path) -> None:
    """Any bytes, packed or not: never raises, never sends."""
    place = tmp_path / "kept"
    place.mkdir(exist_ok=True)
    (place / "000000000001-x.exl").write_bytes(zlib.compress(content) if packed else content)

    assert sent_from(folder(tmp_path)) == []


def test_links_and_pipes_are_not_read(tmp_path: Path) -> None:
    """A link may lead to another's file; a pipe would block for ever."""
    folder(tmp_path).add(body())
    place = tmp_path / "kept"
    (file,) = place.iterdir()
    file.rename(tmp_path / "elsewhere")
    (place / file.name).symlink_to(tmp_path / "elsewhere")
    os.mkfifo(place / "000000000001-pipe.exl")

    assert sent_from(folder(tmp_path)) == []


def test_no_folder_is_no_folder(tmp_path: Path) -> None:
    """Not set, not there, or not absolute."""
    assert folder_of({}, SERVER, TOKEN) is None
    assert sent_from(UnsentFolder(tmp_path / "none", SERVER, TOKEN)) == []
    with pytest.raises(SettingsError, match="EXLOGARE_SPOOL_DIR is no absolute path"):
        folder_of({"EXLOGARE_SPOOL_DIR": "spool"}, SERVER, TOKEN)
