"""The system's keychain for real: gnome-keyring, as a desktop has it, on a bus of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.client.scripted_server import ScriptedServer, accept, answer

TOKEN: Final = "exl_made-up-for-tests-0123456789"
OTHER: Final = "exl_of-another-server-9876543210"
EMPTY: Final[dict[str, object]] = {"items": [], "next_cursor": None, "limit": 1}
UNLOCK: Final = "echo login-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "

pytestmark = [
    pytest.mark.slow,
    pytest.mark.needs("keychain"),
    pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's"),
]


def desktop(script: str, home: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run a script in a session of its own, with ``exl`` as a function, and nothing kept elsewhere."""
    runtime = home / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    exl = f'exl() {{ "{sys.executable}" -m exlogare_ci "$@"; }}; '
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", exl + script],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), **env},
        cwd=home, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines(keepends=True) if not line.startswith(("dbus-", "**", "\n"))]
    done.stderr = "".join(ours)  # the bus complains about limits inside containers
    return done


def test_a_token_is_kept_found_used_and_removed(tmp_path: Path) -> None:
    """Login, status, an upload with it, logout; it is in no file in the clear, and a second session has it, too."""
    with ScriptedServer(answer(200, EMPTY), answer(200, EMPTY), accept()).running() as server:
        script = (
            UNLOCK + f"echo {TOKEN} | exl auth login --token-stdin --url {server.url} && "
            f"exl auth status --format json --url {server.url} && echo boom > a.log && "
            f"exl ingest --strict --project o/r --log-file a.log --url {server.url}"
        )
        first = desktop(script, tmp_path)
        second = desktop(UNLOCK + f"exl auth logout --url {server.url} && exl auth logout --url {server.url}", tmp_path)

    assert (first.returncode, first.stderr) == (0, "")
    lines = first.stdout.splitlines()
    assert lines[0] == f"exl: token exl_made-up-… is kept for {server.url} (the server takes it)"
    assert json.loads(lines[1])["source"] == "keychain"
    assert [asked.headers["authorization"] for asked in server.asked] == [f"Bearer {TOKEN}"] * 3
    assert second.stdout == "exl: the token is removed\nexl: there was no token to remove\n"
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert kept == []


def test_profiles_hold_servers_apart(tmp_path: Path) -> None:
    """Each has its server and its token; EXLOGARE_TOKEN is not shown to a profile's server."""
    with (
        ScriptedServer(answer(200, EMPTY)).running() as work,
        ScriptedServer(answer(200, EMPTY)).running() as home,
    ):
        script = (
            UNLOCK + f"echo {TOKEN} | exl auth login --token-stdin --profile work --url {work.url} && "
            f"echo {OTHER} | exl auth login --token-stdin --profile home --url {home.url} && "
            "exl auth profiles && exl analyses list --profile home && "
            "EXLOGARE_PROFILE=work exl analyses list && exl auth logout --profile work && exl auth profiles; "
            "exl analyses list --profile work"
        )
        done = desktop(script, tmp_path, EXLOGARE_TOKEN="exl_of-the-environment-000000000")

    assert done.returncode == 2
    assert done.stdout.splitlines()[2:] == [
        f"home\t{home.url}\tkeychain", f"work\t{work.url}\tkeychain", "exl: the token is removed",
        f"home\t{home.url}\tkeychain",
    ]  # fmt: skip
    assert "exl: There is no profile 'work'. There are: home. Make it: exl auth login" in done.stderr
    assert {asked.headers["authorization"] for asked in work.asked} == {f"Bearer {TOKEN}"}
    assert {asked.headers["authorization"] for asked in home.asked} == {f"Bearer {OTHER}"}


def test_a_locked_keychain_does_not_hang(tmp_path: Path) -> None:
    """Nobody is there to type its password: a sentence, in time, with the two other ways."""
    script = (
        "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; "
        f"echo {TOKEN} | timeout 40 exl auth login --token-stdin --no-check --url https://exlogare.example.org"
    ).replace("timeout 40 exl", f'timeout 40 "{sys.executable}" -m exlogare_ci')
    done = desktop(script, tmp_path)

    assert done.returncode == 4
    assert "exl: The keychain " in done.stderr
    assert "EXLOGARE_TOKEN" in done.stderr
    assert "--in-file" in done.stderr
    assert TOKEN not in done.stderr


def test_no_keychain_at_all_is_a_clear_word(tmp_path: Path) -> None:
    """As on a server without a desktop."""
    done = subprocess.run(
        [sys.executable, "-m", "exlogare_ci", "auth", "login", "--token-stdin", "--no-check"], input=TOKEN,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip

    assert done.returncode == 4
    assert done.stderr == (
        "exl: This system has no keychain that exl can use. Set EXLOGARE_TOKEN instead, or keep the token in a file "
        "that only you can read: exl auth login --in-file.\n"
    )
    assert not list(tmp_path.rglob("profiles.json"))
