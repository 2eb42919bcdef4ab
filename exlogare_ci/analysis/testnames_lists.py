"""Names of failing tests in numbered lists, which end with the tool's own words and may be long."""

import re
from collections.abc import Iterator

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.text import CleanLog

LIST_LINES_MAX = 20_000
"""Of a list that is read for names; a block shows fewer lines of it."""

_NUMBERED = late(r"^ {0,3}(?P<number>\d+)\) (?P<name>\S.*)$")
FIRST_LINES_MAX = 3
"""From a list's block to its first item: hspec prints the place before it."""
ITEMS_MAX = 1_000
"""Of a list; nobody reads more names."""
ITEM_LINES_MAX = 1_000
"""Of one item of a list, before it is taken for the last."""
_SCENARIO = late(r"^  \S+\.feature:\d+  (?P<name>.+?)(?: -- @[\d.]+ *)?$")
_BROKEN_FILE = late(r"^(?P<name>\S.*?\.t) +\(Wstat: .*Failed: 0\)$")
_SHUNIT2_TEST = late(r"^test\w+$")
SHUNIT2_LINES_MAX = 60
"""Lines above an assertion of shUnit2 that are searched for its test."""
_FAILED_POINT = late(r"^ *#   Failed test '(?P<name>.+)'$")
_RSPEC_FILE = late(r"^An error occurred while loading (?P<file>\S+?)\.$")
_CATCH2_LINES_MAX = 40
_RULE_LINE = late(r"^-{20,}$")


def numbered_names(named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the names that stand behind ``1)``, ``2)`` and so on; of another block the one that its rule found."""
    first = next((i for i in range(start, min(start + FIRST_LINES_MAX, end + 1)) if _NUMBERED.match(log.text(i))), None)
    if first is None:
        return [named] if named else []
    return [name for _, name in numbered_items(log, first, _NUMBERED)]


def behave_names(named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the scenario of a block, or all of the list at the end."""
    return _listed(_SCENARIO, log, start, end) or ([named] if named else [])


def perl_names(named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the tests of a block, else its file, or of prove's summary the files that broke off without one."""
    told = _listed(_FAILED_POINT, log, start, end) or _listed(_BROKEN_FILE, log, start, end)
    return told or ([named] if named else [])


def _listed(item: "re.Pattern[str]", log: CleanLog, start: int, end: int) -> list[str]:
    found = (item.match(log.text(index)) for index in range(start, end + 1))
    return [match["name"] for match in found if match]


def shunit2_names(named: str | None, log: CleanLog, start: int, _end: int) -> list[str]:
    """Return the test next above the assertion; what it printed may stand between the two."""
    for index in range(start, max(-1, start - SHUNIT2_LINES_MAX), -1):
        if _SHUNIT2_TEST.match(log.text(index)):
            return [log.text(index).strip()]
    return [named] if named else []


def rspec_names(named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the examples of the list, or the file that could not be loaded."""
    match = _RSPEC_FILE.match(log.text(start))
    return [match["file"]] if match else numbered_names(named, log, start, end)


def numbered_items(log: CleanLog, start: int, item: "re.Pattern[str]") -> Iterator[tuple[int, str]]:
    """Give line and text of the items of a numbered list, also beyond the part of it that a block shows."""
    number = index = 0
    last = start
    while start + index < len(log.lines) and start + index - last < ITEM_LINES_MAX and number < ITEMS_MAX:
        match = item.match(log.text(start + index))
        if match and int(match["number"]) == number + 1:
            number, last = number + 1, start + index
            yield last, match["name"].strip()
        elif match and match["number"] == "1":
            return  # the next list
        index += 1


def catch2_names(_named: str | None, log: CleanLog, start: int, _end: int) -> list[str]:
    """Return the title above the block, which stands between two ruled lines; the compact reporter prints none."""
    if not log.lines[start].rstrip().endswith(b": FAILED:"):
        return []
    below = 0
    for index in range(start, max(-1, start - _CATCH2_LINES_MAX), -1):
        if _RULE_LINE.match(log.text(index)):
            if below:  # the upper line: the title is right under it, its sections follow indented
                return [log.text(index + 1).strip()]
            below = index
    return []
