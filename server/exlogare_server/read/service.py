"""The use cases: one analysis, a page of analyses, readiness."""

from collections.abc import Callable, Mapping
from uuid import UUID

from exlogare_server.errors import NotFoundError, StoreUnavailableError
from exlogare_server.metrics import Metrics
from exlogare_server.read import cursor, ids, query
from exlogare_server.read.view import AnalysisView, LegacyPage, Page, view
from exlogare_server.store.protocol import Position, Store
from exlogare_server.throttle import Throttle


class Analyses:
    """Shows analyses to their tenant.

    Args:
        store: where they are kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def one(self, tenant_id: UUID, analysis_id: str) -> AnalysisView:
        """Show one analysis.

        Args:
            tenant_id: who asks.
            analysis_id: as it came.

        Raises:
            NotFoundError: there is none of this id, it is another tenant's, or it is no id at all.
        """
        wanted = ids.parse(analysis_id)
        stored = None if wanted is None else self._store.analysis(tenant_id, wanted)
        if stored is None:
            raise _not_found()
        return view(stored)

    def page(self, tenant_id: UUID, parameters: Mapping[str, str]) -> Page:
        """Show a page of analyses.

        Args:
            tenant_id: who asks.
            parameters: as in ``read/query.py``.

        Raises:
            FieldsError: a parameter cannot be read or is out of range.
            BadRequestError: they do not fit together.
        """
        wanted = query.parse(parameters)
        # One row more than asked for tells whether there is a next page.
        rows = self._store.analyses(tenant_id, wanted.where, after=wanted.after, rows_max=wanted.rows_max + 1)
        shown = rows[: wanted.rows_max]
        more = len(rows) > wanted.rows_max
        next_cursor = cursor.write(Position(shown[-1].created_at, shown[-1].id)) if more else None
        return Page(items=tuple(view(row) for row in shown), next_cursor=next_cursor, limit=wanted.rows_max)

    def legacy_page(self, tenant_id: UUID, parameters: Mapping[str, str]) -> LegacyPage:
        """Show a page of analyses by offset.

        Raises:
            FieldsError: a parameter cannot be read or is out of range.
            BadRequestError: an unknown severity.
        """
        wanted = query.parse_legacy(parameters)
        where = wanted.where
        total = self._store.count_analyses(tenant_id, severity=where.severity, project=where.project)
        rows = (
            self._store.analyses_at(tenant_id, where, offset=wanted.offset, rows_max=wanted.rows_max)
            if wanted.offset < total
            else ()
        )
        return LegacyPage(
            items=tuple(view(row) for row in rows), total=total, limit=wanted.rows_max, offset=wanted.offset
        )


class Observation:
    """Shows the server's counts.

    Args:
        store: knows how many deliveries are owed.
        metrics: what was counted.
        held_bytes: gives the bytes of request bodies in memory.
    """

    def __init__(self, store: Store, metrics: Metrics, held_bytes: Callable[[], int]) -> None:
        self._store = store
        self._metrics = metrics
        self._held_bytes = held_bytes

    def exposition(self) -> bytes:
        """Give all counts, also while the database is away: then above all they are wanted."""
        try:
            owed = self._store.count_deliveries()
        except StoreUnavailableError:
            owed = None
        return self._metrics.exposition(deliveries_owed=owed, in_flight_bytes=self._held_bytes())


class Readiness:
    """Says whether the server can work.

    Args:
        store: what it needs.
        throttle: what it needs as well, when it counts in Redis and must.
    """

    def __init__(self, store: Store, throttle: Throttle) -> None:
        self._store = store
        self._throttle = throttle

    def fault(self) -> str | None:
        """Say in a sentence what is missing; ``None`` when nothing is."""
        return self._store.ready() or self._throttle.fault()


def _not_found() -> NotFoundError:
    return NotFoundError("There is no such analysis.")
