"""The WSGI application: resources at their addresses, middleware and errors around them."""

from typing import Any

import falcon

from exlogare_ci.__about__ import __version__
from exlogare_server.auth.tokens import Principal
from exlogare_server.http import errors, figures, members, openapi, people, receivers, resources
from exlogare_server.http.cookies import Cookies
from exlogare_server.http.middleware import Guard, RequestLog
from exlogare_server.http.operations import OPERATIONS
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.pages.table import add_pages
from exlogare_server.http.parts import Parts
from exlogare_server.http.security import Gate
from exlogare_server.ingest.routing import ENDPOINTS
from exlogare_server.notify.receivers import Receivers
from exlogare_server.read.clusters import ACTIONS

App = falcon.App[Any, Any]


def make_api(parts: Parts) -> Guard:
    """Put the application together.

    Returns:
        A WSGI callable.
    """
    app: App = falcon.App(middleware=[RequestLog(parts.metrics)])
    # An empty parameter means that it is absent, and a comma in a project's name is no list.
    app.req_options.keep_blank_qs_values = False
    app.req_options.auto_parse_qs_csv = False
    gate = Gate(parts.tokens, parts.sessions)
    desk = Desk(gate, Cookies(secure=parts.secure_cookies), parts.clock)
    errors.install(app, desk.show_fault)
    for endpoint in ENDPOINTS:
        app.add_route(f"/api/ingest/{endpoint.name}", resources.IngestResource(endpoint, parts.ingest, gate))
    app.add_route("/api/v1/analyses", resources.AnalysesResource(parts.analyses, gate))
    app.add_route("/api/v1/analyses/{analysis_id}", resources.AnalysisResource(parts.analyses, gate))
    described = resources.OpenApiResource(openapi.document(OPERATIONS, __version__))
    app.add_route("/api/openapi.json", described)
    app.add_route("/api/docs", described, suffix="page")
    app.add_route("/metrics", resources.MetricsResource(parts.observation))
    app.add_route("/healthz", resources.HealthResource())
    app.add_route("/readyz", resources.ReadyResource(parts.readiness))
    _add_people(app, parts, gate)
    _add_figures(app, parts, gate)
    _add_receivers(app, parts.receivers, gate)
    add_pages(app, desk, parts)
    return Guard(app)


def _add_people(app: App, parts: Parts, gate: Gate) -> None:
    cookies = Cookies(secure=parts.secure_cookies)
    sessions, tokens = parts.sessions, parts.tokens
    app.add_route("/api/auth/csrf", people.CsrfResource(sessions, cookies))
    app.add_route("/api/auth/login", people.LoginResource(sessions, cookies, parts.trusted_proxies))
    app.add_route("/api/auth/logout", people.LogoutResource(sessions, cookies, gate))
    app.add_route("/api/auth/me", people.MeResource(sessions, gate))
    app.add_route("/api/tokens", people.TokensResource(tokens, gate))
    app.add_route("/api/tokens/{token_id}/revoke", people.TokenRevocationResource(tokens, gate))
    app.add_route("/api/audit", people.AuditResource(parts.audit, gate))
    account, proxies = parts.account, parts.trusted_proxies
    app.add_route("/api/auth/join", members.JoinResource(account, cookies, proxies))
    app.add_route("/api/auth/password", members.PasswordResource(account, gate, proxies))
    own_sessions = members.SessionsResource(account, gate)
    app.add_route("/api/auth/sessions", own_sessions)
    app.add_route("/api/auth/sessions/end-others", own_sessions, suffix="others")
    app.add_route("/api/auth/sessions/{session_id}", members.SessionResource(account, gate))
    app.add_route("/api/members", members.MembersResource(parts.members, gate))
    app.add_route("/api/members/{user_id}", members.MemberResource(parts.members, gate))
    app.add_route("/api/members/{user_id}/password-link", members.PasswordLinkResource(parts.members, gate))
    app.add_route("/api/invitations", members.InvitationsResource(parts.members, gate))
    app.add_route("/api/invitations/{invitation_id}", members.InvitationResource(parts.members, gate))


def _add_figures(app: App, parts: Parts, gate: Gate) -> None:
    def let_in_bearers(req: falcon.Request) -> Principal:
        return gate.require(req, "read")

    statistics, clusters = parts.statistics, parts.clusters
    for root, let_in in (("/api/v1", let_in_bearers), ("/api", gate.reader)):
        for name, answer in (
            ("stats/overview", statistics.overview),
            ("stats/timeseries", statistics.timeseries),
            ("stats/top-projects", statistics.top_projects),
            ("stats/top-root-causes", statistics.top_root_causes),
            ("clusters", clusters.page),
        ):
            app.add_route(f"{root}/{name}", figures.FiguresResource(let_in, answer))
        app.add_route(f"{root}/clusters/{{cluster_id}}", figures.ClusterResource(let_in, clusters))
    app.add_route("/api/analyses", figures.FiguresResource(gate.reader, parts.analyses.legacy_page))
    app.add_route("/api/analyses/{analysis_id}", figures.LegacyAnalysisResource(gate.reader, parts.analyses))
    app.add_route(
        "/api/clusters/stats", figures.FiguresResource(gate.reader, lambda tenant_id, _: clusters.counts(tenant_id))
    )
    app.add_route("/api/clusters/badges", figures.BadgesResource(gate.reader, clusters))
    for action in ACTIONS:
        app.add_route(f"/api/clusters/{{cluster_id}}/{action}", figures.ClusterActionResource(gate, clusters, action))


def _add_receivers(app: App, known: Receivers, gate: Gate) -> None:
    webhooks, channels = "/api/integrations/outbound-webhooks", "/api/integrations/notifications"
    app.add_route(webhooks, receivers.WebhooksResource(known, gate))
    app.add_route(f"{webhooks}/{{receiver_id}}", receivers.WebhookResource(known, gate))
    app.add_route(f"{webhooks}/{{receiver_id}}/deliveries", receivers.DeliveriesResource(known, gate))
    app.add_route(f"{webhooks}/{{receiver_id}}/rotate-secret", receivers.WebhookSecretResource(known, gate))
    app.add_route(f"{webhooks}/{{receiver_id}}/redeliver", receivers.RedeliveryResource(known, gate))
    app.add_route(f"{webhooks}/{{receiver_id}}/test", receivers.TestResource(known, gate, channel=False))
    app.add_route(channels, receivers.ChannelsResource(known, gate))
    app.add_route(f"{channels}/{{receiver_id}}", receivers.ChannelResource(known, gate))
    app.add_route(f"{channels}/{{receiver_id}}/test", receivers.TestResource(known, gate, channel=True))
