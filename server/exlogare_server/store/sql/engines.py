"""Connections: what is told to the database when one is opened, and why."""

from typing import Any

import sqlalchemy as sa

from exlogare_server import limits


def reader(url: sa.URL, *, threads: int) -> sa.Engine:
    """Make the engine for reading: one connection a thread, each statement its own transaction.

    Args:
        url: an SQLite file.
        threads: how many may read at once.

    Returns:
        The engine; its connections refuse to write.
    """
    engine = sa.create_engine(
        url,
        pool_size=threads,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        pool_use_lifo=True,
        # There is no transaction that a connection could come back with.
        pool_reset_on_return=None,
    )
    sa.event.listen(engine, "connect", _set_up_reader)
    return engine


def writer(url: sa.URL) -> sa.Engine:
    """Make the engine for the one writing thread.

    Returns:
        An engine of one connection in autocommit mode: whoever uses it says BEGIN and COMMIT.
    """
    engine = sa.create_engine(url, pool_size=1, max_overflow=0, isolation_level="AUTOCOMMIT", hide_parameters=True)
    sa.event.listen(engine, "connect", _set_up)
    return engine


def postgresql(url: sa.URL, *, connections_max: int) -> sa.Engine:
    """Make the engine for PostgreSQL, for reading and writing.

    Args:
        url: of the driver ``postgresql+psycopg``; its options (``sslmode`` and the like) are libpq's.
        connections_max: how many connections the process keeps.

    Returns:
        The engine. Its connections begin transactions; reads ask for ``AUTOCOMMIT``, which psycopg keeps on
        its own side and costs nothing to change.
    """
    # https://www.postgresql.org/docs/current/runtime-config-client.html
    options = {
        "statement_timeout": limits.STATEMENT_MS_MAX,
        "lock_timeout": limits.LOCK_MS_MAX,
        "idle_in_transaction_session_timeout": limits.IDLE_IN_TRANSACTION_MS_MAX,
        "timezone": "UTC",
        # Every query reads few rows along an index. At millions of analyses the planner takes some for worth
        # helpers, or compiling, and then spends ten milliseconds to save one
        # (https://www.postgresql.org/docs/current/runtime-config-query.html).
        "max_parallel_workers_per_gather": 0,
        "jit": "off",
    }
    return sa.create_engine(
        url,
        pool_size=connections_max,
        max_overflow=0,
        # Like a lock: a request does not wait longer for a connection than for the commit after it.
        pool_timeout=limits.LOCK_MS_MAX / 1000,
        hide_parameters=True,
        connect_args={
            "connect_timeout": limits.DATABASE_CONNECT_S_MAX,
            "application_name": "exlogare-server",
            "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
            # A host that vanished is noticed by the kernel within this time, not after its usual quarter of
            # an hour (https://www.postgresql.org/docs/current/libpq-connect.html).
            "tcp_user_timeout": 2 * limits.STATEMENT_MS_MAX,
        },
    )


def _set_up(connection: Any, _record: object) -> None:
    """Tell a new SQLite connection how to work (https://www.sqlite.org/pragma.html)."""
    cursor = connection.cursor()
    # Another process may write as well: `token create` beside a running server.
    cursor.execute(f"PRAGMA busy_timeout = {limits.SQLITE_BUSY_MS_MAX}")
    # Readers and the writer do not wait for each other. Kept in the file, so all but the first time it is a
    # check.
    cursor.execute("PRAGMA journal_mode = WAL")
    # With WAL the default is NORMAL, which loses commits when the power fails: a 202 promises that it is
    # kept.
    cursor.execute("PRAGMA synchronous = FULL")
    # Sorting and the like must never make a temporary file.
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _set_up_reader(connection: Any, record: object) -> None:
    _set_up(connection, record)
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()
