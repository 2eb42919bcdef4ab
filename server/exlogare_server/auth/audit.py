"""Lines of the audit log: who changed what, with the right to."""

import uuid
from datetime import datetime

import msgspec

from exlogare_server.store.protocol import AuditEvent


class Actor(msgspec.Struct, frozen=True):
    """Who changes something: a user's id and e-mail address; no id for whoever runs the server's command."""

    id: uuid.UUID | None
    name: str


COMMAND_LINE = Actor(None, "command line")


def audit_event(  # noqa: PLR0917 - a line of a log has its columns
    tenant_id: uuid.UUID, now: datetime, actor: Actor, action: str, target: str, detail: str
) -> AuditEvent:
    """Make a line of the audit log, to be kept by the store in the step that it tells of.

    Args:
        tenant_id: in which tenant.
        now: when.
        actor: who.
        action: what was done, as ``thing.verb``.
        target: to what: an id, a slug.
        detail: one sentence for people; never a secret.
    """
    return AuditEvent(
        id=uuid.uuid4(),
        tenant_id=tenant_id,
        created_at=now,
        action=action,
        actor_id=actor.id,
        actor=actor.name,
        target=target,
        detail=detail,
    )
