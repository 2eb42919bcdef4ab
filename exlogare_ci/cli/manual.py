"""The manual page ``exl(1)``, made from the commands themselves.

``python -m exlogare_ci.cli.manual --write docs/man/exl.1`` writes it; a test compares.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from exlogare_ci.cli import COMMANDS, cli
from exlogare_ci.config_file import CONFIG_FILE_NAME, KNOWN_KEYS
from exlogare_ci.settings import KNOWN_VARIABLES

EXIT_CODES: Final = (
    ("0", "Success. Unless --strict was given, a failed upload counts as one: it never changes a job's result."),
    ("1", "A fault in exl itself."),
    ("2", "An unknown option, command or setting, or a value that is out of range."),
    ("3", "A file that was named cannot be read, or the log is empty."),
    ("4", "No token, or no server, is set."),
    ("5", "The server refused it."),
    ("6", "The server or the network did not answer in time, or failed."),
    ("126, 127", "exl run: the command cannot be executed, or there is none of that name."),
    ("128 + n", "exl run: signal n ended the command. Otherwise exl run ends with the command's own code."),
)
"""In the words of ``exlogare_ci.cli.exit_codes``."""

_PROGRAM: Final = "exl"
_VERBATIM: Final = "\b"


def render_manual() -> str:
    """Write the manual page.

    Returns:
        ``man`` source; the same on every day and for every version, so that it changes only with the commands.
    """
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '.\\" Written by python -m exlogare_ci.cli.manual --write docs/man/exl.1; do not edit.'
    yield '.TH EXL 1 "" "Exlogare CI" "User Commands"'
    yield ".nh"  # no variable's name is hyphenated at the end of a line
    yield ".ad l"
    yield ".SH NAME"
    yield r"exl \- the root cause of a failed build, where you are already looking"
    yield ".SH SYNOPSIS"
    yield r"\fBexl\fR \fICOMMAND\fR [\fIOPTIONS\fR] [\fIARGUMENTS\fR]"
    yield ".SH DESCRIPTION"
    yield from _text(
        "exl finds the root cause in the log of a failed build, without any server; shows it where the CI service "
        "has a place for it; and, with a server and a token set, sends the log there. It knows the CI service from "
        "the environment. It does not change the result of a job unless it is told to."
    )
    yield ".SH COMMANDS"
    context = click.Context(cli, info_name=_PROGRAM)
    for name, _, _ in COMMANDS:
        command = cli.get_command(context, name)
        if command is not None:
            yield from _command(command, click.Context(command, info_name=name, parent=context))
    yield ".SH ENVIRONMENT"
    for variable, meaning in KNOWN_VARIABLES.items():
        yield from _item(variable, _sentence(meaning))
    yield ".SH FILES"
    keys = "; ".join(f"{key}: {meaning}" for key, meaning in KNOWN_KEYS.items())
    yield from _item(CONFIG_FILE_NAME, f"The project's own settings, in the working folder. Its keys: {keys}.")
    yield ".SH EXIT STATUS"
    for code, meaning in EXIT_CODES:
        yield from _item(code, meaning)


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    pieces = " ".join(command.collect_usage_pieces(context))
    yield f".SS {_escaped(f'{context.command_path} {pieces}')}"
    yield from _text(command.help or "")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record is not None and "--help" not in parameter.opts:
            yield from _item(*record)
    yield from _text(command.epilog or "")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _command(inner, click.Context(inner, info_name=name, parent=context))


def _text(text: str) -> Iterator[str]:
    """Write paragraphs; one that starts with click's mark keeps its lines."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in paragraph.split("\n")]
        yield ".PP"
        if lines[0] == _VERBATIM:
            yield ".nf"
            yield from (_escaped(line) for line in lines[1:])
            yield ".fi"
        else:
            yield _escaped(" ".join(lines))


def _item(term: str, text: str) -> Iterator[str]:
    yield ".TP"
    yield rf"\fB{_escaped(term)}\fR"
    yield _escaped(" ".join(text.split()) or "-")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _escaped(text: str) -> str:
    r"""Escape a line: backslashes, minus signs that are typed, and a start that would be a request."""
    text = text.replace("\\", "\\e").replace("-", r"\-").replace("…", "...")
    return rf"\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "--write":  # noqa: PLR2004 - the option and its value
        sys.exit("usage: python -m exlogare_ci.cli.manual --write FILE")
    Path(sys.argv[2]).write_text(render_manual(), encoding="utf-8", newline="\n")
