"""Jenkins: the build's console log, by ``progressiveText``, or ``consoleText`` where that is not there."""

from exlogare_ci.sources.ci.model import USER_VARIABLE, Api, Job, Log, LogSourceError, basic
from exlogare_ci.sources.ci.parts import concatenate
from exlogare_ci.sources.excerpt import Excerpt

NAME = "jenkins"
CI = "jenkins"
TITLE = "Jenkins"
DOCS: tuple[str, ...] = (
    "https://www.jenkins.io/doc/book/using/remote-access-api/",
    "https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/",
    "https://github.com/jenkinsci/jenkins/blob/master/core/src/main/resources/lib/hudson/progressive-text.js",
)
TOKENS: tuple[str, ...] = ("JENKINS_API_TOKEN",)
NEEDS = "a user (in JENKINS_USER_ID) who may read the job"
ADD = (
    "Add JENKINS_USER_ID and JENKINS_API_TOKEN with withCredentials; or, with no token at all, wrap the failing "
    "command: exl run -- COMMAND"
)
ANONYMOUS = True
SELECTS = "the build's whole console log so far"

_ROUNDS_MAX = 5
"""The log of a running build grows while it is read; what comes later is our own output."""


def _headers(job: Job) -> dict[str, str]:
    user, token = job.first(USER_VARIABLE, "JENKINS_USER_ID"), job.token(*TOKENS)
    return basic(user, token) if user and token else {}


def ready(job: Job) -> bool:
    """See ``Source``: a user and a token, both."""
    return bool(_headers(job))


def fetch(job: Job) -> Log:
    """See ``Source``."""
    api = job.connect(job.need("BUILD_URL"), _headers(job))
    try:
        excerpt = _progressive(api)
    except LogSourceError as error:
        if error.status != 404:  # noqa: PLR2004 - a proxy may let only some paths through
            raise
        excerpt, _ = api.text("/consoleText")
    return Log(excerpt=excerpt, what="the build's console log")


def _progressive(api: Api) -> Excerpt:
    """Read until the end as it is now: ``X-Text-Size`` is where to go on, ``X-More-Data`` that the build runs."""
    parts: list[Excerpt] = []
    start = 0
    for _ in range(_ROUNDS_MAX):
        part, headers = api.text("/logText/progressiveText", {"start": str(start)})
        parts.append(part)
        size = headers.get("x-text-size", "")
        if headers.get("x-more-data") != "true" or not size.isdecimal() or int(size) <= start or not part.data:
            break
        start = int(size)
    return concatenate(parts)
