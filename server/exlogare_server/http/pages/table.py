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
    settings,
    settings_account,
    settings_channels,
    settings_members,
    settings_tokens,
    settings_webhooks,
    signing,
    static,
    trying,
    welcome,
)
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts

PAGES: tuple[tuple[str, Callable[[Desk, Parts], object]], ...] = (
    *static.PAGES,
    *signing.PAGES,
    *overview.PAGES,
    *analyses.PAGES,
    *clusters.PAGES,
    *projects.PAGES,
    *pictures.PAGES,
    *settings.PAGES,
    *settings_account.PAGES,
    *settings_channels.PAGES,
    *settings_members.PAGES,
    *settings_tokens.PAGES,
    *settings_webhooks.PAGES,
    *trying.PAGES,
    *welcome.PAGES,
)


def add_pages(app: "falcon.App[Any, Any]", desk: Desk, parts: Parts) -> None:
    """Put every page at its address."""
    for address, make in PAGES:
        app.add_route(address, make(desk, parts))
