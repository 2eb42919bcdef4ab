"""TeamCity's downloaded log: a heading for each build step, and its process's exit code.

Source: https://www.jetbrains.com/help/teamcity/build-log.html
"""

import msgspec

from exlogare_ci.analysis.sections.model import Layout, Marks, Step, last_number, name_of
from exlogare_ci.analysis.text import CleanLog


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the steps and the one that failed, or ``None`` when the log has no such marks."""
    heads = marks.get("teamcity.step", [])
    if not heads:
        return None
    finished = marks.get("teamcity.finished", [])
    ends = sorted({*marks.get("teamcity.exited", []), *marks.get("teamcity.step_failed", [])})
    steps: list[Step] = []
    sealed = False
    behind = heads[0]
    for head, following in zip(heads, [*heads[1:], len(log.lines)], strict=True):
        told = [i for i in ends if head < i < following]
        bad = [i for i in told if log.lines[i].startswith(b"Step ") or last_number(log.lines[i].split(b" (")[0])]
        code: int | None = None  # of the last step, when nothing is said of its end
        if bad:
            code = last_number(log.lines[bad[0]].split(b" (")[0]) or 1
        elif told or following < len(log.lines):
            code = 0
        start, end = head + 1, told[0] if told else following
        if start < end:
            steps.append(Step(start=start, end=end, name=name_of(log.lines[head]), exit_code=code, after=sealed))
        behind = told[-1] + 1 if told else following
        sealed = sealed or bool(bad)
    passed = b" with status SUCCESS" in log.lines[finished[-1]] if finished else None
    if sealed:
        passed = False
    elif passed is False and steps and steps[-1].exit_code is None:
        steps[-1] = msgspec.structs.replace(steps[-1], exit_code=1)
    elif passed is False and behind < len(log.lines):
        steps.append(Step(start=behind, end=len(log.lines), exit_code=1))
    return Layout(ci="teamcity", steps=tuple(steps), passed=passed)
