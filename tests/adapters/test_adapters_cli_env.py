"""``exl env``: the context as JSON or as a table that is safe in a job's log."""

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from exlogare_ci.cli.env import env_command
from exlogare_ci.context import RunContext

PUSH = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "octocat/Hello-World",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_RUN_ID": "1658821493",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_REF_NAME": "main",
    "GITHUB_JOB": "",
}
PAGE = "https://github.com/octocat/Hello-World/actions/runs/1658821493"
CONTEXT = RunContext(
    ci="github",
    project="octocat/Hello-World",
    run_id="1658821493",
    branch="main",
    build_url=PAGE,
    job_url=PAGE,
    remote_url="https://github.com/octocat/Hello-World.git",
)


def _exl_env(monkeypatch: pytest.MonkeyPatch, env: dict[str, str], *arguments: str) -> Result:
    """Run the command in an environment of nothing but ``PATH`` and ``env``."""
    for name in list(os.environ):
        if name not in ("PATH", "GIT_CONFIG_GLOBAL", "GIT_CEILING_DIRECTORIES"):
            monkeypatch.delenv(name)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return CliRunner().invoke(env_command, arguments)


def test_json_is_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every field is there, null when it is unknown, and nothing else."""
    result = _exl_env(monkeypatch, PUSH, "--format", "json", "--no-git")

    assert (result.exit_code, json.loads(result.stdout)) == (0, msgspec.to_builtins(CONTEXT))


def test_json_with_explanation(monkeypatch: pytest.MonkeyPatch) -> None:
    """The context, where each field came from, what was passed over, and who matches."""
    result = _exl_env(monkeypatch, PUSH, "--format", "json", "--explain", "--no-git")

    told = json.loads(result.stdout)
    assert list(told) == ["context", "fields", "passed_over", "matched"]
    assert told["context"] == msgspec.to_builtins(CONTEXT)
    assert told["fields"]["branch"] == {"value": "main", "from": "GITHUB_REF"}
    assert {"field": "job_name", "from": "GITHUB_JOB", "reason": "it is empty"} in told["passed_over"]
    assert told["matched"] == ["github"]


def test_git_completes_and_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What git gave is in the context, with the command that gave it; --no-git leaves it out."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=trunk", tmp_path], check=True)
    monkeypatch.chdir(tmp_path)

    told = json.loads(_exl_env(monkeypatch, {}, "--format", "json", "--explain").stdout)
    bare = json.loads(_exl_env(monkeypatch, {}, "--format", "json", "--no-git").stdout)

    assert told["fields"]["branch"] == {"value": "trunk", "from": "git symbolic-ref --short HEAD"}
    assert told["context"]["branch"] == "trunk"
    assert bare == msgspec.to_builtins(RunContext())


def test_text_is_one_aligned_line_a_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, values under each other, a dash for what is unknown."""
    result = _exl_env(monkeypatch, PUSH, "--no-git")

    assert result.stdout == (
        "ci            github\n"
        "project       octocat/Hello-World\n"
        "run_id        1658821493\n"
        "build_number  -\n"
        "job_name      -\n"
        "job_id        -\n"
        "step          -\n"
        "stage         -\n"
        "branch        main\n"
        "tag           -\n"
        "commit_sha    -\n"
        f"build_url     {PAGE}\n"
        f"job_url       {PAGE}\n"
        "pull_request  -\n"
        "remote_url    https://github.com/octocat/Hello-World.git\n"
        "status        -\n"
        "workspace     -\n"
    )


def test_text_with_explanation(monkeypatch: pytest.MonkeyPatch) -> None:
    """A third column names the variables; below stand what was passed over and the services."""
    result = _exl_env(monkeypatch, PUSH, "--no-git", "--explain")

    lines = result.stdout.splitlines()
    assert [line.split() for line in lines[:2]] == [
        ["ci", "github", "from", "GITHUB_ACTIONS"],
        ["project", "octocat/Hello-World", "from", "GITHUB_REPOSITORY"],
    ]
    assert lines[lines.index("Passed over:") + 1 :] == [
        "  job_name  GITHUB_JOB       it is empty",
        "  branch    GITHUB_REF_NAME  it may be a tag or N/merge; GITHUB_REF tells which",
        "",
        "Services that match, in the order of detection: github",
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x1b[31mred\x07", "red\\x07"),
        ("##vso[task.setvariable variable=x]y", "##vso [task.setvariable variable=x]y"),
        ("##teamcity[buildStop]", "##teamcity [buildStop]"),
        ("see https://jo:secret@example.com/x", "see https://example.com/x"),
        ("name\u202egnp.exe", "name\\u202egnp.exe"),
        ("日本", "日本"),
    ],
)
def test_text_is_safe_in_a_log(monkeypatch: pytest.MonkeyPatch, value: str, shown: str) -> None:
    """A hostile branch name cannot break the line, colour the log, command the runner or show a password."""
    result = _exl_env(monkeypatch, {"CIRCLECI": "true", "CIRCLE_JOB": value}, "--no-git")

    assert result.exit_code == 0
    assert f"job_name      {shown}" in result.stdout.split("\n")


def test_json_is_exact_and_safe_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader gets the value back to the letter, a runner sees no command and no character but ASCII."""
    value = "\\##vso[task.x]\n::error::é##[group]"

    result = _exl_env(
        monkeypatch, {"CIRCLECI": "true", "CIRCLE_JOB": value}, "--no-git", "--format", "json", "--explain"
    )

    assert json.loads(result.stdout)["context"]["job_name"] == value
    assert "##" not in result.stdout
    assert result.stdout.isascii()


def test_unknown_service_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2 and a sentence that lists the names."""
    result = _exl_env(monkeypatch, {"EXLOGARE_CI": "hudson"})

    assert result.exit_code == 2
    assert "Set it to one of harness, woodpecker, drone, forgejo" in " ".join(result.stderr.split())


def test_unknown_option_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is ignored silently."""
    assert _exl_env(monkeypatch, {}, "--explane").exit_code == 2
    assert _exl_env(monkeypatch, {}, "--format", "yaml").exit_code == 2


def test_help_has_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """The help shows how it is used."""
    result = _exl_env(monkeypatch, {}, "--help")

    assert result.exit_code == 0
    assert "exl env --format json --no-git | jq -r .branch" in result.stdout


def test_nothing_heavy_is_loaded() -> None:
    """The command does without the engine, requests, rich and keyring: start-up time counts."""
    heavy = "{'requests', 'rich', 'keyring', 'yaml', 'hyperscan', 'exlogare_ci.analysis'}"
    code = f"import sys, exlogare_ci.cli.env; print(sorted({heavy} & set(sys.modules)))"

    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert loaded.stdout == "[]\n"
