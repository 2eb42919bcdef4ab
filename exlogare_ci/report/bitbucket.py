"""A finding in Bitbucket Cloud: a Code Insights report on the commit, and an annotation on the failing line.

Every pipeline has a proxy on its own machine that signs such requests, so that no token is needed. The requests
to it are plain HTTP, as Bitbucket's documentation wants; they do not leave the machine so.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import msgspec

from exlogare_ci.report.effects import Call, Effects, ReportError
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.location import repository_location
from exlogare_ci.report.neutralise import neutralise
from exlogare_ci.report.place import Place
from exlogare_ci.report.sentences import clip, summary

NAME: str = "bitbucket"
TITLE: str = "Bitbucket's Code Insights"
CI: tuple[str, ...] = ("bitbucket",)
FILES: bool = False
SOURCES: tuple[str, ...] = (
    "https://support.atlassian.com/bitbucket-cloud/docs/code-insights/",
    "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-reports/",
)

PROXY: Final = "http://localhost:29418"
ANNOTATIONS_MAX: Final = 10
SUMMARY_CHARACTERS_MAX: Final = 450
DETAILS_CHARACTERS_MAX: Final = 2000
"""Both from Bitbucket's own answers to longer ones ("cannot contain more than 450 characters")."""

_SEVERITIES: Final = {"low": "LOW", "medium": "MEDIUM", "high": "HIGH"}


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Put a report and its annotations; see ``Service.report``. A later run on the commit replaces them."""
    repository, commit = place.env.get("BITBUCKET_REPO_FULL_NAME"), place.env.get("BITBUCKET_COMMIT")
    if not repository or not commit:
        raise ReportError("BITBUCKET_REPO_FULL_NAME and BITBUCKET_COMMIT are not both set")
    step = place.context.step or "0"
    url = (
        f"http://api.bitbucket.org/2.0/repositories/{quote(repository)}/commit/{quote(commit, safe='')}"
        f"/reports/exlogare-{quote(step, safe='')}"
    )
    document: dict[str, object] = {
        "title": "Root cause",
        "details": clip(neutralise(summary(findings[0])), DETAILS_CHARACTERS_MAX),
        "report_type": "TEST" if findings[0].analysis.category.startswith("code.test") else "BUG",
        "reporter": "Exlogare",
        "result": "FAILED",
    }
    if place.context.job_url:
        document["link"] = place.context.job_url
    _put(url, document, effects)
    for number, finding in enumerate(findings[:ANNOTATIONS_MAX], 1):
        _put(f"{url}/annotations/exlogare-{quote(step, safe='')}-{number}", _annotation(finding), effects)


def _annotation(finding: Finding) -> dict[str, object]:
    document: dict[str, object] = {
        "annotation_type": "BUG",
        "summary": clip(neutralise(finding.analysis.root_cause), SUMMARY_CHARACTERS_MAX),
        "details": clip(neutralise(summary(finding)), DETAILS_CHARACTERS_MAX),
        "severity": _SEVERITIES[finding.analysis.severity],
    }
    where = repository_location(finding)
    return document if where is None else {**document, "path": where.file, "line": where.line}


def _put(url: str, document: dict[str, object], effects: Effects) -> None:
    answer = effects.call(Call(method="PUT", url=url, body=msgspec.json.encode(document), proxy=PROXY))
    if not answer.is_success:
        raise ReportError(f"Bitbucket answered {answer.status}")
