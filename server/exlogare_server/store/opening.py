"""Makes a store from a database URL, and brings a database to the newest schema."""

import os
from pathlib import Path

import sqlalchemy as sa

from exlogare_server.errors import SettingsError
from exlogare_server.store.protocol import Store
from exlogare_server.store.sql import engines
from exlogare_server.store.sql.store import SqlStore
from exlogare_server.store.sql.writer import GroupCommitWriter


def open_store(database_url: str, *, threads: int) -> Store:
    """Open the store.

    Args:
        database_url: an SQLAlchemy URL of an SQLite file.
        threads: how many requests may read at once.

    Returns:
        The store. Whether its tables are there and fit is for ``Store.ready`` to say.

    Raises:
        SettingsError: the URL is of another kind, or the file does not exist.
    """
    url = _sqlite_url(database_url)
    if not Path(str(url.database)).is_file():
        raise SettingsError(f"There is no database at {url.database}; make one with 'exlogare-server init'.")
    return SqlStore(engines.reader(url, threads=threads), GroupCommitWriter(engines.writer(url)))


def migrate(database_url: str) -> None:
    """Bring a database to the newest schema; one that does not exist yet is made, for its owner's eyes only.

    Args:
        database_url: as in ``open_store``.

    Raises:
        SettingsError: the URL is of another kind, or the file cannot be made.
    """
    from alembic import command  # noqa: PLC0415 - a serving process never needs it
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    url = _sqlite_url(database_url)
    path = Path(str(url.database))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its -wal and -shm files the rights of the database file.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise SettingsError(f"The database {path} cannot be opened for writing: {error.strerror}.") from None
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    engine = engines.writer(url)
    try:
        with engine.connect() as connection:
            # One transaction over all of it: a migration that fails half-way leaves the database as it was.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")
    except CommandError:
        raise SettingsError(f"{path} was made by another version of the server, whose tables are newer.") from None
    except sa.exc.DatabaseError:
        raise SettingsError(f"{path} is no database of this server, or it is locked or damaged.") from None
    finally:
        engine.dispose()


def _sqlite_url(database_url: str) -> sa.URL:
    try:
        url = sa.make_url(database_url)
    except sa.exc.ArgumentError:
        raise SettingsError("EXLOGARE_DATABASE_URL is no database URL, such as sqlite:////srv/exlogare.db.") from None
    if url.get_backend_name() != "sqlite":
        raise SettingsError(
            f"EXLOGARE_DATABASE_URL names a {url.get_backend_name()} database; "
            "this version of the server keeps its data in SQLite only."
        )
    if not url.database or url.database == ":memory:" or url.query:
        raise SettingsError("EXLOGARE_DATABASE_URL must name an SQLite file, without options.")
    return url
