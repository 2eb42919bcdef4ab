"""Statements that search analyses and list what there is to choose from. Transactions are the caller's."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.store.browsing import Choice, Found, ProjectDays
from exlogare_server.store.protocol import AnalysisFilter, Position, StoredAnalysis
from exlogare_server.store.sql import rows, walking
from exlogare_server.store.sql.prepared import Prepared
from exlogare_server.store.sql.rollups import DAY_US
from exlogare_server.store.sql.schema import analyses, clusters, stats_project
from exlogare_server.store.sql.walking import NEWEST_FIRST
from exlogare_server.times import from_us, to_us

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
    window = rows.in_time(where, after)
    names = walking.given(where)
    if where.cluster_ids is not None and not names:
        return Found(_of_clusters(connection, where, after, rows_max), None)
    if where.cluster_ids is not None and len(where.cluster_ids) == 1:
        walked, rest = [*window, analyses.c.cluster_id == where.cluster_ids[0]], names
    else:
        walked = [analyses.c.tenant_id == tenant_id, *window]
        led = walking.leaders(connection, where, names, walked) if names else []
        walked += [analyses.c[name] == getattr(where, name) for name in led]
        rest = [name for name in names if name not in led]
        rest += ["cluster_ids"] if where.cluster_ids is not None else []
    if not rest:
        statement = sa.select(analyses).where(*walked).order_by(*NEWEST_FIRST).limit(rows_max)
        return Found(tuple(rows.analysis(row) for row in connection.execute(statement)), None)
    return _sift(connection, tenant_id, where, walked, rest, rows_max=rows_max, examined_max=examined_max)


def _own(connection: sa.Connection, tenant_id: UUID, cluster_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Leave out the clusters of other tenants.

    Here and not as a condition on the analyses: SQLite without statistics would walk the tenant's index instead of
    the cluster's, and read all that the tenant has.
    """
    found = connection.execute(sa.select(clusters.c.id, clusters.c.tenant_id).where(clusters.c.id.in_(cluster_ids)))
    mine = {row.id for row in found if row.tenant_id == tenant_id}
    return tuple(cluster_id for cluster_id in cluster_ids if cluster_id in mine)


# So many pieces has the statement at most; those of no cluster find nothing, and cost nothing.
_PIECES = (1, 8, limits.BROWSE_CLUSTERS_MAX)


@cache
def _newest_of_clusters(pieces: int, *, since: bool, until: bool, after: bool) -> Prepared:
    """Make the statement for so many clusters, which takes tens of milliseconds; running it takes one or two."""
    columns = analyses.c
    place = sa.tuple_(sa.bindparam("after_us", type_=sa.BigInteger), sa.bindparam("after_id", type_=sa.Uuid))
    window = [
        *([columns.created_at_us >= sa.bindparam("since_us")] if since else []),
        *([columns.created_at_us <= sa.bindparam("until_us")] if until else []),
        *([sa.tuple_(columns.created_at_us, columns.id) < place] if after else []),
    ]
    rows_max = sa.bindparam("rows_max", type_=sa.Integer)
    each = [
        sa.select(
            sa.select(*_PLACE)
            .where(columns.cluster_id == sa.bindparam(f"cluster_{number}"), *window)
            .order_by(*NEWEST_FIRST)
            .limit(rows_max)
            .subquery()
        )
        for number in range(pieces)
    ]
    found = (each[0] if pieces == 1 else sa.union_all(*each)).subquery()
    newest = sa.select(found.c.id).order_by(found.c.created_at_us.desc(), found.c.id.desc()).limit(rows_max)
    return Prepared(sa.select(analyses).where(columns.id.in_(newest)).order_by(*NEWEST_FIRST))


def _of_clusters(
    connection: sa.Connection, where: AnalysisFilter, after: Position | None, rows_max: int
) -> tuple[StoredAnalysis, ...]:
    """List the analyses of clusters: each has its own piece of an index."""
    wanted = where.cluster_ids or ()
    pieces = next((size for size in _PIECES if size >= len(wanted)), len(wanted))
    values: dict[str, Any] = {f"cluster_{number}": None for number in range(pieces)}
    values |= {f"cluster_{number}": cluster_id for number, cluster_id in enumerate(wanted)}
    if where.since is not None:
        values["since_us"] = to_us(where.since)
    if where.until is not None:
        values["until_us"] = to_us(where.until)
    if after is not None:
        values |= {"after_us": to_us(after.created_at), "after_id": after.id}
    made = _newest_of_clusters(
        pieces, since=where.since is not None, until=where.until is not None, after=after is not None
    )
    return tuple(rows.analysis(row) for row in made.all(connection, {**values, "rows_max": rows_max}))


def _sift(
    connection: sa.Connection,
    tenant_id: UUID,
    where: AnalysisFilter,
    walked: list[sa.ColumnElement[bool]],
    rest: Sequence[str],
    *,
    rows_max: int,
    examined_max: int,
) -> Found:
    """Walk, and of the analyses on the way take those for which the rest holds.

    The inner statement has a limit of its own, so that neither database can choose another way.
    """
    columns = [analyses.c.cluster_id] if "cluster_ids" in rest else []
    if columns:
        # It stands in the rows only, and to read one costs more than to look into an index.
        examined_max = max(1, examined_max // 2)
    walk = sa.select(*_PLACE, *columns).where(*walked).order_by(*NEWEST_FIRST)
    seen = walk.limit(examined_max).subquery()
    conditions = [
        seen.c.cluster_id.in_(where.cluster_ids or ())
        if name == "cluster_ids"
        else walking.holds(connection, seen, tenant_id, name, getattr(where, name))
        for name in rest
    ]
    wanted = (
        sa.select(seen.c.id).where(*conditions).order_by(seen.c.created_at_us.desc(), seen.c.id.desc()).limit(rows_max)
    )
    ids = list(connection.execute(wanted).scalars())
    statement = sa.select(analyses).where(analyses.c.id.in_(ids)).order_by(*NEWEST_FIRST)
    found = tuple(rows.analysis(row) for row in connection.execute(statement)) if ids else ()
    if len(ids) >= rows_max:
        return Found(found, None)
    last = connection.execute(
        sa.select(*_PLACE).where(*walked).order_by(*NEWEST_FIRST).offset(examined_max - 1).limit(1)
    ).one_or_none()
    return Found(found, None if last is None else Position(from_us(last.created_at_us), last.id))


def count_newer(
    connection: sa.Connection, tenant_id: UUID, where: AnalysisFilter, than: Position, rows_max: int
) -> int:
    """Count what came after a place."""
    if where.cluster_ids == ():
        return 0
    conditions = [analyses.c.tenant_id == tenant_id, *rows.in_time(where, None)]
    conditions.append(rows.is_after(analyses.c.created_at_us, analyses.c.id, than))
    conditions += [analyses.c[name] == getattr(where, name) for name in walking.given(where)]
    if where.cluster_ids is not None:
        conditions.append(analyses.c.cluster_id.in_(where.cluster_ids))
    newer = sa.select(analyses.c.id).where(*conditions).limit(rows_max).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(newer)).scalar_one())


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
            .order_by(*NEWEST_FIRST)
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
    days: dict[str, dict[int, int]] = {project: {} for project in projects}
    last: dict[str, int] = {}
    if projects:
        values = {f"project_{place}": project for place, project in enumerate(days)}
        newest = connection.execute(_newest_of(len(days)), {"of_tenant": tenant_id, **values}).one()
        last = {project: int(at_us) for project, at_us in zip(days, newest, strict=True) if at_us is not None}
    if last:
        columns = stats_project.c
        counted = sa.select(columns.project, columns.day, columns.failures).where(
            columns.tenant_id == tenant_id,
            columns.span == 1,
            # Named one by one: a range of days would be read whole, with all the other projects.
            columns.day.in_(range(first_day, max(last.values()) // DAY_US + 1)),
            columns.project.in_(last),
            columns.failures > 0,
        )
        for project, day, failures in connection.execute(counted):
            days[project][int(day)] = int(failures)
    return tuple(
        ProjectDays(project=project, last_at=rows.maybe_time(last.get(project)), failures=days[project])
        for project in projects
    )
