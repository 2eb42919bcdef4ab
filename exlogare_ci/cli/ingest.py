"""``exl ingest``: send a job's log to the server."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.errors import CommandError, describe, engine_problem, report_error
from exlogare_ci.cli.ingest_show import print_json, show_receipt, show_request
from exlogare_ci.cli.output_file import forget_output_file, outcome, output_file_option, write_output_file
from exlogare_ci.cli.server_options import load_settings, server_options

if TYPE_CHECKING:
    from exlogare_ci.context import RunContext
    from exlogare_ci.payload import Payload
    from exlogare_ci.sending import Sent
    from exlogare_ci.settings import Settings
    from exlogare_ci.sources.ci import Access
    from exlogare_ci.sources.excerpt import Excerpt

_Command = TypeVar("_Command", bound=Callable[..., Any])

CONTEXT_OPTIONS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("--project", ("project",), "ORG/REPO", "The repository or project."),
    ("--branch", ("branch",), "NAME", "The branch that was built."),
    ("--tag", ("tag",), "NAME", "The tag that was built."),
    ("--commit", ("commit_sha",), "SHA", "The commit that was built."),
    ("--build-number", ("build_number",), "NUMBER", "The build's number; on CircleCI the job's."),
    ("--pipeline-id", ("run_id",), "ID", "The id of the pipeline, workflow or build."),
    ("--job-id", ("job_id",), "ID", "The job's id; on TeamCity the build configuration's."),
    ("--job-name", ("job_name",), "NAME", "The job's name; on Jenkins its full path."),
    ("--stage", ("stage",), "NAME", "The stage that the job is in."),
    ("--step", ("step",), "NAME", "The step inside the job."),
    ("--pipeline-url", ("build_url", "job_url"), "URL", "A page about the run."),
    ("--job-url", ("job_url",), "URL", "A page about this job."),
)
"""(option, fields of the context that it fills, metavar, help); a later row wins over an earlier one."""


def _context_options(command: _Command) -> _Command:
    for name, _, metavar, text in reversed(CONTEXT_OPTIONS):
        command = click.option(name, metavar=metavar, help=text)(command)
    return command


@click.command(
    "ingest",
    short_help="Send a job's log to the server.",
    epilog="""Examples:

\b
  exl ingest --status failed
  exl ingest --status failed --log-file build.log
  make test 2>&1 | tee build.log; exl ingest --status failed --log-file - < build.log
  exl ingest --provider travis --project org/repo --status failed --log-file build.log --dry-run

Without --log-file the CI service is asked for the failed job's log, where there is a token for its API; a line
says what to add where there is none.

Exit code: 0, also when the upload failed, so that it never changes the job's result. With --strict: 2 wrong
usage or setting, 3 the log is empty or cannot be read, 4 no server or token is set, 5 the server refused it,
6 the server or the network failed.""",
)
@click.option("--log-file", "log_file", metavar="FILE", help="The job's log; - reads standard input.")
@click.option("--from", "source_name", metavar="NAME", help="Where else the log comes from: a CI service's name.")
@click.option(
    "--status",
    metavar="STATUS",
    help="The job's result: failed, success, cancelled, ... in any service's words.",
)
@click.option("--provider", metavar="NAME", help="The CI service; detected when not given.")
@_context_options
@click.option("--workflow-name", metavar="NAME", help="CircleCI's workflow.")
@server_options
@click.option("--strict", is_flag=True, help="Fail when the upload fails; EXLOGARE_STRICT=1 does the same.")
@click.option("--wait", is_flag=True, help="Wait for the server's analysis, and show it; needs the scope read.")
@output_file_option
@click.option("--dry-run", is_flag=True, help="Print the request, secrets masked, and send nothing.")
@click.option("--no-git", is_flag=True, help="Do not ask git for what the environment lacks.")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
def ingest_command(
    *,
    log_file: str | None,
    source_name: str | None,
    status: str | None,
    provider: str | None,
    workflow_name: str | None,
    url: str | None,
    timeout_s: float | None,
    ca_bundle: str | None,
    strict: bool,
    wait: bool,
    output_file: str | None,
    dry_run: bool,
    no_git: bool,
    format_name: str,
    **fields: str | None,
) -> int:
    """Send a job's log to the server.

    What is not given is taken from the CI service's variables, then from git. Secrets are masked before
    anything is sent.
    """
    _check_source(log_file, source_name)
    forget_output_file(output_file, log_file)
    sent: Sent | None = None
    problem_found: Exception | None = None
    ci = ""
    try:
        context = detected(os.environ, fields, with_git=not no_git)
        ci = context.ci
        options = load_settings(url, timeout_s, ca_bundle, strict=strict)
        strict = options.strict
        reason = engine_problem()
        if reason is not None:
            report_error(f"{reason}: masking secrets takes longer, and all analysis is left to the server.")
        if log_file is None:
            excerpt, context = fetch(context, source_name, options, fields)
        else:
            excerpt = read(log_file)
        payload = _payload(context, excerpt, status, provider, workflow_name)
        if dry_run:
            show_request(payload, context, options, format_name)
            return exit_codes.OK
        del excerpt  # a log of 10 MiB need not be there twice
        sent = _send(payload, context, options, wait=wait)
        for note in sent.notes:
            report_error(note)
        if sent.receipt is not None:
            show_receipt(sent, format_name)
        problem_found = sent.error or sent.wait_error
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not change the job's result
        problem_found = error
    if problem_found is None:
        code = exit_codes.OK
    else:
        code = _failed(problem_found, format_name, is_said=sent is not None and problem_found is sent.wait_error)
    code = code if strict else exit_codes.OK
    said = None if problem_found is None else problem(problem_found)[0]
    _tell_service(ci, sent, said, is_error=strict)
    if output_file is not None:
        result = "uploaded" if sent is not None and sent.receipt is not None else "error"
        write_output_file(output_file, outcome("ingest", result, code, sent=sent, problem=said))
    return code


def _tell_service(ci: str, sent: "Sent | None", said: str | None, *, is_error: bool) -> None:
    """Hand the result to the steps behind this one, and show a failed upload with the run, where that can be done."""
    if ci not in ("github", "gitea", "forgejo"):
        return
    from exlogare_ci.cli.step_outputs import add_step_outputs  # noqa: PLC0415 - only on these services

    if sent is not None and sent.receipt is not None:
        add_step_outputs(os.environ, {"result": "uploaded", "analysis-id": sent.receipt.analysis_id})
        return
    add_step_outputs(os.environ, {"result": "error"})
    if ci == "github":
        from exlogare_ci.report.github import notice  # noqa: PLC0415 - only on this service

        click.echo(notice("error" if is_error else "warning", f"not uploaded: {said}"), err=True, nl=False)


def detected(env: Mapping[str, str], fields: Mapping[str, str | None], *, with_git: bool) -> "RunContext":
    """Detect the run; what an option says wins.

    Args:
        env: the environment.
        fields: values of ``CONTEXT_OPTIONS`` by parameter name; ``None`` or none at all where not given.
        with_git: whether git is asked for what the environment lacks.
    """
    import msgspec  # noqa: PLC0415 - not needed for --help

    from exlogare_ci import adapters, git  # noqa: PLC0415

    try:
        context = adapters.detect(env)
    except adapters.UnknownServiceError as error:
        report_error(str(error))
        context = adapters.detect({name: env[name] for name in env if name != adapters.FORCE_VARIABLE})
    context = msgspec.structs.replace(context, **_given(fields))
    return git.complete(context, Path()) if with_git else context


def _given(fields: Mapping[str, str | None]) -> dict[str, str]:
    """Give the fields of the context that options fill."""
    return {
        field: value
        for name, targets, _, _ in CONTEXT_OPTIONS
        if (value := fields.get(name.lstrip("-").replace("-", "_")))
        for field in targets
    }


def _check_source(log_file: str | None, source_name: str | None) -> None:
    """Refuse a source that there is not, and two at once."""
    if source_name is None:
        return
    from exlogare_ci import plugins  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.sources.ci import SOURCES  # noqa: PLC0415

    if log_file is not None:
        raise click.UsageError("Give either --log-file or --from.")
    names = [source.NAME for source in (*plugins.load(os.environ).modules[plugins.SOURCES], *SOURCES)]
    if source_name not in names:
        raise click.UsageError(f"--from knows {', '.join(names)}, not {source_name!r}.")


def read(log_file: str) -> "Excerpt":
    """Read a log.

    Args:
        log_file: a path; ``-`` is standard input.

    Raises:
        OSError: it cannot be read.
    """
    from exlogare_ci.sources.stream import read_file, read_stream  # noqa: PLC0415 - not needed for --help

    return read_stream(sys.stdin.buffer) if log_file == "-" else read_file(Path(log_file))


def fetch(
    context: "RunContext", source_name: str | None, options: "Settings", fields: Mapping[str, str | None]
) -> tuple["Excerpt", "RunContext"]:
    """Get the log from the CI service, and what it tells of the failed job; what an option says wins.

    Args:
        context: the run.
        source_name: the service to ask; chosen when ``None``.
        options: how long it may take, and what may be trusted.
        fields: as of ``detected``.

    Raises:
        CommandError: there is no log to be had; the sentence says what to add.
    """
    import msgspec  # noqa: PLC0415 - not needed for --help

    from exlogare_ci.report.neutralise import neutralise_inline  # noqa: PLC0415
    from exlogare_ci.sources.ci import LogSourceError, find_log  # noqa: PLC0415

    try:
        found = find_log(os.environ, context.ci, ci_access(options), forced=source_name)
    except LogSourceError as error:
        raise CommandError(str(error), exit_codes.UNREADABLE) from None
    click.echo(neutralise_inline(f"exl: got the log of {found.log.what} from {found.source.TITLE}"), err=True)
    told = {name: value for name, value in found.log.fields.items() if name not in _given(fields)}
    return found.log.excerpt, msgspec.structs.replace(context, **told)


def ci_access(options: "Settings") -> "Access":
    """Give what asking a CI service needs of the outside.

    Args:
        options: how long it may take, and what may be trusted.
    """
    from exlogare_ci.adapters import properties, read_small_file  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.sources.ci import Access  # noqa: PLC0415

    return Access(
        read_text=read_small_file,
        read_properties=lambda path: properties.parse(read_small_file(path) or ""),
        timeout_s=options.timeout_s,
        allow_http=options.allow_http,
    )


def _payload(
    context: "RunContext", excerpt: "Excerpt", status: str | None, provider: str | None, workflow_name: str | None
) -> "Payload":
    """Build the body."""
    from exlogare_ci.upload import prepare  # noqa: PLC0415 - not needed for --help

    return prepare(
        context, excerpt.data, os.environ, status=status, provider=provider, workflow_name=workflow_name,
        bytes_left_out=excerpt.bytes_omitted,
    )  # fmt: skip


def _send(payload: "Payload", context: "RunContext", options: "Settings", *, wait: bool) -> "Sent":
    """Send the body; what there is to say beside its receipt is said here.

    Raises:
        ClientError: it could not be sent.
    """
    from exlogare_ci.cli.progress import shown_progress  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.credentials import find  # noqa: PLC0415
    from exlogare_ci.sending import send  # noqa: PLC0415
    from exlogare_ci.upload import is_interactive  # noqa: PLC0415

    credential = find(os.environ, options.server_url(), use_keychain=is_interactive(context, os.environ))
    with shown_progress(sys.stderr, os.environ) as progress:
        return send(payload, options, credential.token, os.environ, wait=wait, progress=progress)


def problem(error: Exception) -> tuple[str, int]:
    """Say what went wrong, and with which exit code.

    Args:
        error: anything; an ``OSError`` is about the log.
    """
    if isinstance(error, OSError):
        message = f"the log cannot be read: {error.strerror or error} ({error.filename or 'standard input'})."
        return message, exit_codes.UNREADABLE
    return describe(error)


def _failed(error: Exception, format_name: str, *, is_said: bool) -> int:
    """Say what went wrong in a line, unless it is said already; give its exit code."""
    message, code = problem(error)
    if not is_said:
        report_error(message)
        if format_name == "json":
            print_json({"status": "failed", "error": message})
    return code
