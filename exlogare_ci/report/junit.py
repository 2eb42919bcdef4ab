"""Findings as a JUnit file, which nearly every CI service shows as test results.

GitLab (``artifacts:reports:junit``), Jenkins (``junit``), CircleCI (``store_test_results``), Azure
(``PublishTestResults``), Buildkite, Bitbucket and others read it.
"""

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from exlogare_ci.report.effects import Effects
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.location import repository_location
from exlogare_ci.report.neutralise import neutralise, neutralise_inline
from exlogare_ci.report.place import Place
from exlogare_ci.report.sentences import clip
from exlogare_ci.report.text import render_text

NAME: str = "junit"
TITLE: str = "the JUnit file"
CI: tuple[str, ...] = ("*",)
FILES: bool = True
SOURCES: tuple[str, ...] = (
    "https://docs.gitlab.com/ci/testing/unit_test_reports/",
    "https://circleci.com/docs/collect-test-data/",
    "https://www.jenkins.io/doc/pipeline/steps/junit/",
)

FILE_NAME: Final = "exlogare-junit.xml"
MESSAGE_CHARACTERS_MAX: Final = 500
TEXT_CHARACTERS_MAX: Final = 50_000

# https://www.w3.org/TR/xml/#charsets; neutralising has made most others visible already.
_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Write the file; see ``Service.report``."""
    job = place.context.job_name or "job"
    suite = ET.Element("testsuite", name="exlogare", tests=str(len(findings)), failures=str(len(findings)))
    for finding in findings:
        attributes = {"classname": "exlogare", "name": _xml(f"root cause of {finding.file or job}")}
        where = repository_location(finding)
        if where is not None:
            attributes |= {"file": _xml(where.file), "line": str(where.line)}
        case = ET.SubElement(suite, "testcase", attributes)
        message = clip(neutralise(finding.analysis.root_cause), MESSAGE_CHARACTERS_MAX)
        failure = ET.SubElement(case, "failure", message=_xml(message), type=finding.analysis.category)
        failure.text = _xml(clip(neutralise(render_text(finding)), TEXT_CHARACTERS_MAX))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    document = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    effects.write(place.path(FILE_NAME), document + b"\n")


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", neutralise_inline(text))
