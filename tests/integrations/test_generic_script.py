"""The script for any CI: how it calls exl, and what it does where there is none, without a container."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
import pytest

from tests.integrations.snippets import ROOT
from tests.plugins.needs import find_program

SCRIPT: Final = ROOT / "integrations" / "generic" / "exlogare.sh"
SHELL_SCRIPTS: Final = sorted(
    path.relative_to(ROOT) for path in (ROOT / "integrations").rglob("*.sh") if path.parent.name != "common"
)
"""Whole ones: those in ``common`` are parts of them."""
SYSTEM_PATH: Final = "/usr/local/bin:/usr/bin:/bin"

_FAKE_EXL = f"""#!{sys.executable}
import json, os, sys
ours = {{name: value for name, value in os.environ.items() if name.startswith("EXLOGARE_") and name != "EXLOGARE_CODE"}}
text = sys.stdin.read() if ours.get("EXLOGARE_LOG_PATH") == "-" else None
print(json.dumps({{"argv": sys.argv[1:], "ours": ours, "text": text}}))
sys.exit(int(os.environ.get("EXLOGARE_CODE", "0")))
"""


class Call(msgspec.Struct, frozen=True):
    """How the script called ``exl``: its arguments, the variables of ours that it saw, and its standard input."""

    argv: list[str]
    ours: dict[str, str]
    text: str | None = None


class Done(msgspec.Struct, frozen=True):
    """How the script ended."""

    code: int
    output: str
    errors: str

    def call(self) -> Call:
        """The one call of ``exl``."""
        return msgspec.json.decode(self.output, type=Call)


def run_script(
    folder: Path, env: Mapping[str, str], arguments: Sequence[str] = (), *, stdin: str = "", with_exl: bool = True
) -> Done:
    """Run the script with an ``exl`` that only says how it was called, or with none and no way to get one."""
    tools = folder / "tools"
    tools.mkdir()
    if with_exl:
        (tools / "exl").write_text(_FAKE_EXL, encoding="utf-8")
        (tools / "exl").chmod(0o755)
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_NO_INDEX": "true", "EXLOGARE_PACKAGE_DIR": str(tools)}
    done = subprocess.run(
        ["sh", str(SCRIPT), *arguments],
        cwd=folder,
        env={"PATH": f"{tools}:{SYSTEM_PATH}", "HOME": str(folder), **({} if with_exl else nowhere), **env},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "env",
    [
        pytest.param({"EXLOGARE_LOG_PATH": "a.log"}, id="log"),
        pytest.param({"EXLOGARE_RUN": "make test", "EXLOGARE_TOKEN": "exl_1"}, id="run"),
        pytest.param({"EXLOGARE_CI_TOKEN": "secret"}, id="fetch"),
        pytest.param(
            {
                "EXLOGARE_LOG_PATH": "a b$(touch pwned).log",
                "EXLOGARE_STATUS": "; touch pwned",
                "EXLOGARE_PROVIDER": "`touch pwned`",
                "EXLOGARE_PROJECT": "--help",
            },
            id="hostile",
        ),
    ],
)
def test_settings_are_handed_on_as_they_are(env: dict[str, str], tmp_path: Path) -> None:
    """Each setting reaches exl step unchanged; none is run, and nothing is added."""
    done = run_script(tmp_path, env)

    assert (done.code, done.errors) == (0, "")
    assert done.call() == Call(["step"], env)
    assert not (tmp_path / "pwned").exists()


def test_installers_settings_stay_with_the_installer(tmp_path: Path) -> None:
    """What the script itself needs is gone when exl looks for misspelt variables."""
    done = run_script(tmp_path, {"EXLOGARE_LOG_PATH": "a.log", "EXLOGARE_EXL": "exl", "EXLOGARE_VERSION": "0.1.0"})

    assert done.call() == Call(["step"], {"EXLOGARE_LOG_PATH": "a.log"})


def test_standard_input_is_the_log_where_nothing_else_is(tmp_path: Path) -> None:
    """With no settings the log comes from standard input, all of it."""
    done = run_script(tmp_path, {}, stdin="one\ntwo\n")

    assert done.call() == Call(["step"], {"EXLOGARE_LOG_PATH": "-"}, "one\ntwo\n")


def test_arguments_are_those_of_exl(tmp_path: Path) -> None:
    """With arguments the script is exl, and ends as it does."""
    done = run_script(tmp_path, {"EXLOGARE_CODE": "7"}, ["run", "--", "make", "a b"])

    assert (done.code, done.call().argv) == (7, ["run", "--", "make", "a b"])


@pytest.mark.parametrize(
    ("strict", "command", "code"),
    [
        pytest.param("", "exit 3", 3, id="failing"),
        pytest.param("", "true", 0, id="passing"),
        pytest.param("1", "true", 1, id="strict"),
    ],
)
@pytest.mark.slow
def test_a_command_runs_where_exl_cannot_be_had(strict: str, command: str, code: int, tmp_path: Path) -> None:
    """Without exl the command runs all the same, without our token, and one line says why it ran alone."""
    script = f'echo "token: ${{EXLOGARE_TOKEN:-none}}"; {command}'
    env = {"EXLOGARE_RUN": script, "EXLOGARE_TOKEN": "exl_1", "EXLOGARE_STRICT": strict}

    done = run_script(tmp_path, env, with_exl=False)

    assert (done.code, done.output) == (code, "token: none\n")
    assert done.errors.startswith("exlogare: exl could not be installed: ")
    assert done.errors.endswith(" The command runs without it.\n")
    assert done.errors.count("\n") == 1


@pytest.mark.slow
def test_a_wrapped_command_runs_where_exl_cannot_be_had(tmp_path: Path) -> None:
    """Also as arguments, `run -- COMMAND` runs the command, as it was given."""
    done = run_script(tmp_path, {}, ["run", "--no-upload", "--", "sh", "-c", "echo $1; exit 4", "sh", "a b"],
                      with_exl=False)  # fmt: skip

    assert (done.code, done.output) == (4, "a b\n")


@pytest.mark.slow
def test_a_log_is_given_up_where_exl_cannot_be_had(tmp_path: Path) -> None:
    """Without exl a log is not sent, which is one line, and changes nothing."""
    done = run_script(tmp_path, {"EXLOGARE_LOG_PATH": "a.log"}, with_exl=False)

    assert (done.code, done.output) == (0, "")
    assert done.errors.endswith(" Nothing was sent.\n")


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
