"""Projects: the list, and one of them."""

import falcon

from exlogare_server.dashboard import charts
from exlogare_server.dashboard.render import query
from exlogare_server.http.answers import parameters
from exlogare_server.http.pages.base_address import base_address
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts
from exlogare_server.read.trends import OverviewParameters


class ProjectsPage:
    """``GET /projects``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._trends = parts.trends

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List them."""
        given = parameters(req)
        found = self._trends.projects(self._desk.person(req).tenant.id, given)
        self._desk.show(
            req,
            resp,
            "projects.html",
            section="projects",
            found=found,
            text=given.get("text", "").strip(),
            by_name=bool(given.get("order") == "name" or given.get("after") or given.get("text", "").strip()),
            is_first="after" not in given,
        )


class ProjectPage:
    """``GET /projects/{name}``; a name holds slashes."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._trends = parts.trends
        self._browse = parts.browse
        self._keys = parts.chart_keys
        self._secure = parts.secure_cookies

    def on_get(self, req: falcon.Request, resp: falcon.Response, *, project: str) -> None:
        """Show one."""
        person = self._desk.person(req)
        given = {name: value for name, value in parameters(req).items() if name == "days"}
        found = self._trends.project(person.tenant.id, project, given)
        runs = self._browse.page(person.tenant.id, {"project": project})
        shared = query(tenant=person.tenant.id, project=project, key=self._keys.sign(person.tenant.id, project))
        self._desk.show(
            req,
            resp,
            "project.html",
            section="projects",
            project=found,
            bars=charts.bars_of(found.trend),
            runs=runs,
            days=len(found.trend.failures),
            choices=(7, OverviewParameters().days, 90),
            base=base_address(req, secure=self._secure),
            shared=shared,
        )


PAGES = (
    ("/projects", ProjectsPage),
    ("/projects/{project:path}", ProjectPage),
)
