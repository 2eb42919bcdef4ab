"""Names of failing tests in what Go's tests print; without a ``--- FAIL`` only the stacks tell."""

from collections.abc import Iterator

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.text import CleanLog

_FAIL = late(r"^ *--- FAIL: (?P<name>\S+)")
# TestMain runs the tests of a package and is none itself (https://pkg.go.dev/testing#hdr-Main).
_FRAME = late(r"^(?:[\w./()*-]+\.)?(?P<name>(?:Test|Fuzz|Example|Benchmark)(?!Main\b)[A-Z_]\w*)(?:\.func[\d.]+)*[( ]")
_FRAME_MARKS = (b"Test", b"Fuzz", b"Example", b"Benchmark")
_PLACE = late(r"^\t(?P<file>\S+_test\.go):(?P<line>\d+)")
_TIMED_OUT = b"panic: test timed out after "
_KILLED = b"*** Test killed"
_RUNNING = late(r"^\t{1,2}(?P<name>\S+) \([\d.hmsµn]+\)$")
_PARALLEL = b"testing.(*T).Parallel("
"""A test whose stack holds it waits for its turn and does not run."""
LINES_MAX = 20_000
"""Of a dump of all goroutines; a server's tests have thousands."""


def go_names(named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the tests that failed, or of a panic, a time-out or a signal those that were running."""
    found = [m["name"] for m in (_FAIL.match(log.text(i)) for i in range(start, end + 1)) if m]
    if not found and named:
        return [named]
    if not found:
        dump = _dump(log, start)
        return _running(log, dump) or list(_on_stacks(log, dump))
    timed_out = next((i for i in range(start, end + 1) if log.lines[i].startswith(_TIMED_OUT)), None)
    if timed_out is not None:
        found += _running(log, timed_out)
    # A parent fails because its subtest did: the subtest is the one to name.
    return [n for n in found if not any(other.startswith(n + "/") for other in found)]


def go_place(log: CleanLog, start: int) -> dict[str, str]:
    """Return file and line of the first running test on the stacks of a time-out; of no other failure.

    Args:
        log: the cleaned log.
        start: index of the block's first line.
    """
    if not log.lines[start].startswith((_TIMED_OUT, _KILLED)):
        return {}
    running = [name.split("/")[0] for name in _running(log, _dump(log, start))]
    places = _on_stacks(log, _dump(log, start))
    place = next((places[name] for name in running or places if name in places), None)
    return {"file": place[0], "line": place[1]} if place else {}


def _dump(log: CleanLog, start: int) -> int:
    """Return the index of the line where the stacks begin: above a test binary's end that the go command tells."""
    if log.lines[start].startswith(_KILLED):
        for index in range(start - 1, max(-1, start - LINES_MAX), -1):
            if log.lines[index].startswith(b"SIGQUIT: quit"):
                return index
    return start


def _running(log: CleanLog, start: int) -> list[str]:
    """Return the tests that Go 1.20 and newer list behind ``running tests:``."""
    if start + 1 >= len(log.lines) or log.lines[start + 1].strip() != b"running tests:":
        return []
    names: list[str] = []
    for index in range(start + 2, min(start + LINES_MAX, len(log.lines))):
        match = _RUNNING.match(log.text(index))
        if match is None:
            break
        names.append(match["name"])
    return [n for n in names if not any(other.startswith(n + "/") for other in names)]


def _on_stacks(log: CleanLog, start: int) -> dict[str, tuple[str, str]]:
    """Return the tests whose functions are on the stacks below and where, without those that wait for their turn."""
    names: dict[str, tuple[str, str]] = {}
    for stack in _stacks(log, start):
        if any(line.startswith(_PARALLEL) for line in stack):
            continue
        for line, below in zip(stack, [*stack[1:], b""], strict=True):
            match = _FRAME.match(line.decode("utf-8", "replace")) if any(m in line for m in _FRAME_MARKS) else None
            place = _PLACE.match(below.decode("utf-8", "replace")) if match else None
            if match and place:
                names.setdefault(match["name"], (place["file"], place["line"]))
    return names


def _stacks(log: CleanLog, start: int) -> Iterator[list[bytes]]:
    stack: list[bytes] = []
    for line in log.lines[start : start + LINES_MAX]:
        if line.startswith((b"FAIL", b"exit status", b"ok  ", _KILLED)):
            break
        if line.strip():
            stack.append(line[:1000])
        elif stack:
            yield stack
            stack = []
    if stack:
        yield stack
