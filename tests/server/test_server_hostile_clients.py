"""Bytes that no client library would send, on a real socket to the real server."""

import json
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from exlogare_server import limits
from tests.server.processes import Server, prepare, running

pytestmark = pytest.mark.slow

BODY = json.dumps({"job": "app", "build_number": 1, "status": "FAILURE", "log": "boom\n"}).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server."""
    data = tmp_path_factory.mktemp("hostile") / "data"
    with running("granian", data, prepare(data)) as started:
        yield started


def head(server: Server, *lines: str) -> bytes:
    """The head of a post with a right credential and further lines."""
    fixed = [
        "POST /api/ingest/jenkins HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {server.token}",
        "Content-Type: application/json",
    ]
    return "\r\n".join([*fixed, *lines, "", ""]).encode()


def connect(server: Server) -> socket.socket:
    """Open a connection."""
    connection = socket.create_connection(server.address)
    connection.settimeout(20)
    return connection


def answer(connection: socket.socket) -> tuple[int, Any]:
    """Read one answer: its status, and its body decoded."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return 0, None
        received += piece
    top, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", top.lower())
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return int(top.split()[1]), json.loads(body) if body else None


def is_alive(server: Server) -> bool:
    """Whether the server takes a post still."""
    return server.post("jenkins", data=BODY, headers={"Content-Type": "application/json"}).status_code == 202


def test_endless_chunked_body_is_cut_off(server: Server) -> None:
    """The server stops reading a little behind the limit, answers 413 and closes."""
    chunk = b"x" * 65536
    framed = b"%x\r\n%s\r\n" % (len(chunk), chunk)
    sent_bytes = 0
    with connect(server) as connection:
        connection.sendall(head(server, "Transfer-Encoding: chunked"))
        try:
            while sent_bytes < 4 * limits.BODY_BYTES_MAX:
                connection.sendall(framed)
                sent_bytes += len(framed)
        except OSError:
            pass
        code, body = answer(connection)

    assert (code, body) == (413, {"detail": f"The body is over {limits.BODY_BYTES_MAX} bytes."})
    assert sent_bytes < limits.BODY_BYTES_MAX + 16 * limits.MIB
    assert is_alive(server)


def test_huge_declared_body_is_refused_unread(server: Server) -> None:
    """The answer comes before a byte of it was sent."""
    with connect(server) as connection:
        connection.sendall(head(server, f"Content-Length: {10**12}"))

        assert answer(connection)[0] == 413


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "9" * 30, ""])
def test_length_that_is_no_number_is_refused(server: Server, length: str) -> None:
    """By the web server, which answers 400 and closes."""
    with connect(server) as connection:
        connection.sendall(head(server, f"Content-Length: {length}") + BODY)

        assert answer(connection)[0] in (400, 413)
    assert is_alive(server)


def test_body_that_breaks_off_harms_nobody(server: Server) -> None:
    """A client that goes away in the middle, with a length or in chunks."""
    for line, sent in (("Content-Length: 1000", BODY), ("Transfer-Encoding: chunked", b"10\r\nabc")):
        with connect(server) as connection:
            connection.sendall(head(server, line) + sent)

    assert is_alive(server)


def test_body_that_is_shorter_than_declared_is_told(server: Server) -> None:
    """To a client that has closed its half of the connection."""
    with connect(server) as connection:
        connection.sendall(head(server, "Content-Length: 1000") + BODY)
        connection.shutdown(socket.SHUT_WR)

        assert answer(connection)[0] in (0, 400)
    assert is_alive(server)


@pytest.mark.parametrize(
    "framing",
    [
        pytest.param(b"zz\r\nabc\r\n0\r\n\r\n", id="no-hex"),
        pytest.param(b"3\r\nabcdef\r\n0\r\n\r\n", id="longer-than-said"),
        pytest.param(b"ffffffffffffffffff\r\nabc", id="size-overflows"),
        pytest.param(b"-3\r\nabc\r\n0\r\n\r\n", id="negative"),
    ],
)
def test_broken_chunks_harm_nobody(server: Server, framing: bytes) -> None:
    """Nothing of such a body is taken for a log."""
    with connect(server) as connection:
        connection.sendall(head(server, "Transfer-Encoding: chunked") + framing)
        connection.shutdown(socket.SHUT_WR)

        assert answer(connection)[0] in (0, 400)
    assert is_alive(server)


def test_length_and_chunks_together_smuggle_nothing(server: Server) -> None:
    """Both at once are either refused or read as chunks (RFC 9112, section 6.1); the rest is no second request."""
    hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with connect(server) as connection:
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
        connection.sendall(
            head(
                server,
                f"Content-Length: {len(chunked) + len(hidden)}",
                "Transfer-Encoding: chunked",
                "Connection: close",
            )
            + chunked
            + hidden
        )

        assert answer(connection)[0] in (400, 202)
        rest = connection.recv(65536)
    assert b"HTTP/1.1 200" not in rest


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"\x00\x01\x02\x03\r\n\r\n", id="bytes"),
        pytest.param(b"GET\r\n\r\n", id="half-a-line"),
        pytest.param(b"GET / HTTP/9.9\r\n\r\n", id="version"),
        pytest.param(b"GET / HTTP/1.1\r\nno colon\r\n\r\n", id="header"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 50, id="tls"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", id="http2"),
    ],
)
def test_other_protocols_harm_nobody(server: Server, request_bytes: bytes) -> None:
    """They are answered with a 4xx or an end of the connection."""
    with connect(server) as connection:
        connection.sendall(request_bytes)
        connection.shutdown(socket.SHUT_WR)
        code, _ = answer(connection)

    assert code == 0 or 400 <= code < 506
    assert is_alive(server)


def test_strange_request_lines_have_the_one_shape(server: Server) -> None:
    """Unknown methods, encoded paths and long queries reach the application and come back as 4xx."""
    for line in (b"FROB / HTTP/1.1", b"GET /%ff%00%2e%2e/ HTTP/1.1", b"GET /?" + b"a=%ff&" * 2000 + b" HTTP/1.1"):
        with connect(server) as connection:
            connection.sendall(line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
            code, body = answer(connection)
        assert 400 <= code < 500
        assert list(body) == ["detail"]


def test_many_headers_are_refused(server: Server) -> None:
    """Their count and size have an end."""
    with connect(server) as connection:
        try:
            for number in range(100_000):
                connection.sendall(b"GET / HTTP/1.1\r\n" if number == 0 else b"X-%d: %s\r\n" % (number, b"y" * 100))
        except OSError:
            pass
        code, _ = answer(connection)

    assert code in (0, 400, 431)
    assert is_alive(server)


def test_slow_clients_leave_room_for_others(server: Server) -> None:
    """While twenty clients have sent half a body and nothing more, others are served at once."""
    slow = [connect(server) for _ in range(20)]
    for connection in slow:
        connection.sendall(head(server, "Content-Length: 1000") + b"{")

    began_s = time.monotonic()
    assert is_alive(server)
    assert time.monotonic() - began_s < 5
    for connection in slow:
        connection.close()


def test_client_that_asks_first_is_answered_first(server: Server) -> None:
    """`Expect: 100-continue`: a right request is asked for its body, a refused one never is."""
    with connect(server) as connection:
        connection.sendall(head(server, f"Content-Length: {len(BODY)}", "Expect: 100-continue"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100")
        connection.sendall(BODY)
        assert answer(connection)[0] == 202
    with connect(server) as connection:
        refused = head(server, f"Content-Length: {10**9}", "Expect: 100-continue")
        connection.sendall(refused)
        assert answer(connection)[0] == 413
