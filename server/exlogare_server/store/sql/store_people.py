"""The part of the SQL store that is about people: sessions and the audit log."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa

from exlogare_server.store.protocol import AuditEvent, Member, Position, Role, Session, Tenant
from exlogare_server.store.sql import people
from exlogare_server.store.sql.writer import Writer

Result = TypeVar("Result")


class Core(Protocol):
    """What a part needs of the whole: a way to read and a way to write."""

    _writer: Writer

    def _read(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Run a read on the caller's thread."""


class PeopleMixin:
    """See ``store/protocol.py``, which describes the methods."""

    def memberships(self: Core, user_id: UUID) -> tuple[tuple[Tenant, Role], ...]:
        """List a user's tenants."""
        return self._read(lambda connection: people.member_of(connection, user_id))

    def add_session(self: Core, session: Session, *, replaces: bytes | None, audit: AuditEvent | None = None) -> None:
        """Keep a session."""
        self._writer.run(lambda connection: people.add_session(connection, session, replaces, audit))

    def member_by_cookie(self: Core, sha256: bytes) -> Member | None:
        """Find a session by its cookie."""
        return self._read(lambda connection: people.member_by_cookie(connection, sha256))

    def member_by_access(self: Core, sha256: bytes) -> Member | None:
        """Find a session by its bearer token."""
        return self._read(lambda connection: people.member_by_access(connection, sha256))

    def end_session(self: Core, session_id: UUID, *, audit: AuditEvent | None = None) -> None:
        """End a session."""
        self._writer.run(lambda connection: people.end_session(connection, session_id, audit))

    def end_sessions(self: Core, user_id: UUID) -> int:
        """End all sessions of a user."""
        return self._writer.run(lambda connection: people.end_sessions(connection, user_id))

    def touch_session(self: Core, session_id: UUID, now: datetime) -> None:
        """Note a session's use at some time."""
        self._writer.start(lambda connection: people.touch_session(connection, session_id, now))

    def note(self: Core, event: AuditEvent) -> None:
        """Keep a line of the audit log."""
        self._writer.run(lambda connection: people.record(connection, event))

    def audit_events(self: Core, tenant_id: UUID, *, after: Position | None, rows_max: int) -> tuple[AuditEvent, ...]:
        """List the audit log."""
        return self._read(lambda connection: people.audit(connection, tenant_id, after, rows_max))
