"""Forms as browsers send them: ``application/x-www-form-urlencoded``, read within a limit."""

from urllib.parse import parse_qsl

import falcon

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, TooLargeError, UnsupportedBodyError
from exlogare_server.http import bodies

CSRF_FIELD = "csrf_token"
# No form of ours has more; a body of a million empty fields must not be taken apart.
_FIELDS_MAX = 200


class Form:
    """The fields of a form.

    Args:
        fields: names and values, in the order of the page; a name may come more than once.
    """

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        """Give a field's value, the last one of several, without blanks at its ends; empty when it is not there."""
        return next((value for key, value in reversed(self._fields) if key == name), "").strip()

    def raw(self, name: str) -> str:
        """Give a field's value as it was typed: a password, a log."""
        return next((value for key, value in reversed(self._fields) if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Give every value of a field: checkboxes of one name."""
        return tuple(value for key, value in self._fields if key == name)

    def values(self) -> dict[str, str]:
        """Give each field's last value, to show a form again as it was filled in; without the CSRF token."""
        return {key: value for key, value in self._fields if key != CSRF_FIELD}

    @property
    def csrf(self) -> str | None:
        """The hidden field that every form has."""
        return self.raw(CSRF_FIELD) or None


def read(req: falcon.Request, bytes_max: int = limits.SMALL_BODY_BYTES_MAX) -> Form:
    """Read a request's form.

    Args:
        req: the request.
        bytes_max: of the body as it is sent; percent signs can make a text three times as long.

    Raises:
        UnsupportedBodyError: it is no form by its type, or compressed.
        TooLargeError: it is over ``bytes_max``.
        BadRequestError: it is no form by its content, or not whole.
    """
    kind, _ = falcon.parse_header(req.content_type or "")
    if kind.lower() != falcon.MEDIA_URLENCODED or req.get_header("Content-Encoding"):
        raise UnsupportedBodyError(f"Content-Type must be {falcon.MEDIA_URLENCODED}.")
    content = bytearray()
    for piece in bodies.chunks(req.env):
        content += piece
        if len(content) > bytes_max:
            raise TooLargeError(f"The form is over {bytes_max} bytes.")
    try:
        # Strict: what is not UTF-8 was sent by no page of ours.
        text = content.decode("ascii")
        fields = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS_MAX)
    except ValueError:
        raise BadRequestError("The form cannot be read.") from None
    if any("\0" in key or "\0" in value for key, value in fields):
        raise BadRequestError("The form cannot be read.")
    return Form(fields)
