"""GitLab CI/CD."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_true, no_files, rule

NAME = "gitlab"
TITLE = "GitLab CI/CD"
SOURCES: tuple[str, ...] = ("https://docs.gitlab.com/ci/variables/predefined_variables/",)
MARKERS: tuple[Marker, ...] = (is_true("GITLAB_CI"),)

_MERGED = "only there in merged results pipelines, where CI_COMMIT_SHA is the merge commit"


def _clone_url(page: str) -> str | None:
    return urls.remote_url(f"{page}.git")


FIELDS: Fields = {
    "project": (rule("CI_PROJECT_PATH"),),
    "run_id": (rule("CI_PIPELINE_ID"),),
    "build_number": (rule("CI_PIPELINE_IID"),),
    "job_name": (rule("CI_JOB_NAME"),),
    "job_id": (rule("CI_JOB_ID"),),
    "stage": (rule("CI_JOB_STAGE"),),
    "branch": (
        rule("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", make=clean.branch),
        rule("CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME", make=clean.branch),
        rule("CI_COMMIT_REF_NAME", make=clean.branch, note="on a tag it is the tag's name"),
    ),
    "tag": (rule("CI_COMMIT_TAG", make=clean.tag),),
    "commit_sha": (
        rule("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", make=clean.commit, note=_MERGED),
        rule("CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA", make=clean.commit),
        rule("CI_COMMIT_SHA", make=clean.commit),
    ),
    "build_url": (rule("CI_PIPELINE_URL", make=urls.web_url),),
    "job_url": (rule("CI_JOB_URL", make=urls.web_url),),
    "pull_request": (
        rule("CI_MERGE_REQUEST_IID", make=clean.pull_request),
        rule("CI_EXTERNAL_PULL_REQUEST_IID", make=clean.pull_request),
    ),
    "remote_url": (
        rule("CI_REPOSITORY_URL", make=urls.remote_url, note="holds the job's token, which is taken out"),
        rule("CI_PROJECT_URL", make=_clone_url),
    ),
    "status": (rule("CI_JOB_STATUS", make=clean.result, note="a result only in after_script"),),
    "workspace": (rule("CI_PROJECT_DIR"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "CI_MERGE_REQUEST_ID": ("pull_request", "it is the id in the whole GitLab instance, not the number"),
}
facts = no_files
