"""Cuts off clients that send too slowly, or not at all: reading a body blocks a thread, and threads are few.

The web server limits the time for a request's head, but not for its body. On Linux the kernel knows of every
connection when bytes last went which way (``TCP_INFO``), so a thread can find the slow ones from outside.
Elsewhere this does nothing: there the server belongs behind a proxy that limits the time of bodies.
"""

import logging
import os
import socket
import stat
import struct
import sys
import threading
import time
from pathlib import Path

import msgspec

from exlogare_server import limits

_log = logging.getLogger("exlogare_server.stalled")

# struct tcp_info of linux/tcp.h: the state in byte 0, tcpi_last_data_sent (ms) at 44, tcpi_bytes_received at
# 128.
_INFO_BYTES = 136
_ESTABLISHED = 1
_LAST_SENT = struct.Struct("=I")
_RECEIVED = struct.Struct("=Q")
_LAST_SENT_OFFSET = 44
_RECEIVED_OFFSET = 128


class Traffic(msgspec.Struct, frozen=True):
    """What the kernel knows of a connection: bytes received so far, how long ago something was sent to it."""

    received_bytes: int
    last_sent_s: float


class _Window(msgspec.Struct):
    """When a connection began to be watched, and what it had received then."""

    began_s: float
    received_bytes: int


class StalledConnections:
    """Decides which connections are too slow; without any effect of its own.

    A connection is too slow when, over a whole window, nothing was sent to it (so no request was answered)
    and it delivered less than a minimum. Idle connections fall under it as well, which is what keep-alive
    limits are for.
    """

    def __init__(self) -> None:
        self._windows: dict[int, _Window] = {}

    def find(self, now_s: float, traffic: dict[int, Traffic], window_s: float) -> list[int]:
        """Find the connections to cut.

        Args:
            now_s: the present, on any steady clock.
            traffic: all connections, by a number that stays the same.
            window_s: how long a connection is given.

        Returns:
            Their numbers.
        """
        self._windows = {number: window for number, window in self._windows.items() if number in traffic}
        slow = []
        for number, seen in traffic.items():
            window = self._windows.get(number)
            if window is None or seen.last_sent_s <= now_s - window.began_s:
                self._windows[number] = _Window(now_s, seen.received_bytes)
            elif now_s - window.began_s >= window_s:
                received_bytes = seen.received_bytes - window.received_bytes
                if received_bytes < limits.STALLED_BYTES_MIN * window_s / limits.STALLED_WINDOW_S:
                    slow.append(number)
                self._windows[number] = _Window(now_s, seen.received_bytes)
        return slow


class Watch:
    """The thread that looks at the connections of one port.

    Args:
        port: the port that the server listens on.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._decide = StalledConnections()
        self.window_s = limits.STALLED_WINDOW_S

    def start(self) -> None:
        """Begin, where the system can tell; the thread ends with the process."""
        if sys.platform == "linux":
            threading.Thread(target=self._loop, name="exlogare-stalled", daemon=True).start()

    def _loop(self) -> None:
        while True:
            time.sleep(min(limits.STALLED_SCAN_S, self.window_s / 2))
            try:
                self.scan(time.monotonic())
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever a socket does
                _log.error("watch failed", extra={"error": type(error).__name__})

    def scan(self, now_s: float) -> None:
        """Look at all connections once, and cut the slow ones."""
        sockets = _connections(self._port)
        try:
            traffic = {number: _traffic(connection) for number, connection in sockets.items()}
            for number in self._decide.find(now_s, traffic, self.window_s):
                _log.info("cut a stalled connection")
                sockets[number].shutdown(socket.SHUT_RDWR)
        finally:
            for connection in sockets.values():
                connection.close()


def _connections(port: int) -> dict[int, socket.socket]:
    """Find this process's connections to a port: copies of their handles, by inode."""
    found: dict[int, socket.socket] = {}
    for entry in Path("/proc/self/fd").iterdir():
        try:
            handle = os.dup(int(entry.name))
        except OSError:  # closed meanwhile
            continue
        inode = os.fstat(handle).st_ino
        # A number in the listing may by now be one of our own copies.
        connection = None if inode in found else _connection(handle, port)
        if connection is None:
            os.close(handle)
        else:
            found[inode] = connection
    return found


def _connection(handle: int, port: int) -> socket.socket | None:
    """Take a handle if it is an established connection to the port, else leave it to the caller."""
    if not stat.S_ISSOCK(os.fstat(handle).st_mode):
        return None
    connection = socket.socket(fileno=handle)
    try:
        if (
            connection.family in (socket.AF_INET, socket.AF_INET6)
            and connection.type == socket.SOCK_STREAM
            and connection.getsockname()[1] == port
            and _info(connection)[0] == _ESTABLISHED
        ):
            return connection
    except OSError:  # broken meanwhile
        pass
    connection.detach()
    return None


def _info(connection: socket.socket) -> bytes:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)


def _traffic(connection: socket.socket) -> Traffic:
    info = _info(connection)
    return Traffic(
        received_bytes=_RECEIVED.unpack_from(info, _RECEIVED_OFFSET)[0],
        last_sent_s=_LAST_SENT.unpack_from(info, _LAST_SENT_OFFSET)[0] / 1000,
    )
