r"""Sections: which step of the job each line belongs to, and how that step ended.

Every CI service leaves marks of its steps in the log. A reader for each service turns them into ``Step`` records;
the table ``READERS`` is tried in order, and the first that finds its marks is used. The step that failed first is
the strongest hint that there is: what came before it passed, and what came after it (cleanup, after-scripts,
uploads) is a consequence.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise

import msgspec

from exlogare_ci.analysis.text import CleanLog


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the log that belongs to one command or step.

    Attributes:
        start: index of its first line.
        end: index behind its last line; the runner's word about its end is not in it.
        name: the command or the step's title, at most 200 characters.
        exit_code: 0 when it passed, another number when it failed, ``None`` when the log does not say.
        after: it ran after the job's fate was sealed (after-script, cleanup, upload).
    """

    start: int
    end: int
    name: str = ""
    exit_code: int | None = None
    after: bool = False

    @property
    def failed(self) -> bool:
        """Whether the log says that this step failed."""
        return self.exit_code not in (None, 0)


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What the runner's marks say about the job.

    Attributes:
        ci: the service whose marks were found; empty when there were none.
        steps: in order of their lines, not overlapping.
        passed: the runner's own word for the whole job: ``True`` passed, ``False`` failed, ``None`` not said.
    """

    ci: str = ""
    steps: tuple[Step, ...] = ()
    passed: bool | None = None

    def at(self, index: int) -> Step | None:
        """Return the step that the line at ``index`` is in."""
        position = bisect_right(self.steps, index, key=lambda step: step.start) - 1
        if position < 0 or index >= self.steps[position].end:
            return None
        return self.steps[position]

    def failing(self) -> Step | None:
        """Return the step that failed first, if the log says which."""
        return next((s for s in self.steps if s.failed and not s.after), None) or next(
            (s for s in self.steps if s.failed), None
        )


ANCHORS: dict[str, str] = {
    "travis.exited": r'" exited with [0-9]+\.$',
    "travis.phase_failed": r'" failed and exited with [0-9]+ during ',
    "travis.errored": r"^(No output has been received in the last |The job exceeded the maximum )",
    "travis.done": r"^Done\. Your build exited with [0-9]+\.",
    "shell.echo": r"^\$ .",
    "shell.trace": r"^\+ .",
    "github.group": r"^##\[group\]",
    "github.endgroup": r"^##\[endgroup\]",
    "github.error": r"^##\[error\]",
    "github.post": r"^Post job cleanup\.$",
    "github.complete": r"^(Cleaning up orphan processes|Evaluate and set job outputs)$",
    "azure.section": r"^##\[section\](Starting|Finishing): ",
    "gitlab.failed": r"^ERROR: Job failed",
    "gitlab.succeeded": r"^Job succeeded$",
    "buildbot.step": r"^=+ (Started|Finished) .+ \(results: [0-9]",
    "jenkins.pipeline": r"^\[Pipeline\] ",
    "jenkins.returned": r"^ERROR: script returned exit code [0-9]+",
    "jenkins.finished": r"^Finished: (SUCCESS|FAILURE|UNSTABLE|ABORTED|NOT_BUILT)$",
}
"""Name and Hyperscan pattern of each mark; scanned for together with the signatures."""

Marks = dict[str, list[int]]
"""For each anchor the indexes of the lines that it hit."""

_AFTER_PHASES = (b"after_", b"cache", b"before_cache", b"deploy", b"before_deploy")
_NUMBER = re.compile(rb"(\d+)")


def read_layout(log: CleanLog, marks: Marks) -> Layout:
    """Find the steps of the job, with the first reader whose marks are in the log."""
    for reader in READERS:
        layout = reader(log, marks)
        if layout is not None:
            return layout
    return Layout()


def _name(line: bytes) -> str:
    return line[:200].decode("utf-8", "replace").strip()


def _last_number(line: bytes) -> int:
    numbers = _NUMBER.findall(line[-200:])
    return int(numbers[-1]) if numbers else 1


def _travis(log: CleanLog, marks: Marks) -> Layout | None:
    exits = marks.get("travis.exited", [])
    phase_failures = marks.get("travis.phase_failed", [])
    stops = marks.get("travis.errored", [])
    done = marks.get("travis.done", [])
    hidden = [(i, m) for i, m in log.markers if m.startswith(b"travis_")]
    if not (exits or phase_failures or done or hidden):
        return None
    starts = [(i, m) for i, m in hidden if b":start:" in m]
    boundaries = sorted({i for i, _ in starts} | set(marks.get("shell.echo", [])))
    steps: list[Step] = []
    ends = sorted(
        [(i, _exit_code(log.lines[i])) for i in exits]
        + [(i, _phase_code(log.lines[i])) for i in phase_failures]
        + [(i, 1) for i in stops]
    )
    previous = 0
    for last, code in ends:
        end = _command_start(log, last, previous)
        inside = [b for b in boundaries if previous <= b <= end]
        start = _command_echo(log, inside, end, last, previous)
        if start > previous:
            steps.extend(_setup_steps(log, boundaries, previous, start))
        steps.append(Step(start=start, end=max(end, start), name=_name(log.lines[end]), exit_code=code, after=False))
        previous = last + 1
    after_from = _travis_after(log, starts, done, ends)
    steps = [
        msgspec.structs.replace(s, after=True) if after_from is not None and s.start >= after_from else s for s in steps
    ]
    if previous < len(log.lines):
        steps.append(
            Step(
                start=previous,
                end=len(log.lines),
                name="after the last command",
                after=(after_from is not None and previous >= after_from) or bool(ends and done),
            )
        )
    passed = None
    if done:
        passed = _last_number(log.lines[done[-1]]) == 0
    elif any(code for _, code in ends):
        passed = False
    return Layout(ci="travis", steps=tuple(steps), passed=passed)


def _exit_code(line: bytes) -> int:
    match = re.search(rb'" exited with (\d+)\.$', line)
    return int(match[1]) if match else 1


def _phase_code(line: bytes) -> int:
    match = re.search(rb"exited with (\d+) during", line)
    return int(match[1]) if match else 1


def _command_start(log: CleanLog, last: int, floor: int) -> int:
    """Return the line where the runner's sentence about a command begins; commands may have many lines."""
    for index in range(last, max(floor - 1, last - 80), -1):
        if log.lines[index].startswith(b'The command "'):
            return index
    return last


def _command_echo(log: CleanLog, boundaries: list[int], end: int, last: int, floor: int) -> int:
    """Return where the command's own output begins: at its echo, else at the last mark before its end."""
    text = log.lines[end][len(b'The command "') :][:60]
    if end == last:
        text = text.rsplit(b'" ', 1)[0]
    for index in reversed(boundaries):
        line = log.lines[index]
        if text and line.startswith(b"$ " + text[:40]):
            return index
    return boundaries[-1] if boundaries else floor


def _setup_steps(log: CleanLog, boundaries: list[int], start: int, end: int) -> list[Step]:
    """Return the commands before one that the runner judged: it went on, so they passed."""
    cuts = [start, *(b for b in boundaries if start < b < end), end]
    return [Step(start=a, end=b, name=_name(log.lines[a]), exit_code=0) for a, b in pairwise(cuts) if b > a]


def _travis_after(
    log: CleanLog, starts: list[tuple[int, bytes]], done: list[int], ends: list[tuple[int, int]]
) -> int | None:
    after = [i for i, m in starts if m.split(b":")[-1].startswith(_AFTER_PHASES)]
    first_failure = next((i for i, code in ends if code), len(log.lines))
    candidates = [i for i in after if i > first_failure] + done[-1:]
    return min(candidates) if candidates else None


def _github(log: CleanLog, marks: Marks) -> Layout | None:
    groups = marks.get("github.group", [])
    errors = marks.get("github.error", [])
    if not groups and not errors:
        return None
    runs = [i for i in groups if log.lines[i].startswith(b"##[group]Run ")]
    posts = marks.get("github.post", [])
    complete = marks.get("github.complete", [])
    cuts = sorted({0, *runs, *posts, *complete[:1]})
    steps: list[Step] = []
    failed_before = False
    for start, behind in zip(cuts, [*cuts[1:], len(log.lines)], strict=True):
        own = [i for i in errors if start <= i < behind]
        is_post = start in posts or start in complete
        exits = [i for i in own if log.lines[i].startswith(b"##[error]Process completed with exit code")]
        code: int | None
        if exits:
            code = _last_number(log.lines[exits[-1]])
        elif own:
            code = 1
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
                name=_name(log.lines[start].removeprefix(b"##[group]")),
                exit_code=code,
                after=is_post or failed_before,
            )
        )
        failed_before = failed_before or bool(exits)
    passed = False if any(s.failed for s in steps) else None
    if passed is None and (posts or complete):
        passed = True
    return Layout(ci="github", steps=tuple(steps), passed=passed)


def _behind_header(log: CleanLog, marks: Marks, start: int, end: int) -> int:
    """Return where a step's own output begins, behind the group that echoes what is run."""
    if not log.lines[start].startswith(b"##[group]Run "):
        return start
    return next((i + 1 for i in marks.get("github.endgroup", []) if start < i < end), start)


def _azure(log: CleanLog, marks: Marks) -> Layout | None:
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
                    end=own[-1] if own else index,
                    name=_name(log.lines[open_at].removeprefix(b"##[section]Starting: ")),
                    exit_code=_last_number(log.lines[own[-1]]) or 1 if own else 0,
                    after=any(s.failed for s in steps),
                )
            )
            open_at = None
    if not steps:
        return None
    return Layout(ci="azure", steps=tuple(steps), passed=not any(s.failed for s in steps))


def _gitlab(log: CleanLog, marks: Marks) -> Layout | None:
    sections = [(i, m.split(b":", 2)) for i, m in log.markers if m.startswith(b"section_")]
    failed = marks.get("gitlab.failed", [])
    succeeded = marks.get("gitlab.succeeded", [])
    if not sections and not failed and not succeeded:
        return None
    opened = [(i, parts[2]) for i, parts in sections if parts[0] == b"section_start"]
    behind_all = failed[-1] if failed else (succeeded[-1] if succeeded else len(log.lines))
    steps: list[Step] = []
    for (start, title), end in zip(
        opened,
        [*(i for i, _ in opened[1:]), max(behind_all, opened[-1][0] + 1) if opened else 0],
        strict=True,
    ):
        name = title.split(b"[")[0].decode("utf-8", "replace").strip()
        after = name in ("after_script", "cleanup_file_variables") or name.startswith(("upload_", "archive_"))
        cuts = [start]
        if name in ("step_script", "build_script"):
            cuts += [i for i in marks.get("shell.echo", []) if start < i < end]
        for a, b in zip(cuts, [*cuts[1:], end], strict=True):
            if b > a:
                steps.append(Step(start=a, end=b, name=_name(log.lines[a]) if a != start else name, after=after))
    code = _gitlab_code(log, failed)
    if failed and steps:
        # The shell stops at the first command that fails: the last one before the end is it.
        culprit = max((k for k, s in enumerate(steps) if not s.after), default=None)
        steps = [
            msgspec.structs.replace(s, exit_code=code if k == culprit else (None if s.after else 0))
            for k, s in enumerate(steps)
        ]
    elif failed:
        steps = [Step(start=0, end=failed[-1], exit_code=code)]
    passed = False if failed else (True if succeeded else None)
    return Layout(ci="gitlab", steps=tuple(steps), passed=passed)


def _gitlab_code(log: CleanLog, failed: list[int]) -> int:
    match = re.search(rb"exit (?:code|status) (\d+)", log.lines[failed[-1]]) if failed else None
    return int(match[1]) if match else 1


def _jenkins(log: CleanLog, marks: Marks) -> Layout | None:
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
                    name=_name(log.lines[start]),
                    after=post is not None and start > post,
                )
            )
    if passed is False or marks.get("jenkins.returned"):
        code = 1
        if marks.get("jenkins.returned"):
            code = _last_number(log.lines[marks["jenkins.returned"][-1]])
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


def _buildbot(log: CleanLog, marks: Marks) -> Layout | None:
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
            steps.append(Step(start=opened, end=index, name=_name(log.lines[opened].strip(b"= ")), exit_code=code))
            opened = None
    if not steps:
        return None
    return Layout(ci="buildbot", steps=tuple(steps), passed=not any(s.failed for s in steps))


_BUILDBOT_FAILURES = (2, 4)

READERS: tuple[Callable[[CleanLog, Marks], Layout | None], ...] = (
    _azure,
    _github,
    _gitlab,
    _travis,
    _buildbot,
    _jenkins,
)
"""One reader a family of marks; the first that finds its own marks wins."""
