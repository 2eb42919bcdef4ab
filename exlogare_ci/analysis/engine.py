"""The chain from a raw log to its root cause."""

from exlogare_ci.analysis.candidate import Candidate, collect, extract
from exlogare_ci.analysis.catalog import Catalog, Found, catalog
from exlogare_ci.analysis.fallback import closing_lines, closing_words, spoken_errors, telling_exit
from exlogare_ci.analysis.fingerprint import fingerprint
from exlogare_ci.analysis.masking import mask_text
from exlogare_ci.analysis.model import (
    Analysis,
    EvidenceLine,
    ScoreTerm,
    SecondaryCause,
    Severity,
)
from exlogare_ci.analysis.score import SURE, score
from exlogare_ci.analysis.sections import Layout, Step, read_layout
from exlogare_ci.analysis.text import CleanLog, clean
from exlogare_ci.analysis.words import explanation, fix, message_of, root_cause

EVIDENCE_LINES_MAX = 20
EVIDENCE_CHARS_MAX = 500
FAILED_TESTS_MAX = 200
SECONDARY_MAX = 5
SURE_CONFIDENCE = 0.7


def analyze(log: bytes, *, using: Catalog | None = None) -> Analysis:
    """Find the root cause in a raw log.

    Args:
        log: the log as the CI service gave it, any encoding, any size (10 MiB is the design limit).
        using: a catalogue with the user's own signatures; the built-in one when left out.

    Returns:
        The analysis; never raises for any bytes.
    """
    text = clean(log)
    found = (using or catalog()).find(text)
    layout = read_layout(text, found.marks)
    candidates = collect(text, found, layout)
    closing = closing_lines(found)
    candidates += _last_resort(text, layout, closing, candidates)
    score(text, candidates, layout)
    candidates.sort(key=lambda c: (-c.score, c.start))
    if not _has_failed(text, found, layout, candidates):
        return _passed(text, layout)
    if not candidates:
        return _silent(text)
    return _report(text, candidates[0], candidates, found, layout)


def _last_resort(log: CleanLog, layout: Layout, closing: set[int], candidates: list[Candidate]) -> list[Candidate]:
    step = layout.failing()
    where = step or Step(start=0, end=len(log.lines))
    taken = [(c.start, c.end) for c in candidates]
    extra = [
        c
        for c in spoken_errors(log, where.start, where.end, closing, step)
        if not any(a <= c.cause <= b for a, b in taken)
    ]
    if step is not None:
        last = closing_words(log, step, closing)
        if last is not None and not any(a <= last.cause <= b for a, b in taken):
            extra.append(last)
        told = telling_exit(log, step)
        if told is not None:
            extra.append(told)
    return extra


def _has_failed(log: CleanLog, found: Found, layout: Layout, candidates: list[Candidate]) -> bool:
    if layout.passed is not None:
        return not layout.passed
    if any(s.role in ("wrapper", "summary") for s, _, _ in found.signatures):
        return True
    last_success = max((lines[-1] for s, lines, _ in found.signatures if s.role == "success"), default=-1)
    best = candidates[0] if candidates else None
    if best is None:
        return False
    if best.kind in ("keyword", "tail"):
        return last_success < 0 and best.groups.get("strength") == "strong"
    return best.score >= SURE or last_success < best.end


def _passed(log: CleanLog, layout: Layout) -> Analysis:
    said = f"The {layout.ci} runner says that the job passed." if layout.passed else "No line says that a step failed."
    return Analysis(
        failed=False,
        root_cause="No failure was found in this log.",
        explanation=f"{said} {len(log.lines)} lines were read.",
        fix_suggestion="Nothing to do.",
        severity="low",
        confidence=0.9 if layout.passed else 0.6,
        fingerprint="",
    )


def _silent(log: CleanLog) -> Analysis:
    return Analysis(
        failed=True,
        root_cause="The job failed, but its log does not say why.",
        explanation=f"None of the {len(log.lines)} lines speaks of a failure.",
        fix_suggestion="Send the log of the step that failed, or run it with more output.",
        confidence=0.1,
        needs_more_context=True,
        missing_context_hint="the output of the step that failed",
        fingerprint="",
    )


def _report(log: CleanLog, best: Candidate, candidates: list[Candidate], found: Found, layout: Layout) -> Analysis:
    category = _category(best)
    best.category = category
    confidence = _confidence(best, candidates)
    message = mask_text(message_of(best, log))
    unsure = confidence < 0.4
    signature = best.signature
    severity: Severity = signature.severity if signature is not None else "medium"
    return Analysis(
        failed=True,
        root_cause=mask_text(root_cause(best, log)),
        explanation=mask_text(explanation(best, log)),
        fix_suggestion=mask_text(fix(best)),
        severity=severity,
        confidence=confidence,
        category=category,
        cause_line=best.cause + 1,
        spans=((best.start + 1, best.end + 1),),
        evidence=_evidence(log, best),
        failed_tests=_failed_tests(candidates, found, log),
        secondary=_secondary(log, best, candidates),
        fingerprint=fingerprint(best, message),
        tool=best.tool or None,
        needs_more_context=unsure,
        missing_context_hint="the output of the tool that failed first" if unsure else None,
        transient=signature.transient if signature is not None else False,
        owner=signature.owner if signature is not None else "developer",
        score=tuple(ScoreTerm(name, points) for name, points in best.terms),
    )


def _category(best: Candidate) -> str:
    signature = best.signature
    if signature is None or signature.role != "root" or not signature.category:
        return best.category
    if best.rule is None or best.kind in ("trace", "resolve", "build", "cascade"):
        return signature.category
    if best.kind == "test" and signature.category == "code.test_timeout":
        return signature.category
    if best.kind == "compile" and signature.category.startswith(("deps.", "code.")):
        return signature.category if signature.category != "code.test" else best.category
    return best.category


def _confidence(best: Candidate, candidates: list[Candidate]) -> float:
    """Return a first, uncalibrated confidence: the score, and the lead over the next independent candidate."""
    if best.kind in ("tail", "keyword"):
        return 0.3
    value = min(0.95, max(0.1, (best.score - 2.0) / 10.0))
    rival = next((c for c in candidates[1:] if c.start > best.end or c.end < best.start), None)
    if rival is not None and best.score - rival.score < 1.0:
        value *= 0.8
    return round(value, 3)


def _evidence(log: CleanLog, best: Candidate) -> tuple[EvidenceLine, ...]:
    indexes = [i for i in range(best.start, best.end + 1) if log.lines[i].strip()]
    if len(indexes) > EVIDENCE_LINES_MAX:
        near = [i for i in indexes if i >= best.cause][: EVIDENCE_LINES_MAX - 5]
        before = [i for i in indexes if i < best.cause][-(EVIDENCE_LINES_MAX - len(near)) :]
        indexes = before + near
    masked = mask_text("\n".join(log.text(i).rstrip() for i in indexes)).split("\n")
    return tuple(EvidenceLine(i + 1, t[:EVIDENCE_CHARS_MAX]) for i, t in zip(indexes, masked, strict=True))


def _failed_tests(candidates: list[Candidate], found: Found, log: CleanLog) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for candidate in sorted(candidates, key=lambda c: c.start):
        if candidate.step is not None and (candidate.step.after or candidate.step.exit_code == 0):
            continue
        names.update(dict.fromkeys(candidate.tests))
    for signature, lines, _ in found.signatures:
        if "test" in signature.extract and signature.category.startswith("code.test") and signature.role != "noise":
            for line in lines[:FAILED_TESTS_MAX]:
                test = extract(signature, log.lines[line]).get("test")
                if test:
                    names.setdefault(test)
    return tuple(mask_text("\n".join(list(names)[:FAILED_TESTS_MAX])).split("\n")) if names else ()


def _secondary(log: CleanLog, best: Candidate, candidates: list[Candidate]) -> tuple[SecondaryCause, ...]:
    chosen: list[Candidate] = []
    for candidate in candidates:
        if len(chosen) == SECONDARY_MAX:
            break
        if candidate is best or candidate.kind in ("cascade", "tail", "keyword", "block"):
            continue
        if candidate.score < max(SURE, best.score - 4.0):
            continue
        if any(c.category == candidate.category and c.tool == candidate.tool for c in [best, *chosen]):
            continue
        chosen.append(candidate)
    return tuple(
        SecondaryCause(category=_category(c), cause_line=c.cause + 1, root_cause=mask_text(root_cause(c, log)))
        for c in chosen
    )
