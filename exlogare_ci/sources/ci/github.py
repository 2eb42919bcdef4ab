"""GitHub Actions: the log of a job of this run that has failed. The job that we run in has none yet.

GitHub stores a job's log when the job has ended; so this works in a later job, or in a workflow that is
triggered by ``workflow_run``.
"""

import msgspec

from exlogare_ci.sources.ci.model import Api, Job, Log, LogSourceError, bearer, segment, segments
from exlogare_ci.sources.ci.parts import names
from exlogare_ci.sources.excerpt import Excerpt

NAME = "github"
CI = "github"
TITLE = "GitHub"
DOCS: tuple[str, ...] = (
    "https://docs.github.com/en/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt",
    "https://docs.github.com/en/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run",
    "https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run",
)
TOKENS: tuple[str, ...] = ("GITHUB_TOKEN", "GH_TOKEN")
NEEDS = "`permissions: actions: read`"
ADD = (
    "Wrap the failing command: exl run -- COMMAND. Or run exl ingest in a later job with `needs:`, "
    "`if: failure()`, `permissions: {actions: read}` and `env: {GITHUB_TOKEN: ${{ github.token }}}`."
)
ANONYMOUS = False
SELECTS = "the log of the first failed job of the run, or of the one that `EXLOGARE_JOB_ID` names"

_PAGE_ITEMS = 100
_PAGES_MAX = 10
_FAILED = frozenset({"failure", "timed_out", "startup_failure"})
_WRAP = "In the same job, wrap the failing command instead: exl run -- COMMAND"


class _Step(msgspec.Struct):
    name: str = ""
    conclusion: str | None = None


class _Job(msgspec.Struct):
    id: int
    name: str = ""
    conclusion: str | None = None
    completed_at: str | None = None
    html_url: str | None = None
    steps: list[_Step] = []


class _Jobs(msgspec.Struct):
    total_count: int = 0
    jobs: list[_Job] = []


class _Run(msgspec.Struct):
    id: int
    run_attempt: int = 1


class _Event(msgspec.Struct):
    workflow_run: _Run | None = None


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``."""
    headers = {**bearer(job.token(*TOKENS)), "X-GitHub-Api-Version": "2022-11-28"}
    api = job.connect(job.root(job.first("GITHUB_API_URL") or "https://api.github.com"), headers)
    repository = f"/repos/{segments(job.need('GITHUB_REPOSITORY'))}/actions"
    failed = _choose(_jobs(api, repository + _run_path(job)), job.first("EXLOGARE_JOB_ID"))
    # 302 to a store whose URL carries its own, short-lived permission.
    excerpt, _ = api.text(f"{repository}/jobs/{failed[0].id}/logs", accept="application/vnd.github+json")
    return _log(failed, excerpt)


def _log(failed: list[_Job], excerpt: Excerpt) -> Log:
    """Name the job, its failing steps, and the failed jobs beside it."""
    one, others = failed[0], failed[1:]
    steps = names(step.name for step in one.steps if step.conclusion in _FAILED)
    what = f"job {names([one.name])}" + (f", failing step {steps}" if steps else "")
    if others:
        what += f" (failed too: {names(other.name for other in others)})"
    fields = {"job_id": str(one.id), "job_name": one.name, "job_url": one.html_url or ""}
    return Log(excerpt=excerpt, what=what, fields={name: value for name, value in fields.items() if value})


def _run_path(job: Job) -> str:
    """Name the run and the attempt: this one, or the one that a ``workflow_run`` event is about."""
    run, attempt = job.need("GITHUB_RUN_ID"), job.first("GITHUB_RUN_ATTEMPT") or "1"
    path = job.first("GITHUB_EVENT_PATH")
    if job.first("GITHUB_EVENT_NAME") == "workflow_run" and path:
        try:
            event = msgspec.json.decode(job.read_text(path) or "{}", type=_Event)
        except msgspec.DecodeError:
            event = _Event()
        if event.workflow_run is not None:
            run, attempt = str(event.workflow_run.id), str(event.workflow_run.run_attempt)
    return f"/runs/{segment(run)}/attempts/{segment(attempt)}/jobs"


def _jobs(api: Api, path: str) -> list[_Job]:
    found: list[_Job] = []
    for page in range(1, _PAGES_MAX + 1):
        answer = api.json(path, _Jobs, {"per_page": str(_PAGE_ITEMS), "page": str(page)})
        found += answer.jobs
        if not answer.jobs or len(found) >= answer.total_count:
            break
    return found


def _choose(jobs: list[_Job], wanted: str | None) -> list[_Job]:
    """Give the failed jobs, the one that is meant first.

    Raises:
        LogSourceError: there is none whose log can be had.
    """
    if wanted is not None:
        chosen = [job for job in jobs if str(job.id) == wanted]
        if not chosen:
            raise LogSourceError("EXLOGARE_JOB_ID names no job of this run.", "Set it to a job's number, or unset it.")
        if chosen[0].conclusion is None:
            raise LogSourceError("GitHub has a job's log only once the job has ended.", _WRAP)
        return chosen
    failed = [job for job in jobs if job.conclusion in _FAILED]
    if not failed:
        raise LogSourceError(
            "No job of this run has ended as failed yet, and GitHub has a job's log only once the job has ended.", _WRAP
        )
    return sorted(failed, key=lambda job: (job.completed_at or "~", job.id))
