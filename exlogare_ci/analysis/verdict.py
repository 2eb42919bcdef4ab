"""The verdict: whether the log shows a failure at all."""

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.catalog import Found
from exlogare_ci.analysis.sections import Layout
from exlogare_ci.analysis.weights import LATE_KINDS, SURE

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
    if any(s.role in ("wrapper", "summary") for s, _, _ in found.signatures):
        return True
    if not candidates:
        return False
    best = candidates[0]
    last_success = max((lines[-1] for s, lines, _ in found.signatures if s.role == "success"), default=-1)
    if best.kind in ("keyword", "tail"):
        return last_success < 0 and best.groups.get("strength") == "strong"
    if best.kind == "root" and best.category in GATES:
        return True
    found_out = best.kind not in LATE_KINDS and best.score >= SURE
    tried_again = any(name == "tried again" for name, _ in best.terms)
    return found_out or (last_success < best.end and not tried_again)
