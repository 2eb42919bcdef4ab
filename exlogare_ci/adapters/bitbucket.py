"""Bitbucket Pipelines, in Bitbucket Cloud. A job is called a step there and has no name in the variables."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_set, no_files, rule

NAME = "bitbucket"
TITLE = "Bitbucket Pipelines"
SOURCES: tuple[str, ...] = ("https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/",)
MARKERS: tuple[Marker, ...] = (is_set("BITBUCKET_BUILD_NUMBER"), is_set("BITBUCKET_PIPELINE_UUID"))


def _uuid(value: str) -> str | None:
    """Take a UUID out of the braces that Bitbucket writes round it."""
    return value.removeprefix("{").removesuffix("}") or None


def _run_page(repository: str, number: str) -> str | None:
    return urls.web_url(f"https://bitbucket.org/{repository}/pipelines/results/{number}")


def _step_page(repository: str, number: str, step: str) -> str | None:
    return urls.web_url(f"https://bitbucket.org/{repository}/pipelines/results/{number}/steps/%7B{_uuid(step)}%7D")


def _status(code: str) -> str:
    """Put the script's exit code into the words that Bitbucket has for a step."""
    return "SUCCESSFUL" if code == "0" else "FAILED"


_RUN = ("BITBUCKET_REPO_FULL_NAME", "BITBUCKET_BUILD_NUMBER")

FIELDS: Fields = {
    "project": (rule("BITBUCKET_REPO_FULL_NAME"),),
    "run_id": (rule("BITBUCKET_PIPELINE_UUID", make=_uuid),),
    "build_number": (rule("BITBUCKET_BUILD_NUMBER"),),
    "job_id": (rule("BITBUCKET_STEP_UUID", make=_uuid),),
    "step": (rule("BITBUCKET_PARALLEL_STEP", note="the number in a parallel group, from 0"),),
    "branch": (rule("BITBUCKET_BRANCH", make=clean.branch, note="not there for tags and some custom pipelines"),),
    "tag": (rule("BITBUCKET_TAG", make=clean.tag),),
    "commit_sha": (rule("BITBUCKET_COMMIT", make=clean.commit, note="may be abbreviated"),),
    "build_url": (rule(*_RUN, make=_run_page),),
    "job_url": (rule(*_RUN, "BITBUCKET_STEP_UUID", make=_step_page), rule(*_RUN, make=_run_page)),
    "pull_request": (rule("BITBUCKET_PR_ID", make=clean.pull_request),),
    "remote_url": (rule("BITBUCKET_GIT_HTTP_ORIGIN", make=urls.remote_url),),
    "status": (rule("BITBUCKET_EXIT_CODE", make=_status, note="only there in after-script"),),
    "workspace": (rule("BITBUCKET_CLONE_DIR"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "BITBUCKET_PR_DESTINATION_BRANCH": ("branch", "it is the target branch"),
    "BITBUCKET_REPO_SLUG": ("project", "it lacks the workspace"),
}
facts = no_files
