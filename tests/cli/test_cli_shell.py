"""The command's shell: what it lists, what it imports, and what the user sees when something goes wrong."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import click
import pytest
from click.testing import CliRunner

from exlogare_ci import errors as client_errors
from exlogare_ci.cli import COMMANDS, cli, exit_codes
from exlogare_ci.cli.errors import EXIT_CODE_BY_ERROR, CommandError, describe, guard
from tests.cli.exl_process import clean_env, run_exl

HEAVY: Final = {"requests", "urllib3", "rich", "keyring", "hyperscan", "yaml", "exlogare_ci.analysis.engine"}
ENTRY: Final = "import sys; from exlogare_ci.cli import entry\ntry: entry()\nexcept SystemExit: pass\n"


def imported_by(*arguments: str) -> set[str]:
    """The modules that are loaded after ``exl`` was run with these arguments."""
    code = f"{ENTRY}import json; json.dump(sorted(sys.modules), sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, *arguments], env=clean_env(), capture_output=True, check=True)
    return set(json.loads(done.stderr))


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--help"], id="help"),
        pytest.param(["--version"], id="version"),
        pytest.param(["env", "--no-git"], id="env"),
        pytest.param(["analyze", "--help"], id="analyze-help"),
        pytest.param(["run", "--", "true"], id="run-success"),
    ],
)
def test_light_commands_import_nothing_heavy(arguments: list[str]) -> None:
    """What needs no network, keychain or engine does not load them."""
    assert imported_by(*arguments) & HEAVY == set()


def test_a_log_on_ones_own_machine_loads_neither_reporters_nor_http(tmp_path: Path) -> None:
    """Where no CI service shows itself, a failing log is analysed without what only reports to services need."""
    log = tmp_path / "build.log"
    log.write_bytes(b"src/app.c:3:5: error: expected expression before '}' token\n")

    loaded = imported_by("analyze", str(log))

    assert "exlogare_ci.analysis.engine" in loaded
    assert loaded & {"ssl", "http.client", "exlogare_ci.report.services", "exlogare_ci.upload"} == set()


@pytest.mark.parametrize("name", [name for name, _, _ in COMMANDS])
def test_every_command_loads_and_shows_an_example(name: str) -> None:
    """Each entry of the table is a command of that name, whose help gives an example."""
    result = CliRunner().invoke(cli, [name, "--help"])

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Usage: cli {name} ")
    assert "Example" in result.stdout
    assert f"exl {name} " in result.stdout


def test_help_lists_the_table() -> None:
    """The list of commands is the table's, in its order, each with its line."""
    result = CliRunner().invoke(cli, ["--help"])

    block = result.stdout.split("Commands:\n")[1].split("\n\n")[0]
    listed = [tuple(line.split(None, 1)) for line in block.splitlines()]
    assert listed == [(name, line) for name, _, line in COMMANDS]


def test_unknown_command_and_option_are_refused() -> None:
    """A name that is not in the table, and an option that there is not, are bad usage."""
    for arguments in (["nosuch"], ["--nosuch"], ["analyze", "--nosuch", "x"]):
        result = CliRunner().invoke(cli, arguments)

        assert result.exit_code == exit_codes.USAGE
        assert "nosuch" in result.stderr
        assert result.stdout == ""


@pytest.mark.parametrize("name", list(EXIT_CODE_BY_ERROR))
def test_every_error_in_the_table_exists(name: str) -> None:
    """The table names real exceptions, so that a renamed one is noticed."""
    module, attribute = name.split(":")
    __import__(module)

    assert issubclass(getattr(sys.modules[module], attribute), Exception)


def client_error(kind: type[client_errors.ClientError]) -> client_errors.ClientError:
    """An exception of a kind, with the same words each."""
    if issubclass(kind, client_errors.RefusedError):
        return kind("It broke.", "Mend it.", status=400)
    return kind("It broke.", "Mend it.")


def test_every_client_error_has_an_exit_code_of_its_own_kind() -> None:
    """No exception of the client is reported as a fault in exl."""
    found = {
        name: describe(client_error(kind))
        for name, kind in vars(client_errors).items()
        if isinstance(kind, type) and issubclass(kind, client_errors.ClientError) and name != "ClientError"
    }

    assert {message for message, _ in found.values()} == {"It broke. Mend it."}
    assert {name: code for name, (_, code) in found.items()} == {
        "SettingsError": 2, "PayloadError": 2, "EmptyLogError": 3, "MissingSettingError": 4,
        "KeychainError": 4, "RefusedError": 5, "TooLargeError": 5, "RedirectedError": 5, "UploadError": 6,
        "UnavailableError": 6, "NotTrustedError": 6, "ProtocolError": 6,
    }  # fmt: skip


class MuteError(Exception):
    """An exception that cannot say what it is."""

    def __str__(self) -> str:
        """Fail."""
        raise RuntimeError


@pytest.mark.parametrize(
    ("error", "code", "printed"),
    [
        pytest.param(CommandError("It broke. Mend it.", 5), 5, "exl: It broke. Mend it.\n", id="ours"),
        pytest.param(click.ClickException("no"), 1, "exl: no\n", id="click"),
        pytest.param(CommandError("a\n::error::b\x1b[31m", 5), 5, "exl: a ::error::b\n", id="hostile"),
        pytest.param(
            ValueError("wrong"), 1,
            "exl: unexpected ValueError: wrong. This is a fault in exl; run it again with EXLOGARE_DEBUG=1 "
            "to see the traceback.\n", id="unexpected",
        ),
        pytest.param(
            MuteError(), 1,
            "exl: unexpected MuteError. This is a fault in exl; run it again with EXLOGARE_DEBUG=1 to see "
            "the traceback.\n", id="mute",
        ),
        pytest.param(KeyboardInterrupt(), 130, "", id="interrupt"),
        pytest.param(click.Abort(), 130, "", id="abort"),
    ],
)  # fmt: skip
def test_boundary_turns_exceptions_into_a_line_and_a_code(
    error: BaseException, code: int, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exception ends as one harmless line on standard error and an exit code, never as a traceback."""

    def fail() -> None:
        raise error

    assert guard(fail, env={}) == code
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", printed)


def test_debug_variable_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """EXLOGARE_DEBUG=1 adds the traceback; the line and the code stay."""

    def fail() -> None:
        raise ValueError("wrong")

    assert guard(fail, env={"EXLOGARE_DEBUG": "1"}) == exit_codes.INTERNAL
    printed = capsys.readouterr().err
    assert printed.startswith("Traceback (most recent call last):")
    assert printed.splitlines()[-1].startswith("exl: unexpected ValueError: wrong.")


@pytest.mark.parametrize(("result", "code"), [(None, 0), (0, 0), (3, 3), (True, 0), ("text", 0)])
def test_boundary_takes_integers_as_exit_codes(result: object, code: int) -> None:
    """A command's integer is its exit code; anything else is success."""
    assert guard(lambda: result, env={}) == code


def test_closed_pipe_is_quiet() -> None:
    """When the reader of the output goes away, exl says nothing and ends as cat would."""
    done = subprocess.run(
        ["bash", "-c", '(sleep 0.05; "$PY" -m exlogare_ci env --no-git) | true; echo ${PIPESTATUS[0]}'],
        env=clean_env(PY=sys.executable), capture_output=True, check=True,
    )  # fmt: skip

    assert (done.stdout, done.stderr) == (b"141\n", b"")


def test_ascii_locale_does_not_break_output() -> None:
    """A character that the locale cannot show is escaped."""
    env = clean_env(LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    done = run_exl("analyze", "-", input="größe.c:3: error: ☃\n".encode(), env=env)

    assert done.returncode == 0
    assert b"\\u2603" in done.stdout
