"""CircleCI: the output of this job's failed steps, by API v1.1; version 2 has no logs."""

import re

import msgspec

from exlogare_ci.sources.ci.address import origin
from exlogare_ci.sources.ci.model import Api, Job, Log, LogSourceError, segment, segments
from exlogare_ci.sources.ci.parts import join, names, of_messages

NAME = "circleci"
CI = "circleci"
TITLE = "CircleCI"
DOCS: tuple[str, ...] = (
    "https://circleci.com/docs/api/v1/#single-job",
    "https://circleci.com/docs/guides/orchestrate/analyze-pipelines-during-an-incident/",
)
TOKENS: tuple[str, ...] = ("CIRCLE_TOKEN", "CIRCLECI_CLI_TOKEN")
NEEDS = "to be a personal API token of somebody who sees the project"
ADD = (
    "Add a personal API token as CIRCLE_TOKEN in a context of the job and run exl ingest in a step with "
    "`when: on_fail`; or wrap the failing command: exl run -- COMMAND"
)
ANONYMOUS = False
SELECTS = "the job's failed steps; all finished ones when none is marked as failed"

_FAILED = frozenset({"failed", "timedout", "infrastructure_fail"})
_BUILD_PAGE = re.compile(r"https?://[^/]+/(?:pipelines/)?(gh|github|bb|bitbucket|circleci)/([^/]+)/([^/?#]+)")
_LONG = {"gh": "github", "bb": "bitbucket"}
_STEPS_MAX = 50


class _Action(msgspec.Struct):
    name: str = ""
    status: str | None = None
    failed: bool | None = None
    index: int = 0
    output_url: str | None = None


class _Step(msgspec.Struct):
    name: str = ""
    actions: list[_Action] = []


class _Build(msgspec.Struct):
    steps: list[_Step] = []


class _Message(msgspec.Struct):
    message: str = ""


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``."""
    token = job.token(*TOKENS)
    page = job.first("CIRCLE_BUILD_URL") or ""
    server = "https://circleci.com" if not page or "circleci.com" in origin(page) else origin(page)
    api = job.connect(job.root(server), {"Circle-Token": token} if token else {})
    build = api.json(f"/api/v1.1/project/{_slug(job, page)}/{segment(job.need('CIRCLE_BUILD_NUM'))}", _Build)
    return _read(api, _actions(build, job.first("CIRCLE_NODE_INDEX")))


def _read(api: Api, actions: list[_Action]) -> Log:
    if not actions:
        raise LogSourceError(
            "CircleCI has no output of a finished step of this job yet.",
            "Run exl ingest in a later step with `when: on_fail`, or wrap the failing command: exl run -- COMMAND",
        )
    parts = []
    for action in actions[:_STEPS_MAX]:
        # The store's URL carries its own permission for some minutes; the token must not go there.
        messages = api.json(action.output_url or "", list[_Message])
        parts.append((f"step {action.name}", of_messages(message.message for message in messages)))
    return Log(excerpt=join(parts), what=f"step {names(action.name for action in actions)}")


def _slug(job: Job, page: str) -> str:
    """Name the project as version 1.1 does; the job's page has it for every kind of project."""
    hit = _BUILD_PAGE.match(page)
    if hit is not None:
        return segments(f"{_LONG.get(hit[1], hit[1])}/{hit[2]}/{hit[3]}")
    return segments(f"github/{job.need('CIRCLE_PROJECT_USERNAME')}/{job.need('CIRCLE_PROJECT_REPONAME')}")


def _actions(build: _Build, node: str | None) -> list[_Action]:
    """Choose the failed actions: of our own container where several run in parallel, else of all."""
    done = [action for step in build.steps for action in step.actions if action.output_url]
    failed = [action for action in done if action.failed or action.status in _FAILED]
    own = [action for action in failed if str(action.index) == node]
    return own or failed or [action for action in done if action.status != "running"]
