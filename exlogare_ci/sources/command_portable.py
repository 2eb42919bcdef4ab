"""Run a command with nothing but pipes and threads: for Windows, which has no ptys and no POSIX signals."""

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Sequence
from typing import BinaryIO

from exlogare_ci.sources.command import CHUNK_BYTES, CommandResult, Sink, start_error

DRAIN_S = 2.0
"""How long output of processes that the command left behind is waited for."""


def run_portable(argv: Sequence[str], sink: Sink, stdout_fd: int = 1, stderr_fd: int = 2) -> CommandResult:
    """Run a command to its end; see ``exlogare_ci.sources.command.run``.

    A ^C reaches the command by itself, because it shares our console; we wait for how it ends.

    Args:
        argv: the command and its arguments.
        sink: is given all output, in order of arrival.
        stdout_fd: where its standard output goes.
        stderr_fd: where its standard error goes.

    Returns:
        How it ended.

    Raises:
        CommandNotFoundError: there is no such command.
        CommandNotExecutableError: the system cannot execute it.
    """
    # The system itself finds only .exe files by name; npm and its like are .cmd files.
    found = shutil.which(argv[0])
    try:
        process = subprocess.Popen(
            [found or argv[0], *argv[1:]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
    except OSError as error:
        raise start_error(argv, error) from error
    assert process.stdout is not None  # noqa: S101 - tells mypy what PIPE means
    assert process.stderr is not None  # noqa: S101
    lock = threading.Lock()
    copiers = [
        threading.Thread(target=_copy, args=(source, target_fd, sink, lock), daemon=True)
        for source, target_fd in ((process.stdout, stdout_fd), (process.stderr, stderr_fd))
    ]
    for copier in copiers:
        copier.start()
    while process.poll() is None:
        with contextlib.suppress(KeyboardInterrupt):
            process.wait()
    for copier in copiers:
        copier.join(DRAIN_S)
    return CommandResult(process.returncode)


def _copy(source: BinaryIO, target_fd: int, sink: Sink, lock: threading.Lock) -> None:
    """Copy until the source ends; when nobody reads our output any more, a closed pipe tells the command."""
    with source:
        while chunk := source.read(CHUNK_BYTES):
            with lock:
                sink(chunk)
            rest = memoryview(chunk)
            try:
                while rest:
                    rest = rest[os.write(target_fd, rest) :]
            except OSError:
                return
