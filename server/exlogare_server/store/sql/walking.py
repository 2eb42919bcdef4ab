"""Which index a list is read along.

PostgreSQL keeps statistics by itself and finds the best way. An SQLite file has none unless somebody makes some, and
without them any index is as good as another one; so there the statement says which way to go.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.store.protocol import AnalysisFilter
from exlogare_server.store.sql.schema import analyses

# The filters that have an index each, the more selective ones first. They are named as their columns.
FILTERS = ("project", "branch", "category", "provider_label", "severity", "source")
NEWEST_FIRST = (analyses.c.created_at_us.desc(), analyses.c.id.desc())


def given(where: AnalysisFilter) -> list[str]:
    """Say by which columns a list is filtered."""
    return [name for name in FILTERS if getattr(where, name) is not None]


def led_by(first: str, names: Sequence[str]) -> list[str]:
    """Say which of the given columns one index answers together that begins with one of them."""
    return ["project", "severity"] if first == "project" and "severity" in names else [first]


def leaders(
    connection: sa.Connection, where: AnalysisFilter, names: Sequence[str], window: Sequence[sa.ColumnElement[bool]]
) -> list[str]:
    """Choose the columns whose index is walked; the others are looked at on the way.

    Usually the first that is given. On SQLite it is looked whether another one has only few analyses: to walk what is
    frequent in search of what is rare would read all of a tenant's.

    Args:
        connection: of the database.
        where: the filter.
        names: which of its columns are given.
        window: the tenant and the time.
    """
    default = led_by(names[0], names)
    if connection.dialect.name != "sqlite" or len(names) == len(default):
        return default
    others = [[name] for name in names if name not in default]
    for group in (default, *others):
        conditions = [analyses.c[column] == getattr(where, column) for column in group]
        some = sa.select(analyses.c.id).where(*window, *conditions).order_by(*NEWEST_FIRST).limit(limits.FEW_ROWS)
        found = connection.execute(sa.select(sa.func.count()).select_from(some.subquery())).scalar_one()
        if found < limits.FEW_ROWS:
            return group
    return default


def holds(
    connection: sa.Connection, seen: sa.FromClause, tenant_id: UUID, name: str, value: str
) -> sa.ColumnElement[bool]:
    """Make the condition that a column of analyses that were found has a value, looked up in that column's index.

    The index has the analyses of one time side by side; their rows are all over the table, and each one costs a page.

    Args:
        connection: of the database.
        seen: has ``created_at_us`` and ``id``.
        tenant_id: whose analyses.
        name: one of ``FILTERS``.
        value: the column's.
    """
    row = analyses.alias()
    return sa.exists(
        sa.select(sa.literal(1)).where(
            row.c.tenant_id == tenant_id,
            row.c[name] == value,
            row.c.created_at_us == seen.c.created_at_us,
            without_index(connection, row.c.id) == seen.c.id,
        )
    )


def without_index(connection: sa.Connection, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Write a column so that SQLite takes no index for its sake."""
    if connection.dialect.name != "sqlite":
        return column
    return sa.func.coalesce(column, sa.literal_column("''"), type_=column.type)


def few(condition: sa.ColumnElement[bool], *, is_sqlite: bool) -> sa.ColumnElement[bool]:
    """Tell SQLite that a condition holds for few rows, so that it takes an index which begins with it.

    See https://www.sqlite.org/lang_corefunc.html#likelihood.
    """
    if not is_sqlite:
        return condition
    # Of no type: of a boolean SQLAlchemy would compare the call with 1, and no index fits that.
    hinted: sa.ColumnElement[Any] = sa.func.likelihood(condition, sa.literal_column("0.001"))
    return hinted
