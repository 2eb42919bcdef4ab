"""Signing in and out, and the use of a link that lets somebody in. All of it works without scripts."""

from typing import Final

import falcon

from exlogare_server.auth.sessions import ADMINS, EVERYBODY, Login, check_csrf, csrf_of, is_secret, new_secret
from exlogare_server.errors import CredentialError, NotFoundError, RateLimitedError
from exlogare_server.http.address import client_address
from exlogare_server.http.clients import client_of
from exlogare_server.http.pages import checks, forms
from exlogare_server.http.pages.desk import Desk, safe_address
from exlogare_server.http.parts import Parts
from exlogare_server.http.security import CSRF_COOKIE, SESSION_COOKIE, cookie_of

_NO_COOKIE: Final = (
    "Your browser sent no cookie, and without cookies nobody can sign in. Allow them for this address; they also need "
    "HTTPS, unless the server runs on your own machine or with --dev."
)


class _Outside:
    """What pages for people who are not signed in need."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._parts = parts

    def _csrf(self, req: falcon.Request, resp: falcon.Response) -> str:
        """Give a CSRF token for a form, and see that the browser has it."""
        session = cookie_of(req, SESSION_COOKIE)
        kept = cookie_of(req, CSRF_COOKIE) or ""
        if session and self._parts.sessions.by_cookie(session) is not None:
            # Somebody is signed in, whose token other open pages use.
            token = csrf_of(session)
        else:
            token = kept if is_secret(kept) else new_secret()
        if token != kept:
            self._desk.cookies.set_csrf(resp, token)
        return token

    def _form(self, req: falcon.Request) -> forms.Form:
        form = forms.read(req)
        check_csrf(form.csrf, cookie_of(req, CSRF_COOKIE), None)
        return form

    def _enter(self, req: falcon.Request, resp: falcon.Response, login: Login, address: str) -> None:
        """Lead somebody in: to a page, or where nothing was sent yet to how that is done."""
        req.context.tenant = login.person.tenant.slug
        self._desk.cookies.set_session(resp, login.cookie)
        is_new = login.person.role in ADMINS and not self._parts.sessions.onboarded(login.person)
        self._desk.go(resp, "/welcome" if address == "/" and is_new else address)


class LoginPage(_Outside):
    """``/login``."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show the form; whoever is signed in goes on."""
        address = safe_address(req.get_param("next") or "/")
        if self._parts.sessions.by_cookie(cookie_of(req, SESSION_COOKIE)) is not None:
            self._desk.go(resp, address)
            return
        self._show(req, resp, {"next": address})

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Sign in."""
        if not cookie_of(req, CSRF_COOKIE):
            self._show(req, resp, {"next": "/"}, _NO_COOKIE, falcon.HTTP_403)
            return
        form = self._form(req)
        address = safe_address(form.text("next") or "/")
        given = {"next": address, "email": form.text("email"), "tenant": form.text("tenant")}
        try:
            login = self._parts.sessions.login(
                email=form.text("email"),
                password=form.raw("password"),
                tenant_slug=form.text("tenant") or None,
                address=client_address(req.env, self._parts.trusted_proxies),
                old_cookie=cookie_of(req, SESSION_COOKIE),
                client=client_of(req.user_agent),
            )
        except CredentialError:
            # The same for an unknown address, a wrong password and a team that the person is not in.
            self._show(req, resp, given, "That e-mail address and password do not go together.", falcon.HTTP_401)
        except RateLimitedError as error:
            resp.set_header("Retry-After", str(error.retry_after_s))
            minutes = max(1, -(-error.retry_after_s // 60))
            sentence = (
                f"Too many tries from your network. Wait {minutes} min, then try again; "
                "an owner or admin can make you a link for a new password meanwhile."
            )
            self._show(req, resp, given, sentence, falcon.HTTP_429)
        else:
            self._enter(req, resp, login, address)

    def _show(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        given: dict[str, str],
        fault: str = "",
        status: str = falcon.HTTP_200,
    ) -> None:
        csrf = self._csrf(req, resp)
        self._desk.show(req, resp, "login.html", status=status, csrf=csrf, given=given, fault=fault)


class LogoutPage:
    """``/logout``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._sessions = parts.sessions

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Change nothing: who comes by the address of the form goes to the start."""
        self._desk.go(resp, "/")

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Sign out, here and on the server."""
        person, _ = self._desk.submitted(req, EVERYBODY)
        self._sessions.end(person)
        self._desk.cookies.clear(resp)
        self._desk.go(resp, "/login", "session.end")


class JoinPage(_Outside):
    """``/join``: the secret of a link stands behind its ``#``, which a script, or a person, puts into the form."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show the form."""
        self._show(req, resp, {}, {})

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Use the link, and sign in."""
        if not cookie_of(req, CSRF_COOKIE):
            self._show(req, resp, {}, {"form": _NO_COOKIE}, falcon.HTTP_403)
            return
        form = self._form(req)
        given = {"token": form.text("token")}
        # People who paste take the whole link.
        raw = given["token"].rpartition("#")[2]
        if form.raw("password") != form.raw("again"):
            fault = {"again": "The two passwords differ; in an account that you have already, type its password twice."}
            self._show(req, resp, given, fault, falcon.HTTP_422)
            return
        try:
            login = self._parts.account.join(
                raw,
                form.raw("password"),
                address=client_address(req.env, self._parts.trusted_proxies),
                old_cookie=cookie_of(req, SESSION_COOKIE),
                client=client_of(req.user_agent),
            )
        except NotFoundError as error:
            self._show(req, resp, given, {"token": str(error)}, falcon.HTTP_404)
        except CredentialError as error:
            self._show(req, resp, given, {"password": str(error)}, falcon.HTTP_401)
        except RateLimitedError as error:
            resp.set_header("Retry-After", str(error.retry_after_s))
            self._show(req, resp, given, checks.faults_of(error), falcon.HTTP_429)
        except checks.FORM_ERRORS as error:
            faults = checks.faults_of(error)
            if "new password" in str(error):
                faults = {"password": str(error)}
            self._show(req, resp, given, faults, checks.status_of(error))
        else:
            self._enter(req, resp, login, "/")

    def _show(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        given: dict[str, str],
        faults: dict[str, str],
        status: str = falcon.HTTP_200,
    ) -> None:
        csrf = self._csrf(req, resp)
        self._desk.show(req, resp, "join.html", status=status, csrf=csrf, given=given, faults=faults)


PAGES = (("/login", LoginPage), ("/logout", LogoutPage), ("/join", JoinPage))
