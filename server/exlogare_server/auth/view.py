"""People and tokens as the API shows them."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from exlogare_server.auth.sessions import Login, Person
from exlogare_server.store.protocol import ApiToken, Role
from exlogare_server.times import to_text

Time = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]


class UserView(msgspec.Struct, frozen=True):
    """A person."""

    id: UUID
    email: str
    display_name: str


class TenantView(msgspec.Struct, frozen=True):
    """A tenant."""

    id: UUID
    name: str
    slug: str


class LoginView(msgspec.Struct, frozen=True, kw_only=True):
    """A login; ``access_token`` is a bearer with the user's rights, for an hour at most."""

    access_token: str
    token_type: Literal["bearer"]
    user: UserView
    tenant: TenantView
    role: Role


class MeView(msgspec.Struct, frozen=True, kw_only=True):
    """Who is logged in; ``onboarded`` says whether the tenant has sent any log yet."""

    user: UserView
    tenant: TenantView
    role: Role
    onboarded: bool


class CsrfView(msgspec.Struct, frozen=True):
    """The CSRF token, to be sent as ``X-CSRF-Token``."""

    csrf: str


class TokenView(msgspec.Struct, frozen=True, kw_only=True):
    """An API token without its secret; ``prefix`` is how it begins."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    expires_at: Time | None
    last_used_at: Time | None
    revoked_at: Time | None
    created_at: Time


class NewTokenView(TokenView, frozen=True, kw_only=True):
    """A new API token, with its raw form, this once."""

    token: str


def login_view(login: Login) -> LoginView:
    """Show a login."""
    person = login.person
    return LoginView(
        access_token=login.access_token,
        token_type="bearer",  # noqa: S106 - a word of the contract
        user=_user(person),
        tenant=_tenant(person),
        role=person.role,
    )


def me_view(person: Person, *, onboarded: bool) -> MeView:
    """Show who is logged in."""
    return MeView(user=_user(person), tenant=_tenant(person), role=person.role, onboarded=onboarded)


def token_view(token: ApiToken) -> TokenView:
    """Show a token."""
    return TokenView(
        id=token.id,
        name=token.name,
        prefix=token.prefix,
        scopes=token.scopes,
        expires_at=to_text(token.expires_at) if token.expires_at else None,
        last_used_at=to_text(token.last_used_at) if token.last_used_at else None,
        revoked_at=to_text(token.revoked_at) if token.revoked_at else None,
        created_at=to_text(token.created_at),
    )


def new_token_view(token: ApiToken, raw: str) -> NewTokenView:
    """Show a token that was made just now."""
    return NewTokenView(**msgspec.structs.asdict(token_view(token)), token=raw)


def _user(person: Person) -> UserView:
    return UserView(person.user.id, person.user.email, person.user.display_name)


def _tenant(person: Person) -> TenantView:
    return TenantView(person.tenant.id, person.tenant.name, person.tenant.slug)
