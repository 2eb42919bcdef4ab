"""``/welcome``: from nothing to a pipeline that sends its logs."""

import falcon

from exlogare_server.auth.sessions import ADMINS, Person
from exlogare_server.auth.view import NewTokenView, new_token_view
from exlogare_server.dashboard import snippets
from exlogare_server.errors import ForbiddenError
from exlogare_server.http.pages.base_address import base_address
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts


class WelcomePage:
    """``/welcome``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._sessions = parts.sessions
        self._tokens = parts.tokens
        self._secure = parts.secure_cookies

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show the way; a CI is chosen by its name in the address."""
        person = self._desk.person(req)
        self._show(req, resp, person, snippets.find(req.get_param("ci") or ""))

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Make a token for the chosen CI, and show the pipeline with it, this once."""
        person, form = self._desk.submitted(req, ADMINS)
        chosen = snippets.find(form.text("ci"))
        if chosen is None:
            self._desk.go(resp, "/welcome")
            return
        try:
            token, raw = self._tokens.create(person.tenant, name=chosen.title, scopes=["ingest"], actor=person.actor)
        except ForbiddenError as error:
            self._show(req, resp, person, chosen, status=falcon.HTTP_403, fault=str(error))
        else:
            self._show(req, resp, person, chosen, status=falcon.HTTP_201, made=new_token_view(token, raw))

    def _show(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        person: Person,
        chosen: snippets.Snippet | None,
        *,
        status: str = falcon.HTTP_200,
        fault: str = "",
        made: NewTokenView | None = None,
    ) -> None:
        base = base_address(req, secure=self._secure)
        self._desk.show(
            req, resp, "welcome.html", status=status, fault=fault, made=made, snippets=snippets.SNIPPETS,
            chosen=chosen, pipeline=chosen.for_server(base) if chosen else "", base=base,
            may_make=person.role in ADMINS, arrived=self._sessions.onboarded(person), me=person,
        )  # fmt: skip


PAGES = (("/welcome", WelcomePage),)
