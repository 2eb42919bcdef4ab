"""Containment on systems where a process cannot be split off: a thread, and how it ends."""

import threading
import time

import pytest

from exlogare_ci.cli.contain import TimeLimitError, Unfinished, run_contained, time_limit


def test_work_that_ends_is_finished(capsys: pytest.CaptureFixture[str]) -> None:
    """Work that ends leaves nothing to say."""
    done: list[int] = []

    assert run_contained(lambda: done.append(1), 10, None) is None
    assert done == [1]
    assert capsys.readouterr().err == ""


def test_work_that_fails_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """What the work raises is printed as one line, and we come back."""

    def fail() -> None:
        raise ValueError("wrong")

    assert run_contained(fail, 10, None) is None
    printed = capsys.readouterr().err
    assert printed.startswith("exl: unexpected ValueError: wrong.")
    assert printed.count("\n") == 1


def test_work_that_hangs_is_left() -> None:
    """Work that takes too long is left to itself, and we are told that it still runs."""
    release = threading.Event()

    outcome = run_contained(lambda: release.wait(30), 0.05, None)

    release.set()
    assert outcome == Unfinished("it took more than 0 s", still_running=True)


def test_time_limit_stops_the_block() -> None:
    """A block in the main thread is stopped at its limit; one that is quick is not."""
    started = time.monotonic()
    with pytest.raises(TimeLimitError), time_limit(0.05):
        time.sleep(10)
    with time_limit(10):
        pass

    assert time.monotonic() - started < 5


def test_time_limit_in_another_thread_changes_nothing() -> None:
    """Signals cannot reach other threads, so that a block there runs to its end."""
    reached: list[bool] = []

    def work() -> None:
        with time_limit(0.01):
            time.sleep(0.05)
            reached.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert reached == [True]
