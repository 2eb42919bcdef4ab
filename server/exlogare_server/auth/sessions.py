"""Logins of people: made, known again, ended. Only digests of their secrets are kept."""

import base64
import hashlib
import hmac
import re
import secrets
import threading
import uuid
from datetime import timedelta

import msgspec

from exlogare_server import limits
from exlogare_server.auth.audit import Actor
from exlogare_server.auth.passwords import verify_password
from exlogare_server.auth.tries import LoginTries
from exlogare_server.errors import BusyError, CredentialError, ForbiddenError
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
    """

    def __init__(self, store: Store, clock: Clock, tries: LoginTries) -> None:
        self._store = store
        self._clock = clock
        self._tries = tries
        self._checks = threading.BoundedSemaphore(limits.PASSWORD_CHECKS_AT_ONCE_MAX)

    def login(
        self, *, email: str, password: str, tenant_slug: str | None, address: str, old_cookie: str | None
    ) -> Login:
        """Begin a session.

        Args:
            email: of the user, in any case.
            password: the user's.
            tenant_slug: into which tenant; ``None`` for the one that the user has been in longest.
            address: the client's, for the number of tries.
            old_cookie: of a session that the browser has; it ends.

        Raises:
            RateLimitedError: too many tries from there.
            CredentialError: the address or the password is wrong, or the user is not in the tenant.
            BusyError: too many passwords are being checked.
        """
        self._tries.check(address)
        user = self._store.user_by_email(email.strip().lower())
        known = self._verify(user, password)
        tenants = self._store.memberships(user.id) if user is not None and known else ()
        found = next((pair for pair in tenants if tenant_slug in (None, pair[0].slug)), None)
        if user is None or not known or found is None:
            raise CredentialError("Invalid email or password")
        tenant, role = found
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
        )
        self._store.add_session(session, replaces=_digest(old_cookie) if old_cookie else None)
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
        self._store.end_session(person.session_id)

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

    def _verify(self, user: User | None, password: str) -> bool:
        """Check a password; for nobody's one as slowly."""
        if not self._checks.acquire(timeout=limits.PASSWORD_WAIT_S_MAX):
            raise BusyError("Too many people log in right now; try again.", limits.RETRY_AFTER_S)
        try:
            return verify_password(None if user is None else user.password_hash, password)
        finally:
            self._checks.release()


def require_role(person: Person, roles: Roles) -> None:
    """Refuse a person without one of the roles.

    Raises:
        ForbiddenError: the role is another.
    """
    if person.role not in roles:
        raise ForbiddenError(f"This needs one of the roles {', '.join(roles)}; yours is {person.role}.")


def _digest(raw: str) -> bytes:
    return hashlib.sha256(raw.encode()).digest()
