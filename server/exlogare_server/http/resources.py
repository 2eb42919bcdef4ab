"""The addresses: what each takes and gives."""

from typing import Any

import falcon
import msgspec

from exlogare_server.http import bodies, context, openapi_page
from exlogare_server.http.answers import parameters, send
from exlogare_server.http.security import Gate
from exlogare_server.ingest.routing import Endpoint
from exlogare_server.ingest.service import Ingest
from exlogare_server.metrics import CONTENT_TYPE
from exlogare_server.read.service import Analyses, Observation, Readiness


class IngestResource:
    """``POST /api/ingest/…``, one for each endpoint."""

    def __init__(self, endpoint: Endpoint, ingest: Ingest, gate: Gate) -> None:
        self._endpoint = endpoint
        self._ingest = ingest
        self._gate = gate

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Take a log."""
        tenant_id = self._gate.require(req, "ingest").tenant.id
        with self._ingest.admit(tenant_id, self._endpoint) as lease:
            bodies.check_type(req)
            analysis_id = self._ingest.accept(
                tenant_id,
                self._endpoint,
                bodies.read(req, lease),
                lease=lease,
                started_s=context.started_s(req),
            )
        send(resp, {"status": "accepted", "analysis_id": analysis_id}, falcon.HTTP_202)


class AnalysesResource:
    """``GET /api/v1/analyses``."""

    def __init__(self, analyses: Analyses, gate: Gate) -> None:
        self._analyses = analyses
        self._gate = gate

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List analyses."""
        principal = self._gate.require(req, "read")
        send(resp, self._analyses.page(principal.tenant.id, parameters(req)))


class AnalysisResource:
    """``GET /api/v1/analyses/{id}``."""

    def __init__(self, analyses: Analyses, gate: Gate) -> None:
        self._analyses = analyses
        self._gate = gate

    def on_get(self, req: falcon.Request, resp: falcon.Response, *, analysis_id: str) -> None:
        """Show one analysis."""
        principal = self._gate.require(req, "read")
        send(resp, self._analyses.one(principal.tenant.id, analysis_id))


class OpenApiResource:
    """``GET /api/openapi.json``, and ``GET /api/docs``, the same for people."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = msgspec.json.encode(document)
        self._page = openapi_page.render(document).encode()

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Give the document."""
        resp.content_type = falcon.MEDIA_JSON
        resp.data = self._document

    def on_get_page(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Give the page."""
        resp.content_type = falcon.MEDIA_HTML
        resp.set_header("Content-Security-Policy", openapi_page.CONTENT_SECURITY_POLICY)
        resp.set_header("Referrer-Policy", "no-referrer")
        resp.data = self._page


class MetricsResource:
    """``GET /metrics``."""

    def __init__(self, observation: Observation) -> None:
        self._observation = observation

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Give the counts."""
        resp.content_type = CONTENT_TYPE
        resp.data = self._observation.exposition()


class HealthResource:
    """``GET /healthz``: the process answers."""

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Say so."""
        send(resp, {"status": "ok"})


class ReadyResource:
    """``GET /readyz``: the process can work; a load balancer sends requests only then."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Say whether, and if not, why."""
        fault = self._readiness.fault()
        if fault is None:
            send(resp, {"status": "ready"})
        else:
            send(resp, {"detail": fault}, falcon.HTTP_503)
