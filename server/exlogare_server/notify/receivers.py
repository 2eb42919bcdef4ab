"""The use cases about receivers: making, changing, testing webhooks and channels of messengers."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args
from urllib.parse import quote

import msgspec

from exlogare_server import limits
from exlogare_server.errors import (
    BadRequestError,
    FieldError,
    FieldsError,
    ForbiddenError,
    NotFoundError,
)
from exlogare_server.notify import view, webhook
from exlogare_server.notify.addresses import Policy
from exlogare_server.notify.bodies import ChannelBody, ChannelChanges, WebhookBody, WebhookChanges
from exlogare_server.notify.messenger import Messenger
from exlogare_server.notify.sealing import Sealer
from exlogare_server.notify.sending import Sender
from exlogare_server.store.outbox import CHANNEL_KINDS, Receiver, ReceiverKind
from exlogare_server.store.protocol import SEVERITIES, AuditEvent, Severity, Store, Tenant
from exlogare_server.times import Clock

_WEBHOOKS: tuple[ReceiverKind, ...] = ("webhook",)
_SECRET_BYTES = 32
_SLACK = "https://hooks.slack.com/"
# What the audit log says was done.
_DONE = {
    "create": "Made {}",
    "update": "Changed {}",
    "rotate_secret": "Gave {} a new secret",
    "delete": "Deleted {}",
}
# Which changes it names.
_TOLD = frozenset(("name", "address", "events", "enabled", "severity_min", "novel_only"))


class By(msgspec.Struct, frozen=True):
    """Who asks: in which tenant, and who that is in the audit log."""

    tenant: Tenant
    actor_id: uuid.UUID | None
    actor: str


class Receivers:
    """The use cases about receivers.

    Args:
        store: where they are kept.
        clock: gives the present time.
        sealer: encrypts their secrets.
        policy: which addresses may be sent to.
        messenger: knows the messengers' URLs.
        sender: sends tests.
    """

    def __init__(
        self, *, store: Store, clock: Clock, sealer: Sealer, policy: Policy, messenger: Messenger, sender: Sender
    ) -> None:
        self._store = store
        self._clock = clock
        self._sealer = sealer
        self._policy = policy
        self._messenger = messenger
        self._sender = sender

    def webhooks(self, by: By) -> tuple[view.WebhookView, ...]:
        """List the tenant's webhooks, oldest first."""
        return tuple(view.webhook(receiver) for receiver in self._store.receivers(by.tenant.id, _WEBHOOKS))

    def webhook(self, by: By, receiver_id: str) -> view.WebhookView:
        """Show a webhook.

        Raises:
            NotFoundError: the tenant has no such webhook.
        """
        return view.webhook(self._find(by, receiver_id, _WEBHOOKS))

    def deliveries(self, by: By, receiver_id: str) -> view.DeliveriesView:
        """Show what a webhook is owed, and how the last attempts went.

        Raises:
            NotFoundError: the tenant has no such webhook.
        """
        receiver = self._find(by, receiver_id, _WEBHOOKS)
        return view.deliveries(self._store.owed(receiver.id), self._store.attempts(receiver.id), webhook.event_id)

    def add_webhook(self, by: By, body: WebhookBody) -> view.WebhookSecretView:
        """Make a webhook; its secret is told this once.

        Raises:
            ForbiddenError: the tenant's plan has none.
            BadRequestError: the address may not be sent to, or there are too many.
            FieldsError: an event that does not exist.
        """
        _require_paid(by)
        events = _events(body.events)
        self._policy.target(body.url)
        secret = _new_secret()
        receiver = self._new(
            by, kind="webhook", name=body.name, address=body.url, sealed=self._sealer.seal(secret), events=events,
            enabled=body.enabled is not False,
        )  # fmt: skip
        self._store.add_receiver(
            receiver,
            kinds=_WEBHOOKS,
            count_max=limits.WEBHOOKS_MAX,
            audit=self._event(by, "webhook.create", receiver.id, body.name),
        )
        return view.webhook_with_secret(receiver, secret)

    def change_webhook(self, by: By, receiver_id: str, body: WebhookChanges) -> view.WebhookView:
        """Change a webhook.

        Raises:
            NotFoundError: the tenant has no such webhook.
            BadRequestError: the new address may not be sent to.
            FieldsError: an event that does not exist.
        """
        receiver = self._find(by, receiver_id, _WEBHOOKS)
        changes: dict[str, Any] = _given(body, "name", "enabled")
        if body.events is not None:
            changes["events"] = _events(body.events)
        if body.url is not None:
            self._policy.target(body.url)
            changes["address"] = body.url
        return view.webhook(self._change(by, receiver, changes))

    def rotate_secret(self, by: By, receiver_id: str) -> view.WebhookSecretView:
        """Give a webhook a new secret, told this once; the old one is void at once.

        Raises:
            NotFoundError: the tenant has no such webhook.
        """
        receiver = self._find(by, receiver_id, _WEBHOOKS)
        secret = _new_secret()
        changed = self._change(by, receiver, {"sealed": self._sealer.seal(secret)}, action="webhook.rotate_secret")
        return view.webhook_with_secret(changed, secret)

    def redeliver(self, by: By, receiver_id: str, analysis_id: str) -> view.QueuedView:
        """Owe an analysis to a webhook once more, as a delivery of its own.

        Raises:
            ForbiddenError: the tenant's plan has no webhooks.
            NotFoundError: the tenant has no such webhook, or no such analysis.
            BadRequestError: the webhook is disabled.
        """
        _require_paid(by)
        receiver = self._find(by, receiver_id, _WEBHOOKS)
        wanted = _id(analysis_id)
        if wanted is None or self._store.analysis(by.tenant.id, wanted) is None:
            raise NotFoundError("There is no such analysis.")
        if not receiver.enabled:
            raise BadRequestError("The webhook is disabled; enable it first.")
        delivery_id = self._store.owe(receiver, wanted, self._clock())
        return view.QueuedView(status="queued", delivery_id=webhook.event_id(delivery_id))

    def channels(self, by: By) -> tuple[view.ChannelView, ...]:
        """List the tenant's channels, oldest first."""
        return tuple(view.channel(receiver) for receiver in self._store.receivers(by.tenant.id, CHANNEL_KINDS))

    def add_channel(self, by: By, body: ChannelBody) -> view.ChannelView:
        """Make a channel of a messenger.

        Raises:
            ForbiddenError: the tenant's plan has none.
            BadRequestError: the messenger's URL is none, may not be sent to, or there are too many channels.
            FieldsError: fields are missing, or of another kind.
        """
        _require_paid(by)
        kind = _kind(body.kind)
        url = _apprise_url(kind, body)
        shown = self._messenger.describe(url, self._policy)
        receiver = self._new(
            by, kind=kind, name=body.name, address=shown, sealed=self._sealer.seal(url), events=webhook.EVENTS,
            enabled=body.enabled is not False, severity_min=_severity(body.severity_min) or "low",
            novel_only=bool(body.novel_only),
        )  # fmt: skip
        self._store.add_receiver(
            receiver,
            kinds=CHANNEL_KINDS,
            count_max=limits.CHANNELS_MAX,
            audit=self._event(by, "channel.create", receiver.id, body.name),
        )
        return view.channel(receiver)

    def change_channel(self, by: By, receiver_id: str, body: ChannelChanges) -> view.ChannelView:
        """Change what a channel is told of, its name, or whether it is told anything.

        Raises:
            NotFoundError: the tenant has no such channel.
            FieldsError: a severity that does not exist.
        """
        receiver = self._find(by, receiver_id, CHANNEL_KINDS)
        changes = _given(body, "name", "enabled", "novel_only")
        if body.severity_min is not None:
            changes["severity_min"] = _severity(body.severity_min)
        return view.channel(self._change(by, receiver, changes))

    def test(self, by: By, receiver_id: str, *, channel: bool) -> view.AttemptView:
        """Send a test now, and say how it went; it counts like any other attempt.

        Raises:
            ForbiddenError: the tenant's plan sends nothing.
            NotFoundError: the tenant has no such receiver.
        """
        _require_paid(by)
        receiver = self._find(by, receiver_id, CHANNEL_KINDS if channel else _WEBHOOKS)
        delivery_id, now = uuid.uuid4(), self._clock()
        attempt = self._sender.test(receiver, delivery_id, view.sample(now))
        self._store.note_attempt(receiver, delivery_id, attempt, self._clock())
        return view.attempt(webhook.event_id(delivery_id), attempt)

    def delete(self, by: By, receiver_id: str, *, channel: bool) -> None:
        """Delete a receiver and what it is owed.

        Raises:
            NotFoundError: the tenant has no such receiver.
        """
        receiver = self._find(by, receiver_id, CHANNEL_KINDS if channel else _WEBHOOKS)
        event = self._event(by, f"{_thing(receiver)}.delete", receiver.id, receiver.name)
        self._store.delete_receiver(by.tenant.id, receiver.id, audit=event)

    def _new(self, by: By, **fields: Any) -> Receiver:
        return Receiver(id=uuid.uuid4(), tenant_id=by.tenant.id, created_at=self._clock(), **fields)

    def _find(self, by: By, receiver_id: str, kinds: Sequence[ReceiverKind]) -> Receiver:
        wanted = _id(receiver_id)
        found = None if wanted is None else self._store.receiver(by.tenant.id, wanted)
        if found is None or found.kind not in kinds:
            raise _not_found(kinds)
        return found

    def _change(self, by: By, receiver: Receiver, changes: dict[str, Any], *, action: str | None = None) -> Receiver:
        if changes.get("enabled"):
            changes = {**changes, "consecutive_failures": 0, "disabled_at": None}
        if not changes:
            return receiver
        done = action or f"{_thing(receiver)}.update"
        event = self._event(by, done, receiver.id, receiver.name, more=", ".join(sorted(set(changes) & _TOLD)))
        changed = self._store.change_receiver(by.tenant.id, receiver.id, changes, audit=event)
        if changed is None:
            raise _not_found((receiver.kind,))
        return changed

    def _event(self, by: By, action: str, receiver_id: uuid.UUID, name: str, more: str = "") -> AuditEvent:
        now: datetime = self._clock()
        thing, _, verb = action.partition(".")
        detail = f"{_DONE[verb].format(f'the {thing} {name!r}')}{f' ({more})' if more else ''}."
        return AuditEvent(
            id=uuid.uuid4(), tenant_id=by.tenant.id, created_at=now, action=action, actor_id=by.actor_id,
            actor=by.actor, target=str(receiver_id), detail=detail,
        )  # fmt: skip


def _require_paid(by: By) -> None:
    if by.tenant.plan != "paid":
        raise ForbiddenError("Notifications and webhooks need a paid plan.")


def _thing(receiver: Receiver) -> str:
    return "webhook" if receiver.kind == "webhook" else "channel"


def _not_found(kinds: Sequence[ReceiverKind]) -> NotFoundError:
    return NotFoundError("There is no such webhook." if kinds == _WEBHOOKS else "There is no such notification.")


def _new_secret() -> str:
    return "whsec_" + secrets.token_urlsafe(_SECRET_BYTES)


def _id(text: str) -> uuid.UUID | None:
    """Read an id; UUID() would also take braces, "urn:uuid:" and digits without dashes."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


def _given(body: msgspec.Struct, *names: str) -> dict[str, Any]:
    return {name: getattr(body, name) for name in names if getattr(body, name) is not None}


def _events(wanted: list[str] | None) -> tuple[str, ...]:
    if wanted is None:
        return webhook.EVENTS
    if not wanted or set(wanted) - set(webhook.EVENTS):
        raise FieldsError([FieldError(("body", "events"), f"Expected {', '.join(webhook.EVENTS)}.", "enum")])
    return tuple(event for event in webhook.EVENTS if event in wanted)


def _kind(text: str) -> ReceiverKind:
    for kind in CHANNEL_KINDS:
        if kind == text:
            return kind
    raise FieldsError([FieldError(("body", "kind"), f"Expected one of {', '.join(CHANNEL_KINDS)}.", "enum")])


def _severity(text: str | None) -> Severity | None:
    if text is None or text in get_args(Severity):
        return text  # type: ignore[return-value]  # it is one of its words
    raise FieldsError([FieldError(("body", "severity_min"), f"Expected one of {', '.join(SEVERITIES)}.", "enum")])


# Which fields each kind needs.
_NEEDS: dict[ReceiverKind, tuple[str, ...]] = {
    "slack": ("url",),
    "telegram": ("bot_token", "chat_id"),
    "matrix": ("homeserver", "access_token", "room_id"),
    "apprise": ("url",),
}


def _apprise_url(kind: ReceiverKind, body: ChannelBody) -> str:
    """Write a channel's apprise URL (https://github.com/caronc/apprise/wiki)."""
    fields = ("url", "bot_token", "chat_id", "homeserver", "access_token", "room_id")
    errors = [
        FieldError(("body", name), f"A {kind} channel needs it.", "missing")
        for name in _NEEDS[kind]
        if not getattr(body, name)
    ] + [
        FieldError(("body", name), f"A {kind} channel has no such field.", "extra_forbidden")
        for name in fields
        if name not in _NEEDS[kind] and getattr(body, name) is not None
    ]
    if errors:
        raise FieldsError(errors)

    def part(name: str) -> str:
        return quote(getattr(body, name), safe="")

    if kind == "telegram":
        # The colon belongs to a bot's token.
        return f"tgram://{quote(body.bot_token or '', safe=':')}/{part('chat_id')}/"
    if kind == "matrix":
        host = (body.homeserver or "").removeprefix("https://").strip("/")
        return f"matrixs://{part('access_token')}@{quote(host, safe=':.-[]')}/{part('room_id')}"
    url = body.url or ""
    if kind == "slack" and not url.startswith(_SLACK):
        raise BadRequestError(f"A Slack channel's url is that of an incoming webhook, {_SLACK}services/….")
    return url
