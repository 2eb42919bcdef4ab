"""GitLab CI: hidden section marks, echoed commands, and a last word.

Source: https://docs.gitlab.com/ci/jobs/job_logs/
"""

import re

import msgspec

from exlogare_ci.analysis.sections.model import Layout, Marks, Step, name_of
from exlogare_ci.analysis.text import CleanLog


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
