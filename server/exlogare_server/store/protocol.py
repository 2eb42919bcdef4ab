"""What the use cases may ask of a store. No SQL, no driver; every method is safe to call from any thread.

A write returns when it is durable: after a kill at any later moment it is still there. Times are aware UTC.
"""

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec

Plan = Literal["free", "paid"]
Role = Literal["owner", "admin", "member", "viewer"]
Severity = Literal["low", "medium", "high"]

PLANS: tuple[Plan, ...] = ("free", "paid")
ROLES: tuple[Role, ...] = ("owner", "admin", "member", "viewer")
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high")


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """A customer: nobody sees anything of another one."""

    id: UUID
    slug: str
    name: str
    plan: Plan
    created_at: datetime


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person. ``password_hash`` is an argon2 string; ``email`` is in lower case."""

    id: UUID
    email: str
    display_name: str
    password_hash: str
    created_at: datetime


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """An API token without its secret: the raw form's SHA-256 digest and its first 12 characters."""

    id: UUID
    tenant_id: UUID
    name: str
    prefix: str
    sha256: bytes
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


class Evidence(msgspec.Struct, frozen=True):
    """One failing line: its 1-based number in the sent log and its text, secrets masked."""

    line: int
    text: str


class NewAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """An analysis to keep.

    Attributes:
        run_key: 32 bytes that are the same for the same run of the same tenant; a second one renews the
            first.
        project: both ``project_id`` and ``project_path`` of the contract, which are always equal.
        failure: whether the status is one that counts as a failure.
        rca_ms: from the request's first byte to the finished analysis, in milliseconds.
    """

    tenant_id: UUID
    run_key: bytes
    provider: str
    provider_label: str
    source: str
    ci_run_id: str
    ci_job_id: str | None
    project: str
    pipeline_url: str | None
    job_url: str | None
    job_name: str | None
    build_number: str | None
    branch: str | None
    commit_sha: str | None
    status: str
    failure: bool
    root_cause: str
    explanation: str
    fix_suggestion: str
    severity: Severity
    confidence: float
    category: str
    evidence: tuple[Evidence, ...]
    fingerprint: str
    tool: str | None
    cause_line: int | None
    needs_more_context: bool
    missing_context_hint: str | None
    rca_ms: int


class StoredAnalysis(NewAnalysis, frozen=True, kw_only=True):
    """An analysis that is kept. ``created_at`` is the first post's time, ``updated_at`` the last one's."""

    id: UUID
    created_at: datetime
    updated_at: datetime


class AnalysisFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which analyses; ``None`` leaves a condition out. Both ends of the time are included."""

    since: datetime | None = None
    until: datetime | None = None
    severity: Severity | None = None
    project: str | None = None
    source: str | None = None


class Position(msgspec.Struct, frozen=True):
    """A place in the order of analyses, newest first by creation, then by id."""

    created_at: datetime
    id: UUID


class Store(Protocol):
    """Everything the server keeps.

    Every method may raise ``StoreUnavailableError`` when the database does not answer.
    """

    def ready(self) -> str | None:
        """Say in a sentence why the store cannot be used; ``None`` when it answers and its schema fits."""

    def close(self) -> None:
        """Finish the writes that were taken, then let go of the database; the store cannot be used again."""

    def add_tenant(self, tenant: Tenant) -> None:
        """Keep a tenant. Raises ``ConflictError`` when its slug is taken."""

    def tenant_by_slug(self, slug: str) -> Tenant | None:
        """Find a tenant."""

    def set_plan(self, tenant_id: UUID, plan: Plan) -> None:
        """Change a tenant's plan. Raises ``NotFoundError``."""

    def add_user(self, user: User) -> None:
        """Keep a user. Raises ``ConflictError`` when the e-mail address is taken."""

    def user_by_email(self, email: str) -> User | None:
        """Find a user by the address in lower case."""

    def role(self, tenant_id: UUID, user_id: UUID) -> Role | None:
        """Say a user's role in a tenant; ``None`` for one who is no member."""

    def set_role(self, tenant_id: UUID, user_id: UUID, role: Role, now: datetime) -> None:
        """Make a user a member of a tenant, or change the role."""

    def add_token(self, token: ApiToken, *, active_max: int | None) -> None:
        """Keep a token.

        Raises:
            ForbiddenError: the tenant has ``active_max`` tokens that are neither revoked nor expired at
                ``token.created_at``. Counting and keeping are one step: two calls at once cannot both be the
                last.
        """

    def tokens(self, tenant_id: UUID) -> tuple[ApiToken, ...]:
        """List a tenant's tokens, newest first."""

    def token_by_sha256(self, sha256: bytes) -> tuple[ApiToken, Tenant] | None:
        """Find a token, whatever its state, and whose it is."""

    def revoke_token(self, tenant_id: UUID, token_id: UUID, now: datetime) -> ApiToken:
        """Revoke a token; one that was revoked keeps its first time. Raises ``NotFoundError``."""

    def touch_token(self, token_id: UUID, now: datetime) -> None:
        """Note a token's use. Returns at once: this one write need not be durable, and may be lost."""

    def save_analysis(self, analysis: NewAnalysis, now: datetime) -> UUID:
        """Keep an analysis, or renew the one with the same tenant and ``run_key``; give its id."""

    def analysis(self, tenant_id: UUID, analysis_id: UUID) -> StoredAnalysis | None:
        """Find one analysis of this tenant."""

    def analyses(
        self, tenant_id: UUID, where: AnalysisFilter, *, after: Position | None, rows_max: int
    ) -> tuple[StoredAnalysis, ...]:
        """List a tenant's analyses, newest first, beginning behind ``after``."""
