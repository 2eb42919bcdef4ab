"""Reads a request's body: never further than the limit, never more than there is room for."""

from collections.abc import Iterator
from typing import Any

import falcon

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, TooLargeError, UnsupportedBodyError
from exlogare_server.ingest.decoding import BodyType, decode
from exlogare_server.ingest.flight import Lease
from exlogare_server.ingest.unpacking import unpack


def check_type(req: falcon.Request) -> None:
    """Refuse a body that is not declared as JSON.

    Raises:
        UnsupportedBodyError: the ``Content-Type`` is missing or another one.
    """
    kind, parameters = falcon.parse_header(req.content_type or "")
    if kind.lower() != falcon.MEDIA_JSON or parameters.get("charset", "utf-8").lower() not in (
        "utf-8",
        "utf8",
    ):
        raise UnsupportedBodyError("Content-Type must be application/json.")


def read(req: falcon.Request, lease: Lease) -> bytearray:
    """Read a body, unpacked.

    Args:
        req: the request.
        lease: grows with what is held.

    Returns:
        The whole content.

    Raises:
        TooLargeError: it is over ``BODY_BYTES_MAX``, declared, sent or unpacked; the rest is not read.
        BadRequestError: fewer bytes arrived than declared, or the compression is damaged.
        UnsupportedBodyError: the ``Content-Encoding`` is none that is read.
        BusyError: there is no room.
    """
    content = bytearray()
    for piece in unpack(chunks(req.env), req.get_header("Content-Encoding") or ""):
        lease.hold(len(content) + len(piece))
        content += piece
        if len(content) > limits.BODY_BYTES_MAX:
            raise _too_large()
    return content


def read_small(req: falcon.Request, body_type: type[BodyType]) -> BodyType:
    """Read and check a body that is no log.

    Raises:
        TooLargeError: it is over ``SMALL_BODY_BYTES_MAX``, as sent or unpacked.
        UnsupportedBodyError: it is no JSON by its type, or of an unknown encoding.
        BadRequestError: no JSON by its content, or not whole.
        FieldsError: fields do not fit; all of them are told.
    """
    check_type(req)
    content = bytearray()
    for piece in unpack(chunks(req.env), req.get_header("Content-Encoding") or ""):
        content += piece
        if len(content) > limits.SMALL_BODY_BYTES_MAX:
            raise TooLargeError(f"The body is over {limits.SMALL_BODY_BYTES_MAX} bytes.")
    return decode(content, body_type)[0]


def chunks(env: dict[str, Any]) -> Iterator[bytes]:
    """Give a body's bytes as they arrive.

    Raises:
        TooLargeError: at once when the declared length is over the limit, or as soon as so much was read.
        BadRequestError: the body is shorter than declared.
    """
    declared = _declared_bytes(env)
    if declared is not None and declared > limits.BODY_BYTES_MAX:
        raise _too_large()
    if declared is None and not _ends_by_itself(env):
        return
    stream = env["wsgi.input"]
    read_bytes = 0
    while declared is None or read_bytes < declared:
        wanted = limits.READ_BYTES if declared is None else min(limits.READ_BYTES, declared - read_bytes)
        try:
            chunk = stream.read(wanted)
        except OSError:
            raise BadRequestError("The connection broke before the body was whole.") from None
        if not chunk:
            break
        read_bytes += len(chunk)
        if read_bytes > limits.BODY_BYTES_MAX:
            raise _too_large()
        yield bytes(chunk)
    if declared is not None and read_bytes < declared:
        raise BadRequestError(f"The body ended after {read_bytes} of {declared} bytes.")


def _declared_bytes(env: dict[str, Any]) -> int | None:
    """Give the declared length; ``None`` without one, or when the body comes in chunks (RFC 9112, 6.3)."""
    text = str(env.get("CONTENT_LENGTH") or "").strip()
    if not text or "HTTP_TRANSFER_ENCODING" in env:
        return None
    if not (text.isascii() and text.isdigit()):
        raise BadRequestError("Content-Length is no number.")
    return int(text[:20])


def _ends_by_itself(env: dict[str, Any]) -> bool:
    """Say whether reading a body of unknown length comes to an end; else the read would hang."""
    return bool(env.get("wsgi.input_terminated")) or "HTTP_TRANSFER_ENCODING" in env


def _too_large() -> TooLargeError:
    return TooLargeError(f"The body is over {limits.BODY_BYTES_MAX} bytes.")
