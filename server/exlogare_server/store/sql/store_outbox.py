"""The part of the SQL store that is about what is owed to the outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from exlogare_server.store.outbox import Attempt, Delivery, KeptAttempt, Owed, Receiver, ReceiverKind
from exlogare_server.store.records import AuditEvent
from exlogare_server.store.sql import attempts, outbox
from exlogare_server.store.sql.store_people import Core


class OutboxMixin:
    """See ``store/outbox.py``, which describes the methods."""

    def add_receiver(
        self: Core,
        receiver: Receiver,
        *,
        kinds: Sequence[ReceiverKind],
        count_max: int,
        audit: AuditEvent | None = None,
    ) -> None:
        """Keep a receiver."""
        self._writer.run(lambda connection: outbox.add_receiver(connection, receiver, kinds, count_max, audit))

    def receivers(self: Core, tenant_id: UUID, kinds: Sequence[ReceiverKind]) -> tuple[Receiver, ...]:
        """List receivers."""
        return self._read(lambda connection: outbox.find_all(connection, tenant_id, kinds))

    def receiver(self: Core, tenant_id: UUID, receiver_id: UUID) -> Receiver | None:
        """Find a receiver."""
        return self._read(lambda connection: outbox.find(connection, tenant_id, receiver_id))

    def change_receiver(
        self: Core, tenant_id: UUID, receiver_id: UUID, changes: dict[str, Any], *, audit: AuditEvent | None = None
    ) -> Receiver | None:
        """Change a receiver."""
        return self._writer.run(lambda connection: outbox.change(connection, tenant_id, receiver_id, changes, audit))

    def delete_receiver(self: Core, tenant_id: UUID, receiver_id: UUID, *, audit: AuditEvent | None = None) -> bool:
        """Delete a receiver."""
        return self._writer.run(lambda connection: outbox.delete(connection, tenant_id, receiver_id, audit))

    def sealed_secrets(self: Core) -> tuple[tuple[UUID, str], ...]:
        """List every encrypted secret."""
        return self._read(outbox.sealed_secrets)

    def reseal(self: Core, receiver_id: UUID, old: str, new: str) -> None:
        """Replace an encrypted secret."""
        self._writer.run(lambda connection: outbox.reseal(connection, receiver_id, old, new))

    def owe(self: Core, receiver: Receiver, analysis_id: UUID, now: datetime) -> UUID:
        """Owe an analysis."""
        return self._writer.run(lambda connection: outbox.owe(connection, receiver, analysis_id, now))

    def claim_deliveries(
        self: Core, now: datetime, *, rows_max: int, to_one_max: int, busy: Sequence[UUID]
    ) -> tuple[Delivery, ...]:
        """Take what is due."""
        # Most of the time nothing is, and looking costs no write.
        if not self._read(lambda connection: outbox.any_due(connection, now)):
            return ()
        return self._writer.run(lambda connection: outbox.claim(connection, now, rows_max, to_one_max, busy))

    def settle(self: Core, delivery: Delivery, attempt: Attempt, now: datetime) -> None:
        """Note an attempt."""
        self._writer.run(lambda connection: outbox.settle(connection, delivery, attempt, now))

    def drop(self: Core, delivery: Delivery) -> None:
        """Forget a delivery."""
        self._writer.run(lambda connection: outbox.drop(connection, delivery))

    def note_attempt(self: Core, receiver: Receiver, delivery_id: UUID, attempt: Attempt, now: datetime) -> None:
        """Note an attempt that was no delivery."""

        def work(connection: sa.Connection) -> None:
            outbox.note_attempt(connection, receiver, attempt, now)
            attempts.keep(connection, receiver.id, delivery_id, None, attempt, now)

        self._writer.run(work)

    def attempts(self: Core, receiver_id: UUID) -> tuple[KeptAttempt, ...]:
        """List the last attempts."""
        return self._read(lambda connection: attempts.of_receiver(connection, receiver_id))

    def owed(self: Core, receiver_id: UUID) -> Owed:
        """Count what is owed."""
        return self._read(lambda connection: attempts.owed(connection, receiver_id))

    def count_deliveries(self: Core) -> int:
        """Count what is owed."""
        return self._read(outbox.count_deliveries)
