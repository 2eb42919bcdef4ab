"""The bound on memory, and the places at the engine."""

import threading
import time

import pytest

from exlogare_server import limits
from exlogare_server.errors import BusyError
from exlogare_server.ingest.flight import FlightBudget, Slots

MIB = limits.MIB


def test_lease_grows_in_steps_and_shrinks() -> None:
    """What is held follows what is asked for, rounded up to a step."""
    budget = FlightBudget(8 * MIB)

    with budget.lease() as lease:
        seen = []
        for wanted in (1, MIB, MIB + 1, 3 * MIB, 100, 0):
            lease.hold(wanted)
            seen.append(budget.held_bytes // MIB)

    assert seen == [1, 1, 2, 3, 1, 0]


def test_lease_gives_everything_back() -> None:
    """Also when the request ends with an error."""
    budget = FlightBudget(8 * MIB, wait_s_max=0.01)

    def request() -> None:
        with budget.lease() as lease:
            lease.hold(5 * MIB)
            lease.hold(9 * MIB)

    with pytest.raises(BusyError):
        request()
    assert budget.held_bytes == 0


def test_request_without_room_is_told_to_come_back() -> None:
    """When nobody gives anything back, waiting ends."""
    budget = FlightBudget(2 * MIB, wait_s_max=0.01)

    with budget.lease() as first, budget.lease() as second:
        first.hold(2 * MIB)
        with pytest.raises(BusyError) as caught:
            second.hold(1)
        assert budget.held_bytes == 2 * MIB

    assert caught.value.retry_after_s == limits.RETRY_AFTER_S
    assert budget.held_bytes == 0


def test_request_waits_for_room() -> None:
    """A request that ends lets the next one in."""
    budget = FlightBudget(2 * MIB, wait_s_max=5)
    first = budget.lease()
    first.hold(2 * MIB)
    timer = threading.Timer(0.05, lambda: first.hold(0))
    timer.start()

    with budget.lease() as second:
        second.hold(2 * MIB)
        assert budget.held_bytes == 2 * MIB
    timer.join()


def test_many_requests_never_hold_more() -> None:
    """Sixteen threads that take and give stay under the bound, and all come through."""
    budget = FlightBudget(4 * MIB, wait_s_max=10)
    peaks = []

    def work() -> None:
        for _ in range(20):
            with budget.lease() as lease:
                lease.hold(2 * MIB)
                peaks.append(budget.held_bytes)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(peaks) == 320
    assert max(peaks) <= 4 * MIB
    assert budget.held_bytes == 0


def test_engine_has_so_many_places() -> None:
    """The one over them waits for a while, then comes back later."""
    slots = Slots(1, wait_s_max=0.01)

    with slots:
        began_s = time.monotonic()
        with pytest.raises(BusyError), slots:
            pass
        assert time.monotonic() - began_s < 1
    with slots:
        pass


def test_waits_together_are_shorter_than_the_stall_limit() -> None:
    """A request that is being served never looks like a stalled one."""
    waits_s = limits.IN_FLIGHT_WAIT_S_MAX + limits.ENGINE_WAIT_S_MAX + limits.ENGINE_S_MAX + limits.COMMIT_WAIT_S_MAX

    assert waits_s < limits.STALLED_WINDOW_S
