"""Taskcluster: what a worker writes before and behind the command of a task.

Source: https://github.com/taskcluster/taskcluster/tree/main/workers/generic-worker and the docker-worker before it.
"""

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.sections.model import Layout, Marks, Step
from exlogare_ci.analysis.text import CleanLog

_CODE = late(rb"exit code: (\d+) ")


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the task's command and how it ended, or ``None`` when no worker says so."""
    ends = marks.get("taskcluster.end", [])
    match = _CODE.search(log.lines[ends[-1]]) if ends else None
    if match is None:
        return None
    code = int(match[1])
    start = marks.get("taskcluster.start", [-1])[0] + 1
    finished = [i for i in marks.get("taskcluster.finish", []) if i > start]
    end = finished[-1] if finished else ends[-1]
    step = Step(start=start, end=end, name="the task's command", exit_code=code)
    return Layout(ci="taskcluster", steps=(step,), passed=code == 0)
