"""The filters of the list of analyses: what is chosen, what there is to choose, and how each one is taken away."""

from collections.abc import Mapping
from typing import Final

import msgspec

from exlogare_server.dashboard import categories
from exlogare_server.dashboard.render import query
from exlogare_server.read.browse_view import ChoicesView

Options = list[tuple[str, str]]

_PERIODS: Final[Options] = [
    ("", "Any time"),
    ("1", "Today"),
    ("7", "Last 7 days"),
    ("30", "Last 30 days"),
    ("90", "Last 90 days"),
    ("365", "Last year"),
]
_SEVERITIES: Final[Options] = [("", "Any severity"), ("high", "High"), ("medium", "Medium"), ("low", "Low")]
# In the order of the page; the label is for the tags that take a filter away.
_NAMES: Final = {
    "text": "Words",
    "project": "Project",
    "branch": "Branch",
    "severity": "Severity",
    "category": "Category",
    "provider": "CI service",
    "source": "Endpoint",
    "days": "Period",
    "since": "From",
    "until": "To",
}
# They stand behind "More filters", which is open when one of them is set.
_FURTHER: Final = ("source", "since", "until")


class Chosen(msgspec.Struct, frozen=True):
    """A filter that is set: its name, its value in words, and the address of the list without it."""

    label: str
    value: str
    without: str


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """The form, filled in.

    Attributes:
        values: every filter's value; empty for one that is not set.
        query: of all filters, without the place in the list; begins with a question mark unless empty.
    """

    values: dict[str, str]
    chosen: tuple[Chosen, ...]
    periods: Options
    severities: Options
    categories: Options
    providers: Options
    sources: Options
    projects: tuple[str, ...]
    query: str
    more_open: bool

    def with_cursor(self, cursor: str) -> str:
        """Give the query of these filters at a place in the list."""
        return query(**self.values, cursor=cursor)


def prepare(given: Mapping[str, str], choices: ChoicesView) -> Filters:
    """Fill the form in.

    Args:
        given: the parameters of the address, checked by the use case already.
        choices: what there is.
    """
    values = {name: given.get(name, "").strip() for name in _NAMES}
    options = {
        "periods": _PERIODS,
        "severities": _SEVERITIES,
        "categories": [("", "Any category"), *((name, categories.name(name)) for name in choices.categories)],
        "providers": [("", "Any service"), *((name, name) for name in choices.providers)],
        "sources": [("", "Any endpoint"), *((name, name) for name in choices.sources)],
    }
    shown = {"severity": "severities", "category": "categories", "days": "periods"}
    chosen = []
    for name, label in _NAMES.items():
        if values[name]:
            words = dict(options[shown[name]]).get(values[name]) if name in shown else None
            rest = {other: value for other, value in values.items() if other != name}
            chosen.append(Chosen(label, words or values[name], "/analyses" + query(**rest)))
    return Filters(
        values=values,
        chosen=tuple(chosen),
        periods=_kept(options["periods"], values["days"]),
        severities=options["severities"],
        categories=_kept(options["categories"], values["category"]),
        providers=_kept(options["providers"], values["provider"]),
        sources=_kept(options["sources"], values["source"]),
        projects=choices.projects,
        query=query(**values),
        more_open=any(values[name] for name in _FURTHER),
    )


def _kept(options: Options, value: str) -> Options:
    """Have a value among the options that came from the address and that no analysis has (any more)."""
    return options if value in dict(options) else [*options, (value, value)]
