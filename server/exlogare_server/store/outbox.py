"""What is owed to the outside: receivers, deliveries, and what the use cases may ask of a store about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

import msgspec

from exlogare_server.store.records import AuditEvent, Plan, Severity

ReceiverKind = Literal["webhook", "slack", "telegram", "matrix", "apprise"]
RECEIVER_KINDS: tuple[ReceiverKind, ...] = ("webhook", "slack", "telegram", "matrix", "apprise")
# All but webhooks.
CHANNEL_KINDS: tuple[ReceiverKind, ...] = RECEIVER_KINDS[1:]


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is told of failures: a webhook, or a channel of a messenger.

    Attributes:
        address: a webhook's URL; of a channel the words that people know it by, without its secrets.
        sealed: encrypted: a webhook's signing secret, a channel's whole apprise URL.
        events: what it is told of.
        severity_min: analyses below are not sent.
        novel_only: only first times and regressions of a cause are sent.
        consecutive_failures: failed attempts in a row, of whichever deliveries.
        last_status: the HTTP status of the last attempt; ``None`` when there was no answer.
        disabled_at: when it was disabled by too many failures; ``None`` when it was not.
    """

    id: UUID
    tenant_id: UUID
    kind: ReceiverKind
    name: str
    address: str
    sealed: str
    events: tuple[str, ...]
    enabled: bool
    created_at: datetime
    severity_min: Severity = "low"
    novel_only: bool = False
    consecutive_failures: int = 0
    last_delivery_at: datetime | None = None
    last_status: int | None = None
    last_error: str | None = None
    disabled_at: datetime | None = None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """An analysis that is owed to a receiver, claimed by a worker.

    Attributes:
        id: stays the same on every attempt.
        lease: the claim; whoever settles the delivery must still hold it.
        attempts: how many failed before.
        plan: of the tenant, at this moment.
    """

    id: UUID
    lease: UUID
    analysis_id: UUID
    attempts: int
    plan: Plan
    receiver: Receiver


class Attempt(msgspec.Struct, frozen=True):
    """How an attempt ended: ``error`` is ``None`` when the receiver took it."""

    status: int | None
    error: str | None


class KeptAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt that was made, of the last ``ATTEMPTS_KEPT_MAX`` of its receiver.

    Attributes:
        analysis_id: ``None`` for a test.
    """

    delivery_id: UUID
    analysis_id: UUID | None
    at: datetime
    status: int | None
    error: str | None


class Owed(msgspec.Struct, frozen=True):
    """How many deliveries a receiver is owed, and when the next is due."""

    count: int
    due_at: datetime | None


class Outbox(Protocol):
    """The part of a ``Store`` that is about deliveries. Every method may raise ``StoreUnavailableError``.

    A line of the audit log is kept in the same step as the change that it tells of, and only if there was one.
    """

    def add_receiver(
        self, receiver: Receiver, *, kinds: Sequence[ReceiverKind], count_max: int, audit: AuditEvent | None = None
    ) -> None:
        """Keep a receiver. Raises ``BadRequestError`` when the tenant has ``count_max`` of these kinds."""

    def receivers(self, tenant_id: UUID, kinds: Sequence[ReceiverKind]) -> tuple[Receiver, ...]:
        """List a tenant's receivers of these kinds, oldest first."""

    def receiver(self, tenant_id: UUID, receiver_id: UUID) -> Receiver | None:
        """Find a receiver of this tenant."""

    def change_receiver(
        self, tenant_id: UUID, receiver_id: UUID, changes: dict[str, Any], *, audit: AuditEvent | None = None
    ) -> Receiver | None:
        """Change fields of a receiver, by their names; ``None`` when the tenant has no such receiver."""

    def delete_receiver(self, tenant_id: UUID, receiver_id: UUID, *, audit: AuditEvent | None = None) -> bool:
        """Delete a receiver and what it is owed; say whether there was one."""

    def sealed_secrets(self) -> tuple[tuple[UUID, str], ...]:
        """List every receiver's encrypted secret, of all tenants."""

    def reseal(self, receiver_id: UUID, old: str, new: str) -> None:
        """Put an encrypted secret into another one's place, unless that has changed meanwhile."""

    def owe(self, receiver: Receiver, analysis_id: UUID, now: datetime) -> UUID:
        """Owe one analysis to one receiver; give the delivery's id."""

    def claim_deliveries(
        self, now: datetime, *, rows_max: int, to_one_max: int, busy: Sequence[UUID]
    ) -> tuple[Delivery, ...]:
        """Take deliveries that are due, for ``DELIVERY_LEASE_S``; no other worker gets them meanwhile.

        Args:
            now: the present.
            rows_max: how many at most.
            to_one_max: how many to one receiver at most.
            busy: receivers to leave out.
        """

    def settle(self, delivery: Delivery, attempt: Attempt, now: datetime) -> None:
        """Note an attempt: done, to be tried again later, or given up after the last try.

        Whoever does not hold the claim any more changes nothing.
        """

    def drop(self, delivery: Delivery) -> None:
        """Forget a delivery."""

    def note_attempt(self, receiver: Receiver, delivery_id: UUID, attempt: Attempt, now: datetime) -> None:
        """Note an attempt that was no delivery (a test)."""

    def attempts(self, receiver_id: UUID) -> tuple[KeptAttempt, ...]:
        """List the last attempts at a receiver, tests included, newest first."""

    def owed(self, receiver_id: UUID) -> Owed:
        """Count what a receiver is owed."""

    def count_deliveries(self) -> int:
        """Count what is owed, of all tenants."""
