"""The one list of CI services that ``exl`` knows; its order is the order of detection."""

from typing import Final

from exlogare_ci.adapters import (
    appveyor,
    buildkite,
    circleci,
    drone,
    github,
    gitlab,
    jenkins,
    local,
    teamcity,
    woodpecker,
)
from exlogare_ci.adapters.model import Adapter

LOCAL: Final[Adapter] = local

# The more specific first. Woodpecker before Drone, whose variables it imitates for plugins. Jenkins last of
# the services: its agents run on others and leak their variables, and its names (BUILD_NUMBER, JOB_NAME) have
# no prefix. The local one, which has no markers, is what remains.
ADAPTERS: Final[tuple[Adapter, ...]] = (
    woodpecker,
    drone,
    github,
    gitlab,
    circleci,
    buildkite,
    teamcity,
    appveyor,
    jenkins,
    local,
)
