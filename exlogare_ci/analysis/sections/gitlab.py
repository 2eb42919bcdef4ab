"""GitLab CI: hidden section marks, echoed commands, and a last word.

Source: https://docs.gitlab.com/ci/jobs/job_logs/
"""

import re

import msgspec

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.sections.model import Layout, Marks, Step, name_of
from exlogare_ci.analysis.text import CleanLog

_LAST_WORD = "the runner's last word"
_REASON = late(rb"ERROR: Job failed(?: \([a-z ]+\))?: (?!exit (?:code|status) \d|command terminated with exit code)")
"""The runner's last word when it was no script that failed."""


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the steps and the one that failed, or ``None`` when the log has no such marks."""
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
        [*(i for i, _ in opened[1:]), *(max(behind_all, last + 1) for last, _ in opened[-1:])],
        strict=True,
    ):
        name = title.split(b"[")[0].decode("utf-8", "replace").strip()
        after = name in ("after_script", "cleanup_file_variables") or name.startswith(("upload_", "archive_"))
        cuts = [start]
        if name in ("step_script", "build_script"):
            cuts += [i for i in marks.get("shell.echo", []) if start < i < end]
        for a, b in zip(cuts, [*cuts[1:], end], strict=True):
            if b > a:
                steps.append(Step(start=a, end=b, name=name_of(log.lines[a]) if a != start else name, after=after))
    code = _gitlab_code(log, failed)
    if failed and steps:
        # The shell stops at the first command that fails: the last one before the end is it. The artifacts of a job
        # that succeeded are uploaded in a section of that name: when such a job failed, it failed there.
        uploaded = [k for k, s in enumerate(steps) if s.name == "upload_artifacts_on_success"]
        culprit = max(uploaded or (k for k, s in enumerate(steps) if not s.after), default=None)
        if culprit is not None and _REASON.match(log.lines[failed[-1]]):
            steps = [*steps[: culprit + 1], *_last_word(steps[culprit + 1 :], failed[-1])]
        steps = [
            msgspec.structs.replace(s, exit_code=code, after=False)
            if k == culprit or s.name == _LAST_WORD
            else msgspec.structs.replace(s, exit_code=None if s.after else 0)
            for k, s in enumerate(steps)
        ]
    elif failed:
        steps = [Step(start=0, end=failed[-1], exit_code=code)]
    steps = [msgspec.structs.replace(s, name="") if s.name == _LAST_WORD else s for s in steps]
    passed = False if failed else (True if succeeded else None)
    return Layout(ci="gitlab", steps=tuple(steps), passed=passed)


def _last_word(steps: list[Step], line: int) -> list[Step]:
    """Return the steps with the runner's reason as one of its own, which stands behind or within the last of them."""
    cut = [msgspec.structs.replace(s, end=min(s.end, line)) for s in steps if s.start < line]
    return [*cut, Step(start=line, end=line + 1, name=_LAST_WORD)]


def _gitlab_code(log: CleanLog, failed: list[int]) -> int:
    match = re.search(rb"exit (?:code|status) (\d+)", log.lines[failed[-1]]) if failed else None
    return int(match[1]) if match else 1
