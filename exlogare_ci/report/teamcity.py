"""A finding in TeamCity: a warning in the build log, and the root cause in the build's status text.

Neither changes the build's result: a ``buildProblem`` would fail the build, and a message of status ``ERROR`` may,
where the build configuration says so.
"""

from collections.abc import Sequence
from typing import Final

from exlogare_ci.report.effects import Effects
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.neutralise import neutralise_inline
from exlogare_ci.report.place import Place
from exlogare_ci.report.sentences import clip, summary

NAME: str = "teamcity"
TITLE: str = "TeamCity's build log and status text"
CI: tuple[str, ...] = ("teamcity",)
FILES: bool = False
SOURCES: tuple[str, ...] = ("https://www.jetbrains.com/help/teamcity/service-messages.html",)

STATUS_CHARACTERS_MAX: Final = 300
"""The status text stands in lists of builds, in one line."""

_ESCAPES: Final = {"|": "||", "'": "|'", "[": "|[", "]": "|]", "\n": "|n", "\r": "|r"}
_ASCII_MAX: Final = 0x7F


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Print a message for each finding, and the status text of the first; see ``Service.report``."""
    del place
    lines = [_message("message", text=summary(finding), status="WARNING") for finding in findings]
    cause = clip(findings[0].analysis.root_cause, STATUS_CHARACTERS_MAX)
    # TeamCity puts its own text in the place of the pattern; without status='…' the result stays as it is.
    lines.append(_message("buildStatus", text="{build.status.text}; " + cause))
    effects.say("".join(lines), "stdout")


def _message(name: str, **attributes: str) -> str:
    listed = " ".join(f"{key}='{escape(value)}'" for key, value in attributes.items())
    return f"##teamcity[{name} {listed}]\n"


def escape(text: str) -> str:
    """Escape an attribute's value, by UTF-16 unit as TeamCity counts.

    Args:
        text: any text.

    Returns:
        ASCII on one line.
    """
    return "".join(_escaped(character) for character in neutralise_inline(text))


def _escaped(character: str) -> str:
    if ord(character) <= _ASCII_MAX:
        return _ESCAPES.get(character, character)
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"|0x{units[i]:02X}{units[i + 1]:02X}" for i in range(0, len(units), 2))
