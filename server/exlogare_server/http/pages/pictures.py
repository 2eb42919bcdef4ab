"""Plots as files of their own, for READMEs, wikis and reports: by a session, or by a key that cannot be guessed."""

from collections.abc import Callable
from typing import Annotated, Final
from uuid import UUID

import falcon
import msgspec
from msgspec import Meta

from exlogare_server import limits
from exlogare_server.dashboard import charts, words
from exlogare_server.errors import BadRequestError
from exlogare_server.http.answers import parameters as given_in
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts
from exlogare_server.read import ids, parameters
from exlogare_server.read.browse_view import Trend
from exlogare_server.read.query import Filter

# Proxies of code hosts keep pictures this long, and so may browsers.
_KEEP_S: Final = 300
# Nothing is loaded or run, wherever the picture is opened.
_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"


class PictureParameters(msgspec.Struct, frozen=True, kw_only=True):
    """What a picture shows, and the key that opens it to whoever is not signed in."""

    days: Annotated[int, Meta(ge=1, le=limits.BROWSE_DAYS_MAX)] = limits.BROWSE_DAYS
    project: Filter | None = None
    theme: Annotated[str, Meta(max_length=8)] = "light"
    tenant: Annotated[str, Meta(max_length=64)] | None = None
    key: Annotated[str, Meta(max_length=64)] | None = None


class PicturePage:
    """``GET /charts/….svg``.

    Args:
        draw: makes the picture.
    """

    def __init__(self, desk: Desk, parts: Parts, draw: Callable[[Trend, PictureParameters], str]) -> None:
        self._desk = desk
        self._trends = parts.trends
        self._keys = parts.chart_keys
        self._draw = draw

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Draw it."""
        asked = parameters.parse(given_in(req), PictureParameters)
        if asked.theme not in charts.PALETTES:
            raise BadRequestError(f"theme must be one of {', '.join(charts.PALETTES)}.")
        tenant_id = self._tenant(req, asked)
        trend = self._trends.failures(tenant_id, asked.project, asked.days)
        resp.content_type = "image/svg+xml"
        resp.data = self._draw(trend, asked).encode("utf-8", "replace")
        resp.set_header("Content-Security-Policy", _POLICY)
        # A project's name must not tell another site's script anything; a key in the address opens it anyway.
        resp.set_header("Cross-Origin-Resource-Policy", "cross-origin" if asked.key else "same-origin")
        resp.set_header("Cache-Control", f"{'public' if asked.key else 'private'}, max-age={_KEEP_S}")

    def _tenant(self, req: falcon.Request, asked: PictureParameters) -> UUID:
        if asked.key is None:
            return self._desk.person(req).tenant.id
        return self._keys.check(ids.parse(asked.tenant or ""), asked.project, asked.key)


def _failures(trend: Trend, asked: PictureParameters) -> str:
    of = f" of {words.sentence(asked.project, 60)}" if asked.project else ""
    return charts.picture(charts.bars_of(trend), title=f"Failures a day{of}", palette=charts.PALETTES[asked.theme])


def _badge(trend: Trend, asked: PictureParameters) -> str:
    label = f"CI failures, {words.plural(asked.days, 'day')}"
    return charts.badge(label, words.number(trend.total), bad=trend.total > 0)


def _drawing(draw: Callable[[Trend, PictureParameters], str]) -> Callable[[Desk, Parts], object]:
    return lambda desk, parts: PicturePage(desk, parts, draw)


PAGES = (
    ("/charts/failures.svg", _drawing(_failures)),
    ("/charts/badge.svg", _drawing(_badge)),
)
