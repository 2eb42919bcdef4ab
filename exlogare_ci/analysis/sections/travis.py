"""Travis CI: hidden fold and time marks, and a sentence behind each command.

Source: https://github.com/travis-ci/travis-build
"""

import re
from itertools import pairwise

import msgspec

from exlogare_ci.analysis.sections.model import Layout, Marks, Step, last_number, name_of
from exlogare_ci.analysis.text import CleanLog

_AFTER_PHASES = (b"after_", b"cache", b"before_cache", b"deploy", b"before_deploy")


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the steps and the one that failed, or ``None`` when the log has no such marks."""
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
        steps.append(Step(start=start, end=max(end, start), name=name_of(log.lines[end]), exit_code=code, after=False))
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
        passed = last_number(log.lines[done[-1]]) == 0
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
    return [Step(start=a, end=b, name=name_of(log.lines[a]), exit_code=0) for a, b in pairwise(cuts) if b > a]


def _travis_after(
    log: CleanLog, starts: list[tuple[int, bytes]], done: list[int], ends: list[tuple[int, int]]
) -> int | None:
    after = [i for i, m in starts if m.split(b":")[-1].startswith(_AFTER_PHASES)]
    first_failure = next((i for i, code in ends if code), len(log.lines))
    candidates = [i for i in after if i > first_failure] + done[-1:]
    return min(candidates) if candidates else None
