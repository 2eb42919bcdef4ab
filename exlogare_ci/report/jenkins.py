"""A finding in Jenkins: a line of text that the pipeline makes the build's description."""

from collections.abc import Sequence
from typing import Final

from exlogare_ci.report.effects import Effects
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.neutralise import neutralise_inline
from exlogare_ci.report.place import Place
from exlogare_ci.report.sentences import clip

NAME: str = "jenkins"
TITLE: str = "the file for the build's description"
CI: tuple[str, ...] = ("jenkins",)
FILES: bool = True
SOURCES: tuple[str, ...] = (
    "https://www.jenkins.io/doc/book/pipeline/jenkinsfile/",
    "https://www.jenkins.io/doc/book/security/markup-formatter/",
)

FILE_NAME: Final = "exlogare-description.txt"
CHARACTERS_MAX: Final = 400

_MARKUP: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Write the text; see ``Service.report``.

    An administrator may let Jenkins take descriptions for HTML, so that markup is escaped.
    """
    text = clip(" ".join(neutralise_inline(findings[0].analysis.root_cause).split()), CHARACTERS_MAX)
    for character, entity in _MARKUP:
        text = text.replace(character, entity)
    effects.write(place.path(FILE_NAME), f"{text}\n".encode("utf-8", "replace"))
