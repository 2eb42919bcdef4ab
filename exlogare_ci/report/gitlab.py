"""Findings as GitLab's code quality report, which the merge request shows on the failing line."""

import hashlib
from collections.abc import Sequence
from typing import Final

import msgspec

from exlogare_ci.report.effects import Effects
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.location import repository_location
from exlogare_ci.report.neutralise import neutralise_inline
from exlogare_ci.report.place import Place
from exlogare_ci.report.sentences import clip

NAME: str = "gitlab"
TITLE: str = "the code quality file"
CI: tuple[str, ...] = ("gitlab",)
FILES: bool = True
SOURCES: tuple[str, ...] = ("https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format",)

FILE_NAME: Final = "gl-code-quality-report.json"
DESCRIPTION_CHARACTERS_MAX: Final = 1000

_SEVERITIES: Final = {"low": "minor", "medium": "major", "high": "critical"}
_CONFIG_FILE: Final = ".gitlab-ci.yml"


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Write the file; see ``Service.report``.

    An entry needs a file: where the log names none, it is the one that defines the job.
    """
    entries: dict[str, dict[str, object]] = {}
    for finding in findings:
        analysis = finding.analysis
        where = repository_location(finding)
        path, line = (where.file, where.line) if where else (place.env.get("CI_CONFIG_PATH") or _CONFIG_FILE, 1)
        identity = f"{analysis.fingerprint or analysis.root_cause}\0{path}".encode("utf-8", "replace")
        fingerprint = hashlib.sha256(identity).hexdigest()
        entries[fingerprint] = {
            "description": clip(
                neutralise_inline(f"{analysis.root_cause} Fix: {analysis.fix_suggestion}"), DESCRIPTION_CHARACTERS_MAX
            ),
            "check_name": f"exlogare.{analysis.category}",
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[analysis.severity],
            "location": {"path": path, "lines": {"begin": line}},
        }
    document = msgspec.json.format(msgspec.json.encode(list(entries.values())))
    effects.write(place.path(FILE_NAME), document + b"\n")
