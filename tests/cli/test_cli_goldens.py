"""What every command prints, whole: its help, its text, its JSON, its errors. ``--update-goldens`` writes them anew."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from unittest import mock

import click
import pytest

from exlogare_ci.__about__ import __version__
from exlogare_ci.cli import cli
from tests.cli.exl_in_process import call_exl
from tests.cli.exl_process import clean_env, run_exl
from tests.client.scripted_server import ScriptedServer, Step, accept, answer
from tests.conftest import CheckGolden

GOLDENS: Final = Path(__file__).parent / "goldens"
TOKEN: Final = "exl_made-up-for-tests-0123456789"
JOB: Final = {
    "DRONE": "true", "CI": "true", "DRONE_REPO": "org/app", "DRONE_BUILD_NUMBER": "12", "DRONE_STAGE_NAME": "default",
    "DRONE_STEP_NAME": "test", "DRONE_COMMIT_SHA": "d" * 40, "DRONE_SOURCE_BRANCH": "main",
    "DRONE_BUILD_LINK": "https://drone.example.org/org/app/12",
}  # fmt: skip
LOG: Final = (
    "$ make\n"
    "cc -c cart.c\n"
    "cart.c:3:5: error: 'total' undeclared (first use in this function)\n"
    "make: *** [Makefile:2: cart.o] Error 1\n"
)
ANALYSIS: Final[dict[str, object]] = {
    "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "root_cause": "'total' is not declared in cart.c, line 3.",
    "explanation": "The compiler knows no such name.", "fix_suggestion": "Declare it.", "severity": "high",
    "confidence": 0.92, "created_at": "2026-01-31T12:00:00+00:00", "project_path": "org/app", "job_name": "default",
    "build_number": "12", "branch": "main", "commit_sha": "d" * 40, "category": "code.compile",
    "pipeline_url": "https://drone.example.org/org/app/12", "evidence": [{"line": 3, "text": "cart.c:3:5: error: …"}],
}  # fmt: skip
PAGE: Final[dict[str, object]] = {"items": [ANALYSIS], "next_cursor": None, "limit": 20}
NO_TOKEN: Final = answer(401, {"detail": "Not authenticated"}, WWW_Authenticate="Bearer")
WELL: Final = (NO_TOKEN, answer(200, PAGE), answer(422, {"detail": []}))
DOWN: Final = answer(503, {"detail": "Down for maintenance."}, Retry_After="3600")


def commands(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give the path of a command and of all below it."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, (*path, name))


@pytest.mark.parametrize("path", list(commands(cli, ())), ids=lambda path: "-".join(("exl", *path)))
def test_help(path: tuple[str, ...], check_golden: CheckGolden) -> None:
    """Every command has help with an example, in lines that fit 80 columns."""
    # A process of its own: click keeps the help option that a command was first asked for in this process.
    done = run_exl(*path, "--help", env=clean_env(COLUMNS="80"))
    text = done.stdout.decode()

    assert (done.returncode, done.stderr) == (0, b"")
    assert re.search(r"^(?:  )?Examples?:", text, re.MULTILINE)
    check_golden(GOLDENS / f"help-{'-'.join(('exl', *path))}.txt", text)


class Case(NamedTuple):
    """One transcript: commands that follow each other, with what the server answers to them.

    Attributes:
        commands: arguments of ``exl``, a command each.
        script: the server's answers; none for no server.
        env: variables beside the job's.
        stdin: of every command.
    """

    commands: tuple[tuple[str, ...], ...]
    script: tuple[Step, ...] = ()
    env: dict[str, str] = {}  # noqa: RUF012 - never changed
    stdin: str = ""


INGEST: Final = ("ingest", "--status", "failed", "--log-file", "build.log")
CASES: Final[dict[str, Case]] = {
    "usage": Case((("--version",), ("no-such-command",), ("analyze",), ("env", "--no-such-option"))),
    "env": Case((("env", "--no-git"), ("env", "--no-git", "--explain"), ("env", "--no-git", "--format", "json"))),
    "env-json-explained": Case((("env", "--no-git", "--explain", "--format", "json"),)),
    "analyze-text": Case((("analyze", "build.log", "passed.log"), ("analyze", "--explain", "build.log"),
                          ("analyze", "missing.log"))),
    "analyze-json": Case((("analyze", "--format", "json", "build.log"),)),
    "analyze-jsonl": Case((("analyze", "--format", "jsonl", "build.log", "passed.log"),)),
    "analyze-markdown": Case((("analyze", "--format", "markdown", "build.log"),)),
    "analyze-colour": Case((("analyze", "build.log"),), env={"FORCE_COLOR": "1"}),
    "analyze-no-colour": Case((("analyze", "build.log"),), env={"FORCE_COLOR": "1", "NO_COLOR": "1"}),
    "ingest": Case((INGEST, (*INGEST, "--format", "json"), (*INGEST, "--wait")),
                   (accept(), accept(), accept(), answer(200, ANALYSIS))),
    "ingest-dry-run": Case(((*INGEST, "--dry-run"), (*INGEST, "--dry-run", "--format", "json")), (accept(),)),
    "ingest-down": Case((INGEST, (*INGEST, "--strict"), (*INGEST, "--strict", "--format", "json")), (DOWN,)),
    "ingest-nothing-set": Case((INGEST, ("ingest",), (*INGEST, "--from", "gitlab")), env={"EXLOGARE_TOKEN": ""}),
    "flush": Case((INGEST, ("flush",), ("flush", "--strict", "--format", "json"), ("flush",)),
                  (DOWN, DOWN, DOWN, accept()), env={"EXLOGARE_SPOOL_DIR": "DIR/kept"}),
    "analyses": Case((("analyses", "list"), ("analyses", "list", "--format", "json"),
                      ("analyses", "list", "--since", "yesterday")), (answer(200, PAGE),)),
    "analyses-show": Case((("analyses", "show", str(ANALYSIS["id"])),
                           ("analyses", "show", "--format", "json", str(ANALYSIS["id"])),
                           ("analyses", "show", "no/id")), (answer(200, ANALYSIS),)),
    "analyses-refused": Case((("analyses", "list"),), (answer(403, {"detail": "Missing scope: read"}),)),
    "auth": Case((("auth", "login", "--token-stdin", "--in-file", "--profile", "work", "--url", "SERVER"),
                  ("auth", "profiles"), ("auth", "profiles", "--format", "json"),
                  ("auth", "status", "--profile", "work"), ("auth", "status", "--profile", "work", "--format", "json"),
                  ("auth", "logout", "--profile", "work"), ("auth", "profiles")),
                 (answer(200, PAGE),), stdin=TOKEN),
    "config": Case((("config", "show"), ("config", "show", "--format", "json"), ("config", "check"))),
    "doctor": Case((("doctor",), ("doctor", "--format", "json")), (*WELL, *WELL)),
    "doctor-problem": Case((("doctor",), ("doctor", "--strict")), (answer(200, b"<html>"),)),
}  # fmt: skip
"""Every command, in each of its formats, and its usual troubles."""


def test_every_command_has_a_transcript() -> None:
    """None can be added without."""
    leaves = {path for path in commands(cli, ()) if not any(other[:-1] == path for other in commands(cli, ()))}
    shown = {words[: len(path)] for case in CASES.values() for words in case.commands for path in leaves}

    elsewhere = {
        ("run",),  # below: it needs a process of its own
        ("step",),  # test_cli_step.py
        ("completion",),  # test_cli_completion.py: the shells themselves
        ("config", "schema"),  # docs/reference/exlogare.schema.json
    }
    assert leaves - shown == elsewhere


def plain(text: str, folder: Path, server: str) -> str:
    """A transcript without what differs from run to run."""
    text = text.replace(server, "SERVER").replace(str(folder), "DIR")
    return re.sub(rf"\b{re.escape(__version__)}\b", "VERSION", text)


def transcript(words: tuple[str, ...], code: int, stdout: str, stderr: str) -> str:
    """Lay out one command and what came of it."""
    parts = [f"$ exl {' '.join(words)}\n"]
    for name, text in (("stdout", stdout), ("stderr", stderr)):
        if text:
            parts.append(f"-- {name}\n{text}" + ("" if text.endswith("\n") else "\n"))
    return "".join([*parts, f"-- exit code {code}\n\n"])


@pytest.mark.parametrize("name", CASES)
def test_transcript(name: str, tmp_path: Path, check_golden: CheckGolden) -> None:
    """The whole of both streams and the exit code."""
    case = CASES[name]
    (tmp_path / "build.log").write_text(LOG)
    (tmp_path / "passed.log").write_text("$ make\nall tests passed\n")
    shown = []
    with ScriptedServer(*case.script or (DOWN,)).running() as server:
        for words in case.commands:
            env = {
                **JOB, "EXLOGARE_TOKEN": TOKEN, "EXLOGARE_CONFIG_DIR": str(tmp_path / "config"), "COLUMNS": "80",
                **({"EXLOGARE_URL": server.url} if case.script else {}),
                **{key: value.replace("DIR", str(tmp_path)) for key, value in case.env.items()},
            }  # fmt: skip
            given = [word.replace("SERVER", server.url) for word in words]
            with mock.patch("urllib.request.getproxies", dict):
                done = call_exl(*given, cwd=tmp_path, env=env, stdin=case.stdin.encode())
            if "json" in words and "--strict" not in words and done.stdout:
                json.loads(done.stdout)
            shown.append(transcript(words, done.exit_code, done.stdout, done.stderr))
        url = server.url
    check_golden(GOLDENS / f"{name}.txt", plain("".join(shown), tmp_path, url))


@pytest.mark.slow
def test_transcript_of_run(tmp_path: Path, check_golden: CheckGolden) -> None:
    """With and without a server, in text and JSON, a success and a command that there is not."""
    (tmp_path / "build.log").write_text(LOG)
    script = ("--", "sh", "-c", "cat build.log; exit 2")
    shown = []
    with ScriptedServer(accept(), accept(), DOWN).running() as server:
        env = clean_env(**JOB, EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN)
        for words in (
            ("run", "--", "true"),
            ("run", *script),
            ("run", "--format", "json", *script),
            ("run", "--strict", *script),
            ("run", "--no-upload", "--", "no-such-command"),
        ):
            done = run_exl(*words, env=env, cwd=tmp_path)
            shown.append(transcript(words, done.returncode, done.stdout.decode(), done.stderr.decode()))
        url = server.url
    check_golden(GOLDENS / "run.txt", plain("".join(shown), tmp_path, url))
