"""The audit log, for admins."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from exlogare_server import limits
from exlogare_server.read import cursor, parameters
from exlogare_server.read.view import Time
from exlogare_server.store.protocol import AuditEvent, Position, Store
from exlogare_server.times import to_text


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the audit log."""

    cursor: Annotated[str, Meta(max_length=limits.CURSOR_CHARACTERS_MAX)] | None = None
    limit: Annotated[int, Meta(ge=1, le=limits.PAGE_ROWS_MAX)] = limits.PAGE_ROWS


class AuditView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was changed: by whom (``actor_id`` is ``null`` for the server's command), and to what."""

    id: UUID
    created_at: Time
    action: str
    actor_id: UUID | None
    actor: str
    target: str
    detail: str


class AuditPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the audit log, newest first; ``next_cursor`` is ``null`` on the last one."""

    items: tuple[AuditView, ...]
    next_cursor: str | None
    limit: int


class Audit:
    """Shows the audit log.

    Args:
        store: where it is kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, tenant_id: UUID, given: Mapping[str, str]) -> AuditPage:
        """Show a page.

        Raises:
            FieldsError: a parameter cannot be read or is out of range.
            BadRequestError: the cursor is none.
        """
        query = parameters.parse(given, AuditQuery)
        after = cursor.read(query.cursor) if query.cursor else None
        rows = self._store.audit_events(tenant_id, after=after, rows_max=query.limit + 1)
        shown = rows[: query.limit]
        more = len(rows) > query.limit
        return AuditPage(
            items=tuple(_view(row) for row in shown),
            next_cursor=cursor.write(Position(shown[-1].created_at, shown[-1].id)) if more else None,
            limit=query.limit,
        )


def _view(event: AuditEvent) -> AuditView:
    return AuditView(
        id=event.id,
        created_at=to_text(event.created_at),
        action=event.action,
        actor_id=event.actor_id,
        actor=event.actor,
        target=event.target,
        detail=event.detail,
    )
