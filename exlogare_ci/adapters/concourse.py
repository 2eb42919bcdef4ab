"""Concourse. Its tasks get the server's address only; the rest is there in the steps of resources."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_set, no_files, rule

NAME = "concourse"
TITLE = "Concourse"
SOURCES: tuple[str, ...] = (
    "https://concourse-ci.org/docs/resource-types/implementing/#metadata",
    "https://github.com/concourse/concourse/blob/master/atc/exec/step_metadata.go",
)
MARKERS: tuple[Marker, ...] = (is_set("ATC_EXTERNAL_URL"),)


def _pipeline(team: str, pipeline: str) -> str:
    return f"{team}/{pipeline}"


def _page(server: str, build: str) -> str | None:
    return urls.web_url(f"{server.rstrip('/')}/builds/{build}")


_PAGES = (
    rule("BUILD_URL", make=urls.web_url),
    rule("ATC_EXTERNAL_URL", "BUILD_ID", make=_page, note="BUILD_URL is new in version 7"),
)

FIELDS: Fields = {
    "project": (rule("BUILD_TEAM_NAME", "BUILD_PIPELINE_NAME", make=_pipeline, note="a one-off build has none"),),
    "run_id": (rule("BUILD_ID"),),
    "build_number": (rule("BUILD_NAME"),),
    "job_name": (rule("BUILD_JOB_NAME"),),
    "build_url": _PAGES,
    "job_url": _PAGES,
    "status": (rule("BUILD_STATUS", make=clean.result, note="only there under on_failure and its like"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "BUILD_JOB_ID": ("job_id", "it is the id of the job's definition, the same for every build"),
}
facts = no_files
