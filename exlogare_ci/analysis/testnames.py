"""Names of failing tests: one form for each tool, all of them from a block or a summary."""

import re
from collections.abc import Callable

from exlogare_ci.analysis.text import CleanLog

_SUREFIRE = re.compile(r"^(?:\[ERROR\] )?(?P<cls>[\w$]+(?:\.[\w$]+)+)\.(?P<method>[\w$]+(?:[\[{(].*)?)$")
_SUREFIRE_ITEM = re.compile(
    r"^(?:\[ERROR\])? *(?:Failed tests: *|Tests in error: *)?"
    r"(?:(?P<whole>[\w$]+\([\w.$]+\))|(?P<cls>[\w.$]+?)\.(?P<method>[\w$]+):\d+)"
)
_MOCHA_ITEM = re.compile(r"^ {1,4}\d+\) (?P<first>\S.*)$")
_MOCHA_NEXT = re.compile(r"^ {4,12}(?P<more>\S.*)$")
_MOCHA_LINES_MAX = 8
# TestMain runs the tests of a package and is none itself (https://pkg.go.dev/testing#hdr-Main).
_GO_FRAME = re.compile(r"^\t*(?:[\w./()*-]+\.)?(?P<name>Test(?!Main\b)[A-Z_]\w*)(?:\.func[\d.]+)?[( ]")
_GO_FAIL = re.compile(r"^ *--- FAIL: (?P<name>\S+)")
_CATCH2_LINES_MAX = 40
_RULE_LINE = re.compile(r"^-{20,}$")
_GO_LINES_MAX = 1500
_NUMBERED = re.compile(r"^ {0,3}\d+\) (?P<name>\S.*)$")


def names_in(tool: str, named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the names of the failing tests in a block.

    Args:
        tool: who printed the block.
        named: the name that the rule itself found.
        log: the cleaned log.
        start: index of the block's first line.
        end: index of its last line, included.
    """
    reader = _READERS.get(tool)
    if reader is not None:
        return reader(named, log, start, end)
    return [named] if named else []


def _surefire(named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    listed = [m for m in (_SUREFIRE_ITEM.match(log.text(i)) for i in range(start, end + 1)) if m]
    if listed and not log.lines[start].rstrip().endswith((b"FAILURE!", b"ERROR!")):
        return [m["whole"] or f"{m['method']}({m['cls']})" for m in listed]
    return [junit_form(named)] if named else []


def _numbered(_named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    found = (_NUMBERED.match(log.text(i)) for i in range(start, end + 1))
    return [m["name"] for m in found if m]


def _go(named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    found = [m["name"] for m in (_GO_FAIL.match(log.text(i)) for i in range(start, end + 1)) if m]
    if not found and not named:
        return _go_frames(log, start)
    # A parent fails because its subtest did: the subtest is the one to name.
    return [n for n in found if not any(other.startswith(n + "/") for other in found)]


def _catch2(_named: str | None, log: CleanLog, start: int, _end: int) -> list[str]:
    """Return the title above the block, which stands between two ruled lines."""
    below = 0
    for index in range(start, max(-1, start - _CATCH2_LINES_MAX), -1):
        if _RULE_LINE.match(log.text(index)):
            if below:  # the upper line: the title is right under it, its sections follow indented
                return [log.text(index + 1).strip()]
            below = index
    return []


def junit_form(name: str) -> str:
    """Return ``method(class)``, the form of JUnit itself, for the ``class.method`` that newer Surefires print."""
    match = _SUREFIRE.match(name)
    if match is None or "(" in match["cls"]:
        return name
    if match["method"][:1].isupper():
        return name
    return f"{match['method']}({match['cls']})"


def _go_frames(log: CleanLog, start: int) -> list[str]:
    """Return the tests whose functions are on the stacks of a panic, which Go prints without a ``--- FAIL``."""
    names: list[str] = []
    for index in range(start, min(start + _GO_LINES_MAX, len(log.lines))):
        if log.lines[index].startswith((b"FAIL", b"exit status", b"ok  ")):
            break
        match = _GO_FRAME.match(log.text(index))
        if match and match["name"] not in names:
            names.append(match["name"])
    return names


def _mocha(_named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the titles, which mocha prints over several lines up to a colon."""
    names: list[str] = []
    for index in range(start, end + 1):
        match = _MOCHA_ITEM.match(log.text(index))
        if match is None:
            continue
        title = match["first"].strip()
        for behind in range(index + 1, min(index + _MOCHA_LINES_MAX, end + 1)):
            if title.endswith(":"):
                break
            more = _MOCHA_NEXT.match(log.text(behind))
            if more is None:
                break
            title = f"{title} {more['more'].strip()}"
        names.append(title)
    return names


_READERS: dict[str, Callable[[str | None, CleanLog, int, int], list[str]]] = {
    "mocha": _mocha,
    "jasmine": _numbered,
    "rspec": _numbered,
    "hspec": _numbered,
    "phpunit": _numbered,
    "surefire": _surefire,
    "go": _go,
    "catch2": _catch2,
}
"""Tools whose blocks name several tests, or one over several lines."""
