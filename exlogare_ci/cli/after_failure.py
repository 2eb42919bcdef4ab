"""What ``exl run`` does once the command has failed: analyse, print, annotate, upload."""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from exlogare_ci.cli.contain import TimeLimitError, time_limit
from exlogare_ci.cli.errors import describe, report_error
from exlogare_ci.cli.output import style_for, write

if TYPE_CHECKING:
    from exlogare_ci.analysis.model import Analysis
    from exlogare_ci.context import RunContext
    from exlogare_ci.report.finding import Finding
    from exlogare_ci.sources.excerpt import Excerpt
    from exlogare_ci.sources.spool import Spool

ANALYSIS_S_MAX = 30.0
"""Some twenty times what the largest log that we keep takes."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A command that has failed, and what to do about it.

    Attributes:
        command: its name, without arguments, which may hold secrets.
        returncode: its exit code, or minus the number of the signal that ended it.
        exit_code: the exit code that we end with.
        format_name: how the root cause is printed; one of ``REPORTERS``.
        upload: whether to send it to a server when a token is set.
        url: the server's URL; from the environment when ``None``.
        timeout_s: how long the upload may take.
        ca_bundle: a file of certificates to trust; the system's when ``None``.
        strict: whether a failed upload is marked as an error.
    """

    command: str
    returncode: int
    exit_code: int
    format_name: str
    upload: bool
    url: str | None
    timeout_s: float
    ca_bundle: str | None
    strict: bool


def explain_failure(failure: Failure, spool: "Spool", env: Mapping[str, str]) -> None:
    """Find the root cause, show it where the developer looks, and upload it.

    When one step fails, a line says so and the next is still done.

    Args:
        failure: the command that failed.
        spool: its output.
        env: the environment: the CI run, the token, what is secret.

    Raises:
        OSError: the spooled output cannot be read back.
    """
    from exlogare_ci.report.finding import Finding  # noqa: PLC0415 - loaded after the command has ended

    if spool.ends_inside_line:
        write("\n", sys.stderr)  # our lines, an annotation above all, start at the start of a line
    write(f"exl: {_ending(failure)}\n", sys.stderr)
    excerpt = spool.read()
    log = _masked(excerpt.data, env)
    context = _context(env)
    analysis = _analysis(log, excerpt)
    if analysis is not None and not analysis.failed:
        write("exl: its output does not show why\n", sys.stderr)
    elif analysis is not None:
        omitted = excerpt.bytes_omitted
        finding = Finding(analysis=analysis, log_bytes_omitted=omitted, workspace=context.workspace)
        _show(finding, failure, context, env)


def _ending(failure: Failure) -> str:
    name = Path(failure.command).name
    if failure.returncode >= 0:
        return f"{name} failed with exit code {failure.exit_code}"
    number = -failure.returncode
    try:
        return f"{name} was ended by {signal.Signals(number).name}, exit code {failure.exit_code}"
    except ValueError:  # a real-time signal
        return f"{name} was ended by signal {number}, exit code {failure.exit_code}"


def _analysis(log: bytes, excerpt: "Excerpt") -> "Analysis | None":
    """Analyse within the time limit; what goes wrong is said in a line."""
    from exlogare_ci.analysis import analyze  # noqa: PLC0415 - loaded after the command has ended
    from exlogare_ci.sources.excerpt import renumber  # noqa: PLC0415

    try:
        with time_limit(ANALYSIS_S_MAX):
            return renumber(analyze(log), excerpt)
    except TimeLimitError:
        report_error(f"the output could not be analysed within {ANALYSIS_S_MAX:.0f} s.")
    except Exception as error:  # noqa: BLE001 - the upload is still to be done, and the server analyses too
        report_error(f"the output could not be analysed: {describe(error)[0]}")
    return None


def _masked(log: bytes, env: Mapping[str, str]) -> bytes:
    """Mask what the environment holds as secret; the engine masks what it knows by shape, too."""
    from exlogare_ci.redact import redact  # noqa: PLC0415 - loaded after the command has ended

    return redact(log, env)


def _context(env: Mapping[str, str]) -> "RunContext":
    """Say what is known of the run; a forced service that does not exist is said and passed over."""
    from exlogare_ci import git  # noqa: PLC0415 - loaded after the command has ended
    from exlogare_ci.adapters import FORCE_VARIABLE, UnknownServiceError, detect  # noqa: PLC0415

    try:
        context = detect(env)
    except UnknownServiceError as error:
        report_error(str(error))
        context = detect({name: value for name, value in env.items() if name != FORCE_VARIABLE})
    return git.complete(context, Path())


def _show(finding: "Finding", failure: Failure, context: "RunContext", env: Mapping[str, str]) -> None:
    """Print the root cause on standard error, and where the CI service has a place for it."""
    from exlogare_ci.report.reporters import REPORTERS  # noqa: PLC0415 - loaded after the command has ended
    from exlogare_ci.report.text import render_text  # noqa: PLC0415

    if failure.format_name == "text":
        write(render_text(finding, style=style_for(sys.stderr, env)), sys.stderr)
    else:
        write(REPORTERS[failure.format_name](finding), sys.stderr)
    if context.ci == "github":
        from exlogare_ci.report.github import annotation  # noqa: PLC0415 - only on this service

        write(annotation(finding), sys.stderr)
        _add_step_summary(finding, env)


def _add_step_summary(finding: "Finding", env: Mapping[str, str]) -> None:
    """Append to the step's summary as far as there is room; each step has a file of its own."""
    from exlogare_ci.report.github import SUMMARY_BYTES_MAX, step_summary  # noqa: PLC0415 - only on this service

    path = env.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with Path(path).open("ab") as summary:
            text = step_summary(finding, SUMMARY_BYTES_MAX - summary.tell())
            summary.write(text.encode("utf-8", "replace"))
    except OSError as error:
        report_error(f"the step's summary could not be written: {error.strerror}.")
