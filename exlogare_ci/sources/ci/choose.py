"""Choose where the log comes from, in a fixed order, and get it."""

import time
from collections.abc import Callable, Mapping

import msgspec

from exlogare_ci import plugins
from exlogare_ci.sources.ci.model import TOKEN_VARIABLE, Api, Headers, Job, Log, LogSourceError, Source
from exlogare_ci.sources.ci.table import SOURCES

CA_BUNDLE_VARIABLE = "EXLOGARE_CI_CA_BUNDLE"
_WRAP = "Wrap the failing command (exl run -- COMMAND), or give the log with --log-file FILE."


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A log and where it comes from.

    Attributes:
        source: the source.
        log: the log.
    """

    source: Source
    log: Log


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """What finding a log needs of the outside.

    Attributes:
        read_text: reads a small file: its text, or ``None`` when it cannot be read.
        read_properties: reads a Java properties file: its entries, none when it cannot be read.
        timeout_s: the budget, with all requests and retries.
        allow_http: send a token over plain HTTP to other machines, too.
        clock: a monotonic time in seconds.
        sleep: waits for some seconds.
    """

    read_text: Callable[[str], str | None]
    read_properties: Callable[[str], Mapping[str, str]]
    timeout_s: float = 60.0
    allow_http: bool = False
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def find_log(env: Mapping[str, str], ci: str, access: Access, *, forced: str | None = None) -> Found:
    """Get the log of the job that failed.

    The order: a local file of the service, then the service's API where there is a token for it.

    Args:
        env: the environment.
        ci: the service, as in ``RunContext.ci``.
        access: files, network and time.
        forced: the name of the only source to try.

    Returns:
        The log; it is not empty.

    Raises:
        LogSourceError: it cannot be had; the sentence names what to add.
    """
    deadline_s = access.clock() + access.timeout_s
    sources = (*plugins.load(env).modules[plugins.SOURCES], *SOURCES)
    candidates = [one for one in sources if forced == one.NAME or (forced is None and ci == one.CI)]
    if not candidates:
        raise LogSourceError(_none_for(ci), _WRAP)
    jobs = [(one, job_of(one, env, access, deadline_s)) for one in candidates]
    source, job = _ready(jobs, is_forced=forced is not None)
    log = source.fetch(job)
    if not log.excerpt.data.strip():
        raise LogSourceError(f"{source.TITLE} sent an empty log of {log.what}.", _WRAP)
    return Found(source=source, log=log)


def _ready(candidates: list[tuple[Source, Job]], *, is_forced: bool) -> tuple[Source, Job]:
    """Give the first source that has what it needs."""
    for source, job in candidates:
        if source.ready(job) or (is_forced and source.ANONYMOUS):
            return source, job
    source = candidates[-1][0]
    what = "there is no token for its API" if source.TOKENS else "there is no such file"
    raise LogSourceError(f"The log cannot be fetched from {source.TITLE}: {what}.", source.ADD)


def _none_for(ci: str) -> str:
    if ci == "local":
        return "There is no log: --log-file is not given, and no CI service shows itself that could be asked."
    return f"There is no log: --log-file is not given, and exl cannot ask {ci} for a job's log."


def job_of(source: Source, env: Mapping[str, str], access: Access, deadline_s: float) -> Job:
    """Describe the job to a source, with a way to the API that says the source's own sentences.

    Args:
        source: whom to describe it to.
        env: the environment.
        access: files, network and time.
        deadline_s: when to give up, by the clock of ``access``.

    Returns:
        The job.
    """

    def connect(root: str, headers: Headers) -> Api:
        from exlogare_ci.sources.ci.http import HttpApi  # noqa: PLC0415 - loads requests
        from exlogare_ci.sources.ci.words import Place  # noqa: PLC0415

        place = Place(
            title=source.TITLE,
            tokens=(*source.TOKENS, TOKEN_VARIABLE),
            needs=source.NEEDS,
            ca_bundle=env.get(CA_BUNDLE_VARIABLE, "").strip() or None,
            allow_http=access.allow_http,
        )
        return HttpApi(root, headers, place, deadline_s=deadline_s, clock=access.clock, sleep=access.sleep)

    return Job(env=env, connect=connect, read_text=access.read_text, read_properties=access.read_properties)
