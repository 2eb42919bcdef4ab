"""Jenkins: core, the multibranch, git, GitHub pull request builder and GitLab plugins."""

from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_set, no_files, rule, starts_with

NAME = "jenkins"
TITLE = "Jenkins"
SOURCES: tuple[str, ...] = (
    "https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables",
    "https://plugins.jenkins.io/git/#plugin-content-environment-variables",
    "https://github.com/jenkinsci/branch-api-plugin",
    "https://github.com/jenkins-infra/plugins-wiki-docs/blob/master/ghprb/README.md",
    "https://plugins.jenkins.io/gitlab-plugin",
)
# JENKINS_URL and BUILD_URL are only there when an administrator has entered the server's own address.
MARKERS: tuple[Marker, ...] = (
    is_set("JENKINS_URL"),
    is_set("JENKINS_HOME"),
    is_set("HUDSON_URL"),
    starts_with("BUILD_TAG", "jenkins-"),
)

_PR = ("CHANGE_ID", "ghprbPullId")
_PR_BRANCH = "then it is PR-N, or the target branch"

FIELDS: Fields = {
    "project": (rule("GIT_URL", make=urls.slug), rule("GIT_URL_1", make=urls.slug)),
    "run_id": (rule("BUILD_TAG"),),
    "build_number": (rule("BUILD_NUMBER"),),
    "job_name": (rule("JOB_NAME"),),
    "stage": (rule("STAGE_NAME"),),
    "branch": (
        rule("CHANGE_BRANCH", make=clean.branch),
        rule("ghprbSourceBranch", make=clean.branch),
        rule("gitlabSourceBranch", make=clean.branch),
        rule("BRANCH_NAME", make=clean.branch, unless=_PR, note=_PR_BRANCH),
        rule("GIT_LOCAL_BRANCH", make=clean.branch, unless=_PR, note=_PR_BRANCH),
        rule("GIT_BRANCH", make=clean.branch, unless=_PR, note=_PR_BRANCH),
    ),
    "tag": (
        rule("TAG_NAME", make=clean.tag),
        rule("GIT_BRANCH", make=clean.tag_of_ref, partial=True),
    ),
    "commit_sha": (
        rule("ghprbActualCommit", make=clean.commit),
        rule("gitlabMergeRequestLastCommit", make=clean.commit),
        rule("GIT_COMMIT", make=clean.commit),
    ),
    "build_url": (rule("BUILD_URL", make=urls.web_url),),
    "job_url": (rule("BUILD_URL", make=urls.web_url),),
    "pull_request": (
        rule("CHANGE_ID", make=clean.pull_request),
        rule("ghprbPullId", make=clean.pull_request),
        rule("gitlabMergeRequestIid", make=clean.pull_request),
    ),
    "remote_url": (rule("GIT_URL", make=urls.remote_url), rule("GIT_URL_1", make=urls.remote_url)),
    "workspace": (rule("WORKSPACE"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "JOB_URL": ("job_url", "it is the page of the job's definition, not of this build"),
    "gitlabMergeRequestId": ("pull_request", "it is the id in the whole GitLab instance, not the number"),
}
facts = no_files
