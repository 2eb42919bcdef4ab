"""The writer for PostgreSQL: each write is a transaction of its own, on the caller's thread.

PostgreSQL lets many connections write at once and shares their fsyncs itself. What it asks for in return: two
writes that meet (a deadlock, the same new row) end one of them, which is then done again.
"""

import contextlib
import queue
import threading
import time
from typing import TypeVar

import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.store.sql.writer import Work, is_of_the_database, unavailable

Result = TypeVar("Result")

# https://www.postgresql.org/docs/current/errcodes-appendix.html: unique_violation (the row was not there when
# the work looked), serialization_failure, deadlock_detected.
_TRY_AGAIN = frozenset(("23505", "40001", "40P01"))


class TransactionWriter:
    """A ``Writer`` on connections that write side by side.

    Args:
        engine: its connections begin transactions. Not disposed of by the writer: readers share it.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._queue: queue.Queue[Work[object] | None] = queue.Queue(limits.WRITE_QUEUE_JOBS_MAX)
        self._closed = False
        self._thread = threading.Thread(target=self._loop, name="exlogare-writer", daemon=True)
        self._thread.start()

    def run(self, work: Work[Result]) -> Result:
        """Run the work and return its result once it is durable; it may run more than once, and counts once.

        Raises:
            StoreUnavailableError: the database did not take it in time, or not at all.
        """
        if self._closed:
            raise unavailable()
        tries = 0
        while True:
            tries += 1
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            except sa.exc.DBAPIError as error:
                if tries < limits.WRITE_TRIES_MAX and may_work_again(error):
                    time.sleep(0.002 * tries)
                    continue
                if is_of_the_database(error):
                    # Without the cause: its text may hold values.
                    raise unavailable() from None
                raise
            except sa.exc.TimeoutError:  # no connection was free
                raise unavailable() from None

    def start(self, work: Work[object]) -> None:
        """Have the work run soon, on a thread of the writer; dropped when too much waits."""
        try:
            self._queue.put_nowait(work)
        except queue.Full:
            return

    def close(self) -> None:
        """Finish what was taken; may be called twice."""
        if self._closed:
            return
        self._queue.put(None)
        self._thread.join()
        self._closed = True

    def _loop(self) -> None:
        while (work := self._queue.get()) is not None:
            # Nobody waits for this work; the thread must outlive it.
            with contextlib.suppress(Exception):
                self.run(work)


def may_work_again(error: sa.exc.DBAPIError) -> bool:
    """Say whether the same work may succeed at once: it met another write, or its connection was dead.

    A connection that dies during a commit leaves open whether that counted; so every work must survive being
    done twice (a run that was saved is renewed).
    """
    return getattr(error.orig, "sqlstate", None) in _TRY_AGAIN or error.connection_invalidated
