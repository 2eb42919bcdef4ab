"""Sends one webhook: signed, to an address that was checked, in bounded time, following no redirect."""

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
import time
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from exlogare_server import limits
from exlogare_server.errors import ServerError
from exlogare_server.notify.addresses import Policy, Target
from exlogare_server.store.outbox import Attempt

EVENT = "analysis.completed"
EVENTS = (EVENT,)
_SUCCESSES = range(200, 300)


def event_id(delivery_id: UUID) -> str:
    """Give a delivery's id as the receiver sees it, the same on every attempt."""
    return f"evt_{delivery_id}"


def body_of(delivery_id: str, tenant_id: UUID, analysis: object, now: datetime) -> bytes:
    """Write the body: see the contract, "Out"."""
    return msgspec.json.encode(
        {
            "type": EVENT,
            "id": delivery_id,
            "delivered_at": now.isoformat(timespec="microseconds"),
            "tenant_id": tenant_id,
            "analysis": analysis,
        }
    )


def signature(secret: str, unix_s: int, body: bytes) -> str:
    """Give the ``X-Exlogare-Signature`` header: the HMAC's key is the secret's text."""
    digest = hmac.new(secret.encode(), f"{unix_s}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={unix_s},v1={digest}"


def send(url: str, secret: str, delivery_id: str, body: bytes, *, policy: Policy, now: datetime) -> Attempt:
    """Post a body to a webhook, once.

    Args:
        url: of the receiver; resolved and checked anew, and then connected to by address.
        secret: signs it.
        delivery_id: tells the receiver what it has had already.
        body: JSON.
        policy: which addresses may be sent to.
        now: signed with the body, so that a receiver can refuse what is old.

    Returns:
        How it ended; a status of 2xx is success, any other answer or none is not.
    """
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "exlogare-server",
        "Connection": "close",
        "X-Exlogare-Event": EVENT,
        "X-Exlogare-Delivery": delivery_id,
        "X-Exlogare-Signature": signature(secret, int(now.timestamp()), body),
    }
    deadline_s = time.monotonic() + limits.DELIVERY_S_MAX
    try:
        status = _post(policy.target(url), headers, body, deadline_s)
    except (ServerError, OSError, http.client.HTTPException, ValueError) as error:
        return Attempt(
            None, _reason(error, late=time.monotonic() >= deadline_s)[: limits.DELIVERY_ERROR_CHARACTERS_MAX]
        )
    if status in _SUCCESSES:
        return Attempt(status, None)
    more = ", and redirects are not followed" if 300 <= status < 400 else ""  # noqa: PLR2004 - HTTP's own ranges
    return Attempt(status, f"The receiver answered {status}{more}.")


def _reason(error: Exception, *, late: bool) -> str:
    """Say in a sentence why there was no answer, without text that the receiver chose."""
    if isinstance(error, ServerError):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The receiver's certificate is not valid: {error.verify_message}."
    if late or isinstance(error, TimeoutError):
        return f"The receiver did not answer within {limits.DELIVERY_S_MAX:g} s."
    return f"The receiver could not be reached ({type(error).__name__})."


def _post(target: Target, headers: dict[str, str], body: bytes, deadline_s: float) -> int:
    connection = _Pinned(target, deadline_s)
    # A receiver that sends a byte now and then would never run into a time-out of the socket.
    alarm = threading.Timer(max(0.0, deadline_s - time.monotonic()), connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request("POST", target.path, body, {"Host": target.authority, **headers})
        status = connection.getresponse().status
        # Cut in the middle of the headers it looks like a whole answer.
        if time.monotonic() >= deadline_s:
            raise TimeoutError
        return status
    finally:
        alarm.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to addresses that were checked; TLS verifies the name all the same."""

    def __init__(self, target: Target, deadline_s: float) -> None:
        super().__init__(target.host, target.port)
        self._target = target
        self._deadline_s = deadline_s
        self._raw: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the first address that answers."""
        failure: OSError = OSError("no address")
        for address in self._target.addresses:
            left_s = self._deadline_s - time.monotonic()
            if left_s <= 0:
                raise TimeoutError
            try:
                self._raw = socket.create_connection((address, self._target.port), timeout=left_s)
                break
            except OSError as error:
                failure = error
        else:
            raise failure
        self.sock: Any = self._raw
        if self._target.scheme == "https":
            # The handshake comes afterwards, so that the alarm can reach the socket meanwhile.
            self.sock = _tls().wrap_socket(self._raw, server_hostname=self._target.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def cut(self) -> None:
        """End the connection from another thread, whatever it is waiting for."""
        if self._raw is not None and self._raw.fileno() >= 0:
            _shut(self._raw)
        if self.sock is not None:
            _shut(self.sock)


def _shut(connection: Any) -> None:
    try:
        # The plain socket's way: TLS's own would wait for the receiver.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
    except OSError:
        return


@cache
def _tls() -> ssl.SSLContext:
    """Make the settings of TLS once: reading the certificates costs more than a request."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
