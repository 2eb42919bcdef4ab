"""``@pytest.mark.needs("shellcheck")``: skip a test that lacks something, visibly, and fail it on a CI.

A CI that silently skips what it was set up to test proves nothing, so with ``CI=true`` the skip is a failure.
"""

import os
from collections.abc import Iterator

import pytest

from tests.plugins.needs import NEEDS, missing_programs

_PROPERTY = "skipped_for_want_of"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "needs(*names): programs that the test cannot do without, from the table in tests/plugins/needs.py",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a need that the table does not have, rather than never skip for it."""
    for item in items:
        for name in _needs_of(item):
            if name not in NEEDS:
                raise pytest.UsageError(
                    f"{item.nodeid}: there is no need named {name!r}; add it to NEEDS in tests/plugins/needs.py"
                )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or on a CI fail, a test one of whose needs is not met, before any fixture is set up."""
    wants = [name for name in _needs_of(item) if missing_programs(name)]
    if not wants:
        return
    item.user_properties.append((_PROPERTY, ", ".join(wants)))
    reason = "; ".join(f"{' and '.join(missing_programs(name))} not found: {NEEDS[name].advice}" for name in wants)
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"with CI=true a test may not be skipped; {reason}", pytrace=False)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was skipped and what for, as the last thing before the summary line."""
    skipped: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", ()):
        for name, value in report.user_properties:
            if name == _PROPERTY:
                skipped.setdefault(str(value), []).append(report.nodeid)
    if not skipped:
        return
    terminalreporter.section("Skipped for want of", sep="=")
    for want, tests in sorted(skipped.items()):
        terminalreporter.line(f"{want} ({len(tests)} {'test' if len(tests) == 1 else 'tests'})")
        for test in sorted(tests):
            terminalreporter.line(f"    {test}")


def _needs_of(item: pytest.Item) -> Iterator[str]:
    for marker in item.iter_markers("needs"):
        yield from marker.args
