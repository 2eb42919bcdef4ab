"""The words that the services use for how a job ended."""

from exlogare_server.errors import BadRequestError

_JENKINS = "success failure unstable aborted not_built"
_CIRCLECI = "success failed failing error errored canceled cancelled timedout unauthorized blocked running"
_TEAMCITY = "success failure failed error canceled cancelled running"
_DRONE = "success failure failed error errored killed skipped blocked declined running pending"

# The endpoint's name for people, and its words. The generic endpoint takes any.
VOCABULARIES: dict[str, tuple[str, frozenset[str]]] = {
    "jenkins": ("Jenkins", frozenset(_JENKINS.split())),
    "circleci": ("CircleCI", frozenset(_CIRCLECI.split())),
    "teamcity": ("TeamCity", frozenset(_TEAMCITY.split())),
    "drone": ("Drone", frozenset(_DRONE.split())),
}

# Every other status, unknown ones included, is a failure.
NO_FAILURES = frozenset(
    ("success", "passed", "ok", "skipped", "running", "pending", "queued", "blocked", "declined", "not_built")
)


def check(endpoint: str, status: str) -> None:
    """Refuse a status that the service does not have.

    Raises:
        BadRequestError: the endpoint has a vocabulary and this is not in it.
    """
    name, words = VOCABULARIES.get(endpoint, ("", None))
    if words is not None and status.lower() not in words:
        raise BadRequestError(f"Unknown {name} status: {status!r}")


def is_failure(status: str) -> bool:
    """Say whether a status counts as a failure."""
    return status.lower() not in NO_FAILURES
