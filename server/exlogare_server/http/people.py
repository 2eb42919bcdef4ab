"""The addresses about people: login, logout, who am I, CSRF tokens, API tokens, the audit log."""

import falcon

from exlogare_server.auth import view
from exlogare_server.auth.bodies import LoginBody, TokenBody
from exlogare_server.auth.sessions import ADMINS, Sessions, check_csrf, csrf_of, is_secret, new_secret
from exlogare_server.auth.tokens import Tokens
from exlogare_server.errors import FieldError, FieldsError, NotFoundError
from exlogare_server.http import bodies
from exlogare_server.http.address import Network, client_address
from exlogare_server.http.answers import parameters, send
from exlogare_server.http.clients import client_of
from exlogare_server.http.cookies import Cookies
from exlogare_server.http.security import CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE, Gate, cookie_of
from exlogare_server.read import ids, moments
from exlogare_server.read.audit import Audit


class CsrfResource:
    """``GET /api/auth/csrf``."""

    def __init__(self, sessions: Sessions, cookies: Cookies) -> None:
        self._sessions = sessions
        self._cookies = cookies

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Give the CSRF token: the session's, or before there is one the browser's, or a new one."""
        session_cookie = cookie_of(req, SESSION_COOKIE)
        kept = cookie_of(req, CSRF_COOKIE) or ""
        if session_cookie and self._sessions.by_cookie(session_cookie) is not None:
            csrf = csrf_of(session_cookie)
        else:
            csrf = kept if is_secret(kept) else new_secret()
        self._cookies.set_csrf(resp, csrf)
        send(resp, view.CsrfView(csrf))


class LoginResource:
    """``POST /api/auth/login``."""

    def __init__(self, sessions: Sessions, cookies: Cookies, trusted_proxies: tuple[Network, ...]) -> None:
        self._sessions = sessions
        self._cookies = cookies
        self._trusted_proxies = trusted_proxies

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Log in. The session that the browser had ends, and so does its CSRF token."""
        check_csrf(req.get_header(CSRF_HEADER), cookie_of(req, CSRF_COOKIE), None)
        body = bodies.read_small(req, LoginBody)
        login = self._sessions.login(
            email=body.email,
            password=body.password,
            tenant_slug=body.tenant,
            address=client_address(req.env, self._trusted_proxies),
            old_cookie=cookie_of(req, SESSION_COOKIE),
            client=client_of(req.user_agent),
        )
        req.context.tenant = login.person.tenant.slug
        self._cookies.set_session(resp, login.cookie)
        send(resp, view.login_view(login))


class LogoutResource:
    """``POST /api/auth/logout``."""

    def __init__(self, sessions: Sessions, cookies: Cookies, gate: Gate) -> None:
        self._sessions = sessions
        self._cookies = cookies
        self._gate = gate

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Log out, here and on the server."""
        self._sessions.end(self._gate.person(req))
        self._cookies.clear(resp)
        send(resp, {"status": "ok"})


class MeResource:
    """``GET /api/auth/me``."""

    def __init__(self, sessions: Sessions, gate: Gate) -> None:
        self._sessions = sessions
        self._gate = gate

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Say who is logged in."""
        person = self._gate.person(req)
        send(resp, view.me_view(person, onboarded=self._sessions.onboarded(person)))


class TokensResource:
    """``/api/tokens``."""

    def __init__(self, tokens: Tokens, gate: Gate) -> None:
        self._tokens = tokens
        self._gate = gate

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List the tenant's tokens."""
        person = self._gate.person(req, ADMINS)
        send(resp, [view.token_view(token) for token in self._tokens.all_of(person.tenant)])

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Make a token."""
        person = self._gate.person(req, ADMINS)
        body = bodies.read_small(req, TokenBody)
        moment = moments.parse(body.expires_at) if body.expires_at else None
        if body.expires_at and moment is None:
            message = "Expected an ISO 8601 date or date-time."
            raise FieldsError([FieldError(("body", "expires_at"), message, "datetime_parsing")])
        token, raw = self._tokens.create(
            person.tenant,
            name=body.name,
            scopes=["ingest"] if body.scopes is None else body.scopes,
            expires_at=moment.start if moment else None,
            actor=person.actor,
        )
        send(resp, view.new_token_view(token, raw), falcon.HTTP_201)


class TokenRevocationResource:
    """``POST /api/tokens/{id}/revoke``."""

    def __init__(self, tokens: Tokens, gate: Gate) -> None:
        self._tokens = tokens
        self._gate = gate

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, token_id: str) -> None:
        """Revoke a token."""
        person = self._gate.person(req, ADMINS)
        wanted = ids.parse(token_id)
        if wanted is None:
            raise NotFoundError("There is no such token.")
        send(resp, view.token_view(self._tokens.revoke(person.tenant, wanted, actor=person.actor)))


class AuditResource:
    """``GET /api/audit``."""

    def __init__(self, audit: Audit, gate: Gate) -> None:
        self._audit = audit
        self._gate = gate

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List what was changed in the tenant."""
        person = self._gate.person(req, ADMINS)
        send(resp, self._audit.page(person.tenant.id, parameters(req)))
