"""Severity follows the kind of failure, unless a signature knows better."""

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.model import CATEGORIES, Severity
from exlogare_ci.analysis.severity import SEVERITIES, severity_of


def test_every_entry_is_a_category_or_a_domain() -> None:
    """A misspelt entry would never be found."""
    domains = {category.partition(".")[0] for category in CATEGORIES}
    assert set(SEVERITIES) - set(CATEGORIES) - domains == set()


@pytest.mark.parametrize(
    ("category", "told", "expected"),
    [
        ("code.test", "medium", "medium"),
        ("code.lint", "medium", "low"),
        ("auth.registry", "medium", "high"),
        ("network.dns", "medium", "low"),
        ("network.dns", "high", "high"),
        ("unknown", "medium", "medium"),
    ],
)
def test_the_kind_counts_unless_the_signature_says_more(category: str, told: Severity, expected: str) -> None:
    """A category is looked up whole, then by its domain."""
    assert severity_of(category, told) == expected


def test_an_analysis_has_the_severity_of_its_kind() -> None:
    """A full disk stops every build, a style rule stops none that works."""
    full = analyze(b"cp: error writing 'a.bin': No space left on device\n", known_failed=True)
    style = analyze(b"app.py:1:1: F401 'os' imported but unused\nmake: *** [lint] Error 1\n", known_failed=True)
    assert [(a.category, a.severity) for a in (full, style)] == [("infra.disk", "high"), ("code.lint", "low")]
