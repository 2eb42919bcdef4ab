"""Receivers as the API shows them: never with a secret, but for a webhook's at its making."""

from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Annotated, Any
from uuid import UUID

import msgspec

from exlogare_server.store.outbox import Attempt, KeptAttempt, Owed, Receiver, ReceiverKind
from exlogare_server.store.records import Severity

Time = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]


class WebhookView(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook; ``last_status`` is the HTTP status of the last attempt, ``null`` when there was no answer."""

    id: UUID
    name: str
    url: str
    events: tuple[str, ...]
    enabled: bool
    consecutive_failures: int
    last_delivery_at: Time | None
    last_status: int | None
    last_error: str | None
    disabled_at: Time | None
    created_at: Time


class WebhookSecretView(WebhookView, frozen=True, kw_only=True):
    """A webhook with its signing secret, shown this once."""

    secret: str


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """A channel of a messenger; ``target`` names it without its secrets."""

    id: UUID
    kind: ReceiverKind
    name: str
    target: str
    severity_min: Severity
    novel_only: bool
    enabled: bool
    consecutive_failures: int
    last_delivery_at: Time | None
    last_error: str | None
    disabled_at: Time | None
    created_at: Time


class AttemptView(msgspec.Struct, frozen=True, kw_only=True):
    """How a test went."""

    delivered: bool
    delivery_id: str
    status: int | None
    error: str | None


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt at a delivery; ``analysis_id`` is ``null`` for a test, ``error`` for one that arrived."""

    delivery_id: str
    analysis_id: UUID | None
    attempted_at: Time
    status: int | None
    error: str | None


class DeliveriesView(msgspec.Struct, frozen=True, kw_only=True):
    """What is owed to a webhook, and the last attempts, newest first."""

    owed: int
    next_attempt_at: Time | None
    items: tuple[DeliveryView, ...]


class QueuedView(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that will be sent."""

    status: str
    delivery_id: str


def webhook(receiver: Receiver) -> WebhookView:
    """Show a webhook."""
    return WebhookView(**_webhook(receiver))


def webhook_with_secret(receiver: Receiver, secret: str) -> WebhookSecretView:
    """Show a webhook and its secret."""
    return WebhookSecretView(secret=secret, **_webhook(receiver))


def channel(receiver: Receiver) -> ChannelView:
    """Show a channel."""
    return ChannelView(
        id=receiver.id,
        kind=receiver.kind,
        name=receiver.name,
        target=receiver.address,
        severity_min=receiver.severity_min,
        novel_only=receiver.novel_only,
        enabled=receiver.enabled,
        consecutive_failures=receiver.consecutive_failures,
        last_delivery_at=_time(receiver.last_delivery_at),
        last_error=receiver.last_error,
        disabled_at=_time(receiver.disabled_at),
        created_at=_time(receiver.created_at) or "",
    )


def attempt(delivery_id: str, done: Attempt) -> AttemptView:
    """Show how a test went."""
    return AttemptView(delivered=done.error is None, delivery_id=delivery_id, status=done.status, error=done.error)


def deliveries(owed: Owed, kept: Sequence[KeptAttempt], name: Callable[[UUID], str]) -> DeliveriesView:
    """Show what is owed and what was tried; ``name`` gives a delivery's id as its receiver sees it."""
    return DeliveriesView(
        owed=owed.count,
        next_attempt_at=_time(owed.due_at),
        items=tuple(
            DeliveryView(
                delivery_id=name(row.delivery_id),
                analysis_id=row.analysis_id,
                attempted_at=_time(row.at) or "",
                status=row.status,
                error=row.error,
            )
            for row in kept
        ),
    )


def sample(now: datetime) -> dict[str, Any]:
    """Give the analysis that a test sends: the API's fields, with an id that no analysis has."""
    moment = _time(now)
    return {
        "id": "test_analysis", "provider": "generic", "source": "test_delivery", "ci_run_id": "test#1",
        "ci_job_id": None, "project_id": "test", "project_path": "test", "project_web_url": None,
        "pipeline_url": None, "job_url": None, "mr_iid": None, "root_cause": "This is a test.",
        "explanation": "Somebody asked Exlogare to send a test to this webhook; no build has failed.",
        "fix_suggestion": "Nothing is to be done.", "severity": "low", "confidence": 1.0, "created_at": moment,
        "provider_label": "test", "status": "failed", "branch": None, "commit_sha": None, "job_name": None,
        "build_number": None, "category": "unknown", "evidence": [], "cluster_id": None,
        "needs_more_context": False, "missing_context_hint": None, "updated_at": moment,
    }  # fmt: skip


def _webhook(receiver: Receiver) -> dict[str, Any]:
    return {
        "id": receiver.id, "name": receiver.name, "url": receiver.address, "events": receiver.events,
        "enabled": receiver.enabled, "consecutive_failures": receiver.consecutive_failures,
        "last_delivery_at": _time(receiver.last_delivery_at), "last_status": receiver.last_status,
        "last_error": receiver.last_error, "disabled_at": _time(receiver.disabled_at),
        "created_at": _time(receiver.created_at),
    }  # fmt: skip


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(timezone.utc).isoformat(timespec="microseconds")
