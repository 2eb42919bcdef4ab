"""What people ask of a store beyond the API: searches, choices, and figures of one thing over days."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from exlogare_server.store.records import AnalysisFilter, Cluster, ClusterStatus, Position, Severity, StoredAnalysis

# The columns of analyses whose values a reader chooses from.
Choice = Literal["category", "provider_label", "source"]
# New are clusters that were seen first since a time, back those that failed again after they had been resolved.
Novelty = Literal["new", "back"]


class Found(msgspec.Struct, frozen=True):
    """What a search found.

    Attributes:
        rows: newest first.
        stopped_at: the last analysis that was looked at when the search stopped at its limit; behind it there
            may be more. ``None`` when ``rows`` are all there are, or as many as were asked for.
    """

    rows: tuple[StoredAnalysis, ...]
    stopped_at: Position | None


class KindCounts(msgspec.Struct, frozen=True):
    """The failures of a window.

    Attributes:
        days: day since 1970 in UTC, severity, failures; ascending, counts above 0.
        categories: category, failures; the most frequent first, counts above 0.
    """

    days: tuple[tuple[int, Severity, int], ...]
    categories: tuple[tuple[str, int], ...]


class ProjectDays(msgspec.Struct, frozen=True, kw_only=True):
    """A project.

    Attributes:
        last_at: when its newest analysis was made; ``None`` when none is left.
        failures: by days since 1970; days without any may be missing.
    """

    project: str
    last_at: datetime | None
    failures: dict[int, int]


class Browsing(Protocol):
    """A part of ``Store``."""

    def search(
        self, tenant_id: UUID, where: AnalysisFilter, *, after: Position | None, rows_max: int, examined_max: int
    ) -> Found:
        """List a tenant's analyses for which several conditions hold, newest first, within bounded work.

        Args:
            tenant_id: whose.
            where: which.
            after: the place behind which to begin.
            rows_max: how many to find.
            examined_max: how many rows that one of the conditions gives are looked at for the others.
        """

    def count_newer(self, tenant_id: UUID, where: AnalysisFilter, *, than: Position, rows_max: int) -> int:
        """Count the analyses that came after a place, to ``rows_max`` at most."""

    def choices(self, tenant_id: UUID, column: Choice, *, rows_max: int) -> tuple[str, ...]:
        """List the values that a column has, sorted."""

    def project_names(self, tenant_id: UUID, *, text: str, after: str, rows_max: int) -> tuple[str, ...]:
        """List projects by name, behind ``after``, whose name contains ``text`` in any case of ASCII letters."""

    def project_days(self, tenant_id: UUID, projects: Sequence[str], first_day: int) -> tuple[ProjectDays, ...]:
        """Give projects with the failures of their days from ``first_day`` (since 1970) on, in the given order."""

    def failures_by_kind(self, tenant_id: UUID, first_day: int) -> KindCounts:
        """Count failures from a day on, by day and severity, and by category."""

    def cluster_days(
        self, tenant_id: UUID, cluster_ids: Sequence[UUID], first_day: int, last_day: int
    ) -> dict[UUID, dict[int, int]]:
        """Count the failures of clusters by days since 1970; days without any may be missing."""

    def cluster_counts(self, tenant_id: UUID, cluster_ids: Sequence[UUID]) -> dict[UUID, int]:
        """Say how many runs failed of each of these clusters; other tenants' are left out."""

    def clusters_since(
        self, tenant_id: UUID, novelty: Novelty, since: datetime, *, rows_max: int
    ) -> tuple[int, tuple[Cluster, ...]]:
        """List the clusters that are new or back since a time, the newest first, and say how many there are."""

    def clusters_like(
        self, tenant_id: UUID, text: str, status: ClusterStatus | None, *, offset: int, rows_max: int
    ) -> tuple[Cluster, ...]:
        """List the clusters whose cause contains a text, in any case of ASCII letters, the one that failed last first.

        As many as ``limits.CLUSTERS_SEARCHED_MAX`` of those that failed last are looked at.
        """
