"""Around every request: its id, its line in the log, the headers that all answers have."""

import logging
from typing import Any

import falcon

from exlogare_server.http import context, errors
from exlogare_server.metrics import Metrics

_log = logging.getLogger("exlogare_server.request")
_SERVER_ERROR = 500


class RequestLog:
    """Names every request, counts it and writes one line about it: what was asked, how it ended, never its content.

    Args:
        metrics: where it is counted.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Begin a request."""
        context.begin(req)
        resp.set_header(context.REQUEST_ID_HEADER, context.request_id(req))
        resp.set_header("Cache-Control", "no-store")
        resp.set_header("X-Content-Type-Options", "nosniff")
        if req.path.startswith("/api/ingest/"):
            # Clients compress where this is announced (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3).
            resp.set_header("Accept-Encoding", "gzip, zstd")

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _req_succeeded: bool
    ) -> None:
        """End a request."""
        status = resp.status_code
        # The template of the route: an unknown path may hold anything.
        route = req.uri_template or "-"
        self._metrics.answered(req.method, route, status, context.elapsed_ms(req) / 1000)
        _log.log(
            logging.ERROR if status >= _SERVER_ERROR else logging.INFO,
            "request",
            extra={
                "request_id": context.request_id(req),
                "method": req.method,
                "route": route,
                "status": status,
                "ms": context.elapsed_ms(req),
                "tenant": str(getattr(req.context, "tenant", "")),
            },
        )


class Guard:
    """The outermost layer: no exception and no traceback reaches the web server, which would print it.

    Args:
        app: a WSGI application.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Serve a request."""
        try:
            return self._app(environ, start_response)
        except Exception as error:  # noqa: BLE001 - see the class
            errors.log_unexpected(error, "")
            answer = errors.body("The server made a mistake.")
            start_response(
                falcon.HTTP_500,
                [("Content-Type", falcon.MEDIA_JSON), ("Content-Length", str(len(answer)))],
            )
            return [answer]
