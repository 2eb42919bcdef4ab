"""GitHub Actions."""

from collections.abc import Mapping

from exlogare_ci.adapters import actions, urls
from exlogare_ci.adapters.base import Fields, Marker, is_true, rule

NAME = "github"
TITLE = "GitHub Actions"
SOURCES: tuple[str, ...] = (
    "https://docs.github.com/en/actions/reference/workflows-and-actions/variables",
    "https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request",
    "https://docs.github.com/en/actions/reference/workflows-and-actions/contexts",
)
MARKERS: tuple[Marker, ...] = (is_true("GITHUB_ACTIONS"),)


def _attempt_page(server: str, repository: str, run: str, attempt: str) -> str | None:
    return urls.web_url(f"{server}/{repository}/actions/runs/{run}/attempts/{attempt}")


def _job_page(server: str, repository: str, run: str, job: str) -> str | None:
    return urls.web_url(f"{server}/{repository}/actions/runs/{run}/job/{job}")


_RUN_PAGES = (
    rule(*actions.REPOSITORY, "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", make=_attempt_page),
    rule(*actions.REPOSITORY, "GITHUB_RUN_ID", make=actions.run_page),
)

FIELDS: Fields = {
    **actions.FIELDS,
    "build_url": _RUN_PAGES,
    "job_url": (rule(*actions.REPOSITORY, "GITHUB_RUN_ID", "EXLOGARE_JOB_ID", make=_job_page), *_RUN_PAGES),
}
IGNORED: Mapping[str, tuple[str, str]] = actions.IGNORED
facts = actions.facts
