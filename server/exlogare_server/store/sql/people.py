"""Statements about sessions and the audit log. Each takes a connection; transactions are the caller's."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.store.protocol import AuditEvent, Member, Position, Role, Session, Tenant, User
from exlogare_server.store.sql import rows
from exlogare_server.store.sql.schema import audit_events, memberships, sessions, tenants, users
from exlogare_server.times import from_us, to_us


def member_of(connection: sa.Connection, user_id: UUID) -> tuple[tuple[Tenant, Role], ...]:
    """List a user's tenants and roles, the oldest membership first."""
    statement = (
        sa.select(tenants, memberships.c.role)
        .join_from(memberships, tenants)
        .where(memberships.c.user_id == user_id)
        .order_by(memberships.c.created_at_us, tenants.c.id)
    )
    return tuple((rows.tenant(row), row.role) for row in connection.execute(statement))


def add_session(
    connection: sa.Connection, session: Session, replaces: bytes | None, event: AuditEvent | None = None
) -> None:
    """Insert a session; the one it replaces and the user's expired ones go."""
    old = sa.and_(sessions.c.user_id == session.user_id, sessions.c.expires_at_us <= to_us(session.created_at))
    connection.execute(
        sa.delete(sessions).where(old if replaces is None else sa.or_(old, sessions.c.sha256 == replaces))
    )
    values = {
        "id": session.id,
        "user_id": session.user_id,
        "tenant_id": session.tenant_id,
        "sha256": session.sha256,
        "access_sha256": session.access_sha256,
        "created_at_us": to_us(session.created_at),
        "expires_at_us": to_us(session.expires_at),
        "access_expires_at_us": to_us(session.access_expires_at),
        "last_used_at_us": to_us(session.last_used_at),
        "client": session.client,
    }
    connection.execute(sa.insert(sessions).values(values))
    record(connection, event)


# Made once, because every request of a browser asks one of them. The membership is joined, so that a role
# that was taken away is gone at once.
_MEMBER = (
    sa.select(
        sessions,
        users.c.email,
        users.c.display_name,
        users.c.password_hash,
        users.c.created_at_us.label("user_created_at_us"),
        tenants.c.slug,
        tenants.c.name.label("tenant_name"),
        tenants.c.plan,
        tenants.c.created_at_us.label("tenant_created_at_us"),
        memberships.c.role,
    )
    .join(users, users.c.id == sessions.c.user_id)
    .join(tenants, tenants.c.id == sessions.c.tenant_id)
    .join(
        memberships,
        sa.and_(memberships.c.tenant_id == sessions.c.tenant_id, memberships.c.user_id == sessions.c.user_id),
    )
)
_BY_COOKIE = _MEMBER.where(sessions.c.sha256 == sa.bindparam("wanted"))
_BY_ACCESS = _MEMBER.where(sessions.c.access_sha256 == sa.bindparam("wanted"))


def member_by_cookie(connection: sa.Connection, sha256: bytes) -> Member | None:
    """Find a session by its cookie."""
    return _member(connection.execute(_BY_COOKIE, {"wanted": sha256}).one_or_none())


def member_by_access(connection: sa.Connection, sha256: bytes) -> Member | None:
    """Find a session by its bearer token."""
    return _member(connection.execute(_BY_ACCESS, {"wanted": sha256}).one_or_none())


def _member(row: sa.Row[Any] | None) -> Member | None:
    if row is None:
        return None
    return Member(
        session=session_of(row),
        user=User(
            id=row.user_id,
            email=row.email,
            display_name=row.display_name,
            password_hash=row.password_hash,
            created_at=from_us(row.user_created_at_us),
        ),
        tenant=tenant_of(row),
        role=row.role,
    )


def session_of(row: sa.Row[Any]) -> Session:
    """Read the columns of ``sessions``."""
    return Session(
        id=row.id,
        user_id=row.user_id,
        tenant_id=row.tenant_id,
        sha256=row.sha256,
        access_sha256=row.access_sha256,
        created_at=from_us(row.created_at_us),
        expires_at=from_us(row.expires_at_us),
        access_expires_at=from_us(row.access_expires_at_us),
        last_used_at=from_us(row.last_used_at_us),
        client=row.client or "",
    )


def tenant_of(row: sa.Row[Any]) -> Tenant:
    """Read a tenant from columns that stand beside a session's."""
    return Tenant(
        id=row.tenant_id,
        slug=row.slug,
        name=row.tenant_name,
        plan=row.plan,
        created_at=from_us(row.tenant_created_at_us),
    )


def end_session(connection: sa.Connection, session_id: UUID, event: AuditEvent | None = None) -> None:
    """Delete a session."""
    if connection.execute(sa.delete(sessions).where(sessions.c.id == session_id)).rowcount:
        record(connection, event)


def end_sessions(connection: sa.Connection, user_id: UUID) -> int:
    """Delete all sessions of a user; give how many there were."""
    return int(connection.execute(sa.delete(sessions).where(sessions.c.user_id == user_id)).rowcount)


def touch_session(connection: sa.Connection, session_id: UUID, now: datetime) -> None:
    """Note a session's use, unless one was noted a moment ago."""
    stale_us = to_us(now) - limits.SESSION_TOUCH_S_MIN * 1_000_000
    connection.execute(
        sa.update(sessions)
        .where(sessions.c.id == session_id, sessions.c.last_used_at_us <= stale_us)
        .values(last_used_at_us=to_us(now))
    )


def record(connection: sa.Connection, event: AuditEvent | None) -> None:
    """Insert a line of the audit log; ``None`` is nothing to note."""
    if event is None:
        return
    values = {name: getattr(event, name) for name in AuditEvent.__struct_fields__ if name != "created_at"}
    connection.execute(sa.insert(audit_events).values(**values, created_at_us=to_us(event.created_at)))


def audit(connection: sa.Connection, tenant_id: UUID, after: Position | None, rows_max: int) -> tuple[AuditEvent, ...]:
    """List a tenant's audit log behind a place, newest first, along an index."""
    columns = audit_events.c
    conditions: list[sa.ColumnElement[bool]] = [columns.tenant_id == tenant_id]
    if after is not None:
        conditions.append(rows.is_before(columns.created_at_us, columns.id, after))
    statement = (
        sa.select(audit_events)
        .where(*conditions)
        .order_by(columns.created_at_us.desc(), columns.id.desc())
        .limit(rows_max)
    )
    return tuple(
        AuditEvent(
            id=row.id,
            tenant_id=row.tenant_id,
            created_at=from_us(row.created_at_us),
            action=row.action,
            actor_id=row.actor_id,
            actor=row.actor,
            target=row.target,
            detail=row.detail,
        )
        for row in connection.execute(statement)
    )
