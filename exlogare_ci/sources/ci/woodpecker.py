"""Woodpecker: the logs of the failed steps. Its API knows repositories by number, which only a URL tells."""

import re

import msgspec

from exlogare_ci.sources.ci.address import origin
from exlogare_ci.sources.ci.model import Api, Job, Log, LogSourceError, bearer, segment
from exlogare_ci.sources.ci.parts import join, names, of_text
from exlogare_ci.sources.excerpt import Excerpt

NAME = "woodpecker"
CI = "woodpecker"
TITLE = "Woodpecker"
DOCS: tuple[str, ...] = (
    "https://woodpecker-ci.org/docs/usage/environment",
    "https://woodpecker-ci.org/api",
    "https://github.com/woodpecker-ci/woodpecker/blob/main/woodpecker-go/woodpecker/types.go",
)
TOKENS: tuple[str, ...] = ("WOODPECKER_TOKEN",)
NEEDS = "to be a personal access token of somebody who sees the repository"
ADD = (
    "Add WOODPECKER_TOKEN from a secret to a step with `when: [{status: [failure]}]` that runs exl ingest; or "
    "wrap the failing command: exl run -- COMMAND"
)
ANONYMOUS = False
SELECTS = "the failed steps of this workflow; of the whole pipeline when none of this workflow failed"

_PAGE = re.compile(r"(https?://[^/?#]+(?:/[^?#]*?)??)/repos/([0-9]{1,18})/pipeline/([0-9]{1,18})")
_FAILED = frozenset({"failure", "error", "killed"})
_STEPS_MAX = 50


class _Step(msgspec.Struct):
    id: int
    name: str = ""
    state: str = ""


class _Workflow(msgspec.Struct):
    name: str = ""
    children: list[_Step] | None = None


class _Pipeline(msgspec.Struct):
    workflows: list[_Workflow] | None = None


class _Entry(msgspec.Struct):
    line: int = 0
    data: bytes | None = None


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``."""
    page = _PAGE.match(job.need("CI_PIPELINE_URL"))
    if page is None:
        raise LogSourceError(
            "CI_PIPELINE_URL has no /repos/NUMBER/pipeline/NUMBER in it, so the log cannot be found.",
            "Update Woodpecker to version 1.0 or newer, or wrap the failing command: exl run -- COMMAND",
        )
    server, repository, number = page.groups()
    api = job.connect(_server(job, server), bearer(job.token(*TOKENS)))
    pipeline = api.json(f"/api/repos/{repository}/pipelines/{segment(number)}", _Pipeline)
    steps = _failed(pipeline.workflows or [], job.first("CI_WORKFLOW_NAME"))
    if not steps:
        raise LogSourceError(
            "No step of this pipeline has failed yet, and Woodpecker has a step's log only once the step has ended.",
            "Run exl ingest in a later step with `when: [{status: [failure]}]`, or wrap the command: "
            "exl run -- COMMAND",
        )
    parts = [(f"step {step.name}", _read(api, f"/api/repos/{repository}/logs/{number}/{step.id}")) for step in steps]
    return Log(excerpt=join(parts), what=f"step {names(step.name for step in steps)}",
               fields={"step": steps[0].name} if steps[0].name else {})  # fmt: skip


def _server(job: Job, page_server: str) -> str:
    """Take the page's server, or the one that is given for machines that reach it by another name."""
    given = job.first("WOODPECKER_SERVER")
    return job.root(given if given and origin(given).startswith("http") else page_server)


def _read(api: Api, path: str) -> Excerpt:
    """Read the lines; their bytes come in base64."""
    entries = api.json(path, list[_Entry] | None)  # type: ignore[arg-type]
    return of_text(entry.data or b"\n" for entry in sorted(entries or [], key=lambda entry: entry.line))


def _failed(workflows: list[_Workflow], own: str | None) -> list[_Step]:
    failed = [(flow, step) for flow in workflows for step in flow.children or [] if step.state in _FAILED]
    return [step for _, step in [one for one in failed if one[0].name == own] or failed][:_STEPS_MAX]
