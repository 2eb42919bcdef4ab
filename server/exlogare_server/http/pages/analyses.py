"""Analyses: the list with its filters in the address, what came since, one of them."""

import falcon

from exlogare_server.dashboard import filters, reasons
from exlogare_server.http.answers import parameters, send
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts


class AnalysesPage:
    """``GET /analyses``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._browse = parts.browse

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List analyses."""
        tenant_id = self._desk.person(req).tenant.id
        given = parameters(req)
        found = self._browse.page(tenant_id, given)
        self._desk.show(
            req,
            resp,
            "analyses.html",
            section="analyses",
            found=found,
            filters=filters.prepare(given, self._browse.choices(tenant_id)),
        )


class NewsPage:
    """``GET /analyses/news``: how many came since; a page's script asks now and then."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._browse = parts.browse

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Say how many."""
        send(resp, self._browse.news(self._desk.person(req).tenant.id, parameters(req)))


class AnalysisPage:
    """``GET /analyses/{id}``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._browse = parts.browse

    def on_get(self, req: falcon.Request, resp: falcon.Response, *, analysis_id: str) -> None:
        """Show one."""
        found = self._browse.detail(self._desk.person(req).tenant.id, analysis_id)
        self._desk.show(
            req,
            resp,
            "analysis.html",
            section="analyses",
            found=found,
            analysis=found.analysis,
            reasons=reasons.lines(found),
            level=reasons.level(found.analysis.confidence),
        )


PAGES = (
    ("/analyses", AnalysesPage),
    ("/analyses/news", NewsPage),
    ("/analyses/{analysis_id}", AnalysisPage),
)
