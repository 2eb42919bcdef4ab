"""Azure Pipelines: the logs of the failed tasks, which the build's timeline names."""

import msgspec

from exlogare_ci.sources.ci.model import Job, Log, LogSourceError, bearer, segment
from exlogare_ci.sources.ci.parts import join, names

NAME = "azure"
CI = "azure"
TITLE = "Azure Pipelines"
DOCS: tuple[str, ...] = (
    "https://learn.microsoft.com/en-us/rest/api/azure/devops/build/timeline/get?view=azure-devops-rest-7.1",
    "https://learn.microsoft.com/en-us/rest/api/azure/devops/build/builds/get-build-log?view=azure-devops-rest-7.1",
    "https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables#systemaccesstoken",
)
TOKENS: tuple[str, ...] = ("SYSTEM_ACCESSTOKEN",)
NEEDS = "the permission to view builds"
ADD = (
    "Add `env: {SYSTEM_ACCESSTOKEN: $(System.AccessToken)}` to a step with `condition: failed()` that runs "
    "exl ingest; or wrap the failing command: exl run -- COMMAND"
)
ANONYMOUS = False
SELECTS = "the failed tasks of this job; of the whole build when none of this job failed"

_TASKS_MAX = 50
_VERSION = {"api-version": "6.0"}


class _LogReference(msgspec.Struct):
    id: int


class _Record(msgspec.Struct, rename="camel"):
    type: str = ""
    name: str = ""
    result: str | None = None
    parent_id: str | None = None
    order: int | None = None
    finish_time: str | None = None
    log: _LogReference | None = None


class _Timeline(msgspec.Struct):
    records: list[_Record] = []


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``."""
    collection = job.root(job.need("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"))
    api = job.connect(collection, bearer(job.token(*TOKENS)))
    project = job.first("SYSTEM_TEAMPROJECTID") or job.need("SYSTEM_TEAMPROJECT")
    build = f"/{segment(project)}/_apis/build/builds/{segment(job.need('BUILD_BUILDID'))}"
    # A build that has only begun has no timeline: the answer is 204 or null.
    timeline = api.json(f"{build}/timeline", _Timeline | None, _VERSION)  # type: ignore[arg-type]
    tasks = _failed(timeline.records if timeline else [], job.first("SYSTEM_JOBID"))
    if not tasks:
        raise LogSourceError(
            "No task of this build has failed yet, as far as Azure Pipelines tells.",
            "Run exl ingest in a later step with `condition: failed()`, or wrap the command: exl run -- COMMAND",
        )
    parts = [
        (f"task {task.name}", api.text(f"{build}/logs/{task.log.id}", _VERSION)[0])
        for task in tasks[:_TASKS_MAX]
        if task.log is not None
    ]
    return Log(excerpt=join(parts), what=f"task {names(task.name for task in tasks)}")


def _failed(records: list[_Record], own_job: str | None) -> list[_Record]:
    tasks = [one for one in records if one.type == "Task" and one.result == "failed" and one.log is not None]
    own = [task for task in tasks if task.parent_id == own_job]
    return sorted(own or tasks, key=lambda task: (task.finish_time or "~", task.order or 0))
