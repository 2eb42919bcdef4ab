"""Who is in a tenant: members, their roles, and links that let people in. For owners and admins.

An admin can do nothing to an owner, and a tenant always has an owner; the store holds both in the step that
changes something.
"""

import hashlib
import uuid
from datetime import timedelta

import msgspec

from exlogare_server import limits
from exlogare_server.auth.audit import audit_event
from exlogare_server.auth.sessions import Person, new_secret
from exlogare_server.auth.tenants import normal_email
from exlogare_server.errors import ConflictError, FieldError, FieldsError, ForbiddenError, NotFoundError
from exlogare_server.store.membership import Invitation, InvitationKind, Membership
from exlogare_server.store.protocol import ROLES, Role, Store
from exlogare_server.times import Clock

# Told apart from other secrets by its first letters.
LINK_PREFIX = "exi_"


class NewLink(msgspec.Struct, frozen=True):
    """A link that was made just now, and its secret, which nobody can get a second time."""

    invitation: Invitation
    raw: str


class Members:
    """The use cases about members. Whoever calls them has let in owners and admins only.

    Args:
        store: where they are kept.
        clock: gives the present time.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def all_of(self, person: Person) -> tuple[Membership, ...]:
        """List the members, the oldest first."""
        return self._store.members(person.tenant.id)

    def one(self, person: Person, user_id: uuid.UUID) -> Membership:
        """Find a member.

        Raises:
            NotFoundError: there is none of this id.
        """
        found = next((member for member in self.all_of(person) if member.user.id == user_id), None)
        if found is None:
            raise NotFoundError("There is no such member.")
        return found

    def change_role(self, person: Person, user_id: uuid.UUID, role: str) -> Membership:
        """Change a member's role, at once.

        Raises:
            NotFoundError: there is no such member.
            FieldsError: there is no such role.
            ForbiddenError: an admin would change or make an owner.
            ConflictError: the last owner would go.
        """
        new, before = _role(role), self.one(person, user_id)
        detail = f"Made {before.user.email} {new}, was {before.role}."
        event = audit_event(person.tenant.id, self._clock(), person.actor, "member.set_role", str(user_id), detail)
        self._store.change_member(person.tenant.id, user_id, new, by_owner=person.role == "owner", audit=event)
        return msgspec.structs.replace(before, role=new)

    def remove(self, person: Person, user_id: uuid.UUID) -> Membership:
        """Take a member out; the member's sessions here end.

        Raises:
            NotFoundError: there is no such member.
            ForbiddenError: an admin would remove an owner.
            ConflictError: the last owner would go.
        """
        before = self.one(person, user_id)
        detail = f"Removed {before.user.email}, was {before.role}."
        event = audit_event(person.tenant.id, self._clock(), person.actor, "member.remove", str(user_id), detail)
        return self._store.change_member(person.tenant.id, user_id, None, by_owner=person.role == "owner", audit=event)

    def invite(self, person: Person, email: str, role: str) -> NewLink:
        """Make a link with which somebody becomes a member; an earlier one for the same address is void.

        Raises:
            BadRequestError: it is no e-mail address, or there are too many unused links.
            FieldsError: there is no such role.
            ForbiddenError: an admin would make an owner.
            ConflictError: the person is a member already.
        """
        email, wanted = normal_email(email), _role(role)
        if wanted == "owner" and person.role != "owner":
            raise ForbiddenError("Only an owner can make, change or remove an owner.")
        return self._make(person, "invitation", email, wanted, f"Invited {email} as {wanted}.")

    def password_link(self, person: Person, user_id: uuid.UUID) -> NewLink:
        """Make a link with which a member who forgot the password sets a new one.

        Raises:
            NotFoundError: there is no such member.
            ForbiddenError: an admin would do so for an owner.
            ConflictError: the member is in other tenants too, which an admin of this one must not get into.
        """
        member = self.one(person, user_id)
        if member.role == "owner" and person.role != "owner":
            raise ForbiddenError("Only an owner can make, change or remove an owner.")
        if len(self._store.memberships(user_id)) > 1:
            raise ConflictError("The member is in other tenants as well, so only the server's operator can help.")
        detail = f"Made a link for a new password of {member.user.email}."
        return self._make(person, "password", member.user.email, member.role, detail)

    def invitations(self, person: Person) -> tuple[Invitation, ...]:
        """List the links that still let somebody in, newest first."""
        now = self._clock()
        return tuple(row for row in self._store.invitations(person.tenant.id) if row.expires_at > now)

    def withdraw(self, person: Person, invitation_id: uuid.UUID) -> None:
        """Make a link void.

        Raises:
            NotFoundError: there is none of this id.
        """
        detail = "Withdrew an unused link."
        event = audit_event(
            person.tenant.id, self._clock(), person.actor, "invitation.withdraw", str(invitation_id), detail
        )
        if not self._store.delete_invitation(person.tenant.id, invitation_id, audit=event):
            raise NotFoundError("There is no such invitation.")

    def _make(self, person: Person, kind: InvitationKind, email: str, role: Role, detail: str) -> NewLink:
        now, raw = self._clock(), LINK_PREFIX + new_secret()
        lasts_s = limits.INVITATION_S_MAX if kind == "invitation" else limits.PASSWORD_LINK_S_MAX
        invitation = Invitation(
            id=uuid.uuid4(),
            tenant_id=person.tenant.id,
            kind=kind,
            email=email,
            role=role,
            sha256=hashlib.sha256(raw.encode()).digest(),
            created_by=person.actor.name,
            created_at=now,
            expires_at=now + timedelta(seconds=lasts_s),
        )
        action = "invitation.create" if kind == "invitation" else "member.password_link"
        event = audit_event(person.tenant.id, now, person.actor, action, str(invitation.id), detail)
        self._store.add_invitation(invitation, count_max=limits.INVITATIONS_MAX, audit=event)
        return NewLink(invitation, raw)


def _role(text: str) -> Role:
    for role in ROLES:
        if role == text:
            return role
    raise FieldsError([FieldError(("body", "role"), f"Expected one of {', '.join(ROLES)}.", "enum")])
