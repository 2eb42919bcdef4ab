"""Bamboo. Its variables have small letters, but for Windows, where all names are in capitals."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_set, no_files, rule

NAME = "bamboo"
TITLE = "Bamboo"
SOURCES: tuple[str, ...] = (
    "https://confluence.atlassian.com/bamboo/bamboo-variables-289277087.html",
    "https://confluence.atlassian.com/bamboo/using-plan-branches-289276872.html",
)
MARKERS: tuple[Marker, ...] = (is_set("bamboo_buildKey"), is_set("bamboo_planKey"))


def _plan_result(plan: str, number: str) -> str:
    """Make the key of the whole run; ``bamboo_buildResultKey`` is that of the one job."""
    return f"{plan}-{number}"


FIELDS: Fields = {
    "project": (rule("bamboo_planRepository_repositoryUrl", make=urls.slug),),
    "run_id": (rule("bamboo_planKey", "bamboo_buildNumber", make=_plan_result),),
    "build_number": (rule("bamboo_buildNumber"),),
    "job_name": (rule("bamboo_shortJobName"),),
    "job_id": (rule("bamboo_buildKey"),),
    "branch": (
        rule("bamboo_repository_pr_sourceBranch", make=clean.branch),
        rule("bamboo_planRepository_branchName", make=clean.branch),
    ),
    "commit_sha": (rule("bamboo_planRepository_revision", make=clean.commit),),
    "build_url": (rule("bamboo_resultsUrl", make=urls.web_url),),
    "job_url": (rule("bamboo_buildResultsUrl", make=urls.web_url),),
    "pull_request": (rule("bamboo_repository_pr_key", make=clean.pull_request),),
    "remote_url": (rule("bamboo_planRepository_repositoryUrl", make=urls.remote_url),),
    "workspace": (rule("bamboo_build_working_directory"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "bamboo_repository_pr_targetBranch": ("branch", "it is the target branch"),
    "bamboo_planName": ("project", "it is a title"),
}
facts = no_files
