"""Azure Pipelines, in Azure DevOps Services and Server."""

from collections.abc import Mapping
from urllib.parse import quote

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_true, no_files, rule

NAME = "azure"
TITLE = "Azure Pipelines"
SOURCES: tuple[str, ...] = (
    "https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables",
    "https://learn.microsoft.com/en-us/azure/devops/pipelines/process/run-number",
)
MARKERS: tuple[Marker, ...] = (is_true("TF_BUILD"),)

_PR = ("SYSTEM_PULLREQUEST_PULLREQUESTID", "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER")
_UNNAMED = "__default"


def _project(repository: str, provider: str, team_project: str) -> str:
    """Make a slug: in Azure Repos a repository's name is unique in its project only."""
    return f"{team_project}/{repository}" if provider.casefold() == "tfsgit" else repository


def _run_page(collection: str, project: str, build: str) -> str | None:
    return urls.web_url(f"{collection.rstrip('/')}/{quote(project)}/_build/results?buildId={build}")


def _job_page(collection: str, project: str, build: str, job: str) -> str | None:
    page = _run_page(collection, project, build)
    return page and urls.web_url(f"{page}&view=logs&j={job}")


def _named(value: str) -> str | None:
    """Take a name that somebody gave; a pipeline without stages or jobs has ``__default``."""
    return None if value == _UNNAMED else value


_RUN = ("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI", "SYSTEM_TEAMPROJECT", "BUILD_BUILDID")

FIELDS: Fields = {
    "project": (
        rule("BUILD_REPOSITORY_NAME", "BUILD_REPOSITORY_PROVIDER", "SYSTEM_TEAMPROJECT", make=_project),
        rule("BUILD_REPOSITORY_NAME"),
    ),
    "run_id": (rule("BUILD_BUILDID"),),
    "build_number": (rule("BUILD_BUILDNUMBER", note="free text, whatever the pipeline's name: says"),),
    "job_name": (rule("SYSTEM_JOBDISPLAYNAME"), rule("AGENT_JOBNAME", make=_named)),
    "job_id": (rule("SYSTEM_JOBID"),),
    "step": (rule("SYSTEM_TASKDISPLAYNAME"),),
    "stage": (rule("SYSTEM_STAGENAME", make=_named, note="a pipeline without stages has none"),),
    "branch": (
        rule("SYSTEM_PULLREQUEST_SOURCEBRANCH", make=clean.branch),
        rule("BUILD_SOURCEBRANCH", make=clean.branch_of_ref, unless=_PR, partial=True),
    ),
    "tag": (rule("BUILD_SOURCEBRANCH", make=clean.tag_of_ref, partial=True),),
    "commit_sha": (
        rule("SYSTEM_PULLREQUEST_SOURCECOMMITID", make=clean.commit),
        rule("BUILD_SOURCEVERSION", make=clean.commit, note="on a pull request it is the merge commit"),
    ),
    "build_url": (rule(*_RUN, make=_run_page),),
    "job_url": (rule(*_RUN, "SYSTEM_JOBID", make=_job_page), rule(*_RUN, make=_run_page)),
    "pull_request": (
        rule("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", make=clean.pull_request, note="only there for GitHub"),
        rule("BUILD_SOURCEBRANCH", make=clean.pull_request_of_ref, partial=True),
    ),
    "remote_url": (rule("BUILD_REPOSITORY_URI", make=urls.remote_url),),
    "status": (rule("AGENT_JOBSTATUS", make=clean.result, note="as it was when the step began"),),
    "workspace": (rule("BUILD_SOURCESDIRECTORY"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "BUILD_SOURCEBRANCHNAME": ("branch", "it is only what stands behind the last slash of the branch"),
    "SYSTEM_PULLREQUEST_PULLREQUESTID": (
        "pull_request",
        "for GitHub it is the id in the whole service; BUILD_SOURCEBRANCH has the number",
    ),
    "SYSTEM_PULLREQUEST_TARGETBRANCH": ("branch", "it is the target branch"),
}
facts = no_files
