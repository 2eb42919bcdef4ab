"""Who sends a request, and whether that is allowed: bearers, session cookies, CSRF tokens, roles."""

import falcon

from exlogare_server.auth.sessions import (
    ACCESS_PREFIX,
    EVERYBODY,
    Person,
    Roles,
    Sessions,
    check_csrf,
    require_role,
)
from exlogare_server.auth.tokens import Principal, Tokens
from exlogare_server.errors import CredentialError, ForbiddenError

SESSION_COOKIE = "exlogare_session"
CSRF_COOKIE = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
# They change nothing (RFC 9110, section 9.2.1).
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Gate:
    """Lets requests in.

    Args:
        tokens: knows the API tokens.
        sessions: knows the people.
    """

    def __init__(self, tokens: Tokens, sessions: Sessions) -> None:
        self._tokens = tokens
        self._sessions = sessions

    def require(self, req: falcon.Request, scope: str) -> Principal:
        """Let in the bearer of a token with a scope. A person's access token has the scope ``read``.

        Raises:
            CredentialError: nobody that is known.
            ForbiddenError: the token lacks the scope.
        """
        access_token = _access_token(req)
        if access_token is None:
            principal = self._tokens.authenticate(req.get_header("Authorization"))
        else:
            person = self._sessions.by_access_token(access_token)
            principal = Principal(tenant=person.tenant, token_id=None, scopes=("read",))
        req.context.tenant = principal.tenant.slug
        self._tokens.require(principal, scope)
        return principal

    def reader(self, req: falcon.Request) -> Principal:
        """Let in whoever may read: a browser's session, or a bearer with the scope ``read``.

        Raises:
            CredentialError: nobody that is known.
            ForbiddenError: the token lacks the scope.
        """
        if req.get_header("Authorization"):
            return self.require(req, "read")
        person = self.person(req)
        return Principal(tenant=person.tenant, token_id=None, scopes=("read",))

    def person(self, req: falcon.Request, roles: Roles = EVERYBODY) -> Person:
        """Let in a person with one of the roles, by a browser's session or an access token.

        Raises:
            CredentialError: nobody that is known.
            ForbiddenError: an API token, another role, or the CSRF token of a changing request is not right.
        """
        if req.get_header("Authorization"):
            access_token = _access_token(req)
            if access_token is None:
                principal = self._tokens.authenticate(req.get_header("Authorization"))
                req.context.tenant = principal.tenant.slug
                raise ForbiddenError("An API token cannot do this, whoever made it; log in.")
            person = self._sessions.by_access_token(access_token)
        else:
            person = self._browser(req)
            if req.method not in _SAFE_METHODS:
                _check_csrf(req, req.get_header(CSRF_HEADER))
        req.context.tenant = person.tenant.slug
        require_role(person, roles)
        return person

    def page_reader(self, req: falcon.Request, roles: Roles = EVERYBODY) -> Person:
        """Let in a browser's session to a page that changes nothing; no other credential opens pages.

        Raises:
            CredentialError: nobody that is known.
            ForbiddenError: the role is another.
        """
        person = self._browser(req)
        require_role(person, roles)
        return person

    def page_writer(self, req: falcon.Request, roles: Roles, csrf: str | None) -> Person:
        """Let in a browser's session that sends a form.

        Args:
            req: the request.
            roles: who may.
            csrf: from the form's hidden field; the same rule as for the header holds for it.

        Raises:
            CredentialError: nobody that is known.
            ForbiddenError: the role is another, or the CSRF token is not right.
        """
        person = self._browser(req)
        _check_csrf(req, csrf)
        require_role(person, roles)
        return person

    def _browser(self, req: falcon.Request) -> Person:
        person = self._sessions.by_cookie(cookie_of(req, SESSION_COOKIE))
        if person is None:
            raise CredentialError("Not authenticated: log in.")
        req.context.tenant = person.tenant.slug
        return person


def _check_csrf(req: falcon.Request, sent: str | None) -> None:
    check_csrf(sent, cookie_of(req, CSRF_COOKIE), cookie_of(req, SESSION_COOKIE))


def cookie_of(req: falcon.Request, name: str) -> str | None:
    """Give a cookie's value; of several the first."""
    values = req.get_cookie_values(name)
    return values[0] if values else None


def _access_token(req: falcon.Request) -> str | None:
    """Give the access token that a request bears; ``None`` when it bears something else."""
    scheme, _, raw = (req.get_header("Authorization") or "").partition(" ")
    raw = raw.strip()
    return raw if scheme.lower() == "bearer" and raw.startswith(ACCESS_PREFIX) else None
