"""A finding in Buildkite: an annotation on the build's page, through the agent that every job has."""

from collections.abc import Sequence
from typing import Final

from exlogare_ci.report.effects import Effects
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.markdown import render_headline, render_markdown
from exlogare_ci.report.place import Place
from exlogare_ci.report.sentences import first_that_fits

NAME: str = "buildkite"
TITLE: str = "the build's annotation"
CI: tuple[str, ...] = ("buildkite",)
FILES: bool = False
SOURCES: tuple[str, ...] = ("https://buildkite.com/docs/agent/cli/reference/annotate",)

BODY_BYTES_MAX: Final = 1024 * 1024


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Annotate the build; see ``Service.report``.

    The body travels on standard input, so that nothing of a log is ever an argument. Each job has an annotation
    of its own, which a re-run of the job replaces.
    """
    whole = "\n".join(map(render_markdown, findings))
    body = first_that_fits(
        (whole, "".join(map(render_headline, findings)), render_headline(findings[0])), BODY_BYTES_MAX
    )
    context = f"exlogare-{place.job_key()}" if place.context.job_name else "exlogare"
    effects.run(
        ("buildkite-agent", "annotate", "--style", "error", "--context", context),
        body.encode("utf-8", "replace"),
    )
