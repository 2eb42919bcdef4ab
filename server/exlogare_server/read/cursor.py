"""The cursor of a page: the place of its last row, as text that says nothing to its bearer."""

import base64
import binascii
import struct
import uuid

from exlogare_server import limits
from exlogare_server.errors import BadRequestError
from exlogare_server.store.protocol import Position
from exlogare_server.times import from_us, to_us

# A version, microseconds since 1970, the id.
_FORM = struct.Struct(">Bq16s")
_VERSION = 1


def write(position: Position) -> str:
    """Turn a place into a cursor."""
    packed = _FORM.pack(_VERSION, to_us(position.created_at), position.id.bytes)
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def read(text: str) -> Position:
    """Turn a cursor into the place it was made of.

    Raises:
        BadRequestError: it was not made by ``write``.
    """
    if len(text) > limits.CURSOR_CHARACTERS_MAX:
        raise BadRequestError("Invalid cursor")
    try:
        packed = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        version, created_us, id_bytes = _FORM.unpack(packed)
        position = Position(from_us(created_us), uuid.UUID(bytes=id_bytes))
    except (UnicodeEncodeError, binascii.Error, struct.error, OverflowError):
        raise BadRequestError("Invalid cursor") from None
    if version != _VERSION:
        raise BadRequestError("Invalid cursor")
    return position
