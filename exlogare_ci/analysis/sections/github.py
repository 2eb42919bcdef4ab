"""GitHub Actions and Azure Pipelines, whose runners share their marks.

Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions and
https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands
"""

from bisect import bisect_left

import msgspec

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.sections.model import Layout, Marks, Step, last_number, name_of
from exlogare_ci.analysis.text import CleanLog

_ENDED = late(rb"exited with code|failed with exit ?code|Exit code \d+ returned|failed with return code")
"""What Azure's tasks say of a program that failed: no part of its words."""
_WHATEVER_HAPPENS = late(
    r"(?i)upload|artifact|report|publish|codecov|coverall|cache|logs?\b|clean|tear|stop|down\b|kill|notif|slack|status"
    r"|summary|result|comment|collect|dump|debug|fail|always|\bcat\b|\becho\b|\bls\b|\bdf\b|\bfind\b|docker (?:ps|rm)"
)
"""Steps that workflows run although one before them failed; any other one shows that the failure was tolerated."""


_ONLY_IF_FINE = late(
    r"(?i)\b(?:actions/(?:checkout|setup-)|(?:npm|yarn|pnpm|pip3?|bundle|composer|poetry|uv) (?:ci|install|sync)\b"
    r"|(?<![\w.-])(?:build|assemble|compile|package|pack|bundle|publish|deploy|release|promote|ship)(?![\w.-])"
    r"|docker (?:push|build|buildx|login|tag)\b|(?:build-push|login)-action"
    r"|(?:twine|gem|helm|cargo|npm|nuget) (?:push|publish|upload))"
)
"""Steps that make or hand out something: nobody runs them whatever happened before."""
_HANDS_OUT = late(
    r"(?i)\b(?:npm|pnpm|yarn|cargo|poetry|uv) publish\b|\btwine upload\b|\b(?:gem|nuget|helm|docker|podman) push\b"
    r"|\bgoreleaser\b|\bsemantic-release\b|\bgh release create\b"
)
"""The same, whatever else is in their name."""
_JOB_WENT_WELL = (b"Cache saved with key: ", b"Cache hit occurred on the primary key ")
"""What the cache actions write behind a job, whose last steps run under ``post-if: success()`` only.

Source: https://github.com/actions/cache/blob/main/action.yml
"""
POST_LINES_MAX = 2000
_NODE_CRASHED = b"Node.js v"
"""What Node writes behind an uncaught error, before it ends with 1."""
CRASH_LINES_MAX = 20
_JOB_BEGINS = b"\nCurrent runner version: "
"""A job's first line, behind another job."""
JOBS_MAX = 300
"""More jobs are not told apart."""


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the steps and the one that failed, or ``None`` when the log has no such marks."""
    groups = marks.get("github.group", [])
    if not groups and not marks.get("github.error"):
        return None
    steps: list[Step] = []
    verdicts: list[bool | None] = []
    for start, stop in _jobs(log):
        own = {name: lines[bisect_left(lines, start) : bisect_left(lines, stop)] for name, lines in marks.items()}
        found, passed = _read_job(log, own, start, stop)
        steps += found
        verdicts.append(passed)
    whole = False if False in verdicts else None if None in verdicts else True
    return Layout(ci="github", steps=tuple(steps), passed=whole)


def _jobs(log: CleanLog) -> list[tuple[int, int]]:
    """Return where each job begins and ends: ``gh run view --log`` writes those of a run one behind the other."""
    heads: list[int] = []
    offset = log.data.find(_JOB_BEGINS)
    while offset >= 0 and len(heads) <= JOBS_MAX:
        heads.append(offset + 1)
        offset = log.data.find(_JOB_BEGINS, offset + 1)
    if not heads or len(heads) > JOBS_MAX:
        return [(0, len(log.lines))]
    line_of = log.lines_at(heads)
    cuts = [0, *sorted(set(line_of.values()) - {0})]
    return list(zip(cuts, [*cuts[1:], len(log.lines)], strict=True))


def _read_job(log: CleanLog, marks: Marks, first: int, stop: int) -> tuple[list[Step], bool | None]:
    """Return the steps of one job, and whether it passed, where that is known.

    Args:
        log: the cleaned log.
        marks: the marks within the job.
        first: index of the job's first line.
        stop: index behind its last line.
    """
    errors = marks.get("github.error", [])
    runs = [i for i in marks.get("github.group", []) if log.lines[i].startswith(b"##[group]Run ")]
    posts = marks.get("github.post", [])
    complete = marks.get("github.complete", [])
    cuts = sorted({first, *runs, *posts, *complete[:1]})
    steps: list[Step] = []
    failed_before = False
    containers = _open_containers(log, marks, cuts, stop)
    for start, behind in zip(cuts, [*cuts[1:], stop], strict=True):
        own = [i for i in errors if start <= i < behind]
        is_post = start in posts or start in complete
        exits = [i for i in own if log.lines[i].startswith(b"##[error]Process completed with exit code")]
        code: int | None
        if exits:
            code = last_number(log.lines[exits[-1]])
        elif own:
            code = 1
        elif start in containers:
            code = None
        else:
            code = 0 if behind < len(log.lines) else None
        end = exits[-1] if exits else behind
        output = _behind_header(log, marks, start, end)
        if output > start:  # the script and its environment, echoed before it runs: nothing of it happened
            steps.append(Step(start=start, end=output, name="echo of the step", exit_code=0))
        steps.append(
            Step(
                start=output,
                end=max(end, output),
                name=name_of(log.lines[start].removeprefix(b"##[group]")),
                exit_code=code,
                after=is_post or failed_before,
            )
        )
        failed_before = failed_before or bool(exits)
    steps = _without_tolerated(steps)
    if _went_on(log, steps, posts, stop):
        steps = [msgspec.structs.replace(s, exit_code=0, after=False) if s.failed else s for s in steps]
    if any(s.failed for s in steps):
        return steps, False
    return steps, True if (posts or complete) and not containers else None


def _open_containers(log: CleanLog, marks: Marks, cuts: list[int], stop: int) -> set[int]:
    """Return the starts of steps of which nobody says how they ended.

    The runner writes no word when the container of an action fails, nor when the program of an action crashes; only a
    step behind it, that is not one of those which run whatever happens, shows that it passed.
    """
    found: set[int] = set()
    runs = marks.get("github.docker", [])
    for start, behind in zip(reversed(cuts), [stop, *reversed(cuts[1:])], strict=True):
        if any(start <= i < behind for i in runs) or _crashed(log, start, behind):
            found.add(start)
        elif not _WHATEVER_HAPPENS.search(name_of(log.lines[start])):
            break
    return found


def _crashed(log: CleanLog, start: int, behind: int) -> bool:
    """Whether Node's last words about an uncaught error stand at a step's end."""
    last = log.lines[max(start, behind - CRASH_LINES_MAX) : behind]
    return any(line.startswith(_NODE_CRASHED) for line in last)


def _went_on(log: CleanLog, steps: list[Step], posts: list[int], stop: int) -> bool:
    """Whether the job went well behind its last failed step, which then had ``continue-on-error``."""
    failed = [k for k, s in enumerate(steps) if s.failed]
    if not failed or not posts:
        return False
    ran = [s for s in steps[failed[-1] + 1 :] if s.start < posts[0] and s.name.startswith("Run ")]
    names = [s.name for s in ran]
    if any(_HANDS_OUT.search(n) or (_ONLY_IF_FINE.search(n) and not _WHATEVER_HAPPENS.search(n)) for n in names):
        return True
    behind = log.lines[posts[0] : min(stop, posts[0] + POST_LINES_MAX)]
    return any(line.startswith(_JOB_WENT_WELL) for line in behind)


def _without_tolerated(steps: list[Step]) -> list[Step]:
    """Return the steps with only the last one of several as failed.

    A job goes on behind a failure when the step has ``continue-on-error``, and then only the last one counts; or when
    later steps run always, and then each counts. Which it was is not said, so the earlier ones are left open.
    """
    failed = [k for k, s in enumerate(steps) if s.failed]
    if len(failed) < 2 or _WHATEVER_HAPPENS.search(steps[failed[-1]].name):  # noqa: PLR2004 - one and a later one
        return steps
    last = failed[-1]
    return [
        msgspec.structs.replace(s, exit_code=None)
        if s.failed and k < last
        else (msgspec.structs.replace(s, after=False) if k == last else s)
        for k, s in enumerate(steps)
    ]


def _behind_header(log: CleanLog, marks: Marks, start: int, end: int) -> int:
    """Return where a step's own output begins, behind the group that echoes what is run."""
    if not log.lines[start].startswith(b"##[group]Run "):
        return start
    return next((i + 1 for i in marks.get("github.endgroup", []) if start < i < end), start)


def _azure_code(line: bytes) -> int:
    """Return the exit code that an error speaks of; most speak of none, but of other numbers."""
    return (last_number(line) or 1) if _ENDED.search(line) else 1


def read_azure(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the steps and the one that failed, or ``None`` when the log has no such marks."""
    errors = marks.get("github.error", [])
    steps: list[Step] = []
    open_at: int | None = None
    for index in marks.get("azure.section", []):
        if b"Starting: " in log.lines[index]:
            open_at = index
        elif open_at is not None:
            own = [i for i in errors if open_at <= i <= index]
            steps.append(
                Step(
                    start=open_at,
                    end=own[-1] + (not _ENDED.search(log.lines[own[-1]])) if own else index,
                    name=name_of(log.lines[open_at].removeprefix(b"##[section]Starting: ")),
                    exit_code=_azure_code(log.lines[own[-1]]) if own else 0,
                    after=any(s.failed for s in steps),
                )
            )
            open_at = None
    if not steps:
        return None
    return Layout(ci="azure", steps=tuple(steps), passed=not any(s.failed for s in steps))
