"""Ask a CI service how the running job stands, where its variables do not tell."""

from collections.abc import Callable, Mapping
from typing import Final

from exlogare_ci.sources.ci import teamcity
from exlogare_ci.sources.ci.choose import Access, job_of
from exlogare_ci.sources.ci.model import Job, Source

STATUS_SOURCES: Final[tuple[tuple[Source, Callable[[Job], str]], ...]] = ((teamcity, teamcity.status),)
"""The services that are asked, each with how."""


def ask_status(env: Mapping[str, str], ci: str, access: Access) -> str | None:
    """Ask the service of a job for the job's status.

    Args:
        env: the environment.
        ci: the service, as in ``RunContext.ci``.
        access: files, network and time.

    Returns:
        A status in the service's own words; ``None`` when the service is none of ``STATUS_SOURCES``.

    Raises:
        LogSourceError: it should tell and does not. The job must then not be taken for one that failed.
    """
    for source, ask in STATUS_SOURCES:
        if ci == source.CI:
            return ask(job_of(source, env, access, access.clock() + access.timeout_s))
    return None
