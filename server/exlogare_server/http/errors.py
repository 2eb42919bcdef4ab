"""Which status each error becomes, and the one shape of an error body: ``{"detail": …}``."""

import logging
import traceback
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import falcon
import msgspec

from exlogare_server import errors
from exlogare_server.http.context import request_id

# The first class that fits counts.
_STATUSES: tuple[tuple[type[errors.ServerError], str], ...] = (
    (errors.CredentialError, falcon.HTTP_401),
    (errors.ForbiddenError, falcon.HTTP_403),
    (errors.NotFoundError, falcon.HTTP_404),
    (errors.ConflictError, falcon.HTTP_409),
    (errors.TooLargeError, falcon.HTTP_413),
    (errors.UnsupportedBodyError, falcon.HTTP_415),
    (errors.FieldsError, falcon.HTTP_422),
    (errors.RateLimitedError, falcon.HTTP_429),
    (errors.BusyError, falcon.HTTP_503),
    (errors.StoreUnavailableError, falcon.HTTP_503),
    (errors.BadRequestError, falcon.HTTP_400),
)

# Falcon's own errors, in our words.
_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take the method.",
}

_log = logging.getLogger("exlogare_server.http")


# Puts a page for people in the place of the answer, where a browser asked for one.
ShowPage = Callable[[falcon.Request, falcon.Response, Exception], None]
_Handler = Callable[[falcon.Request, falcon.Response, Any, dict[str, Any]], None]


def install(app: "falcon.App[Any, Any]", show_page: ShowPage) -> None:
    """Make an application answer every error in the one shape, or with a page."""
    app.set_error_serializer(_serialize_falcon)
    for kind, handle in (
        (Exception, _unexpected),
        (errors.ServerError, _expected),
        (falcon.HTTPError, _of_falcon),
    ):
        app.add_error_handler(kind, _and_then(handle, show_page))


def _and_then(handle: _Handler, show_page: ShowPage) -> _Handler:
    def both(req: falcon.Request, resp: falcon.Response, error: Exception, params: dict[str, Any]) -> None:
        handle(req, resp, error, params)
        show_page(req, resp, error)

    return both


def body(detail: str | list[dict[str, Any]]) -> bytes:
    """Write an error body."""
    return msgspec.json.encode({"detail": detail})


def _expected(_req: falcon.Request, resp: falcon.Response, error: Exception, _params: dict[str, Any]) -> None:
    resp.status = next((status for kind, status in _STATUSES if isinstance(error, kind)), falcon.HTTP_500)
    if isinstance(error, errors.FieldsError):
        resp.data = body([msgspec.to_builtins(field) for field in error.errors])
    else:
        resp.data = body(str(error))
    resp.content_type = falcon.MEDIA_JSON
    if isinstance(error, errors.CredentialError):
        resp.set_header("WWW-Authenticate", "Bearer")
    if isinstance(error, errors.RetryLaterError):
        resp.set_header("Retry-After", str(error.retry_after_s))


def _of_falcon(req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError, _params: dict[str, Any]) -> None:
    resp.status = error.status
    if error.headers:
        resp.set_headers(error.headers)
    _serialize_falcon(req, resp, error)


def _serialize_falcon(_req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError) -> None:
    sentence = _SENTENCES.get(error.status_code) or error.description or error.title or "Not possible."
    resp.data = body(sentence)
    resp.content_type = falcon.MEDIA_JSON


def _unexpected(req: falcon.Request, resp: falcon.Response, error: Exception, _params: dict[str, Any]) -> None:
    log_unexpected(error, request_id(req))
    resp.status = falcon.HTTP_500
    resp.data = body("The server made a mistake; it is noted under the request's id.")
    resp.content_type = falcon.MEDIA_JSON


def log_unexpected(error: BaseException, request: str) -> None:
    """Note a fault of ours by its kind and place. Its text is left out: it may quote what was sent."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    _log.error("unexpected error", extra={"error": type(error).__name__, "at": place, "request_id": request})
