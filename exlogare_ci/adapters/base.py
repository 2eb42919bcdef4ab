"""What the adapters are written with: markers, rules and the default for services without files."""

import re
from collections.abc import Callable

from exlogare_ci.adapters import clean
from exlogare_ci.adapters.model import Adapter, Env, Fields, Found, Marker, ReadText, Rule

__all__ = [
    "Adapter", "Env", "Fields", "Found", "Marker", "ReadText", "Rule", "equals", "is_set", "is_true",
    "matches", "no_files", "rule", "starts_with",
]  # fmt: skip


def is_true(name: str) -> Marker:
    """A marker that accepts every value but the words for no (AppVeyor writes ``True``, others ``true``)."""
    return Marker(name, clean.is_set, "is set and not `false`")


def is_set(name: str, also: tuple[str, ...] = ()) -> Marker:
    """A marker that accepts every value, while the variables in ``also`` are set, too."""
    return Marker(name, bool, "is set", also)


def equals(name: str, wanted: str) -> Marker:
    """A marker that accepts one value, in upper or lower case."""
    return Marker(name, lambda value: value.casefold() == wanted, f"is `{wanted}`")


def starts_with(name: str, prefix: str) -> Marker:
    """A marker that accepts values with a prefix."""
    return Marker(name, lambda value: value.startswith(prefix), f"starts with `{prefix}`")


def matches(name: str, pattern: re.Pattern[str], says: str, also: tuple[str, ...] = ()) -> Marker:
    """A marker that accepts values that a pattern matches as a whole, while the variables in ``also`` are set."""
    return Marker(name, lambda value: pattern.fullmatch(value) is not None, says, also)


def rule(
    *names: str,
    make: Callable[..., str | None] = clean.text,
    when: tuple[str, ...] = (),
    unless: tuple[str, ...] = (),
    note: str = "",
    partial: bool = False,
) -> Rule:
    """Write a ``Rule`` in one line; see there."""
    return Rule(names=names, make=make, when=when, unless=unless, note=note, partial=partial)


def no_files(env: Env, read_text: ReadText, /) -> Found:
    """The ``facts`` of a service that tells everything in its variables."""
    del env, read_text
    return Found()
