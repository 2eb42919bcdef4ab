"""The addresses of figures and clusters: under ``/api/v1`` for bearers, under ``/api`` for browsers as well."""

from collections.abc import Callable, Mapping
from uuid import UUID

import falcon

from exlogare_server.auth.sessions import WRITERS
from exlogare_server.auth.tokens import Principal
from exlogare_server.http.answers import parameters, send
from exlogare_server.http.security import Gate
from exlogare_server.read.clusters import Action, Clusters
from exlogare_server.read.service import Analyses

LetIn = Callable[[falcon.Request], Principal]


class FiguresResource:
    """``GET`` of something that depends on the tenant and on the query."""

    def __init__(self, let_in: LetIn, figures: Callable[[UUID, Mapping[str, str]], object]) -> None:
        self._let_in = let_in
        self._figures = figures

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with the figures."""
        tenant_id = self._let_in(req).tenant.id
        send(resp, self._figures(tenant_id, parameters(req)))


class LegacyAnalysisResource:
    """``GET /api/analyses/{id}``."""

    def __init__(self, let_in: LetIn, analyses: Analyses) -> None:
        self._let_in = let_in
        self._analyses = analyses

    def on_get(self, req: falcon.Request, resp: falcon.Response, *, analysis_id: str) -> None:
        """Show one analysis."""
        send(resp, self._analyses.one(self._let_in(req).tenant.id, analysis_id))


class ClusterResource:
    """``GET`` of one cluster."""

    def __init__(self, let_in: LetIn, clusters: Clusters) -> None:
        self._let_in = let_in
        self._clusters = clusters

    def on_get(self, req: falcon.Request, resp: falcon.Response, *, cluster_id: str) -> None:
        """Show it."""
        send(resp, self._clusters.one(self._let_in(req).tenant.id, cluster_id))


class BadgesResource:
    """``GET /api/clusters/badges``."""

    def __init__(self, let_in: LetIn, clusters: Clusters) -> None:
        self._let_in = let_in
        self._clusters = clusters

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show the badges of the analyses whose ids are given."""
        tenant_id = self._let_in(req).tenant.id
        # Blank ones count as well, so not from the request's parameters.
        sent = falcon.uri.parse_query_string(req.query_string, keep_blank=True).get("analysis_id", [])
        send(resp, self._clusters.badges(tenant_id, [sent] if isinstance(sent, str) else sent))


class ClusterActionResource:
    """``POST /api/clusters/{id}/acknowledge``, ``resolve`` and ``reopen``."""

    def __init__(self, gate: Gate, clusters: Clusters, action: Action) -> None:
        self._gate = gate
        self._clusters = clusters
        self._action = action

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, cluster_id: str) -> None:
        """Change the cluster's status."""
        person = self._gate.person(req, WRITERS)
        done = self._clusters.act(
            person.tenant.id, cluster_id, self._action, actor_id=person.user.id, actor=person.user.email
        )
        send(resp, done)
