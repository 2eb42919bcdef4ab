"""The first page."""

import falcon

from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts


class OverviewPage:
    """``GET /``."""

    def __init__(self, desk: Desk, _parts: Parts) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show it."""
        self._desk.person(req)
        self._desk.show(req, resp, "overview.html", section="overview")


PAGES = (("/", OverviewPage),)
