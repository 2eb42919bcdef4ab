"""The verdict: whether the log shows a failure at all."""

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.catalog import Found
from exlogare_ci.analysis.sections import Layout
from exlogare_ci.analysis.weights import DOMINANT_CATEGORIES, LATE_KINDS, SURE

SCRIPT = "script"
"""The tool of signatures that anybody's script may print: ``exit code 1`` is no failure when success follows."""
ONE_VERDICT = frozenset({"ant", "gradle", "maven", "sbt"})
"""Tools that speak once a run, at its end: success behind their failure is of a run that was tried again. Others speak
of each package or file."""
GATES = frozenset({"code.coverage", "code.format", "code.license", "code.security_scan", "deps.lockfile"})
"""Categories of checks that come after success: tests pass, and then the coverage is too low."""


def has_failed(found: Found, layout: Layout, candidates: list[Candidate]) -> bool:
    """Say whether the log is of a failed job.

    The runner's own word counts most; without it, a tool's word that a command failed; without that, a candidate
    that is sure enough, or strong words that no word of success follows.

    Args:
        found: what the scan found.
        layout: the job's steps and the runner's word.
        candidates: the best first.
    """
    if layout.passed is not None:
        return not layout.passed
    successes = _last_lines(found, "success")
    last_success = max(successes.values(), default=-1)
    answered = {SCRIPT: last_success} | {tool: line for tool, line in successes.items() if tool in ONE_VERDICT}
    if any(line > answered.get(tool, -1) for tool, line in _last_lines(found, "wrapper", "summary").items()):
        return True
    if not candidates:
        return False
    best = candidates[0]
    if best.kind in ("keyword", "tail"):
        return last_success < 0 and best.groups.get("strength") == "strong"
    if best.kind == "root" and (best.category in GATES or _stopped(best)):
        return True
    # A tool that ends with success and counts no failures has tried the test again.
    cured = best.kind == "test" and successes.get(best.tool, -1) > best.end
    found_out = best.kind not in LATE_KINDS and best.score >= SURE and not cured
    tried_again = any(name == "tried again" for name, _ in best.terms)
    return found_out or (last_success < best.end and not tried_again)


def _last_lines(found: Found, *roles: str) -> dict[str, int]:
    """Return for each tool the last line that signatures of these roles hit."""
    lasts: dict[str, int] = {}
    for signature, lines, _ in found.signatures:
        if signature.role in roles:
            lasts[signature.tool] = max(lines[-1], lasts.get(signature.tool, -1))
    return lasts


def _stopped(best: Candidate) -> bool:
    """Whether something stopped the job for sure, whatever was tried afterwards."""
    return best.category in DOMINANT_CATEGORIES and best.score >= SURE
