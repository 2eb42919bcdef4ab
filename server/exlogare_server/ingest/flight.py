"""Bounds what all requests together hold in memory: bytes, not threads."""

import queue
import threading
import time
from types import TracebackType

from exlogare_server import limits
from exlogare_server.errors import BusyError


class FlightBudget:
    """A number of bytes that all requests share.

    Args:
        bytes_max: how many may be held at once.
        wait_s_max: how long a request waits for others to give theirs back.
    """

    def __init__(self, bytes_max: int, wait_s_max: float = limits.IN_FLIGHT_WAIT_S_MAX) -> None:
        self.bytes_max = bytes_max
        self._wait_s_max = wait_s_max
        self._held_bytes = 0
        self._freed = threading.Condition()

    @property
    def held_bytes(self) -> int:
        """How many bytes are held now."""
        return self._held_bytes

    def lease(self) -> "Lease":
        """Begin to hold bytes; use it in a ``with`` statement."""
        return Lease(self)

    def take(self, count_bytes: int) -> None:
        """Hold more bytes, waiting for them if need be.

        Raises:
            BusyError: nobody gave any back in time.
        """
        deadline_s = time.monotonic() + self._wait_s_max
        with self._freed:
            while self._held_bytes + count_bytes > self.bytes_max:
                left_s = deadline_s - time.monotonic()
                if left_s <= 0 or not self._freed.wait(left_s):
                    raise BusyError("The server has its hands full; try again.", limits.RETRY_AFTER_S)
            self._held_bytes += count_bytes

    def give_back(self, count_bytes: int) -> None:
        """Hold fewer bytes."""
        with self._freed:
            self._held_bytes -= count_bytes
            self._freed.notify_all()


class Lease:
    """What one request holds. Grows in steps, so that the budget's lock is taken seldom."""

    def __init__(self, budget: FlightBudget) -> None:
        self._budget = budget
        self._bytes = 0

    def hold(self, count_bytes: int) -> None:
        """Hold at least this many bytes, or give back what is more.

        Raises:
            BusyError: there are none left.
        """
        wanted = -(-count_bytes // limits.IN_FLIGHT_STEP_BYTES) * limits.IN_FLIGHT_STEP_BYTES
        if wanted > self._bytes:
            self._budget.take(wanted - self._bytes)
        elif wanted < self._bytes:
            self._budget.give_back(self._bytes - wanted)
        self._bytes = wanted

    def __enter__(self) -> "Lease":  # noqa: PYI034 - typing.Self needs Python 3.11
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._budget.give_back(self._bytes)
        self._bytes = 0


class Slots:
    """A number of places at the engine; the other requests wait with nothing but their log in hand."""

    def __init__(self, count: int, wait_s_max: float = limits.ENGINE_WAIT_S_MAX) -> None:
        # A semaphore, made of what needs no Python to be waited for.
        self._places: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(count):
            self._places.put(None)
        self._wait_s_max = wait_s_max

    def __enter__(self) -> None:
        try:
            self._places.get(timeout=self._wait_s_max)
        except queue.Empty:
            raise BusyError("The server has its hands full; try again.", limits.RETRY_AFTER_S) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._places.put(None)
