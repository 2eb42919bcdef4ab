"""What every resource needs: answers in JSON, parameters of the query."""

import falcon
import msgspec

from exlogare_server.errors import FieldError, FieldsError


def send(resp: falcon.Response, value: object, status: str = falcon.HTTP_200) -> None:
    """Answer with JSON."""
    resp.status = status
    resp.content_type = falcon.MEDIA_JSON
    resp.data = msgspec.json.encode(value)


def parameters(req: falcon.Request) -> dict[str, str]:
    """Give the query's parameters.

    Raises:
        FieldsError: one is there more than once: which of them is meant?
    """
    found: dict[str, str] = {}
    errors: list[FieldError] = []
    for name, value in req.params.items():
        if isinstance(value, str):
            found[name] = value
        else:
            errors.append(FieldError(("query", name), "The parameter is there more than once.", "value_error"))
    if errors:
        raise FieldsError(errors)
    return found
