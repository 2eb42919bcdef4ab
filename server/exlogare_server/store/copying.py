"""Backups: a whole database in one SQLite file, made while the server runs, whichever database it has.

The file can be restored into either kind of database, so it is also the way from one to the other.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.errors import SettingsError
from exlogare_server.store import opening
from exlogare_server.store.sql import schema


def backup(database_url: str, path: Path) -> None:
    """Write a database to a file, as it is at one moment.

    Args:
        database_url: as in ``store/opening.py``.
        path: must not exist yet; it appears when it is whole.

    Raises:
        SettingsError: the file exists or cannot be written, the database does not answer, or its tables are
            of another version.
    """
    url = opening.parse_url(database_url)
    if path.exists():
        raise SettingsError(f"{path} exists already; a backup is never written over another file.")
    if not opening.is_postgresql(url) and not Path(str(url.database)).is_file():
        raise SettingsError(f"There is no database at {url.database}.")
    with _draft(path) as draft:
        if opening.is_postgresql(url):
            opening.migrate(f"sqlite:///{draft}")
            with _source(url) as source:
                _copy(source, f"sqlite:///{draft}")
        else:
            _copy_file(Path(str(url.database)), draft)
        _seal(draft)


def restore(path: Path, database_url: str) -> None:
    """Fill a database from a backup, which may be of an older version of the server.

    Args:
        path: the backup; it is not changed.
        database_url: of a database without tenants; an SQLite file is made if it is missing.

    Raises:
        SettingsError: the backup is none, or the database is not empty or does not answer.
    """
    url = opening.parse_url(database_url)
    if not path.is_file():
        raise SettingsError(f"There is no file {path}.")
    target = Path(str(url.database)) if not opening.is_postgresql(url) else path
    if not opening.is_postgresql(url):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _draft(target) as draft:
        _copy_file(path, draft)
        _check(draft, path)
        opening.migrate(f"sqlite:///{draft}")
        opening.migrate(database_url)
        _refuse_filled(url)
        with _source(sa.make_url(f"sqlite:///{draft}")) as source:
            _copy(source, database_url)
        draft.unlink()


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """Give a file beside ``path`` that takes its place at the end, if it is there then."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        try:
            os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            raise SettingsError(f"{draft.parent} cannot be written to: {error.strerror}.") from None
        yield draft
        if draft.exists():
            # A link, not a rename: of two backups to one name the second must not take the first's place.
            try:
                os.link(draft, path)
            except OSError as error:
                raise SettingsError(f"{path} cannot be written: {error.strerror}.") from None
    except sa.exc.DatabaseError as error:
        raise SettingsError(f"The database does not answer, or is damaged ({type(error.orig).__name__}).") from None
    except sqlite3.DatabaseError as error:
        raise SettingsError(f"{path.name}: the file is no database, or is damaged ({type(error).__name__}).") from None
    finally:
        for name in (draft.name, f"{draft.name}-wal", f"{draft.name}-shm", f"{draft.name}-journal"):
            draft.with_name(name).unlink(missing_ok=True)


def _copy_file(source: Path, target: Path) -> None:
    """Copy an SQLite database while others write to it (https://www.sqlite.org/backup.html)."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)


def _seal(path: Path) -> None:
    """Make a database one plain file, whole and on the disk."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise SettingsError("The copy is damaged; nothing was written.")
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check(draft: Path, path: Path) -> None:
    with closing(sqlite3.connect(draft)) as connection:
        found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    if found != (1,):
        raise SettingsError(f"{path} is no backup of this server.")


def _refuse_filled(url: sa.URL) -> None:
    engine = opening.engine_for_migrations(url)
    try:
        with engine.connect() as connection:
            if connection.execute(sa.select(schema.tenants.c.id).limit(1)).first() is not None:
                raise SettingsError(f"{opening.place_of(url)} is not empty; restore into one without tenants.")
    finally:
        engine.dispose()


@contextmanager
def _source(url: sa.URL) -> Iterator[sa.Connection]:
    """Give a connection that sees the database as it is at one moment."""
    engine = opening.engine_for_migrations(url)
    try:
        with engine.connect() as connection:
            if opening.is_postgresql(url):
                connection.execution_options(isolation_level="REPEATABLE READ", stream_results=True)
            found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
            if found != schema.REVISION:
                raise SettingsError("The database's tables are of another version; run 'exlogare-server migrate'.")
            yield connection
    finally:
        engine.dispose()


def _copy(source: sa.Connection, target_url: str) -> None:
    """Copy every row, in one transaction, those that others refer to first."""
    url = opening.parse_url(target_url)
    engine = opening.engine_for_migrations(url)
    try:
        with engine.connect() as target:
            target.exec_driver_sql("BEGIN" if opening.is_postgresql(url) else "BEGIN IMMEDIATE")
            try:
                for table in schema.metadata.sorted_tables:
                    rows = source.execute(sa.select(table), execution_options={"yield_per": limits.COPY_ROWS})
                    for part in rows.mappings().partitions():
                        target.execute(sa.insert(table), [dict(row) for row in part])
            except BaseException:
                target.exec_driver_sql("ROLLBACK")
                raise
            target.exec_driver_sql("COMMIT")
    finally:
        engine.dispose()
