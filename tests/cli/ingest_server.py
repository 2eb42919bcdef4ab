"""A server on loopback that takes ingests, or answers whatever a test wants."""

import gzip
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

ANALYSIS_ID = "6f1c0c1e-5d0a-4a53-9a39-3d1f6f0a2b11"


class Received(NamedTuple):
    """A request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: Any


class IngestServer(ThreadingHTTPServer):
    """Answers every POST in the same way and keeps what it was sent."""

    def __init__(self, status: int, answer: object) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.answer = json.dumps(answer).encode()
        self.received: list[Received] = []

    @property
    def url(self) -> str:
        """The server's root."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: IngestServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Keep the request and answer."""
        body = self._chunked() if self.headers.get("Transfer-Encoding") else self._counted()
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.received.append(Received(self.path, dict(self.headers), json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""

    def _counted(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _chunked(self) -> bytes:
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)


@contextmanager
def ingest_server(status: int = 202, answer: object = None) -> Iterator[IngestServer]:
    """Run the server for the time of a test."""
    accepted = {"status": "accepted", "analysis_id": ANALYSIS_ID}
    with IngestServer(status, accepted if answer is None else answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
