"""Tenants and their users."""

import re
import uuid
from typing import Final

from exlogare_server import limits
from exlogare_server.auth.audit import COMMAND_LINE, audit_event
from exlogare_server.auth.passwords import hash_password
from exlogare_server.errors import BadRequestError, ConflictError, NotFoundError
from exlogare_server.store.protocol import Plan, Role, Store, Tenant, User
from exlogare_server.times import Clock

_LABEL: Final = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
EMAIL_PATTERN: Final = rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*"
"""What a browser takes for an e-mail address: https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address"""


def slug_of(name: str) -> str:
    """Give the slug of a tenant's name: lower case, ``-`` for spaces."""
    return name.strip().lower().replace(" ", "-")


class Tenants:
    """The use cases about tenants and users.

    Args:
        store: where they are kept.
        clock: gives the present time.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def ensure(self, *, name: str, plan: Plan) -> tuple[Tenant, bool]:
        """Make a tenant unless one of this slug is there; an existing one keeps its name and plan.

        Returns:
            The tenant, and whether it is new.

        Raises:
            BadRequestError: the name does not fit.
        """
        name = name.strip()
        slug = slug_of(name)
        # The slug is checked as well: a few letters become two in lower case.
        if not (len(name) >= 1 and len(slug) <= limits.TENANT_NAME_CHARACTERS_MAX and name.isprintable()):
            raise BadRequestError(
                f"A tenant's name must have 1 to {limits.TENANT_NAME_CHARACTERS_MAX} printable characters."
            )
        known = self._store.tenant_by_slug(slug)
        if known is not None:
            return known, False
        tenant = Tenant(id=uuid.uuid4(), slug=slug, name=name, plan=plan, created_at=self._clock())
        try:
            self._store.add_tenant(tenant)
        except ConflictError:
            return self.by_slug(slug), False
        return tenant, True

    def by_slug(self, slug: str) -> Tenant:
        """Find a tenant.

        Raises:
            NotFoundError: there is none.
        """
        tenant = self._store.tenant_by_slug(slug)
        if tenant is None:
            raise NotFoundError(f"There is no tenant with the slug {slug!r}.")
        return tenant

    def set_plan(self, slug: str, plan: Plan) -> Tenant:
        """Change a tenant's plan and give the tenant as it was.

        Raises:
            NotFoundError: there is no such tenant.
        """
        tenant = self.by_slug(slug)
        if tenant.plan != plan:
            detail = f"Changed the plan from {tenant.plan} to {plan}."
            event = audit_event(tenant.id, self._clock(), COMMAND_LINE, "tenant.set_plan", tenant.slug, detail)
            self._store.set_plan(tenant.id, plan, audit=event)
        return tenant

    def ensure_user(self, *, email: str, password: str) -> tuple[User, bool]:
        """Make a user unless there is one with this address; an existing one keeps the password.

        Returns:
            The user, and whether it is new.

        Raises:
            BadRequestError: the address or the password does not fit.
        """
        email = normal_email(email)
        known = self._store.user_by_email(email)
        if known is not None:
            return known, False
        user = User(
            id=uuid.uuid4(),
            email=email,
            display_name=email.partition("@")[0],
            password_hash=hash_password(password),
            created_at=self._clock(),
        )
        self._store.add_user(user)
        return user, True

    def ensure_role(self, tenant: Tenant, user: User, role: Role) -> Role | None:
        """Give a user a role in a tenant; return the role held before, ``None`` for none."""
        before = self._store.role(tenant.id, user.id)
        if before != role:
            now = self._clock()
            detail = f"Made {user.email} {role}" + (f", was {before}." if before else ".")
            event = audit_event(tenant.id, now, COMMAND_LINE, "member.set_role", str(user.id), detail)
            self._store.set_role(tenant.id, user.id, role, now, audit=event)
        return before

    def set_password(self, *, email: str, password: str) -> User:
        """Give a user a new password, and end all of the user's sessions.

        Raises:
            NotFoundError: there is no such user.
            BadRequestError: the password is empty or too long.
        """
        user = self._store.user_by_email(email.strip().lower())
        if user is None:
            raise NotFoundError("There is no user with this e-mail address.")
        now, detail = self._clock(), f"Set a new password of {user.email}; all sessions ended."
        events = [
            audit_event(tenant.id, now, COMMAND_LINE, "user.set_password", str(user.id), detail)
            for tenant, _ in self._store.memberships(user.id)
        ]
        self._store.set_password(user.id, hash_password(password), keep=None, audit=events)
        return user

    def end_sessions(self, email: str) -> int:
        """Log a user out everywhere; give how many sessions there were.

        Raises:
            NotFoundError: there is no such user.
        """
        user = self._store.user_by_email(email.strip().lower())
        if user is None:
            raise NotFoundError("There is no user with this e-mail address.")
        now = self._clock()
        for tenant, _ in self._store.memberships(user.id):
            detail = f"Ended all sessions of {user.email}."
            event = audit_event(tenant.id, now, COMMAND_LINE, "user.end_sessions", str(user.id), detail)
            self._store.note(event)
        return self._store.end_sessions(user.id)


def normal_email(text: str) -> str:
    """Give an e-mail address as it is kept: in lower case, without blanks around it.

    Raises:
        BadRequestError: nobody can have it.
    """
    email = text.strip(" \t\r\n")
    if len(email) > limits.EMAIL_CHARACTERS_MAX or re.fullmatch(EMAIL_PATTERN, email) is None:
        raise BadRequestError("The e-mail address has no name, no host, or characters that cannot be in one.")
    return email.lower()
