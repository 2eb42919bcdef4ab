"""Logs of a single shell step, which begin with the first command that the shell echoes.

Drone, Woodpecker and Bitbucket give such logs: the shell runs with ``set -ex``, so the last echoed command is the
one that failed, if any did; commands that only tidy up may follow it.
"""

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.sections.model import Layout, Marks, Step, name_of
from exlogare_ci.analysis.text import CleanLog

_CLEANUP = late(
    rb"\+ (?:docker(?:-compose| compose| container)? (?:rm|stop|down|kill|logs)\b"
    rb"|(?:rm|echo|printf|kill|sleep|true|exit|return|popd|deactivate|chown)\b"
    rb"|:(?: |$)|set [+-]|[A-Za-z_]\w*=)[^;&]*$"
)
"""Commands with which scripts end whatever happened before, in a trap or a step that runs on failure."""
_EXIT = late(rb"\+ exit (\d{1,3})$")
"""The last word of a script that passes on the status of what it ran."""
_COMMAND = late(rb"\+ [\w./$\"'(\[{:-]")


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the commands; how the last one ended is said only by an ``exit`` with its status."""
    first = next((i for i, line in enumerate(log.lines) if line.strip()), None)
    if first is None or not _COMMAND.match(log.lines[first]):
        return None
    cuts = [i for i in marks.get("shell.trace", []) if _COMMAND.match(log.lines[i])]
    if not cuts:
        return None
    ends = [*cuts[1:], len(log.lines)]
    last = max((k for k in range(len(cuts)) if not _tidies(log, cuts, k)), default=len(cuts) - 1)
    told = _EXIT.match(log.lines[cuts[-1]])
    code = int(told[1]) if told else None
    steps = tuple(
        Step(start=a, end=b, name=name_of(log.lines[a]), exit_code=(0 if k < last else code), after=k > last)
        for k, (a, b) in enumerate(zip(cuts, ends, strict=True))
    )
    return Layout(ci="shell", steps=steps, passed=None if code is None else code == 0)


def _tidies(log: CleanLog, cuts: list[int], k: int) -> bool:
    """Whether the command at ``cuts[k]`` only tidies up; an ``exit`` that something follows did not end the script."""
    line = log.lines[cuts[k]]
    return _CLEANUP.match(line) is not None and not (line.startswith(b"+ exit") and k < len(cuts) - 1)
