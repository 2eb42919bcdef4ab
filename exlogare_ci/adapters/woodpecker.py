"""Woodpecker, 1.0 and newer. Its imitation of Drone's variables is never read."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, equals, no_files, rule

NAME = "woodpecker"
TITLE = "Woodpecker CI"
SOURCES: tuple[str, ...] = (
    "https://woodpecker-ci.org/docs/usage/environment",
    "https://github.com/woodpecker-ci/woodpecker/blob/main/pipeline/frontend/metadata/environment.go",
)
MARKERS: tuple[Marker, ...] = (equals("CI", "woodpecker"), equals("CI_SYSTEM_NAME", "woodpecker"))

_TARGET = "then it is the target branch"
_ALWAYS_SUCCESS = frozenset({"0", "1", "2"})


def _status(status: str, version: str) -> str | None:
    """Take the pipeline's status, but not the ``success`` of old servers, which said nothing else."""
    major = version.removeprefix("v").partition(".")[0]
    return None if status == "success" and major in _ALWAYS_SUCCESS else clean.result(status)


FIELDS: Fields = {
    "project": (rule("CI_REPO"),),
    "run_id": (rule("CI_PIPELINE_NUMBER"),),
    "build_number": (rule("CI_PIPELINE_NUMBER"),),
    "job_name": (rule("CI_WORKFLOW_NAME"),),
    "job_id": (rule("CI_WORKFLOW_NUMBER"),),
    "step": (rule("CI_STEP_NAME"),),
    "branch": (
        rule("CI_COMMIT_SOURCE_BRANCH", make=clean.branch),
        rule("CI_COMMIT_BRANCH", make=clean.branch, unless=("CI_COMMIT_PULL_REQUEST",), note=_TARGET),
    ),
    "tag": (rule("CI_COMMIT_TAG", make=clean.tag),),
    "commit_sha": (rule("CI_COMMIT_SHA", make=clean.commit),),
    "build_url": (rule("CI_PIPELINE_URL", make=urls.web_url),),
    "job_url": (rule("CI_STEP_URL", make=urls.web_url), rule("CI_PIPELINE_URL", make=urls.web_url)),
    "pull_request": (rule("CI_COMMIT_PULL_REQUEST", make=clean.pull_request),),
    "remote_url": (rule("CI_REPO_CLONE_URL", make=urls.remote_url),),
    "status": (
        rule(
            "CI_PIPELINE_STATUS", "CI_SYSTEM_VERSION", make=_status,
            note="before version 3 it is success whatever happened",
        ),
    ),
    "workspace": (rule("CI_WORKSPACE"),),
}  # fmt: skip
IGNORED: Mapping[str, tuple[str, str]] = {
    "DRONE_BUILD_STATUS": ("status", "Woodpecker sets it to success for Drone's plugins, whatever happened"),
    "CI_PREV_PIPELINE_STATUS": ("status", "it is the status of the pipeline before this one"),
}
facts = no_files
