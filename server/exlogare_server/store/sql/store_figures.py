"""The part of the SQL store that is about figures: counts, tops, clusters, the list by offset."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exlogare_server.store.protocol import (
    AnalysisFilter,
    AuditEvent,
    CauseCount,
    Cluster,
    ClusterStatus,
    Overview,
    Severity,
    StoredAnalysis,
)
from exlogare_server.store.sql import analyses, clusters, rollups
from exlogare_server.store.sql.store_people import Core


class FiguresMixin:
    """See ``store/protocol.py``, which describes the methods."""

    def analyses_at(
        self: Core, tenant_id: UUID, where: AnalysisFilter, *, offset: int, rows_max: int
    ) -> tuple[StoredAnalysis, ...]:
        """List analyses after so many."""
        return self._read(lambda connection: analyses.page_at(connection, tenant_id, where, offset, rows_max))

    def count_analyses(self: Core, tenant_id: UUID, *, severity: Severity | None, project: str | None) -> int:
        """Count analyses."""
        return self._read(lambda connection: rollups.count_analyses(connection, tenant_id, severity, project))

    def has_analyses(self: Core, tenant_id: UUID) -> bool:
        """Say whether there is any."""
        return self._read(lambda connection: analyses.any_of(connection, tenant_id))

    def overview(self: Core, tenant_id: UUID, first_day: int) -> Overview:
        """Sum the figures."""
        return self._read(lambda connection: rollups.overview(connection, tenant_id, first_day))

    def failures_by_day(self: Core, tenant_id: UUID, first_day: int) -> dict[int, int]:
        """Count failures a day."""
        return self._read(lambda connection: rollups.failures_by_day(connection, tenant_id, first_day))

    def top_projects(self: Core, tenant_id: UUID, first_day: int, rows_max: int) -> tuple[tuple[str, int], ...]:
        """List the projects with the most failures."""
        return self._read(lambda connection: rollups.top_projects(connection, tenant_id, first_day, rows_max))

    def top_causes(self: Core, tenant_id: UUID, first_day: int, rows_max: int) -> tuple[CauseCount, ...]:
        """List the causes with the most failures."""
        return self._read(lambda connection: rollups.top_causes(connection, tenant_id, first_day, rows_max))

    def clusters(
        self: Core, tenant_id: UUID, status: ClusterStatus | None, *, offset: int, rows_max: int
    ) -> tuple[Cluster, ...]:
        """List clusters."""
        return self._read(lambda connection: clusters.page(connection, tenant_id, status, offset, rows_max))

    def cluster(self: Core, tenant_id: UUID, cluster_id: UUID) -> Cluster | None:
        """Find one cluster."""
        return self._read(lambda connection: clusters.one(connection, tenant_id, cluster_id))

    def count_clusters(self: Core, tenant_id: UUID) -> dict[ClusterStatus, int]:
        """Count clusters by status."""
        return self._read(lambda connection: clusters.by_status(connection, tenant_id))

    def clusters_of(self: Core, tenant_id: UUID, analysis_ids: Sequence[UUID]) -> dict[UUID, Cluster]:
        """Find the clusters of analyses."""
        return self._read(lambda connection: clusters.of_analyses(connection, tenant_id, analysis_ids))

    def set_cluster_status(
        self: Core,
        tenant_id: UUID,
        cluster_id: UUID,
        status: ClusterStatus,
        now: datetime,
        *,
        audit: AuditEvent | None = None,
    ) -> Cluster:
        """Change a cluster's status."""
        return self._writer.run(
            lambda connection: clusters.set_status(connection, tenant_id, cluster_id, status, now, event=audit)
        )
