"""Cirrus CI. Its tasks are jobs."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_true, no_files, rule

NAME = "cirrus"
TITLE = "Cirrus CI"
SOURCES: tuple[str, ...] = ("https://cirrus-ci.org/guide/writing-tasks/#environment-variables",)
MARKERS: tuple[Marker, ...] = (is_true("CIRRUS_CI"),)


def _build_page(build: str) -> str | None:
    return urls.web_url(f"https://cirrus-ci.com/build/{build}")


def _task_page(task: str) -> str | None:
    return urls.web_url(f"https://cirrus-ci.com/task/{task}")


FIELDS: Fields = {
    "project": (rule("CIRRUS_REPO_FULL_NAME"),),
    "run_id": (rule("CIRRUS_BUILD_ID"),),
    "job_name": (rule("CIRRUS_TASK_NAME"),),
    "job_id": (rule("CIRRUS_TASK_ID"),),
    "branch": (rule("CIRRUS_BRANCH", make=clean.branch, unless=("CIRRUS_PR",), note="then it is pull/N"),),
    "tag": (rule("CIRRUS_TAG", make=clean.tag),),
    "commit_sha": (rule("CIRRUS_CHANGE_IN_REPO", make=clean.commit),),
    "build_url": (rule("CIRRUS_BUILD_ID", make=_build_page),),
    "job_url": (rule("CIRRUS_TASK_ID", make=_task_page),),
    "pull_request": (rule("CIRRUS_PR", make=clean.pull_request),),
    "remote_url": (rule("CIRRUS_REPO_CLONE_URL", make=urls.remote_url),),
    "workspace": (rule("CIRRUS_WORKING_DIR"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "CIRRUS_BASE_BRANCH": ("branch", "it is the target branch"),
    "CIRRUS_BASE_SHA": ("commit_sha", "it is the target branch's commit"),
}
facts = no_files
