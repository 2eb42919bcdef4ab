"""Makes a store from a database URL, and brings a database to the newest schema."""

import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.errors import SettingsError
from exlogare_server.store.protocol import Store
from exlogare_server.store.sql import engines
from exlogare_server.store.sql.store import SqlStore
from exlogare_server.store.sql.writer import GroupCommitWriter
from exlogare_server.store.sql.writer_pg import TransactionWriter

# Any number that no other program on the same database takes for its own lock.
_MIGRATION_LOCK = 0x65786C6F67617265


def open_store(database_url: str, *, threads: int, connections_max: int = limits.DATABASE_CONNECTIONS) -> Store:
    """Open the store.

    Args:
        database_url: an SQLAlchemy URL of an SQLite file or a PostgreSQL database.
        threads: how many requests may read at once.
        connections_max: how many connections to PostgreSQL are kept, for reading and writing together.

    Returns:
        The store. Whether its tables are there and fit is for ``Store.ready`` to say.

    Raises:
        SettingsError: the URL is of another kind, or the SQLite file does not exist.
    """
    url = parse_url(database_url)
    if is_postgresql(url):
        engine = engines.postgresql(url, connections_max=connections_max)
        return SqlStore(engine.execution_options(isolation_level="AUTOCOMMIT"), TransactionWriter(engine))
    if not Path(str(url.database)).is_file():
        raise SettingsError(f"There is no database at {url.database}; make one with 'exlogare-server init'.")
    return SqlStore(engines.reader(url, threads=threads), GroupCommitWriter(engines.writer(url)))


def migrate(database_url: str, *, revision: str = "head") -> None:
    """Bring a database to the newest schema.

    An SQLite file that does not exist yet is made, for its owner's eyes only. A PostgreSQL database must
    exist; several servers may do this at the same time, one of them does it.

    Args:
        database_url: as in ``open_store``.
        revision: the schema to stop at; for tests and ``restore``.

    Raises:
        SettingsError: the URL is of another kind, the file cannot be made, or the database refuses.
    """
    from alembic import command  # noqa: PLC0415 - a serving process never needs it
    from alembic.util import CommandError  # noqa: PLC0415

    url = parse_url(database_url)
    name = place_of(url)
    if not is_postgresql(url):
        _make_file(Path(str(url.database)))
    engine = engine_for_migrations(url)
    try:
        with engine.connect() as connection:
            # One transaction over all of it: a migration that fails half-way leaves the database as it was.
            if is_postgresql(url):
                connection.exec_driver_sql("BEGIN")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
            else:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            config = _alembic_config(connection)
            try:
                command.upgrade(config, revision)
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")
    except CommandError:
        raise SettingsError(f"{name} was made by another version of the server, whose tables are newer.") from None
    except sa.exc.OperationalError as error:
        if not is_postgresql(url):
            raise SettingsError(f"{name} is no database of this server, or it is locked or damaged.") from None
        raise SettingsError(f"{name} does not answer, or refuses the login ({type(error.orig).__name__}).") from None
    except sa.exc.DatabaseError:
        raise SettingsError(f"{name} is no database of this server, or it is locked or damaged.") from None
    finally:
        engine.dispose()


def parse_url(database_url: str) -> sa.URL:
    """Read a database URL and give it the driver that this server uses.

    Raises:
        SettingsError: it is none, or of a database that the server does not know. The sentence never repeats
            the URL, which may hold a password.
    """
    try:
        # The short form is what many hosts of databases hand out.
        url = sa.make_url(database_url.replace("postgres://", "postgresql://", 1))
    except (sa.exc.ArgumentError, ValueError):
        raise SettingsError("EXLOGARE_DATABASE_URL is no database URL, such as sqlite:////srv/exlogare.db.") from None
    if is_postgresql(url):
        if not url.database:
            raise SettingsError("EXLOGARE_DATABASE_URL must name a database: postgresql://user@host/name.")
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise SettingsError(
            f"EXLOGARE_DATABASE_URL names a {url.get_backend_name()} database; "
            "the server keeps its data in SQLite or PostgreSQL."
        )
    if not url.database or url.database == ":memory:" or url.query:
        raise SettingsError("EXLOGARE_DATABASE_URL must name an SQLite file, without options.")
    return url


def is_postgresql(url: sa.URL) -> bool:
    """Say whether a URL is of a PostgreSQL database."""
    return url.get_backend_name() == "postgresql"


def place_of(url: sa.URL) -> str:
    """Name a database to people, without its password."""
    if is_postgresql(url):
        return f"The database {url.database} on {url.host or 'this machine'}"
    return str(url.database)


def engine_for_migrations(url: sa.URL) -> sa.Engine:
    """Make an engine of one connection in autocommit mode, without a time-out of statements."""
    if not is_postgresql(url):
        return engines.writer(url)
    return sa.create_engine(
        url,
        pool_size=1,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={"connect_timeout": limits.DATABASE_CONNECT_S_MAX, "application_name": "exlogare-server"},
    )


def _alembic_config(connection: sa.Connection) -> Any:
    from alembic.config import Config  # noqa: PLC0415 - see migrate

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _make_file(path: Path) -> None:
    """Make the file if it is missing.

    One that is there is never opened: to close any descriptor of it takes away the locks that SQLite holds in
    this process (https://www.sqlite.org/howtocorrupt.html, section 2.2).
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its -wal and -shm files the rights of the database file.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if not os.access(path, os.W_OK):
            raise SettingsError(f"The database {path} cannot be opened for writing: no right to.") from None
    except OSError as error:
        raise SettingsError(f"The database {path} cannot be opened for writing: {error.strerror}.") from None
