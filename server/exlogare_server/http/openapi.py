"""The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1.html), made of the table of operations."""

import inspect
import re
import types
from collections.abc import Sequence
from typing import Any, Union, get_args, get_origin

import msgspec

from exlogare_server.errors import FieldError
from exlogare_server.http.operations import Access, Operation
from exlogare_server.http.security import CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE

_REF = "#/components/schemas/{name}"
_NO_NUL = r"^[^\u0000]*$"
# An http or https URL with a host, as far as a pattern can tell it.
_URL = r"^[hH][tT][tT][pP][sS]?://[A-Za-z0-9.-]+(?::[0-9]{1,4})?(?:/[!-~]*)?$"

_TAGS = {
    "ingest": "Logs in.",
    "read": "Analyses and figures out, for programs.",
    "dashboard": "The same by a browser's session, and what people do to clusters.",
    "people": "Logins, API tokens, the audit log.",
    "receivers": "Outbound webhooks and messengers.",
    "server": "The server's own state.",
}

_SECURITY: dict[Access, list[dict[str, list[str]]]] = {
    "open": [],
    "csrf": [],
    "ingest": [{"apiToken": []}],
    "read": [{"apiToken": []}, {"accessToken": []}],
    "reader": [{"apiToken": []}, {"accessToken": []}, {"session": []}],
    "person": [{"accessToken": []}, {"session": []}],
    "writer": [{"accessToken": []}, {"session": []}],
    "admin": [{"accessToken": []}, {"session": []}],
}
_SCHEMES = {
    "apiToken": {"type": "http", "scheme": "bearer", "description": "An API token, `exl_…`, with the scope."},
    "accessToken": {"type": "http", "scheme": "bearer", "description": "The `access_token` of a login, `exa_…`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": f"A browser's session. What changes something needs `{CSRF_HEADER}` as well.",
    },
}
_REFUSALS = {
    400: "The request cannot be understood, or asks for something that does not exist by that name.",
    401: "No credential, or one that is not valid.",
    403: "The credential does not allow this, or the CSRF token is missing or another.",
    404: "There is no such thing for this tenant.",
    409: "It exists already.",
    413: "The body or the log is too large.",
    415: "The body's type or encoding is none that the server reads.",
    422: "Fields or parameters do not fit.",
    429: "Too many requests.",
    503: "The server is full, or its database away.",
}


class Problem(msgspec.Struct, frozen=True):
    """What is wrong: one sentence, or for fields that do not fit a list of them."""

    detail: str | list[FieldError]


def document(operations: Sequence[Operation], version: str) -> dict[str, Any]:
    """Make the document.

    Args:
        operations: what there is.
        version: of the server.
    """
    answers = [operation.answer for operation in operations if operation.answer is not None]
    bodies = [operation.body for operation in operations if operation.body is not None]
    _, components = msgspec.json.schema_components([Problem, *answers, *bodies], ref_template=_REF)
    for schema in components.values():
        schema["description"] = _plain(schema.get("description", ""))
    paths: dict[str, Any] = {}
    for operation in operations:
        if operation.body is not None:
            components[operation.body.__name__] = _body_schema(operation, components[operation.body.__name__])
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Exlogare",
            "version": version,
            "description": "Build logs in, root causes out. An empty parameter or optional field is as none.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _SCHEMES},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "security": _SECURITY[operation.access],
        "responses": _responses(operation),
    }
    parameters = [*_path_parameters(operation), *_query_parameters(operation), *_csrf_parameters(operation)]
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        schema = {"$ref": _REF.format(name=operation.body.__name__)}
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    found = []
    for field in msgspec.structs.fields(operation.query):
        (schema,), _ = msgspec.json.schema_components([_without_none(field.type)], ref_template=_REF)
        described: dict[str, Any] = {"schema": schema, "allowEmptyValue": True}
        if schema.get("type") == "array":
            described = {"schema": schema, "style": "form", "explode": True}
        elif schema.keys() <= {"type", "maxLength"}:
            described["schema"] = {**schema, "pattern": _NO_NUL}
        else:
            described["schema"] = {"anyOf": [schema, {"type": "string", "maxLength": 0}]}
        if field.default not in (msgspec.NODEFAULT, None):
            described["schema"]["default"] = field.default
        found.append({"name": field.name, "in": "query", "required": False, **described})
    return found


def _csrf_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.access == "csrf":
        text = {"type": "string", "minLength": 1}
        return [
            {"name": CSRF_HEADER, "in": "header", "required": True, "schema": text},
            {"name": CSRF_COOKIE, "in": "cookie", "required": True, "schema": text},
        ]
    return []


def _responses(operation: Operation) -> dict[str, Any]:
    code = operation.status.split(" ", 1)[0]
    success: dict[str, Any] = {"description": "Done."}
    if operation.answer is not None:
        (schema,), _ = msgspec.json.schema_components([operation.answer], ref_template=_REF)
        success["content"] = {"application/json": {"schema": schema}}
    refusals = {503, *operation.refuses}
    if operation.access != "open":
        refusals |= {403} if operation.access == "csrf" else {401, 403}
    if "{" in operation.path:
        refusals.add(404)
    if operation.query is not None:
        refusals.add(422)
    if operation.body is not None:
        refusals |= {400, 413, 415, 422}
    return {code: success, **{str(number): _refusal(number) for number in sorted(refusals)}}


def _refusal(number: int) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": _REFUSALS[number],
        "content": {"application/json": {"schema": {"$ref": _REF.format(name="Problem")}}},
    }
    if number in (429, 503):
        described["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}
    if number == 401:  # noqa: PLR2004 - the status of a missing credential
        described["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return described


def _body_schema(operation: Operation, schema: dict[str, Any]) -> dict[str, Any]:
    """Say of a body's fields what the checks beside the struct's hold: no U+0000, web addresses, words."""
    required = schema.get("required", [])
    properties = {
        name: _field(field, operation.patterns.get(name), required=name in required, is_log=name == "log")
        for name, field in schema["properties"].items()
    }
    return {**schema, "properties": properties}


def _field(field: dict[str, Any], pattern: str | None, *, required: bool, is_log: bool) -> dict[str, Any]:
    if "anyOf" in field:
        options = [_field(option, pattern, required=True, is_log=is_log) for option in field["anyOf"]]
        if any(option.get("type") == "string" for option in options) and not required:
            options.append({"type": "string", "maxLength": 0})
        return {**field, "anyOf": options}
    if field.get("type") != "string" or "enum" in field or is_log:
        return field
    if field.get("format") == "uri":
        return {**field, "pattern": _URL}
    if field.get("format") is not None:
        return field
    if pattern is None:
        return {**field, "pattern": _NO_NUL}
    return {**field, "pattern": pattern if pattern.startswith("^") else f"^[^\\u0000]*{pattern}[^\\u0000]*$"}


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def _plain(text: str) -> str:
    """Make one paragraph of a docstring's first part, without its marks."""
    return " ".join(inspect.cleandoc(text).partition("\n\n")[0].replace("``", "`").split())
