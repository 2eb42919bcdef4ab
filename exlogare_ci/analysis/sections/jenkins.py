"""Jenkins pipelines: a mark before each step, and a last word behind them all.

When a step fails, Jenkins closes the blocks round it, skips the stages that follow, runs the post conditions and then
says why: nothing but ``script returned exit code`` where a script failed, the error itself where a step of Jenkins
did. So the step that failed is the last one that is no closing mark before all that.

Source: https://www.jenkins.io/doc/book/pipeline/ and
https://github.com/jenkinsci/pipeline-model-definition-plugin/tree/master/pipeline-model-definition/src/main/resources
"""

from typing import NamedTuple

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.sections.model import Layout, Marks, Step, last_number, name_of
from exlogare_ci.analysis.text import CleanLog

_STAGE = b"[Pipeline] stage"
_NO_STEP = late(rb"\[Pipeline\] (?:\}|//|\{|End of Pipeline)")
_SKIPPED = late(rb'Stage ".*" skipped due to earlier failure')
_RETRYING = b"Retrying"
_TELLS = late(rb"(?:ERROR: (?!script returned exit code)|Also: |(?:[a-z]\w*\.)+[A-Z]\w*(?:Exception|Error)\b)")
"""The last word when it was no script that failed."""


class _Job(NamedTuple):
    """Where a pipeline's marks stand: its steps' first lines, its end mark, and the line that says how it finished."""

    marks: Marks
    pipeline: list[int]
    closed: int
    end: int


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the steps and the one that failed, or ``None`` when the log has no such marks."""
    pipeline = marks.get("jenkins.pipeline", [])
    finished = marks.get("jenkins.finished", [])
    if not pipeline and not finished:
        return None
    returned = marks.get("jenkins.returned", [])
    passed: bool | None = log.lines[finished[-1]].endswith(b"SUCCESS") if finished else None
    if passed is None and returned:
        passed = False
    end = finished[-1] if finished else len(log.lines)
    if not pipeline:
        return Layout(ci="jenkins", steps=_freestyle(marks, end, failed=passed is False), passed=passed)
    closed = next((i for i in reversed(pipeline) if log.lines[i].startswith(b"[Pipeline] End")), end)
    job = _Job(marks, pipeline, closed, end)
    sealed = _sealed(log, job)
    culprit = _culprit(log, job, sealed) if passed is False else None
    code = last_number(log.lines[returned[-1]]) if returned else 1
    steps: list[Step] = []
    for start, behind in zip(pipeline, [*pipeline[1:], end], strict=True):
        if culprit is not None and start == culprit[0]:
            steps.append(Step(start=start, end=culprit[1], name=name_of(log.lines[start]), exit_code=code))
        elif culprit is not None and culprit[0] <= start < culprit[1]:
            continue
        elif behind - start > 1 and not log.lines[start].startswith((b"[Pipeline] }", b"[Pipeline] End")):
            after = start >= sealed
            ended = None if after or culprit is None else 0
            steps.append(Step(start=start, end=behind, name=name_of(log.lines[start]), exit_code=ended, after=after))
    if passed is False and any(_TELLS.match(line) for line in log.lines[closed + 1 : end]):
        steps.append(Step(start=closed + 1, end=end, exit_code=1))
    return Layout(ci="jenkins", steps=tuple(steps), passed=passed)


def _freestyle(marks: Marks, end: int, *, failed: bool) -> tuple[Step, ...]:
    """Return the steps of a job that is no pipeline: the build, and what Jenkins did when it had failed."""
    broken = next((i for i in marks.get("jenkins.broken", []) if i < end), end)
    build = Step(start=0, end=broken, exit_code=1 if failed else None)
    return (build,) if broken == end else (build, Step(start=broken, end=end, name="post-build actions", after=True))


def _sealed(log: CleanLog, job: _Job) -> int:
    """Return from which line on the job's fate was sealed: stages that are skipped, and post conditions."""
    for place, mark in enumerate(job.pipeline):
        skipped = mark + 1 < len(log.lines) and _SKIPPED.match(log.lines[mark + 1])
        if skipped or b"(Declarative: Post Actions)" in log.lines[mark]:
            above = job.pipeline[place - 1] if place else mark
            return above if log.lines[above] == _STAGE else mark
    posts = [i for i in job.marks.get("jenkins.post_stage", []) if i < job.closed]
    return posts[-1] if posts and not _stage_behind(log, job.pipeline, posts[-1]) else job.closed


def _stage_behind(log: CleanLog, marks: list[int], line: int) -> bool:
    return any(i > line and log.lines[i] == _STAGE for i in marks)


def _culprit(log: CleanLog, job: _Job, sealed: int) -> tuple[int, int] | None:
    """Return the first line of the step that failed and the one behind its last; ``None`` when no step is to blame."""
    if job.marks.get("jenkins.branch_failed"):  # the branches' lines are mixed: any of them may have failed
        first = next((i for i in job.pipeline if log.lines[i] == b"[Pipeline] parallel"), None)
        last = next((i for i in reversed(job.pipeline) if log.lines[i] == b"[Pipeline] // parallel"), None)
        if first is not None and last is not None:
            return first, last
    told = any(line.startswith(b"ERROR: ") or _TELLS.match(line) for line in log.lines[job.closed + 1 : job.end])
    returned = job.marks.get("jenkins.returned", []) if job.closed < job.end else []
    caught = [i for i in returned if i < job.closed and not log.lines[i + 1].startswith(_RETRYING)]
    if not caught and log.lines[job.end : job.end + 1] == [b"Finished: UNSTABLE"]:
        return None
    behind = caught[0] if caught and not told else sealed
    steps = [i for i in job.pipeline if i < behind and not _NO_STEP.match(log.lines[i])]
    posts = [i for i in job.marks.get("jenkins.post_stage", []) if i < behind]
    if posts and not _stage_behind(log, steps, posts[-1]):
        behind = posts[-1]
        steps = [i for i in steps if i < behind]
    if not steps:
        return None
    following = min(behind, next((i for i in job.pipeline if i > steps[-1]), job.end))
    return (steps[-1], following) if following > steps[-1] + 1 else None
