"""What the use cases may ask of a store. No SQL, no driver; every method is safe to call from any thread.

A write returns when it is durable: after a kill at any later moment it is still there. Times are aware UTC.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from exlogare_server.store.browsing import Browsing
from exlogare_server.store.membership import Memberships
from exlogare_server.store.outbox import Outbox
from exlogare_server.store.records import (
    CLUSTER_STATUSES,
    PLANS,
    ROLES,
    SEVERITIES,
    AnalysisFilter,
    ApiToken,
    AuditEvent,
    CauseCount,
    Cluster,
    ClusterStatus,
    Evidence,
    Member,
    NewAnalysis,
    Overview,
    Plan,
    Position,
    Reason,
    Role,
    Saved,
    Session,
    Severity,
    StoredAnalysis,
    Tenant,
    User,
)

__all__ = [
    "CLUSTER_STATUSES",
    "PLANS",
    "ROLES",
    "SEVERITIES",
    "AnalysisFilter",
    "ApiToken",
    "AuditEvent",
    "CauseCount",
    "Cluster",
    "ClusterStatus",
    "Evidence",
    "Member",
    "NewAnalysis",
    "Overview",
    "Plan",
    "Position",
    "Reason",
    "Role",
    "Saved",
    "Session",
    "Severity",
    "Store",
    "StoredAnalysis",
    "Tenant",
    "User",
]


class Store(Outbox, Memberships, Browsing, Protocol):
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

    def set_plan(self, tenant_id: UUID, plan: Plan, *, audit: AuditEvent | None = None) -> None:
        """Change a tenant's plan. Raises ``NotFoundError``.

        Args:
            tenant_id: whose.
            plan: the new one.
            audit: is kept in the same step; so with every ``audit`` below.
        """

    def add_user(self, user: User) -> None:
        """Keep a user. Raises ``ConflictError`` when the e-mail address is taken."""

    def user_by_email(self, email: str) -> User | None:
        """Find a user by the address in lower case."""

    def role(self, tenant_id: UUID, user_id: UUID) -> Role | None:
        """Say a user's role in a tenant; ``None`` for one who is no member."""

    def set_role(
        self, tenant_id: UUID, user_id: UUID, role: Role, now: datetime, *, audit: AuditEvent | None = None
    ) -> None:
        """Make a user a member of a tenant, or change the role."""

    def memberships(self, user_id: UUID) -> tuple[tuple[Tenant, Role], ...]:
        """List the tenants that a user is a member of, the oldest membership first."""

    def add_session(self, session: Session, *, replaces: bytes | None, audit: AuditEvent | None = None) -> None:
        """Keep a session.

        Args:
            session: the new one.
            audit: see ``set_plan``.
            replaces: the digest of the cookie of one that ends in the same step. The user's sessions that
                have expired go as well.
        """

    def member_by_cookie(self, sha256: bytes) -> Member | None:
        """Find a session by its cookie's digest, whether expired or not; ``None`` for who is no member."""

    def member_by_access(self, sha256: bytes) -> Member | None:
        """Find a session by its bearer token's digest; as ``member_by_cookie``."""

    def end_session(self, session_id: UUID, *, audit: AuditEvent | None = None) -> None:
        """End a session; one that is not there is ended already."""

    def end_sessions(self, user_id: UUID) -> int:
        """End all sessions of a user; give how many there were."""

    def touch_session(self, session_id: UUID, now: datetime) -> None:
        """Note a session's use. Returns at once: this one write need not be durable, and may be lost."""

    def note(self, event: AuditEvent) -> None:
        """Keep a line of the audit log that goes with no other write."""

    def audit_events(self, tenant_id: UUID, *, after: Position | None, rows_max: int) -> tuple[AuditEvent, ...]:
        """List what was changed in a tenant, newest first, beginning behind ``after``."""

    def add_token(self, token: ApiToken, *, active_max: int | None, audit: AuditEvent | None = None) -> None:
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

    def revoke_token(
        self, tenant_id: UUID, token_id: UUID, now: datetime, *, audit: AuditEvent | None = None
    ) -> ApiToken:
        """Revoke a token; one that was revoked keeps its first time, and is not audited again.

        Raises:
            NotFoundError: the tenant has no such token.
        """

    def touch_token(self, token_id: UUID, now: datetime) -> None:
        """Note a token's use. Returns at once: this one write need not be durable, and may be lost."""

    def save_analysis(self, analysis: NewAnalysis, now: datetime) -> UUID:
        """Keep an analysis, or renew the one with the same tenant and ``run_key``; give its id."""

    def forget(self, before: datetime, *, rows_max: int) -> int:
        """Delete some of the analyses of before a day, which is given by its beginning in UTC.

        Their clusters count them no more; the figures of a day go with its last analysis.

        Returns:
            How many were deleted; 0 when none is left.
        """

    def analysis(self, tenant_id: UUID, analysis_id: UUID) -> StoredAnalysis | None:
        """Find one analysis of this tenant."""

    def analyses(
        self, tenant_id: UUID, where: AnalysisFilter, *, after: Position | None, rows_max: int
    ) -> tuple[StoredAnalysis, ...]:
        """List a tenant's analyses, newest first, beginning behind ``after``."""

    def analyses_at(
        self, tenant_id: UUID, where: AnalysisFilter, *, offset: int, rows_max: int
    ) -> tuple[StoredAnalysis, ...]:
        """List a tenant's analyses, newest first, leaving out the first ``offset``."""

    def count_analyses(self, tenant_id: UUID, *, severity: Severity | None, project: str | None) -> int:
        """Count a tenant's analyses, from the daily figures."""

    def has_analyses(self, tenant_id: UUID) -> bool:
        """Say whether a tenant has any analysis."""

    def overview(self, tenant_id: UUID, first_day: int) -> Overview:
        """Sum the figures of the days from ``first_day`` (days since 1970) on."""

    def failures_by_day(self, tenant_id: UUID, first_day: int) -> dict[int, int]:
        """Count the failures of each day since 1970 from ``first_day`` on; days without any may be missing."""

    def top_projects(self, tenant_id: UUID, first_day: int, rows_max: int) -> tuple[tuple[str, int], ...]:
        """List the projects with the most failures from a day on, and how many they had."""

    def top_causes(self, tenant_id: UUID, first_day: int, rows_max: int) -> tuple[CauseCount, ...]:
        """List the causes with the most failures from a day on."""

    def clusters(
        self, tenant_id: UUID, status: ClusterStatus | None, *, offset: int, rows_max: int
    ) -> tuple[Cluster, ...]:
        """List a tenant's clusters, the one that failed last first."""

    def cluster(self, tenant_id: UUID, cluster_id: UUID) -> Cluster | None:
        """Find one cluster of this tenant."""

    def count_clusters(self, tenant_id: UUID) -> dict[ClusterStatus, int]:
        """Count a tenant's clusters by status; every status is there."""

    def clusters_of(self, tenant_id: UUID, analysis_ids: Sequence[UUID]) -> dict[UUID, Cluster]:
        """Find the clusters of analyses of this tenant, by the analyses' ids; others are left out."""

    def set_cluster_status(
        self,
        tenant_id: UUID,
        cluster_id: UUID,
        status: ClusterStatus,
        now: datetime,
        *,
        audit: AuditEvent | None = None,
    ) -> Cluster:
        """Acknowledge, resolve or reopen a cluster; the same again keeps the first time, and is not audited.

        Raises:
            NotFoundError: the tenant has no such cluster.
        """
