"""The WSGI application: resources at their addresses, middleware and errors around them."""

from typing import Any

import falcon

from exlogare_server.auth.tokens import Tokens
from exlogare_server.http import errors, resources
from exlogare_server.http.middleware import Guard, RequestLog
from exlogare_server.http.security import Bearer
from exlogare_server.ingest.routing import ENDPOINTS
from exlogare_server.ingest.service import Ingest
from exlogare_server.read.service import Analyses, Readiness


def make_api(*, tokens: Tokens, ingest: Ingest, analyses: Analyses, readiness: Readiness) -> Guard:
    """Put the application together.

    Returns:
        A WSGI callable.
    """
    app: falcon.App[Any, Any] = falcon.App(middleware=[RequestLog()])
    # An empty parameter means that it is absent, and a comma in a project's name is no list.
    app.req_options.keep_blank_qs_values = False
    app.req_options.auto_parse_qs_csv = False
    errors.install(app)
    bearer = Bearer(tokens)
    for endpoint in ENDPOINTS:
        app.add_route(f"/api/ingest/{endpoint.name}", resources.IngestResource(endpoint, ingest, bearer))
    app.add_route("/api/v1/analyses", resources.AnalysesResource(analyses, bearer))
    app.add_route("/api/v1/analyses/{analysis_id}", resources.AnalysisResource(analyses, bearer))
    app.add_route("/healthz", resources.HealthResource())
    app.add_route("/readyz", resources.ReadyResource(readiness))
    return Guard(app)
