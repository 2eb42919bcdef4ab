"""Google Cloud Build. What it knows are substitutions: a build's own file maps each into ``env:``, if at all."""

import re
from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, matches, no_files, rule, starts_with

NAME = "cloudbuild"
TITLE = "Google Cloud Build"
SOURCES: tuple[str, ...] = (
    "https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values",
    "https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds#Build.Results",
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
# PROJECT_ID is a name that many a Jenkins job has, too; but a build's id is a UUID here and a number there.
MARKERS: tuple[Marker, ...] = (
    starts_with("BUILDER_OUTPUT", "/builder/"),
    matches("BUILD_ID", _UUID, "is a UUID", also=("PROJECT_ID",)),
)


def _page(project: str, build: str) -> str | None:
    return urls.web_url(f"https://console.cloud.google.com/cloud-build/builds/{build}?project={project}")


def _page_of_region(project: str, build: str, location: str) -> str | None:
    return urls.web_url(
        f"https://console.cloud.google.com/cloud-build/builds;region={location}/{build}?project={project}"
    )


_PAGES = (
    rule("PROJECT_ID", "BUILD_ID", "LOCATION", make=_page_of_region),
    rule("PROJECT_ID", "BUILD_ID", make=_page),
)

FIELDS: Fields = {
    "project": (rule("REPO_FULL_NAME"),),
    "run_id": (rule("BUILD_ID"),),
    "job_name": (rule("TRIGGER_NAME"),),
    "branch": (
        rule("_HEAD_BRANCH", make=clean.branch),
        rule("BRANCH_NAME", make=clean.branch),
    ),
    "tag": (rule("TAG_NAME", make=clean.tag),),
    "commit_sha": (rule("COMMIT_SHA", make=clean.commit),),
    "build_url": _PAGES,
    "job_url": _PAGES,
    "pull_request": (rule("_PR_NUMBER", make=clean.pull_request),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "_BASE_BRANCH": ("branch", "it is the target branch"),
    "_HEAD_REPO_URL": ("remote_url", "it is the repository that the pull request comes from"),
    "REPO_NAME": ("project", "it lacks the owner"),
    "SHORT_SHA": ("commit_sha", "it is abbreviated; COMMIT_SHA is not"),
}
facts = no_files
