"""The one list of CI services that ``exl`` knows; its order is the order of detection."""

from typing import Final

from exlogare_ci.adapters import (
    appveyor,
    azure,
    bamboo,
    bitbucket,
    bitrise,
    buddy,
    buildkite,
    circleci,
    cirrus,
    cloudbuild,
    codebuild,
    codefresh,
    concourse,
    drone,
    forgejo,
    gitea,
    github,
    gitlab,
    gocd,
    harness,
    jenkins,
    local,
    semaphore,
    teamcity,
    travis,
    woodpecker,
)
from exlogare_ci.adapters.model import Adapter

LOCAL: Final[Adapter] = local

# The more specific first. Harness and Woodpecker before Drone, whose variables they imitate; Forgejo before Gitea
# before GitHub likewise. Those without a prefix to their names come late, and Jenkins last of the services: its
# agents run on others and leak their variables, and its names (BUILD_NUMBER, JOB_NAME) are everybody's. The local
# one, which has no markers, is what remains.
ADAPTERS: Final[tuple[Adapter, ...]] = (
    harness,
    woodpecker,
    drone,
    forgejo,
    gitea,
    github,
    gitlab,
    circleci,
    buildkite,
    teamcity,
    azure,
    appveyor,
    bitbucket,
    travis,
    semaphore,
    cirrus,
    codefresh,
    bitrise,
    buddy,
    codebuild,
    gocd,
    bamboo,
    concourse,
    cloudbuild,
    jenkins,
    local,
)
