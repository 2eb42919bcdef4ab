"""From a body's bytes to a checked struct and the log as bytes, never holding the log as one wide string.

The body is split into its fields first, each still raw JSON (no copy of the log is made); then every field is
decoded by its own type, so that all that is wrong is told at once.
"""

import re
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Generic, TypeVar, Union, get_args, get_origin
from urllib.parse import urlsplit

import msgspec

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, FieldError, FieldsError, TooLargeError

BodyType = TypeVar("BodyType", bound=msgspec.Struct)

_ABSENT = msgspec.Raw(b"")

# What msgspec says, and the word for programs. The first that is found in the message counts.
_KINDS = (
    ("of length >=", "string_too_short"),
    ("of length <=", "string_too_long"),
    ("` >=", "greater_than_equal"),
    ("` <=", "less_than_equal"),
    ("out of range", "less_than_equal"),
    ("Expected `str`", "string_type"),
    ("Expected `int`", "int_type"),
)

# Characters before which JSON text may always be cut: none of them can be part of an escape (\n, \u001b).
_NEVER_ESCAPED = b" .,:;=()[]{}<>*!?@#$%&'+_-GHIJKLMNOPQRSTUVWXYZghijklmopqsvwxyz"
_NEVER_ESCAPED_RE = re.compile(b"[" + re.escape(_NEVER_ESCAPED) + b"]")
# The largest number up to which a float holds every whole one.
_EXACT_MAX = 2**53
# How far back from the wanted place a cut is looked for at first.
_CUT_SEARCH_BYTES = 4096


class _Field(msgspec.Struct, frozen=True):
    """How one field is read."""

    name: str
    required: bool
    decoder: msgspec.json.Decoder[Any]
    is_url: bool


class _Plan(Generic[BodyType]):
    """How a struct is read: its fields, and its twin whose fields are all raw JSON."""

    def __init__(self, body_type: type[BodyType]) -> None:
        infos = msgspec.structs.fields(body_type)
        self.twin = msgspec.json.Decoder(
            msgspec.defstruct(
                f"Raw{body_type.__name__}",
                [(info.name, msgspec.Raw, _ABSENT) for info in infos],
                kw_only=True,
            )
        )
        self.fields = tuple(
            _Field(
                name=info.name,
                required=info.required,
                decoder=msgspec.json.Decoder(_without_none(info.type)),
                is_url=_is_url(info.type),
            )
            for info in infos
        )


@cache
def _plan(body_type: type[BodyType]) -> _Plan[BodyType]:
    return _Plan(body_type)


def decode(body: bytes | bytearray, body_type: type[BodyType]) -> tuple[BodyType, bytearray]:
    """Check a body.

    Args:
        body: JSON text in UTF-8.
        body_type: one of the structs of ``ingest/bodies.py``.

    Returns:
        The struct, with an empty ``log``, and the log as UTF-8 bytes.

    Raises:
        BadRequestError: it is no JSON text.
        FieldsError: it is no object, or fields do not fit; all of them are told.
        TooLargeError: the log is over 10 MiB.
    """
    plan = _plan(body_type)
    try:
        raw = plan.twin.decode(body)
    except msgspec.ValidationError:
        raise FieldsError([FieldError(("body",), "The body must be a JSON object.", "object_type")]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Without the library's words: they may one day quote what they could not read.
        raise BadRequestError("The body is not valid JSON in UTF-8.") from None
    try:
        return _checked(plan, {name: getattr(raw, name) for name in raw.__struct_fields__}, body_type)
    except UnicodeDecodeError:
        raise BadRequestError("The body is not valid JSON in UTF-8.") from None


def _checked(
    plan: _Plan[BodyType], raws: Mapping[str, msgspec.Raw], body_type: type[BodyType]
) -> tuple[BodyType, bytearray]:
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    log = bytearray()
    for field in plan.fields:
        raw = raws[field.name]
        text = memoryview(raw)
        is_string = text[:1].tobytes() == b'"'
        if not field.required and len(text) <= len("null") and text.tobytes() in (b"", b"null", b'""'):
            values[field.name] = None
        elif raw is _ABSENT:
            errors.append(FieldError(("body", field.name), "The field is required.", "missing"))
        elif field.name == "log" and is_string and len(text) > len('""'):
            log = log_bytes(text)
            values[field.name] = ""
        elif is_string and len(text) > limits.FIELD_JSON_BYTES_MAX:
            errors.append(FieldError(("body", field.name), "The field is too long.", "string_too_long"))
        else:
            try:
                values[field.name] = _value(field, raw)
            except msgspec.ValidationError as error:
                errors.append(_told(field.name, str(error)))
    if errors:
        raise FieldsError(errors)
    return body_type(**values), log


def _value(field: _Field, raw: msgspec.Raw) -> Any:
    try:
        value = field.decoder.decode(raw)
    except msgspec.ValidationError:
        whole = _whole_number(raw)
        if whole is None:
            raise
        value = field.decoder.decode(whole)
    if isinstance(value, str):
        if "\0" in value:
            # PostgreSQL cannot keep it, and no name of a build has one.
            raise msgspec.ValidationError("The field must not contain the character U+0000.")
        if field.is_url and not is_web_url(value):
            raise msgspec.ValidationError("Expected an http or https URL.")
    return value


def _whole_number(raw: msgspec.Raw) -> bytes | None:
    """Write a number such as ``7.0`` or ``7e0``, which JSON does not tell from 7, without its fraction."""
    try:
        value = msgspec.json.decode(raw, type=float)
    except msgspec.ValidationError:
        return None
    return str(int(value)).encode() if value.is_integer() and abs(value) <= _EXACT_MAX else None


def _told(name: str, message: str) -> FieldError:
    kind = next((kind for words, kind in _KINDS if words in message), "value_error")
    kind = "url_type" if "URL" in message else kind
    return FieldError(("body", name), message.replace("`", ""), kind)


def is_web_url(text: str) -> bool:
    """Say whether it is an ``http`` or ``https`` URL with a host, without blanks and control characters."""
    if not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def log_bytes(text: memoryview) -> bytearray:
    """Decode a JSON string to UTF-8, piece by piece, giving up once it is over the limit.

    Args:
        text: a valid JSON string with its quotes.

    Returns:
        At least one byte, at most 10 MiB.

    Raises:
        TooLargeError: it is more.
        UnicodeDecodeError: it is not UTF-8.
    """
    log = bytearray()
    start, end = 1, len(text) - 1
    while start < end:
        stop = _cut(text, start, end)
        log += msgspec.json.decode(b'"' + text[start:stop] + b'"', type=str).encode()
        if len(log) > limits.LOG_BYTES_MAX:
            raise TooLargeError(f"The log is over {limits.LOG_BYTES_MAX} bytes.")
        start = stop
    return log


def _cut(text: memoryview, start: int, end: int) -> int:
    """Find where the piece that begins at ``start`` may end: near the wanted size, or at the very end."""
    wanted = start + limits.DECODE_PIECE_BYTES
    if wanted >= end:
        return end
    for place in range(wanted, max(start, wanted - _CUT_SEARCH_BYTES), -1):
        if text[place] in _NEVER_ESCAPED or _is_between_characters(text, place):
            return place
    following = _NEVER_ESCAPED_RE.search(text[wanted:end])
    return end if following is None else wanted + following.start()


def _is_between_characters(text: memoryview, place: int) -> bool:
    """Say whether no character and no escape reaches over a place; the longest are two escapes of 6 bytes."""
    is_first_byte = text[place] & 0xC0 != 0x80  # noqa: PLR2004 - how UTF-8 marks all but the first
    return is_first_byte and b"\\" not in bytes(text[max(0, place - 11) : place])


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def _is_url(kind: Any) -> bool:
    info = msgspec.inspect.type_info(_without_none(kind))
    return isinstance(info, msgspec.inspect.Metadata) and bool((info.extra or {}).get("url"))
