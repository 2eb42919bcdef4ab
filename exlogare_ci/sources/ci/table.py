"""The one list of the CI services whose logs can be fetched."""

from typing import Final

from exlogare_ci.sources.ci import (
    appveyor,
    azure,
    bitbucket,
    buildkite,
    buildkite_file,
    circleci,
    drone,
    github,
    gitlab,
    gocd,
    jenkins,
    semaphore,
    teamcity,
    travis,
    woodpecker,
)
from exlogare_ci.sources.ci.model import Source

# Local files first: they cost no request and need no token. Of two for one service the earlier is tried first.
SOURCES: Final[tuple[Source, ...]] = (
    buildkite_file,
    jenkins,
    github,
    gitlab,
    circleci,
    buildkite,
    azure,
    teamcity,
    drone,
    woodpecker,
    appveyor,
    bitbucket,
    travis,
    semaphore,
    gocd,
)
