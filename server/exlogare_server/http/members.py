"""The addresses about members and the links that let people in, and about one's own account."""

from uuid import UUID

import falcon

from exlogare_server.auth import members_view, view
from exlogare_server.auth.account import Account
from exlogare_server.auth.bodies import InvitationBody, JoinBody, PasswordBody, RoleBody
from exlogare_server.auth.members import Members
from exlogare_server.auth.sessions import ADMINS, check_csrf
from exlogare_server.errors import NotFoundError
from exlogare_server.http import bodies
from exlogare_server.http.address import Network, client_address
from exlogare_server.http.answers import send
from exlogare_server.http.clients import client_of
from exlogare_server.http.cookies import Cookies
from exlogare_server.http.security import CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE, Gate, cookie_of
from exlogare_server.read import ids


class _MembersResource:
    """What the resources about members need."""

    def __init__(self, members: Members, gate: Gate) -> None:
        self._members = members
        self._gate = gate


class MembersResource(_MembersResource):
    """``GET /api/members``."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List the members."""
        found = self._members.all_of(self._gate.person(req, ADMINS))
        send(resp, [members_view.member_view(member) for member in found])


class MemberResource(_MembersResource):
    """``/api/members/{id}``."""

    def on_patch(self, req: falcon.Request, resp: falcon.Response, *, user_id: str) -> None:
        """Change a member's role."""
        person = self._gate.person(req, ADMINS)
        body = bodies.read_small(req, RoleBody)
        changed = self._members.change_role(person, wanted_id(user_id, "member"), body.role)
        send(resp, members_view.member_view(changed))

    def on_delete(self, req: falcon.Request, resp: falcon.Response, *, user_id: str) -> None:
        """Take a member out."""
        self._members.remove(self._gate.person(req, ADMINS), wanted_id(user_id, "member"))
        resp.status = falcon.HTTP_204


class PasswordLinkResource(_MembersResource):
    """``POST /api/members/{id}/password-link``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, user_id: str) -> None:
        """Make a link for a member who forgot the password."""
        made = self._members.password_link(self._gate.person(req, ADMINS), wanted_id(user_id, "member"))
        send(resp, members_view.new_invitation_view(made), falcon.HTTP_201)


class InvitationsResource(_MembersResource):
    """``/api/invitations``."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List the unused links."""
        found = self._members.invitations(self._gate.person(req, ADMINS))
        send(resp, [members_view.invitation_view(row) for row in found])

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Invite somebody."""
        person = self._gate.person(req, ADMINS)
        body = bodies.read_small(req, InvitationBody)
        made = self._members.invite(person, body.email, body.role)
        send(resp, members_view.new_invitation_view(made), falcon.HTTP_201)


class InvitationResource(_MembersResource):
    """``/api/invitations/{id}``."""

    def on_delete(self, req: falcon.Request, resp: falcon.Response, *, invitation_id: str) -> None:
        """Withdraw a link."""
        self._members.withdraw(self._gate.person(req, ADMINS), wanted_id(invitation_id, "invitation"))
        resp.status = falcon.HTTP_204


class JoinResource:
    """``POST /api/auth/join``."""

    def __init__(self, account: Account, cookies: Cookies, trusted_proxies: tuple[Network, ...]) -> None:
        self._account = account
        self._cookies = cookies
        self._trusted_proxies = trusted_proxies

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Use a link, and log in."""
        check_csrf(req.get_header(CSRF_HEADER), cookie_of(req, CSRF_COOKIE), None)
        body = bodies.read_small(req, JoinBody)
        login = self._account.join(
            body.token,
            body.password,
            address=client_address(req.env, self._trusted_proxies),
            old_cookie=cookie_of(req, SESSION_COOKIE),
            client=client_of(req.user_agent),
        )
        req.context.tenant = login.person.tenant.slug
        self._cookies.set_session(resp, login.cookie)
        send(resp, view.login_view(login))


class PasswordResource:
    """``POST /api/auth/password``."""

    def __init__(self, account: Account, gate: Gate, trusted_proxies: tuple[Network, ...]) -> None:
        self._account = account
        self._gate = gate
        self._trusted_proxies = trusted_proxies

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Change one's own password."""
        person = self._gate.person(req)
        body = bodies.read_small(req, PasswordBody)
        address = client_address(req.env, self._trusted_proxies)
        self._account.change_password(person, body.old_password, body.new_password, address=address)
        send(resp, {"status": "ok"})


class SessionsResource:
    """``/api/auth/sessions``."""

    def __init__(self, account: Account, gate: Gate) -> None:
        self._account = account
        self._gate = gate

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List one's own sessions."""
        found = self._account.sessions_of(self._gate.person(req))
        send(resp, [members_view.session_view(own) for own in found])

    def on_post_others(self, req: falcon.Request, resp: falcon.Response) -> None:
        """End all but this one."""
        ended = self._account.end_other_sessions(self._gate.person(req))
        send(resp, members_view.EndedView("ok", ended))


class SessionResource:
    """``DELETE /api/auth/sessions/{id}``."""

    def __init__(self, account: Account, gate: Gate) -> None:
        self._account = account
        self._gate = gate

    def on_delete(self, req: falcon.Request, resp: falcon.Response, *, session_id: str) -> None:
        """End one of one's own sessions."""
        self._account.end_session(self._gate.person(req), wanted_id(session_id, "session"))
        resp.status = falcon.HTTP_204


def wanted_id(text: str, thing: str) -> UUID:
    """Read an id of the address.

    Raises:
        NotFoundError: it is none, so there is no such thing.
    """
    found = ids.parse(text)
    if found is None:
        raise NotFoundError(f"There is no such {thing}.")
    return found
