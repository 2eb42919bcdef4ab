"""Run a command, hand its output on live and unchanged, and see all of it."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from exlogare_ci.sources.signals import SignalRelay

CHUNK_BYTES = 64 * 1024
"""Read at once; as much as a pipe holds on Linux."""

Sink = Callable[[bytes], None]


class CommandResult(NamedTuple):
    """How a command ended.

    Attributes:
        returncode: its exit code, or minus the number of the signal that ended it.
        write_error: why its output could not be handed on, e.g. a full disk; ``None`` when it could.
    """

    returncode: int
    write_error: str | None = None


class CommandNotFoundError(Exception):
    """Raised when there is no such command."""


class CommandNotExecutableError(Exception):
    """Raised when the command exists but the system cannot execute it."""


def run(argv: Sequence[str], sink: Sink, relay: "SignalRelay | None" = None) -> CommandResult:
    """Run a command to its end.

    Its standard input is ours. Its output goes to our standard output and error, unchanged and at once.

    Args:
        argv: the command and its arguments; looked up in PATH.
        sink: is given the same bytes, in order of arrival; must not raise.
        relay: an entered relay, which hands signals on to the command while it runs; POSIX only.

    Returns:
        How it ended.

    Raises:
        CommandNotFoundError: there is no such command.
        CommandNotExecutableError: the system cannot execute it.
    """
    if sys.platform == "win32":
        from exlogare_ci.sources.command_portable import run_portable  # noqa: PLC0415 - only on this system

        return run_portable(argv, sink)
    from exlogare_ci.sources.command_posix import run_posix  # noqa: PLC0415 - only on these systems

    return run_posix(argv, sink, relay)


def start_error(argv: Sequence[str], error: OSError) -> Exception:
    """Say why a command could not be started.

    Args:
        argv: the command.
        error: what the system said.

    Returns:
        The exception to raise instead.
    """
    import errno  # noqa: PLC0415 - only needed when something failed
    import shutil  # noqa: PLC0415

    name = argv[0]
    if isinstance(error, FileNotFoundError):
        found = shutil.which(name)
        if found is None:
            return CommandNotFoundError(f"{name}: command not found. Check the name and PATH.")
        return CommandNotExecutableError(
            f"{name}: the interpreter that the first line of {found} names does not exist. "
            "Check that line, and that it does not end in a carriage return."
        )
    if error.errno == errno.E2BIG:
        return CommandNotExecutableError(f"{name}: the argument list is too long for this system.")
    if os.path.isdir(name):  # noqa: PTH112 - pathlib is not needed for anything else here
        return CommandNotExecutableError(f"{name}: is a directory, not a command.")
    reason = error.strerror or type(error).__name__
    return CommandNotExecutableError(f"{name}: cannot be executed ({reason}). Check its permissions and format.")
