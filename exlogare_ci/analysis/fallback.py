"""The last resort: what a step's tool said last, and lines that speak of an error.

A third of real failures hold no word that a signature knows. Then the step that failed and the last thing that its
tool printed are the best hint.
"""

import msgspec

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.catalog import Found
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.phrases import TOLERATED, WENT_ON, is_advice
from exlogare_ci.analysis.sections import Step
from exlogare_ci.analysis.shape_points import block_terms, last_words_terms, place_terms
from exlogare_ci.analysis.shapes import FINE_AT_END, bits
from exlogare_ci.analysis.text import CleanLog
from exlogare_ci.analysis.unknown_tools import TESTS, ShapedBlock, shaped_blocks, shaped_lines

TAIL_LINES_MAX = 12
"""Lines of the last paragraph that are shown."""
RUN_BY_LINES = 3
"""Lines above the telling one that are shown of an output that runs on without a paragraph."""
REST_LINES_MAX = 6
"""Lines behind a known line that are taken for the rest of what it says."""
TEST_NAME_CHARS_MAX = 200
"""Of a line that is taken for the name of a test."""
WRAPPED_BYTES_MIN = 45
"""A shorter line was not wrapped: what follows it is no part of its sentence."""

_STRONG = bits("strong")
_FAILED = r"(?:FAIL|FAILED|FAILURE|ERROR|[Ff]ailed|TIMEOUT|CRASHED)"
_CROSSES = "✗✘✖❌\u00d7🔴❎"
_MARKS = late(
    rf"^\s*(?:\[(?:info|error)\] )?(?:(?:[{_CROSSES}•*#-]|\d+\)|not ok \d+|\[? *(?:{_FAILED}|Failure|Error)\b *\]?"
    r"|-{2,3}|!+|>|:)[\s:-]*)+"
    rf"|[\s.:…-]{{1,80}}(?:[\[(<*]* *(?:{_FAILED}|Dubious\b.*|[{_CROSSES}]) *[!*\])]*)"
    r"(?:\s*[\[(]?[\d. ]+(?:%|m?s|sec|seconds)?[\])]?)?\s*$|\s*\(\d[\d. ]*m?s\)\s*$"
)
"""What test runners put round the name of a test."""

_CHATTER = late(
    rb"^(?:[\d\[][\d:.,/TZ+ \[\]-]*)?(?:\[?(?:INFO|DEBUG|TRACE|NOTICE|info|debug|notice)\b"
    rb"|\+{1,3} \S|##\[(?:end)?group\])"
)
"""A line that a logger calls unimportant, the echo of a command, a mark: no part of the last words behind it."""
_MARK = late(rb"##\[(?:end)?group\]|\^\^\^ \+\+\+$|\[Pipeline\] (?:\}|//)")
_SAYS_NOTHING = late(rb"\s*(?:\[?(?:ERROR|error|FATAL|WARNING|ERR!)\]?:?|npm ERR!)?\s*$")
"""A blank line, or one of which the logger printed but the level."""
_ECHO = late(rb"\$ |\+ |##\[|\[Pipeline\]|section_start")
"""The first line of a step that repeats its command."""
_DIFF_HEAD = late(rb"diff --git \S")
_DIFF = late(rb"(?:[ +\-]|@@ |index |diff |similarity |rename |new |deleted |old |Binary files |\\ No newline|$)")
_HUNK = late(rb"[ +\-]|@@ -|\\ No newline|$")
_NEGATIVE = late(
    rb"(?i)\b(?:not|no|never|without|cannot|can't|don't|doesn't|isn't|won't|missing|wrong|differ(?:s|ent)?|exceeds?"
    rb"|violat\w+|bro(?:ke|ken)|dead|stale|unknown|unexpected|forbidden|refus\w+|gave up|giving up|too|below|under|over"
    rb"|short|instead|abort(?:s|ed)?|empty|expired|denied|mismatch|conflicts?|illegal|invalid|bad|fail\w*|errors?"
    rb"|incompatible|must|should|wanted|needs?|needed|more than|less than|at (?:least|most)|lost|taken|slower|removed"
    rb"|changed|duplicat\w+|exceeded|rejected|breaking|out of|outdated|required|crash\w*|reserved|possible|critical"
    rb"|expected|untrusted"
    rb"|Fehler|nicht|fehlt|erreur|introuvable)\b|[\xe2\x9c][\x97\x98\x96]|\bng\b|[<>] ?\d"
)
"""A word with which a program says that something is not as it should be, of those that need not mean a failure."""
_COUNTS = late(
    rb"(?i)\W*(?:[\w-]+: ?)?(?:summary\b|(?:\d[\d.,]*|no|none|one|two|three|all)(?: (?:of|out of) (?:the )?\d+)?"
    rb" [a-z](?:[^:/\\\"'`()\[\]]|\([+-]\)){1,60}$|\w[\w ]{0,40}: \d+\s*$)"
)
"""A line that only counts what others said."""
_PLACE = late(rb"\s*[^\s:]{1,200}\.\w{1,8}(?::\d|\(\d| L\d| line \d| \d+:\d)")
_BENIGN = late(
    rb"(?i)\b(?:retry\w*|attempt \d+|warn(?:ing|ung)?|deprecat\w+|note|notice|hint|info|debug|skip\w*|optional"
    rb"|ignor\w+|usage)\b"
)
TELLING_BYTES_MAX = 400
LISTED_LINES_MIN = 2
"""Lines that are counted behind them; a line alone is what the program does."""
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
    while end > step.start and (end in closing or _SAYS_NOTHING.match(log.lines[end]) or _MARK.match(log.lines[end])):
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
    cause = _said_last(log.lines, start, end)
    if end - start + 1 == TAIL_LINES_MAX:  # no paragraph, but what has run by
        start = max(start, cause - RUN_BY_LINES)
    return _tail(start, end, cause, step)


def take_last_words(log: CleanLog, candidate: Candidate, closing: set[int]) -> None:
    """Let a single known line take what its step printed behind it, if that is the rest of its paragraph and the last.

    Args:
        log: the cleaned log.
        candidate: widened in place; a block has its own rules and stays as it is.
        closing: indexes of lines that only say that something failed.
    """
    step = candidate.step
    if candidate.rule is not None or candidate.signature is None or step is None or not step.failed:
        return
    last = step.end - 1
    while last > candidate.end and (not log.lines[last].strip() or last in closing or _MARK.match(log.lines[last])):
        last -= 1
    behind = range(candidate.end + 1, last + 1)
    if len(behind) <= REST_LINES_MAX and all(
        log.lines[i].strip() and i not in closing and not _CHATTER.match(log.lines[i]) for i in behind
    ):
        candidate.end = max(candidate.end, last)


def take_diff(log: CleanLog, candidate: Candidate) -> None:
    """Let a line of a diff stand for the whole diff: what a script compared says nothing in a line alone.

    Args:
        log: the cleaned log.
        candidate: widened in place, if it is of no known tool; its cause becomes the line that announces the diff.
    """
    step = candidate.step
    if candidate.rule is not None or candidate.signature is not None or step is None:
        return
    head = _plain_diff_above(log, step, candidate.cause)
    if head is None:
        return
    end = candidate.cause
    while end + 1 < min(step.end, head + DIFF_LINES_MAX) and _HUNK.match(log.lines[end + 1]):
        end += 1
    while end > candidate.cause and not log.lines[end].strip():
        end -= 1
    above = log.lines[head - 1] if head > step.start else b""
    said = above.strip() and not _ECHO.match(above) and not _CHATTER.match(above) and not _HUNK.match(above)
    candidate.start = candidate.cause = head - 1 if said else head
    candidate.end = end


def _plain_diff_above(log: CleanLog, step: Step, cause: int) -> int | None:
    """Return the first line of the unified diff in which a line stands, or ``None`` if it stands in none."""
    for index in range(cause, max(step.start, cause - DIFF_LINES_MAX), -1):
        line = log.lines[index]
        if line.startswith(b"+++ ") and log.lines[index - 1].startswith(b"--- "):
            below = log.lines[index + 1] if index + 1 < step.end else b""
            return index - 1 if below.startswith(b"@@ -") else None
        if not _HUNK.match(line):
            return None
    return None


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
    """Return the line of a paragraph to point at.

    That is the first line of a text in sentences; else the first that says what is not as it should be; else the last
    that is no detail, and does not only count what others said.
    """
    wrapped = [k for k in range(start + 1, end + 1) if _goes_on(lines[k - 1], lines[k])]
    telling = _telling(lines, start, end)
    if wrapped and (telling is None or telling in wrapped or len(wrapped) > 1):
        return start
    if telling is not None:
        return telling
    if end > start and is_advice(lines[end]) and _STATES.search(lines[end - 1]):
        end -= 1  # what to do about it follows what it is
    lines_read = {k: lines[k][:TELLING_BYTES_MAX] for k in range(start, end + 1)}
    own = [k for k in lines_read if not _only_counts(lines, k, end) and not TOLERATED.search(lines_read[k])]
    counted = [k for k, line in lines_read.items() if k not in own and _NEGATIVE.search(line)]
    if counted and len(own) < LISTED_LINES_MIN:
        return counted[0]
    own = own or [end]
    placed = next((k for k in own if _PLACE.match(lines[k][:TELLING_BYTES_MAX])), None)
    if placed is not None:
        return placed
    indents = {k: len(lines[k]) - len(lines[k].lstrip()) for k in own}
    return max(k for k in own if indents[k] == min(indents.values()))


def _only_counts(lines: list[bytes], index: int, end: int) -> bool:
    """Whether a line counts what others said; one with details below it announces them."""
    line, below = lines[index][:TELLING_BYTES_MAX], lines[index + 1] if index < end else b""
    announces = len(below) - len(below.lstrip()) > len(line) - len(line.lstrip())
    return not announces and _COUNTS.match(line) is not None


def _goes_on(above: bytes, line: bytes) -> bool:
    """Whether a line goes on with the sentence of the one above."""
    return (
        len(above) >= WRAPPED_BYTES_MIN
        and above[:1] != b"["
        and _GOES_ON.match(line) is not None
        and _ENDS.search(above) is None
    )


def _telling(lines: list[bytes], start: int, end: int) -> int | None:
    """Return the first line of a paragraph that says what is not as it should be, rather than counts what was said."""
    for index in range(start, end + 1):
        line = lines[index][:TELLING_BYTES_MAX]
        fine = _BENIGN.search(line) or FINE_AT_END.search(line) or TOLERATED.search(line) or WENT_ON.search(line)
        if _NEGATIVE.search(line) and not fine and not _only_counts(lines, index, end):
            return index
    return None


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
    first = _first_told(step, found)
    if first is None:
        return None
    words = closing_words(log, Step(start=step.start, end=first), closing)
    return None if words is None else msgspec.structs.replace(words, step=step)


def _first_told(step: Step, found: Found) -> int | None:
    """Return the first line within a step that says that a command failed."""
    told = (line for s, lines, _ in found.signatures if s.role == "wrapper" for line in lines)
    return min((line for line in told if step.start < line < step.end), default=None)


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


def last_resort(log: CleanLog, step: Step | None, found: Found, closing: set[int]) -> list[Candidate]:
    """Return what can be said of the failing step, or of the whole log, without knowing its tool.

    Args:
        log: the cleaned log.
        step: the step that failed, if the log says which.
        found: what the scan found.
        closing: indexes of lines that only say that something failed.
    """
    where = step or Step(start=0, end=len(log.lines))
    if where.end <= where.start:
        return []
    told = _first_told(where, found)
    shapes = shaped_lines(log, where, closing)
    blocks = shaped_blocks(log, where, closing, shapes)
    spoken = [
        Candidate(
            start=block.start,
            end=block.end,
            cause=block.cause,
            kind="keyword",
            category=_category(block),
            tool="",
            groups={"strength": "strong" if (block.shapes | block.inner) & _STRONG else "weak"},
            tests=_tests(log, block),
            step=step,
            hints=[*terms, *place_terms(where.start, where.end, block, told)],
        )
        for block, terms in zip(blocks, block_terms(log, blocks, shapes), strict=True)
    ]
    if step is None:
        return spoken
    words = [closing_words(log, step, closing), first_words(log, step, found, closing)]
    last = [candidate for candidate in words if candidate is not None]
    for candidate in last:
        candidate.hints = last_words_terms(candidate.start, candidate.end, blocks, shapes)
    return spoken + last


def _category(block: ShapedBlock) -> str:
    """Return what kind of failure a block's shapes are of."""
    if block.shapes & bits("error_at"):
        return "code.compile"
    if block.shapes & bits("mark", "marked") or (block.shapes & TESTS and block.inner & bits("assertion")):
        return "code.test"
    return "unknown"


def _tests(log: CleanLog, block: ShapedBlock) -> list[str]:
    """Return the names behind or before a test runner's marks."""
    if not block.shapes & TESTS:
        return []
    names = (_MARKS.sub("", log.text(head)[: 2 * TEST_NAME_CHARS_MAX]).strip() for head in block.heads)
    return list(dict.fromkeys(name[:TEST_NAME_CHARS_MAX] for name in names if name))


def closing_lines(found: Found) -> set[int]:
    """Return the lines that only wrap or sum up a failure, or are none."""
    return {
        line
        for s, lines, _ in found.signatures
        if s.role in ("wrapper", "summary", "noise", "success")
        for line in lines
    }
