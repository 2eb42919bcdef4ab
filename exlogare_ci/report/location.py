"""The place in the source code that a finding points at, read from the lines of the log that it cites."""

import re

import msgspec

from exlogare_ci.report.finding import Finding, confidence_word

# Not inside a URL, whose host and port would look like a file and a line.
_PATH = (
    r"(?<![\w.@~+\-/\\:])(?:file://)?"
    r"(?P<file>(?:[A-Za-z]:[\\/])?[\w.@~+\-/\\]{0,300}[\w\-]\.[A-Za-z]\w{0,9})"
)
_PATTERNS = (
    re.compile(r'File "(?P<file>[^"\n]{1,300})", line (?P<line>\d{1,7})'),  # Python
    re.compile(_PATH + r":\[(?P<line>\d{1,7}),(?P<column>\d{1,5})\]"),  # Maven
    re.compile(_PATH + r"\((?P<line>\d{1,7})(?:,(?P<column>\d{1,5}))?\)"),  # MSBuild, tsc
    re.compile(_PATH + r":(?P<line>\d{1,7})(?::(?P<column>\d{1,5}))?(?!\d|\.\d)"),  # nearly everybody else
)
_NOT_THE_USERS = ("/node_modules/", "/site-packages/", "/usr/lib/", "/vendor/", "<frozen ")


class Location(msgspec.Struct, frozen=True):
    """A place in a source file.

    Attributes:
        file: its path, relative to the workspace where it is known to be below it.
        line: 1-based.
        column: 1-based; ``None`` when the log does not tell.
    """

    file: str
    line: int
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def source_location(finding: Finding) -> Location | None:
    """Find the place in the source code that a finding is about.

    The cause's own line is read first, then the sentence of the cause, then the other lines cited.

    Args:
        finding: the finding.

    Returns:
        The first place that is in the user's own code, or ``None``.
    """
    analysis = finding.analysis
    cause = [item.text for item in analysis.evidence if item.line == analysis.cause_line]
    others = [item.text for item in analysis.evidence if item.line != analysis.cause_line]
    for text in (*cause, analysis.root_cause, *others):
        found = _first_in(text[:2000], finding.workspace)
        if found is not None:
            return found
    return None


def repository_location(finding: Finding) -> Location | None:
    """Find the place in the source code that a service can resolve against the repository.

    Args:
        finding: the finding.

    Returns:
        The place of ``source_location`` when its path is relative, and does not lead out of the repository.
    """
    place = source_location(finding)
    if place is None or place.file.startswith(("/", "~")) or place.file[1:2] == ":":
        return None
    return None if ".." in place.file.split("/") else place


def where(finding: Finding) -> str:
    """Say where a cause is, what reported it and how sure it is.

    Args:
        finding: a finding of a failure.

    Returns:
        E.g. ``tests/test_cart.py:12, line 101 of the log (pytest, code.test, confidence high)``.
    """
    place, line = source_location(finding), finding.analysis.cause_line
    parts = [str(place) if place else "", f"line {line} of the log" if line is not None else ""]
    return f"{', '.join(part for part in parts if part) or 'unknown'} ({origin(finding)})"


def origin(finding: Finding) -> str:
    """Say in a few words what kind of cause it is and how sure it is.

    Args:
        finding: the finding.

    Returns:
        E.g. ``pytest, code.test, confidence high``.
    """
    analysis = finding.analysis
    words = [analysis.tool or "", analysis.category, f"confidence {confidence_word(analysis.confidence)}"]
    return ", ".join(word for word in words if word)


def _first_in(text: str, workspace: str | None) -> Location | None:
    hits = [hit for pattern in _PATTERNS for hit in pattern.finditer(text)]
    for hit in sorted(hits, key=lambda hit: hit.start()):
        path = _relative(hit["file"], workspace)
        line = int(hit["line"])
        if line and path is not None:
            column = hit.groupdict().get("column")
            return Location(path, line, int(column) if column else None)
    return None


def _relative(path: str, workspace: str | None) -> str | None:
    """Cut the workspace off; ``None`` for files that are not the user's own."""
    path = path.replace("\\", "/").removeprefix("./")
    if any(part in f"/{path}" for part in _NOT_THE_USERS):
        return None
    if workspace:
        path = path.removeprefix(workspace.replace("\\", "/").rstrip("/") + "/")
    return path
