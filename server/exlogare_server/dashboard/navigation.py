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
    Entry("try", "/try", "Try it"),
    Entry("settings", "/settings", "Settings"),
)


def entries_for(role: str) -> tuple[Entry, ...]:
    """Give the links that somebody with a role sees."""
    return tuple(entry for entry in ENTRIES if not entry.roles or role in entry.roles)


_ADMINS: Final = ("owner", "admin")
# The pages of the settings; the first that somebody may see is where "Settings" leads.
SETTINGS: Final[tuple[Entry, ...]] = (
    Entry("tokens", "/settings/tokens", "API tokens", _ADMINS),
    Entry("members", "/settings/members", "Members", _ADMINS),
    Entry("channels", "/settings/channels", "Notifications", _ADMINS),
    Entry("webhooks", "/settings/webhooks", "Webhooks", _ADMINS),
    Entry("audit", "/settings/audit", "Audit log", _ADMINS),
    Entry("account", "/settings/account", "Your account"),
    Entry("plan", "/settings/plan", "Plan"),
)


def settings_for(role: str) -> tuple[Entry, ...]:
    """Give the pages of the settings that somebody with a role sees."""
    return tuple(entry for entry in SETTINGS if not entry.roles or role in entry.roles)
