"""Statements about receivers and deliveries. Each takes a connection; transactions are the caller's."""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.errors import BadRequestError
from exlogare_server.store.outbox import Attempt, Delivery, Receiver, ReceiverKind
from exlogare_server.store.records import SEVERITIES, AuditEvent, NewAnalysis, Saved
from exlogare_server.store.sql import attempts, people
from exlogare_server.store.sql.outbox_schema import deliveries, receivers
from exlogare_server.store.sql.prepared import Prepared
from exlogare_server.store.sql.rows import maybe_time, maybe_us
from exlogare_server.store.sql.schema import tenants
from exlogare_server.times import from_us, to_us

_SECOND_US = 1_000_000
# Read more than are wanted: many in a row may be for one receiver.
_CANDIDATES = 4

# Every new failure asks it.
_LISTENERS = Prepared(
    sa.select(receivers.c.id, receivers.c.severity_min, receivers.c.novel_only)
    .join_from(receivers, tenants)
    .where(receivers.c.tenant_id == sa.bindparam("of_tenant"), receivers.c.enabled, tenants.c.plan == "paid")
)
_INSERT = Prepared(sa.insert(deliveries))


def owe_to_all(connection: sa.Connection, record: NewAnalysis, saved: Saved, now: datetime) -> None:
    """Owe an analysis to everybody who wants to be told of it, in the transaction that keeps it.

    Nobody is told of what is no failure, nor of a renewal.
    """
    if not (record.failure and saved.is_new):
        return
    owed = [
        _new_delivery(row.id, saved.id, to_us(now))
        for row in _LISTENERS.all(connection, {"of_tenant": record.tenant_id})
        if SEVERITIES.index(record.severity) >= SEVERITIES.index(row.severity_min)
        and (saved.first_time or saved.regression or not row.novel_only)
    ]
    if owed:
        _INSERT.run_many(connection, owed)


def owe(connection: sa.Connection, receiver: Receiver, analysis_id: UUID, now: datetime) -> UUID:
    """Owe one analysis to one receiver."""
    values = _new_delivery(receiver.id, analysis_id, to_us(now))
    _INSERT.run(connection, values)
    new: UUID = values["id"]
    return new


def _new_delivery(receiver_id: UUID, analysis_id: UUID, now_us: int) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(), "receiver_id": receiver_id, "analysis_id": analysis_id, "attempts": 0,
        "due_at_us": now_us, "created_at_us": now_us,
    }  # fmt: skip


def any_due(connection: sa.Connection, now: datetime) -> bool:
    """Say whether anything is due."""
    statement = sa.select(deliveries.c.id).where(deliveries.c.due_at_us <= to_us(now)).limit(1)
    return connection.execute(statement).one_or_none() is not None


def claim(
    connection: sa.Connection, now: datetime, rows_max: int, to_one_max: int, busy: Sequence[UUID]
) -> tuple[Delivery, ...]:
    """Take what is due: its time moves to the end of the lease."""
    columns = deliveries.c
    candidates = (
        sa.select(columns.id, columns.receiver_id)
        .where(columns.due_at_us <= to_us(now), columns.receiver_id.not_in(busy))
        .order_by(columns.due_at_us)
        .limit(_CANDIDATES * rows_max)
        # Several workers on PostgreSQL pass each other by; SQLite has one writer, and ignores it.
        .with_for_update(skip_locked=True)
    )
    to_one: Counter[UUID] = Counter()
    chosen: list[UUID] = []
    for row in connection.execute(candidates):
        if len(chosen) < rows_max and to_one[row.receiver_id] < to_one_max:
            to_one[row.receiver_id] += 1
            chosen.append(row.id)
    if not chosen:
        return ()
    lease = uuid.uuid4()
    connection.execute(
        sa.update(deliveries)
        .where(columns.id.in_(chosen))
        .values(due_at_us=to_us(now) + limits.DELIVERY_LEASE_S * _SECOND_US, lease=lease)
    )
    claimed = (
        sa.select(columns.id.label("delivery_id"), columns.analysis_id, columns.attempts, tenants.c.plan, *receivers.c)
        .join_from(deliveries, receivers)
        .join(tenants, tenants.c.id == receivers.c.tenant_id)
        .where(columns.id.in_(chosen))
        .order_by(columns.created_at_us, columns.id)
    )
    return tuple(
        Delivery(
            id=row.delivery_id, lease=lease, analysis_id=row.analysis_id, attempts=row.attempts, plan=row.plan,
            receiver=_receiver(row),
        )
        for row in connection.execute(claimed)
    )  # fmt: skip


def settle(connection: sa.Connection, delivery: Delivery, attempt: Attempt, now: datetime) -> None:
    """Note an attempt on the delivery and on its receiver, if the claim still holds."""
    mine = sa.and_(deliveries.c.id == delivery.id, deliveries.c.lease == delivery.lease)
    if attempt.error is None or delivery.attempts >= len(limits.DELIVERY_RETRY_S):
        changed = connection.execute(sa.delete(deliveries).where(mine))
    else:
        due_at_us = to_us(now) + limits.DELIVERY_RETRY_S[delivery.attempts] * _SECOND_US
        changed = connection.execute(
            sa.update(deliveries).where(mine).values(attempts=delivery.attempts + 1, due_at_us=due_at_us, lease=None)
        )
    if changed.rowcount:
        note_attempt(connection, delivery.receiver, attempt, now)
        attempts.keep(connection, delivery.receiver.id, delivery.id, delivery.analysis_id, attempt, now)


def drop(connection: sa.Connection, delivery: Delivery) -> None:
    """Delete a delivery, if the claim still holds."""
    connection.execute(
        sa.delete(deliveries).where(deliveries.c.id == delivery.id, deliveries.c.lease == delivery.lease)
    )


def note_attempt(connection: sa.Connection, receiver: Receiver, attempt: Attempt, now: datetime) -> None:
    """Note an attempt on its receiver; too many failures in a row disable it."""
    values: dict[str, Any] = {
        "last_delivery_at_us": to_us(now), "last_status": attempt.status, "last_error": attempt.error,
        "consecutive_failures": 0,
    }  # fmt: skip
    if attempt.error is not None:
        failures = receivers.c.consecutive_failures + 1
        last_straw = sa.and_(receivers.c.enabled, failures >= limits.FAILURES_IN_A_ROW_MAX)
        values["consecutive_failures"] = failures
        values["enabled"] = sa.case((last_straw, sa.false()), else_=receivers.c.enabled)
        values["disabled_at_us"] = sa.case((last_straw, to_us(now)), else_=receivers.c.disabled_at_us)
    connection.execute(sa.update(receivers).where(receivers.c.id == receiver.id).values(values))


def count_deliveries(connection: sa.Connection) -> int:
    """Count what is owed."""
    return connection.execute(sa.select(sa.func.count()).select_from(deliveries)).scalar_one()


def add_receiver(
    connection: sa.Connection,
    receiver: Receiver,
    kinds: Sequence[ReceiverKind],
    count_max: int,
    event: AuditEvent | None = None,
) -> None:
    """Insert a receiver, unless the tenant has ``count_max`` of its kinds. Raises ``BadRequestError``."""
    # As with tokens: the lock makes counting and inserting one step.
    connection.execute(sa.select(tenants.c.id).where(tenants.c.id == receiver.tenant_id).with_for_update()).one()
    count = connection.execute(
        sa.select(sa.func.count())
        .select_from(receivers)
        .where(receivers.c.tenant_id == receiver.tenant_id, receivers.c.kind.in_(kinds))
    ).scalar_one()
    if count >= count_max:
        raise BadRequestError(f"A tenant can have {count_max} of these; delete one first.")
    connection.execute(sa.insert(receivers).values(_columns(_fields(receiver))))
    people.record(connection, event)


def find_all(connection: sa.Connection, tenant_id: UUID, kinds: Sequence[ReceiverKind]) -> tuple[Receiver, ...]:
    """List a tenant's receivers."""
    statement = (
        sa.select(receivers)
        .where(receivers.c.tenant_id == tenant_id, receivers.c.kind.in_(kinds))
        .order_by(receivers.c.created_at_us, receivers.c.id)
    )
    return tuple(_receiver(row) for row in connection.execute(statement))


def find(connection: sa.Connection, tenant_id: UUID, receiver_id: UUID) -> Receiver | None:
    """Find a receiver of this tenant."""
    row = connection.execute(
        sa.select(receivers).where(receivers.c.id == receiver_id, receivers.c.tenant_id == tenant_id)
    ).one_or_none()
    return None if row is None else _receiver(row)


def change(
    connection: sa.Connection,
    tenant_id: UUID,
    receiver_id: UUID,
    changes: dict[str, Any],
    event: AuditEvent | None = None,
) -> Receiver | None:
    """Change fields of a receiver."""
    if changes:
        connection.execute(
            sa.update(receivers)
            .where(receivers.c.id == receiver_id, receivers.c.tenant_id == tenant_id)
            .values(_columns(changes))
        )
    found = find(connection, tenant_id, receiver_id)
    if found is not None:
        people.record(connection, event)
    return found


def delete(connection: sa.Connection, tenant_id: UUID, receiver_id: UUID, event: AuditEvent | None = None) -> bool:
    """Delete a receiver; what it is owed goes with it."""
    deleted = connection.execute(
        sa.delete(receivers).where(receivers.c.id == receiver_id, receivers.c.tenant_id == tenant_id)
    )
    if deleted.rowcount:
        people.record(connection, event)
    return bool(deleted.rowcount)


def sealed_secrets(connection: sa.Connection) -> tuple[tuple[UUID, str], ...]:
    """List every encrypted secret."""
    return tuple((row.id, row.sealed) for row in connection.execute(sa.select(receivers.c.id, receivers.c.sealed)))


def reseal(connection: sa.Connection, receiver_id: UUID, old: str, new: str) -> None:
    """Replace an encrypted secret, if it is still the one that was read."""
    connection.execute(
        sa.update(receivers).where(receivers.c.id == receiver_id, receivers.c.sealed == old).values(sealed=new)
    )


def _fields(receiver: Receiver) -> dict[str, Any]:
    return {name: getattr(receiver, name) for name in Receiver.__struct_fields__}


_TIMES = ("created_at", "last_delivery_at", "disabled_at")


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in fields.items() if name not in _TIMES}
    values |= {f"{name}_us": maybe_us(fields[name]) for name in _TIMES if name in fields}
    if "events" in values:
        values["events"] = ",".join(values["events"])
    return values


def _receiver(row: sa.Row[Any]) -> Receiver:
    return Receiver(
        id=row.id,
        tenant_id=row.tenant_id,
        kind=row.kind,
        name=row.name,
        address=row.address,
        sealed=row.sealed,
        events=tuple(row.events.split(",")),
        enabled=row.enabled,
        created_at=from_us(row.created_at_us),
        severity_min=row.severity_min,
        novel_only=row.novel_only,
        consecutive_failures=row.consecutive_failures,
        last_delivery_at=maybe_time(row.last_delivery_at_us),
        last_status=row.last_status,
        last_error=row.last_error,
        disabled_at=maybe_time(row.disabled_at_us),
    )
