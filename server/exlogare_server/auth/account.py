"""What people do to their own account: password, sessions, the use of a link that lets them in."""

import hashlib
import uuid
from datetime import timedelta

import msgspec

from exlogare_server import limits
from exlogare_server.auth.audit import Actor, audit_event
from exlogare_server.auth.members import LINK_PREFIX
from exlogare_server.auth.passwords import PasswordChecks
from exlogare_server.auth.sessions import Login, Person, Sessions, is_secret
from exlogare_server.auth.tries import LoginTries
from exlogare_server.errors import CredentialError, ForbiddenError, NotFoundError
from exlogare_server.store.membership import Invitation
from exlogare_server.store.protocol import Role, Session, Store, Tenant, User
from exlogare_server.times import Clock


class OwnSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session of somebody's own."""

    session: Session
    tenant: Tenant
    is_current: bool


class Account:
    """The use cases about one's own account.

    Args:
        store: where everything is kept.
        clock: gives the present time.
        sessions: begins them.
        tries: how often somebody may try.
        checks: checks and hashes passwords.
    """

    def __init__(
        self, *, store: Store, clock: Clock, sessions: Sessions, tries: LoginTries, checks: PasswordChecks
    ) -> None:
        self._store = store
        self._clock = clock
        self._sessions = sessions
        self._tries = tries
        self._checks = checks

    def change_password(self, person: Person, old: str, new: str, *, address: str) -> None:
        """Change one's own password; all other sessions end.

        Raises:
            RateLimitedError: too many tries from there.
            ForbiddenError: the old password is wrong.
            BadRequestError: the new one is too short or too long.
            BusyError: too many passwords are being checked.
        """
        self._tries.check(address)
        if not self._checks.verify(person.user.password_hash, old):
            raise ForbiddenError("The old password is wrong.")
        password_hash = self._checks.hash(new)
        detail = "Changed the own password; all other sessions ended."
        event = audit_event(
            person.tenant.id, self._clock(), person.actor, "user.set_password", str(person.user.id), detail
        )
        self._store.set_password(person.user.id, password_hash, keep=person.session_id, audit=(event,))

    def sessions_of(self, person: Person) -> tuple[OwnSession, ...]:
        """List the sessions in which somebody is logged in, in every tenant, the last used first."""
        now = self._clock()
        idle = timedelta(seconds=limits.SESSION_IDLE_S_MAX)
        return tuple(
            OwnSession(session=session, tenant=tenant, is_current=session.id == person.session_id)
            for session, tenant in self._store.sessions_of(person.user.id)
            if session.expires_at > now and session.last_used_at + idle > now
        )

    def end_session(self, person: Person, session_id: uuid.UUID) -> None:
        """End one of one's own sessions.

        Raises:
            NotFoundError: there is none of this id.
        """
        detail = "Ended a session of the own."
        event = audit_event(person.tenant.id, self._clock(), person.actor, "session.end", str(session_id), detail)
        if not self._store.end_session_of(person.user.id, session_id, audit=event):
            raise NotFoundError("There is no such session.")

    def end_other_sessions(self, person: Person) -> int:
        """End all of one's own sessions but the present one; give how many there were."""
        detail = "Ended all other sessions of the own."
        event = audit_event(
            person.tenant.id, self._clock(), person.actor, "user.end_sessions", str(person.user.id), detail
        )
        return self._store.end_other_sessions(person.user.id, person.session_id, audit=event)

    def join(self, raw: str, password: str, *, address: str, old_cookie: str | None, client: str) -> Login:
        """Use a link: become a member, or get a new password; and log in.

        Args:
            raw: the link's secret.
            password: a new one; of somebody who has an account already, and was invited, the present one.
            address: the client's, for the number of tries.
            old_cookie: of a session that the browser has; it ends.
            client: the program, for people.

        Raises:
            RateLimitedError: too many tries from there.
            NotFoundError: the link is unknown, was used or has expired.
            CredentialError: there is an account with the address, and this is not its password.
            BadRequestError: the new password is too short or too long.
            BusyError: too many passwords are being checked.
        """
        self._tries.check(address)
        invitation, tenant = self._find(raw)
        user = self._user(invitation, password, address, client)
        now = self._clock()
        joined = invitation.kind == "invitation"
        action = "member.join" if joined else "user.set_password"
        detail = f"Joined as {invitation.role}." if joined else "Set a new password by a link; all sessions ended."
        event = audit_event(tenant.id, now, Actor(user.id, user.email), action, str(user.id), detail)
        self._store.accept_invitation(invitation, user, now, audit=event)
        role: Role = self._store.role(tenant.id, user.id) or invitation.role
        return self._sessions.begin(user, tenant, role, address=address, old_cookie=old_cookie, client=client)

    def _find(self, raw: str) -> tuple[Invitation, Tenant]:
        # The digest is looked up, never the secret compared: how long that takes tells nothing of the secret.
        is_one = raw.startswith(LINK_PREFIX) and is_secret(raw.removeprefix(LINK_PREFIX))
        found = self._store.invitation_by_sha256(hashlib.sha256(raw.encode()).digest()) if is_one else None
        if found is None or found[0].expires_at <= self._clock():
            raise NotFoundError("The link is not valid: it was used, withdrawn or has expired. Ask for a new one.")
        return found

    def _user(self, invitation: Invitation, password: str, address: str, client: str) -> User:
        """Give the user as the link makes it."""
        user = self._store.user_by_email(invitation.email)
        if user is not None and invitation.kind == "invitation":
            if not self._checks.verify(user.password_hash, password):
                self._sessions.refused(invitation.email, address, client)
                raise CredentialError("You have an account here already: give its password to join.")
            return user
        password_hash = self._checks.hash(password)
        if user is not None:
            return msgspec.structs.replace(user, password_hash=password_hash)
        return User(
            id=uuid.uuid4(),
            email=invitation.email,
            display_name=invitation.email.partition("@")[0],
            password_hash=password_hash,
            created_at=self._clock(),
        )
