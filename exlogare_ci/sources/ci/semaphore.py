"""Semaphore: the output of this job's failed commands, which its log keeps apart as events."""

import msgspec

from exlogare_ci.sources.ci.model import Job, Log, segment
from exlogare_ci.sources.ci.parts import join, names, of_messages

NAME = "semaphore"
CI = "semaphore"
TITLE = "Semaphore"
DOCS: tuple[str, ...] = (
    "https://docs.semaphoreci.com/reference/api#get-job-logs",
    "https://docs.semaphoreci.com/reference/env-vars",
)
TOKENS: tuple[str, ...] = ("SEMAPHORE_API_TOKEN",)
NEEDS = "to be the token of a user or service account who sees the project"
ADD = (
    "Add a service account's API token as SEMAPHORE_API_TOKEN in a secret and run exl ingest in "
    "`epilogue: on_fail`; or wrap the failing command: exl run -- COMMAND"
)
ANONYMOUS = False
SELECTS = "the failed commands; all of the log when none has failed"


class _Event(msgspec.Struct):
    event: str = ""
    output: str | None = None
    directive: str | None = None
    exit_code: int | None = None


class _Events(msgspec.Struct):
    events: list[_Event] = []


class _Command(msgspec.Struct):
    """A command, its output so far, and its exit code once it has ended."""

    directive: str
    output: list[str] = []
    exit_code: int | None = None


def ready(job: Job) -> bool:
    """See ``Source``."""
    return job.token(*TOKENS) is not None


def fetch(job: Job) -> Log:
    """See ``Source``."""
    # "All API requests must set the User-Agent to SemaphoreCI v2.0 Client", says the reference.
    headers = {"Authorization": f"Token {job.token(*TOKENS) or ''}", "User-Agent": "SemaphoreCI v2.0 Client"}
    api = job.connect(job.root(job.need("SEMAPHORE_ORGANIZATION_URL")), headers)
    answer = api.json(f"/api/v1alpha/logs/{segment(job.need('SEMAPHORE_JOB_ID'))}", _Events)
    commands = _commands(answer.events)
    failed = [command for command in commands if command.exit_code not in (None, 0)]
    if not failed:
        return Log(excerpt=of_messages(text for command in commands for text in command.output), what="this job")
    parts = [(f"command {command.directive}", of_messages(command.output)) for command in failed]
    return Log(excerpt=join(parts), what=f"command {names(command.directive for command in failed)}")


def _commands(events: list[_Event]) -> list[_Command]:
    """Sort the events into commands; output outside of any makes one without a name."""
    commands: list[_Command] = []
    for event in events:
        if event.event == "cmd_started" or (event.output is not None and not commands):
            commands.append(_Command(event.directive or "", []))
        if event.output is not None:
            commands[-1].output.append(event.output)
        if event.event == "cmd_finished" and commands:
            commands[-1].exit_code = event.exit_code
    return commands
