"""Statements that are compiled once and run through the driver, as Core would run them."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.store import opening
from exlogare_server.store.protocol import AnalysisFilter
from exlogare_server.store.sql import engines
from exlogare_server.store.sql.prepared import Prepared
from tests.server.databases import Postgres
from tests.server.harness import NOON
from tests.server.test_server_store import add_tenant, fields_of, new_analysis

things = sa.Table(
    "things", sa.MetaData(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("digest", sa.LargeBinary),
    sa.Column("good", sa.Boolean),
    sa.Column("share", sa.Double),
    sa.Column("words", sa.Text),
    sa.Column("count", sa.BigInteger),
)  # fmt: skip
INSERT = Prepared(sa.insert(things))
COUNT_ON = Prepared(sa.update(things).where(things.c.id == sa.bindparam("known")).values(count=things.c["count"] + 10))
FIND = Prepared(sa.select(things).where(things.c.id == sa.bindparam("wanted"), things.c.words != "100 %s"))
FULL: dict[str, Any] = {
    "id": uuid.UUID(int=1), "digest": b"\0\xff", "good": True, "share": 0.1, "words": "100 % of 漢字 :x ?",
    "count": 2**40,
}  # fmt: skip
EMPTY = {**dict.fromkeys(FULL), "id": uuid.UUID(int=2), "words": ""}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Connection]:
    """A connection to a database with an empty table."""
    if request.param == "sqlite":
        engine = engines.writer(sa.make_url(f"sqlite:///{tmp_path / 'x.db'}"))
    else:
        url = opening.parse_url(request.getfixturevalue("postgres_server").database())
        engine = engines.postgresql(url, connections_max=1)
    with engine.begin() as made:
        things.create(made)
        yield made
    engine.dispose()


def test_rows_are_as_core_gives_them(connection: sa.Connection) -> None:
    """Every type there and back, missing values, and SET from the names that are given."""
    INSERT.run_many(connection, [FULL, EMPTY])
    COUNT_ON.run(connection, {"known": FULL["id"], "good": False})
    rows = [FIND.one_or_none(connection, {"wanted": wanted["id"]}) for wanted in (FULL, EMPTY)]
    core = [tuple(row) for row in connection.execute(sa.select(things).order_by(things.c.id))]
    none = FIND.all(connection, {"wanted": uuid.UUID(int=3)})

    assert [row._asdict() for row in rows] == [{**FULL, "good": False, "count": 2**40 + 10}, EMPTY]
    assert [tuple(row) for row in rows] == core
    assert [type(value) for value in rows[0]] == [type(value) for value in FULL.values()]
    assert none == []


def test_errors_are_as_core_raises_them(connection: sa.Connection) -> None:
    """Of the same kind, without the values, which may be of a log."""
    INSERT.run(connection, EMPTY)
    with pytest.raises(sa.exc.IntegrityError) as caught:
        INSERT.run(connection, {**EMPTY, "words": "secret"})

    assert not caught.value.connection_invalidated
    assert "secret" not in str(caught.value)


@pytest.mark.needs("postgresql")
def test_dead_connections_cost_no_request(postgres_server: Postgres) -> None:
    """A database that was started again: all connections are dead at once, and more of them than a write has tries."""
    url = postgres_server.database()
    count = limits.WRITE_TRIES_MAX + 3
    store = opening.open_store(url, threads=count, connections_max=count)
    tenant = add_tenant(store)
    engine = store._readers  # type: ignore[attr-defined]  # noqa: SLF001 - as many requests at once would do
    for connection in [engine.connect() for _ in range(count)]:
        connection.close()
    with engine.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid != pg_backend_pid()"
            )
        ).all()
        record = new_analysis(tenant)
        store.save_analysis(record, NOON)
    (kept,) = store.analyses(tenant.id, AnalysisFilter(), after=None, rows_max=2)
    store.close()

    assert fields_of(kept) == fields_of(record)
