"""API tokens: made, checked, revoked. The raw form exists only in the answer to its making."""

import base64
import hashlib
import re
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec

from exlogare_server import limits
from exlogare_server.auth.audit import COMMAND_LINE, Actor, audit_event
from exlogare_server.errors import BadRequestError, CredentialError, ForbiddenError
from exlogare_server.store.protocol import ApiToken, Store, Tenant
from exlogare_server.times import Clock

SCOPES = ("ingest", "read")
PREFIX = "exl_"
_SECRET_BYTES = 32
_SHOWN_CHARACTERS = 12
# 32 bytes are 43 characters of base64 without padding.
_RAW = re.compile(r"exl_[A-Za-z0-9_-]{43}")


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who a request comes from: a tenant and what may be done. ``token_id`` is ``None`` for a person."""

    tenant: Tenant
    token_id: uuid.UUID | None
    scopes: tuple[str, ...]


class Tokens:
    """The use cases about API tokens.

    Args:
        store: where they are kept.
        clock: gives the present time.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def create(
        self,
        tenant: Tenant,
        *,
        name: str,
        scopes: Sequence[str],
        expires_at: datetime | None = None,
        actor: Actor = COMMAND_LINE,
    ) -> tuple[ApiToken, str]:
        """Make a token.

        Args:
            tenant: whose it will be.
            name: 1 to 128 characters, for people.
            scopes: one or more of ``SCOPES``.
            expires_at: aware, in the future; ``None`` for never.
            actor: who makes it.

        Returns:
            The token and its raw form, which nobody can get a second time.

        Raises:
            BadRequestError: the name, the scopes or the time do not fit.
            ForbiddenError: the Free plan's tokens are used up.
        """
        name = name.strip()
        if not 1 <= len(name) <= limits.TOKEN_NAME_CHARACTERS_MAX or "\0" in name:
            raise BadRequestError(f"A token's name must have 1 to {limits.TOKEN_NAME_CHARACTERS_MAX} characters.")
        unknown = sorted(set(scopes) - set(SCOPES))
        if unknown or not scopes:
            raise BadRequestError(
                f"Scopes must be one or more of {', '.join(SCOPES)}"
                + (f"; unknown: {', '.join(unknown)}." if unknown else ".")
            )
        now = self._clock()
        if expires_at is not None and expires_at <= now:
            raise BadRequestError("A token must expire in the future.")
        secret = base64.urlsafe_b64encode(secrets.token_bytes(_SECRET_BYTES)).rstrip(b"=").decode()
        raw = PREFIX + secret
        token = ApiToken(
            id=uuid.uuid4(),
            tenant_id=tenant.id,
            name=name,
            prefix=raw[:_SHOWN_CHARACTERS],
            sha256=_digest(raw),
            scopes=tuple(scope for scope in SCOPES if scope in scopes),
            created_at=now,
            expires_at=expires_at,
        )
        active_max = limits.TOKENS_ACTIVE_FREE_MAX if tenant.plan == "free" else None
        detail = f"Made token {name!r} ({token.prefix}…) with scopes {', '.join(token.scopes)}."
        event = audit_event(tenant.id, now, actor, "token.create", str(token.id), detail)
        self._store.add_token(token, active_max=active_max, audit=event)
        return token, raw

    def authenticate(self, authorization: str | None) -> Principal:
        """Find out who sends an ``Authorization`` header.

        Args:
            authorization: the header's value, ``None`` when there is none.

        Returns:
            Who it is.

        Raises:
            CredentialError: there is no bearer token, or it is unknown, revoked or expired.
        """
        if not authorization:
            raise CredentialError("Not authenticated: send 'Authorization: Bearer exl_...'.")
        scheme, _, raw = authorization.partition(" ")
        raw = raw.strip()
        if scheme.lower() != "bearer" or not _RAW.fullmatch(raw):
            raise CredentialError("The Authorization header holds no API token of the form 'Bearer exl_...'.")
        # The digest is looked up, never the token compared: how long that takes tells nothing of the token.
        found = self._store.token_by_sha256(_digest(raw))
        now = self._clock()
        if found is None:
            raise CredentialError("The API token is not valid.")
        token, tenant = found
        if token.revoked_at is not None:
            raise CredentialError("The API token was revoked.")
        if token.expires_at is not None and token.expires_at <= now:
            raise CredentialError("The API token has expired.")
        last = token.last_used_at
        if last is None or (now - last).total_seconds() >= limits.TOKEN_TOUCH_S_MIN:
            self._store.touch_token(token.id, now)
        return Principal(tenant=tenant, token_id=token.id, scopes=token.scopes)

    def require(self, principal: Principal, scope: str) -> None:
        """Refuse a token without a scope.

        Raises:
            ForbiddenError: it lacks it.
        """
        if scope not in principal.scopes:
            raise ForbiddenError(f"Missing scope: {scope}")

    def all_of(self, tenant: Tenant) -> tuple[ApiToken, ...]:
        """List a tenant's tokens, newest first."""
        return self._store.tokens(tenant.id)

    def revoke(self, tenant: Tenant, token_id: uuid.UUID, *, actor: Actor = COMMAND_LINE) -> ApiToken:
        """Revoke a token; doing so again changes nothing.

        Raises:
            NotFoundError: the tenant has no such token.
        """
        now = self._clock()
        event = audit_event(tenant.id, now, actor, "token.revoke", str(token_id), "Revoked the token.")
        return self._store.revoke_token(tenant.id, token_id, now, audit=event)


def _digest(raw: str) -> bytes:
    return hashlib.sha256(raw.encode()).digest()
