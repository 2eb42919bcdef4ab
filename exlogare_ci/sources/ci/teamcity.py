"""TeamCity: the build's log, with the credentials that each build has of its own, or an access token."""

import re
from collections.abc import Mapping

import msgspec

from exlogare_ci.sources.ci.model import Job, Log, LogSourceError, basic, bearer

NAME = "teamcity"
CI = "teamcity"
TITLE = "TeamCity"
DOCS: tuple[str, ...] = (
    "https://www.jetbrains.com/help/teamcity/build-log.html#Integration+with+Log+Analysis+Tools",
    "https://www.jetbrains.com/help/teamcity/predefined-build-parameters.html",
    "https://www.jetbrains.com/help/teamcity/artifact-dependencies.html#Build-level+authentication",
    "https://www.jetbrains.com/help/teamcity/rest/build.html",
)
TOKENS: tuple[str, ...] = ("TEAMCITY_TOKEN",)
NEEDS = "the permission to view the build"
ADD = (
    "Nothing is needed where TEAMCITY_BUILD_PROPERTIES_FILE can be read: hand it on to the container that the "
    "step runs in. Else give an access token in TEAMCITY_TOKEN (a password parameter, env.TEAMCITY_TOKEN), or "
    "wrap the failing command: exl run -- COMMAND"
)
ANONYMOUS = False
SELECTS = "the build's whole log so far"

_FILE_VARIABLE = "TEAMCITY_BUILD_PROPERTIES_FILE"
_SECOND_FILE = "teamcity.configuration.properties.file"
_PREFIX = "system."
_BUILD_ID = re.compile(r"[0-9]{1,18}")
_CANCELLED = "UNKNOWN"  # "UNKNOWN for canceled builds", https://www.jetbrains.com/help/teamcity/rest/build.html


class _Build(msgspec.Struct):
    status: str | None = None


def ready(job: Job) -> bool:
    """See ``Source``: the build's own credentials, or a token."""
    entries = _entries(job)
    return _credentials(job, entries) != ({}, "") and "teamcity.build.id" in entries


def fetch(job: Job) -> Log:
    """See ``Source``."""
    entries = _entries(job)
    headers, prefix = _credentials(job, entries)
    build, server = _place(entries)
    excerpt, _ = job.connect(job.root(server), headers).text(f"{prefix}/downloadBuildLog.html", {"buildId": build})
    return Log(excerpt=excerpt, what="this build")


def status(job: Job) -> str:
    """Ask how the running build stands, which no variable tells.

    A step that is run always must know it, and so must one of the mode *if the build failed*, which runs after a
    success, too. The credentials are those of ``fetch``; only a status is asked for, with
    ``GET /app/rest/builds/id:N?fields=status`` (https://www.jetbrains.com/help/teamcity/rest/build.html).

    Args:
        job: the job.

    Returns:
        ``SUCCESS`` (without errors so far), ``FAILURE``, ``ERROR`` or ``CANCELED``.

    Raises:
        LogSourceError: it cannot be had.
    """
    entries = _entries(job)
    headers, prefix = _credentials(job, entries)
    if not headers:
        raise LogSourceError("TeamCity cannot be asked for the build's status: there is no token for its API.", ADD)
    build, server = _place(entries)
    if not _BUILD_ID.fullmatch(build):
        raise LogSourceError("teamcity.build.id is no number, so TeamCity cannot be asked for the build's status.", ADD)
    api = job.connect(job.root(server), headers)
    told = api.json(f"{prefix}/app/rest/builds/id:{build}", _Build, {"fields": "status"}).status
    if not told:
        raise LogSourceError("TeamCity told no status of this build.", "Check that EXLOGARE_CI_API_URL is its address.")
    return "CANCELED" if told.upper() == _CANCELLED else told


def _place(entries: Mapping[str, str]) -> tuple[str, str]:
    """Give the build's id and the server."""
    build, server = entries.get("teamcity.build.id"), entries.get("teamcity.serverUrl")
    if not build or not server:
        raise LogSourceError(
            "The files that TEAMCITY_BUILD_PROPERTIES_FILE leads to tell neither build nor server.",
            "Hand that variable, and the folder of its file, on to the container that the step runs in.",
        )
    return build, server


def _credentials(job: Job, entries: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Give the headers and the path's prefix that goes with them; nothing when there are none."""
    token = job.token(*TOKENS)
    if token is not None:
        return bearer(token), ""
    user, password = entries.get("teamcity.auth.userId"), entries.get("teamcity.auth.password")
    return (basic(user, password), "/httpAuth") if user and password else ({}, "")


def _entries(job: Job) -> dict[str, str]:
    """Read the file with the system properties, and the one with the parameters that it names."""
    path = job.first(_FILE_VARIABLE)
    first = job.read_properties(path) if path else {}
    second = job.read_properties(first[_SECOND_FILE]) if first.get(_SECOND_FILE) else {}
    return {name.removeprefix(_PREFIX): value for name, value in (*second.items(), *first.items()) if value}
