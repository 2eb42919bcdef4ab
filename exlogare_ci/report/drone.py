"""A finding in Drone: the data of a card on the step's page.

A card is data and a template of which Drone's page loads the address; where the address is not set, there is no
card, and the root cause stands in the step's log.
"""

import base64
from collections.abc import Sequence
from typing import Final

import msgspec

from exlogare_ci.report.effects import Effects, ReportError, Stream
from exlogare_ci.report.finding import Finding, confidence_word, shown_tests
from exlogare_ci.report.location import where
from exlogare_ci.report.neutralise import neutralise, neutralise_inline
from exlogare_ci.report.place import Place
from exlogare_ci.report.sentences import clip

NAME: str = "drone"
TITLE: str = "the step's card"
CI: tuple[str, ...] = ("drone",)
FILES: bool = False
SOURCES: tuple[str, ...] = (
    "https://docs.drone.io/plugins/adaptive_cards/",
    "https://github.com/drone-plugins/drone-docker/blob/master/card.go",
)

TEMPLATE_VARIABLE: Final = "PLUGIN_CARD_TEMPLATE"
"""The plugin's setting ``card_template``: an ``https`` address. A template stands on the page about results."""
TEXT_CHARACTERS_MAX: Final = 2000

# Runners set the path to one of the standard streams and pick the card out of what is printed there.
_STREAMS: Final[dict[str, Stream]] = {"/dev/stdout": "stdout", "/dev/stderr": "stderr"}


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Hand the card's data over; see ``Service.report``."""
    path = place.env.get("DRONE_CARD_PATH")
    template = place.env.get(TEMPLATE_VARIABLE)
    if not path or not template:
        return  # an older runner, or nobody wants cards
    if not template.startswith("https://"):
        raise ReportError(f"{TEMPLATE_VARIABLE} is no https:// address")
    card = msgspec.json.encode({"schema": template, "data": _data(findings[0])})
    stream = _STREAMS.get(path)
    if stream is None:
        effects.write(path, card)
    else:
        effects.say(f"\x1b]1338;{base64.b64encode(card).decode()}\x1b]0m\n", stream)


def _data(finding: Finding) -> dict[str, object]:
    analysis = finding.analysis
    return {
        "root_cause": clip(neutralise(analysis.root_cause), TEXT_CHARACTERS_MAX),
        "where": clip(neutralise_inline(where(finding)), TEXT_CHARACTERS_MAX),
        "explanation": clip(neutralise(analysis.explanation), TEXT_CHARACTERS_MAX),
        "fix": clip(neutralise(analysis.fix_suggestion), TEXT_CHARACTERS_MAX),
        "category": analysis.category,
        "confidence": confidence_word(analysis.confidence),
        "tests": clip(neutralise("\n".join(shown_tests(finding))), TEXT_CHARACTERS_MAX),
    }
