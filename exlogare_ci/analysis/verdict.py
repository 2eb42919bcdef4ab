"""The verdict: whether the log shows a failure at all."""

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.catalog import Found
from exlogare_ci.analysis.sections import Layout
from exlogare_ci.analysis.weights import SURE

GATES = frozenset({"code.coverage", "code.format", "code.license", "code.security_scan", "deps.lockfile"})
"""Categories of checks that come after success: tests pass, and then the coverage is too low."""
SPECIFIC = 1.5
"""The weight of a signature whose text no passing build prints."""


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
    certain = best.score >= SURE or (
        best.kind == "root"
        and (best.category in GATES or (best.signature is not None and best.signature.weight >= SPECIFIC))
    )
    return certain or last_success < best.end
