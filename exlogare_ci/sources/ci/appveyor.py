"""AppVeyor: this job's log."""

from exlogare_ci.sources.ci.model import Job, Log, bearer, segment

NAME = "appveyor"
CI = "appveyor"
TITLE = "AppVeyor"
DOCS: tuple[str, ...] = (
    "https://www.appveyor.com/docs/api/projects-builds/#download-build-log",
    "https://www.appveyor.com/docs/api/#authentication",
)
TOKENS: tuple[str, ...] = ("APPVEYOR_API_TOKEN", "APPVEYOR_TOKEN")
NEEDS = "to be a key of the account that the project is in"
ADD = (
    "Add an API key as the secure variable APPVEYOR_API_TOKEN and run exl ingest in `on_failure`; or wrap the "
    "failing command: exl run -- COMMAND"
)
ANONYMOUS = True
SELECTS = "the job's whole log so far"


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``."""
    token = job.token(*TOKENS)
    api = job.connect(job.root(job.first("APPVEYOR_URL") or "https://ci.appveyor.com"), bearer(token))
    # A user's key, unlike an account's, is good for several accounts, so that the path has to name one.
    account = f"/account/{segment(job.need('APPVEYOR_ACCOUNT_NAME'))}" if (token or "").startswith("v2.") else ""
    excerpt, _ = api.text(f"/api{account}/buildjobs/{segment(job.need('APPVEYOR_JOB_ID'))}/log")
    return Log(excerpt=excerpt, what="this job")
