"""Profiles, and tokens in a file: kept only where asked for, for this user alone."""

import stat
import sys
from pathlib import Path
from typing import Final

import pytest
from click.testing import Result

from exlogare_ci.cli import exit_codes
from tests.cli.exl_in_process import call_exl
from tests.cli.exl_process import clean_env, run_exl
from tests.client.scripted_server import ScriptedServer, accept, answer

TOKEN: Final = "exl_made-up-for-tests-0123456789"
EMPTY: Final[dict[str, object]] = {"items": [], "next_cursor": None, "limit": 1}


def exl(*arguments: str, cwd: Path, stdin: str = "", **env: str) -> Result:
    """Run a command with a configuration folder of its own; no keychain is there."""
    env = {"EXLOGARE_CONFIG_DIR": str(cwd / "config"), **env}
    return call_exl(*arguments, cwd=cwd, env=env, stdin=stdin.encode())


def login(cwd: Path, url: str, *arguments: str) -> Result:
    """Keep the token in the file."""
    return exl("auth", "login", "--token-stdin", "--in-file", "--url", url, *arguments, cwd=cwd, stdin=TOKEN)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_a_token_in_a_file_is_for_its_user_alone(tmp_path: Path) -> None:
    """0600, whatever the umask; a file that others can read is refused; logout leaves no file."""
    file = tmp_path / "config" / "profiles.json"
    with ScriptedServer(answer(200, EMPTY)).running() as server:
        done = login(tmp_path, server.url)
        listed = exl("analyses", "list", "--url", server.url, cwd=tmp_path)
        mode = stat.S_IMODE(file.stat().st_mode)
        file.chmod(0o640)
        refused = exl("analyses", "list", "--url", server.url, cwd=tmp_path)
        file.chmod(0o600)
        gone = exl("auth", "logout", "--url", server.url, cwd=tmp_path)

    assert done.stdout == f"exl: token exl_made-up-… is kept for {server.url}, in {file} (the server takes it)\n"
    assert (mode, listed.exit_code, server.asked[1].headers["authorization"]) == (0o600, 0, f"Bearer {TOKEN}")
    assert refused.exit_code == exit_codes.USAGE
    assert refused.stderr == f"exl: {file} holds tokens and can be read by others. Run: chmod 600 {file}\n"
    assert gone.stdout == "exl: the token is removed\n"
    assert list(file.parent.iterdir()) == []


def test_a_profile_is_used_by_every_command(tmp_path: Path) -> None:
    """By option and by variable, for uploads and for reading; its file needs no keychain and no EXLOGARE_URL."""
    (tmp_path / "a.log").write_text("boom")
    with ScriptedServer(answer(200, EMPTY), answer(200, EMPTY), accept()).running() as server:
        login(tmp_path, server.url, "--profile", "work")
        listed = exl("analyses", "list", cwd=tmp_path, EXLOGARE_PROFILE="work", EXLOGARE_URL="https://x.example.org")
        sent = exl("ingest", "--profile", "work", "--project", "o/r", "--log-file", "a.log", cwd=tmp_path)
        env = clean_env(EXLOGARE_CONFIG_DIR=str(tmp_path / "config"), EXLOGARE_TOKEN="exl_another")
        ran = run_exl("run", "--profile", "work", "--project", "o/r", "--", "sh", "-c", "env; exit 3", env=env)

    assert (listed.exit_code, sent.exit_code, ran.returncode) == (0, 0, 3)
    assert [asked.headers["authorization"] for asked in server.asked] == [f"Bearer {TOKEN}"] * 4
    assert TOKEN.encode() not in ran.stdout
    assert b"EXLOGARE_PROFILE" not in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("analyses", "list", "--profile", "no such"), "'no such' is no name for a profile."),
        (("analyses", "list", "--profile", "home"), "There is no profile 'home'. There are: work."),
        (("analyses", "list", "--profile", "work", "--url", "https://b.example.org"), "--url is another server"),
        (("auth", "logout", "--profile", "home"), "There is no profile 'home'."),
        (("auth", "login", "--profile", "home", "--token-stdin"), "The profile 'home' needs a server. Give --url"),
    ],
)
def test_wrong_profiles_are_a_sentence(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    """Before anything is asked or sent."""
    login(tmp_path, "https://a.example.org", "--profile", "work", "--no-check")
    done = exl(*arguments, cwd=tmp_path, stdin=TOKEN)

    assert done.exit_code in (exit_codes.USAGE, exit_codes.NO_CREDENTIALS)
    assert done.stderr.startswith(f"exl: {words}")


def test_an_unknown_profile_in_a_job_is_one_line(tmp_path: Path) -> None:
    """A wrapped command keeps its exit code."""
    env = clean_env(EXLOGARE_CONFIG_DIR=str(tmp_path), EXLOGARE_PROFILE="work")
    done = run_exl("run", "--", "sh", "-c", "echo 'a.c:1:1: error: x'; exit 3", env=env)

    assert done.returncode == 3
    assert b"exl: not uploaded: There is no profile 'work'. There is none yet." in done.stderr


def test_a_broken_file_is_a_sentence(tmp_path: Path) -> None:
    """And not a traceback."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "profiles.json").write_text('{"version": 1, "tokns": {}}')
    done = exl("auth", "profiles", cwd=tmp_path)

    assert done.exit_code == exit_codes.USAGE
    assert "is broken. Remove it, and log in again." in done.stderr
