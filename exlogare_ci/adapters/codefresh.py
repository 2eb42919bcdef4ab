"""Codefresh. Its pipelines are jobs: a build runs one."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_set, no_files, rule

NAME = "codefresh"
TITLE = "Codefresh"
SOURCES: tuple[str, ...] = ("https://codefresh.io/docs/docs/pipelines/variables/#system-variables",)
# Cloudflare Pages has variables that start with CF_, too, but no CF_BUILD_ID.
MARKERS: tuple[Marker, ...] = (is_set("CF_BUILD_ID"),)


def _slug(owner: str, name: str) -> str:
    return f"{owner}/{name}"


FIELDS: Fields = {
    "project": (rule("CF_REPO_OWNER", "CF_REPO_NAME", make=_slug),),
    "run_id": (rule("CF_BUILD_ID"),),
    "job_name": (rule("CF_PIPELINE_NAME"),),
    "step": (rule("CF_STEP_NAME"),),
    "branch": (rule("CF_BRANCH", make=clean.branch, note="may be a tag"),),
    "tag": (rule("CF_RELEASE_TAG", make=clean.tag), rule("CF_BRANCH", make=clean.tag_of_ref, partial=True)),
    "commit_sha": (rule("CF_REVISION", make=clean.commit, note="abbreviated on Bitbucket's pull requests"),),
    "build_url": (rule("CF_BUILD_URL", make=urls.web_url),),
    "job_url": (rule("CF_BUILD_URL", make=urls.web_url),),
    "pull_request": (rule("CF_PULL_REQUEST_NUMBER", make=clean.pull_request),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "CF_PULL_REQUEST_ID": ("pull_request", "it may be the id in the whole service, not the number"),
    "CF_PULL_REQUEST_TARGET": ("branch", "it is the target branch"),
    "CF_BASE_BRANCH": ("branch", "it is the branch that a tag was made from"),
}
facts = no_files
