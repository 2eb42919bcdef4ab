"""Chained exceptions: which link of the chain is the one to point at."""

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.text import MATCH_BYTES_MAX, CleanLog

QUOTED_BYTES_MIN = 12
"""Of an inner message that the outer one repeats; a shorter one may be there by chance."""

_RAISED_FROM = b"The above exception was the direct cause of the following exception:"
_LAST_LINE = late(rb"^(?P<exception>[A-Za-z_][\w.]*): (?P<message>.+)$")
_FRAME = late(rb'^ *File "(?P<file>[^"]+)", line (?P<line>\d+)')


def settle_chains(log: CleanLog, candidates: list[Candidate]) -> None:
    """Point at the right link of every chain among the candidates."""
    for candidate in candidates:
        if candidate.rule is not None and candidate.rule.id == "python.traceback":
            _point_at_the_outer(log, candidate)


def _point_at_the_outer(log: CleanLog, candidate: Candidate) -> None:
    """Move the cause of a Python traceback to the exception that says what the inner one says, and more.

    ``raise RuntimeError(f"no diff of {file}: {error}") from error`` repeats the inner message and adds what the
    program was about; an outer exception that does not repeat it only says what followed.

    Source: https://docs.python.org/3/reference/simple_stmts.html#the-raise-statement
    """
    inner = _LAST_LINE.match(log.lines[candidate.cause][:MATCH_BYTES_MAX])
    if inner is None or len(inner["message"]) < QUOTED_BYTES_MIN:
        return
    raised, frame = False, None
    for index in range(candidate.cause + 1, candidate.end + 1):
        line = log.lines[index][:MATCH_BYTES_MAX]
        raised = raised or line.startswith(_RAISED_FROM)
        frame = _FRAME.match(line) or frame
        outer = _LAST_LINE.match(line) if raised else None
        if outer is not None and inner["message"] in outer["message"]:
            candidate.cause = index
            found = outer.groupdict() | (frame.groupdict() if frame is not None else {})
            candidate.groups |= {name: value.decode("utf-8", "replace") for name, value in found.items()}
            return
