"""Settings: members, their roles, and the links that let people in."""

from typing import Final

import falcon

from exlogare_server.auth.bodies import InvitationBody, RoleBody
from exlogare_server.auth.members import Members, NewLink
from exlogare_server.auth.members_view import NewInvitationView, invitation_view, member_view, new_invitation_view
from exlogare_server.auth.sessions import ADMINS, Person
from exlogare_server.http.pages import checks, settings
from exlogare_server.http.pages.base_address import base_address
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts

# A row with its buttons is over a kilobyte.
_ROWS: Final = 40


class _Page:
    """What the pages about members need."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._members: Members = parts.members
        self._secure = parts.secure_cookies

    def _show(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        person: Person,
        *,
        status: str = falcon.HTTP_200,
        faults: dict[str, str] | None = None,
        given: dict[str, str] | None = None,
        made: NewInvitationView | None = None,
    ) -> None:
        found = [member_view(member) for member in self._members.all_of(person)]
        settings.show(
            self._desk, req, resp, person, "members", status=status, faults=faults or {},
            given=given or {"email": "", "role": "member"}, made=made,
            base=base_address(req, secure=self._secure),
            members=settings.part_of(found, req.get_param("page") or "", _ROWS), count=len(found),
            invitations=[invitation_view(row) for row in self._members.invitations(person)],
            own_id=person.user.id, is_owner=person.role == "owner",
        )  # fmt: skip

    def _show_link(self, req: falcon.Request, resp: falcon.Response, person: Person, made: NewLink) -> None:
        self._show(req, resp, person, status=falcon.HTTP_201, made=new_invitation_view(made))


class MembersPage(_Page):
    """``/settings/members``."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List the members and the unused links."""
        self._show(req, resp, self._desk.person(req, ADMINS))

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Invite somebody, and show the link this once."""
        person, form = self._desk.submitted(req, ADMINS)
        given = {"email": form.text("email"), "role": form.text("role")}
        try:
            body = checks.body_of(InvitationBody, given)
            made = self._members.invite(person, body.email, body.role)
        except checks.FORM_ERRORS as error:
            status, faults = checks.status_of(error), checks.faults_of(error)
            self._show(req, resp, person, status=status, faults=faults, given=given)
        else:
            self._show_link(req, resp, person, made)


class MemberRolePage(_Page):
    """``POST /settings/members/{id}/role``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, user_id: str) -> None:
        """Change a member's role."""
        person, form = self._desk.submitted(req, ADMINS)
        wanted = checks.id_of(user_id, "member")
        try:
            body = checks.body_of(RoleBody, {"role": form.text("role")})
            self._members.change_role(person, wanted, body.role)
        except checks.FORM_ERRORS as error:
            faults = {"members": next(iter(checks.faults_of(error).values()))}
            self._show(req, resp, person, status=checks.status_of(error), faults=faults)
        else:
            # Whoever took the own right away cannot see the list any more.
            still_admin = wanted != person.user.id or body.role in ADMINS
            self._desk.go(resp, "/settings/members" if still_admin else "/", "member.set_role")


class MemberRemovalPage(_Page):
    """``POST /settings/members/{id}/remove``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, user_id: str) -> None:
        """Take a member out."""
        person, _ = self._desk.submitted(req, ADMINS)
        wanted = checks.id_of(user_id, "member")
        try:
            self._members.remove(person, wanted)
        except checks.FORM_ERRORS as error:
            faults = {"members": next(iter(checks.faults_of(error).values()))}
            self._show(req, resp, person, status=checks.status_of(error), faults=faults)
        else:
            self._desk.go(resp, "/settings/members", "member.remove")


class PasswordLinkPage(_Page):
    """``POST /settings/members/{id}/password-link``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, user_id: str) -> None:
        """Make a link for a member who forgot the password, and show it this once."""
        person, _ = self._desk.submitted(req, ADMINS)
        try:
            made = self._members.password_link(person, checks.id_of(user_id, "member"))
        except checks.FORM_ERRORS as error:
            faults = {"members": next(iter(checks.faults_of(error).values()))}
            self._show(req, resp, person, status=checks.status_of(error), faults=faults)
        else:
            self._show_link(req, resp, person, made)


class WithdrawalPage(_Page):
    """``POST /settings/invitations/{id}/withdraw``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, invitation_id: str) -> None:
        """Withdraw a link."""
        person, _ = self._desk.submitted(req, ADMINS)
        self._members.withdraw(person, checks.id_of(invitation_id, "invitation"))
        self._desk.go(resp, "/settings/members", "invitation.withdraw")


PAGES = (
    ("/settings/members", MembersPage),
    ("/settings/members/{user_id}/role", MemberRolePage),
    ("/settings/members/{user_id}/remove", MemberRemovalPage),
    ("/settings/members/{user_id}/password-link", PasswordLinkPage),
    ("/settings/invitations/{invitation_id}/withdraw", WithdrawalPage),
)
