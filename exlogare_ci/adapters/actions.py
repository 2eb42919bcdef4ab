"""What GitHub Actions, Gitea Actions and Forgejo Actions have in common: the variables and the event's file."""

import msgspec

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Env, Fields, Found, ReadText, rule
from exlogare_ci.adapters.model import PassedOver

REPOSITORY = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY")


def run_page(server: str, repository: str, run: str) -> str | None:
    """Give the page of a run: GitHub's go by the run's id, Gitea's and Forgejo's by its number."""
    return urls.web_url(f"{server}/{repository}/actions/runs/{run}")


def _clone_url(server: str, repository: str) -> str | None:
    return urls.remote_url(f"{server}/{repository}.git")


FIELDS: Fields = {
    "project": (rule("GITHUB_REPOSITORY"),),
    "run_id": (rule("GITHUB_RUN_ID"),),
    "build_number": (rule("GITHUB_RUN_NUMBER"),),
    "job_name": (rule("GITHUB_JOB", note="the key in the workflow file, the same for all legs of a matrix"),),
    # No variable holds it; a workflow passes the expression job.check_run_id in.
    "job_id": (rule("EXLOGARE_JOB_ID"),),
    "step": (rule("GITHUB_ACTION"),),
    "branch": (
        rule("GITHUB_HEAD_REF", make=clean.branch),
        rule("event.pull_request.head.ref", make=clean.branch),
        rule("GITHUB_REF", make=clean.branch_of_ref, partial=True),
    ),
    "tag": (rule("GITHUB_REF", make=clean.tag_of_ref, partial=True),),
    "commit_sha": (
        rule("event.pull_request.head.sha", make=clean.commit),
        rule("GITHUB_SHA", make=clean.commit, note="on a pull request it is the merge commit"),
    ),
    "pull_request": (
        rule("event.pull_request.number", make=clean.pull_request),
        rule("GITHUB_REF", make=clean.pull_request_of_ref, partial=True),
    ),
    "remote_url": (rule(*REPOSITORY, make=_clone_url),),
    "workspace": (rule("GITHUB_WORKSPACE"),),
}
"""All but the pages, whose addresses differ."""

IGNORED = {
    "GITHUB_REF_NAME": ("branch", "it may be a tag or N/merge; GITHUB_REF tells which"),
    "GITHUB_BASE_REF": ("branch", "it is the target branch"),
}


class _Head(msgspec.Struct):
    ref: str | None = None
    sha: str | None = None


class _PullRequest(msgspec.Struct):
    number: int | None = None
    head: _Head | None = None


class _Event(msgspec.Struct):
    pull_request: _PullRequest | None = None


def facts(env: Env, read_text: ReadText, /) -> Found:
    """Read the pull request's number, source branch and head commit from the event's file.

    Args:
        env: names the file in ``GITHUB_EVENT_PATH``.
        read_text: how to read it.

    Returns:
        Facts whose names start with ``event.``; none when the event is not about a pull request.
    """
    path = env.get("GITHUB_EVENT_PATH")
    if path is None:
        return Found()
    text = read_text(path)
    try:
        event = msgspec.json.decode(text or "", type=_Event)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        reason = "the file cannot be read" if text is None else "the file is no event that can be understood"
        return Found(passed_over=(PassedOver("pull_request", "GITHUB_EVENT_PATH", reason),))
    request = event.pull_request
    if request is None:
        return Found()
    head = request.head or _Head()
    told = {
        "event.pull_request.number": "" if request.number is None else str(request.number),
        "event.pull_request.head.ref": head.ref or "",
        "event.pull_request.head.sha": head.sha or "",
    }
    return Found(clean.environment(told))
