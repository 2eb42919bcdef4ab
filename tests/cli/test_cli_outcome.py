"""``--output-file`` and ``--wait``: what scripts read, and the server's own answer in the job's log."""

import json
import time
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.exl_in_process import call_exl
from tests.cli.exl_process import clean_env, run_exl, start_exl
from tests.client.scripted_server import ScriptedServer, accept, answer

TOKEN: Final = "exl_made-up-for-tests-0123456789"
ID: Final = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
FAILING: Final = ("--", "sh", "-c", "echo 'src/app.c:3:5: error: expected expression'; exit 2")
FIELDS: Final = [
    "version", "command", "result", "exit_code", "root_cause", "analysis_id", "analyses", "receipt", "server_analysis",
    "is_kept", "problem",
]  # fmt: skip


def outcome(folder: Path, *arguments: str, code: int = 0, **env: str) -> dict[str, Any]:
    """Run a command with an output file that an earlier one has left: what stands there then."""
    path = folder / "out.json"
    path.write_text("stale")
    done = run_exl(arguments[0], "--output-file", str(path), *arguments[1:], env=clean_env(**env), cwd=folder)
    assert done.returncode == code, done.stderr
    document: dict[str, Any] = json.loads(path.read_text())
    assert list(document) == FIELDS
    assert list(folder.glob("*.part")) == []
    return document


def test_a_run_that_passes(tmp_path: Path) -> None:
    """Nothing is analysed, and the script can read that."""
    assert outcome(tmp_path, "run", "--", "true") == {
        "version": 1, "command": "run", "result": "passed", "exit_code": 0, "root_cause": "", "analysis_id": "",
        "analyses": [], "receipt": None, "server_analysis": None, "is_kept": False, "problem": None,
    }  # fmt: skip


def test_a_run_that_fails_and_is_uploaded(tmp_path: Path) -> None:
    """The engine's analysis as ``exl analyze`` gives it, and the receipt."""
    with ScriptedServer(accept()).running() as server:
        found = outcome(
            tmp_path, "run", "--project", "org/app", *FAILING, code=2, EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN
        )

    assert (found["result"], found["exit_code"], found["analysis_id"], found["problem"]) == ("uploaded", 2, ID, None)
    assert found["root_cause"] == found["analyses"][0]["root_cause"] != ""
    assert found["receipt"] == {
        "analysis_id": ID, "server": server.url, "endpoint": "log", "log_bytes": 42, "is_shortened": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("command", "code", "result"),
    [(("no-such-command",), 127, "error"), (("sh", "-c", "kill -9 $$"), 137, "analysed")],
)
def test_a_run_without_an_analysis(command: tuple[str, ...], code: int, result: str, tmp_path: Path) -> None:
    """Every way out writes the file."""
    found = outcome(tmp_path, "run", "--no-upload", "--", *command, code=code)

    assert (found["result"], found["exit_code"]) == (result, code)


def test_a_run_whose_upload_fails(tmp_path: Path) -> None:
    """The cause is in the file, and that the log is kept."""
    env = {"EXLOGARE_TOKEN": TOKEN, "EXLOGARE_SPOOL_DIR": str(tmp_path / "kept")}
    with ScriptedServer(answer(503, Retry_After="999")).running() as server:
        found = outcome(tmp_path, "run", "--project", "o/r", *FAILING, code=2, EXLOGARE_URL=server.url, **env)

    assert (found["result"], found["is_kept"], found["receipt"]) == ("error", True, None)
    assert "answered 503" in found["problem"]


@pytest.mark.slow
def test_analyze_and_ingest_write_it_too(tmp_path: Path) -> None:
    """The same fields, whatever the command."""
    (tmp_path / "a.log").write_text("src/app.c:3:5: error: expected expression\n")
    analysed = outcome(tmp_path, "analyze", "a.log")
    missing = outcome(tmp_path, "analyze", "a.log", "none.log", code=3)
    with ScriptedServer(accept()).running() as server:
        arguments = ("ingest", "--project", "o/r", "--log-file", "a.log")
        sent = outcome(tmp_path, *arguments, EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN)
    refused = outcome(tmp_path, "ingest", "--strict", "--project", "o/r", "--log-file", "a.log", code=4)

    assert [found["result"] for found in (analysed, missing, sent, refused)] == [
        "analysed", "error", "uploaded", "error",
    ]  # fmt: skip
    assert [found["exit_code"] for found in (analysed, missing, sent, refused)] == [0, 3, 0, 4]
    assert len(missing["analyses"]) == 1
    assert refused["problem"].startswith("No server is set.")


def test_the_file_is_never_one_that_is_read(tmp_path: Path) -> None:
    """The log would be lost."""
    log = tmp_path / "a.log"
    log.write_text("boom")
    for arguments in (("analyze", "a.log"), ("ingest", "--log-file", "./a.log")):
        done = call_exl(arguments[0], "--output-file", str(log), *arguments[1:], cwd=tmp_path)

        assert (done.exit_code, log.read_text()) == (2, "boom")


def test_a_file_that_cannot_be_written_costs_a_line(tmp_path: Path) -> None:
    """The exit code is the command's."""
    done = run_exl("run", "--output-file", str(tmp_path / "no" / "out.json"), "--", "true")

    assert done.returncode == 0
    assert done.stderr.decode().endswith("out.json cannot be written: No such file or directory.\n")
    assert done.stderr.count(b"\n") == 1


def test_a_run_that_is_killed_leaves_no_stale_file(tmp_path: Path) -> None:
    """What an earlier run wrote is gone before the command starts."""
    path = tmp_path / "out.json"
    path.write_text("stale")
    arguments = ("run", "--output-file", str(path), "--", "sh", "-c", "echo go; sleep 30")
    with start_exl(*arguments, stdout=-1) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"go\n"
        process.kill()

    assert not path.exists()


SERVERS: Final = {
    "id": ID, "root_cause": "The mirror of the packages was down.", "explanation": "See line 9.",
    "fix_suggestion": "Try again.", "severity": "high", "confidence": 0.9, "created_at": "2026-01-01T00:00:00Z",
    "evidence": [{"line": 1, "text": "##vso[task.complete]x"}],
}  # fmt: skip


def test_the_servers_analysis_is_shown_after_a_wait(tmp_path: Path) -> None:
    """Behind the engine's own, harmless to the CI service, and in the file."""
    steps = (accept(), answer(404, {"detail": "Not found"}), answer(200, SERVERS))
    path = tmp_path / "out.json"
    with ScriptedServer(*steps).running() as server:
        env = clean_env(EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN)
        done = run_exl("run", "--wait", "--output-file", str(path), "--project", "o/r", *FAILING, env=env)

    printed = done.stderr.decode()
    assert done.returncode == 2
    assert "exl: the server says:\nThe mirror of the packages was down.\n" in printed
    assert "##vso[" not in printed
    assert json.loads(path.read_text())["server_analysis"] == SERVERS


@pytest.mark.slow
def test_a_server_that_takes_too_long_costs_the_budget(tmp_path: Path) -> None:
    """One line, the exit code of the command, and not more time than was given."""
    with ScriptedServer(accept(), answer(404, {"detail": "Not found"})).running() as server:
        env = clean_env(EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN)
        started_s = time.monotonic()
        done = run_exl("run", "--wait", "--timeout", "2", "--project", "o/r", *FAILING, env=env, cwd=tmp_path)

    assert (done.returncode, time.monotonic() - started_s < 6) == (2, True)
    assert done.stderr.decode().count("has not analysed it within 2 s") == 1


@pytest.mark.parametrize("format_name", ["text", "json"])
def test_ingest_shows_what_it_waited_for(format_name: str, tmp_path: Path) -> None:
    """On standard output, behind the receipt."""
    (tmp_path / "a.log").write_text("boom")
    arguments = ("--wait", "--project", "o/r", "--log-file", "a.log", "--format", format_name)
    with ScriptedServer(accept(), answer(200, SERVERS)).running() as server:
        env = {"EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN}
        done = call_exl("ingest", *arguments, cwd=tmp_path, env=env)

    assert (done.exit_code, done.stderr) == (0, "")
    if format_name == "json":
        assert json.loads(done.stdout)["analysis"] == SERVERS
    else:
        assert done.stdout.splitlines()[1] == "The mirror of the packages was down."


def test_a_wait_that_fails_is_strictly_a_failure(tmp_path: Path) -> None:
    """One line; by default the exit code is 0."""
    (tmp_path / "a.log").write_text("boom")
    codes = []
    for strict in ((), ("--strict",)):
        with ScriptedServer(accept(), answer(403, {"detail": "Missing scope: read"})).running() as server:
            env = {"EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN}
            arguments = ("--wait", "--project", "o/r", "--log-file", "a.log", *strict)
            done = call_exl("ingest", *arguments, cwd=tmp_path, env=env)
        codes.append(done.exit_code)
        assert done.stderr.count("\n") == 1

    assert codes == [0, 5]
