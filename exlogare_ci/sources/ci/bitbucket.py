"""Bitbucket Pipelines: this step's log. It moves to a store when the step has ended: a redirect, no token."""

from exlogare_ci.sources.ci.model import Job, Log, bearer, segment, segments

NAME = "bitbucket"
CI = "bitbucket"
TITLE = "Bitbucket"
DOCS: tuple[str, ...] = (
    "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pipelines/",
    "https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/",
    "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/",
)
TOKENS: tuple[str, ...] = ("BITBUCKET_ACCESS_TOKEN",)
NEEDS = "the scope pipeline (Pipelines: read)"
ADD = (
    "Wrap the failing command: exl run -- COMMAND. Or add a repository access token with Pipelines: read as the "
    "secured variable BITBUCKET_ACCESS_TOKEN and run exl ingest in `after-script`."
)
ANONYMOUS = False
SELECTS = "the step's whole log so far"


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``."""
    api = job.connect(job.root("https://api.bitbucket.org"), bearer(job.token(*TOKENS)))
    path = (
        f"/2.0/repositories/{segments(job.need('BITBUCKET_REPO_FULL_NAME'))}"
        f"/pipelines/{segment(job.need('BITBUCKET_PIPELINE_UUID'))}"
        f"/steps/{segment(job.need('BITBUCKET_STEP_UUID'))}/log"
    )
    excerpt, _ = api.text(path, accept="*/*")  # it sends application/octet-stream and refuses narrower wishes
    return Log(excerpt=excerpt, what="this step")
