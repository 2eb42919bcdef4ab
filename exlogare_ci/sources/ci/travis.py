"""Travis CI: this job's log, by API version 3."""

from exlogare_ci.sources.ci.model import Job, Log, segment

NAME = "travis"
CI = "travis"
TITLE = "Travis CI"
DOCS: tuple[str, ...] = (
    "https://developer.travis-ci.com/resource/log",
    "https://developer.travis-ci.com/authentication",
)
TOKENS: tuple[str, ...] = ("TRAVIS_API_TOKEN",)
NEEDS = "to be the token of somebody who sees the repository"
ADD = (
    "Add an API token as the variable TRAVIS_API_TOKEN, not shown in the log, and run exl ingest in "
    "`after_failure`; or wrap the failing command: exl run -- COMMAND"
)
ANONYMOUS = True
SELECTS = "the job's whole log so far"


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``; a server of one's own is named by ``EXLOGARE_CI_API_URL``."""
    token = job.token(*TOKENS)
    headers = {"Travis-API-Version": "3", **({"Authorization": f"token {token}"} if token else {})}
    api = job.connect(job.root("https://api.travis-ci.com"), headers)
    excerpt, _ = api.text(f"/v3/job/{segment(job.need('TRAVIS_JOB_ID'))}/log.txt")
    return Log(excerpt=excerpt, what="this job")
