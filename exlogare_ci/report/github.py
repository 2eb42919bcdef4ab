"""A finding in GitHub Actions' own forms: an annotation on the failing line, and the job's summary."""

from collections.abc import Sequence
from typing import Literal

from exlogare_ci.report.effects import Effects
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.location import origin, repository_location
from exlogare_ci.report.markdown import render_headline, render_markdown
from exlogare_ci.report.neutralise import neutralise_inline
from exlogare_ci.report.place import Place

NAME: str = "github"
TITLE: str = "the job's annotations and summary"
CI: tuple[str, ...] = ("github",)
FILES: bool = False
SOURCES: tuple[str, ...] = (
    "https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands",
    "https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts",
)

ANNOTATIONS_MAX = 10
"""Errors a step; GitHub shows no more
(https://docs.github.com/rest/checks/runs, and the runner's own limit)."""

SUMMARY_BYTES_MAX = 1024 * 1024
"""Per step; a larger summary is refused as a whole
(https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits)."""
MESSAGE_CHARACTERS_MAX = 4000
"""More than an annotation shows; the rest stands in the summary."""


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Annotate the failing lines, and add to the step's summary as far as there is room; see ``Service.report``."""
    effects.say("".join(map(annotation, findings[:ANNOTATIONS_MAX])), "stderr")
    path = place.env.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    room_bytes = SUMMARY_BYTES_MAX - effects.file_bytes(path)  # each step has a file of its own
    for finding in findings:
        data = step_summary(finding, room_bytes).encode("utf-8", "replace")
        room_bytes -= len(data)
        if data:
            effects.append(path, data)


def annotation(finding: Finding) -> str:
    """Write the workflow command that shows a finding beside the code.

    Args:
        finding: the finding.

    Returns:
        A line with its line feed; empty when nothing failed.
    """
    analysis = finding.analysis
    if not analysis.failed:
        return ""
    properties: dict[str, str] = {}
    place = repository_location(finding)
    if place is not None:
        properties["file"] = place.file
        properties["line"] = str(place.line)
        if place.column:
            properties["col"] = str(place.column)
    properties["title"] = f"Root cause ({origin(finding)})"
    listed = ",".join(f"{name}={_escape_property(value)}" for name, value in properties.items())
    message = f"{analysis.root_cause}\n\n{analysis.explanation}\n\nFix: {analysis.fix_suggestion}"
    return f"::error {listed}::{_escape_data(message[:MESSAGE_CHARACTERS_MAX])}\n"


def step_summary(finding: Finding, room_bytes: int) -> str:
    """Write the part of the job's summary that shows a finding.

    Args:
        finding: the finding.
        room_bytes: how much the step's summary file may still take.

    Returns:
        Markdown of at most that size: the whole finding, or its headline, or nothing.
    """
    for text in (render_markdown(finding), render_headline(finding)):
        if len(text.encode("utf-8", "replace")) <= room_bytes:
            return text
    return ""


def notice(level: Literal["warning", "error"], message: str) -> str:
    """Write the workflow command that shows a message of ours in the run's list of annotations.

    Args:
        level: how it is shown.
        message: any text.

    Returns:
        A line with its line feed.
    """
    return f"::{level} title=exl::{_escape_data(message)}\n"


def _escape_data(text: str) -> str:
    text = neutralise_inline(text)
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
