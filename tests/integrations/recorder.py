"""A loopback server that answers every upload in the same way and keeps what arrived."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

ANALYSIS_ID = "0b8f7a52-6c1e-4d0e-9c39-5e5d3f1f8a11"


class Arrived(msgspec.Struct, frozen=True):
    """One request as it arrived.

    Attributes:
        method: the HTTP method.
        path: the path with its query.
        authorization: the header of that name, empty when there was none.
        body: the decoded JSON body; ``None`` when there was none.
    """

    method: str
    path: str
    authorization: str
    body: Any


class Recorder:
    """What a recording server has seen.

    Attributes:
        url: where it listens.
        arrived: every request, in order.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.arrived: list[Arrived] = []

    def only_upload(self) -> Arrived:
        """The one upload that is expected.

        Raises:
            AssertionError: there was none, or more than one.
        """
        uploads = [request for request in self.arrived if request.method == "POST"]
        assert len(uploads) == 1, f"expected one upload, got {self.arrived}"
        return uploads[0]


@contextmanager
def recording(status: int = 202) -> Iterator[Recorder]:
    """Serve on a free loopback port until the block ends.

    Args:
        status: what an upload is answered with; 202 accepts it. Anything else that is asked for is a 404.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
                raw = b""
                while size := int(self.rfile.readline(), 16):
                    raw += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if self.headers.get("Content-Encoding") == "gzip":
                raw = gzip.decompress(raw)
            self._keep(json.loads(raw))
            accepted = {"status": "accepted", "analysis_id": ANALYSIS_ID}
            self._answer(status, accepted if status == 202 else {"detail": "Refused by the test's server."})

        def do_GET(self) -> None:
            self._keep(None)
            self._answer(404, {"detail": "Not found"})

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

        def _keep(self, body: Any) -> None:
            authorization = self.headers.get("Authorization", "")
            recorder.arrived.append(Arrived(self.command, self.path, authorization, body))

        def _answer(self, code: int, body: dict[str, str]) -> None:
            content = json.dumps(body).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        recorder = Recorder(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield recorder
        finally:
            server.shutdown()
            thread.join()
