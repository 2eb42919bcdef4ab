"""``exl analyze``: the root cause of logs, offline, without any configuration."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.errors import CommandError, report_error
from exlogare_ci.cli.model_words import ModelWords
from exlogare_ci.cli.output import FORMATS, style_for, write
from exlogare_ci.cli.output_file import forget_output_file, outcome, output_file_option, write_output_file
from exlogare_ci.cli.results import report_analyses, report_options

if TYPE_CHECKING:
    from exlogare_ci.analysis.catalog import Catalog
    from exlogare_ci.report.finding import Finding

STDIN = "-"


@click.command(
    "analyze",
    epilog="""Examples:

\b
  exl analyze build.log
  make test 2>&1 | exl analyze -
  exl analyze --format jsonl logs/*.log
  exl analyze --signatures ours.yml build.log
  exl analyze --report auto,github-comment build.log

Exit code: 0 whether or not a failure was found, 2 for bad usage, 3 when a file cannot be read (the other
files are still done).""",
)
@click.option(
    "--format", "format_name", type=click.Choice(FORMATS), default="text", show_default=True,
    help="json gives one object for one file and a list for several; jsonl one object a line.",
)  # fmt: skip
@click.option("--explain", is_flag=True, help="Show how the cause was scored.")
@click.option(
    "--signatures", "signature_files", metavar="FILE", multiple=True, type=click.Path(),
    help="Signatures of your own (YAML), beside those in .exlogare.yml; may be repeated.",
)  # fmt: skip
@output_file_option
@report_options
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
def analyze_command(
    *,
    format_name: str,
    explain: bool,
    signature_files: tuple[str, ...],
    output_file: str | None,
    reports: tuple[str, ...] | None,
    report_folder: str | None,
    files: tuple[str, ...],
) -> int:
    """Find the root cause in log files ('-' is standard input).

    It needs no server, no token and no network; only where a model is configured, that is asked about what is
    unclear. Secrets are masked in what it prints. In a CI job --report is auto with --format text, and none
    with the others, which programs read.
    """
    if files.count(STDIN) > 1:
        raise click.UsageError("standard input can be read only once: give '-' once.")
    forget_output_file(output_file, *files)
    from exlogare_ci.report.reporters import REPORTERS  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.report.text import render_text  # noqa: PLC0415

    reporter = REPORTERS[format_name]
    style = style_for(sys.stdout, os.environ)
    as_list = format_name == "json" and len(files) > 1
    between = {"json": ",\n" if as_list else "", "jsonl": ""}.get(format_name, "\n")
    code, written = exit_codes.OK, 0
    findings: list[Finding] = []
    using = _catalog(signature_files)
    model = ModelWords(os.environ)
    if as_list:
        write("[\n")
    for file in files:
        try:
            finding = _analyse(file, using, model)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            hint = "Check the path; '-' reads standard input."
            report_error(f"cannot read {file}: {reason}. {hint}")
            code = exit_codes.UNREADABLE
            continue
        findings.append(finding)
        if format_name == "text":
            text = render_text(finding, explain=explain, style=style)
        else:
            text = reporter(finding, explain=explain)
        write((between if written else "") + (text.rstrip("\n") if as_list else text))
        written += 1
    if as_list:
        write("\n]\n")
    if reports is None:
        reports = ("auto",) if format_name == "text" or report_folder is not None else ("none",)
    report_analyses(findings, reports, report_folder, os.environ)
    if output_file is not None:
        problem = "a file could not be read" if code != exit_codes.OK else None
        result = "error" if problem else "analysed"
        write_output_file(output_file, outcome("analyze", result, code, findings=findings, problem=problem))
    return code


def _catalog(signature_files: tuple[str, ...]) -> "Catalog | None":
    """Add the user's own signatures to the built-in ones.

    Returns:
        The catalogue; ``None`` when there are only the built-in ones.

    Raises:
        CommandError: a file of signatures, or ``.exlogare.yml``, cannot be used.
    """
    from exlogare_ci.config_file import ConfigError, user_catalog  # noqa: PLC0415 - not needed for --help

    try:
        return user_catalog(signature_files, Path())
    except ConfigError as error:
        raise CommandError(str(error), exit_codes.USAGE) from error


def _analyse(file: str, using: "Catalog | None", model: ModelWords) -> "Finding":
    """Read and analyse one file.

    Raises:
        OSError: it cannot be read.
    """
    from exlogare_ci.analysis import analyze  # noqa: PLC0415 - the engine is not needed for --help
    from exlogare_ci.report.finding import Finding  # noqa: PLC0415
    from exlogare_ci.sources.excerpt import renumber  # noqa: PLC0415
    from exlogare_ci.sources.stream import read_file, read_stream  # noqa: PLC0415

    excerpt = read_stream(sys.stdin.buffer) if file == STDIN else read_file(Path(file))
    analysis = model.reword(analyze(excerpt.data, using=using), excerpt.data, using)
    return Finding(analysis=renumber(analysis, excerpt), file=file, log_bytes_omitted=excerpt.bytes_omitted)
