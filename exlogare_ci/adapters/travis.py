"""Travis CI."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_true, no_files, rule

NAME = "travis"
TITLE = "Travis CI"
SOURCES: tuple[str, ...] = (
    "https://docs.travis-ci.com/user/environment-variables/#default-environment-variables",
    "https://docs.travis-ci.com/user/job-lifecycle/",
)
MARKERS: tuple[Marker, ...] = (is_true("TRAVIS"),)

_PR = ("TRAVIS_PULL_REQUEST",)


def _status(code: str) -> str | None:
    """Put the result of the script phase so far into the words that Travis has for a job."""
    return {"0": "passed", "1": "failed"}.get(code)


FIELDS: Fields = {
    "project": (rule("TRAVIS_REPO_SLUG"),),
    "run_id": (rule("TRAVIS_BUILD_ID"),),
    "build_number": (rule("TRAVIS_BUILD_NUMBER"),),
    "job_name": (rule("TRAVIS_JOB_NAME"), rule("TRAVIS_JOB_NUMBER", note="such as 4.1; tells the legs of a matrix")),
    "job_id": (rule("TRAVIS_JOB_ID"),),
    "stage": (rule("TRAVIS_BUILD_STAGE_NAME"),),
    "branch": (
        rule("TRAVIS_PULL_REQUEST_BRANCH", make=clean.branch),
        rule("TRAVIS_BRANCH", make=clean.branch, unless=_PR, note="then it is the target branch"),
    ),
    "tag": (rule("TRAVIS_TAG", make=clean.tag),),
    "commit_sha": (
        rule("TRAVIS_PULL_REQUEST_SHA", make=clean.commit),
        rule("TRAVIS_COMMIT", make=clean.commit, note="on a pull request it is the merge commit"),
    ),
    "build_url": (rule("TRAVIS_BUILD_WEB_URL", make=urls.web_url),),
    "job_url": (rule("TRAVIS_JOB_WEB_URL", make=urls.web_url),),
    "pull_request": (rule("TRAVIS_PULL_REQUEST", make=clean.pull_request, note="false where there is none"),),
    "status": (rule("TRAVIS_TEST_RESULT", make=_status, note="of the script's commands so far"),),
    "workspace": (rule("TRAVIS_BUILD_DIR"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "TRAVIS_PULL_REQUEST_SLUG": ("project", "it is the repository that the pull request comes from"),
}
facts = no_files
