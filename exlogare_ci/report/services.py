"""The places that results can be put in; the one table to add another to."""

from collections.abc import Sequence
from typing import Final, Protocol

from exlogare_ci.report import (
    appveyor,
    azure,
    bitbucket,
    buildkite,
    drone,
    github,
    github_comment,
    gitlab,
    gitlab_comment,
    jenkins,
    junit,
    teamcity,
)
from exlogare_ci.report.effects import Effects
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.place import Place

AUTO: Final = "auto"
NONE: Final = "none"


class Service(Protocol):
    """What a module of ``exlogare_ci.report`` has to have to be one of ``SERVICES``."""

    NAME: str
    """As in ``--report``."""
    TITLE: str
    """Where the result appears, for sentences."""
    CI: tuple[str, ...]
    """The services (``RunContext.ci``) where ``auto`` uses it; empty: never. It needs no further permission there."""
    FILES: bool
    """Whether what it makes are files for the job to keep; ``auto`` makes them only in a folder that was named."""
    SOURCES: tuple[str, ...]
    """The vendor's pages."""

    def report(self, findings: Sequence[Finding], place: Place, effects: Effects) -> None:
        """Report failures.

        Args:
            findings: at least one, each of a failure.
            place: the job.
            effects: what may be done.

        Raises:
            ReportError: they cannot be reported there.
        """


SERVICES: Final[tuple[Service, ...]] = (
    github,
    github_comment,
    gitlab,
    gitlab_comment,
    azure,
    teamcity,
    buildkite,
    appveyor,
    bitbucket,
    drone,
    jenkins,
    junit,
)
"""Every place, in the order in which they are tried."""


def chosen(names: Sequence[str], ci: str, *, with_files: bool) -> tuple[Service, ...]:
    """Choose places.

    Args:
        names: names of places, ``auto`` or ``none``.
        ci: the CI service, as in ``RunContext.ci``.
        with_files: whether a folder for files was named.

    Returns:
        The places, each once, in the table's order.
    """

    def is_wanted(service: Service) -> bool:
        automatic = AUTO in names and (ci in service.CI or (service.FILES and service.CI == ("*",)))
        return service.NAME in names or (automatic and (with_files or not service.FILES))

    return tuple(service for service in SERVICES if is_wanted(service))
