"""A stand-in for the API that a CI service gives its logs by: fixed answers, and what was asked with which token."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class LogApi:
    """What a stand-in has seen.

    Attributes:
        url: where it listens.
        asked: each request's path and its credentials, of whichever header holds them.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[tuple[str, str]] = []


@contextmanager
def answering(answers: Mapping[str, Any]) -> Iterator[LogApi]:
    """Serve on a free loopback port until the block ends.

    Args:
        answers: pattern of a path with its query to JSON document, or to text; what matches none is not found.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            credentials = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
            api.asked.append((self.path, credentials))
            answer = next((answer for path, answer in answers.items() if re.fullmatch(path, self.path)), None)
            body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(404 if answer is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api = LogApi(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()
