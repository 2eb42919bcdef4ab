"""The sentences that a page shows after something was done: one table, so that no address can make one up."""

from typing import Final, Literal

import msgspec


class Message(msgspec.Struct, frozen=True):
    """One sentence.

    Attributes:
        tone: ``good`` for what worked, ``bad`` for what did not, ``plain`` for everything else.
        text: for people.
    """

    tone: Literal["good", "bad", "plain"]
    text: str


MESSAGES: Final[dict[str, Message]] = {
    "cluster.acknowledge": Message("good", "Acknowledged. Everybody sees that somebody is on it."),
    "cluster.resolve": Message("good", "Resolved. If it fails again, it comes back here as a regression."),
    "cluster.reopen": Message("good", "Reopened."),
}


def find(key: str | None) -> Message | None:
    """Find a message; ``None`` for a key that is none."""
    return MESSAGES.get(key) if key else None
