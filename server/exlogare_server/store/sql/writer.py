"""One thread that writes, many writes to a commit.

SQLite lets one connection write at a time and makes the others wait by sleeping and trying again, which
starves threads; and a durable commit costs an fsync. One thread with a queue answers both: what arrives while
a commit is on its way to the disk shares the next one.
"""

import queue
import threading
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, cast

import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.errors import StoreUnavailableError
from exlogare_server.store.sql import prepared

Result = TypeVar("Result")
Work = Callable[[sa.Connection], Result]


class Writer(Protocol):
    """How a store writes. The work gets a connection inside a transaction, maybe on another thread.

    It may run more than once, and counts once.
    """

    def run(self, work: Work[Result]) -> Result:
        """Run the work and return its result once it is durable; an error of its own undoes it alone."""

    def start(self, work: Work[object]) -> None:
        """Have the work run at some time; nobody hears of its end."""

    def close(self) -> None:
        """Finish what was taken."""


class _Job(Generic[Result]):
    """A piece of work and the promise of its result.

    A lock that is opened once tells whoever waits; a ``Future`` does the same with a condition, several locks and ten
    times the time.
    """

    __slots__ = ("_done", "_error", "_result", "work")

    def __init__(self, work: Work[Result]) -> None:
        self.work = work
        self._done = threading.Lock()
        self._done.acquire()
        self._result: Any = None
        self._error: Exception | None = None

    def wait(self, s_max: float) -> Result:
        """Wait for the result, and raise the error if there is one.

        Raises:
            TimeoutError: there is neither in time.
        """
        if not self._done.acquire(timeout=s_max):
            raise TimeoutError
        if self._error is not None:
            raise self._error
        return cast("Result", self._result)

    def end(self, result: Result) -> None:
        """Give the result."""
        self._result = result
        self._done.release()

    def fail(self, error: Exception) -> None:
        """Give an error instead."""
        self._error = error
        self._done.release()


class GroupCommitWriter:
    """The writer for SQLite.

    Args:
        engine: gives connections in autocommit mode; the writer says BEGIN and COMMIT itself. It is the
            writer's own and is disposed of at the end.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        # The simple one needs no Python to be put into and taken from. It has no bound; see `_put`.
        self._queue: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._connection: sa.Connection | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._loop, name="exlogare-writer", daemon=True)
        self._thread.start()

    @property
    def waiting_jobs(self) -> int:
        """How many writes wait for the next commit."""
        return self._queue.qsize()

    def run(self, work: Work[Result]) -> Result:
        """Run the work and return its result once it is durable.

        Raises:
            StoreUnavailableError: the database did not take it in time, or not at all.
        """
        job = _Job(work)
        self._put(job)
        try:
            return job.wait(limits.COMMIT_WAIT_S_MAX)
        except TimeoutError:
            raise unavailable() from None

    def start(self, work: Work[object]) -> None:
        """Have the work run with a later commit; dropped when the queue is full."""
        if self._queue.qsize() < limits.WRITE_QUEUE_JOBS_MAX:
            self._queue.put(_Job(work))

    def close(self) -> None:
        """Finish what was taken; may be called twice."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        self._let_go()
        self._engine.dispose()

    def _put(self, job: _Job[Result]) -> None:
        # Threads that look at the same moment may each add one more: there are few of them.
        if self._closed or self._queue.qsize() >= limits.WRITE_QUEUE_JOBS_MAX:
            raise unavailable()
        self._queue.put(job)

    def _loop(self) -> None:
        while True:
            first = self._queue.get()
            jobs = [] if first is None else [first]
            ended = first is None
            while not ended and len(jobs) < limits.GROUP_COMMIT_JOBS_MAX:
                try:
                    further = self._queue.get_nowait()
                except queue.Empty:
                    break
                if further is None:
                    ended = True
                else:
                    jobs.append(further)
            if jobs:
                self._commit(jobs)
            if ended:
                return

    def _commit(self, jobs: list[_Job[object]]) -> None:
        try:
            results = self._in_one_transaction(jobs)
        except Exception as error:  # noqa: BLE001 - the thread must outlive any fault, and the callers are told of it
            if len(jobs) > 1 and not isinstance(error, sa.exc.OperationalError):
                # One of them is at fault, and has undone the others. A savepoint for each would spare doing them
                # again, and costs all of those that have none a third of their time in the database.
                for job in jobs:
                    self._commit([job])
                return
            failure = unavailable() if is_of_the_database(error) else error
            for job in jobs:
                job.fail(failure)
            return
        for job, result in zip(jobs, results, strict=True):
            job.end(result)

    def _in_one_transaction(self, jobs: list[_Job[object]]) -> list[object]:
        if self._connection is None:
            # Kept: to take it from the pool and give it back takes as long as one of the writes.
            self._connection = self._engine.connect()
        connection = self._connection
        try:
            prepared.execute(connection, "BEGIN IMMEDIATE")
            results = [job.work(connection) for job in jobs]
            prepared.execute(connection, "COMMIT")
        except BaseException:
            _roll_back(connection)
            self._let_go()
            raise
        return results

    def _let_go(self) -> None:
        """Give the connection back, if there is one; the next commit takes it or another one from the pool."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()


def _roll_back(connection: sa.Connection) -> None:
    """Leave the transaction; SQLite has already left it itself after some faults (disk full)."""
    try:
        prepared.execute(connection, "ROLLBACK")
    except sa.exc.SQLAlchemyError:
        connection.invalidate()


def is_of_the_database(error: Exception) -> bool:
    """Tell a fault of the database (locked, full, gone) from its answer (a constraint does not hold)."""
    return isinstance(error, sa.exc.DBAPIError) and not isinstance(error, sa.exc.IntegrityError)


def unavailable() -> StoreUnavailableError:
    """The error that a caller is told for every fault of the database."""
    return StoreUnavailableError("The database does not take the write right now; try again.", limits.RETRY_AFTER_S)
