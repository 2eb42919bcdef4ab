"""What ``exl run`` does once the command has failed: analyse, print, annotate, upload."""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from exlogare_ci.cli.contain import TimeLimitError, time_limit
from exlogare_ci.cli.errors import ENGINE_FIX, describe, engine_problem, report_error
from exlogare_ci.cli.output import style_for, write
from exlogare_ci.cli.output_file import outcome, write_output_file

if TYPE_CHECKING:
    from exlogare_ci.analysis.catalog import Catalog
    from exlogare_ci.analysis.model import Analysis
    from exlogare_ci.context import RunContext
    from exlogare_ci.errors import ClientError
    from exlogare_ci.report.finding import Finding
    from exlogare_ci.sending import Sent
    from exlogare_ci.sources.excerpt import Excerpt
    from exlogare_ci.sources.spool import Spool

ANALYSIS_S_MAX = 30.0
"""Some twenty times what the largest log that we keep takes."""
SIGNATURES_S_MAX = 30.0
"""For the user's own signatures: some ten times what compiling them with the built-in ones takes."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A command that has failed, and what to do about it.

    Attributes:
        command: its name, without arguments, which may hold secrets.
        returncode: its exit code, or minus the number of the signal that ended it.
        exit_code: the exit code that we end with.
        format_name: how the root cause is printed; one of ``REPORTERS``.
        project: the project's slug; detected when ``None``.
        upload: whether to send it to a server when a token is set.
        url: the server's URL; from the environment when ``None``.
        timeout_s: how long the upload may take; from the environment when ``None``.
        ca_bundle: a file of certificates to trust; from the environment when ``None``.
        strict: whether a failed upload is marked as an error.
        status: the result in the CI service's words; ``failed`` when ``None``.
        provider: the CI service; detected when ``None``.
        signature_files: files with signatures of the user's own.
        reports: the places where the result goes beside the job's log; see ``exlogare_ci.cli.results``.
        report_folder: where reports that are files go; ``None`` for none but those asked for by name.
        wait: whether to wait for the server's analysis, and show it.
        output_file: where the outcome goes as JSON; ``None`` for nowhere.
    """

    command: str
    returncode: int
    exit_code: int
    format_name: str
    project: str | None
    upload: bool
    url: str | None
    timeout_s: float | None
    ca_bundle: str | None
    strict: bool
    status: str | None = None
    provider: str | None = None
    signature_files: tuple[str, ...] = ()
    reports: tuple[str, ...] = ("auto",)
    report_folder: str | None = None
    wait: bool = False
    output_file: str | None = None


class Told(NamedTuple):
    """What became of a failure.

    Attributes:
        outputs: the step's outputs: ``result``, ``root-cause``, ``analysis-id``.
        error: why nothing was uploaded, where a server or a token is set.
        finding: what the engine found; ``None`` when it could not work.
        sent: what became of the upload; ``None`` where there was none to do.
    """

    outputs: Mapping[str, str]
    error: "ClientError | None" = None
    finding: "Finding | None" = None
    sent: "Sent | None" = None


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
    if spool.ends_inside_line:
        write("\n", err=True)  # our lines, an annotation above all, start at the start of a line
    write(f"exl: {_ending(failure)}\n", err=True)
    told = explain_log(failure, spool.read(), _context(failure, env), env, inside_line=spool.ends_inside_line)
    if failure.output_file is not None:
        write_output_file(failure.output_file, told_outcome(told, failure.exit_code))


def explain_log(
    failure: Failure, excerpt: "Excerpt", context: "RunContext", env: Mapping[str, str], *, inside_line: bool = False
) -> Told:
    """Find the root cause in a failed job's log, show it where the developer looks, and upload it.

    Args:
        failure: what is known of the failure.
        excerpt: the log.
        context: the run.
        env: the environment.
        inside_line: whether what was printed before may have ended in the middle of a line.

    Returns:
        What was handed to the steps behind this one, and what went wrong.
    """
    log = _masked(excerpt.data, env)
    analysis = _analysis(failure, log, excerpt, env)
    finding = None
    if analysis is not None:
        from exlogare_ci.report.finding import Finding  # noqa: PLC0415 - loaded after the command has ended

        omitted = excerpt.bytes_omitted
        finding = Finding(analysis=analysis, log_bytes_omitted=omitted, workspace=context.workspace)
    if analysis is not None and not analysis.failed:
        write("exl: its output does not show why\n", err=True)
    elif finding is not None:
        _show(finding, failure, context, env, inside_line=inside_line)
    outputs = _analysis_outputs(analysis)
    add_outputs(outputs, context, env)
    if not failure.upload:
        return Told(outputs, finding=finding)
    further, sent = _upload(failure, context, log, excerpt.bytes_omitted, env)
    add_outputs(further, context, env)
    if sent is not None and sent.analysis is not None:
        _show_servers(sent.analysis, finding)
    return Told({**outputs, **further}, sent.error if sent is not None else None, finding, sent)


def told_outcome(told: Told, exit_code: int, command: str = "run") -> dict[str, object]:
    """Make the object for ``--output-file``.

    Args:
        told: from ``explain_log``.
        exit_code: what the command ends with.
        command: see ``output_file.outcome``.
    """
    findings = () if told.finding is None else (told.finding,)
    problem = "the output could not be analysed" if told.finding is None else None
    return outcome(command, told.outputs["result"], exit_code, findings=findings, sent=told.sent, problem=problem)


def analysis_budget_s() -> float:
    """Tell how long the analysis of a failure may take, with the user's signatures and with a model.

    Returns:
        Seconds.
    """
    from exlogare_ci.assist.settings import TIMEOUT_S_MAX  # noqa: PLC0415 - loaded after the command has ended

    return SIGNATURES_S_MAX + ANALYSIS_S_MAX + TIMEOUT_S_MAX


def upload_budget_s(failure: Failure, env: Mapping[str, str]) -> float:
    """Tell how long the upload of a failure may take.

    Args:
        failure: the command that failed.
        env: the environment.

    Returns:
        Seconds; the default where the environment's setting cannot be used, which the upload then says.
    """
    from exlogare_ci import settings  # noqa: PLC0415 - loaded after the command has ended
    from exlogare_ci.errors import ClientError  # noqa: PLC0415

    try:
        return settings.load(env, timeout_s=failure.timeout_s).timeout_s
    except ClientError:
        return settings.TIMEOUT_S


def _ending(failure: Failure) -> str:
    name = Path(failure.command).name
    if failure.returncode >= 0:
        return f"{name} failed with exit code {failure.exit_code}"
    number = -failure.returncode
    try:
        return f"{name} was ended by {signal.Signals(number).name}, exit code {failure.exit_code}"
    except ValueError:  # a real-time signal
        return f"{name} was ended by signal {number}, exit code {failure.exit_code}"


def _analysis(failure: Failure, log: bytes, excerpt: "Excerpt", env: Mapping[str, str]) -> "Analysis | None":
    """Analyse within the time limit; what goes wrong is said in a line."""
    from exlogare_ci.cli.model_words import ModelWords  # noqa: PLC0415 - loaded after the command has ended
    from exlogare_ci.sources.excerpt import renumber  # noqa: PLC0415

    problem = engine_problem()
    if problem is not None:
        report_error(f"the output is not analysed here: {problem}. {ENGINE_FIX}")
        return None
    using = _catalog(failure)
    try:
        from exlogare_ci.analysis import analyze  # noqa: PLC0415 - see above

        with time_limit(ANALYSIS_S_MAX):
            analysis = analyze(log, using=using, known_failed=True, exit_code=failure.exit_code)
        return renumber(ModelWords(env).reword(analysis, log, using), excerpt)
    except TimeLimitError:
        report_error(f"the output could not be analysed within {ANALYSIS_S_MAX:.0f} s.")
    except Exception as error:  # noqa: BLE001 - the upload is still to be done, and the server analyses too
        report_error(f"the output could not be analysed: {describe(error)[0]}")
    return None


def _catalog(failure: Failure) -> "Catalog | None":
    """Add the user's own signatures to the built-in ones; what goes wrong is said in a line."""
    from exlogare_ci.config_file import ConfigError, user_catalog  # noqa: PLC0415 - loaded after the command has ended

    try:
        with time_limit(SIGNATURES_S_MAX):
            return user_catalog(failure.signature_files, Path())
    except ConfigError as error:
        problem = str(error)
    except TimeLimitError:
        problem = f"your signatures could not be compiled within {SIGNATURES_S_MAX:.0f} s."
    except Exception as error:  # noqa: BLE001 - the analysis is still to be done
        problem = describe(error)[0]
    report_error(f"{problem} Only the built-in signatures are used.")
    return None


def _masked(log: bytes, env: Mapping[str, str]) -> bytes:
    """Mask what the environment holds as secret; the engine masks what it knows by shape, too."""
    from exlogare_ci.redact import redact  # noqa: PLC0415 - loaded after the command has ended
    from exlogare_ci.upload import further_secrets  # noqa: PLC0415

    return redact(log, env, further_secrets(env))


def _context(failure: Failure, env: Mapping[str, str]) -> "RunContext":
    """Say what is known of the run; a forced service that does not exist is said and passed over."""
    from exlogare_ci import git, plugins  # noqa: PLC0415 - loaded after the command has ended
    from exlogare_ci.adapters import FORCE_VARIABLE, UnknownServiceError, detect  # noqa: PLC0415

    for problem in plugins.load(env).problems:
        report_error(problem)
    try:
        context = detect(env)
    except UnknownServiceError as error:
        report_error(str(error))
        context = detect({name: value for name, value in env.items() if name != FORCE_VARIABLE})
    if failure.project is not None:
        context = msgspec.structs.replace(context, project=failure.project)
    return git.complete(context, Path())


def _show(
    finding: "Finding", failure: Failure, context: "RunContext", env: Mapping[str, str], *, inside_line: bool
) -> None:
    """Print the root cause on standard error, and where the CI service has a place for it."""
    from exlogare_ci.report.reporters import REPORTERS  # noqa: PLC0415 - loaded after the command has ended
    from exlogare_ci.report.text import render_text  # noqa: PLC0415

    if failure.format_name == "text":
        write(render_text(finding, style=style_for(sys.stderr, env)), err=True)
    else:
        write(REPORTERS[failure.format_name](finding), err=True)
    from exlogare_ci.cli.results import report_findings  # noqa: PLC0415 - see above

    report_findings((finding,), failure.reports, failure.report_folder, context, env, inside_line=inside_line)


def _analysis_outputs(analysis: "Analysis | None") -> dict[str, str]:
    """Say what the step's outputs are before anything is uploaded."""
    if analysis is None:
        return {"result": "error"}
    return {"result": "analysed", "root-cause": analysis.root_cause if analysis.failed else ""}


def add_outputs(outputs: Mapping[str, str], context: "RunContext", env: Mapping[str, str]) -> None:
    """Hand outputs to the steps behind this one, where the service has a place for them; a later value wins."""
    if context.ci in ("github", "gitea", "forgejo"):
        from exlogare_ci.cli.step_outputs import add_step_outputs  # noqa: PLC0415 - only on this service

        add_step_outputs(env, outputs)


def _upload(
    failure: Failure, context: "RunContext", log: bytes, bytes_omitted: int, env: Mapping[str, str]
) -> "tuple[dict[str, str], Sent | None]":
    """Upload where a server is set up; say in a line, and in the step's outputs, what became of it."""
    from exlogare_ci import settings  # noqa: PLC0415 - loaded after the command has ended
    from exlogare_ci.errors import MissingSettingError  # noqa: PLC0415
    from exlogare_ci.sending import send_failure  # noqa: PLC0415

    sent = send_failure(
        context, log, env, status=failure.status, provider=failure.provider, bytes_left_out=bytes_omitted,
        url=failure.url, timeout_s=failure.timeout_s, ca_bundle=failure.ca_bundle, wait=failure.wait,
    )  # fmt: skip
    if sent is None:
        return {}, None
    warning = settings.unknown_variables_warning(env)
    if warning is not None:
        report_error(warning)
    for note in sent.notes:
        report_error(note)
    if sent.receipt is not None:
        analysis_id = sent.receipt.analysis_id
        report_error(f"analysis {analysis_id} (see: exl analyses show {analysis_id})")
        return {"result": "uploaded", "analysis-id": analysis_id}, sent
    is_error = failure.strict or _is_strict(env)
    message = f"not uploaded: {sent.error}"
    report_error(f"error: {message}" if is_error else message)
    if context.ci == "github":
        from exlogare_ci.report.github import notice  # noqa: PLC0415 - only on this service

        write(notice("error" if is_error else "warning", message), err=True)
    # A build of a fork is given no token: that is not an error, and the root cause is there.
    return {} if isinstance(sent.error, MissingSettingError) else {"result": "error"}, sent


def _show_servers(item: Mapping[str, Any], finding: "Finding | None") -> None:
    """Show the server's analysis where it says something else than the engine did here."""
    from exlogare_ci.cli.analyses import lines_of  # noqa: PLC0415 - only after waiting
    from exlogare_ci.errors import ProtocolError  # noqa: PLC0415
    from exlogare_ci.reading import to_analysis  # noqa: PLC0415

    if finding is not None and item.get("root_cause") == finding.analysis.root_cause:
        report_error("the server says the same.")
        return
    try:
        lines = lines_of(to_analysis(item))
    except ProtocolError as error:
        report_error(str(error))
        return
    write("exl: the server says:\n" + "".join(f"{line}\n" for line in lines), err=True)


def _is_strict(env: Mapping[str, str]) -> bool:
    from exlogare_ci import settings  # noqa: PLC0415 - loaded after the command has ended
    from exlogare_ci.errors import ClientError  # noqa: PLC0415

    try:
        return settings.load({name: env[name] for name in ("EXLOGARE_STRICT",) if name in env}).strict
    except ClientError:
        return True  # somebody asked for strictness, in words that we do not know; the upload has said so
