"""Buildkite: a header before each group of lines, and a sentence when the command fails.

Source: https://buildkite.com/docs/pipelines/configure/managing-log-output
"""

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.sections.model import Layout, Marks, Step, name_of
from exlogare_ci.analysis.text import CleanLog

_GO_TEST = (b"--- FAIL: ", b"--- PASS: ", b"--- SKIP: ", b"--- BENCH: ")
_FAILED = late(
    r"^(?:(?:🚨 |\^\^\^ \+\+\+ ?)?Error: The command exited with|🚨 Error: .{1,200}? exit) status (?P<code>\d+)"
)


def _is_output(log: CleanLog, index: int) -> bool:
    """Whether a line looks like a group's header and is none: the head of a unified diff, or a test of Go's."""
    line, above = log.lines[index], log.lines[index - 1] if index else b""
    below = log.lines[index + 1] if index + 1 < len(log.lines) else b""
    return (
        line.startswith(_GO_TEST)
        or (line.startswith(b"--- ") and below.startswith(b"+++ "))
        or (line.startswith(b"+++ ") and above.startswith(b"--- "))
    )


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the groups and the one that failed, or ``None`` when no group is of the agent itself."""
    headers = [i for i in marks.get("buildkite.header", []) if not _is_output(log, i)]
    if not any(log.lines[i].startswith(b"~~~ ") for i in headers):
        return None
    steps: list[Step] = []
    failed_before = False
    for start, behind in zip(headers, [*headers[1:], len(log.lines)], strict=True):
        end, code = behind, 0
        for index in range(start + 1, behind):
            match = _FAILED.match(log.text(index))
            if match:
                end, code = index, int(match["code"])
                break
        steps.append(Step(start=start, end=end, name=name_of(log.lines[start]), exit_code=code, after=failed_before))
        failed_before = failed_before or code != 0
    return Layout(ci="buildkite", steps=tuple(steps), passed=not failed_before)
