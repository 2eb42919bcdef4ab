"""The score: a sum of terms, each of which can be shown.

The numbers are points. They were set by hand from what each hint means, then checked on labelled logs by project
(``benchmarks/``); they are few on purpose.
"""

import re

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.sections import Layout
from exlogare_ci.analysis.text import CleanLog

KIND_POINTS: dict[str, float] = {
    "test": 6.0,
    "compile": 6.0,
    "resolve": 5.0,
    "lint": 4.5,
    "list": 4.5,
    "build": 4.0,
    "trace": 3.5,
    "cascade": 1.5,
    "root": 4.0,
    "block": 3.0,
    "tail": 2.2,
    "keyword": 1.2,
    "exit": 4.5,
}
"""What a candidate's kind is worth before anything else is known."""

FAILING_STEP = 4.0
PASSED_STEP = -5.0
AFTER_STEP = -5.0
STRONG_WORD = 1.0
RED = 0.7
NEAR_END = 1.5
NEAR_END_LINES = 40
REPEATED = -1.5
REPEATED_COUNT = 12
EXPLAINED = 0.6
LATE = 1.0
EARLY = 0.6
DOMINANT = 2.0
RESTATED = -3.0
INCOMPLETE = -2.0

DOMINANT_CATEGORIES = frozenset(
    {"infra.oom", "infra.disk", "infra.agent_lost", "infra.timeout", "infra.cancelled", "infra.runner"}
)
"""Causes that explain whatever else went wrong."""
_RESTATES = re.compile(
    r"returned non-?zero|non-zero exit|exit(?:ed)? (?:with )?(?:status|code)|[Tt]ests? (?:failed|unsuccessful)|failed!$"
    r"|failing tests|see the (?:compiler|report|log)|finished with non-zero"
)
SURE = 7.0
"""Points from which a candidate counts as found for sure enough to call a log failed when no runner says so."""


def score(log: CleanLog, candidates: list[Candidate], layout: Layout) -> None:
    """Fill in ``score`` and ``terms`` of every candidate."""
    failing = layout.failing()
    for candidate in candidates:
        terms = candidate.terms = [("kind " + candidate.kind, KIND_POINTS[candidate.kind])]
        if candidate.rule is not None and candidate.rule.weight:
            terms.append(("rule", candidate.rule.weight))
        if candidate.signature is not None:
            if candidate.rule is None:
                if candidate.signature.weight:
                    terms.append(("signature", candidate.signature.weight))
            elif candidate.signature.role == "root":
                terms.append(("explained by a signature", EXPLAINED))
        terms.extend(_place(log, candidate, layout, failing is not None))
        if candidate.groups.get("strength") == "strong":
            terms.append(("strong word", STRONG_WORD))
        if any(i in log.red for i in range(candidate.start, min(candidate.end, candidate.start + 12) + 1)):
            terms.append(("red", RED))
        if candidate.count > REPEATED_COUNT and candidate.kind in ("trace", "root", "keyword", "block"):
            terms.append(("repeated", REPEATED))
        if candidate.category in DOMINANT_CATEGORIES and candidate.kind == "root":
            terms.append(("explains what follows", DOMINANT))
        if not candidate.certain:
            terms.append(("its cause line is missing", INCOMPLETE))
        if candidate.kind in ("trace", "build", "keyword", "cascade", "root") and _RESTATES.search(
            _own_words(log, candidate)
        ):
            terms.append(("restates that a command failed", RESTATED))
        candidate.score = sum(points for _, points in terms)


def _own_words(log: CleanLog, candidate: Candidate) -> str:
    return candidate.groups.get("message") or log.text(candidate.cause)[:500]


def _place(log: CleanLog, candidate: Candidate, layout: Layout, failing_known: bool) -> list[tuple[str, float]]:
    terms: list[tuple[str, float]] = []
    step = candidate.step
    end = len(log.lines)
    start = 0
    if step is not None:
        start, end = step.start, step.end
        if step.after:
            terms.append(("after the job's fate was sealed", AFTER_STEP))
        elif step.failed:
            first = layout.failing()
            terms.append(("in a failing step", FAILING_STEP if step is first else FAILING_STEP - 1.0))
        elif step.exit_code == 0:
            terms.append(("in a step that passed", PASSED_STEP))
    elif failing_known:
        terms.append(("outside the failing step", PASSED_STEP / 2))
    share = (candidate.cause - start) / max(1, end - start)
    if candidate.kind in ("trace", "build", "root", "block", "keyword", "cascade"):
        terms.append(("late", round(LATE * share, 3)))
    else:
        terms.append(("early", round(EARLY * (1 - share), 3)))
    if end - candidate.end <= NEAR_END_LINES and candidate.kind in (
        "trace",
        "root",
        "keyword",
        "build",
        "block",
    ):
        terms.append(("near the end", round(NEAR_END * (1 - (end - candidate.end) / NEAR_END_LINES), 3)))
    return terms
