"""Buildbot: a header before and behind each step."""

import re

from exlogare_ci.analysis.sections.model import Layout, Marks, Step, name_of
from exlogare_ci.analysis.text import CleanLog

_BUILDBOT_FAILURES = (2, 4)


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Read Buildbot's step headers; results are 0 success, 1 warnings, 2 failure, 3 skipped, 4 exception, 5 retry.

    Source: https://docs.buildbot.net/latest/developer/results.html
    """
    opened: int | None = None
    steps: list[Step] = []
    for index in marks.get("buildbot.step", []):
        line = log.lines[index]
        if b" Started " in line[:40]:
            opened = index
        elif opened is not None:
            match = re.search(rb"\(results: (\d)", line)
            result = int(match[1]) if match else 0
            code = result if result in _BUILDBOT_FAILURES else 0
            steps.append(Step(start=opened, end=index, name=name_of(log.lines[opened].strip(b"= ")), exit_code=code))
            opened = None
    if not steps:
        return None
    return Layout(ci="buildbot", steps=tuple(steps), passed=not any(s.failed for s in steps))
