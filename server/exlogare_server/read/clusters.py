"""Clusters: the failures that have the same cause, and what people say of them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID, uuid4

import msgspec
from msgspec import Meta

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, FieldError, FieldsError, NotFoundError
from exlogare_server.read import ids, parameters
from exlogare_server.read.view import Time
from exlogare_server.store.protocol import CLUSTER_STATUSES, AuditEvent, Cluster, ClusterStatus, Severity, Store
from exlogare_server.times import Clock, to_text

# What people do to a cluster, and what it is then.
Action = Literal["acknowledge", "resolve", "reopen"]
ACTIONS: dict[Action, ClusterStatus] = {"acknowledge": "acknowledged", "resolve": "resolved", "reopen": "active"}


class ClustersQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A page of clusters, the one that failed last first."""

    status: Annotated[str, Meta(max_length=16, extra_json_schema={"enum": list(CLUSTER_STATUSES)})] | None = None
    limit: Annotated[int, Meta(ge=1, le=limits.PAGE_ROWS_MAX)] = limits.PAGE_ROWS
    offset: Annotated[int, Meta(ge=0, le=limits.OFFSET_MAX)] = 0


class BadgesQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The analyses whose clusters are wanted; the parameter is repeated."""

    analysis_id: Annotated[list[str], Meta(max_length=limits.BADGES_MAX)] = []


class ClusterView(msgspec.Struct, frozen=True, kw_only=True):
    """The failures with one cause.

    Attributes:
        count: how many runs failed of it.
        regressed_at: (ours) when it failed again last after it had been resolved.
    """

    id: UUID
    fingerprint_hash: str
    last_root_cause: str
    last_severity: Severity
    count: int
    first_seen_at: Time
    last_seen_at: Time
    status: ClusterStatus
    last_analysis_id: UUID
    acknowledged_at: Time | None
    resolved_at: Time | None
    regressed_at: Time | None


class ClustersPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of clusters, and how many there are in all."""

    items: tuple[ClusterView, ...]
    total: int
    limit: int
    offset: int


class StatusCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Clusters by status."""

    active: int
    acknowledged: int
    resolved: int


class BadgeView(msgspec.Struct, frozen=True, kw_only=True):
    """The cluster of an analysis, in short."""

    cluster_id: UUID
    count: int
    status: ClusterStatus


class BadgesView(msgspec.Struct, frozen=True):
    """The badges by the analyses' ids; one without a cluster, or unknown, is left out."""

    badges: dict[str, BadgeView]


class Clusters:
    """The use cases about clusters.

    Args:
        store: where they are kept.
        clock: gives the present time.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def page(self, tenant_id: UUID, given: Mapping[str, str]) -> ClustersPage:
        """Show a page.

        Raises:
            FieldsError: a parameter cannot be read or is out of range.
            BadRequestError: an unknown status.
        """
        query = parameters.parse(given, ClustersQuery)
        status = next((status for status in CLUSTER_STATUSES if status == query.status), None)
        if query.status is not None and status is None:
            raise BadRequestError("Invalid status")
        counts = self._store.count_clusters(tenant_id)
        total = sum(counts.values()) if status is None else counts[status]
        found = (
            self._store.clusters(tenant_id, status, offset=query.offset, rows_max=query.limit)
            if query.offset < total
            else ()
        )
        return ClustersPage(
            items=tuple(cluster_view(row) for row in found), total=total, limit=query.limit, offset=query.offset
        )

    def one(self, tenant_id: UUID, cluster_id: str) -> ClusterView:
        """Show one cluster.

        Raises:
            NotFoundError: there is none of this id, it is another tenant's, or it is no id at all.
        """
        wanted = ids.parse(cluster_id)
        found = None if wanted is None else self._store.cluster(tenant_id, wanted)
        if found is None:
            raise _not_found()
        return cluster_view(found)

    def counts(self, tenant_id: UUID) -> StatusCounts:
        """Count clusters by status."""
        found = self._store.count_clusters(tenant_id)
        return StatusCounts(active=found["active"], acknowledged=found["acknowledged"], resolved=found["resolved"])

    def badges(self, tenant_id: UUID, analysis_ids: Sequence[str]) -> BadgesView:
        """Show the clusters of some analyses, in short.

        Raises:
            FieldsError: there are too many ids.
        """
        if len(analysis_ids) > limits.BADGES_MAX:
            message = f"Expected at most {limits.BADGES_MAX} ids."
            raise FieldsError([FieldError(("query", "analysis_id"), message, "too_long")])
        wanted = {found: text for text in analysis_ids if (found := ids.parse(text)) is not None}
        clusters = self._store.clusters_of(tenant_id, list(wanted)) if wanted else {}
        return BadgesView(
            {
                wanted[analysis_id]: BadgeView(cluster_id=cluster.id, count=cluster.count, status=cluster.status)
                for analysis_id, cluster in clusters.items()
            }
        )

    def act(
        self,
        tenant_id: UUID,
        cluster_id: str,
        action: Action,
        *,
        actor_id: UUID | None = None,
        actor: str = "command line",
    ) -> ClusterView:
        """Acknowledge, resolve or reopen a cluster; the same again changes nothing.

        Args:
            tenant_id: whose it is.
            cluster_id: of the cluster.
            action: what to do.
            actor_id: who does it, for the audit log.
            actor: the e-mail address of that person.

        Raises:
            NotFoundError: as in ``one``.
        """
        wanted = ids.parse(cluster_id)
        if wanted is None:
            raise _not_found()
        now = self._clock()
        event = AuditEvent(
            id=uuid4(), tenant_id=tenant_id, created_at=now, action=f"cluster.{action}", actor_id=actor_id,
            actor=actor, target=cluster_id.lower(), detail=f"The failure is now {ACTIONS[action]}.",
        )  # fmt: skip
        return cluster_view(self._store.set_cluster_status(tenant_id, wanted, ACTIONS[action], now, audit=event))


def _not_found() -> NotFoundError:
    return NotFoundError("There is no such cluster.")


def cluster_view(cluster: Cluster) -> ClusterView:
    """Show a cluster."""
    return ClusterView(
        id=cluster.id,
        fingerprint_hash=cluster.fingerprint_hash,
        last_root_cause=cluster.last_root_cause,
        last_severity=cluster.last_severity,
        count=cluster.count,
        first_seen_at=to_text(cluster.first_seen_at),
        last_seen_at=to_text(cluster.last_seen_at),
        status=cluster.status,
        last_analysis_id=cluster.last_analysis_id,
        acknowledged_at=to_text(cluster.acknowledged_at) if cluster.acknowledged_at else None,
        resolved_at=to_text(cluster.resolved_at) if cluster.resolved_at else None,
        regressed_at=to_text(cluster.regressed_at) if cluster.regressed_at else None,
    )
