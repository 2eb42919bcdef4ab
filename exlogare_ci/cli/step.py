"""``exl step``: what the packages for CI services call; every setting is an environment variable."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.errors import CommandError, describe, report_error
from exlogare_ci.cli.output_file import outcome, write_output_file
from exlogare_ci.cli.step_settings import STEP_VARIABLES, from_prefix

if TYPE_CHECKING:
    from exlogare_ci.cli.after_failure import Failure, Told
    from exlogare_ci.context import RunContext
    from exlogare_ci.sources.excerpt import Excerpt

FAILURES = frozenset({"failed", "error", "unstable", "cancelled", "timeout", "unauthorized"})
"""Kinds of status that are failures, as the server counts them."""
UNFINISHED = frozenset({"running", "pending"})
"""Kinds of status that say nothing of how the job ends."""
OUR_TOKENS = ("EXLOGARE_TOKEN", "EXLOGARE_CI_TOKEN")
"""For us, not for the build that we wrap."""


@click.command(
    "step",
    short_help="What the packages for CI services call.",
    epilog="""Examples:

\b
  EXLOGARE_RUN='make test' exl step
  EXLOGARE_LOG_PATH=build.log EXLOGARE_STATUS=failed exl step
  exl step --prefix PLUGIN_

Variables: EXLOGARE_RUN or EXLOGARE_LOG_PATH, EXLOGARE_STATUS, EXLOGARE_WORKING_DIRECTORY, EXLOGARE_PROJECT,
EXLOGARE_PROVIDER, EXLOGARE_REPORT, EXLOGARE_REPORT_DIR, EXLOGARE_OUTPUT_FILE, and those of every command.

Exit code: that of the script in EXLOGARE_RUN; otherwise 0. With EXLOGARE_STRICT=1 as of exl ingest.""",
)
@click.option("--prefix", metavar="PREFIX", help="Settings are also read from variables that start so.")
def step_command(*, prefix: str | None) -> int:
    """Do a CI step: run a script and explain its failure, or explain and send the log of a job that failed.

    Settings are environment variables. With EXLOGARE_RUN the script runs as under exl run. Without, the log is
    that of EXLOGARE_LOG_PATH, or what the CI service gives; of a job that has not failed nothing is sent.
    """
    unknown = _take_prefixed(prefix)
    settings = {name: os.environ.pop(variable, "") for name, variable in STEP_VARIABLES.items()}
    strict = os.environ.get("EXLOGARE_STRICT", "").strip().lower() in ("1", "true", "yes", "on")
    for problem in (unknown, _take_report(settings)):
        if problem is not None:
            report_error(problem)
            if strict:
                return exit_codes.USAGE
    try:
        if settings["working_directory"]:
            os.chdir(settings["working_directory"])
    except OSError as error:
        report_error(f"the working directory cannot be entered: {error.strerror}.")
        _hand_on({"result": "error"}, settings)
        # A script must not run in the wrong folder, and a build that did not run must not look like one that passed.
        return exit_codes.USAGE if settings["run"] or strict else exit_codes.OK
    if settings["run"]:
        if settings["log_path"]:
            report_error("the log's path is not used, because there is a script to run.")
        return _run(settings)
    try:
        code = _log(settings)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not change the job's result
        from exlogare_ci.cli import ingest  # noqa: PLC0415 - loaded already

        message, code = ingest.problem(error)
        report_error(message)
        _hand_on({"result": "error"}, settings)
    return code if strict else exit_codes.OK


def _take_prefixed(prefix: str | None) -> str | None:
    """Put the service's own variables under our names; give a sentence about those that are unknown."""
    if not prefix:
        return None
    prefixed = from_prefix(os.environ, prefix)
    for setting in ("TOKEN", "CI_TOKEN"):
        os.environ.pop(prefix + setting, None)  # a secret that the build could read under this name
    os.environ.update(prefixed.variables)
    return prefixed.unknown


def _take_report(settings: dict[str, str]) -> str | None:
    """Put ``auto`` in the place of a report that there is not, and give a sentence about it."""
    from exlogare_ci.cli.results import report_names  # noqa: PLC0415 - loaded with either half of this command

    try:
        settings["report"] = ",".join(report_names(settings["report"] or "auto"))
    except ValueError as error:
        settings["report"] = "auto"
        return f"{error} The setting report is taken as auto."
    return None


def _run(settings: Mapping[str, str]) -> int:
    """Run the script under ``exl run``."""
    from exlogare_ci.cli.run import run_command  # noqa: PLC0415 - the other half of this command

    arguments = [
        part
        for option, name in (
            ("--project", "project"),
            ("--provider", "provider"),
            ("--report", "report"),
            ("--report-dir", "report_dir"),
            ("--output-file", "output_file"),
        )
        if settings[name]
        for part in (option, settings[name])
    ]
    with _script(settings["run"]) as command:
        code = run_command.main([*arguments, "--", *command], standalone_mode=False)
    if code == exit_codes.OK:
        _hand_on({"result": "passed"}, {**settings, "output_file": ""})  # which exl run has written
    return int(code or 0)


@contextlib.contextmanager
def _script(text: str) -> Iterator[Sequence[str]]:
    """Write the script where only this user can read it, and give the command that runs it, without our tokens."""
    bash = shutil.which("bash")
    on_windows = bash is None and sys.platform == "win32"
    # What GitHub runs a step's `run` with when the shell is bash.
    shell = (bash, "--noprofile", "--norc", "-eo", "pipefail") if bash else ("sh", "-e")
    without_tokens = ("sh", "-c", f'unset {" ".join(OUR_TOKENS)}; exec "$@"', "sh")
    with contextlib.ExitStack() as stack:
        try:
            folder = Path(tempfile.mkdtemp(prefix="exl-step-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            path = folder / ("script.cmd" if on_windows else "script.sh")
            path.write_bytes(_for_windows(text) if on_windows else f"{text}\n".encode())
        except OSError:
            # Every folder for temporary files is full or read-only: the build runs all the same.
            yield (*without_tokens, *shell, "-c", text)
            return
        yield ("cmd.exe", "/d", "/c", str(path)) if on_windows else (*without_tokens, *shell, str(path))


def _for_windows(text: str) -> bytes:
    lines = ["@echo off", *(f"set {name}=" for name in OUR_TOKENS), text.replace("\n", "\r\n")]
    return "\r\n".join(lines).encode()


def _log(settings: Mapping[str, str]) -> int:
    """Explain the log of a job that failed, and send it; give the exit code for strictness."""
    from exlogare_ci.cli.after_failure import explain_log, told_outcome  # noqa: PLC0415 - the other half of this command
    from exlogare_ci.statuses import kind_of  # noqa: PLC0415

    context = _context(settings)
    status = settings["status"] or context.status or _asked_status(context.ci) or "failed"
    if not settings["status"] and kind_of(status) in UNFINISHED:
        status = "failed"  # inside the job a service knows no better, as GitLab outside of after_script
    if kind_of(status) not in FAILURES:
        report_error(f"the job's status is {status!r}, which is no failure; nothing is sent.")
        _hand_on({"result": "passed"}, settings)
        return exit_codes.OK
    excerpt, context = _read(settings["log_path"], context)
    if not excerpt.data.strip():
        raise CommandError("the log is empty; name one that is not in EXLOGARE_LOG_PATH.", exit_codes.UNREADABLE)
    told = explain_log(_failure(settings, status), excerpt, context, os.environ)
    if settings["output_file"]:
        write_output_file(settings["output_file"], told_outcome(told, exit_codes.OK, "step"))
    return _code(told)


def _asked_status(ci: str) -> str | None:
    """Ask the CI service for the status that no variable tells; ``None`` where there is none to ask.

    Raises:
        CommandError: it should tell and does not: a build that passes must not be taken for one that failed.
    """
    from exlogare_ci import settings as client_settings  # noqa: PLC0415 - see above
    from exlogare_ci.cli.ingest import ci_access  # noqa: PLC0415
    from exlogare_ci.sources.ci import LogSourceError, ask_status  # noqa: PLC0415

    try:
        return ask_status(os.environ, ci, ci_access(client_settings.load(os.environ)))
    except LogSourceError as error:
        raise CommandError(
            f"{error} Nothing is sent without the job's status; in a step that runs only after a failure, set status "
            "to failed.",
            exit_codes.UNREADABLE,
        ) from None


def _context(settings: Mapping[str, str]) -> "RunContext":
    from exlogare_ci.cli.ingest import detected  # noqa: PLC0415 - the other half of this command

    return detected(os.environ, {"project": settings["project"]}, with_git=True)


def _read(log_path: str, context: "RunContext") -> "tuple[Excerpt, RunContext]":
    from exlogare_ci import settings as client_settings  # noqa: PLC0415 - see above
    from exlogare_ci.cli.ingest import fetch, read  # noqa: PLC0415

    if log_path:
        return read(log_path), context
    try:
        return fetch(context, None, client_settings.load(os.environ), {})
    except CommandError as error:
        raise CommandError(f"{error} For this step: set log_path, or run.", error.exit_code) from None


def _failure(settings: Mapping[str, str], status: str) -> "Failure":
    from exlogare_ci.cli.after_failure import Failure  # noqa: PLC0415 - see above

    return Failure(
        command="", returncode=0, exit_code=0, format_name="text", project=settings["project"] or None, url=None,
        timeout_s=None, ca_bundle=None, strict=False, upload=True, status=status,
        provider=settings["provider"] or None, reports=tuple(settings["report"].split(",")),
        report_folder=settings["report_dir"] or None,
    )  # fmt: skip


def _code(told: "Told") -> int:
    if told.error is not None:
        return describe(told.error)[1]
    return exit_codes.INTERNAL if told.outputs.get("result") == "error" else exit_codes.OK


def _hand_on(outputs: Mapping[str, str], settings: Mapping[str, str]) -> None:
    """Give outputs to the steps behind this one where no analysis did."""
    from exlogare_ci.cli.step_outputs import add_step_outputs  # noqa: PLC0415 - see above

    add_step_outputs(os.environ, outputs)
    if settings["output_file"]:
        write_output_file(settings["output_file"], outcome("step", outputs["result"], exit_codes.OK))
