"""The part of the SQL store that serves people who browse."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exlogare_server import limits
from exlogare_server.store.browsing import Choice, Found, KindCounts, Novelty, ProjectDays
from exlogare_server.store.protocol import AnalysisFilter, Cluster, ClusterStatus, Position
from exlogare_server.store.sql import browsing, browsing_figures
from exlogare_server.store.sql.store_people import Core


class BrowsingMixin:
    """See ``store/browsing.py``, which describes the methods."""

    def search(
        self: Core, tenant_id: UUID, where: AnalysisFilter, *, after: Position | None, rows_max: int, examined_max: int
    ) -> Found:
        """List analyses for which several conditions hold."""
        return self._read(
            lambda connection: browsing.search(
                connection, tenant_id, where, after=after, rows_max=rows_max, examined_max=examined_max
            )
        )

    def count_newer(self: Core, tenant_id: UUID, where: AnalysisFilter, *, than: Position, rows_max: int) -> int:
        """Count what came after a place."""
        return self._read(lambda connection: browsing.count_newer(connection, tenant_id, where, than, rows_max))

    def choices(self: Core, tenant_id: UUID, column: Choice, *, rows_max: int) -> tuple[str, ...]:
        """List the values of a column."""
        return self._read(lambda connection: browsing.choices(connection, tenant_id, column, rows_max))

    def project_names(self: Core, tenant_id: UUID, *, text: str, after: str, rows_max: int) -> tuple[str, ...]:
        """List projects by name."""
        looked_at_max = limits.PROJECTS_SEARCHED_MAX
        return self._read(
            lambda connection: browsing.project_names(
                connection, tenant_id, text=text, after=after, rows_max=rows_max, looked_at_max=looked_at_max
            )
        )

    def project_days(self: Core, tenant_id: UUID, projects: Sequence[str], first_day: int) -> tuple[ProjectDays, ...]:
        """Give the days of projects."""
        return self._read(lambda connection: browsing.project_days(connection, tenant_id, projects, first_day))

    def failures_by_kind(self: Core, tenant_id: UUID, first_day: int) -> KindCounts:
        """Count failures by kind."""
        return self._read(lambda connection: browsing_figures.failures_by_kind(connection, tenant_id, first_day))

    def cluster_days(
        self: Core, tenant_id: UUID, cluster_ids: Sequence[UUID], first_day: int, last_day: int
    ) -> dict[UUID, dict[int, int]]:
        """Count the failures of clusters by day."""
        return self._read(
            lambda connection: browsing_figures.cluster_days(connection, tenant_id, cluster_ids, first_day, last_day)
        )

    def cluster_counts(self: Core, tenant_id: UUID, cluster_ids: Sequence[UUID]) -> dict[UUID, int]:
        """Count the failures of clusters."""
        return self._read(lambda connection: browsing_figures.cluster_counts(connection, tenant_id, cluster_ids))

    def clusters_since(
        self: Core, tenant_id: UUID, novelty: Novelty, since: datetime, *, rows_max: int
    ) -> tuple[int, tuple[Cluster, ...]]:
        """List what is new or back."""
        return self._read(
            lambda connection: browsing_figures.clusters_since(connection, tenant_id, novelty, since, rows_max)
        )

    def clusters_like(
        self: Core, tenant_id: UUID, text: str, status: ClusterStatus | None, *, offset: int, rows_max: int
    ) -> tuple[Cluster, ...]:
        """List clusters by the words of their cause."""
        return self._read(
            lambda connection: browsing_figures.clusters_like(
                connection, tenant_id, text, status, offset=offset, rows_max=rows_max
            )
        )
