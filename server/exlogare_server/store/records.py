"""What a store keeps, as records. No SQL, no driver. Times are aware UTC."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

Plan = Literal["free", "paid"]
Role = Literal["owner", "admin", "member", "viewer"]
Severity = Literal["low", "medium", "high"]
ClusterStatus = Literal["active", "acknowledged", "resolved"]

PLANS: tuple[Plan, ...] = ("free", "paid")
ROLES: tuple[Role, ...] = ("owner", "admin", "member", "viewer")
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high")
CLUSTER_STATUSES: tuple[ClusterStatus, ...] = ("active", "acknowledged", "resolved")


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


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A person's login: the digests of its two secrets, never the secrets.

    Attributes:
        sha256: of the cookie's value.
        access_sha256: of the bearer token that the login gave.
        expires_at: the end of the cookie's session, whatever it is used for.
        access_expires_at: the end of the bearer token, never later.
        client: with what it was begun, as ``Firefox on Linux``; empty when that is not known.
    """

    id: UUID
    user_id: UUID
    tenant_id: UUID
    sha256: bytes
    access_sha256: bytes
    created_at: datetime
    expires_at: datetime
    access_expires_at: datetime
    last_used_at: datetime
    client: str = ""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person in a tenant, by a session, with the role of this moment."""

    session: Session
    user: User
    tenant: Tenant
    role: Role


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was changed by somebody with the right to.

    Attributes:
        action: what was done, as ``thing.verb``: ``token.create``.
        actor_id: who did it; ``None`` for whoever runs the server's command.
        actor: the person's e-mail address at that time, or ``command line``.
        target: what it was done to: an id, a slug, an address.
        detail: one sentence for people; never a secret.
    """

    id: UUID
    tenant_id: UUID
    created_at: datetime
    action: str
    actor_id: UUID | None
    actor: str
    target: str
    detail: str


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


class Reason(msgspec.Struct, frozen=True, array_like=True):
    """One term of why the engine chose its cause: what was weighed, and the points for it or against it."""

    name: str
    points: float


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
    reasons: tuple[Reason, ...] = ()


class StoredAnalysis(NewAnalysis, frozen=True, kw_only=True):
    """An analysis that is kept.

    Attributes:
        created_at: the first post's time.
        updated_at: the last post's time.
        cluster_id: the group of failures with the same cause; ``None`` for what is no failure.
    """

    id: UUID
    created_at: datetime
    updated_at: datetime
    cluster_id: UUID | None = None


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What keeping an analysis did.

    Attributes:
        id: the analysis's.
        cluster_id: the group that it belongs to; ``None`` for what is no failure.
        is_new: it is the run's first post, not a renewal.
        first_time: no failure with this cause was known before.
        regression: its cause counted as resolved, and is active again.
    """

    id: UUID
    cluster_id: UUID | None
    is_new: bool
    first_time: bool = False
    regression: bool = False


class AnalysisFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which analyses; ``None`` leaves a condition out. Both ends of the time are included.

    The last four are read by ``Browsing`` only.
    """

    since: datetime | None = None
    until: datetime | None = None
    severity: Severity | None = None
    project: str | None = None
    source: str | None = None
    branch: str | None = None
    category: str | None = None
    provider_label: str | None = None
    cluster_ids: tuple[UUID, ...] | None = None


class Position(msgspec.Struct, frozen=True):
    """A place in the order of analyses, newest first by creation, then by id."""

    created_at: datetime
    id: UUID


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """The failures of a tenant that have the same cause.

    Attributes:
        fingerprint_hash: 64 hex digits that are the same for the same cause.
        count: how many runs failed of it.
        last_analysis_id: its newest analysis, whose words ``last_root_cause`` and ``last_severity`` are.
        first_seen_at: when its oldest analysis was made.
        last_seen_at: when its newest analysis was made.
        regressed_at: when it failed again last after it had been resolved.
    """

    id: UUID
    fingerprint_hash: str
    last_root_cause: str
    last_severity: Severity
    count: int
    first_seen_at: datetime
    last_seen_at: datetime
    status: ClusterStatus
    last_analysis_id: UUID
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    regressed_at: datetime | None


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a window of days.

    Attributes:
        failures: posts whose status is a failure.
        low, medium, high: analyses by severity.
        rca_ms_sum: milliseconds from request to analysis, all together.
        rca_ms_buckets: how many analyses took how long: pairs of a bucket (``store/durations.py``) and a
            count, ascending, counts above 0.
    """

    failures: int
    low: int
    medium: int
    high: int
    rca_ms_sum: int
    rca_ms_buckets: tuple[tuple[int, int], ...]


class CauseCount(msgspec.Struct, frozen=True):
    """A cause, the severity of its newest analysis, how many failures it had, and its cluster."""

    root_cause: str
    severity: Severity
    count: int
    cluster_id: UUID
