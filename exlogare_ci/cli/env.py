"""``exl env``: what is known of this CI run, and which variable told it."""

import json
import os
from pathlib import Path

import click
import msgspec

from exlogare_ci import adapters, git, plugins
from exlogare_ci.adapters.urls import strip_credentials
from exlogare_ci.cli.errors import report_error
from exlogare_ci.report.neutralise import neutralise_inline

_UNKNOWN = "-"


@click.command(
    "env",
    short_help="Show what is known of this CI run.",
    epilog="\b\nExamples:\n  exl env\n  exl env --explain\n  exl env --format json --no-git | jq -r .branch\n"
    "  EXLOGARE_CI=jenkins exl env",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table, or JSON with every field, null when it is unknown.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Also show which variable gave each field, and what was passed over.",
)
@click.option("--no-git", is_flag=True, help="Do not ask git for what the environment lacks.")
def env_command(output_format: str, explain: bool, no_git: bool) -> None:
    """Show what is known of this CI run.

    The service is detected from its variables; EXLOGARE_CI forces one. What the variables do not tell
    (commit, branch, remote) is read from the git repository of the current folder.
    """
    try:
        explanation = adapters.explain(os.environ)
    except adapters.UnknownServiceError as error:
        raise click.UsageError(str(error)) from error
    for problem in plugins.load(os.environ).problems:
        report_error(problem)
    if not no_git:
        explanation = _with_git(explanation)
    if output_format == "json":
        click.echo(_as_json(explanation, with_reasons=explain))
    else:
        click.echo(_as_text(explanation, with_reasons=explain))


def _with_git(explanation: adapters.Explanation) -> adapters.Explanation:
    """Complete the context, and name git as the source of what it gave."""
    context = git.complete(explanation.context, Path())
    given = {
        name: adapters.Source(value, git.SOURCES[name])
        for name in context.__struct_fields__
        if (value := getattr(context, name)) is not None and name not in explanation.fields
    }
    return msgspec.structs.replace(explanation, context=context, fields={**explanation.fields, **given})


def _as_json(explanation: adapters.Explanation, *, with_reasons: bool) -> str:
    """Encode the context, or the explanation, as indented ASCII JSON."""
    content = msgspec.to_builtins(explanation if with_reasons else explanation.context)
    # "##[" and "##vso[" are commands to some services wherever they stand; "#" only occurs inside strings.
    return json.dumps(content, indent=2).replace("##", "\\u0023#")


def _as_text(explanation: adapters.Explanation, *, with_reasons: bool) -> str:
    """Lay the context out as a table, one line a field, safe to print in a job's log."""
    context, fields = explanation.context, explanation.fields
    rows = [[name, _printable(getattr(context, name) or _UNKNOWN)] for name in context.__struct_fields__]
    if not with_reasons:
        return _aligned(rows)
    for row in rows:
        if row[0] in fields:
            row.append(f"from {fields[row[0]].origin}")
    parts = [_aligned(rows)]
    if explanation.passed_over:
        over = [["  " + one.field, one.origin, one.reason] for one in explanation.passed_over]
        parts.append("Passed over:\n" + _aligned(over))
    parts.append(f"Services that match, in the order of detection: {', '.join(explanation.matched)}")
    return "\n\n".join(parts)


def _printable(value: str) -> str:
    """Make a value safe for one cell: no credentials, no control characters, no command of a CI service."""
    one_line = value.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
    return neutralise_inline(strip_credentials(one_line))


def _aligned(rows: list[list[str]]) -> str:
    """Pad every cell to its column's width."""
    columns = range(max(len(row) for row in rows))
    widths = [max(len(row[column]) for row in rows if column < len(row)) for column in columns]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
