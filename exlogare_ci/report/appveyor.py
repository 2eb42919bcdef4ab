"""A finding in AppVeyor: a message in the build's list of messages, through the build agent on this machine."""

from collections.abc import Sequence
from typing import Final

import msgspec

from exlogare_ci.report.effects import Call, Effects, ReportError
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.neutralise import neutralise
from exlogare_ci.report.place import Place
from exlogare_ci.report.sentences import clip
from exlogare_ci.report.text import render_text

NAME: str = "appveyor"
TITLE: str = "AppVeyor's build messages"
CI: tuple[str, ...] = ("appveyor",)
FILES: bool = False
SOURCES: tuple[str, ...] = ("https://www.appveyor.com/docs/build-worker-api/",)

MESSAGES_MAX: Final = 10
MESSAGE_CHARACTERS_MAX: Final = 500
DETAILS_CHARACTERS_MAX: Final = 8000
"""Neither limit is documented; these show a finding whole in all but odd cases."""


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Add a message for each finding; see ``Service.report``."""
    address = place.env.get("APPVEYOR_API_URL", "").strip()
    if not address.startswith(("http://localhost:", "http://127.0.0.1:")):
        raise ReportError("APPVEYOR_API_URL does not name the build agent")
    for finding in findings[:MESSAGES_MAX]:
        message = {
            "message": clip(neutralise(finding.analysis.root_cause), MESSAGE_CHARACTERS_MAX),
            "category": "error",
            "details": clip(render_text(finding), DETAILS_CHARACTERS_MAX),
        }
        url = f"{address.rstrip('/')}/api/build/messages"
        answer = effects.call(Call(method="POST", url=url, body=msgspec.json.encode(message)))
        if not answer.is_success:
            raise ReportError(f"the build agent answered {answer.status}")
