"""CircleCI. A job has one page, so that ``build_url`` and ``job_url`` are the same."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_true, no_files, rule

NAME = "circleci"
TITLE = "CircleCI"
SOURCES: tuple[str, ...] = (
    "https://circleci.com/docs/reference/variables/",
    "https://circleci.com/docs/guides/toolkit/api-developers-guide",
    "https://github.com/eddiewebb/circleci-queue/issues/132",
)
MARKERS: tuple[Marker, ...] = (is_true("CIRCLECI"),)


def _oauth_slug(owner: str, name: str, remote: str) -> str:
    """Make the API's slug of a GitHub OAuth or Bitbucket project; only those have a remote URL."""
    return f"{'bb' if urls.remote_host(remote) == 'bitbucket.org' else 'gh'}/{owner}/{name}"


def _standalone_slug(organization_id: str, project_id: str) -> str:
    """Make the API's slug of a GitHub App or GitLab project, where owner and name are only for display."""
    return f"circleci/{organization_id}/{project_id}"


def _github_slug(owner: str, name: str) -> str:
    return f"gh/{owner}/{name}"


def _expand_home(path: str, home: str) -> str | None:
    """Make ``~/project`` absolute; that is what the variable holds by default."""
    return f"{home.rstrip('/')}{path[1:]}" if path == "~" or path.startswith("~/") else None


def _absolute(path: str) -> str | None:
    return None if path.startswith("~") else path


FIELDS: Fields = {
    "project": (
        rule("CIRCLE_PROJECT_USERNAME", "CIRCLE_PROJECT_REPONAME", "CIRCLE_REPOSITORY_URL", make=_oauth_slug),
        rule("CIRCLE_ORGANIZATION_ID", "CIRCLE_PROJECT_ID", make=_standalone_slug),
        rule("CIRCLE_PROJECT_USERNAME", "CIRCLE_PROJECT_REPONAME", make=_github_slug),
    ),
    "run_id": (rule("CIRCLE_WORKFLOW_ID"),),
    "build_number": (rule("CIRCLE_BUILD_NUM"),),
    "job_name": (rule("CIRCLE_JOB"),),
    "job_id": (rule("CIRCLE_WORKFLOW_JOB_ID"),),
    "branch": (rule("CIRCLE_BRANCH", make=clean.branch),),
    "tag": (rule("CIRCLE_TAG", make=clean.tag),),
    "commit_sha": (rule("CIRCLE_SHA1", make=clean.commit),),
    "build_url": (rule("CIRCLE_BUILD_URL", make=urls.web_url),),
    "job_url": (rule("CIRCLE_BUILD_URL", make=urls.web_url),),
    "pull_request": (
        rule(
            "CIRCLE_PULL_REQUEST",
            make=clean.pull_request_of_url,
            note="the number at its end; one at random when the branch has several",
        ),
        rule("CIRCLE_PR_NUMBER", make=clean.pull_request, note="only there for forks"),
    ),
    "remote_url": (rule("CIRCLE_REPOSITORY_URL", make=urls.remote_url),),
    "workspace": (
        rule("CIRCLE_WORKING_DIRECTORY", "HOME", make=_expand_home, note="not below the home folder"),
        rule("CIRCLE_WORKING_DIRECTORY", make=_absolute, note="~ cannot be expanded without HOME"),
    ),
}
IGNORED: Mapping[str, tuple[str, str]] = {}
facts = no_files
