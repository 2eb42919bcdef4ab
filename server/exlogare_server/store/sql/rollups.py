"""The figures of a day, kept in the transaction of the analysis that they count."""

import itertools
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from exlogare_server.store import durations
from exlogare_server.store.protocol import CauseCount, Overview, Severity
from exlogare_server.store.sql.browsing_schema import stats_kind
from exlogare_server.store.sql.prepared import Prepared
from exlogare_server.store.sql.schema import (
    clusters,
    stats_cause,
    stats_daily,
    stats_project,
    stats_rca,
)
from exlogare_server.store.sql.walking import few

DAY_US = 86_400_000_000
# Each is a multiple of the one before it, so that the longer ones are made of whole shorter ones.
SPANS = (1, 7, 28)
_SEVERITIES = ("low", "medium", "high")


class Contribution(msgspec.Struct, frozen=True):
    """What one analysis adds to the figures.

    Attributes:
        created_at_us: the first post's time, which says the day.
        cluster_id: ``None`` for what is no failure.
    """

    tenant_id: UUID
    created_at_us: int
    project: str
    severity: Severity
    category: str
    rca_ms: int
    cluster_id: UUID | None


@cache
def _adding(table: sa.Table, count: int) -> Prepared:
    """Make the statement that adds to the counters of so many rows, or begins them; its parameters end in a number."""

    def make(dialect: str) -> sa.Insert:
        # The two dialects agree on the words.
        insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
        rows = [{c.name: sa.bindparam(f"{c.name}{row}", type_=c.type) for c in table.c} for row in range(count)]
        counters = {c.name: c + insert.excluded[c.name] for c in table.c if not c.primary_key}
        keys = list(table.primary_key.columns)
        made: sa.Insert = insert.values(rows).on_conflict_do_update(index_elements=keys, set_=counters)
        return made

    return Prepared(make)


# In the order in which everyone writes them, so that two transactions do not wait for each other in a circle.
_TABLES = (stats_daily, stats_rca, stats_project, stats_cause, stats_kind)


def count(connection: sa.Connection, what: Contribution, *, instead_of: Contribution | None = None) -> None:
    """Add an analysis to the figures of its day, and take out of them what stood there before, if it is a renewal."""
    rows = _rows(what, 1)
    if instead_of is not None:
        taken = _rows(instead_of, -1)
        rows = {table: _net(table, taken[table] + rows[table]) for table in rows}
    for table in _TABLES:
        of_table = rows[table]
        if of_table:
            values = {f"{name}{number}": value for number, row in enumerate(of_table) for name, value in row.items()}
            _adding(table, len(of_table)).run(connection, values)


def _rows(what: Contribution, sign: int) -> dict[sa.Table, list[dict[str, Any]]]:
    """Give what is added to each table: where it keeps spans, a row for each."""
    day = what.created_at_us // DAY_US
    failures = sign if what.cluster_id is not None else 0
    by_severity = {name: sign if name == what.severity else 0 for name in _SEVERITIES}
    of_day = {"tenant_id": what.tenant_id, "day": day}
    spans = [{"tenant_id": what.tenant_id, "span": span, "day": day - day % span} for span in SPANS]
    bucket = {"bucket": durations.bucket_of(what.rca_ms), "analyses": sign}
    project = {"project": what.project, "failures": failures, **by_severity}
    rows: dict[sa.Table, list[dict[str, Any]]] = {
        stats_daily: [{**of_day, "failures": failures, **by_severity, "rca_ms_sum": sign * what.rca_ms}],
        stats_rca: [{**span, **bucket} for span in spans],
        stats_project: [{**span, **project} for span in spans],
        stats_cause: [],
        stats_kind: [],
    }
    if what.cluster_id is not None:
        kind = {"category": what.category, "severity": what.severity, "failures": sign}
        rows[stats_cause] = [{**span, "cluster_id": what.cluster_id, "failures": sign} for span in spans]
        rows[stats_kind] = [{**of_day, **kind}]
    return rows


def _net(table: sa.Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make one row of those with the same key, in the keys' order; one that would change nothing is left out."""
    keys = [column.name for column in table.primary_key]
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        known = found.setdefault(tuple(row[name] for name in keys), row)
        if known is not row:
            known.update({name: known[name] + row[name] for name in row if name not in keys})
    return [found[key] for key in sorted(found) if any(found[key][name] for name in found[key] if name not in keys)]


def parts_since(first_day: int, oldest_day: int) -> list[tuple[int, int, int | None, int]]:
    """Take the days from ``first_day`` on apart into as few whole spans as there are.

    What is before the first whole longer span is added by shorter ones, or, where that is less, the longer span
    that reaches over the first day is counted and its first part taken off.

    Args:
        first_day: where the days begin; not before ``oldest_day``.
        oldest_day: the first day that is kept. Retention lets go of the spans that begin before it.

    Returns:
        Of each part the length of its spans, its first day, the day behind it (``None`` for no end), and 1 or -1.
    """
    parts: list[tuple[int, int, int | None, int]] = []
    edge = first_day
    for span, longer in itertools.pairwise(SPANS):
        behind = -(-edge // longer) * longer
        before = edge // longer * longer
        if edge - before < behind - edge and before >= oldest_day:
            parts.append((span, before, edge, -1))
            edge = before
        elif edge < behind:
            parts.append((span, edge, behind, 1))
            edge = behind
    return [*parts, (SPANS[-1], edge, None, 1)]


class _Window(msgspec.Struct, frozen=True):
    """The parts of a window: what makes the statement (span, whether it has an end, sign), and what fills it in."""

    shape: tuple[tuple[int, bool, int], ...]
    values: dict[str, Any]


_OLDEST_DAY = sa.select(sa.func.min(stats_daily.c.day)).where(stats_daily.c.tenant_id == sa.bindparam("of_tenant"))


def _window(connection: sa.Connection, tenant_id: UUID, first_day: int) -> _Window:
    oldest = connection.execute(_OLDEST_DAY, {"of_tenant": tenant_id}).scalar_one() or 0
    parts = parts_since(max(first_day, oldest), oldest)
    values: dict[str, Any] = {"of_tenant": tenant_id}
    for place, (_, start, end, _) in enumerate(parts):
        values |= {f"start_{place}": start} | ({} if end is None else {f"end_{place}": end})
    return _Window(tuple((span, end is not None, sign) for span, _, end, sign in parts), values)


# Making a statement costs more than running a small one, so each shape is made once; there are some dozen shapes.
@cache
def _totals(
    shape: tuple[tuple[int, bool, int], ...], key: sa.Column[Any], counter: sa.Column[int], *, most_first: bool
) -> sa.Select[Any]:
    """Sum the counters of a window by the key, sums above 0: in the key's order, or the highest ``rows_max``."""
    columns = counter.table.c
    selects: list[sa.Select[Any]] = []
    for place, (span, has_end, sign) in enumerate(shape):
        part = sa.select(key, counter if sign == 1 else (-counter).label(counter.name)).where(
            columns.tenant_id == sa.bindparam("of_tenant"),
            columns.span == span,
            columns.day >= sa.bindparam(f"start_{place}"),
        )
        selects.append(part.where(columns.day < sa.bindparam(f"end_{place}")) if has_end else part)
    found = sa.union_all(*selects).subquery()
    total = sa.func.sum(found.c[counter.name]).label("total")
    summed = sa.select(found.c[key.name], total).group_by(found.c[key.name]).having(total > 0)
    if most_first:
        return summed.order_by(total.desc(), found.c[key.name]).limit(sa.bindparam("rows_max"))
    return summed.order_by(found.c[key.name])


@cache
def _top_causes(shape: tuple[tuple[int, bool, int], ...]) -> sa.Select[Any]:
    best = _totals(shape, stats_cause.c.cluster_id, stats_cause.c.failures, most_first=True).subquery()
    return (
        sa.select(clusters.c.last_root_cause, clusters.c.last_severity, best.c.total, clusters.c.id)
        .join_from(best, clusters, clusters.c.id == best.c.cluster_id)
        .order_by(best.c.total.desc(), best.c.cluster_id)
    )


def overview(connection: sa.Connection, tenant_id: UUID, first_day: int) -> Overview:
    """Sum the figures from a day on."""
    names = ("failures", *_SEVERITIES, "rca_ms_sum")
    sums = connection.execute(
        sa.select(*(sa.func.coalesce(sa.func.sum(stats_daily.c[name]), 0).label(name) for name in names)).where(
            stats_daily.c.tenant_id == tenant_id, stats_daily.c.day >= first_day
        )
    ).one()
    window = _window(connection, tenant_id, first_day)
    buckets = connection.execute(
        _totals(window.shape, stats_rca.c.bucket, stats_rca.c.analyses, most_first=False), window.values
    )
    return Overview(
        **{name: int(getattr(sums, name)) for name in names},
        rca_ms_buckets=tuple((int(bucket), int(analyses)) for bucket, analyses in buckets),
    )


def failures_by_day(connection: sa.Connection, tenant_id: UUID, first_day: int) -> dict[int, int]:
    """Count failures a day."""
    found = connection.execute(
        sa.select(stats_daily.c.day, stats_daily.c.failures).where(
            stats_daily.c.tenant_id == tenant_id, stats_daily.c.day >= first_day
        )
    )
    return {int(day): int(failures) for day, failures in found}


def top_projects(
    connection: sa.Connection, tenant_id: UUID, first_day: int, rows_max: int
) -> tuple[tuple[str, int], ...]:
    """List the projects with the most failures."""
    window = _window(connection, tenant_id, first_day)
    statement = _totals(window.shape, stats_project.c.project, stats_project.c.failures, most_first=True)
    found = connection.execute(statement, {**window.values, "rows_max": rows_max})
    return tuple((str(project), int(failures)) for project, failures in found)


def top_causes(connection: sa.Connection, tenant_id: UUID, first_day: int, rows_max: int) -> tuple[CauseCount, ...]:
    """List the causes with the most failures."""
    window = _window(connection, tenant_id, first_day)
    found = connection.execute(_top_causes(window.shape), {**window.values, "rows_max": rows_max})
    return tuple(CauseCount(cause, severity, int(number), cluster_id) for cause, severity, number, cluster_id in found)


def count_analyses(connection: sa.Connection, tenant_id: UUID, severity: Severity | None, project: str | None) -> int:
    """Count analyses by adding up their days."""
    names = _SEVERITIES if severity is None else (severity,)
    if project is None:
        total = sum((sa.func.sum(stats_daily.c[name]) for name in names), sa.literal(0))
        statement = sa.select(total).where(stats_daily.c.tenant_id == tenant_id)
        return int(connection.execute(statement).scalar_one() or 0)
    window = _window(connection, tenant_id, 0)
    counting = _counted(window.shape, names, is_sqlite=connection.dialect.name == "sqlite")
    return int(connection.execute(counting, {**window.values, "of_project": project}).scalar_one() or 0)


@cache
def _counted(
    shape: tuple[tuple[int, bool, int], ...], names: tuple[Severity, ...], *, is_sqlite: bool
) -> sa.Select[Any]:
    """Sum a project's analyses over a window's parts, along the index that begins with the project."""
    columns = stats_project.c
    parts: list[sa.Select[Any]] = []
    for place, (span, has_end, sign) in enumerate(shape):
        counter = sum((columns[name] for name in names), sa.literal(0))
        part = sa.select((counter * sign).label("counted")).where(
            columns.tenant_id == sa.bindparam("of_tenant"),
            few(columns.project == sa.bindparam("of_project"), is_sqlite=is_sqlite),
            columns.span == span,
            columns.day >= sa.bindparam(f"start_{place}"),
        )
        parts.append(part.where(columns.day < sa.bindparam(f"end_{place}")) if has_end else part)
    found = (parts[0] if len(parts) == 1 else sa.union_all(*parts)).subquery()
    return sa.select(sa.func.sum(found.c.counted))
