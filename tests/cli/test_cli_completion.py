"""Completion in real shells, and the manual page."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from exlogare_ci.cli import COMMANDS
from exlogare_ci.cli.completion import SHELLS
from exlogare_ci.cli.manual import EXIT_CODES, render_manual
from exlogare_ci.settings import KNOWN_VARIABLES
from tests.cli.exl_in_process import call_exl
from tests.cli.exl_process import clean_env
from tests.conftest import CheckGolden

MANUAL = Path(__file__).parents[2] / "docs" / "man" / "exl.1"


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """A folder for ``PATH`` in which ``exl`` is this one."""
    exl = tmp_path / "bin" / "exl"
    exl.parent.mkdir()
    exl.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m exlogare_ci "$@"\n')
    exl.chmod(0o755)
    return exl.parent


def script(shell: str, tmp_path: Path) -> Path:
    """What ``exl completion`` prints for a shell, in a file."""
    done = call_exl("completion", shell, cwd=tmp_path)
    assert (done.exit_code, done.stderr) == (0, "")
    path = tmp_path / f"exl.{shell}"
    path.write_text(done.stdout)
    return path


def output_of(argv: list[str], bin_folder: Path) -> str:
    """Run a shell that finds ``exl``; it must not complain."""
    env = clean_env()
    env["PATH"] = f"{bin_folder}:{env['PATH']}"
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("exl an", ["analyze", "analyses"]),
        ("exl analyses s", ["show"]),
        ("exl run --no", ["--no-upload"]),
        ("exl run --report te", ["teamcity"]),
        (
            "exl analyze --report auto,git",
            [f"auto,{n}" for n in ("github", "github-comment", "gitlab", "gitlab-comment")],
        ),
        ("exl completion ", list(SHELLS)),
    ],
)
def test_bash(line: str, expected: list[str], bin_folder: Path, tmp_path: Path) -> None:
    """Commands, sub-commands, options and values, through the function that bash calls."""
    *words, last = line.split(" ")
    quoted = " ".join(f'"{word}"' for word in (*words, last))
    code = (
        f"source {script('bash', tmp_path)}; complete -p exl >/dev/null; COMP_WORDS=({quoted}); "
        f'COMP_CWORD={len(words)}; _exl_completion exl; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    assert output_of(["bash", "--norc", "-c", code], bin_folder).split() == expected


@pytest.mark.slow
@pytest.mark.needs("fish")
def test_fish(bin_folder: Path, tmp_path: Path) -> None:
    """Fish's own completion engine is asked."""
    code = f"source {script('fish', tmp_path)}; complete -C 'exl an'"
    listed = output_of(["fish", "--no-config", "-c", code], bin_folder)

    assert {line.split("\t")[0] for line in listed.splitlines()} == {"analyze", "analyses"}


@pytest.mark.slow
@pytest.mark.needs("zsh")
def test_zsh(bin_folder: Path, tmp_path: Path) -> None:
    """Zsh registers the function; what that function asks for is answered with descriptions."""
    code = f"autoload -U compinit; compinit -u -D; source {script('zsh', tmp_path)}; echo $_comps[exl]"
    assert output_of(["zsh", "-f", "-c", code], bin_folder) == "_exl_completion\n"

    ask = "env COMP_WORDS='exl an' COMP_CWORD=1 _EXL_COMPLETE=zsh_complete exl"
    kind, value, text, *_ = output_of(["zsh", "-f", "-c", ask], bin_folder).split("\n")
    assert (kind, value, text[:19]) == ("plain", "analyze", "Find the root cause")


@pytest.mark.slow
def test_powershell(bin_folder: Path, tmp_path: Path) -> None:
    """The script registers a native completer; what that asks for is answered."""
    assert "Register-ArgumentCompleter -Native -CommandName exl" in script("powershell", tmp_path).read_text()

    ask = "env COMP_WORDS='exl an' COMP_CWORD=1 _EXL_COMPLETE=powershell_complete exl"
    assert output_of(["sh", "-c", ask], bin_folder).split("\n")[:2] == ["plain", "analyze"]


def test_old_click_without_powershell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Click has it since 8.5; before, that is said."""
    monkeypatch.setattr("click.shell_completion.get_completion_class", lambda _: None)
    done = call_exl("completion", "powershell", cwd=tmp_path)

    assert done.exit_code == 2
    assert "has no completion for powershell. Update it" in done.stderr


def test_manual_is_up_to_date(check_golden: CheckGolden) -> None:
    """The committed page is what the commands say today."""
    check_golden(MANUAL, render_manual())


def test_manual_has_everything() -> None:
    """Every command, variable and exit code of the tables; no line of text that would be a request."""
    page = render_manual().replace("\\-", "-")

    for name, _, _ in COMMANDS:
        assert re.search(rf"^\.SS exl {name} ", page, re.MULTILINE)
    for term in (*KNOWN_VARIABLES, *(code for code, _ in EXIT_CODES), "exl auth login", "--report-dir DIR"):
        assert term in page
    requests = set(re.findall(r"^[.'](\S+)", page, re.MULTILINE))
    assert requests == {'\\"', "TH", "nh", "ad", "SH", "SS", "PP", "TP", "nf", "fi"}


@pytest.mark.slow
@pytest.mark.needs("man")
def test_manual_is_accepted(bin_folder: Path) -> None:
    """The formatter has no warning."""
    shown = output_of(["man", "--warnings", "-l", str(MANUAL)], bin_folder)

    assert "exl run [OPTIONS] COMMAND..." in shown
