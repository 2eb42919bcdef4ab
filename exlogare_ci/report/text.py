"""A finding as a developer reads it in a terminal or a job's log."""

from collections.abc import Callable, Iterator
from typing import Final, Literal

from exlogare_ci.analysis.model import Analysis
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.layout import filled, rows
from exlogare_ci.report.neutralise import neutralise, neutralise_inline

Role = Literal["file", "cause", "label", "quiet", "fix"]
Style = Callable[[str, Role], str]
"""Colours a text that plays a role; the text has no control characters when it is given."""

_LABEL_WIDTH = 12

TEMPLATE: Final[tuple[tuple[str, str, Role | None, str], ...]] = (
    ("file", "", "file", "== {text}"),
    ("passed", "Result", "label", "{text}"),
    ("cause", "Root cause", "cause", "{text}"),
    ("where", "Where", "quiet", "{text}"),
    ("why", "Why", None, "{text}"),
    ("fix", "Fix", "fix", "{text}"),
    ("tests", "Tests", None, "{text}"),
    ("also", "Also", None, "{at}{text} ({category})"),
    ("note", "Note", None, "{text}"),
    ("score", "Score", "quiet", "{text}"),
)
"""(name of the rows, label, role, text); the failing lines stand behind ``where``."""


def plain(text: str, role: Role) -> str:
    """Style nothing: for a CI job's log and for files."""
    del role
    return text


def render_text(finding: Finding, *, explain: bool = False, style: Style = plain) -> str:
    """Write a finding for people.

    No line that comes from the log starts like a command for a CI service.

    Args:
        finding: the finding.
        explain: also show the terms of the score.
        style: colours, or ``plain``.

    Returns:
        Lines, each with its line feed.
    """
    return "".join(f"{line}\n" for line in _lines(finding, explain=explain, style=style))


def _lines(finding: Finding, *, explain: bool, style: Style) -> Iterator[str]:
    content = rows(finding, explain=explain)
    roles = {name: (label, role) for name, label, role, _ in TEMPLATE}
    for name, text in filled([(name, text) for name, _, _, text in TEMPLATE], content, str):
        label, role = roles[name]
        if label:
            yield from _field(label, text, style, role)
        else:
            yield style(neutralise_inline(_one_line(text)), role or "file")
        if name == "where" and finding.analysis.evidence:
            yield ""
            yield from _evidence(finding.analysis, style)
            yield ""


def _field(label: str, text: str, style: Style, role: Role | None = None) -> Iterator[str]:
    """Write a labelled text; its further lines are indented, and none of them may start like a command."""
    first, *rest = text.strip().split("\n")
    head = neutralise_inline(first)
    yield style(f"{label}:".ljust(_LABEL_WIDTH), "label") + (style(head, role) if role else head)
    for line in neutralise("\n".join(rest)).split("\n") if rest else ():
        yield " " * _LABEL_WIDTH + line


def _evidence(analysis: Analysis, style: Style) -> Iterator[str]:
    width = max(len(str(item.line)) for item in analysis.evidence)
    previous: int | None = None
    for item in analysis.evidence:
        if previous is not None and item.line > previous + 1:
            yield style(" " * (width + 5) + "| ...", "quiet")
        previous = item.line
        is_cause = item.line == analysis.cause_line
        gutter = style(f"  {'>' if is_cause else ' '} {item.line:>{width}} | ", "quiet")
        text = neutralise_inline(_one_line(item.text))
        yield gutter + (style(text, "cause") if is_cause else text)


def _one_line(text: str) -> str:
    return text.replace("\n", " ")
