"""Settings: one's own account, for everybody."""

import falcon

from exlogare_server.auth.account import Account
from exlogare_server.auth.bodies import PasswordBody
from exlogare_server.auth.members_view import session_view
from exlogare_server.auth.sessions import EVERYBODY, Person
from exlogare_server.errors import FieldError, FieldsError, ForbiddenError, RateLimitedError
from exlogare_server.http.address import client_address
from exlogare_server.http.pages import checks, settings
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts


class _Page:
    """What the pages about one's own account need."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._account: Account = parts.account
        self._trusted_proxies = parts.trusted_proxies

    def _show(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        person: Person,
        *,
        status: str = falcon.HTTP_200,
        faults: dict[str, str] | None = None,
    ) -> None:
        sessions = [session_view(own) for own in self._account.sessions_of(person)]
        settings.show(
            self._desk, req, resp, person, "account", status=status, faults=faults or {}, sessions=sessions, me=person
        )


class AccountPage(_Page):
    """``GET /settings/account``."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show it."""
        self._show(req, resp, self._desk.person(req))


class PasswordPage(_Page):
    """``POST /settings/account/password``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Change one's own password."""
        person, form = self._desk.submitted(req, EVERYBODY)
        values = {"old_password": form.raw("old_password"), "new_password": form.raw("new_password")}
        try:
            if form.raw("new_password") != form.raw("again"):
                raise FieldsError([FieldError(("body", "again"), "The two new passwords differ.", "value_error")])
            body = checks.body_of(PasswordBody, values)
            address = client_address(req.env, self._trusted_proxies)
            self._account.change_password(person, body.old_password, body.new_password, address=address)
        except ForbiddenError as error:
            self._show(req, resp, person, status=falcon.HTTP_403, faults={"old_password": str(error)})
        except RateLimitedError as error:
            resp.set_header("Retry-After", str(error.retry_after_s))
            self._show(req, resp, person, status=falcon.HTTP_429, faults={"old_password": str(error)})
        except checks.FORM_ERRORS as error:
            faults = checks.faults_of(error)
            if "form" in faults:
                faults = {"new_password": faults["form"]}
            self._show(req, resp, person, status=checks.status_of(error), faults=faults)
        else:
            self._desk.go(resp, "/settings/account", "user.set_password")


class SessionEndPage(_Page):
    """``POST /settings/account/sessions/{id}/end``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, session_id: str) -> None:
        """End one of one's own sessions."""
        person, _ = self._desk.submitted(req, EVERYBODY)
        self._account.end_session(person, checks.id_of(session_id, "session"))
        self._desk.go(resp, "/settings/account", "session.end_own")


class OtherSessionsPage(_Page):
    """``POST /settings/account/end-others``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """End all of one's own sessions but this one."""
        person, _ = self._desk.submitted(req, EVERYBODY)
        self._account.end_other_sessions(person)
        self._desk.go(resp, "/settings/account", "session.end_others")


PAGES = (
    ("/settings/account", AccountPage),
    ("/settings/account/password", PasswordPage),
    ("/settings/account/sessions/{session_id}/end", SessionEndPage),
    ("/settings/account/end-others", OtherSessionsPage),
)
