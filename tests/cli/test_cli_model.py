"""A configured model in ``exl analyze`` and ``exl run``: its words where it is needed, one line where it fails."""

import json
from pathlib import Path
from typing import Final

import pytest

from tests.assist.model_server import saying
from tests.cli.exl_in_process import call_exl
from tests.cli.exl_process import clean_env, run_exl
from tests.client.scripted_server import ScriptedServer, answer

SECRET: Final = "correct-horse-battery"
UNCLEAR: Final = "checking 12 pages\nabout.html could not be accepted by the gate\nmake: *** [site] Error 1\n"
SURE: Final = b"src/app.c:3:5: error: expected expression before '}' token\nmake: *** [app.o] Error 1\n"
WORDS: Final = {
    "root_cause": "The gate refuses about.html",
    "explanation": "It says so of one page of 12.",
    "fix_suggestion": "Ask the gate for its reason.",
    "category": "code.lint",
    "citations": [{"line": "L2", "quote": "could not be accepted"}],
}


def model_env(server: ScriptedServer, **more: str) -> dict[str, str]:
    """The variables that turn the model on, for every failure that is not certain."""
    return {
        "EXLOGARE_LLM_BASE_URL": f"{server.url}/v1",
        "EXLOGARE_LLM_MODEL": "small-1",
        "EXLOGARE_LLM_THRESHOLD": "1",
        **more,
    }


def test_analyze_uses_the_models_words(tmp_path: Path) -> None:
    """For a failure that the engine is not sure of, with a remark on who wrote them."""
    with ScriptedServer(saying(WORDS)).running() as server:
        result = call_exl("analyze", "--format", "json", "-", cwd=tmp_path, env=model_env(server),
                          stdin=UNCLEAR.encode())  # fmt: skip

    record = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert record["root_cause"] == "The gate refuses about.html"
    assert "the words of the model small-1" in record["explanation"]
    assert (record["category"], record["cause_line"]) == ("unknown", 2)
    assert record["evidence"][0] == {"line": 2, "text": "about.html could not be accepted by the gate"}


def test_analyze_asks_nobody_by_default(tmp_path: Path) -> None:
    """Without the variable nothing is sent, and the words are the engine's."""
    with ScriptedServer(saying(WORDS)).running() as server:
        result = call_exl("analyze", "-", cwd=tmp_path, stdin=UNCLEAR.encode())

    assert "The gate refuses" not in result.stdout
    assert server.asked == []


def test_analyze_asks_nobody_about_what_is_clear(tmp_path: Path) -> None:
    """What the engine is sure of leaves the machine under no setting."""
    with ScriptedServer(saying(WORDS)).running() as server:
        env = model_env(server, EXLOGARE_LLM_THRESHOLD="")
        result = call_exl("analyze", "-", cwd=tmp_path, env=env, stdin=SURE)

    assert "expected expression" in result.stdout
    assert server.asked == []


def test_an_endpoint_that_fails_is_asked_once(tmp_path: Path) -> None:
    """One line says so; the further files do not wait for it."""
    for name in ("a.log", "b.log"):
        (tmp_path / name).write_text(UNCLEAR, encoding="utf-8")
    with ScriptedServer(answer(503)).running() as server:
        result = call_exl("analyze", "a.log", "b.log", cwd=tmp_path, env=model_env(server))

    assert result.exit_code == 0
    assert result.stdout.count("Root cause: ") == 2
    assert result.stderr == (
        "exl: The model's endpoint answered 503. The engine's own words are shown."
        " Check EXLOGARE_LLM_BASE_URL and EXLOGARE_LLM_API_KEY, or unset them.\n"
    )
    assert len(server.asked) == 1


def test_a_doubtful_answer_is_said(tmp_path: Path) -> None:
    """And the next file is asked about again: the endpoint works."""
    wrong = {**WORDS, "citations": [{"line": "L2", "quote": "was accepted"}]}
    with ScriptedServer(saying(wrong)).running() as server:
        result = call_exl("analyze", "-", cwd=tmp_path, env=model_env(server), stdin=UNCLEAR.encode())

    assert "The gate refuses" not in result.stdout
    assert result.stderr == (
        "exl: The model's answer was not used: its quote is not in line 2. The engine's own words are shown.\n"
    )


def test_a_wrong_setting_costs_the_models_words_only(tmp_path: Path) -> None:
    """The analysis is there; the sentence names the variable."""
    env = {"EXLOGARE_LLM_BASE_URL": "https://llm.example.org/v1"}

    result = call_exl("analyze", "-", cwd=tmp_path, env=env, stdin=UNCLEAR.encode())

    assert result.exit_code == 0
    assert "Root cause: " in result.stdout
    assert result.stderr == (
        "exl: the model was not asked: EXLOGARE_LLM_BASE_URL is set, but EXLOGARE_LLM_MODEL is not."
        " Set it to the model's name at that endpoint, or unset both.\n"
    )


@pytest.mark.parametrize("command", ["analyze", "run"])
def test_secrets_of_the_environment_are_not_sent(command: str, tmp_path: Path) -> None:
    """Nor the key in the body, whatever the log holds; the key is in the header alone."""
    (tmp_path / "build.log").write_text(f"{UNCLEAR}with {SECRET} and key-{SECRET[::-1]}\n", encoding="utf-8")
    arguments = {
        "analyze": ("analyze", "build.log"),
        "run": ("run", "--no-upload", "--", "sh", "-c", "cat build.log; exit 4"),
    }[command]
    with ScriptedServer(saying(WORDS)).running() as server:
        env = clean_env(**model_env(server, DEPLOY_TOKEN=SECRET, EXLOGARE_LLM_API_KEY=f"key-{SECRET[::-1]}"))
        done = run_exl(*arguments, env=env, cwd=tmp_path)

    assert done.returncode == {"analyze": 0, "run": 4}[command]
    assert b"The gate refuses about.html" in done.stdout + done.stderr
    (asked,) = server.asked
    assert SECRET.encode() not in asked.body
    assert SECRET[::-1].encode() not in asked.body
    assert asked.headers["authorization"] == f"Bearer key-{SECRET[::-1]}"


def test_run_never_changes_the_exit_code(tmp_path: Path) -> None:
    """With an endpoint that is broken, the build ends as it ended, with the engine's words."""
    with ScriptedServer(answer(500)).running() as server:
        env = clean_env(**model_env(server))
        script = f"cat <<'END'\n{UNCLEAR}END\nexit 4"
        done = run_exl("run", "--no-upload", "--", "sh", "-c", script, env=env, cwd=tmp_path)

    assert done.returncode == 4
    report = done.stderr.decode()
    assert "exl: The model's endpoint answered 500." in report
    assert "Root cause: " in report
