"""Who is in a tenant and who is asked in: records, and what the use cases may ask of a store about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from exlogare_server.store.records import AuditEvent, Role, Session, Tenant, User

InvitationKind = Literal["invitation", "password"]


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """A person in a tenant."""

    tenant_id: UUID
    user: User
    role: Role
    created_at: datetime


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """A link that lets somebody in once: the digest of its secret, never the secret.

    Attributes:
        kind: ``invitation`` makes somebody a member; ``password`` gives a member a new password.
        email: whom it is for, in lower case.
        role: which role the new member gets, or has.
        created_by: who made it, as in the audit log.
    """

    id: UUID
    tenant_id: UUID
    kind: InvitationKind
    email: str
    role: Role
    sha256: bytes
    created_by: str
    created_at: datetime
    expires_at: datetime


class Memberships(Protocol):
    """The part of a ``Store`` that is about members. Every method may raise ``StoreUnavailableError``.

    A line of the audit log is kept in the same step as the change that it tells of, and only if there was one.
    """

    def members(self, tenant_id: UUID) -> tuple[Membership, ...]:
        """List a tenant's members, the oldest membership first."""

    def change_member(
        self, tenant_id: UUID, user_id: UUID, role: Role | None, *, by_owner: bool, audit: AuditEvent
    ) -> Membership:
        """Change a member's role, or with ``None`` take the member out, sessions in the tenant included.

        Links for a new password that the member has not used are void.

        Returns:
            The membership as it was.

        Raises:
            NotFoundError: the tenant has no such member.
            ForbiddenError: an owner would be made or changed, and ``by_owner`` is false.
            ConflictError: the tenant would have no owner left. Counting and changing are one step.
        """

    def add_invitation(self, invitation: Invitation, *, count_max: int, audit: AuditEvent) -> None:
        """Keep a link; an earlier one for the same person in the tenant is void, and so are expired ones.

        Raises:
            ConflictError: whoever is to be invited is a member already.
            BadRequestError: the tenant has ``count_max`` of them.
        """

    def invitations(self, tenant_id: UUID) -> tuple[Invitation, ...]:
        """List a tenant's links that were not used, expired or not, newest first."""

    def invitation_by_sha256(self, sha256: bytes) -> tuple[Invitation, Tenant] | None:
        """Find a link by its digest, expired or not."""

    def delete_invitation(self, tenant_id: UUID, invitation_id: UUID, *, audit: AuditEvent) -> bool:
        """Make a link void; say whether there was one."""

    def accept_invitation(self, invitation: Invitation, user: User, now: datetime, *, audit: AuditEvent) -> None:
        """Use a link, once.

        Args:
            invitation: an invitation makes the user a member (who is one already keeps the role); a link for
                a new password ends all sessions of the user.
            user: as it will be; made unless there is one of this id.
            now: the present.
            audit: see the class.

        Raises:
            NotFoundError: the link was used or made void meanwhile.
            ConflictError: a user with this address was made meanwhile; or a new password is for somebody who
                is not in this tenant alone.
        """

    def sessions_of(self, user_id: UUID) -> tuple[tuple[Session, Tenant], ...]:
        """List a user's sessions of all tenants, ended by time or not, the last used first."""

    def end_session_of(self, user_id: UUID, session_id: UUID, *, audit: AuditEvent) -> bool:
        """End a session of this user; say whether there was one."""

    def end_other_sessions(self, user_id: UUID, keep: UUID, *, audit: AuditEvent) -> int:
        """End all sessions of a user but one; give how many there were."""

    def set_password(
        self, user_id: UUID, password_hash: str, *, keep: UUID | None, audit: Sequence[AuditEvent]
    ) -> None:
        """Change a password and end all sessions of the user, but for one that is kept."""

    def note_refused_login(self, email: str, now: datetime, detail: str) -> None:
        """Note in the audit log of every tenant of a user that somebody was not let in.

        Returns at once, whether there is such a user or not: this write need not be durable, and may be lost.
        """
