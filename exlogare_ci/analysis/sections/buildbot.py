"""Buildbot: a header before and behind each step."""

import re

import msgspec

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.sections.model import Layout, Marks, Step, name_of
from exlogare_ci.analysis.text import CleanLog

_BUILDBOT_FAILURES = (2, 4)
_WARNINGS = 1
_ENDED = late(rb"program finished with exit code (\d+)$")
_END_LINES = 4
"""Before a step's last header, in which its program's exit code stands."""


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Read Buildbot's step headers; results are 0 success, 1 warnings, 2 failure, 3 skipped, 4 exception, 5 retry.

    Where no step failed, one that ended with warnings because its program failed is what the build was about.

    Source: https://docs.buildbot.net/latest/developer/results.html
    """
    opened: int | None = None
    steps: list[Step] = []
    warned: dict[int, int] = {}
    for index in marks.get("buildbot.step", []):
        line = log.lines[index]
        if b" Started " in line[:40]:
            opened = index
        elif opened is not None:
            match = re.search(rb"\(results: (\d)", line)
            result = int(match[1]) if match else 0
            code = result if result in _BUILDBOT_FAILURES else 0
            if result == _WARNINGS and (ended := _program_end(log, opened, index)):
                warned[len(steps)] = ended
            steps.append(Step(start=opened, end=index, name=name_of(log.lines[opened].strip(b"= ")), exit_code=code))
            opened = None
    if not steps:
        return None
    if not any(s.failed for s in steps):
        steps = [msgspec.structs.replace(s, exit_code=warned.get(k, s.exit_code)) for k, s in enumerate(steps)]
    return Layout(ci="buildbot", steps=tuple(steps), passed=not any(s.failed for s in steps))


def _program_end(log: CleanLog, start: int, end: int) -> int:
    """Return the exit code of a step's program, 0 when the log does not say it."""
    lines = log.lines[max(start, end - _END_LINES) : end]
    return next((int(match[1]) for match in map(_ENDED.match, reversed(lines)) if match), 0)
