"""The address of a commit, as far as the address of its run tells it.

Ingest gives the run's address and the commit's name, no repository. Of some services the one says where the other
is; of the rest nothing is guessed. No address is asked for: a wrong guess is a page that is not there.
"""

import re
from typing import Final
from urllib.parse import urlsplit

_SHA = re.compile(r"[0-9a-fA-F]{7,64}")
# The path of a run, whose first group is the repository, and where its commits are. Beside each, where it is described.
_FORMS: Final = (
    # https://docs.gitlab.com/ci/variables/predefined_variables/: CI_PIPELINE_URL, CI_JOB_URL
    (re.compile(r"(/.+?)/-/(?:pipelines|jobs)/\d+.*"), "{repository}/-/commit/{sha}"),
    # https://docs.github.com/en/actions/reference/workflows-and-actions/variables: GITHUB_SERVER_URL and more;
    # Gitea and Forgejo have the same form.
    (re.compile(r"(/[^/]+/[^/]+)/actions/runs/\d+.*"), "{repository}/commit/{sha}"),
    # https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/: BITBUCKET_GIT_HTTP_ORIGIN
    (re.compile(r"(/[^/]+/[^/]+)/pipelines/results/\d+.*"), "{repository}/commits/{sha}"),
)
# Services that name the host of the code in a run's path.
_HOSTS: Final = {"github": "github.com", "gh": "github.com", "bitbucket": "bitbucket.org", "gitlab": "gitlab.com"}
_ELSEWHERE: Final = (
    # https://circleci.com/docs/variables/: CIRCLE_BUILD_URL; /pipelines/github/org/repo/… and /github/org/repo/…
    re.compile(r"(?:app\.)?circleci\.com(?:/pipelines)?/(github|gh|bitbucket)/([^/]+/[^/]+)/.*"),
    # https://docs.travis-ci.com/user/environment-variables/: TRAVIS_BUILD_WEB_URL
    re.compile(r"app\.travis-ci\.com/(github|bitbucket|gitlab)/([^/]+/[^/]+)/(?:builds|jobs)/.*"),
)
_COMMIT: Final = {"github.com": "commit", "bitbucket.org": "commits", "gitlab.com": "-/commit"}


def commit_address(run_url: str | None, sha: str | None) -> str | None:
    """Give the address of a commit.

    Args:
        run_url: of the run; ``http`` or ``https``, as ingest checks it.
        sha: the commit's name.

    Returns:
        The address; ``None`` when the run's address does not say where the commit is.
    """
    if not run_url or not sha or not _SHA.fullmatch(sha):
        return None
    try:
        parts = urlsplit(run_url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    for place in _ELSEWHERE:
        found = place.fullmatch(f"{parts.hostname}{parts.path}")
        if found:
            host = _HOSTS[found[1]]
            return f"https://{host}/{found[2]}/{_COMMIT[host]}/{sha}"
    for form, commit in _FORMS:
        found = form.fullmatch(parts.path)
        if found:
            # Without what may stand before an @: a name and a password have no place in a link.
            host = parts.netloc.rpartition("@")[2]
            return f"{parts.scheme}://{host}" + commit.format(repository=found[1], sha=sha)
    return None
