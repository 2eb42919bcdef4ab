"""GitLab: the trace of this job, or from a later job that of the first job that failed."""

import msgspec

from exlogare_ci.sources.ci.model import Api, Job, Log, segment
from exlogare_ci.sources.ci.parts import names

NAME = "gitlab"
CI = "gitlab"
TITLE = "GitLab"
DOCS: tuple[str, ...] = (
    "https://docs.gitlab.com/api/jobs/#get-a-log-file",
    "https://docs.gitlab.com/api/jobs/#list-pipeline-jobs",
    "https://docs.gitlab.com/ci/jobs/ci_job_token/",
    "https://docs.gitlab.com/api/rest/#offset-based-pagination",
)
TOKENS: tuple[str, ...] = ("GITLAB_TOKEN",)
NEEDS = "the scope read_api and the role Reporter or higher"
ADD = (
    "GitLab does not let CI_JOB_TOKEN read logs: wrap the failing command with exl run -- COMMAND, or add a "
    "project access token with the scope read_api as the masked variable GITLAB_TOKEN and run exl ingest in "
    "after_script."
)
ANONYMOUS = False
SELECTS = "this job's log when it has failed, else that of the pipeline's first failed job"

_PAGES_MAX = 10


class _Job(msgspec.Struct):
    id: int
    name: str = ""
    allow_failure: bool = False
    finished_at: str | None = None
    web_url: str | None = None


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``."""
    token = job.token(*TOKENS)
    api = job.connect(job.root(job.need("CI_API_V4_URL")), {"PRIVATE-TOKEN": token} if token else {})
    project = f"/projects/{segment(job.need('CI_PROJECT_ID'))}"
    own = job.need("CI_JOB_ID")
    # Only after_script sees the result; before that, a later stage's job has failed ones before it.
    if job.first("CI_JOB_STATUS") != "failed":
        failed = _failed(api, project, job)
        if failed:
            return _of_other(api, project, failed)
    excerpt, _ = api.text(f"{project}/jobs/{segment(own)}/trace")
    return Log(excerpt=excerpt, what="this job")


def _of_other(api: Api, project: str, failed: list[_Job]) -> Log:
    one, others = failed[0], failed[1:]
    excerpt, _ = api.text(f"{project}/jobs/{one.id}/trace")
    what = f"job {names([one.name])}"
    if others:
        what += f" (failed too: {names(other.name for other in others)})"
    fields = {"job_id": str(one.id), "job_name": one.name, "job_url": one.web_url or ""}
    return Log(excerpt=excerpt, what=what, fields={name: value for name, value in fields.items() if value})


def _failed(api: Api, project: str, job: Job) -> list[_Job]:
    """Give the pipeline's failed jobs, those that may not fail first, then in the order of time."""
    pipeline = job.first("CI_PIPELINE_ID")
    if pipeline is None:
        return []
    found: list[_Job] = []
    for page in range(1, _PAGES_MAX + 1):
        params = {"scope[]": "failed", "per_page": "100", "page": str(page)}
        jobs = api.json(f"{project}/pipelines/{segment(pipeline)}/jobs", list[_Job], params)
        found += jobs
        if len(jobs) < 100:  # noqa: PLR2004 - the page's size
            break
    return sorted(found, key=lambda one: (one.allow_failure, one.finished_at or "~", one.id))
