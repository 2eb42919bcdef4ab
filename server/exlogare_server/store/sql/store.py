"""The store on SQL: reads on the caller's thread, writes through the writer."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.errors import StoreUnavailableError
from exlogare_server.store.protocol import (
    AnalysisFilter,
    ApiToken,
    AuditEvent,
    NewAnalysis,
    Plan,
    Position,
    Role,
    StoredAnalysis,
    Tenant,
    User,
)
from exlogare_server.store.sql import accounts, analyses, forgetting, outbox, schema
from exlogare_server.store.sql.store_browsing import BrowsingMixin
from exlogare_server.store.sql.store_figures import FiguresMixin
from exlogare_server.store.sql.store_membership import MembershipMixin
from exlogare_server.store.sql.store_outbox import OutboxMixin
from exlogare_server.store.sql.store_people import PeopleMixin
from exlogare_server.store.sql.writer import Writer

Result = TypeVar("Result")


class SqlStore(PeopleMixin, MembershipMixin, FiguresMixin, BrowsingMixin, OutboxMixin):
    """A ``Store`` (see ``store/protocol.py``, which describes the methods).

    Args:
        readers: the engine for reading, in autocommit mode; the store disposes of it.
        writer: takes the writes; the store closes it.
    """

    def __init__(self, readers: sa.Engine, writer: Writer) -> None:
        self._readers = readers
        self._writer = writer

    def _read(self, work: Callable[[sa.Connection], Result], *, again: bool = False) -> Result:
        try:
            with self._readers.connect() as connection:
                return work(connection)
        except sa.exc.DBAPIError as error:
            # A connection that died while nobody used it (the database was started again) says nothing of
            # the next one.
            if error.connection_invalidated and not again:
                return self._read(work, again=True)
            raise _away() from None
        except sa.exc.TimeoutError:
            # Without the cause: its text may hold values.
            raise _away() from None

    def ready(self) -> str | None:
        """Say in a sentence why the store cannot be used."""
        version = sa.text("SELECT version_num FROM alembic_version")
        try:
            found = self._read(lambda connection: connection.execute(version).scalar_one_or_none())
        except (StoreUnavailableError, sa.exc.SQLAlchemyError, OSError):
            return "The database does not answer, or has no tables yet; run 'exlogare-server init'."
        if found != schema.REVISION:
            return (
                f"The database's tables are at version {found}, this server needs {schema.REVISION}; "
                "run 'exlogare-server migrate'."
            )
        return None

    def close(self) -> None:
        """Finish the writes that were taken, then let go of the database."""
        self._writer.close()
        self._readers.dispose()

    def add_tenant(self, tenant: Tenant) -> None:
        """Keep a tenant."""
        self._writer.run(lambda connection: accounts.add_tenant(connection, tenant))

    def tenant_by_slug(self, slug: str) -> Tenant | None:
        """Find a tenant."""
        return self._read(lambda connection: accounts.tenant_by_slug(connection, slug))

    def set_plan(self, tenant_id: UUID, plan: Plan, *, audit: AuditEvent | None = None) -> None:
        """Change a tenant's plan."""
        self._writer.run(lambda connection: accounts.set_plan(connection, tenant_id, plan, audit))

    def add_user(self, user: User) -> None:
        """Keep a user."""
        self._writer.run(lambda connection: accounts.add_user(connection, user))

    def user_by_email(self, email: str) -> User | None:
        """Find a user."""
        return self._read(lambda connection: accounts.user_by_email(connection, email))

    def role(self, tenant_id: UUID, user_id: UUID) -> Role | None:
        """Say a user's role in a tenant."""
        return self._read(lambda connection: accounts.role(connection, tenant_id, user_id))

    def set_role(
        self, tenant_id: UUID, user_id: UUID, role: Role, now: datetime, *, audit: AuditEvent | None = None
    ) -> None:
        """Make a user a member of a tenant, or change the role."""
        self._writer.run(lambda connection: accounts.set_role(connection, tenant_id, user_id, role, now, event=audit))

    def add_token(self, token: ApiToken, *, active_max: int | None, audit: AuditEvent | None = None) -> None:
        """Keep a token."""
        self._writer.run(lambda connection: accounts.add_token(connection, token, active_max, audit))

    def tokens(self, tenant_id: UUID) -> tuple[ApiToken, ...]:
        """List a tenant's tokens."""
        return self._read(lambda connection: accounts.tokens(connection, tenant_id))

    def token_by_sha256(self, sha256: bytes) -> tuple[ApiToken, Tenant] | None:
        """Find a token and its tenant."""
        return self._read(lambda connection: accounts.token_by_sha256(connection, sha256))

    def revoke_token(
        self, tenant_id: UUID, token_id: UUID, now: datetime, *, audit: AuditEvent | None = None
    ) -> ApiToken:
        """Revoke a token."""
        return self._writer.run(lambda connection: accounts.revoke_token(connection, tenant_id, token_id, now, audit))

    def touch_token(self, token_id: UUID, now: datetime) -> None:
        """Note a token's use at some time."""
        self._writer.start(lambda connection: accounts.touch_token(connection, token_id, now))

    def save_analysis(self, analysis: NewAnalysis, now: datetime) -> UUID:
        """Keep an analysis, or renew it."""

        def work(connection: sa.Connection) -> UUID:
            saved = analyses.save(connection, analysis, now)
            outbox.owe_to_all(connection, analysis, saved, now)
            return saved.id

        return self._writer.run(work)

    def forget(self, before: datetime, *, rows_max: int) -> int:
        """Delete old analyses."""
        for tenant_id in self._read(lambda connection: forgetting.tenants_with_old(connection, before)):

            def work(connection: sa.Connection, tenant_id: UUID = tenant_id) -> int:
                return forgetting.forget(connection, tenant_id, before, rows_max)

            deleted = self._writer.run(work)
            if deleted:
                return deleted
        return 0

    def analysis(self, tenant_id: UUID, analysis_id: UUID) -> StoredAnalysis | None:
        """Find one analysis."""
        return self._read(lambda connection: analyses.one(connection, tenant_id, analysis_id))

    def analyses(
        self, tenant_id: UUID, where: AnalysisFilter, *, after: Position | None, rows_max: int
    ) -> tuple[StoredAnalysis, ...]:
        """List analyses."""
        return self._read(lambda connection: analyses.page(connection, tenant_id, where, after, rows_max))


def _away() -> StoreUnavailableError:
    return StoreUnavailableError("The database does not answer right now; try again.", limits.RETRY_AFTER_S)
