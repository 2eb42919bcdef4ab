"""From the engine's analysis to what is stored: clipped to the contract, never empty, nothing else kept."""

import math
import re

from exlogare_ci.analysis.model import CATEGORIES, Analysis
from exlogare_server import limits
from exlogare_server.store.protocol import SEVERITIES, Evidence, Reason, Severity

# Control characters (PostgreSQL refuses U+0000, a terminal obeys the others) and halves of surrogate pairs.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

_ENGINE_FAILED = Analysis(
    failed=True,
    root_cause="The log could not be analysed.",
    explanation="The analysis of this log ended with an error of the engine; nothing is known of the cause.",
    fix_suggestion="Read the log in the CI service, and report this to whoever runs the server.",
    needs_more_context=True,
    missing_context_hint="An analysis that works.",
)


def engine_failed() -> Analysis:
    """Give the analysis of a log that the engine could not finish: the post is kept, and says so."""
    return _ENGINE_FAILED


def text(value: str, fallback: str, characters_max: int) -> str:
    """Make a text fit to be stored: Unicode without control characters, at most ``characters_max`` long.

    Blanks at its ends go; ``fallback`` stands in for a text of which nothing is left.
    """
    return _UNFIT.sub("\ufffd", value[:characters_max]).strip() or fallback


def hint(analysis: Analysis) -> str | None:
    """Say what is missing, if anything is."""
    value = analysis.missing_context_hint
    return text(value, "", limits.HINT_CHARACTERS_MAX) or None if value else None


def evidence(analysis: Analysis) -> tuple[Evidence, ...]:
    """Give the few failing lines."""
    return tuple(
        # With the blanks before it: they show what belongs together, and what a caret under it points to.
        Evidence(line.line, _UNFIT.sub("\ufffd", line.text[: limits.EVIDENCE_LINE_CHARACTERS_MAX]).rstrip())
        for line in analysis.evidence[: limits.EVIDENCE_LINES_MAX]
    )


def reasons(analysis: Analysis) -> tuple[Reason, ...]:
    """Give the terms of the score that decided, and the lead over the next candidate."""
    terms = (*((term.name, term.value) for term in analysis.score[: limits.REASONS_MAX]), ("lead", analysis.lead))
    return tuple(
        Reason(text(name, "?", limits.REASON_CHARACTERS_MAX), round(value, 2))
        for name, value in terms
        if analysis.score and math.isfinite(value)
    )


def category(analysis: Analysis) -> str:
    """Give the category, ``unknown`` for a word that is none."""
    return analysis.category if analysis.category in CATEGORIES else "unknown"


def severity(analysis: Analysis) -> Severity:
    """Give the severity."""
    return analysis.severity if analysis.severity in SEVERITIES else "medium"


def confidence(analysis: Analysis) -> float:
    """Give the confidence, 0 to 1."""
    return min(1.0, max(0.0, analysis.confidence)) if math.isfinite(analysis.confidence) else 0.0
