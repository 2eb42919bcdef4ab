"""The category of a failure that no signature knows: by what its words say, and by what its command was for.

A comparison that came out otherwise is a test's. Then come words that mean the same whatever was run (no disk, no
such host, access denied). Then what the command is for says more than how it puts it: whatever ``helm upgrade`` says is
about a release. A command that only tests, checks or builds says less than words that are plain, and more than those
that are not.
"""

from collections.abc import Iterator

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.text import CleanLog
from exlogare_ci.analysis.wording_meanings import (
    ASSERTED,
    ASSERTED_BELOW,
    COLUMN,
    CRIES,
    HINTS,
    LICENSED,
    MEANINGS,
    NOT_ASSERTED,
    TEST_MARK,
    TOPICS,
)
from exlogare_ci.analysis.wording_rules import (
    ANYWHERE,
    CHECKS,
    COMMANDS,
    DENIED,
    PUBLISHED,
    PUBLISHES,
    REPUBLISHED,
    WHOSE,
)

WORDS_LINES_MAX = 12
"""Lines from the cause on that are read for words."""
WORDS_LINE_CHARS_MAX = 500
WORDS_CHARS_MAX = 1500
"""Of all these lines together: some forty patterns are searched for in them, each as long as they are."""
TOPIC_LINES_MAX = 6
"""Lines above a cause that may say what the program is about."""
ECHO_LINES_MAX = 300
"""Lines above a cause that are searched for the echo of the command that printed it."""
SCRIPT_LINES_MAX = 30
"""Lines of a step's script that are read."""

_LAST = frozenset({"code.compile", "config.build_script", "network.http"})
"""What a command is for, when even less sure words say nothing better."""
_VAGUE = frozenset({"code.format", "code.lint", "code.test", "code.type", "deps.resolve", *_LAST})
"""What a command is for that may fail in any way: plain words say more."""
_ECHO = late(
    rb"\+{1,3} \S|\$ \S|##\[command\]"
    rb"|[\w.-]{1,60}(?: run-test(?:-pre|-post)?)?: commands(?:_pre|_post)?\[\d+\](?: \||>) "
    rb"|nox > (?!Running |Session |Command |Creating |Re-using |Ran |\* )\S"
)
"""What a shell, GitHub, tox and nox print of a command before its output."""
_OF_NPM = late(rb"> \S+@\d\S* [\w:.-]+(?: /.*)?$")
"""npm's word that it runs a script, of which the next line is the command."""
_NAME_PARTS = late(r"[-_./:]+")
"""What joins the words of a script's name."""
_SCRIPT = late(rb"##\[group\]Run ")
_NO_SCRIPT = late(rb"##\[|shell: |env:|with:|  \S")


def category_told(candidate: Candidate, log: CleanLog) -> str | None:
    """Return the category that a candidate's words and command tell, or ``None``.

    Args:
        candidate: a place that no signature gives a category for.
        log: the cleaned log.
    """
    commands = list(_commands(candidate, log))
    purposes = [found for c in reversed(commands) if (found := COMMANDS.first(c)) is not None]
    purpose = next((p for p in purposes if p not in _LAST), None)
    words = _words(candidate, log)
    line = words.split("\n", 1)[0]
    if (purpose is None or purpose in _VAGUE) and asserted(candidate, log):
        return "code.test"
    told = _by_words(words, commands)
    if told is None and purpose is not None and purpose not in _VAGUE:
        told = purpose
    told = told or MEANINGS.first(line) or MEANINGS.first(words) or purpose
    if told is None:
        told = HINTS.first(line) or HINTS.first(words)
    if told is None and candidate.kind == "tail":  # another line of the paragraph may say it
        above = _above(candidate, log)
        told = _by_words(above, commands) or MEANINGS.first(above) or HINTS.first(above)
    if told is None:
        told = CRIES.first(words) or (CRIES.first(_above(candidate, log)) if candidate.kind == "tail" else None)
    if told is None:
        told = TOPICS.first(line) or TOPICS.first(words) or TOPICS.first(_before(candidate, log))
    if told is None:
        told = TOPICS.first(" ".join(_NAME_PARTS.sub(" ", command) for command in commands))
    if told is None and any(CHECKS.search(command) for command in commands):
        told = "code.lint"
    return told or next(iter(purposes), None)


def _before(candidate: Candidate, log: CleanLog) -> str:
    """Return the lines above a cause in which the program says what it is about to do."""
    floor = candidate.step.start if candidate.step is not None else 0
    lines = range(max(floor, candidate.cause - TOPIC_LINES_MAX), candidate.cause)
    echo = next((i for i in reversed(lines) if _ECHO.match(log.lines[i])), None)  # above it another command spoke
    lines = lines if echo is None else range(echo, candidate.cause)
    return "\n".join(log.text(i)[:WORDS_LINE_CHARS_MAX] for i in lines)[-WORDS_CHARS_MAX:]


def told_by_message(message: str) -> str | None:
    """Return the category that a message in anybody's words tells, or ``None``: of a script's author, not of a tool."""
    return _by_words(message, []) or MEANINGS.first(message)


def meant(line: str) -> str | None:
    """Return the category that the words of a message alone tell, or ``None``."""
    return MEANINGS.first(line) or HINTS.first(line) or CRIES.first(line)


def asserted(candidate: Candidate, log: CleanLog) -> bool:
    """Whether the words are of a test: of a comparison that came out otherwise, or behind a test runner's mark."""
    words = _words(candidate, log)
    line = words.split("\n", 1)[0]
    if TEST_MARK.search(line):
        return True
    if NOT_ASSERTED.search(line) or (COLUMN.match(line) and not candidate.tests):
        return False
    return ASSERTED.search(words if candidate.tests else line) is not None or len(ASSERTED_BELOW.findall(words)) > 1


def _by_words(words: str, commands: list[str]) -> str | None:
    """Return what words say that mean the same whatever was run."""
    known = ANYWHERE.first(words)
    if known is not None:
        return known
    both = "\n".join([words, *commands])
    if REPUBLISHED.search(words) or (PUBLISHED.search(words) and PUBLISHES.search(both)):
        return "publish.conflict"
    if LICENSED.search(words):
        return "code.license"
    if DENIED.search(words):
        return WHOSE.first(words) or WHOSE.first(both) or "auth.permission"
    return None


def _words(candidate: Candidate, log: CleanLog) -> str:
    lines = range(candidate.cause, min(candidate.end + 1, candidate.cause + WORDS_LINES_MAX))
    return "\n".join(log.text(i)[:WORDS_LINE_CHARS_MAX] for i in lines)[:WORDS_CHARS_MAX]


def _above(candidate: Candidate, log: CleanLog) -> str:
    lines = range(max(candidate.start, candidate.cause - WORDS_LINES_MAX), candidate.cause)
    texts = (log.text(i)[:WORDS_LINE_CHARS_MAX] for i in lines)
    return "\n".join(text for text in texts if "warn" not in text.lower())[-WORDS_CHARS_MAX:]


def _commands(candidate: Candidate, log: CleanLog) -> Iterator[str]:
    """Yield the lines that say what was run: the step's name, its script, the echo next above the cause."""
    step = candidate.step
    if step is None:
        floor = 0
    else:
        floor = step.start
        yield step.name.split('" exited with')[0]
        yield from script_of(log, step.start)
    above = range(candidate.cause - 1, max(floor, candidate.cause - ECHO_LINES_MAX) - 1, -1)
    echo = next((i for i in above if _ECHO.match(log.lines[i]) or _is_script_of_npm(log, i)), None)
    if echo is not None:
        yield log.text(echo)[:WORDS_LINE_CHARS_MAX]


def _is_script_of_npm(log: CleanLog, index: int) -> bool:
    return index > 0 and log.lines[index].startswith(b"> ") and _OF_NPM.match(log.lines[index - 1]) is not None


def script_of(log: CleanLog, start: int) -> Iterator[str]:
    """Yield the lines of the script that GitHub's runner echoes above a step's output.

    Args:
        log: the cleaned log.
        start: index of the first line of the output.
    """
    head = next(
        (i for i in range(start - 1, max(0, start - SCRIPT_LINES_MAX) - 1, -1) if _SCRIPT.match(log.lines[i])), None
    )
    if head is None or not log.lines[start - 1].startswith(b"##[endgroup]"):
        return
    for index in range(head + 1, start):
        if _NO_SCRIPT.match(log.lines[index]):
            return
        yield log.text(index)[:WORDS_LINE_CHARS_MAX]
