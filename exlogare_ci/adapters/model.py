"""The words that adapters and explanations share. Data only."""

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from exlogare_ci.context import RunContext

Env = Mapping[str, str]
ReadText = Callable[[str], str | None]
"""Reads a file by its path: its text, or ``None`` when it cannot be read; never raises."""


class UnknownServiceError(ValueError):
    """Raised when ``EXLOGARE_CI`` names a service that there is no adapter for."""


class Marker(msgspec.Struct, frozen=True):
    """A variable that gives a service away.

    Attributes:
        name: the variable.
        accepts: whether a value of it, trimmed and not empty, does so.
        says: ``accepts`` in words, for the reference page; follows the variable's name.
        also: variables that must be set, too, for a name that others use as well.
    """

    name: str
    accepts: Callable[[str], bool]
    says: str
    also: tuple[str, ...] = ()


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One way to fill a field.

    Attributes:
        names: the facts it is made from, all needed. A fact is an environment variable, or an entry of a file
            that the environment points at (see ``Adapter.facts``).
        make: gets their values, trimmed and not empty, in the order of ``names``; ``None`` means not usable.
        when: used only while at least one of these facts is set (``false`` counts as not set).
        unless: not used while one of these facts is set.
        note: what must be known about the value, as half a sentence; shown when the rule is passed over.
        partial: the fact serves several fields, and that it has nothing for this one is no news.
    """

    names: tuple[str, ...]
    make: Callable[..., str | None]
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    note: str = ""
    partial: bool = False

    @property
    def label(self) -> str:
        """The facts' names in one string, as explanations and the reference page give them."""
        return " + ".join(self.names)


Fields = Mapping[str, tuple[Rule, ...]]
"""The rules for each field of ``RunContext`` but ``ci`` that the service tells; the first usable one wins."""


class Source(msgspec.Struct, frozen=True):
    """Where a field's value came from.

    Attributes:
        value: the value as it stands in the context.
        origin: the variable or variables, or the git command; ``from`` in JSON.
    """

    value: str
    origin: str = msgspec.field(name="from")


class PassedOver(msgspec.Struct, frozen=True):
    """Something that is there and could have filled a field, and did not.

    Attributes:
        field: the field's name in ``RunContext``.
        origin: the variable or variables, or the file; ``from`` in JSON.
        reason: why not, as half a sentence.
    """

    field: str
    origin: str = msgspec.field(name="from")
    reason: str


class Explanation(msgspec.Struct, frozen=True):
    """A context, and how each of its fields came about.

    Attributes:
        context: the context.
        fields: each field that is known, by its name.
        passed_over: what was there and not used, in the order of the fields.
        matched: every service whose markers are visible, in the order of detection; ``local`` when none is.
    """

    context: RunContext
    fields: dict[str, Source]
    passed_over: tuple[PassedOver, ...]
    matched: tuple[str, ...]


class Found(msgspec.Struct, frozen=True):
    """What an adapter read in files.

    Attributes:
        facts: the entries that its rules use, by name, and no other: such files hold secrets.
        passed_over: the files that could not be used.
    """

    facts: dict[str, str] = {}
    passed_over: tuple[PassedOver, ...] = ()


class Adapter(Protocol):
    """What a module of ``exlogare_ci.adapters`` has to have to be one of ``ADAPTERS``.

    Attributes:
        NAME: the value of ``RunContext.ci`` and of ``EXLOGARE_CI``.
        TITLE: the service's name as its makers write it.
        SOURCES: the vendor's pages that the rules were written from.
        MARKERS: the environment is this service's when any of them accepts.
        FIELDS: see ``Fields``.
        IGNORED: variables that look right and are not: the field each seems to tell, and why it does not.
    """

    NAME: str
    TITLE: str
    SOURCES: tuple[str, ...]
    MARKERS: tuple[Marker, ...]
    FIELDS: Fields
    IGNORED: Mapping[str, tuple[str, str]]

    def facts(self, env: Env, read_text: ReadText, /) -> Found:
        """Read the files that the environment points at.

        Args:
            env: the environment, values trimmed, empty ones left out.
            read_text: how to read a file.

        Returns:
            The entries that the rules use.
        """
        ...
