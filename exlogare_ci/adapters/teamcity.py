"""TeamCity. Its variables tell little; the rest is in two properties files, one naming the other.

``TEAMCITY_BUILD_PROPERTIES_FILE`` names the file with the system properties (without ``system.``), and
``teamcity.configuration.properties.file`` in it the one with the configuration parameters. Both hold the
build's own credentials: only the entries that the rules below use are taken out of them.
"""

import re
from collections.abc import Mapping

from exlogare_ci.adapters import clean, properties, urls
from exlogare_ci.adapters.base import Env, Fields, Found, Marker, ReadText, is_set, rule
from exlogare_ci.adapters.model import PassedOver

NAME = "teamcity"
TITLE = "TeamCity"
SOURCES: tuple[str, ...] = (
    "https://www.jetbrains.com/help/teamcity/predefined-build-parameters.html",
    "https://www.jetbrains.com/help/teamcity/pull-requests.html#Predefined+build+parameters+for+pull+requests",
    "https://www.jetbrains.com/help/teamcity/build-results-page.html",
)
MARKERS: tuple[Marker, ...] = (is_set("TEAMCITY_VERSION"),)

FILE_VARIABLE = "TEAMCITY_BUILD_PROPERTIES_FILE"
SECOND_FILE_ENTRY = "teamcity.configuration.properties.file"
_DEFAULT_BRANCH = "<default>"
_ROOT_REVISION = "BUILD_VCS_NUMBER_"
_ONLY_REVISION = "BUILD_VCS_NUMBER_*"
_PR_BRANCH = re.compile(r"(?:pull-requests/|pull/|merge-requests/)?([0-9]{1,18})(?:/(?:head|merge|from))?")
_PR = ("teamcity.pullRequest.number",)
_SECRET_NAME = re.compile(r"password|passwd|secret|token|apikey|api_key|private", re.IGNORECASE)


def _logical_branch(value: str) -> str | None:
    """Take the logical branch; it is ``<default>`` on the default branch and a number on a pull request."""
    return None if value == _DEFAULT_BRANCH or _PR_BRANCH.fullmatch(value) else clean.branch(value)


def _pull_request_of_branch(value: str) -> str | None:
    hit = _PR_BRANCH.fullmatch(value)
    return clean.pull_request(hit[1]) if hit else None


def _default_branch(root_branch: str, logical: str) -> str | None:
    return clean.branch(root_branch) if logical == _DEFAULT_BRANCH else None


def _revision(value: str) -> str | None:
    """Take a revision of any version control system; git's are commits, Subversion's are numbers."""
    return None if value == "HEAD" or not value.isprintable() or " " in value else value


def _build_page(server: str, build: str) -> str | None:
    return urls.web_url(f"{server.rstrip('/')}/viewLog.html?buildId={build}")


_PAGES = (
    rule("BUILD_URL", make=urls.web_url),
    rule("teamcity.serverUrl", "teamcity.build.id", make=_build_page),
)

FIELDS: Fields = {
    "project": (rule("TEAMCITY_PROJECT_NAME"), rule("teamcity.projectName")),
    "run_id": (rule("teamcity.build.id"),),
    "build_number": (rule("BUILD_NUMBER"), rule("build.number")),
    "job_name": (rule("TEAMCITY_BUILDCONF_NAME"), rule("teamcity.buildConfName")),
    "job_id": (rule("teamcity.buildType.id"),),
    "branch": (
        rule("teamcity.pullRequest.source.branch", make=clean.branch),
        rule(
            "teamcity.build.branch",
            make=_logical_branch,
            unless=_PR,
            note="a pull request's number and <default> name no branch",
        ),
        rule("vcsroot.branch", "teamcity.build.branch", make=_default_branch, note="it is the default branch"),
        rule(
            "vcsroot.branch",
            make=clean.branch,
            unless=("teamcity.build.branch", *_PR),
            note="it is the default branch",
        ),
    ),
    "tag": (rule("teamcity.build.branch", make=clean.tag_of_ref, partial=True),),
    "commit_sha": (
        rule("BUILD_VCS_NUMBER", make=_revision),
        rule(_ONLY_REVISION, make=_revision, note="used when there is exactly one"),
        rule("build.vcs.number", make=_revision),
    ),
    "build_url": _PAGES,
    "job_url": _PAGES,
    "pull_request": (
        rule("teamcity.pullRequest.number", make=clean.pull_request),
        rule("teamcity.build.branch", make=_pull_request_of_branch, partial=True),
    ),
    "remote_url": (rule("vcsroot.url", make=urls.remote_url),),
    "workspace": (rule("teamcity.build.checkoutDir"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {}


def facts(env: Env, read_text: ReadText, /) -> Found:
    """Read the two properties files, and the revision of an only version control root.

    Args:
        env: names the first file in ``TEAMCITY_BUILD_PROPERTIES_FILE``.
        read_text: how to read a file.

    Returns:
        The entries that ``FIELDS`` uses, under their own names without ``system.``.
    """
    first, second, passed_over = _both_files(env, read_text)
    told = {}
    for name in _entry_names():
        value = first.get(name) or second.get(name) or second.get(f"system.{name}")
        if value:
            told[name] = value
    revisions = {value for name, value in env.items() if name.startswith(_ROOT_REVISION)}
    if len(revisions) == 1:
        told[_ONLY_REVISION] = revisions.pop()
    return Found(clean.environment(told), passed_over)


def secret_values(env: Env, read_text: ReadText) -> frozenset[str]:
    """Give the secrets that the two files hold, for the masking of logs.

    Args:
        env: names the first file in ``TEAMCITY_BUILD_PROPERTIES_FILE``.
        read_text: how to read a file.

    Returns:
        The values of every entry whose name looks secret, ``teamcity.auth.password`` above all.
    """
    first, second, _ = _both_files(env, read_text)
    entries = (*first.items(), *second.items())
    return frozenset(value for name, value in entries if value and _SECRET_NAME.search(name))


def _entry_names() -> frozenset[str]:
    """Collect the names with a dot: those are the files' entries, variables have none."""
    rules = [one for of_field in FIELDS.values() for one in of_field]
    return frozenset(name for one in rules for name in (*one.names, *one.unless) if "." in name)


def _both_files(env: Env, read_text: ReadText) -> tuple[dict[str, str], dict[str, str], tuple[PassedOver, ...]]:
    first = _file(env.get(FILE_VARIABLE), read_text)
    if first is None:
        return {}, {}, (PassedOver("run_id", FILE_VARIABLE, "the file cannot be read"),)
    second = _file(first.get(SECOND_FILE_ENTRY), read_text)
    if second is None:
        return first, {}, (PassedOver("branch", SECOND_FILE_ENTRY, "the file cannot be read"),)
    return first, second, ()


def _file(path: str | None, read_text: ReadText) -> dict[str, str] | None:
    """Read one file: nothing in it when there is no path, ``None`` when it cannot be read."""
    if path is None:
        return {}
    text = read_text(path)
    return None if text is None else properties.parse(text)
