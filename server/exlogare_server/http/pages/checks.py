"""Between forms and use cases: the structs that check the API's bodies check the forms as well."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import falcon
import msgspec

from exlogare_server.errors import (
    BadRequestError,
    ConflictError,
    FieldsError,
    ForbiddenError,
    NotFoundError,
    ServerError,
)
from exlogare_server.ingest.decoding import BodyType, decode
from exlogare_server.read import ids

# What a person can do something about in the form; everything else becomes a page of its own.
FORM_ERRORS: Final = (FieldsError, BadRequestError, ConflictError, ForbiddenError)
# The API's words for programs, in words for whoever filled in a form.
_WORDS: Final = {
    "missing": "Please fill this in.",
    "string_too_short": "This is too short.",
    "string_too_long": "This is too long.",
}


def body_of(body_type: type[BodyType], values: Mapping[str, object]) -> BodyType:
    """Check a form by the struct that checks the same at the API; an empty field is none.

    Raises:
        FieldsError: fields are missing or do not fit; all of them are told.
    """
    given = {name: value for name, value in values.items() if value not in ("", None)}
    return decode(msgspec.json.encode(given), body_type)[0]


def faults_of(error: ServerError) -> dict[str, str]:
    """Give the sentence for each field of a form; one for the whole form has the name ``form``."""
    if isinstance(error, FieldsError):
        return {field.loc[-1]: _WORDS.get(field.type, field.msg) for field in error.errors}
    return {"form": str(error)}


def status_of(error: ServerError) -> str:
    """Give the status of a page whose form comes back."""
    if isinstance(error, ForbiddenError):
        return falcon.HTTP_403
    return falcon.HTTP_409 if isinstance(error, ConflictError) else falcon.HTTP_422


def id_of(text: str, thing: str) -> UUID:
    """Read an id of an address.

    Raises:
        NotFoundError: it is none.
    """
    found = ids.parse(text)
    if found is None:
        raise NotFoundError(f"There is no such {thing}.")
    return found
