"""Analyses that take too long are left behind."""

import threading
import time
from typing import Any

import pytest

from exlogare_ci.analysis.model import Analysis
from exlogare_server.errors import BusyError
from exlogare_server.ingest.watchdog import EngineTooSlowError, Watchdog
from exlogare_server.settings import Settings
from tests.server.harness import JENKINS, Api, first_line_engine


def test_result_and_error_are_the_engines() -> None:
    """On a thread that is kept for the next one."""
    threads: list[str] = []

    def engine(log: bytes, *, known_failed: bool | None = None) -> Analysis:
        threads.append(str(threading.get_ident()))
        if log == b"bad":
            raise ValueError("no")
        return first_line_engine(log, known_failed=known_failed)

    watchdog = Watchdog(engine, s_max=5)

    assert watchdog(b"a\n").root_cause == "a"
    with pytest.raises(ValueError, match="no"):
        watchdog(b"bad")
    assert watchdog(b"b\n").root_cause == "b"
    assert len(set(threads)) == 1


def test_slow_one_is_left_behind_and_too_many_are_refused() -> None:
    """Until one of them comes back."""
    gates = [threading.Event() for _ in range(2)]

    def engine(log: bytes, **_: Any) -> Analysis:
        if log.startswith(b"slow"):
            assert gates[int(log[4:])].wait(5)
        return first_line_engine(log)

    watchdog = Watchdog(engine, s_max=0.05, stuck_max=2)
    for log in (b"slow0", b"slow1"):
        with pytest.raises(EngineTooSlowError):
            watchdog(log)
    with pytest.raises(BusyError):
        watchdog(b"quick")
    gates[0].set()
    deadline_s = time.monotonic() + 5
    while watchdog._stuck == 2 and time.monotonic() < deadline_s:  # noqa: SLF001 - nobody else is told
        time.sleep(0.001)

    assert watchdog(b"quick\n").root_cause == "quick"
    gates[1].set()


def test_post_of_such_a_log_is_kept_and_says_so(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request is answered in time; the analysis says that there is none."""
    monkeypatch.setattr("exlogare_server.limits.ENGINE_S_MAX", 0.05)
    gate = threading.Event()

    def engine(log: bytes, **_: Any) -> Analysis:
        assert not log or gate.wait(5)
        return first_line_engine(log)

    api = Api(settings, engine=engine)
    api.accepted("jenkins", JENKINS)
    gate.set()
    (item,) = api.items()
    api.close()

    assert item["root_cause"] == "The log could not be analysed."
    assert item["needs_more_context"] is True
