"""How a line of a log becomes part of a sentence: without its time and level, and with what its colon announces."""

import re

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.text import CleanLog

CONTINUED_LINES_MAX = 3
"""Lines that are added to one that ends in a colon."""
CONTINUED_CHARS_MAX = 300
ADVICE_LINES_MAX = 12
"""Lines behind a cause that are searched for the tool's own advice."""

_MARK = late(r"^##\[error\](?=\S)")
_LEVEL = late(
    r"^(?:\s*(?:##\[\w+\]|::error[^:\n]{0,200}::|\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?Z?\]?"
    r"|\[(?:ERROR|Error|error|FATAL|fatal|WARN|WARNING|E)\]"
    r"|(?:ERROR|Error|error|FATAL|Fatal|fatal|WARNING|Warning|W|E|stderr|ERR!|npm ERR!):(?=\s)"
    r"|(?:ERROR|FATAL|WARN)(?=\s{2}|\t)))+\s+(?=\S)"
)
"""What loggers and tools put before what they say."""
_ANNOUNCES = late(r"[:\[]\s*$")
_ADVICE = late(
    rb"\s*(?:[*>-] )?(?:please |to fix|fix (?:it|this|them) |(?:then |you can |try (?:to )?|or )?"
    rb"(?:run|re-?run|execute|commit|install|update|upgrade|add|use|set|ensure|make sure|remove|rename|split|regenerate"
    rb"|format|check (?:that|the)|see|define|contact) )",
    re.IGNORECASE,
)
"""A line that tells the reader what to do."""
TOLERATED = late(
    rb"(?i)\bignor(?:ed|ing)\b|\btolerat\w+|\bnot (?:yet )?enforced\b|\bnon-?fatal\b|\bnot fatal\b|\boptional\b"
    rb"|\b(?:allowed|expected|wanted|supposed) to fail\b|\bmay fail\b|\bon purpose\b|\bprovoked\b|\bharmless\b"
    rb"|\b(?:not|non)-? ?blocking\b"
    rb"|\b(?:this|that|which|it) is (?:fine|expected|wanted|ok)\b|\|\| true\b"
    rb"|\bexpect(?:ing|ed)? (?:an? |the )?(?:exception|error|failure|trace)s?\b"
    rb"|\bknown (?:issue|failure|problem|bug)s?\b|\bas (?:it should|expected|intended|wanted)\b|\bsurvived\b"
    rb"|\bin (?:the )?baseline\b"
)
"""Words with which a script says, before a failure or behind it, that it is none."""
WENT_ON = late(
    rb"(?i)\bgoing on\b|\bcarry(?:ing)? on\b|(?<!before )\bcontinuing\b|\bfall(?:ing|s)? back\b|\bleft out\b"
    rb"|\b(?:is|was|were|will be) skipped\b|\bskipping it\b|\bwithout it\b|\bin the end\b"
    rb"|\b(?:at|after|on) (?:the )?(?:\d+|second|2nd|third|3rd) (?:tr(?:y|ies)|attempts?)\b"
)
"""Words with which a script says, behind a failure, that it goes on."""


def plain(line: str) -> str:
    """Return a line without its time, its level and the runner's mark, trimmed."""
    return _LEVEL.sub("", _MARK.sub("", line, count=1), count=1).strip()


def is_advice(line: bytes) -> bool:
    """Whether a line tells the reader what to do."""
    return _ADVICE.match(line) is not None


def advice_behind(log: CleanLog, cause: int, end: int) -> str | None:
    """Return the first line behind a cause that tells the reader what to do, or ``None``.

    Args:
        log: the cleaned log.
        cause: index of the cause line.
        end: index of the last line that belongs to it.
    """
    for index in range(cause + 1, min(end, cause + ADVICE_LINES_MAX) + 1):
        if is_advice(log.lines[index]):
            return log.text(index).strip()
    return None


def continued(sentence: str, log: CleanLog, cause: int) -> str:
    """Return a sentence with the lines that its closing colon announces.

    Args:
        sentence: what the cause line says.
        log: the cleaned log.
        cause: index of the cause line.
    """
    index = cause + 1
    for _ in range(CONTINUED_LINES_MAX):
        if not _ANNOUNCES.search(sentence) or len(sentence) > CONTINUED_CHARS_MAX:
            break
        while index < min(len(log.lines), cause + 2 * CONTINUED_LINES_MAX) and not log.lines[index].strip():
            index += 1
        following = plain(log.text(index)) if index < len(log.lines) else ""
        if not following or following.startswith(("##[", "[Pipeline]", "+ ", "at ")):
            break
        sentence = f"{sentence.rstrip()} {following}"
        index += 1
    return sentence
