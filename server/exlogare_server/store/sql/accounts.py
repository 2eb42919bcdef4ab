"""Statements about tenants, users and tokens. Each takes a connection; transactions are the caller's."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.errors import ConflictError, ForbiddenError, NotFoundError
from exlogare_server.store.protocol import ApiToken, AuditEvent, Plan, Role, Tenant, User
from exlogare_server.store.sql import people, rows
from exlogare_server.store.sql.membership_schema import invitations
from exlogare_server.store.sql.prepared import Prepared
from exlogare_server.store.sql.schema import api_tokens, memberships, tenants, users
from exlogare_server.times import from_us, to_us


def add_tenant(connection: sa.Connection, tenant: Tenant) -> None:
    """Insert a tenant. Raises ``ConflictError`` when its slug is taken."""
    values = {
        "id": tenant.id,
        "slug": tenant.slug,
        "name": tenant.name,
        "plan": tenant.plan,
        "created_at_us": to_us(tenant.created_at),
    }
    try:
        connection.execute(sa.insert(tenants).values(values))
    except sa.exc.IntegrityError:
        raise ConflictError(f"There is a tenant with the slug {tenant.slug!r} already.") from None


def tenant_by_slug(connection: sa.Connection, slug: str) -> Tenant | None:
    """Find a tenant."""
    row = connection.execute(sa.select(tenants).where(tenants.c.slug == slug)).one_or_none()
    return None if row is None else rows.tenant(row)


def set_plan(connection: sa.Connection, tenant_id: UUID, plan: Plan, event: AuditEvent | None = None) -> None:
    """Change a tenant's plan. Raises ``NotFoundError``."""
    result = connection.execute(sa.update(tenants).where(tenants.c.id == tenant_id).values(plan=plan))
    if result.rowcount == 0:
        raise NotFoundError("There is no such tenant.")
    people.record(connection, event)


def add_user(connection: sa.Connection, user: User) -> None:
    """Insert a user. Raises ``ConflictError`` when the e-mail address is taken."""
    values = {
        "id": user.id,
        "email": user.email,
        "display_name": user.display_name,
        "password_hash": user.password_hash,
        "created_at_us": to_us(user.created_at),
    }
    try:
        connection.execute(sa.insert(users).values(values))
    except sa.exc.IntegrityError:
        raise ConflictError("There is a user with this e-mail address already.") from None


def user_by_email(connection: sa.Connection, email: str) -> User | None:
    """Find a user."""
    row = connection.execute(sa.select(users).where(users.c.email == email)).one_or_none()
    return None if row is None else rows.user(row)


def role(connection: sa.Connection, tenant_id: UUID, user_id: UUID) -> Role | None:
    """Say a user's role in a tenant."""
    found: Role | None = connection.execute(
        sa.select(memberships.c.role).where(memberships.c.tenant_id == tenant_id, memberships.c.user_id == user_id)
    ).scalar_one_or_none()
    return found


def set_role(
    connection: sa.Connection,
    tenant_id: UUID,
    user_id: UUID,
    new: Role,
    now: datetime,
    *,
    event: AuditEvent | None = None,
) -> None:
    """Insert a membership, or change its role."""
    changed = connection.execute(
        sa.update(memberships)
        .where(memberships.c.tenant_id == tenant_id, memberships.c.user_id == user_id)
        .values(role=new)
    )
    if changed.rowcount == 0:
        values = {"tenant_id": tenant_id, "user_id": user_id, "role": new, "created_at_us": to_us(now)}
        connection.execute(sa.insert(memberships).values(values))
    void_password_links(connection, tenant_id, user_id)
    people.record(connection, event)


def void_password_links(connection: sa.Connection, tenant_id: UUID, user_id: UUID) -> None:
    """Delete a member's unused links for a new password: who made one may have no right over the present role."""
    email = sa.select(users.c.email).where(users.c.id == user_id).scalar_subquery()
    connection.execute(
        sa.delete(invitations).where(
            invitations.c.tenant_id == tenant_id, invitations.c.kind == "password", invitations.c.email == email
        )
    )


def add_token(
    connection: sa.Connection, token: ApiToken, active_max: int | None, event: AuditEvent | None = None
) -> None:
    """Insert a token, unless the tenant has ``active_max`` active ones. Raises ``ForbiddenError``."""
    if active_max is not None:
        # The lock makes counting and inserting one step where several connections write (SQLite has but one,
        # and ignores it).
        connection.execute(sa.select(tenants.c.id).where(tenants.c.id == token.tenant_id).with_for_update()).one()
        active = connection.execute(
            sa.select(sa.func.count())
            .select_from(api_tokens)
            .where(
                api_tokens.c.tenant_id == token.tenant_id,
                api_tokens.c.revoked_at_us.is_(None),
                sa.or_(api_tokens.c.expires_at_us.is_(None), api_tokens.c.expires_at_us > to_us(token.created_at)),
            )
        ).scalar_one()
        if active >= active_max:
            raise ForbiddenError(
                f"The Free plan allows {active_max} active tokens; revoke one, or change to a paid plan."
            )
    connection.execute(sa.insert(api_tokens).values(rows.token_values(token)))
    people.record(connection, event)


def tokens(connection: sa.Connection, tenant_id: UUID) -> tuple[ApiToken, ...]:
    """List a tenant's tokens, newest first."""
    statement = (
        sa.select(api_tokens)
        .where(api_tokens.c.tenant_id == tenant_id)
        .order_by(api_tokens.c.created_at_us.desc(), api_tokens.c.id.desc())
    )
    return tuple(rows.token(row) for row in connection.execute(statement))


_TOKEN_AND_TENANT = Prepared(
    sa.select(
        api_tokens, tenants.c.slug, tenants.c.name.label("tenant_name"), tenants.c.plan,
        tenants.c.created_at_us.label("tenant_created_at_us"),
    )
    .join_from(api_tokens, tenants)
    .where(api_tokens.c.sha256 == sa.bindparam("wanted"))
)  # fmt: skip


def token_by_sha256(connection: sa.Connection, sha256: bytes) -> tuple[ApiToken, Tenant] | None:
    """Find a token and its tenant."""
    row = _TOKEN_AND_TENANT.one_or_none(connection, {"wanted": sha256})
    if row is None:
        return None
    owner = Tenant(
        id=row.tenant_id,
        slug=row.slug,
        name=row.tenant_name,
        plan=row.plan,
        created_at=from_us(row.tenant_created_at_us),
    )
    return rows.token(row), owner


def revoke_token(
    connection: sa.Connection, tenant_id: UUID, token_id: UUID, now: datetime, event: AuditEvent | None = None
) -> ApiToken:
    """Revoke a token, once. Raises ``NotFoundError``."""
    mine = sa.and_(api_tokens.c.id == token_id, api_tokens.c.tenant_id == tenant_id)
    changed = connection.execute(
        sa.update(api_tokens).where(mine, api_tokens.c.revoked_at_us.is_(None)).values(revoked_at_us=to_us(now))
    )
    if changed.rowcount:
        people.record(connection, event)
    row = connection.execute(sa.select(api_tokens).where(mine)).one_or_none()
    if row is None:
        raise NotFoundError("There is no such token.")
    return rows.token(row)


def touch_token(connection: sa.Connection, token_id: UUID, now: datetime) -> None:
    """Note a token's use, unless one was noted a moment ago."""
    now_us = to_us(now)
    stale_us = now_us - limits.TOKEN_TOUCH_S_MIN * 1_000_000
    connection.execute(
        sa.update(api_tokens)
        .where(
            api_tokens.c.id == token_id,
            sa.or_(api_tokens.c.last_used_at_us.is_(None), api_tokens.c.last_used_at_us <= stale_us),
        )
        .values(last_used_at_us=now_us)
    )
