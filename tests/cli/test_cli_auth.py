"""``exl auth``: the token goes from the prompt to the keychain, and nowhere else."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from exlogare_ci.cli import exit_codes
from tests.cli.exl_in_process import call_exl
from tests.client.fake_keychain import BrokenKeychain, MemoryKeychain
from tests.client.scripted_server import ScriptedServer, answer

TOKEN = "exl_made-up-for-tests-0123456789"
SHOWN = "exl_made-up-…"
EMPTY: dict[str, object] = {"items": [], "next_cursor": None, "limit": 1}


@pytest.fixture
def keychain(monkeypatch: pytest.MonkeyPatch) -> MemoryKeychain:
    """A keychain in memory in the system's place."""
    kept = MemoryKeychain()
    monkeypatch.setattr("keyring.get_keyring", lambda: kept)
    return kept


def auth(*arguments: str, cwd: Path, stdin: str = "", **env: str) -> Result:
    """Run ``exl auth``."""
    return call_exl("auth", *arguments, cwd=cwd, env=env, stdin=stdin.encode())


def test_login_asks_checks_and_keeps(keychain: MemoryKeychain, tmp_path: Path) -> None:
    """The token is asked for unseen, shown to the server, and kept for it alone."""
    with ScriptedServer(answer(200, EMPTY)).running() as server:
        done = auth("login", "--url", server.url, stdin=f"{TOKEN}\n", cwd=tmp_path)

    assert done.exit_code == 0
    assert done.stdout == f"exl: token {SHOWN} is kept for {server.url} (the server takes it)\n"
    assert TOKEN not in done.stdout + done.stderr
    assert keychain.kept == {("exlogare", server.url): TOKEN}
    assert server.asked[0].path == "/api/v1/analyses?limit=1"
    assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_login_from_standard_input(keychain: MemoryKeychain, tmp_path: Path) -> None:
    """Without a prompt, and without a server for any."""
    done = auth("login", "--token-stdin", stdin=f"  {TOKEN}\r\n", cwd=tmp_path)

    assert (done.stdout, done.stderr) == (f"exl: token {SHOWN} is kept for any server (not checked)\n", "")
    assert keychain.kept == {("exlogare", "default"): TOKEN}


def test_login_takes_a_token_for_uploads_only(keychain: MemoryKeychain, tmp_path: Path) -> None:
    """It may not read, which is what a CI token should be like."""
    with ScriptedServer(answer(403, {"detail": "Missing scope: read"})).running() as server:
        done = auth("login", "--token-stdin", "--url", server.url, stdin=TOKEN, cwd=tmp_path)

    assert "(the server takes it, for uploads only)" in done.stdout
    assert len(keychain.kept) == 1


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer(401, {"detail": "Invalid token"}), exit_codes.REFUSED),
        (answer(503, Retry_After="99"), exit_codes.UNAVAILABLE),
    ],
)
def test_login_keeps_nothing_that_was_not_taken(
    reply: object, code: int, keychain: MemoryKeychain, tmp_path: Path
) -> None:
    """A wrong token is refused now and not in tomorrow's build; --no-check keeps it all the same."""
    with ScriptedServer(reply).running() as server:  # type: ignore[arg-type]
        done = auth("login", "--token-stdin", "--url", server.url, stdin=TOKEN, cwd=tmp_path)
        assert (done.exit_code, keychain.kept) == (code, {})

        unchecked = auth("login", "--token-stdin", "--no-check", "--url", server.url, stdin=TOKEN, cwd=tmp_path)
        assert (unchecked.exit_code, len(keychain.kept)) == (0, 1)


@pytest.mark.parametrize("typed", ["", "two words", "exl_ä"])
def test_login_refuses_what_is_no_token(typed: str, keychain: MemoryKeychain, tmp_path: Path) -> None:
    """Before anybody is asked."""
    done = auth("login", "--token-stdin", stdin=typed, cwd=tmp_path)

    assert (done.exit_code, keychain.kept) == (exit_codes.USAGE, {})
    assert "what you gave is no API token" in done.stderr


def test_login_without_a_keychain_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Most servers have none."""
    monkeypatch.setattr("keyring.get_keyring", BrokenKeychain)
    done = auth("status", cwd=tmp_path)

    assert done.exit_code == exit_codes.NO_CREDENTIALS
    assert "Unlock it, set EXLOGARE_TOKEN instead, or keep the token in a file that only you can read: " in done.stderr


def test_the_token_is_no_argument(keychain: MemoryKeychain, tmp_path: Path) -> None:
    """Every user of the machine could read it there."""
    for arguments in (["login", TOKEN], ["login", "--token", TOKEN]):
        done = auth(*arguments, cwd=tmp_path)

        assert done.exit_code == exit_codes.USAGE
    assert keychain.kept == {}


def test_a_variable_that_wins_is_named(keychain: MemoryKeychain, tmp_path: Path) -> None:
    """Else the new token would seem to have no effect."""
    login = auth("login", "--token-stdin", stdin=TOKEN, cwd=tmp_path, EXLOGARE_TOKEN="exl_other")
    logout = auth("logout", cwd=tmp_path, EXLOGARE_TOKEN="exl_other")

    assert "EXLOGARE_TOKEN is set and wins over the keychain" in login.stderr
    assert "EXLOGARE_TOKEN is still set" in logout.stderr
    assert keychain.kept == {}


def test_status_says_server_source_and_verdict(keychain: MemoryKeychain, tmp_path: Path) -> None:
    """Never the whole token."""
    with ScriptedServer(answer(200, EMPTY)).running() as server:
        keychain.set_password("exlogare", server.url, TOKEN)
        text = auth("status", cwd=tmp_path, EXLOGARE_URL=server.url)
        document = auth("status", "--format", "json", cwd=tmp_path, EXLOGARE_URL=server.url)

    assert (text.exit_code, text.stdout.split("\n")) == (
        0,
        [f"server   {server.url}", f"token    {SHOWN}", "source   keychain", "checked  the server takes it", ""],
    )
    assert json.loads(document.stdout) == {
        "server": server.url, "token": SHOWN, "source": "keychain", "checked": "the server takes it", "problem": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("env", "code", "words"),
    [
        ({}, exit_codes.NO_CREDENTIALS, "No token is set."),
        ({"EXLOGARE_TOKEN": TOKEN}, exit_codes.NO_CREDENTIALS, "No server is set."),
    ],
)
@pytest.mark.usefixtures("keychain")
def test_status_says_what_is_missing(env: dict[str, str], code: int, words: str, tmp_path: Path) -> None:
    """With its code, so that a script may ask."""
    done = auth("status", cwd=tmp_path, **env)

    assert done.exit_code == code
    assert words in done.stderr


@pytest.mark.usefixtures("keychain")
def test_status_of_a_revoked_token(tmp_path: Path) -> None:
    """The server's own words."""
    with ScriptedServer(answer(401, {"detail": "Token revoked"})).running() as server:
        done = auth("status", cwd=tmp_path, EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN)

    assert done.exit_code == exit_codes.REFUSED
    assert "answered 401: Token revoked" in done.stderr


def test_logout_removes_the_token(keychain: MemoryKeychain, tmp_path: Path) -> None:
    """Once; a second time there is none."""
    keychain.set_password("exlogare", "default", TOKEN)
    first, second = auth("logout", cwd=tmp_path), auth("logout", cwd=tmp_path)

    assert (first.stdout, second.stdout) == ("exl: the token is removed\n", "exl: there was no token to remove\n")
    assert keychain.kept == {}
