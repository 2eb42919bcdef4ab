"""Buildkite."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_true, no_files, rule

NAME = "buildkite"
TITLE = "Buildkite"
SOURCES: tuple[str, ...] = ("https://buildkite.com/docs/pipelines/configure/environment-variables",)
MARKERS: tuple[Marker, ...] = (is_true("BUILDKITE"),)


def _pipeline_slug(organization: str, pipeline: str) -> str:
    return f"{organization}/{pipeline}"


def _job_page(build: str, job: str) -> str | None:
    return urls.web_url(f"{build}#{job}")


def _status(code: str) -> str:
    """Put the command's exit code into the words that Buildkite has for a job."""
    return "passed" if code == "0" else "failed"


FIELDS: Fields = {
    "project": (
        rule("BUILDKITE_REPO", make=urls.slug),
        rule("BUILDKITE_ORGANIZATION_SLUG", "BUILDKITE_PIPELINE_SLUG", make=_pipeline_slug),
    ),
    "run_id": (rule("BUILDKITE_BUILD_ID"),),
    "build_number": (rule("BUILDKITE_BUILD_NUMBER"),),
    "job_name": (rule("BUILDKITE_LABEL"),),
    "job_id": (rule("BUILDKITE_JOB_ID"),),
    "step": (rule("BUILDKITE_STEP_KEY"), rule("BUILDKITE_STEP_ID")),
    "branch": (rule("BUILDKITE_BRANCH", make=clean.branch),),
    "tag": (rule("BUILDKITE_TAG", make=clean.tag),),
    "commit_sha": (rule("BUILDKITE_COMMIT", make=clean.commit, note="a name such as HEAD is for git to resolve"),),
    "build_url": (rule("BUILDKITE_BUILD_URL", make=urls.web_url),),
    "job_url": (
        rule("BUILDKITE_BUILD_URL", "BUILDKITE_JOB_ID", make=_job_page),
        rule("BUILDKITE_BUILD_URL", make=urls.web_url),
    ),
    "pull_request": (rule("BUILDKITE_PULL_REQUEST", make=clean.pull_request, note="false where there is none"),),
    "remote_url": (rule("BUILDKITE_REPO", make=urls.remote_url),),
    "status": (rule("BUILDKITE_COMMAND_EXIT_STATUS", make=_status, note="only there in hooks"),),
    "workspace": (rule("BUILDKITE_BUILD_CHECKOUT_PATH"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH": ("branch", "it is the target branch"),
}
facts = no_files
