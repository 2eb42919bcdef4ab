"""Analyses logs in processes of their own: on as many cores as there are, and never for ever.

A thread cannot be ended from outside, and Python runs one thread at a time. A process that takes too long is killed
and another one takes its place; native code that crashes takes one analysis with it and not the server. See
``docs/adr/0018-engine-processes.md``.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from exlogare_ci.analysis.model import Analysis
from exlogare_server import limits
from exlogare_server.errors import BusyError, SettingsError
from exlogare_server.ingest import engine_child

# What the process may know of ours: where programs and the compiled patterns are, and no setting of the server.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "HOME", "XDG_CACHE_HOME", "EXLOGARE_CACHE_DIR")
# By its path and isolated (-I): neither the folder we are in nor PYTHONPATH is looked into.
_COMMAND = (sys.executable, "-I", str(Path(engine_child.__file__)))
_analyses = msgspec.msgpack.Decoder(Analysis)


class EngineTooSlowError(Exception):
    """The engine did not finish in time."""


class EngineCrashedError(Exception):
    """The engine's process ended over a log."""


class EngineFaultError(Exception):
    """The engine raised an error.

    Attributes:
        kind: the error's name.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class EngineProcesses:
    """An engine (see ``ingest/service.py``) of several processes. All are started at once, and are ready afterwards.

    Args:
        count: how many analyses may run at once.
        s_max: how long one may take; ``ENGINE_S_MAX`` by default.
        command: starts a process; for tests.

    Raises:
        SettingsError: a process does not start.
    """

    def __init__(self, count: int, *, s_max: float | None = None, command: Sequence[str] = _COMMAND) -> None:
        self._s_max = limits.ENGINE_S_MAX if s_max is None else s_max
        self._command = command
        # The one that was used last comes first: its memory is warm, and on a quiet server the others sleep.
        # Appending to a list and popping from it are each one step to all threads.
        self._idle: list[_Process] = [_Process(command) for _ in range(count)]
        processes = list(self._idle)
        deadline_s = time.monotonic() + limits.ENGINE_START_S_MAX
        try:
            for process in processes:
                process.wait_ready(deadline_s)
        except OSError:
            self.close()
            raise SettingsError("The process that analyses logs does not start; is there enough memory?") from None

    def __call__(self, log: bytes | bytearray, *, known_failed: bool | None = None) -> Analysis:
        """Analyse a log.

        Raises:
            BusyError: all processes are at work.
            EngineTooSlowError: it took too long.
            EngineCrashedError: the process ended over it.
            EngineFaultError: the engine raised an error.
        """
        try:
            process = self._idle.pop()
        except IndexError:
            raise BusyError("The server has its hands full; try again.", limits.RETRY_AFTER_S) from None
        try:
            return process.analyse(log, known_failed=bool(known_failed), deadline_s=time.monotonic() + self._s_max)
        except EngineFaultError:
            raise
        except BaseException as error:
            # What it would answer next is not known.
            process = self._instead_of(process)
            if isinstance(error, TimeoutError):
                raise EngineTooSlowError from None
            if isinstance(error, (OSError, msgspec.MsgspecError)):
                raise EngineCrashedError from None
            raise
        finally:
            self._idle.append(process)

    def close(self) -> None:
        """End all processes; nothing may be asked afterwards."""
        while self._idle:
            self._idle.pop().end()

    def _instead_of(self, process: "_Process") -> "_Process":
        process.end()
        # Whoever comes next waits until it is ready.
        return _Process(self._command)


class _Process:
    """One process, asked by one thread at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(self._socket.close)
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                # A traceback would quote the log.
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                cwd="/",
            )
            undo.pop_all()
        self._is_ready = False

    def wait_ready(self, deadline_s: float) -> None:
        """Wait until it has loaded its patterns.

        Raises:
            OSError: it did not in time, or ended.
        """
        if not self._is_ready:
            self._answer(deadline_s)
            self._is_ready = True

    def analyse(self, log: bytes | bytearray, *, known_failed: bool, deadline_s: float) -> Analysis:
        """Analyse a log.

        Raises:
            TimeoutError: not in time.
            OSError: the process ended.
            EngineFaultError: the engine raised an error; the process goes on.
        """
        self.wait_ready(deadline_s)
        self._socket.settimeout(_left_s(deadline_s))
        head = engine_child.REQUEST.pack(known_failed, len(log))
        # At once: two pieces would wake the process twice. An empty socket takes more than the head.
        sent_bytes = self._socket.sendmsg((head, log)) - len(head)
        if sent_bytes < len(log):
            self._socket.sendall(memoryview(log)[sent_bytes:])
        good, answer = self._answer(deadline_s)
        if not good:
            raise EngineFaultError(answer.decode())
        return _analyses.decode(answer)

    def end(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.wait()
        self._socket.close()

    def _answer(self, deadline_s: float) -> tuple[bool, bytes]:
        head = engine_child.ANSWER
        content, wanted_bytes = b"", head.size
        while len(content) < wanted_bytes:
            self._socket.settimeout(_left_s(deadline_s))
            # Nothing follows an answer before the next log, so there is nothing to read too much of.
            piece = self._socket.recv(limits.READ_BYTES)
            if not piece:
                raise ConnectionResetError
            content += piece
            if len(content) >= head.size:
                wanted_bytes = head.size + head.unpack_from(content)[1]
        return head.unpack_from(content)[0], content[head.size :]


def _left_s(deadline_s: float) -> float:
    # Not 0, which would mean not to wait at all.
    return max(0.001, deadline_s - time.monotonic())
