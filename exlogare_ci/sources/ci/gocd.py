"""GoCD: this job's console log, which the server serves among its artefacts."""

from exlogare_ci.sources.ci.model import USER_VARIABLE, Job, Log, basic, bearer, segment

NAME = "gocd"
CI = "gocd"
TITLE = "GoCD"
DOCS: tuple[str, ...] = (
    "https://docs.gocd.org/current/configuration/managing_artifacts_and_reports.html",
    "https://docs.gocd.org/current/faq/dev_use_current_revision_in_build.html",
    "https://docs.gocd.org/current/configuration/access_tokens.html",
)
TOKENS: tuple[str, ...] = ("GOCD_ACCESS_TOKEN",)
NEEDS = "to be the token of a user who may view the pipeline"
ADD = (
    "Add a personal access token as the secure variable GOCD_ACCESS_TOKEN and run exl ingest in a task with "
    '<runif status="failed"/>; or wrap the failing command: exl run -- COMMAND'
)
ANONYMOUS = True
SELECTS = "the job's whole console log so far"

_PATH = ("GO_PIPELINE_NAME", "GO_PIPELINE_COUNTER", "GO_STAGE_NAME", "GO_STAGE_COUNTER", "GO_JOB_NAME")


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``; with ``EXLOGARE_CI_USER`` the token is that user's password."""
    user, token = job.first(USER_VARIABLE), job.token(*TOKENS)
    api = job.connect(job.root(job.need("GO_SERVER_URL")), basic(user, token) if user and token else bearer(token))
    path = "/".join(segment(job.need(name)) for name in _PATH)
    excerpt, _ = api.text(f"/files/{path}/cruise-output/console.log")
    return Log(excerpt=excerpt, what="this job's console log")
