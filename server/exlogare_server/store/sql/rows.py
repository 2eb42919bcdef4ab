"""Between rows and records: times, scopes, evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from exlogare_server.store.protocol import (
    AnalysisFilter,
    ApiToken,
    Evidence,
    NewAnalysis,
    Position,
    Reason,
    StoredAnalysis,
    Tenant,
    User,
)
from exlogare_server.store.sql.schema import analyses
from exlogare_server.times import from_us, to_us

_evidence_decoder = msgspec.json.Decoder(tuple[Evidence, ...])
_reasons_decoder = msgspec.json.Decoder(tuple[Reason, ...])

# The columns of an analysis that are stored as they are in the record.
_PLAIN = tuple(name for name in NewAnalysis.__struct_fields__ if name not in ("evidence", "reasons"))


def maybe_us(moment: datetime | None) -> int | None:
    """Turn a time that may be missing into microseconds."""
    return None if moment is None else to_us(moment)


def maybe_time(value_us: int | None) -> datetime | None:
    """Turn microseconds that may be missing into a time."""
    return None if value_us is None else from_us(value_us)


def is_after(created_at_us: sa.Column[int], row_id: sa.Column[UUID], place: Position) -> sa.ColumnElement[bool]:
    """Make the condition for what came after a place."""
    return sa.tuple_(created_at_us, row_id) > sa.tuple_(
        sa.literal(to_us(place.created_at), sa.BigInteger), sa.literal(place.id, sa.Uuid)
    )


def is_before(created_at_us: sa.Column[int], row_id: sa.Column[UUID], place: Position) -> sa.ColumnElement[bool]:
    """Make the condition for what comes behind a place, newest first.

    A comparison of rows is one range of the index; the same written with OR is two, and a sort.
    """
    return sa.tuple_(created_at_us, row_id) < sa.tuple_(
        sa.literal(to_us(place.created_at), sa.BigInteger), sa.literal(place.id, sa.Uuid)
    )


def in_time(where: AnalysisFilter, after: Position | None) -> list[sa.ColumnElement[bool]]:
    """Make the conditions of a list's window: its times, and the place behind which it begins."""
    conditions: list[sa.ColumnElement[bool]] = []
    if where.since is not None:
        conditions.append(analyses.c.created_at_us >= to_us(where.since))
    if where.until is not None:
        conditions.append(analyses.c.created_at_us <= to_us(where.until))
    if after is not None:
        conditions.append(is_before(analyses.c.created_at_us, analyses.c.id, after))
    return conditions


def tenant(row: sa.Row[Any]) -> Tenant:
    """Read a row of ``tenants``."""
    return Tenant(id=row.id, slug=row.slug, name=row.name, plan=row.plan, created_at=from_us(row.created_at_us))


def user(row: sa.Row[Any]) -> User:
    """Read a row of ``users``."""
    return User(
        id=row.id,
        email=row.email,
        display_name=row.display_name,
        password_hash=row.password_hash,
        created_at=from_us(row.created_at_us),
    )


def token(row: sa.Row[Any]) -> ApiToken:
    """Read a row of ``api_tokens``."""
    return ApiToken(
        id=row.id,
        tenant_id=row.tenant_id,
        name=row.name,
        prefix=row.prefix,
        sha256=row.sha256,
        scopes=tuple(row.scopes.split(",")),
        created_at=from_us(row.created_at_us),
        expires_at=maybe_time(row.expires_at_us),
        revoked_at=maybe_time(row.revoked_at_us),
        last_used_at=maybe_time(row.last_used_at_us),
    )


def token_values(record: ApiToken) -> dict[str, Any]:
    """Give the columns of a token."""
    return {
        "id": record.id,
        "tenant_id": record.tenant_id,
        "name": record.name,
        "prefix": record.prefix,
        "sha256": record.sha256,
        "scopes": ",".join(record.scopes),
        "created_at_us": to_us(record.created_at),
        "expires_at_us": maybe_us(record.expires_at),
        "revoked_at_us": maybe_us(record.revoked_at),
        "last_used_at_us": maybe_us(record.last_used_at),
    }


def analysis(row: sa.Row[Any]) -> StoredAnalysis:
    """Read a row of ``analyses``."""
    return StoredAnalysis(
        id=row.id,
        created_at=from_us(row.created_at_us),
        updated_at=from_us(row.updated_at_us),
        cluster_id=row.cluster_id,
        evidence=_evidence_decoder.decode(row.evidence),
        reasons=_reasons_decoder.decode(row.reasons) if row.reasons else (),
        **{name: getattr(row, name) for name in _PLAIN},
    )


def analysis_values(record: NewAnalysis) -> dict[str, Any]:
    """Give the columns of an analysis, but for its id and its times."""
    values = {name: getattr(record, name) for name in _PLAIN}
    values["evidence"] = msgspec.json.encode(record.evidence).decode()
    values["reasons"] = msgspec.json.encode(record.reasons).decode()
    return values
