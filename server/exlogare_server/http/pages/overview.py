"""The first page: what breaks, how often, what is new."""

import falcon

from exlogare_server.dashboard import overview
from exlogare_server.http.answers import parameters
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts


class OverviewPage:
    """``GET /``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._trends = parts.trends

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show it."""
        person = self._desk.person(req)
        found = self._trends.dashboard(person.tenant.id, parameters(req))
        template = "overview.html" if found.has_any else "overview_empty.html"
        self._desk.show(req, resp, template, section="overview", page=overview.prepare(found))


PAGES = (("/", OverviewPage),)
