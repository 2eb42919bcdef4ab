"""What pages show beyond the API's shapes."""

from uuid import UUID

import msgspec

from exlogare_server.read.clusters import ClusterView
from exlogare_server.read.statistics import OverviewView
from exlogare_server.read.view import AnalysisView, Time
from exlogare_server.store.protocol import Reason, Severity


class BrowseView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of analyses.

    Attributes:
        items: newest first.
        counts: how often each cluster of these failed, by its id.
        next_cursor: where the next page begins; ``None`` on the last one.
        searched_to: when the search stopped at its limit of work, the time that it came to.
        newest_cursor: the place after which an analysis is new to the reader.
        is_first: it is the first page.
    """

    items: tuple[AnalysisView, ...]
    counts: dict[UUID, int]
    next_cursor: str | None
    searched_to: Time | None
    newest_cursor: str
    is_first: bool


class NewsView(msgspec.Struct, frozen=True):
    """How many analyses came since; ``more`` when there are more than were counted."""

    count: int
    more: bool


class ChoicesView(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to filter by."""

    categories: tuple[str, ...]
    providers: tuple[str, ...]
    sources: tuple[str, ...]
    projects: tuple[str, ...]


class DetailView(msgspec.Struct, frozen=True, kw_only=True):
    """An analysis with all that is known of it.

    Attributes:
        tool: which tool reported the cause.
        cause_line: its 1-based line in the log.
        reasons: what spoke for and against it; empty for one of before this was kept.
        cluster: the failures with the same cause.
        earlier: of these the ones before it, newest first.
    """

    analysis: AnalysisView
    tool: str | None
    cause_line: int | None
    reasons: tuple[Reason, ...]
    cluster: ClusterView | None
    earlier: tuple[AnalysisView, ...]


class DayKinds(msgspec.Struct, frozen=True):
    """The failures of a day in UTC (``2026-11-23``), by severity."""

    date: str
    high: int
    medium: int
    low: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.high + self.medium + self.low


class CategoryCount(msgspec.Struct, frozen=True):
    """A category and its failures."""

    category: str
    failures: int


class CauseRow(msgspec.Struct, frozen=True):
    """A cause, with its cluster."""

    root_cause: str
    severity: Severity
    count: int
    cluster_id: UUID


class Novelties(msgspec.Struct, frozen=True):
    """The newest of some clusters, and how many there are."""

    total: int
    clusters: tuple[ClusterView, ...]


class DashboardView(msgspec.Struct, frozen=True, kw_only=True):
    """The first page.

    Attributes:
        figures: of the window.
        failures_before: of the window of the same length before it.
        days: every day of the window, ascending.
        categories: the most frequent first.
        projects: names and failures, the most frequent first.
        causes: likewise.
        new: what was seen first in the last week.
        back: what failed again in the last week after it had been resolved.
        has_any: whether the tenant has ever sent a log.
    """

    figures: OverviewView
    failures_before: int
    days: tuple[DayKinds, ...]
    categories: tuple[CategoryCount, ...]
    projects: tuple[tuple[str, int], ...]
    causes: tuple[CauseRow, ...]
    new: Novelties
    back: Novelties
    has_any: bool


class Trend(msgspec.Struct, frozen=True):
    """Failures of the days of a window, ascending; the last one is today (UTC)."""

    first_date: str
    failures: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.failures)


class ClusterRow(msgspec.Struct, frozen=True):
    """A cluster and its last days."""

    cluster: ClusterView
    trend: Trend


class ClusterRows(msgspec.Struct, frozen=True, kw_only=True):
    """A page of clusters; ``total`` is ``None`` for a search by words."""

    rows: tuple[ClusterRow, ...]
    counts: dict[str, int]
    offset: int
    limit: int
    more: bool


class ClusterDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster, its last days, its newest analysis in full, and a page of its runs."""

    row: ClusterRow
    last: AnalysisView | None
    runs: BrowseView


class ProjectRow(msgspec.Struct, frozen=True):
    """A project, its newest analysis's time, and its last days."""

    project: str
    last_at: Time | None
    trend: Trend


class ProjectRows(msgspec.Struct, frozen=True):
    """Projects; ``next_after`` is the name behind which the next page begins."""

    rows: tuple[ProjectRow, ...]
    next_after: str | None
