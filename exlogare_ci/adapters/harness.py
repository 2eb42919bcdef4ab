"""Harness CI, which sets Drone's variables and marker, too. Its pipelines are jobs."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_set, no_files, rule

NAME = "harness"
TITLE = "Harness CI"
SOURCES: tuple[str, ...] = ("https://developer.harness.io/docs/continuous-integration/troubleshoot-ci/ci-env-var/",)
MARKERS: tuple[Marker, ...] = (is_set("HARNESS_BUILD_ID"),)

_PR = ("DRONE_PULL_REQUEST",)
_TRUTH = {"true": "success", "false": "failed"}
_SO_FAR = "as it was when the step began"


def _status(value: str) -> str | None:
    """Take a status; the stage's is ``success`` or ``true``, ``failed`` or ``false``."""
    return clean.result(_TRUTH.get(value.casefold(), value))


FIELDS: Fields = {
    "project": (rule("DRONE_REPO"),),
    "run_id": (rule("HARNESS_EXECUTION_ID"),),
    "build_number": (rule("HARNESS_BUILD_ID"),),
    "job_name": (rule("HARNESS_PIPELINE_ID"),),
    "step": (rule("DRONE_STEP_NAME"),),
    "stage": (rule("HARNESS_STAGE_ID"),),
    "branch": (
        rule("DRONE_SOURCE_BRANCH", make=clean.branch, partial=True),
        rule("DRONE_BRANCH", make=clean.branch, unless=_PR, note="then it is the target branch", partial=True),
    ),
    "tag": (
        rule("DRONE_TAG", make=clean.tag),
        rule("DRONE_BRANCH", make=clean.tag_of_ref, partial=True),
    ),
    "commit_sha": (rule("DRONE_COMMIT_SHA", make=clean.commit, note="abbreviated on Bitbucket's pull requests"),),
    "build_url": (rule("DRONE_BUILD_LINK", make=urls.web_url),),
    "job_url": (rule("DRONE_BUILD_LINK", make=urls.web_url),),
    "pull_request": (rule("DRONE_PULL_REQUEST", make=clean.pull_request),),
    "remote_url": (rule("DRONE_GIT_HTTP_URL", make=urls.remote_url),),
    "status": (
        rule("DRONE_STAGE_STATUS", make=_status, note=_SO_FAR),
        rule("DRONE_BUILD_STATUS", make=_status, note=_SO_FAR),
    ),
    "workspace": (rule("HARNESS_WORKSPACE"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "DRONE_TARGET_BRANCH": ("branch", "it is the target branch"),
}
facts = no_files
