"""Logs are analysed in processes of their own, which come to an end whatever the log or the process does."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from exlogare_ci.analysis import analyze
from exlogare_server.app import make_app
from exlogare_server.errors import BusyError, SettingsError
from exlogare_server.ingest.engines import (
    EngineCrashedError,
    EngineFaultError,
    EngineProcesses,
    EngineTooSlowError,
)
from exlogare_server.settings import Settings
from tests.server.harness import JENKINS, Api

LOG = b"E   assert 3 == 4\ntests/test_total.py:5: AssertionError\nFAILED tests/test_total.py::test_total\n"

# The real process with an engine that does what its log says.
OBEDIENT = """
import os, signal, time
from exlogare_ci.analysis.model import Analysis
from exlogare_server.ingest import engine_child

def engine(log, known_failed):
    if log == b"die":
        os.kill(os.getpid(), signal.SIGKILL)
    if log == b"raise":
        raise KeyError("a secret of the log")
    if log == b"sleep":
        time.sleep(60)
    text = f"{os.getpid()} {known_failed}"
    return Analysis(failed=True, root_cause=text, explanation="x", fix_suggestion="x")

engine_child.analyze = lambda log, known_failed=None: engine(log, known_failed)
engine_child.main()
"""


@contextmanager
def obedient(count: int = 1, **options: Any) -> Iterator[EngineProcesses]:
    """Processes that do what their logs say."""
    engines = EngineProcesses(count, command=(sys.executable, "-c", OBEDIENT), **options)
    try:
        yield engines
    finally:
        engines.close()


def alive(pid: int) -> bool:
    """Whether a process is there; one of ours that has ended and was waited for is not."""
    return Path(f"/proc/{pid}").exists()


@pytest.mark.slow
def test_answer_is_the_engines() -> None:
    """The same analysis, whole, as in this process."""
    engines = EngineProcesses(1)
    found = engines(LOG, known_failed=True)
    engines.close()

    assert found == analyze(LOG, known_failed=True)


def test_process_is_used_again_and_told_what_is_known() -> None:
    """One after the other by the same process; only a failure is known for sure."""
    with obedient() as engines:
        answers = [engines(b"x", known_failed=known).root_cause.split() for known in (True, None)]

    assert [known for _, known in answers] == ["True", "None"]
    assert answers[0][0] == answers[1][0]


def test_process_that_does_not_finish_is_ended() -> None:
    """Nothing of it goes on, and the next log has a new one."""
    with obedient(s_max=1.0) as engines:
        before = int(engines(b"x").root_cause.split()[0])
        with pytest.raises(EngineTooSlowError):
            engines(b"sleep")
        gone = not alive(before)
        engines._s_max = 30  # noqa: SLF001 - a machine under load may take longer to start one
        after = int(engines(b"x").root_cause.split()[0])

    assert gone
    assert after != before


@pytest.mark.parametrize(("log", "error"), [(b"die", EngineCrashedError), (b"raise", EngineFaultError)])
def test_fault_costs_one_analysis(log: bytes, error: type[Exception]) -> None:
    """A process that dies, and an engine that raises, of whose words nothing is told but the name."""
    with obedient(s_max=30) as engines:
        with pytest.raises(error) as raised:
            engines(log)
        after = engines(b"x").root_cause

    assert "secret" not in str(raised.value)
    assert after.endswith("None")


def test_no_more_at_once_than_processes() -> None:
    """Whoever comes when all are at work is told so."""
    with obedient() as engines:
        taken = engines._idle.pop()  # noqa: SLF001 - as if it were at work
        with pytest.raises(BusyError):
            engines(b"x")
        engines._idle.append(taken)  # noqa: SLF001


def test_process_that_does_not_start_is_told() -> None:
    """As a sentence to whoever starts the server."""
    with pytest.raises(SettingsError, match="does not start"):
        EngineProcesses(1, command=(sys.executable, "-c", ""))


def test_processes_end_with_the_server_and_not_by_its_signals() -> None:
    """A service manager signals all processes at once; what the server has taken must still be analysed."""
    engines = EngineProcesses(1, command=(sys.executable, "-c", OBEDIENT))
    pid = int(engines(b"x").root_cause.split()[0])
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(pid, number)
    still = int(engines(b"x").root_cause.split()[0])
    process = engines._idle.pop()  # noqa: SLF001
    process._socket.close()  # noqa: SLF001 - what a kill of the server does
    process._process.wait(30)  # noqa: SLF001

    assert still == pid
    assert process._process.returncode == 0  # noqa: SLF001


def test_post_of_a_log_that_is_not_finished_is_kept_and_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request is answered in time; the analysis says that there is none."""
    monkeypatch.setattr("exlogare_server.limits.ENGINE_S_MAX", 1.0)
    command = (sys.executable, "-c", OBEDIENT)
    engines = EngineProcesses(1, command=command)
    api = Api(settings, engine=engines)
    start_s = time.monotonic()
    api.accepted("jenkins", {**JENKINS, "log": "sleep"})
    took_s = time.monotonic() - start_s
    (item,) = api.items()
    api.close()
    engines.close()

    assert took_s < 10
    assert item["root_cause"] == "The log could not be analysed."
    assert item["needs_more_context"] is True


@pytest.mark.slow
def test_application_ends_its_processes(settings: Settings) -> None:
    """After ``close`` nothing of it is left."""
    application = make_app(settings)
    assert application.engines is not None
    process = application.engines._idle.pop()  # noqa: SLF001
    application.engines._idle.append(process)  # noqa: SLF001
    pid = process._process.pid  # noqa: SLF001
    was = alive(pid)
    application.close()

    assert (was, alive(pid)) == (True, False)


# Answers in pieces, once with all that it should and once with less.
STUTTERING = """
import socket, sys, time
import msgspec
from exlogare_ci.analysis.model import Analysis
from exlogare_server.ingest.engine_child import ANSWER, REQUEST

server = socket.socket(fileno=0)
server.sendall(ANSWER.pack(True, 0))
while head := server.recv(REQUEST.size, socket.MSG_WAITALL):
    log = server.recv(REQUEST.unpack(head)[1], socket.MSG_WAITALL)
    found = Analysis(failed=True, root_cause=f"{len(log)}", explanation="x" * 300_000, fix_suggestion="x")
    answer = msgspec.msgpack.encode(found)
    for piece in (b"", ANSWER.pack(True, len(answer))[:2], ANSWER.pack(True, len(answer))[2:] + answer[:100]):
        server.sendall(piece)
        time.sleep(0.02)
    if log.endswith(b"half"):
        break
    server.sendall(answer[100:])
"""


def test_log_and_answer_come_in_pieces() -> None:
    """Larger than the socket takes at once, and an answer that ends in the middle is none."""
    engines = EngineProcesses(1, command=(sys.executable, "-c", STUTTERING))
    sizes_bytes = (1, 10 * 1024 * 1024)
    found = [engines(b"x" * size_bytes) for size_bytes in sizes_bytes]
    with pytest.raises(EngineCrashedError):
        engines(b"half")
    engines.close()

    assert [int(analysis.root_cause) for analysis in found] == list(sizes_bytes)
    assert [len(analysis.explanation) for analysis in found] == [300_000] * 2
