"""Analyses as people look for them: searched by several conditions, one with all that is known of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, NotFoundError
from exlogare_server.read import cursor, ids, parameters, query
from exlogare_server.read.browse_view import BrowseView, ChoicesView, DetailView, NewsView
from exlogare_server.read.clusters import cluster_view
from exlogare_server.read.view import view
from exlogare_server.store.protocol import AnalysisFilter, Position, Store, StoredAnalysis
from exlogare_server.times import Clock, to_text

Text = Annotated[str, Meta(max_length=limits.SEARCH_CHARACTERS_MAX)]
_LAST_ID = UUID(int=2**128 - 1)


class BrowseParameters(query.ListParameters, frozen=True, kw_only=True):
    """What stands in the address of a list of analyses; all conditions hold together.

    Attributes:
        days: the last days, today included; ``since`` and ``until`` go before it.
        text: the words that the root cause contains.
    """

    days: Annotated[int, Meta(ge=1, le=limits.WINDOW_DAYS_MAX)] | None = None
    branch: query.Filter | None = None
    category: query.Filter | None = None
    provider: query.Filter | None = None
    text: Text | None = None


class Browse:
    """The use cases of the pages about analyses.

    Args:
        store: where they are kept.
        clock: gives the present time.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def page(self, tenant_id: UUID, given: Mapping[str, str], *, cluster_id: UUID | None = None) -> BrowseView:
        """Show a page of analyses.

        Args:
            tenant_id: who asks.
            given: see ``BrowseParameters``.
            cluster_id: only of this cluster.

        Raises:
            FieldsError: a parameter cannot be read or is out of range.
            BadRequestError: they do not fit together.
        """
        where, after = self._where(tenant_id, given, cluster_id)
        rows_max = limits.BROWSE_ROWS
        found = self._store.search(
            tenant_id, where, after=after, rows_max=rows_max + 1, examined_max=limits.BROWSE_EXAMINED_MAX
        )
        shown = found.rows[:rows_max]
        following = found.stopped_at
        if len(found.rows) > rows_max:
            following = Position(shown[-1].created_at, shown[-1].id)
        of_clusters = {row.cluster_id for row in shown if row.cluster_id is not None}
        newest = Position(shown[0].created_at, shown[0].id) if shown and after is None else None
        return BrowseView(
            items=tuple(view(row) for row in shown),
            counts=self._store.cluster_counts(tenant_id, sorted(of_clusters)) if of_clusters else {},
            next_cursor=cursor.write(following) if following else None,
            searched_to=to_text(found.stopped_at.created_at) if found.stopped_at else None,
            newest_cursor=cursor.write(newest or Position(self._clock(), _LAST_ID)),
            is_first=after is None,
        )

    def news(self, tenant_id: UUID, given: Mapping[str, str]) -> NewsView:
        """Count what came since a page was made: behind the place that ``cursor`` names.

        Raises:
            FieldsError: a parameter cannot be read or is out of range.
            BadRequestError: they do not fit together, or there is no cursor.
        """
        where, than = self._where(tenant_id, given, None)
        if than is None:
            raise BadRequestError("Invalid cursor")
        count = self._store.count_newer(tenant_id, where, than=than, rows_max=limits.NEWS_MAX + 1)
        return NewsView(min(count, limits.NEWS_MAX), count > limits.NEWS_MAX)

    def choices(self, tenant_id: UUID) -> ChoicesView:
        """Give what there is to filter by."""
        rows_max = limits.CHOICES_MAX
        return ChoicesView(
            categories=self._store.choices(tenant_id, "category", rows_max=rows_max),
            providers=self._store.choices(tenant_id, "provider_label", rows_max=rows_max),
            sources=self._store.choices(tenant_id, "source", rows_max=rows_max),
            projects=self._store.project_names(tenant_id, text="", after="", rows_max=rows_max),
        )

    def detail(self, tenant_id: UUID, analysis_id: str) -> DetailView:
        """Show one analysis.

        Raises:
            NotFoundError: there is none of this id, it is another tenant's, or it is no id at all.
        """
        wanted = ids.parse(analysis_id)
        stored = None if wanted is None else self._store.analysis(tenant_id, wanted)
        if stored is None:
            raise NotFoundError("There is no such analysis.")
        cluster = None if stored.cluster_id is None else self._store.cluster(tenant_id, stored.cluster_id)
        earlier: tuple[StoredAnalysis, ...] = ()
        if cluster is not None:
            earlier = self._store.search(
                tenant_id,
                AnalysisFilter(cluster_ids=(cluster.id,)),
                after=Position(stored.created_at, stored.id),
                rows_max=limits.EARLIER_ROWS,
                examined_max=limits.BROWSE_EXAMINED_MAX,
            ).rows
        return DetailView(
            analysis=view(stored),
            tool=stored.tool,
            cause_line=stored.cause_line,
            reasons=stored.reasons,
            cluster=None if cluster is None else cluster_view(cluster),
            earlier=tuple(view(row) for row in earlier),
        )

    def _where(
        self, tenant_id: UUID, given: Mapping[str, str], cluster_id: UUID | None
    ) -> tuple[AnalysisFilter, Position | None]:
        asked = parameters.parse(given, BrowseParameters)
        # Checks severity, times and cursor as the API does.
        common = query.parse(given)
        where = msgspec.structs.replace(
            common.where, branch=asked.branch, category=asked.category, provider_label=asked.provider
        )
        if asked.days is not None and where.since is None:
            today = self._clock().replace(hour=0, minute=0, second=0, microsecond=0)
            where = msgspec.structs.replace(where, since=today - timedelta(days=asked.days - 1))
        if cluster_id is not None:
            where = msgspec.structs.replace(where, cluster_ids=(cluster_id,))
        elif asked.text and asked.text.strip():
            found = self._store.clusters_like(
                tenant_id, asked.text.strip(), None, offset=0, rows_max=limits.BROWSE_CLUSTERS_MAX
            )
            where = msgspec.structs.replace(where, cluster_ids=tuple(cluster.id for cluster in found))
        return where, common.after
