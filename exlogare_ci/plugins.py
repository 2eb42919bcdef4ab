"""Adapters and log sources of others: Python packages that offer them as entry points.

Nothing is loaded only because it is installed: ``EXLOGARE_PLUGINS`` names what to use. A plug-in is a module with the
attributes of ``exlogare_ci.adapters.Adapter`` or ``exlogare_ci.sources.ci.Source``; it is asked before our own.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

VARIABLE: Final = "EXLOGARE_PLUGINS"
ADAPTERS: Final = "exlogare_ci.adapters"
SOURCES: Final = "exlogare_ci.sources"

WANTED: Final[Mapping[str, tuple[str, ...]]] = {
    ADAPTERS: ("NAME", "TITLE", "SOURCES", "MARKERS", "FIELDS", "IGNORED", "facts"),
    SOURCES: (
        "NAME", "CI", "TITLE", "DOCS", "TOKENS", "NEEDS", "ADD", "ANONYMOUS", "SELECTS", "ready", "fetch",
    ),
}  # fmt: skip
"""The group of entry points, and what a module in it must have; a test holds the two protocols to it."""


class Loaded(NamedTuple):
    """What became of the plug-ins that are named.

    Attributes:
        modules: those that can be used, by group, in the order in which they are named.
        problems: a sentence for each that cannot.
    """

    modules: Mapping[str, tuple[Any, ...]]
    problems: tuple[str, ...]


_NONE: Final = Loaded({ADAPTERS: (), SOURCES: ()}, ())


def load(env: Mapping[str, str]) -> Loaded:
    """Load the plug-ins that an environment names.

    Args:
        env: the environment; ``EXLOGARE_PLUGINS`` holds names of entry points with commas between them.

    Returns:
        What can be used. What cannot is named, and changes nothing.
    """
    names = tuple(dict.fromkeys(name.strip() for name in env.get(VARIABLE, "").split(",") if name.strip()))
    return _load(names) if names else _NONE


@cache
def _load(names: Sequence[str]) -> Loaded:
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow, and only where there are plug-ins

    modules: dict[str, list[Any]] = {group: [] for group in WANTED}
    problems: list[str] = []
    offered = [(group, point) for group in WANTED for point in entry_points(group=group)]
    for name in names:
        points = [(group, point) for group, point in offered if point.name == name]
        if not points:
            problems.append(
                f"{VARIABLE} names {name[:64]!r}, which no installed package offers. Install it, or correct the name."
            )
        for group, point in points:
            module, problem = _module(group, point)
            if problem is None:
                modules[group].append(module)
            else:
                problems.append(problem)
    return Loaded({group: tuple(found) for group, found in modules.items()}, tuple(problems))


def _module(group: str, point: "EntryPoint") -> tuple[Any, str | None]:
    """Load one entry point; what is wrong with it is a sentence."""
    try:
        module = point.load()
    except Exception as error:  # noqa: BLE001 - somebody else's code, which must not cost the job anything
        return None, f"The plug-in {point.name} cannot be loaded: {type(error).__name__}: {error}. It is not used."
    missing = [name for name in WANTED[group] if not hasattr(module, name)]
    if missing:
        return None, f"The plug-in {point.name} lacks {', '.join(missing)}, which {group} needs. It is not used."
    return module, None
