"""Names of failing tests in what mocha, jest, Vitest and printers of TAP print."""

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.testnames_lists import LIST_LINES_MAX, numbered_items
from exlogare_ci.analysis.text import CleanLog

_MOCHA_ITEM = late(r"^ {1,4}(?P<number>\d+)\) (?P<name>\S.*)$")
_MOCHA_NEXT = late(r"^ {4,40}(?P<more>\S.*)$")
_MOCHA_LINES_MAX = 8
_TAP_POINT = late(r"^(?P<indent> *)(?P<not>not )?ok \d+(?: -)?(?P<name>.*)$")
_TAP_DIRECTIVE = late(r"# (?:TODO|SKIP|todo|skip)")
_TAP_COMMENT = late(r" *# (?:time|duration_ms)[= ].*$")
_JEST_FILE = late(r"^ *FAIL +(?:\S+ +)?(?P<file>\S+\.[cm]?[jt]sx?)(?: \([\d.]+ m?s\))?$")
_TWICE = late(r"^(\S+) \[ .+ \]$")


def mocha_names(_named: str | None, log: CleanLog, start: int, _end: int) -> list[str]:
    """Return the titles, which mocha prints over several lines up to a colon."""
    names: list[str] = []
    for index, title in numbered_items(log, start, _MOCHA_ITEM):
        for behind in range(index + 1, min(index + _MOCHA_LINES_MAX, len(log.lines))):
            if title.endswith(":"):
                break
            more = _MOCHA_NEXT.match(log.text(behind))
            if more is None:
                break
            title = f"{title} {more['more'].strip()}"  # noqa: PLW2901 - it grows line by line
        names.append(title)
    return names


def jest_names(named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the test, or the file of a suite that could not be loaded."""
    if named:
        return [named]
    found = (_JEST_FILE.match(log.text(i)) for i in range(start, end + 1))
    return [m["file"] for m in found if m]


def vitest_names(named: str | None, _log: CleanLog, _start: int, _end: int) -> list[str]:
    """Return the test, or of a file that could not be loaded its name, which Vitest prints twice."""
    return [_TWICE.sub(r"\1", named)] if named else []


def tap_names(named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the tests that are not ok, without those that are only because a subtest of theirs is not."""
    names: list[str] = []
    for index in range(start, end + 1):
        match = _TAP_POINT.match(log.text(index))
        if match and match["not"] and not _TAP_DIRECTIVE.search(match["name"]) and not _has_subtests(log, index):
            names.append(_TAP_COMMENT.sub("", match["name"]).strip())
    return [name for name in names if name] or ([named] if named and start == end else [])


def _has_subtests(log: CleanLog, index: int) -> bool:
    """Tell whether a test point sums up its subtests, which stand deeper, above it or in braces behind it."""
    line = log.lines[index]
    if line.rstrip().endswith(b"{"):
        return True
    indent = len(line) - len(line.lstrip())
    for above in range(index - 1, max(-1, index - LIST_LINES_MAX), -1):
        if log.lines[above].strip() == b"}":
            return False  # a sibling's subtests, closed before this line
        point = _TAP_POINT.match(log.text(above)) if b"ok " in log.lines[above] else None
        if point:
            return bool(point["not"]) and len(point["indent"]) > indent
    return False
