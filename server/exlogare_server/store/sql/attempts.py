"""Statements about the attempts that were made at deliveries: the last few of each receiver."""

import uuid
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.store.outbox import Attempt, KeptAttempt, Owed
from exlogare_server.store.sql.outbox_schema import attempts, deliveries
from exlogare_server.store.sql.rows import maybe_time
from exlogare_server.times import from_us, to_us


def keep(  # noqa: PLR0917 - a row has its columns
    connection: sa.Connection,
    receiver_id: UUID,
    delivery_id: UUID,
    analysis_id: UUID | None,
    attempt: Attempt,
    now: datetime,
) -> None:
    """Insert an attempt, and let go of the oldest ones of the same receiver, whose row the caller has locked."""
    connection.execute(
        sa.insert(attempts).values(
            id=uuid.uuid4(),
            receiver_id=receiver_id,
            delivery_id=delivery_id,
            analysis_id=analysis_id,
            at_us=to_us(now),
            status=attempt.status,
            error=attempt.error,
        )
    )
    mine = attempts.c.receiver_id == receiver_id
    oldest_kept_us = connection.execute(
        sa.select(attempts.c.at_us)
        .where(mine)
        .order_by(attempts.c.at_us.desc())
        .offset(limits.ATTEMPTS_KEPT_MAX - 1)
        .limit(1)
    ).scalar_one_or_none()
    if oldest_kept_us is not None:
        connection.execute(sa.delete(attempts).where(mine, attempts.c.at_us < oldest_kept_us))


def of_receiver(connection: sa.Connection, receiver_id: UUID) -> tuple[KeptAttempt, ...]:
    """List a receiver's last attempts, newest first."""
    statement = (
        sa.select(attempts)
        .where(attempts.c.receiver_id == receiver_id)
        .order_by(attempts.c.at_us.desc(), attempts.c.id)
        .limit(limits.ATTEMPTS_KEPT_MAX)
    )
    return tuple(
        KeptAttempt(
            delivery_id=row.delivery_id,
            analysis_id=row.analysis_id,
            at=from_us(row.at_us),
            status=row.status,
            error=row.error,
        )
        for row in connection.execute(statement)
    )


def owed(connection: sa.Connection, receiver_id: UUID) -> Owed:
    """Count what a receiver is owed, and say when the next of it is due."""
    columns = deliveries.c
    row = connection.execute(
        sa.select(sa.func.count().label("number"), sa.func.min(columns.due_at_us).label("due_at_us")).where(
            columns.receiver_id == receiver_id
        )
    ).one()
    return Owed(row.number, maybe_time(row.due_at_us))
