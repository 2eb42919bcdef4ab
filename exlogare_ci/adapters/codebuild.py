"""AWS CodeBuild."""

import re
from collections.abc import Mapping

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Fields, Marker, is_set, no_files, rule

NAME = "codebuild"
TITLE = "AWS CodeBuild"
SOURCES: tuple[str, ...] = (
    "https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html",
    "https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
)
MARKERS: tuple[Marker, ...] = (is_set("CODEBUILD_BUILD_ARN"), is_set("CODEBUILD_BUILD_ID"))

_ARN = re.compile(
    r"arn:(aws[a-z-]{0,16}):codebuild:([a-z0-9-]{1,32}):([0-9]{1,12}):build/([^:/\s]{1,256}):([^:/\s]{1,64})"
)
_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
"""By the partition that an ARN names."""


def _project_name(build: str) -> str | None:
    """Take the CodeBuild project out of ``project:uuid``."""
    return build.partition(":")[0] or None


def _console_page(arn: str) -> str | None:
    hit = _ARN.fullmatch(arn)
    console = _CONSOLES.get(hit[1]) if hit else None
    if hit is None or console is None:
        return None
    region, account, project, build = hit.group(2, 3, 4, 5)
    path = f"codesuite/codebuild/{account}/projects/{project}/build/{project}%3A{build}/"
    return urls.web_url(f"https://{region}.{console}/{path}?region={region}")


def _branch(trigger: str) -> str | None:
    return clean.branch(trigger.removeprefix("branch/")) if trigger.startswith("branch/") else None


def _tag(trigger: str) -> str | None:
    return clean.tag(trigger.removeprefix("tag/")) if trigger.startswith("tag/") else None


def _pull_request(value: str) -> str | None:
    return clean.pull_request(value.removeprefix("pr/")) if value.startswith("pr/") else None


def _status(flag: str) -> str | None:
    """Put the build's result so far into the words that CodeBuild has for a build."""
    return {"1": "SUCCEEDED", "0": "FAILED"}.get(flag)


_PAGES = (
    rule("CODEBUILD_PUBLIC_BUILD_URL", make=urls.web_url, note="only there for projects with public builds"),
    rule("CODEBUILD_BUILD_ARN", make=_console_page),
)

FIELDS: Fields = {
    "project": (rule("CODEBUILD_SOURCE_REPO_URL", make=urls.slug, note="may be a bucket, or empty in CodePipeline"),),
    "run_id": (rule("CODEBUILD_BUILD_ID", note="the project's name, a colon and an id"),),
    "build_number": (rule("CODEBUILD_BUILD_NUMBER"),),
    "job_name": (rule("CODEBUILD_BATCH_BUILD_IDENTIFIER"), rule("CODEBUILD_BUILD_ID", make=_project_name)),
    "branch": (
        rule("CODEBUILD_WEBHOOK_HEAD_REF", make=clean.branch_of_ref, partial=True),
        rule("CODEBUILD_WEBHOOK_TRIGGER", make=_branch, partial=True),
    ),
    "tag": (rule("CODEBUILD_WEBHOOK_TRIGGER", make=_tag, partial=True),),
    "commit_sha": (
        rule("CODEBUILD_RESOLVED_SOURCE_VERSION", make=clean.commit, note="not there for sources in a bucket"),
    ),
    "build_url": _PAGES,
    "job_url": _PAGES,
    "pull_request": (
        rule("CODEBUILD_WEBHOOK_TRIGGER", make=_pull_request, partial=True),
        rule("CODEBUILD_SOURCE_VERSION", make=_pull_request, partial=True),
    ),
    "remote_url": (rule("CODEBUILD_SOURCE_REPO_URL", make=urls.remote_url),),
    "status": (rule("CODEBUILD_BUILD_SUCCEEDING", make=_status, note="of the phases so far"),),
    "workspace": (rule("CODEBUILD_SRC_DIR"),),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "CODEBUILD_WEBHOOK_BASE_REF": ("branch", "it is the target branch"),
}
facts = no_files
