"""What every page needs: who is there, a page or a redirect as the answer, and errors as pages."""

import contextlib
from typing import Final

import falcon

from exlogare_server import errors, limits
from exlogare_server.auth.sessions import EVERYBODY, Person, Roles, csrf_of
from exlogare_server.dashboard import faults, messages
from exlogare_server.dashboard.assets import Assets
from exlogare_server.dashboard.render import Renderer, Shell, query
from exlogare_server.http import context
from exlogare_server.http.cookies import MESSAGE_COOKIE, Cookies
from exlogare_server.http.pages import forms
from exlogare_server.http.security import CSRF_COOKIE, SESSION_COOKIE, Gate, cookie_of
from exlogare_server.times import Clock

THEME_COOKIE: Final = "exlogare_theme"
# Everything that a page may do is listed; the rest, inline scripts and styles above all, is refused.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_SERVER_FAULT: Final = 500
# What programs ask for: errors there stay JSON, whoever asks.
_FOR_PROGRAMS: Final = ("/api/", "/metrics", "/healthz", "/readyz", "/static/", "/charts/")


class Desk:
    """The front desk of the pages.

    Args:
        gate: knows who may come in.
        cookies: sets them.
        clock: gives the present time.
    """

    def __init__(self, gate: Gate, cookies: Cookies, clock: Clock) -> None:
        self.assets = Assets()
        self.cookies = cookies
        self.clock = clock
        self._gate = gate
        self._renderer = Renderer(self.assets)

    def person(self, req: falcon.Request, roles: Roles = EVERYBODY) -> Person:
        """Let a browser's session in to read.

        Raises:
            CredentialError: nobody is signed in; the browser is then led to the sign-in page, and back.
            ForbiddenError: the role is another.
        """
        person = self._gate.page_reader(req)
        # Set before the role is checked, so that the page that says no has its navigation.
        req.context.person = person
        if person.role not in roles:
            self._gate.page_reader(req, roles)
        return person

    def submitted(
        self, req: falcon.Request, roles: Roles, *, bytes_max: int = limits.SMALL_BODY_BYTES_MAX
    ) -> tuple[Person, forms.Form]:
        """Let a browser's session in that sends a form, and read the form. Nothing is read of a stranger's.

        Args:
            req: the request.
            roles: who may.
            bytes_max: of the form.

        Raises:
            CredentialError: nobody is signed in.
            ForbiddenError: the role is another, or the CSRF token is not right.
            ServerError: as in ``forms.read``.
        """
        req.context.person = self._gate.page_reader(req)
        form = forms.read(req, bytes_max)
        return self._gate.page_writer(req, roles, form.csrf), form

    def checked(self, req: falcon.Request, roles: Roles, csrf: str | None) -> Person:
        """Let in somebody who sent a form that was read in another way than by ``submitted``.

        Raises:
            CredentialError: nobody is signed in.
            ForbiddenError: the role is another, or the CSRF token is not right.
        """
        return self._gate.page_writer(req, roles, csrf)

    def show(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        template: str,
        *,
        section: str = "",
        status: str = falcon.HTTP_200,
        csrf: str | None = None,
        **values: object,
    ) -> None:
        """Answer with a page.

        Args:
            req: the request.
            resp: gets the page.
            template: a file of ``dashboard/templates``.
            section: of ``dashboard/navigation.py``; empty for none.
            status: 422 for a form that comes back with its faults.
            csrf: for forms of people who are not signed in (the sign-in page), whose token the caller makes and
                sets as a cookie; signed in, the session's is taken.
            values: for the template.
        """
        person: Person | None = getattr(req.context, "person", None)
        cookie = cookie_of(req, SESSION_COOKIE)
        if person is not None and cookie:
            csrf = csrf_of(cookie)
            if cookie_of(req, CSRF_COOKIE) != csrf:
                # Lost, or another session's: with it the page's forms would be refused.
                self.cookies.set_csrf(resp, csrf)
        shown = cookie_of(req, MESSAGE_COOKIE)
        message = messages.find(shown)
        if shown:
            self.cookies.set_message(resp, "")
        theme = cookie_of(req, THEME_COOKIE) or ""
        shell = Shell(
            person=person,
            csrf=csrf or "",
            section=section,
            message=message,
            theme=theme if theme in ("light", "dark") else "",
            now=self.clock(),
        )
        page = self._renderer.page(template, shell, **values)
        resp.status = status
        resp.content_type = falcon.MEDIA_HTML
        resp.data = page.encode("utf-8", "replace")
        for name, value in _HEADERS.items():
            resp.set_header(name, value)

    def go(self, resp: falcon.Response, address: str, message: str = "") -> None:
        """Lead the browser to a page after something was done (303: it asks with GET).

        Args:
            resp: gets the redirect.
            address: on this server, beginning with a slash.
            message: a key of ``dashboard/messages.py``, shown there once.

        Raises:
            KeyError: there is no such message.
        """
        if message:
            if messages.find(message) is None:
                raise KeyError(message)
            self.cookies.set_message(resp, message)
        resp.status = falcon.HTTP_303
        resp.set_header("Location", address)
        resp.content_type = falcon.MEDIA_TEXT
        resp.data = b""

    def show_fault(self, req: falcon.Request, resp: falcon.Response, error: Exception) -> None:
        """Put a page in the place of an error's JSON, where a browser asked for a page."""
        if req.path.startswith(_FOR_PROGRAMS) or "text/html" not in (req.get_header("Accept") or ""):
            return
        if isinstance(error, errors.CredentialError):
            resp.delete_header("WWW-Authenticate")
            back = safe_address(req.relative_uri) if req.method == "GET" else ""
            self.go(resp, "/login" + query(next=back if back != "/" else ""))
            return
        known = isinstance(error, errors.ServerError) and resp.status_code < _SERVER_FAULT
        fault = faults.describe(resp.status_code, str(error) if known else "")
        self._know_again(req)
        self.show(
            req,
            resp,
            "fault.html",
            status=str(resp.status),
            fault=fault,
            retry_s=error.retry_after_s if isinstance(error, errors.RetryLaterError) else None,
            request_id=context.request_id(req),
        )

    def _know_again(self, req: falcon.Request) -> None:
        """See who is there, for the navigation of an error's page; also while the database is away."""
        if getattr(req.context, "person", None) is None:
            with contextlib.suppress(Exception):  # whatever it is, it was told already
                req.context.person = self._gate.page_reader(req)


def safe_address(address: str) -> str:
    r"""Give an address back when it is one of this server's pages, else ``/``: a link must not lead elsewhere.

    Browsers read ``//host`` and ``/\host`` as another server's address, and drop control characters.
    """
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if local and address.isascii() and address.isprintable() and "\\" not in address else "/"
