"""Runs the application on granian, in one process that one kill ends and one signal stops gracefully.

Granian usually runs workers in child processes; one that is killed hard would leave its child behind, still
serving. Its thread worker, made for Python without the GIL, works with the GIL as well, because a pool of
Python threads runs the requests either way; so that worker is used, in this process. See
``docs/adr/0010-one-process.md``.
"""

import gc
import http.client
import logging
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import msgspec
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import MTServer
from granian.server.common import AbstractServer

from exlogare_server import limits, logs
from exlogare_server.errors import SettingsError
from exlogare_server.settings import Settings
from exlogare_server.stalled import Watch

_log = logging.getLogger("exlogare_server.serve")


class Address(msgspec.Struct, frozen=True):
    """Where to listen: the host as given, the numeric address it stands for, the port (0 picks one)."""

    host: str
    numeric: str
    port: int

    @property
    def url(self) -> str:
        """The base URL, for people."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"


def parse_listen(text: str) -> Address:
    """Read ``HOST:PORT``, also ``[::1]:8080`` and ``localhost:0``.

    Raises:
        SettingsError: it is of another form, or the host is not known.
    """
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (colon and host and port.isascii() and port.isdigit() and int(port[:6]) <= 65535):  # noqa: PLR2004
        raise SettingsError(f"--listen must be HOST:PORT with a port from 0 to 65535, not {text!r}.")
    try:
        found = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise SettingsError(f"--listen: the host {host!r} is not known here.") from None
    return Address(host, str(found[0][4][0]), int(port))


class _WakingEvent(threading.Event):
    """An event whose waiting thread looks up now and then.

    Python runs the handler of a signal on the main thread between two steps of it. A signal that comes just as
    that thread goes to wait is only noticed when the wait ends: with a wait for ever, a server that is told
    to stop right after its start would go on.
    """

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set; without a time-out by short waits."""
        if timeout is not None:
            return super().wait(timeout)
        while not super().wait(limits.SIGNAL_SCAN_S):
            pass
        return True


class _InProcessServer(MTServer):
    """Granian's thread worker, with the GIL."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.main_loop_interrupt = _WakingEvent()

    def _check_gil(self) -> None:
        """Accept the GIL: see the module's first lines."""

    def serve(self, *arguments: Any, **options: Any) -> None:
        """Serve, without the warning that is meant for other uses of this class."""
        AbstractServer.serve(self, *arguments, **options)


def run(
    application: Callable[[dict[str, Any], Any], Any],
    settings: Settings,
    listen: Address,
    say: Callable[[str], None],
) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests that were taken.

    Args:
        application: the WSGI callable.
        settings: for the number of threads.
        listen: where.
        say: is given the line with ``listening on`` once the server really answers.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    _no_core_dumps()
    # Granian shares its port (SO_REUSEPORT), so two servers on one port would both start. Holding the port
    # without listening finds that out, and finds a free port for 0.
    with _held_port(listen) as holder:
        listen = Address(listen.host, listen.numeric, holder.getsockname()[1])
        watch = Watch(listen.port)
        server = _InProcessServer(
            "exlogare_server",
            address=listen.numeric,
            port=listen.port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            blocking_threads=settings.threads,
            backpressure=limits.CONNECTIONS_MAX,
            http1_settings=HTTP1Settings(header_read_timeout=limits.HEADER_READ_MS_MAX),
            log_enabled=False,
        )

        # Not earlier: granian's constructor configures logging, which closes all handlers that are there.
        logs.set_up()

        @server.on_startup
        def started() -> None:
            _stop_within_bounds(watch)
            # Modules and tables, a hundred thousand objects, stay: to look through them for garbage again and again
            # holds up every request.
            gc.freeze()
            watch.start()
            threading.Thread(target=_announce, args=(listen, say), name="exlogare-ready", daemon=True).start()

        server.serve(target_loader=lambda: application, wrap_loader=False)


def _held_port(listen: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in listen.numeric else socket.AF_INET
    holder = socket.socket(family, socket.SOCK_STREAM)
    try:
        if listen.port:
            # Refused while anyone listens there, whether sharing or not.
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((listen.numeric, listen.port))
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind((listen.numeric, listen.port))
    except OSError as error:
        holder.close()
        raise SettingsError(f"Cannot listen on {listen.host}:{listen.port}: {error.strerror}.") from None
    return holder


def _announce(listen: Address, say: Callable[[str], None]) -> None:
    """Wait until the server answers, then say so."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listen.numeric, listen.numeric)  # noqa: S104 - compared only
    while True:
        connection = http.client.HTTPConnection(host, listen.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.client.OK:
                say(f"listening on {listen.url}")
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.02)


def _stop_within_bounds(watch: Watch) -> None:
    """Make the stop that granian does on a signal end in time, even with clients that do not let go."""
    for number in (signal.SIGTERM, signal.SIGINT):
        graceful = signal.getsignal(number)

        def stop(received: int, frame: FrameType | None, graceful: Any = graceful) -> None:
            watch.window_s = limits.STALLED_WINDOW_STOPPING_S
            deadline = threading.Timer(limits.SHUTDOWN_S_MAX, _give_up)
            deadline.daemon = True
            deadline.start()
            graceful(received, frame)

        signal.signal(number, stop)


def _give_up() -> None:
    """End now: what was answered is durable, what was not will be sent again."""
    _log.error("requests were still running at the end of the grace period; ended them")
    logging.shutdown()  # writes what waits, for a moment at most
    os._exit(1)


def _no_core_dumps() -> None:
    """Keep logs out of core files, should native code crash.

    A limit of one byte, not of none: the kernel ignores 0 when cores go to a program (systemd-coredump,
    apport), and takes 1 as its own mark to write nothing at all (fs/coredump.c).
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (1 if hard else 0, hard))
