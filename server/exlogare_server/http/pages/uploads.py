"""A form with a log in it, ``multipart/form-data``: read in memory, within the budget that all requests share."""

import io
from typing import Final

import falcon
import falcon.media
import msgspec

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, TooLargeError, UnsupportedBodyError
from exlogare_server.http import bodies
from exlogare_server.http.pages.forms import CSRF_FIELD
from exlogare_server.ingest.flight import Lease

# The log, and room for the other fields and the parts' headers.
FORM_BYTES_MAX: Final = limits.LOG_BYTES_MAX + limits.SMALL_BODY_BYTES_MAX
# The body, the log cut out of it, and the log once more with its line ends made plain.
_COPIES: Final = 3


class LogForm(msgspec.Struct, frozen=True):
    """What the form holds: the CSRF token, ``None`` without one, and the log, of the file or of the text."""

    csrf: str | None
    log: bytes


def read(req: falcon.Request, lease: Lease) -> LogForm:
    """Read a form with the fields ``csrf_token``, ``log`` and ``file``.

    Args:
        req: the request.
        lease: grows with what is held.

    Raises:
        UnsupportedBodyError: it is no such form by its type, or compressed.
        TooLargeError: the log is over ``LOG_BYTES_MAX``.
        BadRequestError: it is no such form by its content, or not whole.
        BusyError: there is no room.
    """
    kind, _ = falcon.parse_header(req.content_type or "")
    if kind.lower() != falcon.MEDIA_MULTIPART or req.get_header("Content-Encoding"):
        raise UnsupportedBodyError(f"Content-Type must be {falcon.MEDIA_MULTIPART}.")
    body = bytearray()
    for piece in bodies.chunks(req.env):
        lease.hold(_COPIES * (len(body) + len(piece)))
        body += piece
        if len(body) > FORM_BYTES_MAX:
            raise _too_large()
    parts = _parts(body, req.content_type or "")
    # A file is taken as it is; browsers write the line ends of a text field as CR and LF, whatever was pasted.
    log = parts.get("file") or parts.get("log", b"").replace(b"\r\n", b"\n")
    if len(log) > limits.LOG_BYTES_MAX:
        raise _too_large()
    return LogForm(parts.get(CSRF_FIELD, b"").decode("ascii", "replace") or None, log)


def _parts(body: bytearray, content_type: str) -> dict[str, bytes]:
    size = len(body)
    stream = io.BytesIO(body)
    body.clear()
    try:
        form = falcon.media.MultipartFormHandler().deserialize(stream, content_type, size)
        return {part.name or "": part.stream.read() for part in form}
    except (falcon.HTTPError, ValueError):
        raise BadRequestError("The form cannot be read.") from None


def _too_large() -> TooLargeError:
    return TooLargeError(f"The log is over {limits.LOG_BYTES_MAX // limits.MIB} MiB.")
