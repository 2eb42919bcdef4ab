"""Which connections are cut off."""

import socket
import sys
import threading
import time

import pytest

from exlogare_server import limits
from exlogare_server.stalled import StalledConnections, Traffic, Watch

WINDOW_S = limits.STALLED_WINDOW_S


def cut_at(history: list[tuple[float, int, float]]) -> list[float]:
    """The times at which a connection is cut, from (now, bytes received, seconds since something was sent)."""
    stalled = StalledConnections()
    return [
        now_s
        for now_s, received_bytes, last_sent_s in history
        if stalled.find(now_s, {1: Traffic(received_bytes, last_sent_s)}, WINDOW_S)
    ]


def test_silent_client_is_cut_after_a_window() -> None:
    """It sent a beginning, and nothing since."""
    assert cut_at([(t, 500, 1000.0 + t) for t in range(0, 70, 2)]) == [60]


def test_dripping_client_is_cut_after_a_window() -> None:
    """A byte now and then is as good as nothing."""
    assert cut_at([(t, 500 + t, 1000.0 + t) for t in range(0, 70, 2)]) == [60]


def test_slow_but_steady_client_may_go_on() -> None:
    """A little over the minimum rate is enough, for ever."""
    rate = limits.STALLED_BYTES_MIN / WINDOW_S * 1.1
    assert cut_at([(t, round(t * rate), 1000.0 + t) for t in range(0, 600, 2)]) == []


def test_client_that_gets_answers_may_go_on() -> None:
    """Small requests now and then are no upload."""
    assert cut_at([(t, t * 10, t % 30) for t in range(0, 600, 2)]) == []


def test_idle_connection_is_cut_after_its_last_answer() -> None:
    """The window begins anew with every answer."""
    assert cut_at([(t, 500, max(0, t - 40) if t >= 40 else t) for t in range(0, 120, 2)]) == [102]


def test_numbers_of_ended_connections_are_forgotten() -> None:
    """The next connection with the same number starts with a window of its own."""
    stalled = StalledConnections()
    stalled.find(0, {1: Traffic(0, 1000)}, WINDOW_S)
    stalled.find(30, {}, WINDOW_S)

    assert stalled.find(70, {1: Traffic(0, 1000)}, WINDOW_S) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells about connections")
def test_real_connection_is_cut() -> None:
    """A client that sends nothing sees the end of its connection; one that listens elsewhere does not."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_server(("127.0.0.1", 0)) as elsewhere:
        watch = Watch(listener.getsockname()[1])
        watch.window_s = 0.05
        clients = [socket.create_connection(server.getsockname()) for server in (listener, elsewhere)]
        accepted = [server.accept()[0] for server in (listener, elsewhere)]
        before = threading.active_count()
        time.sleep(0.05)  # the kernel's clock is coarse: the connection must be older than the window

        watch.scan(time.monotonic())
        time.sleep(0.1)
        watch.scan(time.monotonic())

        for connection in clients:
            connection.settimeout(0.2)
        assert clients[0].recv(1) == b""
        with pytest.raises(TimeoutError):
            clients[1].recv(1)
        assert threading.active_count() == before
        for connection in (*clients, *accepted):
            connection.close()
