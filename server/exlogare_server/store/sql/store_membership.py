"""The part of the SQL store that is about members and the links that let people in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exlogare_server.store.membership import Invitation, Membership
from exlogare_server.store.records import AuditEvent, Role, Session, Tenant, User
from exlogare_server.store.sql import membership
from exlogare_server.store.sql.store_people import Core


class MembershipMixin:
    """See ``store/membership.py``, which describes the methods."""

    def members(self: Core, tenant_id: UUID) -> tuple[Membership, ...]:
        """List members."""
        return self._read(lambda connection: membership.members(connection, tenant_id))

    def change_member(
        self: Core, tenant_id: UUID, user_id: UUID, role: Role | None, *, by_owner: bool, audit: AuditEvent
    ) -> Membership:
        """Change a role, or take a member out."""
        return self._writer.run(
            lambda connection: membership.change_member(
                connection, tenant_id, user_id, role, by_owner=by_owner, event=audit
            )
        )

    def add_invitation(self: Core, invitation: Invitation, *, count_max: int, audit: AuditEvent) -> None:
        """Keep a link."""
        self._writer.run(lambda connection: membership.add_invitation(connection, invitation, count_max, audit))

    def invitations(self: Core, tenant_id: UUID) -> tuple[Invitation, ...]:
        """List links."""
        return self._read(lambda connection: membership.all_invitations(connection, tenant_id))

    def invitation_by_sha256(self: Core, sha256: bytes) -> tuple[Invitation, Tenant] | None:
        """Find a link."""
        return self._read(lambda connection: membership.invitation_by_sha256(connection, sha256))

    def delete_invitation(self: Core, tenant_id: UUID, invitation_id: UUID, *, audit: AuditEvent) -> bool:
        """Make a link void."""
        return self._writer.run(
            lambda connection: membership.delete_invitation(connection, tenant_id, invitation_id, audit)
        )

    def accept_invitation(self: Core, invitation: Invitation, user: User, now: datetime, *, audit: AuditEvent) -> None:
        """Use a link."""
        self._writer.run(lambda connection: membership.accept(connection, invitation, user, now, audit))

    def sessions_of(self: Core, user_id: UUID) -> tuple[tuple[Session, Tenant], ...]:
        """List a user's sessions."""
        return self._read(lambda connection: membership.sessions_of(connection, user_id))

    def end_session_of(self: Core, user_id: UUID, session_id: UUID, *, audit: AuditEvent) -> bool:
        """End a session of this user."""
        return self._writer.run(lambda connection: membership.end_session_of(connection, user_id, session_id, audit))

    def end_other_sessions(self: Core, user_id: UUID, keep: UUID, *, audit: AuditEvent) -> int:
        """End all sessions of a user but one."""
        return self._writer.run(lambda connection: membership.end_other_sessions(connection, user_id, keep, audit))

    def set_password(
        self: Core, user_id: UUID, password_hash: str, *, keep: UUID | None, audit: Sequence[AuditEvent]
    ) -> None:
        """Change a password."""
        self._writer.run(lambda connection: membership.set_password(connection, user_id, password_hash, keep, audit))

    def note_refused_login(self: Core, email: str, now: datetime, detail: str) -> None:
        """Note a refused login at some time."""
        self._writer.start(lambda connection: membership.note_refused_login(connection, email, now, detail))
