"""Logins of people: made, known again, ended. Only digests of their secrets are kept."""

import base64
import hashlib
import hmac
import re
import secrets
import uuid
from datetime import timedelta

import msgspec

from exlogare_server import limits
from exlogare_server.auth.audit import Actor, audit_event
from exlogare_server.auth.passwords import PasswordChecks
from exlogare_server.auth.tries import LoginTries
from exlogare_server.errors import CredentialError, ForbiddenError
from exlogare_server.store.protocol import Member, Role, Session, Store, Tenant, User
from exlogare_server.times import Clock

# Told apart from API tokens by its first letters.
ACCESS_PREFIX = "exa_"
Roles = tuple[Role, ...]

EVERYBODY: Roles = ("owner", "admin", "member", "viewer")
WRITERS: Roles = ("owner", "admin", "member")
ADMINS: Roles = ("owner", "admin")

_SECRET_BYTES = 32
# 32 bytes are 43 characters of base64 without padding.
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who a request comes from: a user in a tenant, with the role of this moment."""

    session_id: uuid.UUID
    user: User
    tenant: Tenant
    role: Role

    @property
    def actor(self) -> Actor:
        """The person in the audit log."""
        return Actor(self.user.id, self.user.email)


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """A new session and its secrets, which nobody can get a second time."""

    cookie: str
    access_token: str
    person: Person


def new_secret() -> str:
    """Make 32 random bytes as 43 characters."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_SECRET_BYTES)).rstrip(b"=").decode()


def is_secret(text: str) -> bool:
    """Say whether a text has the form that ``new_secret`` gives."""
    return _SECRET.fullmatch(text) is not None


def csrf_of(cookie: str) -> str:
    """Give the CSRF token of a session: made of its cookie's value, of which it tells nothing."""
    digest = hmac.digest(cookie.encode(), b"csrf", "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def check_csrf(sent: str | None, kept: str | None, session_cookie: str | None) -> None:
    """Refuse a request that another site's page may have caused.

    Args:
        sent: the header, which only our pages can set.
        kept: the readable cookie, which the header must repeat.
        session_cookie: whose token it must be; ``None`` before there is a session.

    Raises:
        ForbiddenError: one is missing, or they differ.
    """
    if not sent or not kept:
        raise ForbiddenError("CSRF token missing")
    wanted = [kept] if session_cookie is None else [kept, csrf_of(session_cookie)]
    if not all(hmac.compare_digest(sent.encode(), token.encode()) for token in wanted):
        raise ForbiddenError("CSRF token mismatch")


class Sessions:
    """The use cases about logins.

    Args:
        store: where they are kept.
        clock: gives the present time.
        tries: how often somebody may try.
        checks: checks passwords.
    """

    def __init__(self, store: Store, clock: Clock, tries: LoginTries, checks: PasswordChecks) -> None:
        self._store = store
        self._clock = clock
        self._tries = tries
        self._checks = checks

    def login(
        self,
        *,
        email: str,
        password: str,
        tenant_slug: str | None,
        address: str,
        old_cookie: str | None,
        client: str = "",
    ) -> Login:
        """Begin a session.

        Args:
            email: of the user, in any case.
            password: the user's.
            tenant_slug: into which tenant; ``None`` for the one that the user has been in longest.
            address: the client's, for the number of tries.
            old_cookie: of a session that the browser has; it ends.
            client: the program, as ``Firefox on Linux``; for people.

        Raises:
            RateLimitedError: too many tries from there.
            CredentialError: the address or the password is wrong, or the user is not in the tenant.
            BusyError: too many passwords are being checked.
        """
        self._tries.check(address)
        email = email.strip().lower()
        user = self._store.user_by_email(email)
        known = self._checks.verify(None if user is None else user.password_hash, password)
        tenants = self._store.memberships(user.id) if user is not None and known else ()
        found = next((pair for pair in tenants if tenant_slug in (None, pair[0].slug)), None)
        if user is None or not known or found is None:
            self.refused(email, address, client)
            raise CredentialError("Invalid email or password")
        tenant, role = found
        return self.begin(user, tenant, role, address=address, old_cookie=old_cookie, client=client)

    def refused(self, email: str, address: str, client: str) -> None:
        """Note that somebody was not let in; at no cost, so that it tells nothing of whether there is a user."""
        self._store.note_refused_login(email, self._clock(), f"Refused a sign-in {_from(address, client)}.")

    def begin(
        self, user: User, tenant: Tenant, role: Role, *, address: str, old_cookie: str | None, client: str
    ) -> Login:
        """Begin a session of somebody whose password was right; the arguments are those of ``login``."""
        now = self._clock()
        cookie, access_token = new_secret(), ACCESS_PREFIX + new_secret()
        session = Session(
            id=uuid.uuid4(),
            user_id=user.id,
            tenant_id=tenant.id,
            sha256=_digest(cookie),
            access_sha256=_digest(access_token),
            created_at=now,
            expires_at=now + timedelta(seconds=limits.SESSION_S_MAX),
            access_expires_at=now + timedelta(seconds=limits.ACCESS_TOKEN_S_MAX),
            last_used_at=now,
            client=client[: limits.CLIENT_CHARACTERS_MAX],
        )
        actor = Actor(user.id, user.email)
        detail = f"Signed in {_from(address, client)}."
        event = audit_event(tenant.id, now, actor, "session.begin", str(session.id), detail)
        self._store.add_session(session, replaces=_digest(old_cookie) if old_cookie else None, audit=event)
        person = Person(session_id=session.id, user=user, tenant=tenant, role=role)
        return Login(cookie=cookie, access_token=access_token, person=person)

    def by_cookie(self, cookie: str | None) -> Person | None:
        """Know a browser again; ``None`` for a session that is unknown, over or unused for too long."""
        if not cookie or not is_secret(cookie):
            return None
        member = self._store.member_by_cookie(_digest(cookie))
        if member is None or member.session.expires_at <= self._clock():
            return None
        return self._alive(member)

    def by_access_token(self, token: str) -> Person:
        """Know the bearer of an access token.

        Raises:
            CredentialError: it is unknown, over, or its session ended.
        """
        member = self._store.member_by_access(_digest(token))
        if member is None or member.session.access_expires_at <= self._clock():
            raise CredentialError("The access token is not valid, or it has expired; log in again.")
        person = self._alive(member)
        if person is None:
            raise CredentialError("The access token is not valid, or it has expired; log in again.")
        return person

    def end(self, person: Person) -> None:
        """End a session, its cookie and its access token."""
        target = str(person.session_id)
        event = audit_event(person.tenant.id, self._clock(), person.actor, "session.end", target, "Signed out.")
        self._store.end_session(person.session_id, audit=event)

    def onboarded(self, person: Person) -> bool:
        """Say whether the tenant has sent any log yet."""
        return self._store.has_analyses(person.tenant.id)

    def _alive(self, member: Member) -> Person | None:
        session, now = member.session, self._clock()
        unused_s = (now - session.last_used_at).total_seconds()
        if unused_s >= limits.SESSION_IDLE_S_MAX:
            return None
        if unused_s >= limits.SESSION_TOUCH_S_MIN:
            self._store.touch_session(session.id, now)
        return Person(session_id=session.id, user=member.user, tenant=member.tenant, role=member.role)


def require_role(person: Person, roles: Roles) -> None:
    """Refuse a person without one of the roles.

    Raises:
        ForbiddenError: the role is another.
    """
    if person.role not in roles:
        raise ForbiddenError(f"This needs one of the roles {', '.join(roles)}; yours is {person.role}.")


def _from(address: str, client: str) -> str:
    return f"from {address or 'an unknown address'} with {client or 'an unknown program'}"


def _digest(raw: str) -> bytes:
    return hashlib.sha256(raw.encode()).digest()
