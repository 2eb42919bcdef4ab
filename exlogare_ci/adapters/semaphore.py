"""Semaphore 2.0. The variables of Semaphore Classic, which is gone, are not read."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_true, no_files, rule

NAME = "semaphore"
TITLE = "Semaphore"
SOURCES: tuple[str, ...] = ("https://docs.semaphore.io/reference/env-vars",)
MARKERS: tuple[Marker, ...] = (is_true("SEMAPHORE"),)


def _workflow_page(organization: str, workflow: str) -> str | None:
    return urls.web_url(f"{organization.rstrip('/')}/workflows/{workflow}")


def _job_page(organization: str, job: str) -> str | None:
    return urls.web_url(f"{organization.rstrip('/')}/jobs/{job}")


def _result(value: str) -> str | None:
    return None if value.casefold() == "none" else value


FIELDS: Fields = {
    "project": (rule("SEMAPHORE_GIT_REPO_SLUG"),),
    "run_id": (rule("SEMAPHORE_WORKFLOW_ID"),),
    "build_number": (rule("SEMAPHORE_WORKFLOW_NUMBER"),),
    "job_name": (rule("SEMAPHORE_JOB_NAME"),),
    "job_id": (rule("SEMAPHORE_JOB_ID"),),
    "stage": (rule("SEMAPHORE_BLOCK_NAME"),),
    "branch": (rule("SEMAPHORE_GIT_WORKING_BRANCH", make=clean.branch),),
    "tag": (rule("SEMAPHORE_GIT_TAG_NAME", make=clean.tag),),
    "commit_sha": (
        rule("SEMAPHORE_GIT_PR_SHA", make=clean.commit),
        rule("SEMAPHORE_GIT_SHA", make=clean.commit, note="on a pull request it is the merge commit"),
    ),
    "build_url": (rule("SEMAPHORE_ORGANIZATION_URL", "SEMAPHORE_WORKFLOW_ID", make=_workflow_page),),
    "job_url": (rule("SEMAPHORE_ORGANIZATION_URL", "SEMAPHORE_JOB_ID", make=_job_page),),
    "pull_request": (rule("SEMAPHORE_GIT_PR_NUMBER", make=clean.pull_request),),
    "remote_url": (rule("SEMAPHORE_GIT_URL", make=urls.remote_url),),
    "status": (rule("SEMAPHORE_JOB_RESULT", make=_result, note="only there in the epilogue"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "SEMAPHORE_GIT_BRANCH": ("branch", "on a pull request it is the target branch"),
    "SEMAPHORE_GIT_PR_SLUG": ("project", "it is the repository that the pull request comes from"),
    "SEMAPHORE_PROJECT_NAME": ("project", "it lacks the organization"),
    "PULL_REQUEST_NUMBER": ("pull_request", "Semaphore Classic set it, which is gone"),
}
facts = no_files
