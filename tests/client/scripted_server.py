"""A real HTTP server on loopback that does what a test tells it, and remembers what it was asked."""

import contextlib
import gzip
import http.server
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

ACCEPTED = b'{"status":"accepted","analysis_id":"3fa85f64-5717-4562-b3fc-2c963f66afa6"}'


class Asked(msgspec.Struct, frozen=True):
    """A request as it came in.

    Attributes:
        method: GET or POST.
        path: with the query.
        headers: names in lower case.
        body: content encoding undone.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Give the decoded body."""
        return json.loads(self.body)


class Handler(http.server.BaseHTTPRequestHandler):
    """Takes the next step of the server's script for each request."""

    server: "_Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        self._serve()

    def do_POST(self) -> None:
        """Answer."""
        self._serve()

    def do_OPTIONS(self) -> None:
        """Announce gzip, where the test wants it, and otherwise know nothing of such a request."""
        self.server.owner.announced_to.append({name.lower(): value for name, value in self.headers.items()})
        headers = {"Accept-Encoding": "br, gzip"} if self.server.owner.takes_gzip else {}
        self.answer(200 if headers else 405, headers=headers)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer and close."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def _serve(self) -> None:
        owner = self.server.owner
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        names = {name.lower(): value for name, value in self.headers.items()}
        with owner.lock:
            owner.asked.append(Asked(self.command, self.path, names, body))
            step = owner.script.pop(0) if len(owner.script) > 1 else owner.script[0]
        with contextlib.suppress(OSError):  # the client may have gone
            step(self)


Step = Callable[[Handler], None]


def answer(status: int, body: bytes | Mapping[str, object] = b"", **headers: str) -> Step:
    """Answer with a status, a body (JSON from a mapping) and headers (``_`` stands for ``-``)."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.answer(status, content, fields)


def accept() -> Step:
    """Answer as the server does to a good ingest."""
    return answer(202, ACCEPTED)


def reset(handler: Handler) -> None:
    """Break the connection as a crashed server does."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.shutdown(socket.SHUT_RD)
    handler.rfile.close()
    handler.wfile.close()
    handler.connection.close()
    handler.close_connection = True


def hang(seconds: float) -> Step:
    """Answer nothing for a time, then go."""

    def step(handler: Handler) -> None:
        handler.server.owner.stopped.wait(seconds)
        handler.close_connection = True

    return step


def drip(seconds_between: float, total_bytes: int = 10_000) -> Step:
    """Announce a body and send it byte by byte, so that no single read times out."""

    def step(handler: Handler) -> None:
        handler.send_response(202)
        handler.send_header("Content-Length", str(total_bytes))
        handler.end_headers()
        for _ in range(total_bytes):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            if handler.server.owner.stopped.wait(seconds_between):
                break
        handler.close_connection = True

    return step


class _Server(http.server.ThreadingHTTPServer):
    owner: "ScriptedServer"
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: broken connections are the subject of tests."""


class ScriptedServer:
    """Serves one script.

    Args:
        script: a step a request; the last one is repeated.
        certificate: a PEM file with certificate and key, for TLS.
        takes_gzip: whether it announces that it takes compressed bodies.
    """

    def __init__(self, *script: Step, certificate: Path | None = None, takes_gzip: bool = False) -> None:
        self.script = list(script)
        self.takes_gzip = takes_gzip
        self.asked: list[Asked] = []
        self.announced_to: list[dict[str, str]] = []
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.owner = self
        scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            scheme = "https"
        self.port = self._server.server_address[1]
        self.url = f"{scheme}://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def running(self) -> Iterator["ScriptedServer"]:
        """Serve until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stopped.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()


class FakeTime:
    """A clock that only moves when somebody sleeps on it."""

    def __init__(self) -> None:
        self.now_s = 1_000.0
        self.slept_s: list[float] = []

    def clock(self) -> float:
        """Give the time."""
        return self.now_s

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.slept_s.append(seconds)
        self.now_s += seconds


def free_port() -> int:
    """Give a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
