"""``/try``: paste or drop a log and see its analysis; nothing is kept."""

import falcon

from exlogare_server import limits
from exlogare_server.auth.sessions import EVERYBODY
from exlogare_server.dashboard import reasons
from exlogare_server.errors import TooLargeError
from exlogare_server.http.pages import uploads
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts
from exlogare_server.ingest.looking import Look


class TryPage:
    """``/try``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._ingest = parts.ingest

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show the form."""
        self._desk.person(req)
        self._show(req, resp)

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show what the engine makes of a log."""
        person = self._desk.person(req)
        with self._ingest.admit_look(person.tenant.id) as lease:
            try:
                form = uploads.read(req, lease)
            except TooLargeError as error:
                self._show(req, resp, status=falcon.HTTP_413, fault=str(error))
                return
            self._desk.checked(req, EVERYBODY, form.csrf)
            if not form.log.strip():
                self._show(req, resp, status=falcon.HTTP_422, fault="Paste a log, or choose a file.")
                return
            look = self._ingest.look(form.log)
        self._show(req, resp, look=look)

    def _show(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        *,
        status: str = falcon.HTTP_200,
        fault: str = "",
        look: Look | None = None,
    ) -> None:
        log_mib = limits.LOG_BYTES_MAX // limits.MIB
        self._desk.show(
            req,
            resp,
            "try.html",
            section="try",
            status=status,
            fault=fault,
            look=look,
            log_mib=log_mib,
            level=reasons.level(look.confidence) if look else "",
        )


PAGES = (("/try", TryPage),)
