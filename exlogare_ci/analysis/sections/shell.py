"""Logs of a single shell step, which begin with the first command that the shell echoes.

Drone, Woodpecker and Bitbucket give such logs: the shell runs with ``set -ex``, so the last echoed command is the
one that failed, if any did.
"""

import re
from itertools import pairwise

from exlogare_ci.analysis.sections.model import Layout, Marks, Step, name_of
from exlogare_ci.analysis.text import CleanLog

_COMMAND = re.compile(rb"\+ [\w./$\"'(\[{:-]")


def read(log: CleanLog, marks: Marks) -> Layout | None:
    """Find the commands; how the last one ended is not said."""
    first = next((i for i, line in enumerate(log.lines) if line.strip()), None)
    if first is None or not _COMMAND.match(log.lines[first]):
        return None
    cuts = [i for i in marks.get("shell.trace", []) if _COMMAND.match(log.lines[i])]
    if not cuts:
        return None
    steps = [Step(start=a, end=b, name=name_of(log.lines[a]), exit_code=0) for a, b in pairwise(cuts)]
    last = Step(start=cuts[-1], end=len(log.lines), name=name_of(log.lines[cuts[-1]]))
    return Layout(ci="shell", steps=(*steps, last))
