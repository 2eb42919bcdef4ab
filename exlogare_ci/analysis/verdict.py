"""The verdict: whether the log shows a failure at all."""

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.catalog import Found
from exlogare_ci.analysis.sections import Layout
from exlogare_ci.analysis.weights import DOMINANT_CATEGORIES, LATE_KINDS, SURE

SCRIPT = "script"
"""The tool of signatures that anybody's script may print: ``exit code 1`` is no failure when success follows."""
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
    last_success = _last(found, "success", scripts=False)
    if _last(found, "wrapper", "summary", scripts=False) >= 0 or _last(found, "wrapper", scripts=True) > last_success:
        return True
    if not candidates:
        return False
    best = candidates[0]
    if best.kind in ("keyword", "tail"):
        return last_success < 0 and best.groups.get("strength") == "strong"
    if best.kind == "root" and (best.category in GATES or _stopped(best)):
        return True
    found_out = best.kind not in LATE_KINDS and best.score >= SURE
    tried_again = any(name == "tried again" for name, _ in best.terms)
    return found_out or (last_success < best.end and not tried_again)


def _last(found: Found, *roles: str, scripts: bool) -> int:
    """Return the last line of signatures of these roles, -1 when there is none.

    Args:
        found: what the scan found.
        roles: which signatures.
        scripts: only the words of anybody's script, which tests print as well, or only those of known tools.
    """
    hits = (lines[-1] for s, lines, _ in found.signatures if s.role in roles and (s.tool == SCRIPT) == scripts)
    return max(hits, default=-1)


def _stopped(best: Candidate) -> bool:
    """Whether something stopped the job for sure, whatever was tried afterwards."""
    return best.category in DOMINANT_CATEGORIES and best.score >= SURE
