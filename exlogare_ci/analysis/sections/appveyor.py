"""AppVeyor: one log of all commands, of which only the one that failed is told the end of.

Source: https://www.appveyor.com/docs/build-configuration/
"""

from exlogare_ci.analysis.sections.model import Layout, Marks, Step, last_number
from exlogare_ci.analysis.text import CleanLog


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find what ran until the command that failed, or ``None`` when the log has no such marks.

    Commands are echoed without a mark, so that all of them are one step.
    """
    exits = marks.get("appveyor.exited", [])
    if not exits or not exits[0]:
        return None
    told = exits[0]
    steps = [Step(start=0, end=told, exit_code=last_number(log.lines[told]) or 1)]
    if told + 1 < len(log.lines):
        steps.append(Step(start=told + 1, end=len(log.lines), after=True))
    return Layout(ci="appveyor", steps=tuple(steps), passed=False)
