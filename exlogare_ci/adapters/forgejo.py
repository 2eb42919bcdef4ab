"""Forgejo Actions, whose runner sets Gitea's marker and GitHub's variables, too."""

from collections.abc import Mapping

from exlogare_ci.adapters import actions, gitea
from exlogare_ci.adapters.base import Fields, Marker, is_true

NAME = "forgejo"
TITLE = "Forgejo Actions"
SOURCES: tuple[str, ...] = (
    "https://forgejo.org/docs/latest/user/actions/reference/",
    "https://code.forgejo.org/forgejo/runner/src/branch/main/internal/app/run/runner.go",
)
MARKERS: tuple[Marker, ...] = (is_true("FORGEJO_ACTIONS"),)

FIELDS: Fields = {**actions.FIELDS, "build_url": gitea.PAGES, "job_url": gitea.PAGES}
IGNORED: Mapping[str, tuple[str, str]] = actions.IGNORED
facts = actions.facts
