"""Run a command on a POSIX system: pipes or ptys, one loop, no threads."""

import contextlib
import errno
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence

from exlogare_ci.sources.channels import Channel, open_channels
from exlogare_ci.sources.command import CommandResult, Sink, start_error
from exlogare_ci.sources.signals import SignalRelay

QUIET_S = 0.25
"""After the command's end, output of processes that it left behind is read until it pauses this long."""
DRAIN_S_MAX = 2.0
"""And never longer than this."""


def run_posix(
    argv: Sequence[str],
    sink: Sink,
    relay: SignalRelay | None = None,
    *,
    stdout_fd: int = 1,
    stderr_fd: int = 2,
) -> CommandResult:
    """Run a command to its end; see ``exlogare_ci.sources.command.run``.

    Processes that it leaves behind with our pipe in their hands are not waited for. So that they neither lose
    their output nor die of it, ``cat`` takes our place at the pipe; also after a fault of ours.

    Args:
        argv: the command and its arguments.
        sink: is given all output, in order of arrival.
        relay: an entered relay; without one a relay for the time of the run is used.
        stdout_fd: where its standard output goes.
        stderr_fd: where its standard error goes.

    Returns:
        How it ended.

    Raises:
        CommandNotFoundError: there is no such command.
        CommandNotExecutableError: the system cannot execute it.
    """
    if relay is None:
        with SignalRelay() as own:
            return run_posix(argv, sink, own, stdout_fd=stdout_fd, stderr_fd=stderr_fd)
    for_stdout, for_stderr = open_channels(sink, stdout_fd, stderr_fd)
    channels = list(dict.fromkeys((for_stdout, for_stderr)))
    try:
        process = _start(argv, for_stdout.child_fd, for_stderr.child_fd)
    except OSError as error:
        for channel in channels:
            channel.close()
        raise start_error(argv, error) from error
    finally:
        for channel in channels:
            os.close(channel.child_fd)
    relay.relay_to(process.send_signal)
    relay.on_resize([channel.resize for channel in channels])
    problem = None
    try:
        _copy(process, channels, relay)
    except Exception as error:  # noqa: BLE001 - the command must not suffer from a fault of ours
        problem = f"{type(error).__name__}: {error}"
    for channel in channels:
        if channel.read_fd >= 0:
            _leave_to_cat(channel)
    returncode = process.wait()
    return CommandResult(returncode, next((c.write_error for c in channels if c.write_error), problem))


def _start(argv: Sequence[str], stdout_fd: int, stderr_fd: int) -> "subprocess.Popen[bytes]":
    """Start the command, with the descriptors that we were given (make's job server) but none of our own."""
    try:
        return subprocess.Popen(argv, stdout=stdout_fd, stderr=stderr_fd, close_fds=False)
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
    # A script without a first line that names its interpreter: a shell, and execvp, run it with sh.
    return subprocess.Popen(["/bin/sh", *argv], stdout=stdout_fd, stderr=stderr_fd, close_fds=False)


def _copy(process: "subprocess.Popen[bytes]", channels: Sequence[Channel], relay: SignalRelay) -> None:
    """Hand the output on until the command has ended and its output too, or nearly so.

    A channel that has ended is closed; one that somebody still holds is not.
    """
    with selectors.DefaultSelector() as selector:
        selector.register(relay.wake_fd, selectors.EVENT_READ)
        for channel in channels:
            selector.register(channel.read_fd, selectors.EVENT_READ, channel)
        deadline_s: float | None = None
        while len(selector.get_map()) > 1 or deadline_s is None:
            timeout_s = None if deadline_s is None else max(0.0, min(QUIET_S, deadline_s - time.monotonic()))
            ready = selector.select(timeout_s)
            if deadline_s is not None and (not ready or time.monotonic() > deadline_s):
                return
            for key, _ in ready:
                if key.fd == relay.wake_fd:
                    relay.drain()
                elif not key.data.pump():
                    selector.unregister(key.fd)
                    key.data.close()
            if deadline_s is None and process.poll() is not None:
                deadline_s = time.monotonic() + DRAIN_S_MAX


def _leave_to_cat(channel: Channel) -> None:
    """Let ``cat`` copy what processes left behind will still write, for as long as they live."""
    with contextlib.suppress(OSError):  # without cat they get SIGPIPE, which is the best that is left
        os.posix_spawnp(
            "cat",
            ["cat"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, channel.read_fd, 0),
                (os.POSIX_SPAWN_DUP2, channel.target_fd, 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
            setsigdef=[signal.SIGPIPE],
        )
    channel.close()
