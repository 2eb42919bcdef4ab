"""The one boundary between exceptions and what the user sees: a line on standard error and an exit code.

A line says what is wrong, where, and the next step. Nothing else in the package prints an error or knows an
exit code, so that a message is never a traceback and a code never depends on which layer failed.
"""

import os
import sys
from collections.abc import Callable, Mapping
from typing import TextIO

import click

from exlogare_ci.cli import exit_codes

DEBUG_VARIABLE = "EXLOGARE_DEBUG"

EXIT_CODE_BY_ERROR: dict[str, int] = {
    "exlogare_ci.adapters.model:UnknownServiceError": exit_codes.USAGE,
    "exlogare_ci.errors:SettingsError": exit_codes.USAGE,
    "exlogare_ci.errors:PayloadError": exit_codes.USAGE,
    "exlogare_ci.errors:EmptyLogError": exit_codes.UNREADABLE,
    "exlogare_ci.errors:MissingSettingError": exit_codes.NO_CREDENTIALS,
    "exlogare_ci.errors:KeychainError": exit_codes.NO_CREDENTIALS,
    "exlogare_ci.errors:RefusedError": exit_codes.REFUSED,
    "exlogare_ci.errors:UnavailableError": exit_codes.UNAVAILABLE,
    "exlogare_ci.errors:UploadError": exit_codes.UNAVAILABLE,
}
"""Exit codes of exceptions that the lower layers raise, by ``module:class``; subclasses inherit the code.

Names and not classes, so that reading this table imports no layer.
"""

ENGINE_FIX = "Install it with pip install hyperscan, or send the log to a server with exl ingest, which does without."


class CommandError(Exception):
    """A problem that the user can act on, with the exit code that tells scripts its kind.

    The message says what is wrong, where, and the next step.

    Attributes:
        exit_code: one of ``exlogare_ci.cli.exit_codes``.
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class OutputClosedError(Exception):
    """The reader of our output went away; click's own handling of a broken pipe is bypassed with it."""


def guard(call: Callable[[], object], env: Mapping[str, str] | None = None) -> int:
    """Run a command and turn whatever it raises into a line on standard error and an exit code.

    Args:
        call: the command; an integer that it returns is the exit code, anything else counts as success.
        env: where ``EXLOGARE_DEBUG`` is looked up; the process's environment when ``None``.

    Returns:
        The exit code.
    """
    try:
        result = call()
        return result if isinstance(result, int) and not isinstance(result, bool) else exit_codes.OK
    except click.UsageError as error:
        error.show()  # with the usage line and the --help hint
        return exit_codes.USAGE
    except (KeyboardInterrupt, click.Abort):
        return exit_codes.INTERRUPTED
    except (BrokenPipeError, OutputClosedError):
        _silence_standard_streams()
        return exit_codes.BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the boundary
        environment = os.environ if env is None else env
        if environment.get(DEBUG_VARIABLE, "") not in ("", "0"):
            import traceback  # noqa: PLC0415 - only where something of ours is wrong

            traceback.print_exc()
        message, code = describe(error)
        report_error(message)
        return code


def report_error(message: str) -> None:
    """Print a problem as one line on standard error, in which nothing is a command for a CI service.

    Args:
        message: what is wrong, where, and the next step.
    """
    from exlogare_ci.report.neutralise import neutralise_inline  # noqa: PLC0415 - not needed without problems

    click.echo(neutralise_inline(f"exl: {' '.join(message.split())}"), err=True)


def describe(error: Exception) -> tuple[str, int]:
    """Put an exception into words for the user.

    Args:
        error: any exception but usage errors and interruptions.

    Returns:
        What is wrong and the next step, and the exit code.
    """
    if isinstance(error, CommandError):
        return str(error), error.exit_code
    if isinstance(error, click.ClickException):
        return error.format_message(), error.exit_code
    for kind in type(error).__mro__:
        code = EXIT_CODE_BY_ERROR.get(f"{kind.__module__}:{kind.__qualname__}")
        if code is not None:
            return str(error), code
    if isinstance(error, ImportError):
        reason = engine_problem()
        if reason is not None:
            return f"the engine cannot be loaded: {reason}. {ENGINE_FIX}", exit_codes.INTERNAL
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - an exception may be unable to say what it is
        text = ""
    what = f"unexpected {type(error).__name__}{': ' if text else ''}{text}"
    hint = f"This is a fault in exl; run it again with {DEBUG_VARIABLE}=1 to see the traceback."
    return f"{what}. {hint}", exit_codes.INTERNAL


def engine_problem() -> str | None:
    """Tell why the engine cannot be loaded here, as half a sentence; ``None`` where it can."""
    try:
        import hyperscan  # noqa: F401, PLC0415 - whether it can be loaded is the question
    except (ImportError, OSError) as error:
        return f"the package hyperscan does not work here ({' '.join(str(error).split())})"
    return None


def _silence_standard_streams() -> None:
    """Point closed streams at the null device, so that the interpreter's last flush says nothing either."""
    with open(os.devnull, "wb") as devnull:  # noqa: PTH123 - pathlib is not needed for anything else here
        for stream in (sys.stdout, sys.stderr):
            if _is_broken(stream):
                os.dup2(devnull.fileno(), stream.fileno())


def _is_broken(stream: TextIO) -> bool:
    try:
        stream.flush()
    except BrokenPipeError:
        return True
    return False
