"""``exl analyses``: read the server's analyses."""

import json
import os
import re
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import click

from exlogare_ci.cli.server_options import load_settings, open_transport, server_options

if TYPE_CHECKING:
    from exlogare_ci.reading import Analysis

LIMIT = 20
LIMIT_MAX = 10_000

_AGO = re.compile(r"([1-9][0-9]{0,4})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_format_option = click.option(
    "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True
)


@click.group("analyses", short_help="Read analyses from the server.")
def analyses_group() -> None:
    """Read analyses from the server.

    \b
    Examples:
      exl analyses list --since 7d --severity high
      exl analyses show 3fa85f64-5717-4562-b3fc-2c963f66afa6
    """  # noqa: D301 - \b is click's own mark


@analyses_group.command("list", epilog="Example: exl analyses list --since 2026-01-31 --project org/repo --limit 5")
@click.option("--since", metavar="TIME", help="Not older than this: ISO 8601, or an age such as 90m, 12h, 7d, 2w.")
@click.option("--until", metavar="TIME", help="Not newer than this.")
@click.option("--severity", type=click.Choice(["low", "medium", "high"]))
@click.option("--project", metavar="ORG/REPO", help="Of this project only.")
@click.option("--source", metavar="NAME", help="Of this source only, e.g. jenkins_ingest.")
@click.option(
    "--limit", metavar="COUNT", type=click.IntRange(1, LIMIT_MAX), default=LIMIT, show_default=True,
    help="How many at most, newest first.",
)  # fmt: skip
@_format_option
@server_options
def list_command(
    *,
    since: str | None,
    until: str | None,
    severity: str | None,
    project: str | None,
    source: str | None,
    limit: int,
    format_name: str,
    url: str | None,
    timeout_s: float | None,
    ca_bundle: str | None,
) -> None:
    """List analyses, newest first."""
    from exlogare_ci import reading  # noqa: PLC0415 - not needed for --help

    now = datetime.now(timezone.utc)
    filters = {
        "since": to_time(since, now, "--since"), "until": to_time(until, now, "--until"),
        "severity": severity,
        "project": project, "source": source,
    }  # fmt: skip
    transport = open_transport(load_settings(url, timeout_s, ca_bundle))
    params = {name: value for name, value in filters.items() if value}
    items = reading.list_analyses(transport, params, limit)
    if format_name == "json":
        _print_json({"items": items})
        return
    analyses = [reading.to_analysis(item) for item in items]
    if not analyses:
        click.echo("No analyses.", err=True)
    elif sys.stdout.isatty():
        _print_table(analyses)
    else:
        click.echo("\n".join("\t".join(row) for row in _rows(analyses)))


@analyses_group.command(
    "show", short_help="Show one analysis.", epilog="Example: exl analyses show 3fa85f64-5717-4562-b3fc-2c963f66afa6"
)
@click.argument("analysis_id", metavar="ID")
@_format_option
@server_options
def show_command(
    *, analysis_id: str, format_name: str, url: str | None, timeout_s: float | None, ca_bundle: str | None
) -> None:
    """Show one analysis: the root cause, where, the failing lines, the fix."""
    from exlogare_ci import reading  # noqa: PLC0415 - not needed for --help

    transport = open_transport(load_settings(url, timeout_s, ca_bundle))
    item = reading.read_analysis(transport, analysis_id)
    if format_name == "json":
        _print_json(item)
        return
    click.echo("\n".join(lines_of(reading.to_analysis(item))))


def to_time(value: str | None, now: datetime, option: str) -> str | None:
    """Turn an age into a time; leave a time as it is.

    Args:
        value: ISO 8601, or a number with m, h, d or w.
        now: what an age counts from.
        option: for the sentence.

    Returns:
        ISO 8601.

    Raises:
        click.BadParameter: it is neither.
    """
    if value is None:
        return None
    age = _AGO.fullmatch(value.strip())
    if age is not None:
        return (now - timedelta(**{_UNITS[age[2]]: int(age[1])})).isoformat(timespec="seconds")
    try:
        datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        message = f"{value!r} is neither a date such as 2026-01-31 nor an age such as 7d."
        raise click.BadParameter(message, param_hint=option) from None
    return value.strip()


def lines_of(analysis: "Analysis") -> list[str]:
    """Lay an analysis out for reading, safe to print in a job's log."""
    from exlogare_ci.report.neutralise import neutralise, neutralise_inline  # noqa: PLC0415

    def block(title: str, text: str | None) -> list[str]:
        return ["", title, *(f"  {line}" for line in neutralise(text).splitlines())] if text else []

    where = " · ".join(
        neutralise_inline(part)
        for part in (
            analysis.project_path, analysis.job_name and f"job {analysis.job_name}",
            analysis.build_number and f"build {analysis.build_number}",
            analysis.branch and f"branch {analysis.branch}",
            analysis.commit_sha and f"commit {analysis.commit_sha[:12]}",
        )
        if part
    )  # fmt: skip
    certainty = "" if analysis.confidence is None else f", confidence {analysis.confidence:.0%}"
    evidence = "\n".join(f"{item.line}: {item.text}" for item in analysis.evidence or ())
    return [
        neutralise(analysis.root_cause),
        neutralise_inline(f"{analysis.category or 'unknown'}, severity {analysis.severity}{certainty}"),
        *block("Where", "\n".join(part for part in (where, analysis.job_url or analysis.pipeline_url) if part)),
        *block("Lines", evidence),
        *block("Why", analysis.explanation),
        *block("Fix", analysis.fix_suggestion),
        *block("Missing", analysis.missing_context_hint if analysis.needs_more_context else None),
        *block("When", analysis.created_at),
    ]


def _rows(analyses: Sequence["Analysis"]) -> list[list[str]]:
    """Give the cells of the list: id, time, severity, project, root cause."""
    from exlogare_ci.report.neutralise import neutralise_inline  # noqa: PLC0415

    return [
        [
            " ".join(neutralise_inline(cell).split())
            for cell in (item.id, item.created_at, item.severity, item.project_path or "-", item.root_cause)
        ]
        for item in analyses
    ]


def _print_table(analyses: Sequence["Analysis"]) -> None:
    from rich.console import Console  # noqa: PLC0415 - slow to import, and only wanted on a terminal
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from exlogare_ci.cli.output import colour_wanted  # noqa: PLC0415

    coloured = colour_wanted(sys.stdout, os.environ)
    colours = {"high": "red", "medium": "yellow", "low": "dim"} if coloured else {}
    table = Table(box=None, pad_edge=False, header_style="bold" if coloured else "")
    for title, keeps_width in (("ID", True), ("TIME (UTC)", True), ("SEVERITY", True), ("CAUSE", False)):
        table.add_column(title, no_wrap=keeps_width, overflow="fold")
    for name, moment, severity, project, cause in _rows(analyses):
        level = Text(severity, style=colours.get(severity, ""))
        table.add_row(Text(name), Text(moment[:16].replace("T", " ")), level, Text(f"{project}: {cause}"))
    Console(no_color=not coloured, highlight=False).print(table)


def _print_json(document: object) -> None:
    from exlogare_ci.report.neutralise import neutralise_json  # noqa: PLC0415

    click.echo(neutralise_json(json.dumps(document, ensure_ascii=False)))
