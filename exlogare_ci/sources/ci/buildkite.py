"""Buildkite: this job's log by the REST API. The agent's own token cannot read it."""

from exlogare_ci.sources.ci.model import Job, Log, bearer, segment

NAME = "buildkite"
CI = "buildkite"
TITLE = "Buildkite"
DOCS: tuple[str, ...] = ("https://buildkite.com/docs/apis/rest-api/jobs#get-a-jobs-log-output",)
TOKENS: tuple[str, ...] = ("BUILDKITE_API_TOKEN",)
NEEDS = "the scope read_build_logs"
ADD = (
    "Set enable-job-log-tmpfile=true in the agent's configuration; or give the job an API token with the scope "
    "read_build_logs in BUILDKITE_API_TOKEN; or wrap the failing command: exl run -- COMMAND"
)
ANONYMOUS = False
SELECTS = "the job's whole log so far"


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``."""
    api = job.connect(job.root("https://api.buildkite.com"), bearer(job.token(*TOKENS)))
    path = (
        f"/v2/organizations/{segment(job.need('BUILDKITE_ORGANIZATION_SLUG'))}"
        f"/pipelines/{segment(job.need('BUILDKITE_PIPELINE_SLUG'))}"
        f"/builds/{segment(job.need('BUILDKITE_BUILD_NUMBER'))}/jobs/{segment(job.need('BUILDKITE_JOB_ID'))}/log"
    )
    excerpt, _ = api.text(path)
    return Log(excerpt=excerpt, what="this job")
