"""Names of failing tests in numbered lists, which end with the tool's own words and may be long."""

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.text import CleanLog

LIST_LINES_MAX = 20_000
"""Of a list that is read for names; a block shows fewer lines of it."""

_MOCHA_ITEM = late(r"^ {1,4}\d+\) (?P<first>\S.*)$")
_MOCHA_NEXT = late(r"^ {4,12}(?P<more>\S.*)$")
_MOCHA_LINES_MAX = 8
_NUMBERED = late(r"^ {0,3}\d+\) (?P<name>\S.*)$")
_CATCH2_LINES_MAX = 40
_RULE_LINE = late(r"^-{20,}$")


def numbered_names(_named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the names that stand behind ``1)``, ``2)`` and so on."""
    found = (_NUMBERED.match(log.text(i)) for i in range(start, end + 1))
    return [m["name"] for m in found if m]


def mocha_names(_named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
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


def catch2_names(_named: str | None, log: CleanLog, start: int, _end: int) -> list[str]:
    """Return the title above the block, which stands between two ruled lines."""
    below = 0
    for index in range(start, max(-1, start - _CATCH2_LINES_MAX), -1):
        if _RULE_LINE.match(log.text(index)):
            if below:  # the upper line: the title is right under it, its sections follow indented
                return [log.text(index + 1).strip()]
            below = index
    return []
