"""Statements about analyses. Each takes a connection; transactions are the caller's."""

import uuid
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from exlogare_server.store.protocol import AnalysisFilter, NewAnalysis, Position, StoredAnalysis
from exlogare_server.store.sql import rows
from exlogare_server.store.sql.schema import analyses
from exlogare_server.times import to_us

# Made once: building a statement costs more than running it. SET and VALUES come from the parameters' names.
# The lock makes two renewals of one run follow each other where several connections write.
_FIND_RUN = (
    sa.select(analyses.c.id)
    .where(analyses.c.tenant_id == sa.bindparam("of_tenant"), analyses.c.run_key == sa.bindparam("of_run"))
    .with_for_update()
)
_INSERT = sa.insert(analyses)
_RENEW = sa.update(analyses).where(analyses.c.id == sa.bindparam("known"))


def save(connection: sa.Connection, record: NewAnalysis, now: datetime) -> UUID:
    """Insert an analysis, or renew the run's one; ``created_at_us`` never changes, paging relies on it."""
    values = {**rows.analysis_values(record), "updated_at_us": to_us(now)}
    known: UUID | None = connection.execute(
        _FIND_RUN, {"of_tenant": record.tenant_id, "of_run": record.run_key}
    ).scalar_one_or_none()
    if known is not None:
        connection.execute(_RENEW, {**values, "known": known})
        return known
    new = uuid.uuid4()
    connection.execute(_INSERT, {**values, "id": new, "created_at_us": values["updated_at_us"]})
    return new


def one(connection: sa.Connection, tenant_id: UUID, analysis_id: UUID) -> StoredAnalysis | None:
    """Find one analysis of this tenant."""
    row = connection.execute(
        sa.select(analyses).where(analyses.c.id == analysis_id, analyses.c.tenant_id == tenant_id)
    ).one_or_none()
    return None if row is None else rows.analysis(row)


def page(
    connection: sa.Connection,
    tenant_id: UUID,
    where: AnalysisFilter,
    after: Position | None,
    rows_max: int,
) -> tuple[StoredAnalysis, ...]:
    """List a tenant's analyses behind a place, newest first, along an index."""
    columns = analyses.c
    conditions: list[sa.ColumnElement[bool]] = [columns.tenant_id == tenant_id]
    if where.since is not None:
        conditions.append(columns.created_at_us >= to_us(where.since))
    if where.until is not None:
        conditions.append(columns.created_at_us <= to_us(where.until))
    if where.severity is not None:
        conditions.append(columns.severity == where.severity)
    if where.project is not None:
        conditions.append(columns.project == where.project)
    if where.source is not None:
        conditions.append(columns.source == where.source)
    if after is not None:
        # A comparison of rows is one range of the index; the same written with OR is two, and a sort.
        conditions.append(
            sa.tuple_(columns.created_at_us, columns.id)
            < sa.tuple_(sa.literal(to_us(after.created_at), sa.BigInteger), sa.literal(after.id, sa.Uuid))
        )
    statement = (
        sa.select(analyses).where(*conditions).order_by(columns.created_at_us.desc(), columns.id.desc()).limit(rows_max)
    )
    return tuple(rows.analysis(row) for row in connection.execute(statement))
