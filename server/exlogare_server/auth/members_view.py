"""Members, links and sessions as the API shows them."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from exlogare_server.auth.account import OwnSession
from exlogare_server.auth.members import NewLink
from exlogare_server.auth.view import UserView
from exlogare_server.store.membership import Invitation, InvitationKind, Membership
from exlogare_server.store.protocol import Role
from exlogare_server.times import to_text

Time = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]

# Where a link leads. The secret stands behind the mark `#`, which no browser sends to any server: it is in no log
# and in no Referer.
JOIN_PATH = "/join"


class MemberView(msgspec.Struct, frozen=True, kw_only=True):
    """A member."""

    user: UserView
    role: Role
    joined_at: Time


class InvitationView(msgspec.Struct, frozen=True, kw_only=True):
    """A link that was not used yet; ``kind`` is ``password`` for one that gives a member a new password."""

    id: UUID
    kind: InvitationKind
    email: str
    role: Role
    created_by: str
    created_at: Time
    expires_at: Time


class NewInvitationView(InvitationView, frozen=True, kw_only=True):
    """A new link, this once: ``token`` is its secret, ``link`` the server's path with it."""

    token: str
    link: str


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """A session of one's own; ``current`` is the one that asks."""

    id: UUID
    tenant: str
    client: str
    created_at: Time
    last_used_at: Time
    expires_at: Time
    current: bool


class EndedView(msgspec.Struct, frozen=True):
    """How many sessions ended."""

    status: Literal["ok"]
    ended: int


def member_view(member: Membership) -> MemberView:
    """Show a member."""
    user = member.user
    return MemberView(
        user=UserView(user.id, user.email, user.display_name), role=member.role, joined_at=to_text(member.created_at)
    )


def invitation_view(invitation: Invitation) -> InvitationView:
    """Show a link."""
    return InvitationView(
        id=invitation.id,
        kind=invitation.kind,
        email=invitation.email,
        role=invitation.role,
        created_by=invitation.created_by,
        created_at=to_text(invitation.created_at),
        expires_at=to_text(invitation.expires_at),
    )


def new_invitation_view(made: NewLink) -> NewInvitationView:
    """Show a link that was made just now."""
    shown = msgspec.structs.asdict(invitation_view(made.invitation))
    return NewInvitationView(**shown, token=made.raw, link=f"{JOIN_PATH}#{made.raw}")


def session_view(own: OwnSession) -> SessionView:
    """Show a session."""
    session = own.session
    return SessionView(
        id=session.id,
        tenant=own.tenant.slug,
        client=session.client,
        created_at=to_text(session.created_at),
        last_used_at=to_text(session.last_used_at),
        expires_at=to_text(session.expires_at),
        current=own.is_current,
    )
