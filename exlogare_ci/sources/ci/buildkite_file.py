"""Buildkite: the job's log as a file, where the agent keeps one. Secrets are taken out of it already."""

from pathlib import Path

from exlogare_ci.sources.ci.model import Job, Log, LogSourceError
from exlogare_ci.sources.ci.parts import HEAD_BYTES_MAX, TAIL_BYTES_MAX
from exlogare_ci.sources.stream import read_stream

NAME = "buildkite-file"
CI = "buildkite"
TITLE = "Buildkite's agent"
DOCS: tuple[str, ...] = (
    "https://buildkite.com/docs/agent/v3/configuration#enable-job-log-tmpfile",
    "https://buildkite.com/docs/pipelines/configure/environment-variables#BUILDKITE_JOB_LOG_TMPFILE",
)
TOKENS: tuple[str, ...] = ()
NEEDS = ""
ADD = "Set enable-job-log-tmpfile=true in the agent's configuration."
ANONYMOUS = False
SELECTS = "the job's whole log so far"

_VARIABLE = "BUILDKITE_JOB_LOG_TMPFILE"


def ready(job: Job) -> bool:
    """See ``Source``: the file is there; a pipe, which could block, is none."""
    path = job.first(_VARIABLE)
    return path is not None and _is_file(path)


def fetch(job: Job) -> Log:
    """See ``Source``."""
    path = job.need(_VARIABLE)
    if not _is_file(path):
        raise LogSourceError(f"{_VARIABLE} names no file that can be read.", ADD)
    try:
        with Path(path).open("rb") as stream:
            excerpt = read_stream(stream, head_bytes_max=HEAD_BYTES_MAX, tail_bytes_max=TAIL_BYTES_MAX)
    except OSError as error:
        raise LogSourceError(f"The file that {_VARIABLE} names cannot be read: {error.strerror}.", ADD) from None
    return Log(excerpt=excerpt, what="the job's log file")


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # ValueError: a null byte in the path
        return False
