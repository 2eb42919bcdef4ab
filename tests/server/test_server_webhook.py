"""One webhook on its way: what arrives, and what ends an attempt."""

import hashlib
import hmac
import socket
import ssl
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from exlogare_server import limits
from exlogare_server.notify import webhook
from exlogare_server.notify.addresses import Policy
from exlogare_server.store.outbox import Attempt
from tests.server.harness import NOON
from tests.server.receiving import ReceivingServer, receiving

DEV = Policy(dev=True)


@pytest.fixture
def receiver() -> Iterator[ReceivingServer]:
    """A receiver on loopback."""
    with receiving() as known:
        yield known


def send(url: str, *, policy: Policy = DEV) -> Attempt:
    """Send a body."""
    return webhook.send(url, "whsec_x", "evt_1", b'{"a":1}', policy=policy, now=NOON)


def test_what_arrives_is_signed(receiver: ReceivingServer) -> None:
    """The headers of the contract; the signature is over the time, a dot and the body."""
    assert send(f"{receiver.url}/hook?x=1") == Attempt(204, None)

    (arrived,) = receiver.arrived
    unix_s = int(NOON.timestamp())
    digest = hmac.new(b"whsec_x", f"{unix_s}.".encode() + arrived.body, hashlib.sha256).hexdigest()
    assert (arrived.path, arrived.body) == ("/hook?x=1", b'{"a":1}')
    assert {name: arrived.headers[name] for name in arrived.headers if name.startswith(("x-", "content-", "host"))} == {
        "content-length": "7",
        "content-type": "application/json",
        "host": receiver.url.removeprefix("http://"),
        "x-exlogare-event": "analysis.completed",
        "x-exlogare-delivery": "evt_1",
        "x-exlogare-signature": f"t={unix_s},v1={digest}",
    }


def test_body_is_the_contracts() -> None:
    """Type, id, time, tenant, analysis."""
    body = webhook.body_of("evt_1", uuid.UUID(int=1), {"id": "x"}, NOON)

    assert body.decode() == (
        '{"type":"analysis.completed","id":"evt_1","delivered_at":"2026-11-23T12:00:00.250000+00:00",'
        '"tenant_id":"00000000-0000-0000-0000-000000000001","analysis":{"id":"x"}}'
    )


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, None),
        (299, None),
        (301, "The receiver answered 301, and redirects are not followed."),
        (404, "The receiver answered 404."),
        (500, "The receiver answered 500."),
    ],
)
def test_status_says_how_it_went(receiver: ReceivingServer, status: int, error: str | None) -> None:
    """A redirect is a failure: where it leads to was checked by nobody."""
    receiver.answer = lambda _: (status, {"Location": f"{receiver.url}/elsewhere"})

    assert send(receiver.url) == Attempt(status, error)
    assert [arrived.path for arrived in receiver.arrived] == ["/"]


def test_address_is_checked_again_and_pinned(receiver: ReceivingServer) -> None:
    """A name is resolved once an attempt: what it means a moment later (DNS rebinding) is never asked."""
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    port = receiver.url.rpartition(":")[2]
    policy = Policy(dev=True, resolve=lambda _host, _port: answers.pop(0))

    assert send(f"http://rebinding.example:{port}/", policy=policy) == Attempt(204, None)
    assert receiver.arrived[0].headers["host"] == f"rebinding.example:{port}"
    assert answers == [["169.254.169.254"]]
    refused = send(f"http://rebinding.example:{port}/", policy=Policy(resolve=lambda _host, _port: answers.pop(0)))
    assert refused.error is not None
    assert "private or link-local address" in refused.error
    assert len(receiver.arrived) == 1


def test_nobody_listens() -> None:
    """The attempt has no status."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert send(f"http://127.0.0.1:{port}/") == Attempt(
        None, "The receiver could not be reached (ConnectionRefusedError)."
    )


@pytest.mark.parametrize("drip", [b"", b"H", b"HTTP/1.1 200 OK\r\nX-", b"x"], ids=["silent", "status", "header", "tls"])
def test_receiver_that_is_too_slow_is_given_up(drip: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it says nothing or a byte now and then, in the answer or in the TLS handshake."""
    monkeypatch.setattr(limits, "DELIVERY_S_MAX", 0.3)
    ended = threading.Event()

    def serve(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            try:
                connection.sendall(drip)
                while not ended.wait(0.02):
                    connection.sendall(b"x" if drip else b"")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        scheme = "https" if drip == b"x" else "http"
        began_s = time.monotonic()
        attempt = send(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/")
        took_s = time.monotonic() - began_s
        ended.set()
        thread.join()

    assert attempt.status is None
    assert attempt.error is not None
    assert took_s < 2


@pytest.mark.slow
def test_certificate_must_be_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TLS is verified against the URL's name although the connection goes to an address."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=good.example",
         "-addext", "subjectAltName=DNS:good.example", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    webhook._tls.cache_clear()  # noqa: SLF001 - the certificates were read before this one was made
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    policy = Policy(dev=True, resolve=lambda _host, _port: ["127.0.0.1"])
    found: list[Attempt] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for _ in range(2):
                connection, _ = listening.accept()
                try:
                    with context.wrap_socket(connection, server_side=True) as tls:
                        got = b""
                        while not got.endswith(b'{"a":1}'):
                            got += tls.recv(65_536)
                        tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                except OSError:
                    connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        port = listening.getsockname()[1]
        found = [send(f"https://{name}.example:{port}/", policy=policy) for name in ("good", "other")]
        thread.join()
    webhook._tls.cache_clear()  # noqa: SLF001

    assert found[0] == Attempt(200, None)
    assert found[1].error is not None
    assert "certificate is not valid" in found[1].error
