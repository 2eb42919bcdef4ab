"""Recurring failures: the list, one of them, and what people do to them."""

from collections.abc import Callable
from typing import Final

import falcon

from exlogare_server.auth.sessions import WRITERS
from exlogare_server.dashboard import charts
from exlogare_server.http.answers import parameters
from exlogare_server.http.pages.desk import Desk, safe_address
from exlogare_server.http.parts import Parts
from exlogare_server.read.clusters import ACTIONS, Action

_TABS: Final = (("", "All"), ("active", "Active"), ("acknowledged", "Acknowledged"), ("resolved", "Resolved"))


class ClustersPage:
    """``GET /clusters``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._trends = parts.trends

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List them."""
        given = parameters(req)
        found = self._trends.clusters(self._desk.person(req).tenant.id, given)
        self._desk.show(
            req,
            resp,
            "clusters.html",
            section="clusters",
            found=found,
            tabs=[(key, label, found.counts.get(key, sum(found.counts.values()))) for key, label in _TABS],
            chosen=given.get("status", ""),
            text=given.get("text", "").strip(),
        )


class ClusterPage:
    """``GET /clusters/{id}``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._trends = parts.trends

    def on_get(self, req: falcon.Request, resp: falcon.Response, *, cluster_id: str) -> None:
        """Show one."""
        given = {name: value for name, value in parameters(req).items() if name == "cursor"}
        found = self._trends.cluster(self._desk.person(req).tenant.id, cluster_id, given)
        trend = found.row.trend
        self._desk.show(
            req,
            resp,
            "cluster.html",
            section="clusters",
            found=found,
            cluster=found.row.cluster,
            trend=trend,
            bars=charts.bars_of(trend),
        )


class ClusterActionPage:
    """``POST /clusters/{id}/acknowledge``, ``resolve`` and ``reopen``."""

    def __init__(self, desk: Desk, parts: Parts, action: Action) -> None:
        self._desk = desk
        self._clusters = parts.clusters
        self._action = action

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, cluster_id: str) -> None:
        """Do it, and go back to where the button was."""
        person, form = self._desk.submitted(req, WRITERS)
        done = self._clusters.act(
            person.tenant.id, cluster_id, self._action, actor_id=person.user.id, actor=person.user.email
        )
        back = form.text("back")
        self._desk.go(resp, safe_address(back) if back else f"/clusters/{done.id}", f"cluster.{self._action}")


def _doing(action: Action) -> Callable[[Desk, Parts], object]:
    return lambda desk, parts: ClusterActionPage(desk, parts, action)


PAGES = (
    ("/clusters", ClustersPage),
    ("/clusters/{cluster_id}", ClusterPage),
    *((f"/clusters/{{cluster_id}}/{action}", _doing(action)) for action in ACTIONS),
)
