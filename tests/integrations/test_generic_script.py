"""The script for any CI: which commands it makes of its settings, without a container."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.integrations.snippets import ROOT
from tests.plugins.needs import find_program

SCRIPT: Final = ROOT / "integrations" / "generic" / "exlogare.sh"
SHELL_SCRIPTS: Final = sorted(path.relative_to(ROOT) for path in (ROOT / "integrations").rglob("*.sh"))

_FAKE_EXL = f"""#!{sys.executable}
import json, os, sys
log = next((argument for argument in sys.argv if argument.endswith("log") or "tmp." in argument), None)
text = open(log).read() if log and os.path.exists(log) else None
ours = sorted(name for name in os.environ if name.startswith("EXLOGARE_") and name != "EXLOGARE_CODE")
print(json.dumps({{"argv": sys.argv[1:], "text": text, "ours": ours}}))
sys.exit(int(os.environ.get("EXLOGARE_CODE", "0")))
"""


class Done:
    """How the script ended, and how it called ``exl``.

    Attributes:
        code: its exit code.
        calls: the arguments of each call.
        texts: what the log held at each call.
        variables: the variables of ours that each call saw.
    """

    def __init__(self, code: int, output: str) -> None:
        rows = [json.loads(line) for line in output.splitlines()]
        self.code = code
        self.calls: list[list[str]] = [row["argv"] for row in rows]
        self.texts: list[str | None] = [row["text"] for row in rows]
        self.variables: list[list[str]] = [row["ours"] for row in rows]


def run_script(folder: Path, env: Mapping[str, str], arguments: Sequence[str] = (), stdin: str = "") -> Done:
    """Run the script with an ``exl`` that only says how it was called."""
    tools, temporary = folder / "tools", folder / "tmp"
    tools.mkdir()
    temporary.mkdir()
    (tools / "exl").write_text(_FAKE_EXL, encoding="utf-8")
    (tools / "exl").chmod(0o755)
    done = subprocess.run(
        ["sh", str(SCRIPT), *arguments],
        cwd=folder,
        env={"PATH": f"{tools}:{os.environ['PATH']}", "TMPDIR": str(temporary), **env},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert list(temporary.iterdir()) == []
    return Done(done.returncode, done.stdout)


@pytest.mark.parametrize(
    ("env", "calls"),
    [
        pytest.param({"EXLOGARE_LOG_PATH": "a.log"}, [["analyze", "--", "a.log"]], id="no-token"),
        pytest.param(
            {"EXLOGARE_LOG_PATH": "a.log", "EXLOGARE_TOKEN": "exl_1"},
            [["analyze", "--", "a.log"], ["ingest", "--status", "failed", "--log-file", "a.log"]],
            id="token",
        ),
        pytest.param(
            {
                "EXLOGARE_LOG_PATH": "a b$(touch pwned).log",
                "EXLOGARE_TOKEN": "exl_1",
                "EXLOGARE_STATUS": "; touch pwned",
                "EXLOGARE_PROVIDER": "`touch pwned`",
                "EXLOGARE_PROJECT": "--help",
            },
            [
                ["analyze", "--", "a b$(touch pwned).log"],
                [
                    "ingest", "--status", "; touch pwned", "--log-file", "a b$(touch pwned).log",
                    "--provider", "`touch pwned`", "--project", "--help",
                ],
            ],
            id="everything-and-hostile",
        ),
    ],
)  # fmt: skip
def test_settings_become_arguments(env: dict[str, str], calls: list[list[str]], tmp_path: Path) -> None:
    """Each setting becomes one whole argument; none is run, and exl sees no variable that it does not know."""
    done = run_script(tmp_path, env)

    assert (done.code, done.calls) == (0, calls)
    assert {name for names in done.variables for name in names} <= {"EXLOGARE_TOKEN"}
    assert not (tmp_path / "pwned").exists()


def test_standard_input_is_read_once_and_used_twice(tmp_path: Path) -> None:
    """Without a path the log comes from standard input, and both commands get all of it."""
    done = run_script(tmp_path, {"EXLOGARE_TOKEN": "exl_1"}, stdin="one\ntwo\n")

    assert done.texts == ["one\ntwo\n", "one\ntwo\n"]
    assert [call[0] for call in done.calls] == ["analyze", "ingest"]


def test_arguments_are_those_of_exl(tmp_path: Path) -> None:
    """With arguments the script is exl."""
    done = run_script(tmp_path, {"EXLOGARE_CODE": "7"}, ["run", "--", "make", "a b"])

    assert (done.code, done.calls) == (7, [["run", "--", "make", "a b"]])


@pytest.mark.parametrize("token", [{}, {"EXLOGARE_TOKEN": "exl_1"}], ids=["no-token", "token"])
@pytest.mark.parametrize(("strict", "code"), [("", 0), ("0", 0), ("1", 3), ("true", 3)])
def test_failure_of_ours_changes_the_result_only_when_asked(
    strict: str, code: int, token: dict[str, str], tmp_path: Path
) -> None:
    """By default the script ends with 0 whatever exl ends with; EXLOGARE_STRICT lets it through."""
    env = {"EXLOGARE_LOG_PATH": "none.log", "EXLOGARE_CODE": "3", "EXLOGARE_STRICT": strict, **token}
    done = run_script(tmp_path, env)

    assert done.code == code


@pytest.mark.needs("shellcheck")
@pytest.mark.parametrize("script", SHELL_SCRIPTS, ids=str)
def test_shell_scripts_are_sound(script: Path) -> None:
    """ShellCheck has nothing to say about any of our scripts, as POSIX shell."""
    shellcheck = find_program("shellcheck")
    assert shellcheck is not None

    done = subprocess.run(
        [shellcheck, "--shell=sh", "--severity=style", str(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "")
