"""Statements that search analyses and list what there is to choose from. Transactions are the caller's."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from exlogare_server.store.browsing import Choice, Found, ProjectDays
from exlogare_server.store.protocol import AnalysisFilter, Position, StoredAnalysis
from exlogare_server.store.sql import rows
from exlogare_server.store.sql.schema import analyses, clusters, stats_project
from exlogare_server.times import from_us, to_us

# The condition whose index is walked; the first of them that is given, so the more selective ones stand first.
# The fields of ``AnalysisFilter`` are named as their columns.
_DRIVERS = ("project", "branch", "category", "provider_label", "severity", "source")
_NEWEST_FIRST = (analyses.c.created_at_us.desc(), analyses.c.id.desc())
_PLACE = (analyses.c.id, analyses.c.created_at_us)


def search(
    connection: sa.Connection,
    tenant_id: UUID,
    where: AnalysisFilter,
    *,
    after: Position | None,
    rows_max: int,
    examined_max: int,
) -> Found:
    """Find analyses: walk the index of one condition, and look at ``examined_max`` of its rows for the others.

    A filter of clusters alone is exact: each cluster has its own piece of an index.
    """
    if where.cluster_ids is not None:
        where = msgspec.structs.replace(where, cluster_ids=_own(connection, tenant_id, where.cluster_ids))
        if not where.cluster_ids:
            return Found((), None)
    walked = _in_time(where, after)
    given = [name for name in _DRIVERS if getattr(where, name) is not None]
    if where.cluster_ids is not None and (not given or len(where.cluster_ids) == 1):
        if not given:
            return Found(_of_clusters(connection, where.cluster_ids, walked, rows_max), None)
        walked.append(analyses.c.cluster_id == where.cluster_ids[0])
        rest = given
    else:
        walked.append(analyses.c.tenant_id == tenant_id)
        # Project and severity have an index together.
        led = given[:1] + (["severity"] if given[:1] == ["project"] and where.severity is not None else [])
        walked += [analyses.c[name] == getattr(where, name) for name in led]
        rest = [name for name in given if name not in led]
        rest += ["cluster_ids"] if where.cluster_ids is not None else []
    if not rest:
        statement = sa.select(analyses).where(*walked).order_by(*_NEWEST_FIRST).limit(rows_max)
        return Found(tuple(rows.analysis(row) for row in connection.execute(statement)), None)
    return _sift(connection, where, walked, rest, rows_max=rows_max, examined_max=examined_max)


def _own(connection: sa.Connection, tenant_id: UUID, cluster_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Leave out the clusters of other tenants.

    Here and not as a condition on the analyses: SQLite without statistics would walk the tenant's index instead of
    the cluster's, and read all that the tenant has.
    """
    found = connection.execute(sa.select(clusters.c.id, clusters.c.tenant_id).where(clusters.c.id.in_(cluster_ids)))
    mine = {row.id for row in found if row.tenant_id == tenant_id}
    return tuple(cluster_id for cluster_id in cluster_ids if cluster_id in mine)


def _of_clusters(
    connection: sa.Connection,
    cluster_ids: Sequence[UUID],
    walked: list[sa.ColumnElement[bool]],
    rows_max: int,
) -> tuple[StoredAnalysis, ...]:
    pieces = [
        sa.select(
            sa.select(*_PLACE)
            .where(analyses.c.cluster_id == cluster_id, *walked)
            .order_by(*_NEWEST_FIRST)
            .limit(rows_max)
            .subquery()
        )
        for cluster_id in cluster_ids
    ]
    found = (pieces[0] if len(pieces) == 1 else sa.union_all(*pieces)).subquery()
    newest = sa.select(found.c.id).order_by(found.c.created_at_us.desc(), found.c.id.desc()).limit(rows_max)
    statement = sa.select(analyses).where(analyses.c.id.in_(newest)).order_by(*_NEWEST_FIRST)
    return tuple(rows.analysis(row) for row in connection.execute(statement))


def _sift(
    connection: sa.Connection,
    where: AnalysisFilter,
    walked: list[sa.ColumnElement[bool]],
    rest: Sequence[str],
    *,
    rows_max: int,
    examined_max: int,
) -> Found:
    """Walk, and of the rows on the way take those for which the rest holds.

    The inner statement has a limit of its own, so that neither database can choose another way.
    """
    columns = [analyses.c["cluster_id" if name == "cluster_ids" else name] for name in rest]
    walk = sa.select(*_PLACE, *columns).where(*walked).order_by(*_NEWEST_FIRST)
    seen = walk.limit(examined_max).subquery()
    conditions = [
        seen.c.cluster_id.in_(where.cluster_ids or ())
        if name == "cluster_ids"
        else seen.c[name] == getattr(where, name)
        for name in rest
    ]
    wanted = (
        sa.select(seen.c.id).where(*conditions).order_by(seen.c.created_at_us.desc(), seen.c.id.desc()).limit(rows_max)
    )
    ids = list(connection.execute(wanted).scalars())
    statement = sa.select(analyses).where(analyses.c.id.in_(ids)).order_by(*_NEWEST_FIRST)
    found = tuple(rows.analysis(row) for row in connection.execute(statement)) if ids else ()
    if len(ids) >= rows_max:
        return Found(found, None)
    last = connection.execute(
        sa.select(*_PLACE).where(*walked).order_by(*_NEWEST_FIRST).offset(examined_max - 1).limit(1)
    ).one_or_none()
    return Found(found, None if last is None else Position(from_us(last.created_at_us), last.id))


def count_newer(
    connection: sa.Connection, tenant_id: UUID, where: AnalysisFilter, than: Position, rows_max: int
) -> int:
    """Count what came after a place."""
    if where.cluster_ids == ():
        return 0
    conditions = [analyses.c.tenant_id == tenant_id, *_in_time(where, None)]
    conditions.append(rows.is_after(analyses.c.created_at_us, analyses.c.id, than))
    conditions += [analyses.c[name] == getattr(where, name) for name in _DRIVERS if getattr(where, name) is not None]
    if where.cluster_ids is not None:
        conditions.append(analyses.c.cluster_id.in_(where.cluster_ids))
    newer = sa.select(analyses.c.id).where(*conditions).limit(rows_max).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(newer)).scalar_one())


def _in_time(where: AnalysisFilter, after: Position | None) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if where.since is not None:
        conditions.append(analyses.c.created_at_us >= to_us(where.since))
    if where.until is not None:
        conditions.append(analyses.c.created_at_us <= to_us(where.until))
    if after is not None:
        conditions.append(rows.is_before(analyses.c.created_at_us, analyses.c.id, after))
    return conditions


def choices(connection: sa.Connection, tenant_id: UUID, column: Choice, rows_max: int) -> tuple[str, ...]:
    """List the values of a column, jumping from one to the next along its index."""
    return _distinct(connection, tenant_id, analyses.c[column], "", rows_max)


def project_names(
    connection: sa.Connection, tenant_id: UUID, *, text: str, after: str, rows_max: int, looked_at_max: int
) -> tuple[str, ...]:
    """List projects by name; with a text so many names are looked at."""
    project = stats_project.c.project
    if not text:
        return _distinct(connection, tenant_id, project, after, rows_max)
    names = _distinct(connection, tenant_id, project, after, looked_at_max)
    wanted = text.lower()
    return tuple(name for name in names if wanted in name.lower())[:rows_max]


def _distinct(
    connection: sa.Connection, tenant_id: UUID, column: sa.Column[Any], after: str, rows_max: int
) -> tuple[str, ...]:
    """List the values of a column behind one, in order: each is one look into the index, however many rows it has."""
    values = {"of_tenant": tenant_id, "behind": after, "rows_max": rows_max}
    return tuple(str(value) for value in connection.execute(_steps_along(column), values).scalars())


# Making this statement costs several times what running it does, so it is made once for each column.
@cache
def _steps_along(column: sa.Column[Any]) -> sa.Select[Any]:
    mine = column.table.c.tenant_id == sa.bindparam("of_tenant")
    rows_max = sa.bindparam("rows_max", type_=sa.Integer)

    def next_after(value: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
        return sa.select(sa.func.min(column)).where(mine, column > value).scalar_subquery()

    behind = sa.bindparam("behind", type_=sa.String)
    first = sa.select(next_after(behind).label("value"), sa.literal(1).label("place")).cte(recursive=True)
    steps = first.union_all(
        sa.select(next_after(first.c.value), first.c.place + 1).where(
            first.c.value.is_not(None), first.c.place < rows_max
        )
    )
    return sa.select(steps.c.value).where(steps.c.value.is_not(None)).limit(rows_max)


@cache
def _newest_of(count: int) -> sa.Select[Any]:
    """Ask for the time of the newest analysis of so many projects, a column each.

    A look into the index each: grouped by project, all their rows would be read.
    """
    mine = analyses.c.tenant_id == sa.bindparam("of_tenant")
    return sa.select(
        *(
            sa.select(analyses.c.created_at_us)
            .where(mine, analyses.c.project == sa.bindparam(f"project_{place}"))
            .order_by(*_NEWEST_FIRST)
            .limit(1)
            .scalar_subquery()
            .label(f"newest_{place}")
            for place in range(count)
        )
    )


def project_days(
    connection: sa.Connection, tenant_id: UUID, projects: Sequence[str], first_day: int
) -> tuple[ProjectDays, ...]:
    """Give the days of projects."""
    columns = stats_project.c
    days: dict[str, dict[int, int]] = {project: {} for project in projects}
    last: dict[str, int] = {}
    if projects:
        counted = sa.select(columns.project, columns.day, columns.failures).where(
            columns.tenant_id == tenant_id,
            columns.project.in_(projects),
            columns.span == 1,
            columns.day >= first_day,
            columns.failures > 0,
        )
        for project, day, failures in connection.execute(counted):
            days[project][int(day)] = int(failures)
        values = {f"project_{place}": project for place, project in enumerate(days)}
        newest = connection.execute(_newest_of(len(days)), {"of_tenant": tenant_id, **values}).one()
        last = {project: int(at_us) for project, at_us in zip(days, newest, strict=True) if at_us is not None}
    return tuple(
        ProjectDays(project=project, last_at=rows.maybe_time(last.get(project)), failures=days[project])
        for project in projects
    )
