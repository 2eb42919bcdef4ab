"""The verdict: whether the log shows a failure at all."""

from exlogare_ci.analysis.candidate import Candidate, is_generic
from exlogare_ci.analysis.catalog import Found
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.score import is_tolerated
from exlogare_ci.analysis.sections import Layout
from exlogare_ci.analysis.text import MATCH_BYTES_MAX, CleanLog
from exlogare_ci.analysis.weights import DOMINANT_CATEGORIES, LATE_KINDS, SURE

SCRIPT = "script"
"""The tool of signatures that anybody's script may print: ``exit code 1`` is no failure when success follows."""
ONE_VERDICT = frozenset({"ant", "gradle", "maven", "sbt"})
"""Tools that speak once a run, at its end: success behind their failure is of a run that was tried again. Others speak
of each package or file."""
GATES = frozenset({"code.coverage", "code.format", "code.license", "code.security_scan", "deps.lockfile"})
"""Categories of checks that come after success: tests pass, and then the coverage is too low."""
_RUN_BY_THEM = frozenset(
    {
        "checker",
        "checkstyle",
        "compiler",
        "javac",
        "jvm",
        "junit",
        "kotlinc",
        "pmd",
        "scalac",
        "spotbugs",
        "surefire",
        "testng",
    }
)
"""Who speaks within a run of a build tool for the JVM, which has the last word."""
_GOOD_END = late(
    rb"(?i)\b(?:done|finished|completed?|success\w*|succeeded|passed|ok|deployed|uploaded|published|stored|saved|wrote"
    rb"|written|built|up[- ]to[- ]date|in sync|clean|verified|all (?:good|fine|well)"
    rb"|is (?:up|running|ready|live|healthy))\b"
)
_BAD_END = late(
    rb"(?i)fail|error|abort|broken|\b(?:not|no|cannot|can't|unable|missing|exit|exited|killed|but|un\w+"
    rb"|cleanup|clean-up)\b"
)
"""Words in a log's last line: with one of the good ones and none of the bad ones it tells of success."""
_ASIDE = late(rb"\([^()]*\)")
"""What the last line says in brackets, which is neither."""


def has_failed(log: CleanLog, found: Found, layout: Layout, candidates: list[Candidate]) -> bool:
    """Say whether the log is of a failed job.

    The runner's own word counts most; without it, a tool's word that a command failed; without that, a candidate
    that is sure enough, or strong words that no word of success follows.

    Args:
        log: the cleaned log.
        found: what the scan found.
        layout: the job's steps and the runner's word.
        candidates: the best first.
    """
    if layout.passed is not None:
        return not layout.passed
    successes = _last_lines(found, "success")
    last_success = max(successes.values(), default=-1)
    answered = {SCRIPT: last_success} | {tool: line for tool, line in successes.items() if tool in ONE_VERDICT}
    answered |= dict.fromkeys(_RUN_BY_THEM, max((successes.get(tool, -1) for tool in ONE_VERDICT), default=-1))
    if any(line > answered.get(tool, -1) for tool, line in _last_lines(found, "wrapper", "summary").items()):
        return True
    if not candidates or _was_got_over(log, candidates[0]):
        return False
    best = candidates[0]
    if best.kind in ("keyword", "tail"):
        return last_success < 0 and best.groups.get("strength") == "strong"
    if best.kind == "root" and (best.category in GATES or _stopped(best)):
        return True
    # A tool that ends with success and counts no failures has tried the test again.
    cured = best.kind == "test" and successes.get(best.tool, -1) > best.end
    cured |= best.tool in _RUN_BY_THEM and answered[best.tool] > best.end
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


def _was_got_over(log: CleanLog, best: Candidate) -> bool:
    """Whether the log says that it does not matter, or goes on to a good end behind what may be tried again."""
    passing_trouble = (
        best.kind == "keyword" or is_generic(best) or (best.kind == "root" and best.category.startswith("network."))
    )
    return is_tolerated(best) or (passing_trouble and _ends_well(log, best))


def _ends_well(log: CleanLog, best: Candidate) -> bool:
    """Whether the last line of the log, behind the candidate, tells of success."""
    last = next((i for i in range(len(log.lines) - 1, best.end, -1) if log.lines[i].strip()), None)
    if last is None:
        return False
    line = _ASIDE.sub(b"", log.lines[last][:MATCH_BYTES_MAX])
    return _GOOD_END.search(line) is not None and _BAD_END.search(line) is None


def _stopped(best: Candidate) -> bool:
    """Whether something stopped the job for sure, whatever was tried afterwards."""
    return best.category in DOMINANT_CATEGORIES and best.score >= SURE
