"""How sure the engine is: the share of like candidates that were right on labelled logs."""

import math

from exlogare_ci.analysis.candidate import Candidate, is_finding, is_generic
from exlogare_ci.analysis.score import TOLERATED_TERM

DOUBT = 0.4
"""Below this the engine says that it is not sure and what is missing."""
CONFIDENCE_MAX = 0.95
UNKNOWN_TOOL_CONFIDENCE_MAX = 0.68
"""The most that is claimed for the words of a tool that no signature and no rule knows."""
UNRIVALLED_POINTS = 10.5
"""What is in a failing step and has fewer points is no better than the words of a tool that is not known may be."""
_SINGLE = frozenset({"root", "block", "build", "trace", "cascade"})
"""Kinds that say less than a tool's block about the failing thing: where another candidate is near, or where an unknown
tool could have said as much, no more is claimed for them than for that one's words."""

LAST_RESORT_LEAD_POINTS_MAX = 3.0
"""The most that a lead counts for words of a tool that is not known: that nothing else was recognised says little for
them."""
NO_FAILING_STEP = -0.5
"""Added for such a line where the log does not say which step failed, so that it may stand anywhere."""

BIAS = 0.5
PER_LEAD = 0.4
LEAD_POINTS_MAX = 4.0
_WENT_ON = frozenset({TOLERATED_TERM, "tried again"})
"""Terms of the score after which what it says may have ended nothing."""
_LAST_RESORT = frozenset({"tail", "keyword", "exit"})
OF_KIND: dict[str, float] = {
    "test": 2.0,
    "compile": 1.6,
    "lint": 1.6,
    "list": 1.5,
    "resolve": 0.7,
    "block": 0.2,
    "exit": -0.2,
    "tail": -0.3,
    "keyword": -0.6,
    "root": -1.0,
    "trace": -1.3,
    "build": -1.0,
    "cascade": -0.8,
}
"""The numbers of a logistic model: fitted by ``benchmarks/accuracy.py``, checked by leaving out projects, then lowered
for single lines and traces, which were right less often where another candidate was close."""


def lead(candidates: list[Candidate]) -> float:
    """Return by how many points the best candidate leads the next one elsewhere in the log.

    Args:
        candidates: the best first, at least one.
    """
    best = candidates[0]
    elsewhere = (c for c in candidates[1:] if c.start > best.end or c.end < best.start)
    rival = next((c for c in elsewhere if not _says_the_same(c, best)), None)
    return LEAD_POINTS_MAX if rival is None else round(min(LEAD_POINTS_MAX, best.score - rival.score), 3)


def _says_the_same(candidate: Candidate, best: Candidate) -> bool:
    """Whether it is a finding of the same list, or the same failure printed twice."""
    if candidate.rule is not best.rule or candidate.signature is not best.signature:
        return False
    return is_finding(best) or ("message" in best.groups and candidate.groups == best.groups)


def confidence(candidates: list[Candidate], *, vouched: bool = True) -> float:
    """Return the probability, 0 to 1, that the best candidate is the cause.

    Args:
        candidates: the best first, at least one.
        vouched: more than the form of its lines says that they are its tool's.
    """
    best = candidates[0]
    ahead, most = lead(candidates), CONFIDENCE_MAX
    value = BIAS + OF_KIND.get(best.kind, 0.0)
    told = best.category != "unknown"  # who cannot tell what kind of thing it is cannot be sure
    if is_generic(best) or not (vouched and told) or any(name in _WENT_ON for name, _ in best.terms):
        most = UNKNOWN_TOOL_CONFIDENCE_MAX
    if best.kind in _LAST_RESORT:
        most = UNKNOWN_TOOL_CONFIDENCE_MAX
        if best.kind == "keyword":
            ahead = min(ahead, LAST_RESORT_LEAD_POINTS_MAX)
            value += 0.0 if best.step is not None and best.step.failed else NO_FAILING_STEP
    elif best.kind in _SINGLE and not is_finding(best) and (ahead < LEAD_POINTS_MAX or _is_ordinary(best)):
        most = UNKNOWN_TOOL_CONFIDENCE_MAX
    value += PER_LEAD * ahead
    return round(min(most, 1 / (1 + math.exp(-value))), 3)


def _is_ordinary(best: Candidate) -> bool:
    return best.step is not None and best.step.failed and best.score < UNRIVALLED_POINTS
