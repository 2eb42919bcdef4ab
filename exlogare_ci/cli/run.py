"""``exl run``: run a build command as if we were not there, and explain its failure."""

import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.errors import report_error
from exlogare_ci.cli.output import FORMATS
from exlogare_ci.cli.output_file import forget_output_file, outcome, output_file_option, write_output_file
from exlogare_ci.cli.results import BUDGET_S as REPORT_BUDGET_S
from exlogare_ci.cli.results import report_options

if TYPE_CHECKING:
    from exlogare_ci.cli.after_failure import Failure
    from exlogare_ci.sources.signals import SignalRelay
    from exlogare_ci.sources.spool import Spool

SLACK_S = 40.0
"""What masking, git (8 s at most), the keychain (20 s) and printing may take beside analysis and upload."""


@click.command(
    "run",
    context_settings={"allow_interspersed_args": False},
    epilog="""Examples:

\b
  exl run -- make test
  exl run --no-upload -- npm test

Exit code: always the command's own; 128 + n when signal n ended it, 126 when it cannot be executed, 127 when
there is no such command.""",
)
@click.option("--url", metavar="URL", help="The server; EXLOGARE_URL when not given.")
@click.option("--profile", metavar="NAME", help="The server and token that exl auth login kept under this name.")
@click.option("--project", metavar="ORG/REPO", help="The project, where it cannot be detected.")
@click.option(
    "--timeout", "timeout_s", metavar="SECONDS", type=click.FloatRange(min=1, max=600),
    help="How long the upload may take, with all its retries; EXLOGARE_TIMEOUT or 60 when not given.",
)  # fmt: skip
@click.option(
    "--ca-bundle",
    metavar="FILE",
    type=click.Path(),
    help="Certificates to trust; EXLOGARE_CA_BUNDLE or the system's.",
)
@click.option("--provider", metavar="NAME", help="The CI service; detected when not given.")
@click.option("--strict", is_flag=True, help="Mark a failed upload as an error in the job's log.")
@click.option("--no-upload", is_flag=True, help="Only print; send nothing, even with a token set.")
@click.option(
    "--format", "format_name", type=click.Choice(FORMATS), default="text", show_default=True,
    help="How the root cause is printed on standard error.",
)  # fmt: skip
@click.option(
    "--signatures", "signature_files", metavar="FILE", multiple=True, type=click.Path(),
    help="Signatures of your own (YAML), beside those in .exlogare.yml; may be repeated.",
)  # fmt: skip
@click.option("--wait", is_flag=True, help="Also wait for the server's analysis, and show it; needs the scope read.")
@output_file_option
@report_options
@click.argument("command", metavar="COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
def run_command(
    *,
    url: str | None,
    profile: str | None,
    project: str | None,
    timeout_s: float | None,
    ca_bundle: str | None,
    provider: str | None,
    strict: bool,
    no_upload: bool,
    format_name: str,
    signature_files: tuple[str, ...],
    wait: bool,
    output_file: str | None,
    reports: tuple[str, ...] | None,
    report_folder: str | None,
    command: tuple[str, ...],
) -> int:
    """Run a build command and explain its failure.

    The command's output appears live and unchanged, and its exit code is ours. When it fails, the root cause
    is printed; with a server and a token set it is also uploaded. When it succeeds, nothing is added. In a CI
    job --report is auto when not given: the service's own places, as far as they need no further permission.
    """
    from exlogare_ci.sources.command import (  # noqa: PLC0415 - not needed for --help
        CommandNotExecutableError,
        CommandNotFoundError,
        run,
    )
    from exlogare_ci.sources.spool import Spool  # noqa: PLC0415

    _open_closed_streams()
    forget_output_file(output_file)
    spool = Spool()
    relay = _take_signals()
    try:
        result = run(command, spool.write, relay)
    except (CommandNotFoundError, CommandNotExecutableError) as error:
        report_error(str(error))
        exit_code = exit_codes.NOT_FOUND if isinstance(error, CommandNotFoundError) else exit_codes.NOT_EXECUTABLE
        _write_outcome(output_file, "error", exit_code, str(error))
        return exit_code
    returncode = result.returncode
    exit_code = returncode if returncode >= 0 else exit_codes.SIGNAL_BASE - returncode
    # From here on the exit code is known, and nothing may change it.
    try:
        if result.write_error is not None:
            report_error(f"output of {command[0]} could not be written: {result.write_error}.")
        if exit_code != exit_codes.OK and not (relay and relay.cancelled_at_keyboard):
            from exlogare_ci.cli.after_failure import Failure  # noqa: PLC0415 - not needed by passing builds

            failure = Failure(
                command=command[0], returncode=returncode, exit_code=exit_code, format_name=format_name,
                project=project, provider=provider, url=url, timeout_s=timeout_s, ca_bundle=ca_bundle, strict=strict,
                upload=not no_upload, signature_files=signature_files, reports=reports or ("auto",),
                report_folder=report_folder, wait=wait, output_file=output_file,
            )  # fmt: skip
            env = dict(os.environ) if profile is None else {**os.environ, "EXLOGARE_PROFILE": profile}
            _explain(failure, spool, relay, env)
        else:
            _write_outcome(output_file, "passed" if exit_code == exit_codes.OK else "error", exit_code)
    except BaseException as error:  # noqa: BLE001 - the exit code outlives even what should not happen
        with contextlib.suppress(BaseException):
            report_error(f"the report on this failure is incomplete: {type(error).__name__}.")
    finally:
        if relay is not None:
            relay.seal()
    return system_code(exit_code, sys.platform)


def system_code(exit_code: int, platform: str) -> int:
    """Give the number to end with, so that the system reports an exit code as the command's own was.

    Args:
        exit_code: the command's.
        platform: as ``sys.platform``.

    Returns:
        It; on Windows codes from 2^31 on, such as 0xC0000005 for a crash, as the negative number of the same bits,
        because Python takes exit codes for signed and would end with another one.
    """
    return exit_code - 2**32 if platform == "win32" and exit_code >= 2**31 else exit_code


def _explain(failure: "Failure", spool: "Spool", relay: "SignalRelay | None", env: Mapping[str, str]) -> None:
    """Report on a failure in a way that cannot harm us; say so when it did not come to its end."""
    from exlogare_ci.cli.after_failure import (  # noqa: PLC0415 - see above
        analysis_budget_s,
        explain_failure,
        upload_budget_s,
    )
    from exlogare_ci.cli.contain import run_contained  # noqa: PLC0415

    timeout_s = analysis_budget_s() + REPORT_BUDGET_S + upload_budget_s(failure, env) + SLACK_S
    unfinished = run_contained(lambda: explain_failure(failure, spool, env), timeout_s, relay)
    if unfinished is None:
        return
    report_error(f"the report on this failure is incomplete: {unfinished.reason}.")
    if failure.output_file is not None and not Path(failure.output_file).exists():
        problem = f"the report on this failure is incomplete: {unfinished.reason}"
        _write_outcome(failure.output_file, "error", failure.exit_code, problem)
    if unfinished.still_running:
        os._exit(system_code(failure.exit_code, sys.platform))  # the interpreter's own end would trip over the thread


def _write_outcome(path: str | None, result: str, exit_code: int, problem: str | None = None) -> None:
    if path is not None:
        write_output_file(path, outcome("run", result, exit_code, problem=problem))


def _take_signals() -> "SignalRelay | None":
    """Take the signals over for the rest of the process's life; there are none to hand on on Windows."""
    if sys.platform == "win32":
        return None
    from exlogare_ci.sources.signals import SignalRelay  # noqa: PLC0415 - only on these systems

    relay = SignalRelay()
    relay.take()
    return relay


def _open_closed_streams() -> None:
    """Open the null device in the place of standard streams that are closed, so that no pipe lands there."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - standard error
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
