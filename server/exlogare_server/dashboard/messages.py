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
    "session.end": Message("plain", "You are signed out."),
    "session.end_own": Message("good", "That session has ended."),
    "session.end_others": Message("good", "You are signed out everywhere but here."),
    "user.set_password": Message("good", "Your password is changed, and you are signed out everywhere but here."),
    "token.revoke": Message("good", "Revoked. Whoever uses the token is refused from now on."),
    "member.set_role": Message("good", "The role is changed; it holds at once."),
    "member.remove": Message("good", "Removed. That person is signed out of this team."),
    "invitation.withdraw": Message("good", "Withdrawn. The link works no more."),
    "channel.create": Message("good", "Added. Send a test to see that it arrives."),
    "channel.update": Message("good", "Changed."),
    "channel.delete": Message("good", "Deleted. Nothing more is sent there."),
    "webhook.update": Message("good", "Changed."),
    "webhook.delete": Message("good", "Deleted. Nothing more is sent there."),
    "webhook.redeliver": Message("good", "Queued. It is sent within a second or so."),
}


def find(key: str | None) -> Message | None:
    """Find a message; ``None`` for a key that is none."""
    return MESSAGES.get(key) if key else None
