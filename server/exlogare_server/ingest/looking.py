"""A log that somebody only wants looked at: the analysis is shown, and nothing is kept of it."""

import msgspec

from exlogare_ci.analysis.model import Analysis
from exlogare_server import limits
from exlogare_server.ingest import outcome
from exlogare_server.store.protocol import Evidence, Severity

# What the rate of such logs is counted under, beside the endpoints of ingest.
RATE_NAME = "try"


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine found, within the bounds of what would be stored.

    Attributes:
        failed: whether the log shows a failure.
        cause_line: 1-based; ``None`` when there is none.
    """

    failed: bool
    root_cause: str
    explanation: str
    fix_suggestion: str
    severity: Severity
    confidence: float
    category: str
    evidence: tuple[Evidence, ...]
    cause_line: int | None
    needs_more_context: bool
    missing_context_hint: str | None


def look_of(analysis: Analysis) -> Look:
    """Give what is shown of an analysis."""
    return Look(
        failed=analysis.failed,
        root_cause=outcome.text(analysis.root_cause, "The cause is unknown.", limits.ROOT_CAUSE_CHARACTERS_MAX),
        explanation=outcome.text(analysis.explanation, "Nothing more is known.", limits.EXPLANATION_CHARACTERS_MAX),
        fix_suggestion=outcome.text(analysis.fix_suggestion, "Read the failing lines.", limits.FIX_CHARACTERS_MAX),
        severity=outcome.severity(analysis),
        confidence=outcome.confidence(analysis),
        category=outcome.category(analysis),
        evidence=outcome.evidence(analysis),
        cause_line=analysis.cause_line,
        needs_more_context=analysis.needs_more_context,
        missing_context_hint=outcome.hint(analysis),
    )
