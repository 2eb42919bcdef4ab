"""What people send about logins, members and tokens, as structs: what checks it and what describes it is one."""

from typing import Annotated

import msgspec
from msgspec import Meta

from exlogare_server import limits
from exlogare_server.store.protocol import ROLES

Email = Annotated[str, Meta(min_length=1, max_length=limits.EMAIL_CHARACTERS_MAX)]
Password = Annotated[str, Meta(min_length=1, max_length=limits.PASSWORD_BYTES_MAX)]
NewPassword = Annotated[str, Meta(min_length=limits.PASSWORD_NEW_CHARACTERS_MIN, max_length=limits.PASSWORD_BYTES_MAX)]
LinkToken = Annotated[str, Meta(min_length=1, max_length=64, description="As it stands in the link.")]
RoleWord = Annotated[str, Meta(min_length=1, max_length=16, extra_json_schema={"enum": list(ROLES)})]
Slug = Annotated[str, Meta(min_length=1, max_length=limits.TENANT_NAME_CHARACTERS_MAX)]
TokenName = Annotated[str, Meta(min_length=1, max_length=limits.TOKEN_NAME_CHARACTERS_MAX)]
Scope = Annotated[str, Meta(extra_json_schema={"enum": ["ingest", "read"]})]
Future = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        description="ISO 8601, in the future; UTC unless it says otherwise.",
        extra_json_schema={"format": "date-time"},
    ),
]


class LoginBody(msgspec.Struct, frozen=True, kw_only=True):
    """A login.

    Attributes:
        tenant: (ours) the slug of the tenant to log into; without it the one the user has been in longest.
    """

    email: Email
    password: Password
    tenant: Slug | None = None


class TokenBody(msgspec.Struct, frozen=True, kw_only=True):
    """An API token to make; without scopes it may post logs, without an end it never expires."""

    name: TokenName
    scopes: Annotated[list[Scope], Meta(extra_json_schema={"minItems": 1})] | None = None
    expires_at: Future | None = None


class PasswordBody(msgspec.Struct, frozen=True, kw_only=True):
    """A new password for oneself; all other sessions end."""

    old_password: Password
    new_password: NewPassword


class InvitationBody(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to invite, and the role to have."""

    email: Email
    role: RoleWord


class RoleBody(msgspec.Struct, frozen=True, kw_only=True):
    """A member's new role."""

    role: RoleWord


class JoinBody(msgspec.Struct, frozen=True, kw_only=True):
    """The use of a link: with a new password, or with the one that the person has already."""

    token: LinkToken
    password: Password
