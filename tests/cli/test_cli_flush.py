"""``exl flush``, and what ``exl ingest`` keeps and sends later, against a real server on loopback."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from exlogare_ci.cli import exit_codes
from tests.cli.exl_in_process import call_exl
from tests.cli.exl_process import clean_env, run_exl
from tests.client.scripted_server import ScriptedServer, Step, accept, answer

TOKEN = "exl_made-up-for-tests-0123456789"


def exl(command: str, server: ScriptedServer, tmp_path: Path, *arguments: str) -> Result:
    """Run a command with a folder for what cannot be sent."""
    env = {"EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN, "EXLOGARE_SPOOL_DIR": str(tmp_path / "kept")}
    return call_exl(command, *arguments, cwd=tmp_path, env=env)


def ingest(server: ScriptedServer, tmp_path: Path, project: str, *arguments: str) -> Result:
    """Send a small log with a secret-looking line in it."""
    (tmp_path / "build.log").write_text(f"FAIL in {project}\n")
    given = ("--project", project, "--status", "failed", "--log-file", "build.log", "--no-git", "--timeout", "5")
    return exl("ingest", server, tmp_path, *given, *arguments)


DOWN = answer(503, Retry_After="3600")


def test_a_log_that_could_not_be_sent_is_sent_later(tmp_path: Path) -> None:
    """Kept, said, sent by exl flush, gone."""
    with ScriptedServer(DOWN, accept()).running() as server:
        failed = ingest(server, tmp_path, "org/app")
        flushed = exl("flush", server, tmp_path)
        again = exl("flush", server, tmp_path)

    assert failed.exit_code == 0
    assert failed.stderr.splitlines()[0] == "exl: the log is kept in EXLOGARE_SPOOL_DIR; exl flush sends it."
    assert (flushed.exit_code, flushed.stdout, flushed.stderr) == (0, "exl: sent 1, dropped 0, left 0\n", "")
    assert again.stdout == "exl: sent 0, dropped 0, left 0\n"
    assert server.asked[1].json()["log"] == "FAIL in org/app\n"
    assert len(server.asked) == 2


def test_the_next_ingest_sends_it_too(tmp_path: Path) -> None:
    """After its own log, and says so."""
    with ScriptedServer(DOWN, accept()).running() as server:
        ingest(server, tmp_path, "org/first")
        done = ingest(server, tmp_path, "org/second")

    assert done.stderr == "exl: sent 1 kept before.\n"
    assert [asked.json()["project"] for asked in server.asked[1:]] == ["org/second", "org/first"]


@pytest.mark.slow
def test_what_exl_run_could_not_send_is_sent_later_too(tmp_path: Path) -> None:
    """By exl flush, and by the next exl ingest; the command's exit code stays, and the log is kept masked."""
    with ScriptedServer(DOWN, DOWN, accept()).running() as server:
        arguments = ("--project", "org/app", "--timeout", "5", "--", "sh", "-c", "echo FAIL $MY_TOKEN; exit 3")
        env = {
            "EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN, "EXLOGARE_SPOOL_DIR": str(tmp_path / "kept"),
            "MY_TOKEN": "swordfish-9",
        }  # fmt: skip
        failed = [run_exl("run", *arguments, env=clean_env(**env)) for _ in range(2)]
        next_ingest = ingest(server, tmp_path, "org/second")
        flushed = exl("flush", server, tmp_path)

    assert [done.returncode for done in failed] == [3, 3]
    assert b"exl: the log is kept in EXLOGARE_SPOOL_DIR; exl flush sends it.\n" in failed[0].stderr
    assert next_ingest.stderr == "exl: sent 2 kept before.\n"
    assert flushed.stdout == "exl: sent 0, dropped 0, left 0\n"
    assert [asked.json()["log"] for asked in server.asked[3:]] == ["FAIL [masked:value]\n"] * 2


def test_a_refusal_is_not_kept(tmp_path: Path) -> None:
    """A body that the server does not take would be refused later, too."""
    with ScriptedServer(answer(422, {"detail": "No."})).running() as server:
        done = ingest(server, tmp_path, "org/app")

    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "kept").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """And costs nothing else."""
    (tmp_path / "kept").write_text("a file")
    with ScriptedServer(DOWN).running() as server:
        done = ingest(server, tmp_path, "org/app")

    assert done.exit_code == 0
    assert done.stderr.startswith("exl: the log could not be kept in EXLOGARE_SPOOL_DIR: ")


@pytest.mark.parametrize(
    ("step", "code"),
    [(DOWN, exit_codes.UNAVAILABLE), (answer(401, {"detail": "Invalid token"}), exit_codes.REFUSED)],
)
def test_what_is_left_is_said_and_with_strict_a_code(step: Step, code: int, tmp_path: Path) -> None:
    """One line with the cause; by default nothing changes the job's result."""
    with ScriptedServer(DOWN, step).running() as server:
        ingest(server, tmp_path, "org/app")
        lenient = exl("flush", server, tmp_path)
        strict = exl("flush", server, tmp_path, "--strict", "--format", "json")

    assert (lenient.exit_code, lenient.stdout) == (0, "exl: sent 0, dropped 0, left 1\n")
    assert lenient.stderr.count("\n") == 1
    assert strict.exit_code == code
    assert json.loads(strict.stdout) == {"sent": 0, "dropped": 0, "left": 1}


def test_without_a_folder_there_is_nothing_to_flush(tmp_path: Path) -> None:
    """Said in a line."""
    env = {"EXLOGARE_URL": "http://127.0.0.1:1", "EXLOGARE_TOKEN": TOKEN}
    done = call_exl("flush", cwd=tmp_path, env=env)
    strict = call_exl("flush", "--strict", cwd=tmp_path, env=env)

    assert done.exit_code == 0
    assert done.stderr == (
        "exl: No folder for logs that could not be sent is set. Set EXLOGARE_SPOOL_DIR to one that outlives the job.\n"
    )
    assert strict.exit_code == exit_codes.NO_CREDENTIALS
