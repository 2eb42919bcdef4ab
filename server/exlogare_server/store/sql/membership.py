"""Statements about members and the links that let people in. Transactions are the caller's."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from exlogare_server.errors import BadRequestError, ConflictError, ForbiddenError, NotFoundError
from exlogare_server.store.membership import Invitation, Membership
from exlogare_server.store.records import AuditEvent, Role, Session, Tenant, User
from exlogare_server.store.sql import accounts, people, rows
from exlogare_server.store.sql.membership_schema import invitations
from exlogare_server.store.sql.schema import memberships, sessions, tenants, users
from exlogare_server.times import from_us, to_us


def members(connection: sa.Connection, tenant_id: UUID) -> tuple[Membership, ...]:
    """List a tenant's members."""
    return tuple(_membership(row) for row in connection.execute(_members(tenant_id)))


def change_member(
    connection: sa.Connection, tenant_id: UUID, user_id: UUID, role: Role | None, *, by_owner: bool, event: AuditEvent
) -> Membership:
    """Change a role, or take a member out. Raises ``NotFoundError``, ``ForbiddenError``, ``ConflictError``."""
    _lock(connection, tenant_id)
    row = connection.execute(_members(tenant_id).where(users.c.id == user_id)).one_or_none()
    if row is None:
        raise NotFoundError("There is no such member.")
    before = _membership(row)
    if "owner" in (before.role, role) and not by_owner:
        raise ForbiddenError("Only an owner can make, change or remove an owner.")
    if role == before.role:
        return before
    mine = sa.and_(memberships.c.tenant_id == tenant_id, memberships.c.user_id == user_id)
    if before.role == "owner" and _owners(connection, tenant_id) <= 1:
        raise ConflictError("This is the last owner; make somebody else an owner first.")
    if role is None:
        connection.execute(sa.delete(memberships).where(mine))
        connection.execute(sa.delete(sessions).where(sessions.c.tenant_id == tenant_id, sessions.c.user_id == user_id))
    else:
        connection.execute(sa.update(memberships).where(mine).values(role=role))
    accounts.void_password_links(connection, tenant_id, user_id)
    people.record(connection, event)
    return before


def add_invitation(connection: sa.Connection, invitation: Invitation, count_max: int, event: AuditEvent) -> None:
    """Insert a link. Raises ``ConflictError``, ``BadRequestError``."""
    _lock(connection, invitation.tenant_id)
    column = invitations.c
    connection.execute(
        sa.delete(invitations).where(
            column.tenant_id == invitation.tenant_id,
            sa.or_(column.email == invitation.email, column.expires_at_us <= to_us(invitation.created_at)),
        )
    )
    if invitation.kind == "invitation":
        user = accounts.user_by_email(connection, invitation.email)
        if user is not None and accounts.role(connection, invitation.tenant_id, user.id) is not None:
            raise ConflictError("There is a member with this e-mail address already.")
    count = connection.execute(
        sa.select(sa.func.count()).select_from(invitations).where(column.tenant_id == invitation.tenant_id)
    ).scalar_one()
    if count >= count_max:
        raise BadRequestError(f"There are {count_max} unused links already; withdraw one first.")
    values = {name: getattr(invitation, name) for name in Invitation.__struct_fields__ if not name.endswith("_at")}
    connection.execute(
        sa.insert(invitations).values(
            **values, created_at_us=to_us(invitation.created_at), expires_at_us=to_us(invitation.expires_at)
        )
    )
    people.record(connection, event)


def all_invitations(connection: sa.Connection, tenant_id: UUID) -> tuple[Invitation, ...]:
    """List a tenant's links, newest first."""
    statement = (
        sa.select(invitations)
        .where(invitations.c.tenant_id == tenant_id)
        .order_by(invitations.c.created_at_us.desc(), invitations.c.id.desc())
    )
    return tuple(_invitation(row) for row in connection.execute(statement))


def invitation_by_sha256(connection: sa.Connection, sha256: bytes) -> tuple[Invitation, Tenant] | None:
    """Find a link and its tenant."""
    row = connection.execute(sa.select(invitations).where(invitations.c.sha256 == sha256)).one_or_none()
    if row is None:
        return None
    tenant = connection.execute(sa.select(tenants).where(tenants.c.id == row.tenant_id)).one()
    return _invitation(row), rows.tenant(tenant)


def delete_invitation(connection: sa.Connection, tenant_id: UUID, invitation_id: UUID, event: AuditEvent) -> bool:
    """Delete a link."""
    deleted = connection.execute(
        sa.delete(invitations).where(invitations.c.id == invitation_id, invitations.c.tenant_id == tenant_id)
    ).rowcount
    if deleted:
        people.record(connection, event)
    return bool(deleted)


def accept(connection: sa.Connection, invitation: Invitation, user: User, now: datetime, event: AuditEvent) -> None:
    """Use a link. Raises ``NotFoundError``, ``ConflictError``."""
    _lock(connection, invitation.tenant_id)
    if not connection.execute(sa.delete(invitations).where(invitations.c.id == invitation.id)).rowcount:
        raise NotFoundError("The link is not valid: it was used, withdrawn or has expired.")
    if invitation.kind == "password":
        tenant_ids = connection.execute(
            sa.select(memberships.c.tenant_id).where(memberships.c.user_id == user.id)
        ).scalars()
        if list(tenant_ids) != [invitation.tenant_id]:
            raise ConflictError("The user is not in this tenant alone; only the user can change the password.")
        connection.execute(sa.update(users).where(users.c.id == user.id).values(password_hash=user.password_hash))
        people.end_sessions(connection, user.id)
    else:
        if connection.execute(sa.select(users.c.id).where(users.c.id == user.id)).first() is None:
            accounts.add_user(connection, user)
        if accounts.role(connection, invitation.tenant_id, user.id) is None:
            accounts.set_role(connection, invitation.tenant_id, user.id, invitation.role, now)
    people.record(connection, event)


def sessions_of(connection: sa.Connection, user_id: UUID) -> tuple[tuple[Session, Tenant], ...]:
    """List a user's sessions, the last used first."""
    statement = (
        sa.select(
            sessions,
            tenants.c.slug,
            tenants.c.name.label("tenant_name"),
            tenants.c.plan,
            tenants.c.created_at_us.label("tenant_created_at_us"),
        )
        .join_from(sessions, tenants)
        .where(sessions.c.user_id == user_id)
        .order_by(sessions.c.last_used_at_us.desc(), sessions.c.id)
    )
    return tuple((people.session_of(row), people.tenant_of(row)) for row in connection.execute(statement))


def end_session_of(connection: sa.Connection, user_id: UUID, session_id: UUID, event: AuditEvent) -> bool:
    """Delete a session of a user."""
    mine = sa.and_(sessions.c.id == session_id, sessions.c.user_id == user_id)
    ended = bool(connection.execute(sa.delete(sessions).where(mine)).rowcount)
    if ended:
        people.record(connection, event)
    return ended


def end_other_sessions(
    connection: sa.Connection, user_id: UUID, keep: UUID | None, event: AuditEvent | None = None
) -> int:
    """Delete all sessions of a user, but for one that is kept."""
    others = sessions.c.user_id == user_id
    if keep is not None:
        others = sa.and_(others, sessions.c.id != keep)
    ended = int(connection.execute(sa.delete(sessions).where(others)).rowcount)
    if ended:
        people.record(connection, event)
    return ended


def set_password(
    connection: sa.Connection, user_id: UUID, password_hash: str, keep: UUID | None, events: Sequence[AuditEvent]
) -> None:
    """Change a password, and end the user's other sessions."""
    connection.execute(sa.update(users).where(users.c.id == user_id).values(password_hash=password_hash))
    end_other_sessions(connection, user_id, keep)
    for event in events:
        people.record(connection, event)


def note_refused_login(connection: sa.Connection, email: str, now: datetime, detail: str) -> None:
    """Insert a line into the audit log of every tenant of a user, if there is one."""
    user = accounts.user_by_email(connection, email)
    for tenant, _ in people.member_of(connection, user.id) if user is not None else ():
        event = AuditEvent(
            id=uuid.uuid4(), tenant_id=tenant.id, created_at=now, action="session.refuse", actor_id=None,
            actor="unknown", target=email, detail=detail,
        )  # fmt: skip
        people.record(connection, event)


def _members(tenant_id: UUID) -> sa.Select[Any]:
    return (
        sa.select(users, memberships.c.tenant_id, memberships.c.role, memberships.c.created_at_us.label("joined_at_us"))
        .join_from(memberships, users)
        .where(memberships.c.tenant_id == tenant_id)
        .order_by(memberships.c.created_at_us, users.c.email)
    )


def _membership(row: sa.Row[Any]) -> Membership:
    return Membership(tenant_id=row.tenant_id, user=rows.user(row), role=row.role, created_at=from_us(row.joined_at_us))


def _invitation(row: sa.Row[Any]) -> Invitation:
    return Invitation(
        id=row.id, tenant_id=row.tenant_id, kind=row.kind, email=row.email, role=row.role, sha256=row.sha256,
        created_by=row.created_by, created_at=from_us(row.created_at_us), expires_at=from_us(row.expires_at_us),
    )  # fmt: skip


def _lock(connection: sa.Connection, tenant_id: UUID) -> None:
    """Make counting and changing one step where several connections write; SQLite has but one, and ignores it."""
    connection.execute(sa.select(tenants.c.id).where(tenants.c.id == tenant_id).with_for_update()).one()


def _owners(connection: sa.Connection, tenant_id: UUID) -> int:
    found = connection.execute(
        sa.select(sa.func.count())
        .select_from(memberships)
        .where(memberships.c.tenant_id == tenant_id, memberships.c.role == "owner")
    )
    return int(found.scalar_one())
