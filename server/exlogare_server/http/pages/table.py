"""Every page, by its address: a page is a row in the table of its file, and its file stands here."""

from collections.abc import Callable
from typing import Any

import falcon

from exlogare_server.http.pages import (
    analyses,
    clusters,
    overview,
    pictures,
    projects,
    static,
)
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts

PAGES: tuple[tuple[str, Callable[[Desk, Parts], object]], ...] = (
    *static.PAGES,
    *overview.PAGES,
    *analyses.PAGES,
    *clusters.PAGES,
    *projects.PAGES,
    *pictures.PAGES,
)


def add_pages(app: "falcon.App[Any, Any]", desk: Desk, parts: Parts) -> None:
    """Put every page at its address."""
    for address, make in PAGES:
        app.add_route(address, make(desk, parts))
