"""GitHub Actions, and Gitea's and Forgejo's runners, which imitate it."""

from collections.abc import Mapping

import msgspec

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Env, Fields, Found, Marker, ReadText, is_true, rule
from exlogare_ci.adapters.model import PassedOver

NAME = "github"
TITLE = "GitHub Actions"
SOURCES: tuple[str, ...] = (
    "https://docs.github.com/en/actions/reference/workflows-and-actions/variables",
    "https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request",
    "https://docs.github.com/en/actions/reference/workflows-and-actions/contexts",
    "https://github.com/go-gitea/gitea/issues/24038",
    "https://forgejo.org/docs/latest/user/actions/",
)
MARKERS: tuple[Marker, ...] = (
    is_true("GITHUB_ACTIONS"),
    is_true("GITEA_ACTIONS"),
    is_true("FORGEJO_ACTIONS"),
)

_FORKS = ("GITEA_ACTIONS", "FORGEJO_ACTIONS")


def _run_page(server: str, repository: str, run: str) -> str | None:
    return urls.web_url(f"{server}/{repository}/actions/runs/{run}")


def _attempt_page(server: str, repository: str, run: str, attempt: str) -> str | None:
    return urls.web_url(f"{server}/{repository}/actions/runs/{run}/attempts/{attempt}")


def _job_page(server: str, repository: str, run: str, job: str) -> str | None:
    return urls.web_url(f"{server}/{repository}/actions/runs/{run}/job/{job}")


def _clone_url(server: str, repository: str) -> str | None:
    return urls.remote_url(f"{server}/{repository}.git")


_REPOSITORY = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY")
_RUN_PAGES = (
    rule(*_REPOSITORY, "GITHUB_RUN_NUMBER", make=_run_page, when=_FORKS, note="their pages go by the number"),
    rule(*_REPOSITORY, "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", make=_attempt_page),
    rule(*_REPOSITORY, "GITHUB_RUN_ID", make=_run_page),
)

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
    "build_url": _RUN_PAGES,
    "job_url": (
        rule(*_REPOSITORY, "GITHUB_RUN_ID", "EXLOGARE_JOB_ID", make=_job_page, unless=_FORKS),
        *_RUN_PAGES,
    ),
    "pull_request": (
        rule("event.pull_request.number", make=clean.pull_request),
        rule("GITHUB_REF", make=clean.pull_request_of_ref, partial=True),
    ),
    "remote_url": (rule(*_REPOSITORY, make=_clone_url),),
    "workspace": (rule("GITHUB_WORKSPACE"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
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
