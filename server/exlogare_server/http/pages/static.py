"""Style, script and icon."""

import falcon

from exlogare_server.errors import NotFoundError
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts

_YEAR_S = 365 * 86_400


class StaticPage:
    """``GET /static/{name}``: for ever when the address names the version, else asked for again each time."""

    def __init__(self, desk: Desk, _parts: Parts) -> None:
        self._assets = desk.assets

    def on_get(self, req: falcon.Request, resp: falcon.Response, *, name: str) -> None:
        """Give the file."""
        asset = self._assets.find(name)
        if asset is None:
            raise NotFoundError("There is no such file.")
        named = req.get_param("v") == asset.version
        resp.set_header("Cache-Control", f"public, max-age={_YEAR_S}, immutable" if named else "no-cache")
        resp.etag = asset.version
        if asset.version in (req.get_header("If-None-Match") or ""):
            resp.status = falcon.HTTP_304
            return
        resp.content_type = asset.media_type
        resp.data = asset.content


PAGES = (("/static/{name}", StaticPage),)
