"""The last resort: what a step's tool said last, and lines that speak of an error.

A third of real failures hold no word that a signature knows. Then the step that failed and the last thing that its
tool printed are the best hint.
"""

import msgspec

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.catalog import Found
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.phrases import is_advice
from exlogare_ci.analysis.sections import Step
from exlogare_ci.analysis.shape_points import block_terms, last_words_terms, place_terms
from exlogare_ci.analysis.shapes import bits
from exlogare_ci.analysis.text import CleanLog
from exlogare_ci.analysis.unknown_tools import TESTS, ShapedBlock, shaped_blocks, shaped_lines

TAIL_LINES_MAX = 12
"""Lines of the last paragraph that are shown."""
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
