"""Bitrise. Its workflows are jobs: a build runs one."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_set, is_true, no_files, rule

NAME = "bitrise"
TITLE = "Bitrise"
SOURCES: tuple[str, ...] = (
    "https://devcenter.bitrise.io/en/references/available-environment-variables.html",
    "https://github.com/bitrise-steplib/steps-git-clone",
)
MARKERS: tuple[Marker, ...] = (is_true("BITRISE_IO"), is_set("BITRISE_BUILD_SLUG"))


def _slug(owner: str, name: str) -> str:
    return f"{owner}/{name}"


def _status(code: str) -> str | None:
    """Put the steps' result so far into the words that Bitrise has for a build."""
    return {"0": "success", "1": "error"}.get(code)


FIELDS: Fields = {
    "project": (rule("BITRISEIO_GIT_REPOSITORY_OWNER", "BITRISEIO_GIT_REPOSITORY_SLUG", make=_slug),),
    "run_id": (rule("BITRISE_BUILD_SLUG"),),
    "build_number": (rule("BITRISE_BUILD_NUMBER"),),
    "job_name": (rule("BITRISE_TRIGGERED_WORKFLOW_ID"),),
    "step": (rule("BITRISE_FAILED_STEP_TITLE", note="the step that failed, for the ones that run after it"),),
    "branch": (rule("BITRISE_GIT_BRANCH", make=clean.branch),),
    "tag": (rule("BITRISE_GIT_TAG", make=clean.tag),),
    "commit_sha": (
        rule("BITRISE_GIT_COMMIT", make=clean.commit, note="not there for builds that were started by hand"),
        rule("GIT_CLONE_COMMIT_HASH", make=clean.commit, note="on a pull request it is the merge commit"),
    ),
    "build_url": (rule("BITRISE_BUILD_URL", make=urls.web_url),),
    "job_url": (rule("BITRISE_BUILD_URL", make=urls.web_url),),
    "pull_request": (rule("BITRISE_PULL_REQUEST", make=clean.pull_request),),
    "remote_url": (rule("GIT_REPOSITORY_URL", make=urls.remote_url),),
    "status": (rule("BITRISE_BUILD_STATUS", make=_status, note="of the steps so far"),),
    "workspace": (rule("BITRISE_SOURCE_DIR"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "BITRISEIO_GIT_BRANCH_DEST": ("branch", "it is the target branch"),
    "BITRISEIO_PULL_REQUEST_REPOSITORY_URL": (
        "remote_url",
        "it is the repository that the pull request comes from",
    ),
    "BITRISE_APP_SLUG": ("project", "it is an id, not the repository"),
}
facts = no_files
