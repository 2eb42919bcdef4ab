"""Drone: the logs of the failed steps. A running step has none; those before it have."""

import msgspec

from exlogare_ci.sources.ci.model import Api, Job, Log, LogSourceError, bearer, segment, segments
from exlogare_ci.sources.ci.parts import join, names, of_text
from exlogare_ci.sources.excerpt import Excerpt

NAME = "drone"
CI = "drone"
TITLE = "Drone"
DOCS: tuple[str, ...] = (
    "https://docs.drone.io/api/builds/build_info/",
    "https://docs.drone.io/api/builds/build_logs/",
    "https://github.com/drone/drone-go/blob/master/drone/types.go",
)
TOKENS: tuple[str, ...] = ("DRONE_TOKEN",)
NEEDS = "read access to the repository"
ADD = (
    "Add DRONE_TOKEN from a secret to a step with `when: {status: [failure]}` that runs exl ingest; or wrap the "
    "failing command: exl run -- COMMAND"
)
ANONYMOUS = False
SELECTS = "the failed steps of this pipeline; of the whole build when none of this pipeline failed"

_FAILED = frozenset({"failure", "error", "killed"})
_STEPS_MAX = 50


class _Step(msgspec.Struct):
    number: int
    name: str = ""
    status: str = ""


class _Stage(msgspec.Struct):
    number: int
    steps: list[_Step] | None = None


class _Build(msgspec.Struct):
    stages: list[_Stage] | None = None


class _Line(msgspec.Struct):
    pos: int = 0
    out: str = ""


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``."""
    api = job.connect(_server(job), bearer(job.token(*TOKENS)))
    build = f"/api/repos/{segments(job.need('DRONE_REPO'))}/builds/{segment(job.need('DRONE_BUILD_NUMBER'))}"
    steps = _failed(api.json(build, _Build).stages or [], job.first("DRONE_STAGE_NUMBER"))
    if not steps:
        raise LogSourceError(
            "No step of this build has failed yet, and Drone has a step's log only once the step has ended.",
            "Run exl ingest in a later step with `when: {status: [failure]}`, or wrap the command: exl run -- COMMAND",
        )
    parts = [(f"step {step.name}", _read(api, f"{build}/logs/{stage.number}/{step.number}")) for stage, step in steps]
    return Log(excerpt=join(parts), what=f"step {names(step.name for _, step in steps)}",
               fields={"step": steps[0][1].name} if steps[0][1].name else {})  # fmt: skip


def _read(api: Api, path: str) -> Excerpt:
    lines = sorted(api.json(path, list[_Line] | None) or [], key=lambda line: line.pos)  # type: ignore[arg-type]
    return of_text(line.out for line in lines)


def _server(job: Job) -> str:
    named = job.first("DRONE_SERVER", "DRONE_SYSTEM_HOST", "DRONE_SYSTEM_HOSTNAME")
    if named is None:
        named = job.need("DRONE_SERVER")
    if "://" not in named:
        named = f"{job.first('DRONE_SYSTEM_PROTO') or 'https'}://{named}"
    return job.root(named)


def _failed(stages: list[_Stage], own: str | None) -> list[tuple[_Stage, _Step]]:
    failed = [(stage, step) for stage in stages for step in stage.steps or [] if step.status in _FAILED]
    return ([one for one in failed if str(one[0].number) == own] or failed)[:_STEPS_MAX]
