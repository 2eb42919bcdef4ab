"""The last resort: what a step's tool said last, and lines that speak of an error.

A third of real failures hold no word that a signature knows. Then the step that failed and the last thing that its
tool printed are the best hint.
"""

from bisect import bisect_left
from functools import lru_cache
from itertools import accumulate

import msgspec

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.catalog import Found
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.phrases import is_advice
from exlogare_ci.analysis.scan import Scanner, default_cache_dir
from exlogare_ci.analysis.sections import Step
from exlogare_ci.analysis.text import CleanLog

TAIL_LINES_MAX = 12
"""Lines of the last paragraph that are shown."""
KEYWORD_LINES_MAX = 1500
"""Lines before a step's end that are searched for words of failure."""
KEYWORD_CANDIDATES_MAX = 40
KEYWORD_LINE_BYTES_MAX = 1000
"""What of a line is looked at."""
KEYWORD_LINE_BYTES_MIN = 6
"""A shorter line is a word, not a sentence."""
WRAPPED_BYTES_MIN = 45
"""A shorter line was not wrapped: what follows it is no part of its sentence."""
KEYWORD_GAP_LINES_MAX = 2
"""Lines of failure this close belong together."""

# As Hyperscan takes them, on many lines at once.
_STRONG = (
    r"(?:^|[^\w.-])(?:[A-Za-z]*(?:[Ee]rror|ERROR|Exception)\b(?:[:!]| in | at |\[)"
    r"|FATAL\b|[Ff]atal\b|FAILURE\b|FAILED\b|FAIL\b[ :!]|[Ff]ailure:|[Ff]ailed (?:to|with)\b|Failed:"
    r"|[Aa]bort(?:ed|ing)\b|panic\b|REGRESSION:|Segmentation fault|[Uu]nhandled|[Uu]ncaught)"
)
_WEAK = (
    r"(?i)\b(?:cannot|can't|could not|couldn't|unable to|not found|no such|does not exist|doesn't exist"
    r"|is not installed|undefined|invalid|denied|refused|unexpected|mismatch|missing|unknown (?:option|command|flag)"
    r"|not defined|unrecognized|timed? ?out|exceed(?:s|ed)?|illegal|conflict(?:s|ing)?|violat(?:es|ions?)|rejected"
    r"|not allowed|not installed|too (?:many|long|large|deep|small)|bad|broken|wrong|must (?:be|not|have))\b"
)
_QUIET = (
    r"(?i)(?:\b0 (?:errors?|fail(?:ed|ures?)|warnings?|rejected)\b|\bno (?:errors?|failures?)\b|\bwarn(?:ing)?\b"
    r"|\bdeprecat|\bPASS(?:ED)?\b|\bok\b|\bDEBUG\b|\bTRACE\b|\bINFO\b|\bskipp"
    r"|\b(?:rm: cannot remove|ls: cannot access|which: no )|\bnotice\b|\bxfail)"
)
"""What takes the other words' weight from them."""
_CODE = late(rb"^\s*(?:at |#|//|\*|\||\d+ \||\+ |\$ )")

_CHATTER = late(
    rb"^(?:[\d\[][\d:.,/TZ+ \[\]-]*)?(?:\[?(?:INFO|DEBUG|TRACE|NOTICE|info|debug|notice)\b"
    rb"|\+{1,3} \S|##\[(?:end)?group\])"
)
"""A line that a logger calls unimportant, the echo of a command, a mark: no part of the last words behind it."""
_MARK = late(rb"##\[(?:end)?group\]|\^\^\^ \+\+\+$|\[Pipeline\] (?:\}|//)")
_ECHO = late(rb"\$ |\+ |##\[|\[Pipeline\]|section_start")
"""The first line of a step that repeats its command."""
_DIFF_HEAD = late(rb"diff --git \S")
_DIFF = late(rb"(?:[ +\-]|@@ |index |diff |similarity |rename |new |deleted |old |Binary files |\\ No newline|$)")
DIFF_LINES_MAX = 240
"""Lines of a diff at a step's end that are looked at for its head."""
_GOES_ON = late(rb"[a-z]+[ ,.]")
_STATES = late(rb"\w[\w)\"'`/]*[.!:]\s*$")
"""The end of a sentence; three dots are that of a progress report."""
_ENDS = late(rb"[.:;!?)\]}>]\s*$")
"""A sentence goes on in a line that begins with a lower-case word, behind one that does not end it."""


def closing_words(log: CleanLog, step: Step, closing: set[int]) -> Candidate | None:
    """Return the last paragraph of a step, wrappers and summaries left out.

    Args:
        log: the cleaned log.
        step: the step that failed.
        closing: indexes of lines that only say that something failed.
    """
    if step.end <= step.start:
        return None
    end = step.end - 1
    while end > step.start and (not log.lines[end].strip() or end in closing or _MARK.match(log.lines[end])):
        end -= 1
    if end <= step.start and not log.lines[end].strip():
        return None
    diff = _diff_above(log, step, end)
    if diff is not None:
        return _tail(diff, end, diff, step)
    start = end
    while (
        start - 1 >= step.start
        and not (start - 1 == step.start and _ECHO.match(log.lines[start - 1]))
        and end - start + 1 < TAIL_LINES_MAX
        and log.lines[start - 1].strip()
        and start - 1 not in closing
    ):
        start -= 1
    start = next((i + 1 for i in range(end - 1, start - 1, -1) if _CHATTER.match(log.lines[i])), start)
    return _tail(start, end, _said_last(log.lines, start, end), step)


def _diff_above(log: CleanLog, step: Step, end: int) -> int | None:
    """Return the first line of the diff that a step ended with: of ``git diff --exit-code``, whose words it is."""
    head = None
    for index in range(end, max(step.start, end - DIFF_LINES_MAX) - 1, -1):
        line = log.lines[index]
        if not _DIFF.match(line):
            break
        if _DIFF_HEAD.match(line):
            head = index
    return head


def _tail(start: int, end: int, cause: int, step: Step) -> Candidate:
    return Candidate(
        start=start,
        end=end,
        cause=cause,
        kind="tail",
        category="unknown",
        tool="",
        groups={},
        step=step,
    )


def _said_last(lines: list[bytes], start: int, end: int) -> int:
    """Return the line of a paragraph to point at: the first of a text in sentences, else the last that is no detail."""
    for index in range(start + 1, end + 1):
        above = lines[index - 1]
        if (
            len(above) >= WRAPPED_BYTES_MIN
            and above[:1] != b"["
            and _GOES_ON.match(lines[index])
            and not _ENDS.search(above)
        ):
            return start
    if end > start and is_advice(lines[end]) and _STATES.search(lines[end - 1]):
        end -= 1  # what to do about it follows what it is
    indents = [len(line) - len(line.lstrip()) for line in lines[start : end + 1]]
    return max(start + k for k, indent in enumerate(indents) if indent == min(indents))


EXIT_CODES: dict[int, tuple[str, str]] = {
    124: ("infra.timeout", "The command ran into its time limit (timeout(1) ends with 124)"),
    137: ("infra.oom", "The command was killed with SIGKILL (137), most often for want of memory"),
    139: ("code.runtime_crash", "The command crashed with a segmentation fault (139)"),
    134: ("code.runtime_crash", "The command aborted itself (134, SIGABRT)"),
}
"""Exit codes that say by themselves what happened: 128 plus the signal's number, and the code of timeout(1).

Source: https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html and
https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html
"""


def first_words(log: CleanLog, step: Step, found: Found, closing: set[int]) -> Candidate | None:
    """Return the last words of the command of a step that was the first to be told as failed.

    A script that runs on behind a command that failed buries its words under those of later ones.

    Args:
        log: the cleaned log.
        step: the step that failed.
        found: what the scan found.
        closing: indexes of lines that only say that something failed.
    """
    told = (line for s, lines, _ in found.signatures if s.role == "wrapper" for line in lines)
    first = min((line for line in told if step.start < line < step.end), default=None)
    if first is None:
        return None
    words = closing_words(log, Step(start=step.start, end=first), closing)
    return None if words is None else msgspec.structs.replace(words, step=step)


def telling_exit(log: CleanLog, step: Step) -> Candidate | None:
    """Return the runner's word about a step whose exit code says what happened, for want of better words."""
    known = EXIT_CODES.get(step.exit_code or 0)
    if known is None:
        return None
    line = min(step.end, len(log.lines) - 1)
    while line > step.start and not log.lines[line].strip():
        line -= 1
    return Candidate(
        start=line,
        end=line,
        cause=line,
        kind="exit",
        category=known[0],
        tool="",
        groups={"message": known[1], "code": str(step.exit_code)},
        step=step,
    )


def spoken_errors(log: CleanLog, where: Step, closing: set[int], *, known: bool) -> list[Candidate]:
    """Return lines that speak of an error in the words of no tool that is known.

    Args:
        log: the cleaned log.
        where: the step that failed, or the whole log.
        closing: indexes of lines that only say that something failed.
        known: ``where`` is a step that failed.
    """
    found: list[Candidate] = []
    start = max(where.start, where.end - KEYWORD_LINES_MAX)
    lines = log.lines[start : where.end]
    if max(map(len, lines), default=0) > KEYWORD_LINE_BYTES_MAX:
        lines = [line[:KEYWORD_LINE_BYTES_MAX] for line in lines]
    strong_lines, weak_lines = _speaking(lines, (_STRONG, _WEAK))
    loud = sorted(strong_lines | weak_lines, reverse=True)
    (quiet,) = _speaking([lines[place] for place in loud], (_QUIET,))
    for place in (place for number, place in enumerate(loud) if number not in quiet):
        index, line, strong = start + place, lines[place], place in strong_lines
        if index in closing or len(line) < KEYWORD_LINE_BYTES_MIN or _CODE.match(line):
            continue
        last = found[-1] if found else None
        if last is not None and last.start - index <= KEYWORD_GAP_LINES_MAX:
            last.start = last.cause = index
            if strong:
                last.category = "strong"
            continue
        found.append(
            Candidate(
                start=index,
                end=index,
                cause=index,
                kind="keyword",
                category="strong" if strong else "weak",
                tool="",
                groups={},
                step=where if known else None,
            )
        )
        if len(found) >= KEYWORD_CANDIDATES_MAX:
            break
    for candidate in found:
        candidate.groups = {"strength": candidate.category}
        candidate.category = "unknown"
    return found


@lru_cache(maxsize=2)
def _scanner(patterns: tuple[str, ...]) -> Scanner:
    return Scanner(patterns, default_cache_dir())


def _speaking(lines: list[bytes], patterns: tuple[str, ...]) -> tuple[set[int], ...]:
    """Return for each pattern the places of the lines that hold it: all in one scan, as most hold none."""
    places: tuple[set[int], ...] = tuple(set() for _ in patterns)
    found = _scanner(patterns).ends(b"\n".join(lines))
    ends = list(accumulate(len(line) + 1 for line in lines)) if found else []
    for pattern, end in found:
        places[pattern].add(bisect_left(ends, end))
    return places


def closing_lines(found: Found) -> set[int]:
    """Return the lines that only wrap or sum up a failure, or are none."""
    return {
        line
        for s, lines, _ in found.signatures
        if s.role in ("wrapper", "summary", "noise", "success")
        for line in lines
    }
