"""The cookies: a session's, its CSRF token's, and the one that carries a message to the next page."""

import falcon

from exlogare_server.auth.sessions import csrf_of
from exlogare_server.http.security import CSRF_COOKIE, SESSION_COOKIE
from exlogare_server.limits import SESSION_S_MAX

MESSAGE_COOKIE = "exlogare_message"
# Long enough for a redirect over a bad line, short enough to be gone before somebody wonders.
_MESSAGE_S_MAX = 60


class Cookies:
    """Sets the cookies as the contract wants them.

    Args:
        secure: whether browsers may send them over HTTPS only.
    """

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure

    def set_session(self, resp: falcon.Response, value: str) -> None:
        """Set the session's cookie, which no script can read, and its CSRF token's."""
        resp.set_cookie(
            SESSION_COOKIE,
            value,
            max_age=SESSION_S_MAX,
            path="/",
            secure=self._secure,
            http_only=True,
            same_site="Lax",
        )
        self.set_csrf(resp, csrf_of(value))

    def set_csrf(self, resp: falcon.Response, value: str) -> None:
        """Set the CSRF token's cookie, which our pages read."""
        resp.set_cookie(
            CSRF_COOKIE,
            value,
            max_age=SESSION_S_MAX,
            path="/",
            secure=self._secure,
            http_only=False,
            same_site="Lax",
        )

    def clear(self, resp: falcon.Response) -> None:
        """Take both cookies away."""
        for name, http_only in ((SESSION_COOKIE, True), (CSRF_COOKIE, False)):
            resp.set_cookie(name, "", max_age=0, path="/", secure=self._secure, http_only=http_only, same_site="Lax")

    def set_message(self, resp: falcon.Response, key: str) -> None:
        """Have the next page show a message; an empty key takes one away."""
        resp.set_cookie(
            MESSAGE_COOKIE,
            key,
            max_age=_MESSAGE_S_MAX if key else 0,
            path="/",
            secure=self._secure,
            http_only=True,
            same_site="Lax",
        )
