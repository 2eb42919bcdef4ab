"""Everything that can be wrong between a job and the server, each as a real server, proxy or name on loopback."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, NamedTuple

from tests.client.scripted_server import ScriptedServer, Step, accept, answer, drip, free_port, hang

ELSEWHERE: Final = "exlogare.invalid"
"""A name that no resolver knows (RFC 2606)."""


class Place(NamedTuple):
    """Where a fault is met.

    Attributes:
        env: the variables that lead there.
        leaked: tells, after the run, whether the token came to where it must not.
    """

    env: dict[str, str]
    leaked: Callable[[str], bool] = lambda _token: False


class Fault(NamedTuple):
    """One fault.

    Attributes:
        title: for the table.
        open: makes it, with the server's certificate, whose authority is a private one.
        code: of ``exl ingest --strict``.
        words: a part of the line that says it; empty where nothing is said.
    """

    title: str
    open: Callable[[Path], AbstractContextManager[Place]]
    code: int
    words: str


def _over_tls(*script: Step) -> Callable[[Path], AbstractContextManager[Place]]:
    """A server that speaks TLS, by a certificate of a private authority that the job is told to trust."""

    @contextlib.contextmanager
    def opened(certificate: Path) -> Iterator[Place]:
        with ScriptedServer(*script, certificate=certificate).running() as server:
            yield Place({"EXLOGARE_URL": server.url, "EXLOGARE_CA_BUNDLE": str(certificate)})

    return opened


@contextlib.contextmanager
def _redirected(certificate: Path) -> Iterator[Place]:
    """A server that points to another one, which listens."""
    with ScriptedServer(accept()).running() as other:
        step = answer(307, Location=f"{other.url}/api/ingest/log")
        with ScriptedServer(step, certificate=certificate).running() as server:
            env = {"EXLOGARE_URL": server.url, "EXLOGARE_CA_BUNDLE": str(certificate)}
            yield Place(env, lambda _token: bool(other.asked))


@contextlib.contextmanager
def _untrusted(certificate: Path) -> Iterator[Place]:
    """A server whose certificate nobody was told to trust."""
    with ScriptedServer(accept(), certificate=certificate).running() as server:
        yield Place({"EXLOGARE_URL": server.url}, lambda _token: bool(server.asked))


@contextlib.contextmanager
def _nobody(_certificate: Path) -> Iterator[Place]:
    yield Place({"EXLOGARE_URL": f"http://127.0.0.1:{free_port()}"})


@contextlib.contextmanager
def _no_name(_certificate: Path) -> Iterator[Place]:
    yield Place({"EXLOGARE_URL": f"https://{ELSEWHERE}"})


class _RawServer:
    """Takes connections and does one thing with each."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._serve = serve
        self.port: int = self._socket.getsockname()[1]

    @contextlib.contextmanager
    def running(self) -> Iterator["_RawServer"]:
        thread = threading.Thread(target=self._accept, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection, contextlib.suppress(OSError):
                    self._serve(connection)


@contextlib.contextmanager
def _reset(_certificate: Path) -> Iterator[Place]:
    """A server that breaks the connection when it has read a part of the body."""

    def serve(connection: socket.socket) -> None:
        connection.settimeout(5)
        read_bytes = 0
        while read_bytes < 20_000:
            data = connection.recv(4096)
            if not data:
                return
            if data.startswith(b"OPTIONS "):
                connection.sendall(b"HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n")
            read_bytes += len(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with _RawServer(serve).running() as server:
        yield Place({"EXLOGARE_URL": f"http://127.0.0.1:{server.port}"})


@contextlib.contextmanager
def _proxy(_certificate: Path) -> Iterator[Place]:
    """A proxy that wants a password."""
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        connection.settimeout(5)
        seen.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with _RawServer(serve).running() as proxy:
        env = {"EXLOGARE_URL": f"https://{ELSEWHERE}", "HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}"}
        yield Place(env, lambda token: any(token.encode() in data for data in seen))


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("429 with a Retry-After of an hour", _over_tls(answer(429, Retry_After="3600")), 6, "asks to wait 3600 s"),
    Fault("500 twice, then 202", _over_tls(answer(500), answer(500), accept()), 0, ""),
    Fault("connection reset in the middle of the body", _reset, 6, "cannot be reached"),
    Fault("an answer that drips byte by byte", _over_tls(drip(0.05)), 6, "did not answer"),
    Fault("an open connection and no answer", _over_tls(hang(60)), 6, "did not answer"),
    Fault("redirect to another host", _redirected, 5, "redirects to"),
    Fault("an HTML page with 200", _over_tls(answer(200, b"<html>Log in</html>")), 6, "not as an Exlogare server does"),
    Fault("413, also to half of the log", _over_tls(answer(413)), 5, "answered 413"),
    Fault("401: a token that is no good", _over_tls(answer(401, {"detail": "Invalid token"})), 5, "answered 401"),
    Fault("a certificate of an unknown authority", _untrusted, 6, "cannot be verified"),
    Fault("a proxy that answers 407", _proxy, 6, "wants a user name and a password"),
    Fault("a name that does not resolve", _no_name, 6, "cannot be reached"),
    Fault("nobody listens", _nobody, 6, "Connection refused"),
)
"""Each with what comes of it."""
