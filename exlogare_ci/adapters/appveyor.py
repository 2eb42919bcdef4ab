"""AppVeyor."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_true, no_files, rule

NAME = "appveyor"
TITLE = "AppVeyor"
SOURCES: tuple[str, ...] = ("https://www.appveyor.com/docs/environment-variables/",)
MARKERS: tuple[Marker, ...] = (is_true("APPVEYOR"),)

_PR = ("APPVEYOR_PULL_REQUEST_NUMBER",)
_BASE = "then it is the target branch"
_HOSTS = {"github": "github.com", "bitbucket": "bitbucket.org", "gitlab": "gitlab.com"}
"""By the provider in lower case: the page writes ``github``, builds have ``gitHub``."""


def _project(account: str, project: str) -> str:
    return f"{account}/{project}"


def _build_page(server: str, account: str, project: str, build: str) -> str | None:
    return urls.web_url(f"{server.rstrip('/')}/project/{account}/{project}/builds/{build}")


def _job_page(server: str, account: str, project: str, build: str, job: str) -> str | None:
    return urls.web_url(f"{server.rstrip('/')}/project/{account}/{project}/builds/{build}/job/{job}")


def _clone_url(repository: str, provider: str) -> str | None:
    host = _HOSTS.get(provider.casefold())
    return urls.remote_url(f"https://{host}/{repository}.git") if host else None


_PROJECT = ("APPVEYOR_ACCOUNT_NAME", "APPVEYOR_PROJECT_SLUG")
_BUILD = ("APPVEYOR_URL", *_PROJECT, "APPVEYOR_BUILD_ID")

FIELDS: Fields = {
    "project": (rule("APPVEYOR_REPO_NAME"), rule(*_PROJECT, make=_project)),
    "run_id": (rule("APPVEYOR_BUILD_ID"),),
    "build_number": (rule("APPVEYOR_BUILD_NUMBER"),),
    "job_name": (rule("APPVEYOR_JOB_NAME"),),
    "job_id": (rule("APPVEYOR_JOB_ID"),),
    "branch": (
        rule("APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH", make=clean.branch),
        rule("APPVEYOR_REPO_BRANCH", make=clean.branch, unless=_PR, note=_BASE),
    ),
    "tag": (rule("APPVEYOR_REPO_TAG_NAME", make=clean.tag),),
    "commit_sha": (
        rule("APPVEYOR_PULL_REQUEST_HEAD_COMMIT", make=clean.commit),
        rule("APPVEYOR_REPO_COMMIT", make=clean.commit, note="on a pull request it is the merge commit"),
    ),
    "build_url": (rule(*_BUILD, make=_build_page),),
    "job_url": (rule(*_BUILD, "APPVEYOR_JOB_ID", make=_job_page), rule(*_BUILD, make=_build_page)),
    "pull_request": (rule("APPVEYOR_PULL_REQUEST_NUMBER", make=clean.pull_request),),
    "remote_url": (
        rule(
            "APPVEYOR_REPO_NAME",
            "APPVEYOR_REPO_PROVIDER",
            make=_clone_url,
            note="known for github.com, bitbucket.org and gitlab.com",
        ),
    ),
    "workspace": (rule("APPVEYOR_BUILD_FOLDER"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {}
facts = no_files
