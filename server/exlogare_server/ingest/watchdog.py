"""Bounds the time of one analysis: a log that the engine does not finish must not hold a request for ever.

A thread cannot be ended from outside. So analyses run on threads of their own; one that takes too long is left
behind, and its request is answered without it. How many may be left behind at the same time is bounded: each
keeps a core busy and its log in memory.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any

from exlogare_ci.analysis.model import Analysis
from exlogare_server import limits
from exlogare_server.errors import BusyError


class EngineTooSlowError(Exception):
    """The engine did not finish in time."""


class Watchdog:
    """An engine whose calls come to an end.

    Args:
        engine: finds the root cause in a raw log; safe to call from several threads at once.
        s_max: how long one analysis may take; ``ENGINE_S_MAX`` by default.
        stuck_max: how many may go on behind our back.
    """

    def __init__(
        self,
        engine: Callable[..., Analysis],
        *,
        s_max: float | None = None,
        stuck_max: int = limits.ENGINE_STUCK_MAX,
    ) -> None:
        self._engine = engine
        self._s_max = limits.ENGINE_S_MAX if s_max is None else s_max
        self._stuck_max = stuck_max
        self._lock = threading.Lock()
        # Kept, because the engine prepares something for each thread that calls it.
        self._idle: list[_Runner] = []
        self._stuck = 0

    def __call__(self, log: bytes, *, known_failed: bool | None = None) -> Analysis:
        """Analyse a log.

        Raises:
            EngineTooSlowError: it took too long.
            BusyError: too many are going on behind our back.
        """
        with self._lock:
            if self._stuck >= self._stuck_max:
                raise BusyError("The server has its hands full; try again.", limits.RETRY_AFTER_S)
            runner = self._idle.pop() if self._idle else _Runner()
        future = runner.run(lambda: self._engine(log, known_failed=known_failed))
        try:
            return future.result(self._s_max)
        except FutureTimeoutError:
            if future.done():  # the engine's own time-out
                raise
            with self._lock:
                self._stuck += 1
            future.add_done_callback(lambda _: self._came_back())
            raise EngineTooSlowError from None
        finally:
            if future.done():
                with self._lock:
                    self._idle.append(runner)
            else:
                runner.end()

    def _came_back(self) -> None:
        with self._lock:
            self._stuck -= 1


class _Runner:
    """A thread that runs one thing after the other."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = queue.SimpleQueue()
        threading.Thread(target=self._loop, name="exlogare-engine", daemon=True).start()

    def run(self, work: Callable[[], Analysis]) -> "Future[Analysis]":
        """Begin something."""
        future: Future[Analysis] = Future()
        self._jobs.put((work, future))
        return future

    def end(self) -> None:
        """End the thread after what it is at."""
        self._jobs.put(None)

    def _loop(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, future = job
            # Nothing of a job, which holds a log, may outlive it here.
            del job
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits
                del work
                future.set_exception(error)
            else:
                del work
                future.set_result(result)
                del result
            del future
