"""What only SQLite has: the writer, the file, the migrations."""

import sqlite3
import stat
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from exlogare_server import limits
from exlogare_server.errors import ConflictError, SettingsError, StoreUnavailableError
from exlogare_server.settings import Settings
from exlogare_server.store import migrations, opening
from exlogare_server.store.protocol import AnalysisFilter, Position
from exlogare_server.store.sql import analyses, engines, schema
from exlogare_server.store.sql.writer import GroupCommitWriter
from tests.server.harness import NOON
from tests.server.test_server_store import add_tenant, new_analysis, new_token


@pytest.fixture
def engine(settings: Settings) -> sa.Engine:
    """The engine for writing on a fresh database; the writer disposes of it."""
    return engines.writer(sa.make_url(settings.database_url))


@pytest.fixture
def writer(engine: sa.Engine) -> Iterator[GroupCommitWriter]:
    """A writer on a fresh database."""
    made = GroupCommitWriter(engine)
    yield made
    made.close()


@contextmanager
def held(writer: GroupCommitWriter, waiting_jobs: int) -> Iterator[list[threading.Thread]]:
    """Hold the writer in a commit of its own until so many further writes wait; run the threads that are given."""
    entered, released = threading.Event(), threading.Event()

    def hold(_: sa.Connection) -> None:
        entered.set()
        assert released.wait(5)

    threads = [threading.Thread(target=writer.run, args=(hold,))]
    threads[0].start()
    assert entered.wait(5)
    yield threads
    for thread in threads[1:]:
        thread.start()
    while writer.waiting_jobs < waiting_jobs:
        time.sleep(0.001)
    released.set()
    for thread in threads:
        thread.join()


def insert(slug: str, value: str = "free") -> sa.Insert:
    """An insert of a tenant."""
    return sa.insert(schema.tenants).values(id=uuid.uuid4(), slug=slug, name=slug, plan=value, created_at_us=0)


def slugs(settings: Settings) -> list[str]:
    """The tenants that are in the file, as another process sees them."""
    with sqlite3.connect(settings.data_dir / "exlogare.db") as connection:
        rows = [row[0] for row in connection.execute("SELECT slug FROM tenants ORDER BY slug")]
    connection.close()
    return rows


def test_writes_share_a_commit(settings: Settings, engine: sa.Engine, writer: GroupCommitWriter) -> None:
    """What arrives while a commit is under way goes with the next one, and all are there when they are told so."""
    said: list[str] = []

    @sa.event.listens_for(engine, "connect")
    def listen(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(lambda statement: said.append(statement.split()[0]))

    with held(writer, 5) as threads:
        for number in range(5):
            statement = insert(f"t{number}")
            threads.append(threading.Thread(target=writer.run, args=(lambda c, s=statement: c.execute(s),)))

    assert said == ["BEGIN", "COMMIT", "BEGIN", *["INSERT"] * 5, "COMMIT"]
    assert slugs(settings) == ["t0", "t1", "t2", "t3", "t4"]


def test_error_of_one_write_undoes_it_alone(settings: Settings, writer: GroupCommitWriter) -> None:
    """Others in the same commit are kept, and the error reaches the one who caused it."""
    failed: list[str] = []

    def write(slug: str) -> None:
        def work(connection: sa.Connection) -> None:
            connection.execute(insert(slug))
            if slug == "bad":
                raise ConflictError("no")

        try:
            writer.run(work)
        except ConflictError:
            failed.append(slug)

    with held(writer, 3) as threads:
        threads += [threading.Thread(target=write, args=(slug,)) for slug in ("good", "bad", "also")]

    assert slugs(settings) == ["also", "good"]
    assert failed == ["bad"]


def test_full_disk_is_told_and_forgotten(settings: Settings, engine: sa.Engine, writer: GroupCommitWriter) -> None:
    """When the file cannot grow, writes are refused as a passing fault; when it can again, they work."""
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailableError):
        writer.run(lambda c: c.execute(insert("large", "x" * 100_000)))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")

    writer.run(lambda c: c.execute(insert("later")))

    assert slugs(settings) == ["later"]


def test_locked_database_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process that holds the lock too long makes a passing fault, not a wait without end."""
    monkeypatch.setattr(limits, "SQLITE_BUSY_MS_MAX", 20)
    writer = GroupCommitWriter(engines.writer(sa.make_url(settings.database_url)))
    other = sqlite3.connect(settings.data_dir / "exlogare.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreUnavailableError) as caught:
        writer.run(lambda c: c.execute(insert("x")))
    other.execute("ROLLBACK")
    other.close()
    writer.run(lambda c: c.execute(insert("y")))
    writer.close()

    assert caught.value.retry_after_s == limits.RETRY_AFTER_S
    assert slugs(settings) == ["y"]


def test_broken_database_is_told(settings: Settings) -> None:
    """A file that is no database any more is a passing fault for reads and writes, and never a traceback."""
    store = opening.open_store(settings.database_url, threads=1)
    tenant = add_tenant(store)
    store.close()
    path = settings.data_dir / "exlogare.db"
    path.write_bytes(b"no database at all" * 1000)
    store = opening.open_store(settings.database_url, threads=1)

    with pytest.raises(StoreUnavailableError):
        store.tenant_by_slug("acme")
    with pytest.raises(StoreUnavailableError):
        store.save_analysis(new_analysis(tenant), NOON)
    assert store.ready() == "The database does not answer, or has no tables yet; run 'exlogare-server init'."
    store.close()


def test_closed_writer_takes_nothing(settings: Settings) -> None:
    """What was taken before is kept, what comes after is refused; closing twice is fine."""
    writer = GroupCommitWriter(engines.writer(sa.make_url(settings.database_url)))
    writer.start(lambda c: c.execute(insert("kept")))
    writer.close()
    writer.close()

    with pytest.raises(StoreUnavailableError):
        writer.run(lambda c: c.execute(insert("late")))
    assert slugs(settings) == ["kept"]


def test_connections_are_durable_and_leave_no_files(settings: Settings) -> None:
    """Write-ahead log, every commit on the disk, temporary tables in memory; readers cannot write."""
    url = sa.make_url(settings.database_url)
    for engine, query_only in ((engines.writer(url), 0), (engines.reader(url, threads=1), 1)):
        with engine.connect() as connection:
            values = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "temp_store", "foreign_keys", "query_only")
            ]
        engine.dispose()
        assert values == ["wal", 2, 2, 1, query_only]


@pytest.mark.parametrize(
    ("where", "index"),
    [
        (AnalysisFilter(), "created_at_us_id"),
        (AnalysisFilter(project="org/app", since=NOON), "project_created_at_us_id"),
        (AnalysisFilter(severity="low"), "severity_created_at_us_id"),
        (AnalysisFilter(source="drone_ingest", until=NOON), "source_created_at_us_id"),
    ],
    ids=["all", "project", "severity", "source"],
)
@pytest.mark.parametrize("after", [None, Position(NOON, uuid.UUID(int=1))], ids=["first-page", "further-page"])
def test_lists_are_read_along_an_index(
    engine: sa.Engine, where: AnalysisFilter, index: str, after: Position | None
) -> None:
    """No list sorts or scans the table: the statement itself is explained by the database."""
    plans: list[str] = []

    def explain(_c: object, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        plans.extend(row[-1] for row in cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    sa.event.listen(engine, "before_cursor_execute", explain)
    with engine.connect() as connection:
        analyses.page(connection, uuid.uuid4(), where, after, 100)
    engine.dispose()

    (step,) = plans
    index = f"ix_analyses_tenant_id_{index}"
    assert step.startswith(f"SEARCH analyses USING INDEX {index} (tenant_id=?")
    assert ("created_at_us" in step.removeprefix(f"SEARCH analyses USING INDEX {index}")) == bool(
        where.since or where.until or after
    )


def test_migrations_make_what_the_code_uses(settings: Settings) -> None:
    """The tables after all migrations are those of ``schema.py``, and its revision is the newest."""
    engine = engines.writer(sa.make_url(settings.database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, schema.metadata)
        current = context.get_current_revision()
    engine.dispose()

    assert differences == []
    heads = ScriptDirectory(str(Path(str(migrations.__file__)).parent)).get_heads()
    assert [current] == heads == [schema.REVISION]


def test_migrating_again_changes_nothing(settings: Settings) -> None:
    """Data stays as it is."""
    store = opening.open_store(settings.database_url, threads=1)
    tenant = add_tenant(store)
    store.add_token(new_token(tenant, 1), active_max=None)
    store.close()

    opening.migrate(settings.database_url)

    store = opening.open_store(settings.database_url, threads=1)
    assert store.tenant_by_slug("acme") == tenant
    assert len(store.tokens(tenant.id)) == 1
    store.close()


def test_new_database_is_private(tmp_path: Path) -> None:
    """Nobody but its owner can read the folder and the file."""
    opening.migrate(f"sqlite:///{tmp_path}/new/exlogare.db")

    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new/exlogare.db").stat().st_mode) == 0o600


def test_failed_migration_leaves_nothing(tmp_path: Path) -> None:
    """A table that stands in the way stops the migration, and none of the others is made."""
    path = tmp_path / "exlogare.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE analyses (x)")
    connection.close()

    with pytest.raises(SettingsError):
        opening.migrate(f"sqlite:///{path}")

    with sqlite3.connect(path) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
    connection.close()
    assert tables == ["analyses"]


def test_database_of_a_newer_version_is_refused(settings: Settings) -> None:
    """By the server with both versions, by the migration with a sentence."""
    path = settings.data_dir / "exlogare.db"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    store = opening.open_store(settings.database_url, threads=1)
    assert store.ready() == (
        f"The database's tables are at version 9999, this server needs {schema.REVISION}; "
        "run 'exlogare-server migrate'."
    )
    store.close()
    with pytest.raises(SettingsError, match="made by another version"):
        opening.migrate(settings.database_url)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://user:pass@host", "must name a database"),
        ("mysql+pymysql://host/db", "names a mysql database"),
        ("sqlite://", "must name an SQLite file"),
        ("sqlite:///:memory:", "must name an SQLite file"),
        ("sqlite:////a/b.db?mode=ro", "must name an SQLite file"),
        ("nonsense", "is no database URL"),
        ("sqlite:////nowhere/at/all.db", "There is no database at /nowhere/at/all.db"),
    ],
)
def test_other_databases_are_refused(url: str, sentence: str) -> None:
    """With a sentence that does not repeat a password."""
    with pytest.raises(SettingsError, match=sentence) as caught:
        opening.open_store(url, threads=1)

    assert "pass@" not in str(caught.value)


def test_errors_of_the_driver_hide_what_was_stored(engine: sa.Engine) -> None:
    """Not even an error nobody thought of quotes a value."""
    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError) as caught:
        connection.execute(insert("MARKER").values(name=None))
    engine.dispose()

    assert "MARKER" not in str(caught.value)


def test_a_second_migration_in_a_serving_process_leaves_its_locks(settings: Settings, engine: sa.Engine) -> None:
    """Another process that opens and leaves the database never takes away the journal of the one that serves."""
    with engine.connect() as connection:
        connection.execute(insert("kept"))
        opening.migrate(settings.database_url)
        path = str(settings.data_dir / "exlogare.db")
        code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA table_list'); c.close()"
        subprocess.run([sys.executable, "-c", code, path], check=True, timeout=30)
        journal_stands = Path(f"{path}-wal").exists()
    engine.dispose()
    assert journal_stands
