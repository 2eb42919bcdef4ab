"""Writes a tenant's analyses out, one JSON object a line."""

from collections.abc import Callable, Iterator
from uuid import UUID

import msgspec

from exlogare_server import limits
from exlogare_server.store.protocol import AnalysisFilter, Position, Store, StoredAnalysis


def lines(
    store: Store, tenant_id: UUID, where: AnalysisFilter, show: Callable[[StoredAnalysis], object]
) -> Iterator[bytes]:
    """Give a tenant's analyses as lines of JSON, newest first.

    Args:
        store: where they are; read page by page, so that no more than a page is in memory.
        tenant_id: whose.
        where: which.
        show: gives the object of a line, as the API shows it.

    Raises:
        StoreUnavailableError: the database does not answer.
    """
    after: Position | None = None
    while page := store.analyses(tenant_id, where, after=after, rows_max=limits.PAGE_ROWS_MAX):
        for row in page:
            yield msgspec.json.encode(show(row)) + b"\n"
        after = Position(page[-1].created_at, page[-1].id)
