"""No CI service: a developer's machine, or a service that there is no adapter for. Git tells the rest."""

from collections.abc import Mapping

from exlogare_ci.adapters.base import Fields, Marker, no_files

NAME = "local"
TITLE = "Local use"
SOURCES: tuple[str, ...] = ()
MARKERS: tuple[Marker, ...] = ()
FIELDS: Fields = {}
IGNORED: Mapping[str, tuple[str, str]] = {}
facts = no_files
