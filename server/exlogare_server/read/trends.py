"""Failures over days, as pages show them: of everything, of a cause, of a project."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, NotFoundError
from exlogare_server.read import ids, parameters
from exlogare_server.read.browse import Browse, Text
from exlogare_server.read.browse_view import (
    CategoryCount,
    CauseRow,
    ClusterDetail,
    ClusterRow,
    ClusterRows,
    DashboardView,
    DayKinds,
    Novelties,
    ProjectRow,
    ProjectRows,
    Trend,
)
from exlogare_server.read.clusters import cluster_view
from exlogare_server.read.query import Filter
from exlogare_server.read.statistics import Statistics
from exlogare_server.read.view import view
from exlogare_server.store.browsing import Novelty
from exlogare_server.store.protocol import CLUSTER_STATUSES, Cluster, Store
from exlogare_server.times import EPOCH, Clock, to_text

_WEEK = timedelta(days=7)


class OverviewParameters(msgspec.Struct, frozen=True, kw_only=True):
    """The last ``days`` days in UTC, today included."""

    days: Annotated[int, Meta(ge=1, le=limits.BROWSE_DAYS_MAX)] = limits.BROWSE_DAYS


class ClustersParameters(msgspec.Struct, frozen=True, kw_only=True):
    """A page of clusters of a status, whose cause contains some words."""

    status: Annotated[str, Meta(max_length=16)] | None = None
    text: Text | None = None
    offset: Annotated[int, Meta(ge=0, le=limits.CLUSTERS_SEARCHED_MAX)] = 0


class ProjectsParameters(msgspec.Struct, frozen=True, kw_only=True):
    """Projects by name behind ``after`` whose name contains some words; without both the ones that fail most."""

    text: Text | None = None
    after: Filter | None = None
    order: Annotated[str, Meta(max_length=16)] | None = None


class Trends:
    """The use cases of the pages that show figures.

    Args:
        store: where they are kept.
        clock: says which day is today.
        statistics: the figures that the API has as well.
        browse: for the runs of a cause.
    """

    def __init__(self, store: Store, clock: Clock, statistics: Statistics, browse: Browse) -> None:
        self._store = store
        self._clock = clock
        self._statistics = statistics
        self._browse = browse

    def dashboard(self, tenant_id: UUID, given: Mapping[str, str]) -> DashboardView:
        """Give the first page's figures; raises ``FieldsError``."""
        days = parameters.parse(given, OverviewParameters).days
        first, today = self._first_day(days), self._today()
        kinds = self._store.failures_by_kind(tenant_id, first)
        by_day: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for day, severity, failures in kinds.days:
            by_day[day][severity] = failures
        before = self._store.failures_by_day(tenant_id, first - days)
        figures = self._statistics.overview(tenant_id, {"days": str(days)})
        return DashboardView(
            figures=figures,
            failures_before=sum(failures for day, failures in before.items() if day < first),
            days=tuple(
                DayKinds(_date(day), by_day[day]["high"], by_day[day]["medium"], by_day[day]["low"])
                for day in range(first, today + 1)
            ),
            categories=tuple(CategoryCount(name, failures) for name, failures in kinds.categories),
            projects=self._store.top_projects(tenant_id, first, limits.BROWSE_TOP_ROWS),
            causes=tuple(
                CauseRow(cause.root_cause, cause.severity, cause.count, cause.cluster_id)
                for cause in self._store.top_causes(tenant_id, first, limits.BROWSE_TOP_ROWS)
            ),
            new=self._novelties(tenant_id, "new"),
            back=self._novelties(tenant_id, "back"),
            has_any=figures.analyses_completed > 0 or self._store.has_analyses(tenant_id),
        )

    def clusters(self, tenant_id: UUID, given: Mapping[str, str]) -> ClusterRows:
        """Show a page of clusters, the one that failed last first.

        Raises:
            FieldsError: a parameter cannot be read or is out of range.
            BadRequestError: an unknown status.
        """
        asked = parameters.parse(given, ClustersParameters)
        status = next((status for status in CLUSTER_STATUSES if status == asked.status), None)
        if asked.status is not None and status is None:
            raise BadRequestError("Invalid status")
        counts = self._store.count_clusters(tenant_id)
        rows_max, text = limits.BROWSE_ROWS, (asked.text or "").strip()
        if text:
            found = self._store.clusters_like(tenant_id, text, status, offset=asked.offset, rows_max=rows_max + 1)
        else:
            found = self._store.clusters(tenant_id, status, offset=asked.offset, rows_max=rows_max + 1)
        return ClusterRows(
            rows=self._with_trends(tenant_id, found[:rows_max], limits.BROWSE_DAYS),
            counts={str(name): number for name, number in counts.items()},
            offset=asked.offset,
            limit=rows_max,
            more=len(found) > rows_max,
        )

    def cluster(self, tenant_id: UUID, cluster_id: str, given: Mapping[str, str]) -> ClusterDetail:
        """Show one cluster with a page of its runs.

        Raises:
            NotFoundError: there is none of this id, it is another tenant's, or it is no id at all.
            FieldsError: a parameter cannot be read or is out of range.
            BadRequestError: a bad cursor.
        """
        wanted = ids.parse(cluster_id)
        found = None if wanted is None else self._store.cluster(tenant_id, wanted)
        if found is None:
            raise NotFoundError("There is no such failure.")
        last = self._store.analysis(tenant_id, found.last_analysis_id)
        return ClusterDetail(
            row=self._with_trends(tenant_id, (found,), limits.BROWSE_DAYS_MAX)[0],
            last=None if last is None else view(last),
            runs=self._browse.page(tenant_id, given, cluster_id=found.id),
        )

    def projects(self, tenant_id: UUID, given: Mapping[str, str]) -> ProjectRows:
        """List projects: by default those that fail most, else by name; raises ``FieldsError``."""
        asked = parameters.parse(given, ProjectsParameters)
        first, rows_max = self._first_day(limits.BROWSE_DAYS), limits.BROWSE_ROWS
        text = (asked.text or "").strip()
        following = None
        if text or asked.after or asked.order == "name":
            names = self._store.project_names(tenant_id, text=text, after=asked.after or "", rows_max=rows_max + 1)
            following = names[rows_max - 1] if len(names) > rows_max else None
        else:
            names = tuple(name for name, _ in self._store.top_projects(tenant_id, first, rows_max))
        rows = self._store.project_days(tenant_id, names[:rows_max], first)
        return ProjectRows(
            tuple(
                ProjectRow(
                    row.project,
                    to_text(row.last_at) if row.last_at else None,
                    self._trend(row.failures, limits.BROWSE_DAYS),
                )
                for row in rows
            ),
            following,
        )

    def project(self, tenant_id: UUID, project: str, given: Mapping[str, str]) -> ProjectRow:
        """Show one project's days.

        Raises:
            NotFoundError: nothing was ever sent of it.
            FieldsError: a parameter cannot be read or is out of range.
        """
        days = parameters.parse(given, OverviewParameters).days
        if len(project) > limits.FILTER_CHARACTERS_MAX or "\0" in project:
            raise NotFoundError("There is no such project.")
        row = self._store.project_days(tenant_id, (project,), self._first_day(days))[0]
        if row.last_at is None:
            raise NotFoundError("There is no such project.")
        return ProjectRow(project, to_text(row.last_at), self._trend(row.failures, days))

    def failures(self, tenant_id: UUID, project: str | None, days: int) -> Trend:
        """Give the failures of a window's days, of one project or of all."""
        first = self._first_day(days)
        if project is None:
            return self._trend(self._store.failures_by_day(tenant_id, first), days)
        return self._trend(self._store.project_days(tenant_id, (project,), first)[0].failures, days)

    def _novelties(self, tenant_id: UUID, novelty: Novelty) -> Novelties:
        total, found = self._store.clusters_since(
            tenant_id, novelty, self._clock() - _WEEK, rows_max=limits.NOVELTIES_ROWS
        )
        return Novelties(total, tuple(cluster_view(cluster) for cluster in found))

    def _with_trends(self, tenant_id: UUID, found: tuple[Cluster, ...], days: int) -> tuple[ClusterRow, ...]:
        wanted = [cluster.id for cluster in found]
        by_day = self._store.cluster_days(tenant_id, wanted, self._first_day(days), self._today())
        return tuple(ClusterRow(cluster_view(cluster), self._trend(by_day[cluster.id], days)) for cluster in found)

    def _trend(self, failures: Mapping[int, int], days: int) -> Trend:
        first = self._first_day(days)
        return Trend(_date(first), tuple(failures.get(day, 0) for day in range(first, first + days)))

    def _today(self) -> int:
        return (self._clock() - EPOCH).days

    def _first_day(self, days: int) -> int:
        return self._today() - days + 1


def _date(day: int) -> str:
    return (EPOCH + timedelta(days=day)).date().isoformat()
