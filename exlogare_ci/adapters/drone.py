"""Drone. Its pipelines are called stages in the variables; ours is a job."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_true, no_files, rule

NAME = "drone"
TITLE = "Drone"
SOURCES: tuple[str, ...] = ("https://docs.drone.io/pipeline/environment/reference/",)
MARKERS: tuple[Marker, ...] = (is_true("DRONE"),)

# Woodpecker's imitation of these variables leaves DRONE out and has success in DRONE_BUILD_STATUS always:
# https://github.com/woodpecker-ci/woodpecker/blob/main/pipeline/frontend/metadata/drone_compatibility.go
_REAL = ("DRONE",)
_TARGET = "then it is the target branch"

FIELDS: Fields = {
    "project": (rule("DRONE_REPO"),),
    "run_id": (rule("DRONE_BUILD_NUMBER"),),
    "build_number": (rule("DRONE_BUILD_NUMBER"),),
    "job_name": (rule("DRONE_STAGE_NAME"),),
    "job_id": (rule("DRONE_STAGE_NUMBER"),),
    "step": (rule("DRONE_STEP_NAME"),),
    "branch": (
        rule("DRONE_SOURCE_BRANCH", make=clean.branch),
        rule("DRONE_BRANCH", make=clean.branch, unless=("DRONE_PULL_REQUEST",), note=_TARGET),
    ),
    "tag": (rule("DRONE_TAG", make=clean.tag),),
    "commit_sha": (rule("DRONE_COMMIT_SHA", make=clean.commit),),
    "build_url": (rule("DRONE_BUILD_LINK", make=urls.web_url),),
    "job_url": (rule("DRONE_BUILD_LINK", make=urls.web_url),),
    "pull_request": (rule("DRONE_PULL_REQUEST", make=clean.pull_request),),
    "remote_url": (rule("DRONE_GIT_HTTP_URL", make=urls.remote_url),),
    "status": (
        rule("DRONE_STAGE_STATUS", make=clean.result, when=_REAL, note="as it was when the step began"),
        rule("DRONE_BUILD_STATUS", make=clean.result, when=_REAL, note="as it was when the step began"),
    ),
    "workspace": (rule("DRONE_WORKSPACE"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {}
facts = no_files
