"""Jenkins pipelines: a mark before each step, and a last word.

Source: https://www.jenkins.io/doc/book/pipeline/
"""

import msgspec

from exlogare_ci.analysis.sections.model import Layout, Marks, Step, last_number, name_of
from exlogare_ci.analysis.text import CleanLog


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the steps and the one that failed, or ``None`` when the log has no such marks."""
    pipeline = marks.get("jenkins.pipeline", [])
    finished = marks.get("jenkins.finished", [])
    if not pipeline and not finished:
        return None
    passed = None
    if finished:
        passed = log.lines[finished[-1]].endswith(b"SUCCESS")
    cuts = pipeline or [0]
    steps: list[Step] = []
    post = next((i for i in pipeline if b"(Declarative: Post Actions)" in log.lines[i]), None)
    end_all = finished[-1] if finished else len(log.lines)
    for start, behind in zip(cuts, [*cuts[1:], end_all], strict=True):
        verb = log.lines[start].removeprefix(b"[Pipeline] ").split(b" ")[0]
        if behind - start > 1 and verb not in (b"}", b"End"):
            steps.append(
                Step(
                    start=start,
                    end=behind,
                    name=name_of(log.lines[start]),
                    after=post is not None and start > post,
                )
            )
    if passed is False or marks.get("jenkins.returned"):
        code = 1
        if marks.get("jenkins.returned"):
            code = last_number(log.lines[marks["jenkins.returned"][-1]])
        shells = [
            k
            for k, s in enumerate(steps)
            if not s.after and s.name.split(" ")[-1] in ("sh", "bat", "powershell", "pwsh", "withMaven", "node")
        ]
        culprit = max(shells, default=max((k for k, s in enumerate(steps) if not s.after), default=None))
        steps = [
            msgspec.structs.replace(s, exit_code=code if k == culprit else (None if s.after else 0))
            for k, s in enumerate(steps)
        ]
        passed = False
    return Layout(ci="jenkins", steps=tuple(steps), passed=passed)
