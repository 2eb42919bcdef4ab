"""The analysis that is handed out, secrets masked in every text of it."""

from exlogare_ci.analysis.candidate import Candidate, extract, is_finding, is_generic, is_retold, widen
from exlogare_ci.analysis.catalog import Found
from exlogare_ci.analysis.category import category_of, category_of_a_form
from exlogare_ci.analysis.category_words import OF_THE_PLATFORM, TRANSIENT
from exlogare_ci.analysis.confidence import DOUBT, confidence, lead
from exlogare_ci.analysis.fallback import closing_lines, take_diff, take_last_words
from exlogare_ci.analysis.fingerprint import fingerprint
from exlogare_ci.analysis.masking import mask_text
from exlogare_ci.analysis.model import Analysis, EvidenceLine, Owner, ScoreTerm, SecondaryCause
from exlogare_ci.analysis.sections import Layout
from exlogare_ci.analysis.severity import severity_of
from exlogare_ci.analysis.testnames import MODULE_LINES, merged, name_in_line
from exlogare_ci.analysis.text import CleanLog
from exlogare_ci.analysis.vouching import vouched
from exlogare_ci.analysis.weights import SECONDARY_BEHIND_MAX, SURE, UNVOUCHED
from exlogare_ci.analysis.words import explanation, fix, root_cause

EVIDENCE_LINES_MAX = 20
EVIDENCE_LINES_BEFORE_MIN = 5
"""Of a long block, lines before the cause that are kept when there are so many."""
EVIDENCE_CHARS_MAX = 500
FAILED_TESTS_MAX = 200
SECONDARY_MAX = 5
SPANS_MAX = 3
"""Findings that are shown; one explains the failure, a few more show its breadth. Block rules say their own number."""
TEST_SPANS_MAX = 10
TEST_SPANS_LINES_MAX = 200
"""Blocks of failing tests that are shown, and lines of them all: each is a cause of its own."""

_MANY_OF_A_KIND = frozenset({"test", "compile"})
_NEVER_SECONDARY = frozenset({"cascade", "tail", "keyword", "block", "exit"})


def no_failure(log: CleanLog, layout: Layout) -> Analysis:
    """Return the statement that nothing failed."""
    said = "No line says that a step failed."
    if layout.passed:
        said = f"The {layout.ci} runner says that the job passed."
    return Analysis(
        failed=False,
        root_cause="No failure was found in this log.",
        explanation=f"{said} {_read(log)}",
        fix_suggestion="Nothing to do.",
        severity="low",
        confidence=0.9 if layout.passed else 0.6,
    )


def silence(log: CleanLog) -> Analysis:
    """Return the statement that the job failed without a word."""
    return Analysis(
        failed=True,
        root_cause="The job failed, but its log does not say why.",
        explanation=_says_nothing(log),
        fix_suggestion="Send the log of the step that failed, or run it with more output.",
        confidence=0.1,
        needs_more_context=True,
        missing_context_hint="the output of the step that failed",
        fingerprint="v1:" + "0" * 32,
    )


def failure(log: CleanLog, candidates: list[Candidate], found: Found, layout: Layout) -> Analysis:
    """Return the analysis of the best candidate.

    Args:
        log: the cleaned log.
        candidates: the best first, at least one.
        found: what the scan found.
        layout: the job's steps.
    """
    best = candidates[0]
    widen(log, best)
    take_last_words(log, best, closing_lines(found))
    take_diff(log, best)
    known = vouched(best, log, found, layout)
    if not known:
        best.terms.append(("nothing else in the log names its tool", UNVOUCHED))
    best.category = category_of(best, log) if known else category_of_a_form(best, log)
    sure = confidence(candidates, vouched=known)
    signature = None if is_retold(best) else best.signature
    return Analysis(
        failed=True,
        root_cause=mask_text(root_cause(best, log)),
        explanation=mask_text(explanation(best, log)),
        fix_suggestion=mask_text(fix(best, log)),
        severity=severity_of(best.category, signature.severity if signature is not None else "medium"),
        confidence=sure,
        category=best.category,
        cause_line=best.cause + 1,
        spans=_spans(candidates),
        evidence=_evidence(log, best),
        failed_tests=_failed_tests(log, candidates, found),
        secondary=_secondary(log, candidates),
        fingerprint=fingerprint(_alike(candidates), log),
        tool=None if is_generic(best) and is_retold(best) else best.tool or None,
        needs_more_context=sure < DOUBT,
        missing_context_hint="the output of the tool that failed first" if sure < DOUBT else None,
        transient=best.category in TRANSIENT if signature is None else signature.transient,
        owner=_owner_of(best.category) if signature is None else signature.owner,
        score=tuple(ScoreTerm(name, points) for name, points in best.terms),
        lead=lead(candidates),
    )


def _owner_of(category: str) -> Owner:
    return "platform" if category in OF_THE_PLATFORM else "developer"


def _lines_count(log: CleanLog) -> int:
    """Count lines as editors do: what stands behind the last line feed is one only if there is something."""
    return len(log.lines) - (not log.lines[-1])


def _read(log: CleanLog) -> str:
    count = _lines_count(log)
    return "1 line was read." if count == 1 else f"{count} lines were read."


def _says_nothing(log: CleanLog) -> str:
    count = _lines_count(log)
    if not count:
        return "The log is empty."
    if count == 1:
        return "Its only line does not speak of a failure."
    return f"None of its {count} lines speaks of a failure."


def _alike(candidates: list[Candidate]) -> list[Candidate]:
    """Return the best candidate, and the other blocks of its rule, or findings of its signature, in its step."""
    best = candidates[0]
    same = [c for c in candidates[1:] if c.rule is best.rule and c.step is best.step]
    if best.rule is not None:
        return [best, *same]
    return [best, *(c for c in same if c.signature is best.signature)] if is_finding(best) else [best]


def _spans(candidates: list[Candidate]) -> tuple[tuple[int, int], ...]:
    """Return the lines of the cause, and of the other failures of the same kind in the same step."""
    best = candidates[0]
    shown = [best]
    if best.kind in _MANY_OF_A_KIND or is_finding(best):
        most = SPANS_MAX if best.rule is None else best.rule.spans_max
        others = sorted(_of_a_kind(candidates), key=lambda c: c.start)
        alike = [c for c in others if most > SPANS_MAX or not _restates(c, best)]
        shown += alike[: most - 1]
        if best.kind == "test":
            shown += _further_tests(shown, alike[most - 1 :])
    return tuple(sorted((c.start + 1, c.end + 1) for c in shown))


def _further_tests(shown: list[Candidate], others: list[Candidate]) -> list[Candidate]:
    """Return the blocks of further failing tests, but for those that tell again of a test that is shown."""
    told = {name for c in shown for name in c.tests}
    lines = sum(c.end - c.start + 1 for c in shown)
    chosen: list[Candidate] = []
    for candidate in others:
        lines += candidate.end - candidate.start + 1
        if len(shown) + len(chosen) >= TEST_SPANS_MAX or lines > TEST_SPANS_LINES_MAX:
            break
        if candidate.rule is shown[0].rule and candidate.tests and not told.intersection(candidate.tests):
            chosen.append(candidate)
            told.update(candidate.tests)
    return chosen


def _restates(candidate: Candidate, best: Candidate) -> bool:
    """Whether it is the best candidate's finding once more, as build tools repeat them all at their end."""
    said, known = ([c.groups.get(name, "") for name in ("file", "line", "message", "test")] for c in (candidate, best))
    return all(said[:3]) and said == known


def _of_a_kind(candidates: list[Candidate]) -> list[Candidate]:
    """Return the others that are like the best, and failing tests that its tool prints in another form."""
    best = candidates[0]
    alike = _alike(candidates)[1:]
    if best.kind not in _MANY_OF_A_KIND:
        return alike
    return alike + [
        c
        for c in candidates[1:]
        if c.kind == "test" and c.tool == best.tool and c.step is best.step and c.rule is not best.rule
    ]


def _evidence(log: CleanLog, best: Candidate) -> tuple[EvidenceLine, ...]:
    indexes = [i for i in range(best.start, best.end + 1) if log.lines[i].strip()]
    if len(indexes) > EVIDENCE_LINES_MAX:
        behind = [i for i in indexes if i >= best.cause][: EVIDENCE_LINES_MAX - EVIDENCE_LINES_BEFORE_MIN]
        before = [i for i in indexes if i < best.cause][-(EVIDENCE_LINES_MAX - len(behind)) :]
        indexes = before + behind
    if not indexes:  # a command that was killed without a word: its exit code is the cause
        return ()
    masked = mask_text("\n".join(log.text(i).rstrip() for i in indexes)).split("\n")
    return tuple(EvidenceLine(i + 1, t[:EVIDENCE_CHARS_MAX]) for i, t in zip(indexes, masked, strict=True))


def _failed_tests(log: CleanLog, candidates: list[Candidate], found: Found) -> tuple[str, ...]:
    """Return the failing tests that blocks and summaries name, in the order of the log."""
    told: list[str] = []
    summed: list[str] = []
    for candidate in sorted(candidates, key=lambda c: c.start):
        tolerated = candidate.step is not None and (candidate.step.after or candidate.step.exit_code == 0)
        if not tolerated:
            (summed if candidate.kind == "cascade" else told).extend(candidate.tests)
    for signature, lines, _ in found.signatures:
        names_tests = "(?P<test>" in signature.extract or signature.id in MODULE_LINES
        if names_tests and signature.category.startswith("code.test"):
            each = (extract(signature, log.lines[line]) for line in lines[:FAILED_TESTS_MAX])
            summed += [name for groups in each if (name := name_in_line(signature.id, signature.tool, groups))]
    kept = merged(told, summed)[:FAILED_TESTS_MAX]
    return tuple(mask_text("\n".join(kept)).split("\n")) if kept else ()


def _secondary(log: CleanLog, candidates: list[Candidate]) -> tuple[SecondaryCause, ...]:
    """Return further causes that the best one does not explain: of another category or tool, and nearly as sure."""
    best = candidates[0]
    chosen = [best]
    for candidate in candidates[1:]:
        if candidate.score < max(SURE, best.score - SECONDARY_BEHIND_MAX) or len(chosen) > SECONDARY_MAX:
            break
        candidate.category = category_of(candidate, log)
        known = any(c.category == candidate.category and c.tool == candidate.tool for c in chosen)
        if candidate.kind not in _NEVER_SECONDARY and not known:
            chosen.append(candidate)
    return tuple(SecondaryCause(c.category, c.cause + 1, mask_text(root_cause(c, log))) for c in chosen[1:])
