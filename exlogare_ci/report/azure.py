"""A finding in Azure Pipelines: an issue on the failing line, and Markdown in the run's summary."""

from collections.abc import Sequence
from typing import Final

from exlogare_ci.report.effects import Effects
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.location import repository_location
from exlogare_ci.report.markdown import render_markdown
from exlogare_ci.report.neutralise import neutralise_inline
from exlogare_ci.report.place import Place
from exlogare_ci.report.sentences import summary

NAME: str = "azure"
TITLE: str = "the pipeline run's issues and summary"
CI: tuple[str, ...] = ("azure",)
FILES: bool = False
SOURCES: tuple[str, ...] = (
    "https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands",
    "https://github.com/microsoft/azure-pipelines-agent/blob/master/src/Agent.Sdk/CommandStringConvertor.cs",
)

ISSUES_MAX: Final = 10
"""The list of issues on the run's page shows no more of a job."""

# The percent sign first. The agent undoes them all in properties and in the message.
_ESCAPES: Final = (("%", "%AZP25"), (";", "%3B"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D"))


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Print an issue for each finding, and have a summary uploaded; see ``Service.report``."""
    text = "".join(_issue(finding) for finding in findings[:ISSUES_MAX])
    # The agent uploads the file after the step, and empties this folder after the job.
    folder = place.env.get("AGENT_TEMPDIRECTORY")
    if folder:
        path = f"{folder.rstrip('/')}/exlogare-{place.env.get('SYSTEM_TASKINSTANCEID') or 'summary'}.md"
        effects.write(path, "\n".join(map(render_markdown, findings)).encode("utf-8", "replace"))
        text += f"##vso[task.uploadsummary]{escape(path)}\n"
    effects.say(text, "stdout")


def _issue(finding: Finding) -> str:
    properties = {"type": "error"}
    where = repository_location(finding)
    if where is not None:
        properties |= {"sourcepath": where.file, "linenumber": str(where.line)}
        if where.column:
            properties["columnnumber"] = str(where.column)
    properties["code"] = finding.analysis.category
    listed = "".join(f"{name}={escape(value)};" for name, value in properties.items())
    return f"##vso[task.logissue {listed}]{escape(summary(finding))}\n"


def escape(text: str) -> str:
    """Escape a property's value or a message.

    Args:
        text: any text.

    Returns:
        One line.
    """
    text = neutralise_inline(text)
    for character, replacement in _ESCAPES:
        text = text.replace(character, replacement)
    return text
