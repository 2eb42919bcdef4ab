"""The main navigation, in one table."""

from typing import Final

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """A link of the main navigation.

    Attributes:
        section: the name by which a page says where it belongs.
        address: where it leads.
        label: what it says.
        roles: who sees it; empty for everybody.
    """

    section: str
    address: str
    label: str
    roles: tuple[str, ...] = ()


ENTRIES: Final[tuple[Entry, ...]] = (
    Entry("overview", "/", "Overview"),
    Entry("analyses", "/analyses", "Analyses"),
    Entry("clusters", "/clusters", "Recurring failures"),
    Entry("projects", "/projects", "Projects"),
)


def entries_for(role: str) -> tuple[Entry, ...]:
    """Give the links that somebody with a role sees."""
    return tuple(entry for entry in ENTRIES if not entry.roles or role in entry.roles)
