"""The table of CI engines: what each package for a CI service did when it was run, printed at the end of a run."""

from collections.abc import Callable
from typing import Final

import pytest

Record = Callable[..., None]

COLUMNS: Final = ("failing", "passing", "outage", "hostile")
"""What is tried with every package: a failing pipeline, a passing one, the server away, hostile names and logs."""
_PROPERTY: Final = "engine"
_HEADS: Final = ("integration", "engine", "real", "failing run: stored root cause", "passing", "outage", "hostile")


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Record:
    """A function that notes what was seen: ``record(integration, engine, real, failing="the root cause")``.

    ``engine`` has its version; ``real`` is False for a harness that stands for the engine; the words are for
    people, so they say what was seen after an assertion has made sure of it.
    """

    def note(integration: str, engine: str, real: bool, **seen: str) -> None:
        unknown = set(seen) - set(COLUMNS)
        assert not unknown, f"there is no column {unknown}; there are {COLUMNS}"
        for column, text in seen.items():
            request.node.user_properties.append((_PROPERTY, [integration, engine, real, column, text]))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table where any engine was run."""
    rows: dict[tuple[str, str, bool], dict[str, str]] = {}
    for report in terminalreporter.stats.get("passed", ()):
        for name, value in report.user_properties:
            if name == _PROPERTY:
                integration, engine, real, column, text = value
                rows.setdefault((integration, engine, real), {})[column] = text
    if not rows:
        return
    terminalreporter.section("CI engines", sep="=")
    lines: list[tuple[str, ...]] = [_HEADS]
    for (integration, engine, real), seen in sorted(rows.items()):
        cells = tuple(seen.get(column, "-") for column in COLUMNS)
        lines.append((integration, engine, "real" if real else "harness", *cells))
    widths = [max(len(line[n]) for line in lines) for n in range(len(_HEADS))]
    for line in lines:
        terminalreporter.line("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
