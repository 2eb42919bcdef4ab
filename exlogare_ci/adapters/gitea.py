"""Gitea Actions, whose runner imitates GitHub's."""

from collections.abc import Mapping

from exlogare_ci.adapters import actions
from exlogare_ci.adapters.base import Fields, Marker, is_true, rule

NAME = "gitea"
TITLE = "Gitea Actions"
SOURCES: tuple[str, ...] = (
    "https://docs.gitea.com/usage/actions/comparison",
    "https://gitea.com/gitea/act_runner/src/branch/main/internal/app/run/runner.go",
    "https://github.com/go-gitea/gitea/issues/24038",
)
MARKERS: tuple[Marker, ...] = (is_true("GITEA_ACTIONS"),)

PAGES = (
    rule(
        *actions.REPOSITORY, "GITHUB_RUN_NUMBER", make=actions.run_page,
        note="pages go by the number, not by the id as on GitHub",
    ),
)  # fmt: skip

FIELDS: Fields = {**actions.FIELDS, "build_url": PAGES, "job_url": PAGES}
IGNORED: Mapping[str, tuple[str, str]] = actions.IGNORED
facts = actions.facts
