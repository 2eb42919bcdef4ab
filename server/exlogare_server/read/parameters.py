"""The parameters of a query, checked by the struct that describes them to others.

A struct's fields are numbers or texts with bounds (``msgspec.Meta``), each with a default or ``None``. All
that does not fit is told at once; a parameter that is empty or that the struct does not have is left aside.
"""

import re
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec

from exlogare_server.errors import FieldError, FieldsError

Query = TypeVar("Query", bound=msgspec.Struct)

# With a fraction of nought as well: JSON Schema, and with it the API's description, calls 5.0 an integer.
_INTEGER = re.compile(r"[+-]?\d{1,18}(?:\.0{1,18})?", re.ASCII)


class _Parameter(msgspec.Struct, frozen=True):
    """A number with its bounds, or a text (``is_number`` false) with its length."""

    name: str
    is_number: bool
    low: int
    high: int


def parse(parameters: Mapping[str, str], query_type: type[Query]) -> Query:
    """Check parameters.

    Raises:
        FieldsError: one cannot be read or is out of range; all of these are told.
    """
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for field in _fields(query_type):
        text = parameters.get(field.name)
        if not text:
            continue
        fault = _number_fault(text, field) if field.is_number else _text_fault(text, field)
        if fault is None:
            values[field.name] = _whole(text) if field.is_number else text
        else:
            errors.append(FieldError(("query", field.name), *fault))
    if errors:
        raise FieldsError(errors)
    return query_type(**values)


def _number_fault(text: str, field: _Parameter) -> tuple[str, str] | None:
    if not _INTEGER.fullmatch(text.strip()):
        return "Expected a whole number.", "int_parsing"
    value = _whole(text)
    if field.low <= value <= field.high:
        return None
    return f"Expected {field.low} to {field.high}.", "greater_than_equal" if value < field.low else "less_than_equal"


def _whole(text: str) -> int:
    return int(text.partition(".")[0])


def _text_fault(text: str, field: _Parameter) -> tuple[str, str] | None:
    if len(text) > field.high or "\0" in text:
        return f"Expected at most {field.high} characters.", "string_too_long"
    return None


@cache
def _fields(query_type: type[msgspec.Struct]) -> tuple[_Parameter, ...]:
    return tuple(_parameter(field) for field in msgspec.structs.fields(query_type))


def _parameter(field: msgspec.structs.FieldInfo) -> _Parameter:
    kind = field.type
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(part for part in get_args(kind) if part is not type(None))
    info = msgspec.inspect.type_info(kind)
    while isinstance(info, msgspec.inspect.Metadata):
        info = info.type
    if isinstance(info, msgspec.inspect.IntType) and info.ge is not None and info.le is not None:
        return _Parameter(field.name, is_number=True, low=info.ge, high=info.le)
    if isinstance(info, msgspec.inspect.StrType) and info.max_length is not None:
        return _Parameter(field.name, is_number=False, low=0, high=info.max_length)
    raise TypeError(f"{field.name} is neither a number with both bounds nor a text with a length")
