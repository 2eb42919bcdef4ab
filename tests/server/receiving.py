"""A receiver on loopback: notes what arrives, and answers as it is told."""

import http.server
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec


class Arrived(msgspec.Struct, frozen=True):
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return msgspec.json.decode(self.body)


class ReceivingServer:
    """What arrived, and the status that the next request gets."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.answer: Callable[[Arrived], tuple[int, dict[str, str]]] = lambda _: (204, {})
        self.url = ""

    def wait_for(self, count: int, *, wait_s_max: float = 20.0) -> list[Arrived]:
        """Wait until so many requests have arrived."""
        deadline_s = time.monotonic() + wait_s_max
        while len(self.arrived) < count:
            assert time.monotonic() < deadline_s, f"{len(self.arrived)} of {count} arrived"
            time.sleep(0.01)
        return list(self.arrived)


@contextmanager
def receiving() -> Iterator[ReceivingServer]:
    """Run a receiver until the block ends."""
    known = ReceivingServer()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if len(body) < int(self.headers["Content-Length"]):
                return  # the sender was killed in the middle of it: nothing has arrived
            arrived = Arrived(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            status, headers = known.answer(arrived)
            known.arrived.append(arrived)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    known.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
