"""A finding as a developer reads it in a terminal or a job's log."""

from collections.abc import Callable, Iterator
from typing import Literal

from exlogare_ci.analysis.model import Analysis
from exlogare_ci.report.finding import Finding, notes, shown_tests
from exlogare_ci.report.location import where
from exlogare_ci.report.neutralise import neutralise, neutralise_inline

Role = Literal["file", "cause", "label", "quiet", "fix"]
Style = Callable[[str, Role], str]
"""Colours a text that plays a role; the text has no control characters when it is given."""

_LABEL_WIDTH = 12


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
    analysis = finding.analysis
    if finding.file is not None:
        yield style(f"== {neutralise_inline(_one_line(finding.file))}", "file")
    if not analysis.failed:
        yield from _field("Result", analysis.root_cause, style, "label")
        for note in notes(finding):
            yield from _field("Note", note, style)
        return
    yield from _field("Root cause", analysis.root_cause, style, "cause")
    yield from _field("Where", where(finding), style, "quiet")
    if analysis.evidence:
        yield ""
        yield from _evidence(analysis, style)
        yield ""
    yield from _field("Why", analysis.explanation, style)
    yield from _field("Fix", analysis.fix_suggestion, style, "fix")
    if analysis.failed_tests:
        yield from _field("Tests", "\n".join(shown_tests(finding)), style)
    for other in analysis.secondary:
        at = f"line {other.cause_line}: " if other.cause_line is not None else ""
        yield from _field("Also", f"{at}{other.root_cause} ({other.category})", style)
    for note in notes(finding):
        yield from _field("Note", note, style)
    if explain:
        for term in analysis.score:
            yield from _field("Score", f"{term.value:+.2f} {term.name}", style, "quiet")


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
