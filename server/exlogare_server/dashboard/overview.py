"""The first page's figures, put into words and plots."""

import msgspec
from markupsafe import Markup

from exlogare_server.dashboard import charts, words
from exlogare_server.read.browse_view import DashboardView, DayKinds

# The windows that a reader can choose, in days.
WINDOWS = (7, 30, 90)


class OverviewPage(msgspec.Struct, frozen=True):
    """What the template shows beside the figures themselves.

    Attributes:
        plot: failures a day by severity.
        compared: the number of failures against the window before, in words; empty when there is nothing to
            compare with.
    """

    view: DashboardView
    plot: Markup
    compared: str
    windows: tuple[int, ...] = WINDOWS

    @property
    def days(self) -> int:
        """The window."""
        return self.view.figures.window_days

    @property
    def with_failures(self) -> tuple[DayKinds, ...]:
        """The days for the table behind the plot, newest first, those without any left out."""
        return tuple(day for day in reversed(self.view.days) if day.total)


def prepare(found: DashboardView) -> OverviewPage:
    """Draw and compare."""
    bars = [charts.Bar(day.date, (day.high, day.medium, day.low)) for day in found.days]
    return OverviewPage(found, charts.daily(bars, id="plot", title="Failures a day, by severity"), _compared(found))


def _compared(found: DashboardView) -> str:
    now, before = found.figures.failures_detected, found.failures_before
    if not before:
        return ""
    if now == before:
        return "as many as before"
    share = abs(now - before) / before
    much = words.percent(share) if share < 2 else f"{words.number(now / before)} times"  # noqa: PLR2004
    if share >= 2:  # noqa: PLR2004 - percentages above it say little
        return f"{much} as many as before" if now > before else f"{words.percent(share)} fewer than before"
    return f"{much} {'more' if now > before else 'fewer'} than before"
