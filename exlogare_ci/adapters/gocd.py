"""GoCD. What stands in the variables of its materials has the material's name at the end when it has one."""

from collections.abc import Mapping
from urllib.parse import quote

from exlogare_ci.adapters import clean, urls
from exlogare_ci.adapters.base import Env, Fields, Found, Marker, ReadText, is_set, rule

NAME = "gocd"
TITLE = "GoCD"
SOURCES: tuple[str, ...] = (
    "https://docs.gocd.org/current/faq/dev_use_current_revision_in_build.html#standard-gocd-environment-variables",
    "https://github.com/gocd/gocd/blob/master/domain/src/main/java/com/thoughtworks/go/config/materials/git/GitMaterial.java",
)
MARKERS: tuple[Marker, ...] = (is_set("GO_PIPELINE_NAME", also=("GO_SERVER_URL",)),)

_OF_ONE_MATERIAL = ("GO_REVISION", "GO_MATERIAL_URL", "GO_MATERIAL_BRANCH")


def _run(pipeline: str, counter: str) -> str:
    return f"{pipeline}/{counter}"


def _revision(value: str) -> str | None:
    """Take a revision of any version control system; git's are commits, Subversion's are numbers."""
    return value if value.isprintable() and " " not in value and "/" not in value else None


def _pipeline_page(server: str, pipeline: str, counter: str) -> str | None:
    return urls.web_url(f"{server.rstrip('/')}/pipelines/value_stream_map/{quote(pipeline)}/{quote(counter)}")


def _job_page(server: str, *names: str) -> str | None:
    return urls.web_url(f"{server.rstrip('/')}/tab/build/detail/{'/'.join(quote(name) for name in names)}")


_RUN = ("GO_PIPELINE_NAME", "GO_PIPELINE_COUNTER")

FIELDS: Fields = {
    "project": (
        rule("GO_MATERIAL_URL", make=urls.slug),
        rule("GO_MATERIAL_URL_*", make=urls.slug, note="used when there is exactly one"),
        rule("GO_PIPELINE_NAME"),
    ),
    "run_id": (rule(*_RUN, make=_run),),
    "build_number": (rule("GO_PIPELINE_LABEL"),),
    "job_name": (rule("GO_JOB_NAME"),),
    "stage": (rule("GO_STAGE_NAME"),),
    "branch": (
        rule("GO_MATERIAL_BRANCH", make=clean.branch),
        rule("GO_MATERIAL_BRANCH_*", make=clean.branch, note="used when there is exactly one"),
    ),
    "commit_sha": (
        rule("GO_REVISION", make=_revision),
        rule("GO_REVISION_*", make=_revision, note="used when there is exactly one"),
    ),
    "build_url": (rule("GO_SERVER_URL", *_RUN, make=_pipeline_page),),
    "job_url": (rule("GO_SERVER_URL", *_RUN, "GO_STAGE_NAME", "GO_STAGE_COUNTER", "GO_JOB_NAME", make=_job_page),),
    "remote_url": (
        rule("GO_MATERIAL_URL", make=urls.remote_url),
        rule("GO_MATERIAL_URL_*", make=urls.remote_url, note="used when there is exactly one"),
    ),
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "GO_FROM_REVISION": ("commit_sha", "it is the oldest of the revisions that are new in this run"),
}


def facts(env: Env, read_text: ReadText, /) -> Found:
    """Give what is known of the only material of a pipeline whose material has a name.

    Args:
        env: has ``GO_REVISION_<NAME>`` and the like for each material.
        read_text: not used.

    Returns:
        Facts named ``GO_REVISION_*`` and so on, each only when all such variables have one value.
    """
    del read_text
    told = {}
    for name in _OF_ONE_MATERIAL:
        values = {value for key, value in env.items() if key.startswith(f"{name}_")}
        if len(values) == 1:
            told[f"{name}_*"] = values.pop()
    return Found(told)
