"""Buddy. Its pipelines are jobs, its runs were called executions before 2024."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_true, no_files, rule

NAME = "buddy"
TITLE = "Buddy"
SOURCES: tuple[str, ...] = (
    "https://buddy.works/docs/pipelines/buddy-parameters",
    "https://buddy.works/docs/pipelines/variables/default-variables",
)
MARKERS: tuple[Marker, ...] = (is_true("BUDDY"),)


def _run(pipeline: str, run: str) -> str:
    """Make an id of a run: its own number counts in its pipeline only."""
    return f"{pipeline}/{run}"


def _tag(name: str, kind: str) -> str | None:
    return clean.tag(name) if kind.casefold() == "tag" else None


FIELDS: Fields = {
    "project": (rule("BUDDY_REPO_SLUG"),),
    "run_id": (
        rule("BUDDY_PIPELINE_ID", "BUDDY_RUN_ID", make=_run),
        rule("BUDDY_PIPELINE_ID", "BUDDY_EXECUTION_ID", make=_run),
    ),
    "build_number": (rule("BUDDY_RUN_ID"), rule("BUDDY_EXECUTION_ID")),
    "job_name": (rule("BUDDY_PIPELINE_NAME"),),
    "job_id": (rule("BUDDY_PIPELINE_ID"),),
    "step": (rule("BUDDY_FAILED_ACTION_NAME", note="only there in actions that run on failure"),),
    "branch": (
        rule("BUDDY_RUN_PR_HEAD_BRANCH", make=clean.branch),
        rule("BUDDY_EXECUTION_PULL_REQUEST_HEAD_BRANCH", make=clean.branch),
        rule("BUDDY_RUN_BRANCH", make=clean.branch),
        rule("BUDDY_EXECUTION_BRANCH", make=clean.branch),
    ),
    "tag": (
        rule("BUDDY_RUN_REF_NAME", "BUDDY_RUN_REF_TYPE", make=_tag, partial=True),
        rule("BUDDY_EXECUTION_TAG", make=clean.tag),
    ),
    "commit_sha": (
        rule("BUDDY_RUN_COMMIT", make=clean.commit),
        rule("BUDDY_EXECUTION_REVISION", make=clean.commit),
    ),
    "build_url": (rule("BUDDY_RUN_URL", make=urls.web_url), rule("BUDDY_EXECUTION_URL", make=urls.web_url)),
    "job_url": (rule("BUDDY_RUN_URL", make=urls.web_url), rule("BUDDY_EXECUTION_URL", make=urls.web_url)),
    "pull_request": (
        rule("BUDDY_RUN_PR_NO", make=clean.pull_request),
        rule("BUDDY_EXECUTION_PULL_REQUEST_NO", make=clean.pull_request),
    ),
    "remote_url": (rule("BUDDY_SCM_URL", make=urls.remote_url),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "BUDDY_RUN_PR_BASE_BRANCH": ("branch", "it is the target branch"),
    "BUDDY_EXECUTION_PULL_REQUEST_ID": ("pull_request", "it is the id in Buddy, not the number"),
}
facts = no_files
