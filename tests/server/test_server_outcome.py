"""What is kept of an analysis."""

import math

import pytest

from exlogare_ci.analysis.model import Analysis, EvidenceLine
from exlogare_server import limits
from exlogare_server.ingest import outcome
from exlogare_server.store.protocol import Evidence


def analysis(**changes: object) -> Analysis:
    """An analysis with changes."""
    fields = {"failed": True, "root_cause": "a", "explanation": "b", "fix_suggestion": "c", **changes}
    return Analysis(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        pytest.param("a\nb\tc", "a\nb\tc", id="as-it-is"),
        pytest.param("  ", "none", id="blank"),
        pytest.param("a\0b\x1b[0m\x85", "a\ufffdb\ufffd[0m\ufffd", id="control-characters"),
        pytest.param("\ud800", "\ufffd", id="half-a-surrogate-pair"),
        pytest.param("é" * 30, "é" * 20, id="long"),
    ],
)
def test_text_fits_the_store(value: str, stored: str) -> None:
    """Any text becomes Unicode of 1 to so many characters that databases and terminals can take."""
    assert stored == outcome.text(value, "none", 20)


def test_evidence_stays_few_lines() -> None:
    """Whatever an engine gives, no more than 20 lines of 500 characters are kept of a log."""
    lines = tuple(EvidenceLine(number, "x" * 600) for number in range(1, 31))

    kept = outcome.evidence(analysis(evidence=lines))

    assert kept == tuple(Evidence(number, "x" * 500) for number in range(1, 21))
    assert (limits.EVIDENCE_LINES_MAX, limits.EVIDENCE_LINE_CHARACTERS_MAX) == (20, 500)


@pytest.mark.parametrize(("given", "kept"), [(0.25, 0.25), (-1.0, 0.0), (7.0, 1.0), (math.nan, 0.0), (math.inf, 0.0)])
def test_confidence_is_between_0_and_1(given: float, kept: float) -> None:
    """As the contract has it."""
    assert kept == outcome.confidence(analysis(confidence=given))


@pytest.mark.parametrize(("given", "kept"), [("code.test", "code.test"), ("made.up", "unknown")])
def test_category_is_a_known_word(given: str, kept: str) -> None:
    """A word that is no category is told as unknown."""
    assert kept == outcome.category(analysis(category=given))


@pytest.mark.parametrize(("given", "kept"), [("high", "high"), ("fatal", "medium")])
def test_severity_is_a_known_word(given: str, kept: str) -> None:
    """A word that is no severity is medium."""
    assert kept == outcome.severity(analysis(severity=given))


@pytest.mark.parametrize(("given", "kept"), [(None, None), ("", None), (" ", None), ("the log", "the log")])
def test_hint_may_be_absent(given: str | None, kept: str | None) -> None:
    """No hint and an empty hint are the same."""
    assert kept == outcome.hint(analysis(missing_context_hint=given))


def test_evidence_keeps_its_indentation() -> None:
    """Blanks before a line show what belongs together, and what a caret points to; those behind it go."""
    lines = (EvidenceLine(1, "    x = f(y)  "), EvidenceLine(2, "        ^"), EvidenceLine(3, "\x1b[0m"))

    assert [line.text for line in outcome.evidence(analysis(evidence=lines))] == [
        "    x = f(y)",
        "        ^",
        "\ufffd[0m",
    ]
