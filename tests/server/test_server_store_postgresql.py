"""What only PostgreSQL has: time-outs, writes side by side, a server that goes away and comes back."""

import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from exlogare_server import limits
from exlogare_server.errors import ConflictError, SettingsError, StoreUnavailableError
from exlogare_server.store import opening
from exlogare_server.store.protocol import AnalysisFilter, Position
from exlogare_server.store.sql import analyses, engines, schema
from exlogare_server.store.sql.writer_pg import TransactionWriter
from tests.server.databases import Postgres, postgres
from tests.server.harness import NOON
from tests.server.test_server_store import add_tenant, all_ids, new_analysis

pytestmark = pytest.mark.needs("postgresql")


@pytest.fixture
def url(postgres_server: Postgres) -> sa.URL:
    """A fresh database at the newest schema."""
    return opening.parse_url(postgres_server.database())


@pytest.fixture
def engine(url: sa.URL) -> Iterator[sa.Engine]:
    """Connections as the server makes them."""
    made = engines.postgresql(url, connections_max=4)
    yield made
    made.dispose()


@pytest.fixture
def writer(engine: sa.Engine) -> Iterator[TransactionWriter]:
    """A writer on a fresh database."""
    made = TransactionWriter(engine)
    yield made
    made.close()


def insert(slug: str) -> sa.Insert:
    """An insert of a tenant."""
    return sa.insert(schema.tenants).values(id=uuid.uuid4(), slug=slug, name=slug, plan="free", created_at_us=0)


def slugs(engine: sa.Engine) -> list[str]:
    """The tenants that are there."""
    with engine.connect() as connection:
        return sorted(connection.execute(sa.select(schema.tenants.c.slug)).scalars())


def test_statement_that_takes_too_long_is_ended(
    url: sa.URL, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the database itself, so that the connection is free for others; the caller hears of a passing fault."""
    monkeypatch.setattr(limits, "STATEMENT_MS_MAX", 50)
    hurried = engines.postgresql(url, connections_max=1)
    writer = TransactionWriter(hurried)

    with pytest.raises(StoreUnavailableError):
        writer.run(lambda c: c.execute(sa.text("SELECT pg_sleep(5)")))
    writer.run(lambda c: c.execute(insert("after")))
    writer.close()
    hurried.dispose()

    assert slugs(engine) == ["after"]


def test_lock_that_is_held_too_long_is_told(url: sa.URL, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write does not wait for another process without end."""
    monkeypatch.setattr(limits, "LOCK_MS_MAX", 50)
    hurried = engines.postgresql(url, connections_max=1)
    writer = TransactionWriter(hurried)
    with engine.begin() as other:
        other.execute(sa.text("LOCK TABLE tenants IN ACCESS EXCLUSIVE MODE"))

        with pytest.raises(StoreUnavailableError):
            writer.run(lambda c: c.execute(insert("x")))
    writer.close()
    hurried.dispose()


def test_writes_that_meet_are_done_again(engine: sa.Engine, writer: TransactionWriter) -> None:
    """Two transactions that lock two rows in opposite orders both end well, each counted once."""
    with engine.begin() as connection:
        connection.execute(insert("a"))
        connection.execute(insert("b"))
    both_have_one = threading.Barrier(2, timeout=5)
    runs: list[str] = []

    def lock(first: str, second: str) -> None:
        def work(connection: sa.Connection) -> None:
            runs.append(first)
            lengthen(connection, first)
            if len(runs) <= 2:
                both_have_one.wait()
            lengthen(connection, second)

        writer.run(work)

    def lengthen(connection: sa.Connection, slug: str) -> None:
        name = schema.tenants.c.name
        connection.execute(sa.update(schema.tenants).where(schema.tenants.c.slug == slug).values(name=name + "+"))

    threads = [threading.Thread(target=lock, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with engine.connect() as connection:
        assert sorted(connection.execute(sa.select(schema.tenants.c.name)).scalars()) == ["a++", "b++"]
    assert len(runs) == 3


def test_answer_of_the_work_is_undone_and_passed_on(engine: sa.Engine, writer: TransactionWriter) -> None:
    """An error of a use case rolls its writes back and is not tried again."""
    runs: list[int] = []

    def work(connection: sa.Connection) -> None:
        runs.append(1)
        connection.execute(insert("x"))
        raise ConflictError("no")

    with pytest.raises(ConflictError):
        writer.run(work)

    assert (slugs(engine), runs) == ([], [1])


def test_closed_writer_takes_nothing(engine: sa.Engine) -> None:
    """What was taken before is kept, what comes after is refused; closing twice is fine."""
    writer = TransactionWriter(engine)
    writer.start(lambda c: c.execute(insert("kept")))
    writer.close()
    writer.close()

    with pytest.raises(StoreUnavailableError):
        writer.run(lambda c: c.execute(insert("late")))
    assert slugs(engine) == ["kept"]


@pytest.mark.slow
def test_database_goes_away_and_comes_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    """While it is away every call is a passing fault; then the next one works, and what was kept is there."""
    import tempfile  # noqa: PLC0415 - as in conftest: pytest's folder is closed to the user postgres

    del tmp_path_factory
    with tempfile.TemporaryDirectory(prefix="exl-postgres-") as folder:
        Path(folder).chmod(0o755)
        with postgres(Path(folder) / "server") as server:
            store = opening.open_store(server.database(), threads=2)
            tenant = add_tenant(store)
            kept = store.save_analysis(new_analysis(tenant), NOON)
            server.stop("fast")

            with pytest.raises(StoreUnavailableError):
                store.analysis(tenant.id, kept)
            with pytest.raises(StoreUnavailableError):
                store.save_analysis(new_analysis(tenant, 2), NOON)
            assert store.ready() == "The database does not answer, or has no tables yet; run 'exlogare-server init'."
            server.start()

            assert store.ready() is None
            again = store.save_analysis(new_analysis(tenant, 2), NOON)
            assert sorted(all_ids(store, tenant)) == sorted([kept, again])
            server.stop("fast")
            server.start()
            assert sorted(all_ids(store, tenant)) == sorted([kept, again])
            store.close()


@pytest.mark.parametrize(
    "where", [AnalysisFilter(), AnalysisFilter(project="org/app", since=NOON)], ids=["all", "project"]
)
@pytest.mark.parametrize("after", [None, Position(NOON, uuid.UUID(int=1))], ids=["first-page", "further-page"])
def test_lists_are_read_along_an_index(engine: sa.Engine, where: AnalysisFilter, after: Position | None) -> None:
    """Each list can be answered by walking one index backwards, without a sort."""
    plans: list[str] = []

    def explain(_c: object, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        with cursor.connection.cursor() as other:
            other.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
            )
            other.execute(f"EXPLAIN {statement}", parameters)
            plans.append("\n".join(row[0] for row in other.fetchall()))

    sa.event.listen(engine, "before_cursor_execute", explain)
    with engine.connect() as connection:
        analyses.page(connection, uuid.uuid4(), where, after, 100)

    (plan,) = plans
    index = "ix_analyses_tenant_id_" + ("project_created_at_us_id" if where.project else "created_at_us_id")
    assert f"Index Scan Backward using {index} on analyses" in plan
    assert "Sort" not in plan
    assert ("ROW(created_at_us, id) <" in plan) == bool(after)


def test_migrations_make_what_the_code_uses(engine: sa.Engine) -> None:
    """The tables after all migrations are those of ``schema.py``."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, schema.metadata) == []
        assert context.get_current_revision() == schema.REVISION


def test_two_servers_migrate_at_once(postgres_server: Postgres) -> None:
    """One of them does it, the other waits and finds it done."""
    empty = postgres_server.database(migrated=False)
    faults: list[BaseException] = []

    def run() -> None:
        try:
            opening.migrate(empty)
        except SettingsError as error:
            faults.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
        time.sleep(0.01)
    for thread in threads:
        thread.join()

    store = opening.open_store(empty, threads=1)
    assert (faults, store.ready()) == ([], None)
    store.close()


def test_database_that_is_not_there_is_told(postgres_server: Postgres) -> None:
    """With its name and host, without the password."""
    url = postgres_server.url("nothing").replace("exl@", "exl:secret@")

    with pytest.raises(SettingsError) as caught:
        opening.migrate(url)

    assert str(caught.value) == (
        "The database nothing on 127.0.0.1 does not answer, or refuses the login (OperationalError)."
    )
