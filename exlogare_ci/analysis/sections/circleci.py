"""CircleCI: the outputs of a job's steps, joined; each begins with the shell and the command that it is given.

Source: https://circleci.com/docs/configuration-reference/#default-shell-options
"""

from exlogare_ci.analysis.sections.model import Layout, Marks, Step, last_number, name_of
from exlogare_ci.analysis.text import CleanLog


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the steps and the one that failed, or ``None`` when the log has no such marks."""
    shells = marks.get("circleci.shell", [])
    if not shells:
        return None
    exits = marks.get("circleci.exited", [])
    steps = [Step(start=0, end=shells[0], name="setting up", exit_code=0)] if shells[0] else []
    sealed = False
    for start, behind in zip(shells, [*shells[1:], len(log.lines)], strict=True):
        told = next((i for i in exits if start < i < behind), None)
        code = last_number(log.lines[told]) if told is not None else (None if behind == len(log.lines) else 0)
        name = name_of(log.lines[start + 1]) if start + 1 < behind else ""
        # the shell and its command are an echo: nothing of it happened yet; a faulty configuration has no command
        output = start + 1 if name.startswith("# ") else min(start + 2, behind)
        steps.append(Step(start=start, end=output, name="echo of the step", exit_code=0))
        if output < behind:
            end = told if told is not None else behind
            steps.append(Step(start=output, end=end, name=name, exit_code=code, after=sealed))
        sealed = sealed or told is not None
    return Layout(ci="circleci", steps=tuple(steps), passed=False if sealed else None)
