"""What a block rule is, and how a block grows from the line that was hit.

A tool prints a failure as a block: a header, a message, a trace. A rule says by which line the block is recognised,
how far it reaches, which of its lines is the cause and where the names are. Rules are data; everything that they
need to know of a tool stands in the tool's own entry.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import msgspec

from exlogare_ci.analysis.testnames_go import go_place
from exlogare_ci.analysis.text import MATCH_BYTES_MAX, CleanLog

Kind = Literal["test", "compile", "lint", "trace", "resolve", "list", "build", "cascade", "noise"]
"""``test`` a failing test; ``compile`` a compiler's diagnostic; ``lint`` a linter's or formatter's; ``trace`` an
uncaught exception; ``resolve`` a package manager's explanation; ``list`` the things that were refused; ``build`` a
build tool's own error; ``cascade`` a summary of what stands elsewhere, used when nothing better is there; ``noise`` looks
like a failure but is none (what a passing test logged), and nothing in it counts."""

STACKS: dict[str, Callable[[CleanLog, int], dict[str, str]]] = {"go": go_place}
"""Readers of dumps of all stacks: of the log and a block's first line they make the groups ``file`` and ``line``."""

_POINTER = re.compile(rb"[ \t~]*\^[~^ ]*$")
"""A compiler's caret below the code that it shows: both lines belong to the diagnostic, wherever the code begins."""

BACK_LINES_MAX = 40
"""Lines that a block may reach upwards from the line that was hit."""


class BlockRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    r"""How one tool prints one kind of failure.

    ``start`` is a Hyperscan pattern (see ``Signature.pattern`` for what it may hold); the others are Python ``re``
    patterns on one line's bytes, ``match`` unless said otherwise.

    Attributes:
        id: ``tool.what``, unique among rules and signatures.
        tool: the tool's name in lower case.
        kind: see ``Kind``.
        category: one of ``CATEGORIES``.
        start: recognises the block's line.
        reject: a start line in which this is found (``search``) starts no block.
        unless: a block in which a line matches this (``search``) is none.
        needs: a block in which no line matches this (``search``) is none.
        then: the line behind the start must match this.
        first: the block begins at the first of the next eight lines that matches this, not at the start line.
        back: lines directly above that belong to the block.
        back_blank_max: blank lines in a row that the way up may cross.
        back_lines_max: lines that the block may reach upwards.
        back_needs: the nearest line above must match this, or the block does not reach upwards.
        back_trim: lines cut off again at the upper end.
        until: everything belongs to the block up to the first line that matches this.
        until_included: the line that ends the block belongs to it.
        keep: without ``until``: lines that belong to the block although they are not indented deeper than its start.
        follow: lines behind the start that belong to the block whatever they are.
        blank_max: blank lines in a row that a block may hold.
        lines_max: a longer block is cut.
        trim: lines cut off at the block's end.
        cause: the first line of the block that matches (``search``) is the cause line; else the block's first.
        cause_last: the last such line instead.
        cause_until: lines from the first one that matches this (``search``) on are no longer looked at for the cause
            and the names: what follows was caused by what stands before.
        fields: patterns searched in the block's lines in order; the first value of a named group counts. Groups:
            test, suite, file, line, column, message, symbol, package, code, exception, host, target, command, and
            reason, the last link of a chain of causes.
        last_of: groups of which the last value counts, because the tool prints the outermost one first.
        stacks: the place is not in the block's lines but on the stacks of a dump, which this reader of ``STACKS`` knows.
        forget: at a line that matches this (``search``), the place (file, line, symbol) found so far is forgotten.
        weight: added to the score; how sure such a block means a failure.
        joins: blocks of this rule that follow each other make one span.
        spans_max: failures of this rule that are shown; more where each is a line.
        sample: what the tool prints, with lines around that do not belong to it, lines joined by a line feed.
        expect: first and last line of the block in ``sample``, 0-based, and the group values.
        source: a URL or ``ran: tool version``.
    """

    id: str
    tool: str
    kind: Kind
    category: str
    start: str
    reject: str = ""
    unless: str = ""
    needs: str = ""
    then: str = ""
    first: str = ""
    back: str = ""
    back_blank_max: int = 0
    back_lines_max: int = BACK_LINES_MAX
    back_needs: str = ""
    back_trim: str = ""
    until: str = ""
    until_included: bool = False
    keep: str = ""
    follow: int = 0
    blank_max: int = 1
    lines_max: int = 120
    trim: str = ""
    cause: str = ""
    cause_last: bool = False
    cause_until: str = ""
    fields: tuple[str, ...] = ()
    last_of: tuple[str, ...] = ()
    stacks: str = ""
    forget: str = ""
    weight: float = 0.0
    joins: bool = True
    spans_max: int = 3
    sample: str = ""
    expect: tuple[int, int, dict[str, str]] | None = None
    source: str = ""


class Block(msgspec.Struct, kw_only=True):
    """A block in a log.

    Attributes:
        rule: what it is.
        start: index of its first line.
        end: index of its last line, included.
        cause: index of its cause line.
        certain: the rule's ``cause`` was found in it, or the rule has none.
        groups: the names found in it.
    """

    rule: BlockRule
    start: int
    end: int
    cause: int
    certain: bool
    groups: dict[str, str]


@lru_cache(maxsize=2048)
def compiled(pattern: str) -> re.Pattern[bytes]:
    """Return a pattern compiled for bytes; compiled on first use, because most rules never hit in a log."""
    return re.compile(pattern.encode())


def grow(log: CleanLog, hit: int, rule: BlockRule, floor: int, ceiling: int) -> Block | None:
    """Return the block around a hit, or ``None`` when the hit is none of this rule's.

    Args:
        log: the cleaned log.
        hit: index of the line that ``rule.start`` matched.
        rule: the rule.
        floor: index of the first line that the block may hold.
        ceiling: index behind the last line that it may hold.
    """
    lines = log.lines
    head = lines[hit][:MATCH_BYTES_MAX]
    if rule.reject and compiled(rule.reject).search(head):
        return None
    if rule.then and not (hit + 1 < ceiling and compiled(rule.then).match(lines[hit + 1][:MATCH_BYTES_MAX])):
        return None
    start = hit
    if rule.first:
        pattern = compiled(rule.first)
        start = next(
            (i for i in range(hit + 1, min(hit + 9, ceiling)) if pattern.match(lines[i][:MATCH_BYTES_MAX])),
            -1,
        )
        if start < 0:
            return None
    end = _reach(log, start, rule, ceiling)
    if rule.trim:
        pattern = compiled(rule.trim)
        while end > start and (not lines[end].strip() or pattern.match(lines[end][:MATCH_BYTES_MAX])):
            end -= 1
    if rule.unless and _any(log, start, end, rule.unless):
        return None
    if rule.needs and not _any(log, start, end, rule.needs):
        return None
    if rule.back:
        start = _reach_back(log, start, rule, floor)
    cause, certain, groups = read_lines(log, start, end, max(hit, start) if not rule.first else start, rule)
    return Block(rule=rule, start=start, end=end, cause=cause, certain=certain, groups=groups)


def _any(log: CleanLog, start: int, end: int, pattern: str) -> bool:
    search = compiled(pattern).search
    return any(search(log.lines[i][:MATCH_BYTES_MAX]) for i in range(start, end + 1))


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" \t"))


def _reach(log: CleanLog, start: int, rule: BlockRule, ceiling: int) -> int:
    lines = log.lines
    until = compiled(rule.until) if rule.until else None
    keep = compiled(rule.keep) if rule.keep else None
    indent = _indent(lines[start])
    end = start
    blanks = 0
    for index in range(start + 1, min(start + rule.lines_max, ceiling)):
        line = lines[index][:MATCH_BYTES_MAX]
        if not line.strip():
            blanks += 1
            if blanks > rule.blank_max:
                break
            continue
        if until is not None:
            if until.match(line):
                if rule.until_included:
                    end = index
                break
        elif not (index - start <= rule.follow or _indent(line) > indent or (keep is not None and keep.match(line))):
            below = lines[index + 1] if index + 1 < ceiling else b""
            if not (_POINTER.match(line) or _POINTER.match(below[:MATCH_BYTES_MAX])):
                break
        end = index
        blanks = 0
    return end


def _reach_back(log: CleanLog, start: int, rule: BlockRule, floor: int) -> int:
    pattern = compiled(rule.back)
    hit = start
    blanks = 0
    for index in range(start - 1, max(floor, start - rule.back_lines_max) - 1, -1):
        line = log.lines[index][:MATCH_BYTES_MAX]
        if not line.strip():
            blanks += 1
            if blanks > rule.back_blank_max:
                break
            continue
        if not pattern.match(line) or (start == hit and rule.back_needs and not compiled(rule.back_needs).match(line)):
            break
        start, blanks = index, 0
    while start < hit and rule.back_trim and compiled(rule.back_trim).match(log.lines[start][:MATCH_BYTES_MAX]):
        start += 1
    return start


def read_lines(log: CleanLog, start: int, end: int, head: int, rule: BlockRule) -> tuple[int, bool, dict[str, str]]:
    """Return the cause line of a block, whether the rule's ``cause`` was found, and the names in it.

    Args:
        log: the cleaned log.
        start: index of its first line.
        end: index of its last line, included.
        head: index of the line to point at when no line is the rule's ``cause``.
        rule: what it is.
    """
    groups: dict[str, str] = {}
    cause = head
    found = False
    pattern = compiled(rule.cause) if rule.cause else None
    fields = [compiled(f) for f in rule.fields]
    for index in range(start, end + 1):
        line = log.lines[index][:MATCH_BYTES_MAX]
        if rule.cause_until and compiled(rule.cause_until).search(line):
            break
        if rule.forget and compiled(rule.forget).search(line):
            for name in ("file", "line", "symbol"):
                groups.pop(name, None)
        if pattern is not None and (rule.cause_last or not found) and pattern.search(line):
            cause, found = index, True
        for field in fields:
            match = field.search(line)
            if match:
                for name, value in match.groupdict().items():
                    if value and value.strip() and (name in rule.last_of or name not in groups):
                        groups[name] = value.decode("utf-8", "replace").strip()
    dump = STACKS.get(rule.stacks)
    return cause, found or pattern is None, groups | dump(log, start) if dump else groups
