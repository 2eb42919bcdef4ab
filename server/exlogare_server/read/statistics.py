"""The figures of the last days, from daily counts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from exlogare_server import limits
from exlogare_server.read import parameters
from exlogare_server.store import durations
from exlogare_server.store.protocol import Severity, Store
from exlogare_server.times import EPOCH, Clock

Days = Annotated[int, Meta(ge=1, le=limits.STATS_DAYS_MAX)]
Date = Annotated[str, Meta(extra_json_schema={"format": "date"})]


class OverviewQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The last ``days`` days in UTC, today included."""

    days: Annotated[int, Meta(ge=1, le=limits.WINDOW_DAYS_MAX)] = limits.STATS_DAYS


class DaysQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The last ``days`` days in UTC, today included."""

    days: Days = limits.STATS_DAYS


class TopQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The first ``limit`` of the last ``days`` days in UTC, today included."""

    days: Days = limits.STATS_DAYS
    limit: Annotated[int, Meta(ge=1, le=limits.TOP_ROWS_MAX)] = limits.TOP_ROWS


class SeverityCounts(msgspec.Struct, frozen=True):
    """Analyses by severity."""

    low: int
    medium: int
    high: int


class OverviewView(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a window. The times are from request to analysis, ``null`` when there was none.

    The average is exact; the percentiles are right to 6 %.
    """

    failures_detected: int
    analyses_completed: int
    rca_count: int
    severity_counts: SeverityCounts
    avg_time_to_rca_seconds: float | None
    p50_time_to_rca_seconds: float | None
    p90_time_to_rca_seconds: float | None
    window_days: int


class DayView(msgspec.Struct, frozen=True):
    """The failures of a day in UTC."""

    date: Date
    failures: int


class ProjectView(msgspec.Struct, frozen=True):
    """A project with failures, and their number; each of them was analysed once."""

    project_id: str
    project_path: str
    failures: int
    analyses: int


class CauseView(msgspec.Struct, frozen=True):
    """A cause of failures, in the words of its newest analysis, and their number."""

    root_cause: str
    severity: Severity
    count: int


class Statistics:
    """Answers with figures.

    Args:
        store: keeps the counts.
        clock: says which day is today.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def overview(self, tenant_id: UUID, given: Mapping[str, str]) -> OverviewView:
        """Give the figures of a window; raises ``FieldsError``."""
        query = parameters.parse(given, OverviewQuery)
        found = self._store.overview(tenant_id, self._first_day(query.days))
        analyses = found.low + found.medium + found.high
        return OverviewView(
            failures_detected=found.failures,
            analyses_completed=analyses,
            rca_count=analyses,
            severity_counts=SeverityCounts(found.low, found.medium, found.high),
            avg_time_to_rca_seconds=_seconds(found.rca_ms_sum / analyses if analyses else None),
            p50_time_to_rca_seconds=_seconds(durations.percentile_ms(found.rca_ms_buckets, 0.5)),
            p90_time_to_rca_seconds=_seconds(durations.percentile_ms(found.rca_ms_buckets, 0.9)),
            window_days=query.days,
        )

    def timeseries(self, tenant_id: UUID, given: Mapping[str, str]) -> list[DayView]:
        """Give the failures of every day of a window, ascending; raises ``FieldsError``."""
        days = parameters.parse(given, DaysQuery).days
        first = self._first_day(days)
        failures = self._store.failures_by_day(tenant_id, first)
        return [DayView(_date(day), failures.get(day, 0)) for day in range(first, first + days)]

    def top_projects(self, tenant_id: UUID, given: Mapping[str, str]) -> list[ProjectView]:
        """Give the projects with the most failures; raises ``FieldsError``."""
        query = parameters.parse(given, TopQuery)
        found = self._store.top_projects(tenant_id, self._first_day(query.days), query.limit)
        return [ProjectView(project, project, failures, failures) for project, failures in found]

    def top_root_causes(self, tenant_id: UUID, given: Mapping[str, str]) -> list[CauseView]:
        """Give the causes with the most failures; raises ``FieldsError``."""
        query = parameters.parse(given, TopQuery)
        found = self._store.top_causes(tenant_id, self._first_day(query.days), query.limit)
        return [CauseView(cause.root_cause, cause.severity, cause.count) for cause in found]

    def _first_day(self, days: int) -> int:
        return (self._clock() - EPOCH).days - days + 1


def _seconds(duration_ms: float | None) -> float | None:
    return None if duration_ms is None else round(duration_ms / 1000, 6)


def _date(day: int) -> str:
    return (EPOCH + timedelta(days=day)).date().isoformat()
