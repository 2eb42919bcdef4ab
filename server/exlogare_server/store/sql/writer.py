"""One thread that writes, many writes to a commit.

SQLite lets one connection write at a time and makes the others wait by sleeping and trying again, which
starves threads; and a durable commit costs an fsync. One thread with a queue answers both: what arrives while
a commit is on its way to the disk shares the next one.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Generic, Protocol, TypeVar

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
    """A piece of work and the promise of its result."""

    def __init__(self, work: Work[Result]) -> None:
        self.work = work
        self.future: Future[Result] = Future()


class GroupCommitWriter:
    """The writer for SQLite.

    Args:
        engine: gives connections in autocommit mode; the writer says BEGIN and COMMIT itself. It is the
            writer's own and is disposed of at the end.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._queue: queue.Queue[_Job[object] | None] = queue.Queue(limits.WRITE_QUEUE_JOBS_MAX)
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
            return job.future.result(timeout=limits.COMMIT_WAIT_S_MAX)
        except FutureTimeoutError:
            raise unavailable() from None

    def start(self, work: Work[object]) -> None:
        """Have the work run with a later commit; dropped when the queue is full."""
        try:
            self._queue.put_nowait(_Job(work))
        except queue.Full:
            return

    def close(self) -> None:
        """Finish what was taken; may be called twice."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _put(self, job: _Job[Result]) -> None:
        if self._closed:
            raise unavailable()
        try:
            self._queue.put_nowait(job)  # type: ignore[arg-type]  # a job settles itself
        except queue.Full:
            raise unavailable() from None

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
                job.future.set_exception(failure)
            return
        for job, result in zip(jobs, results, strict=True):
            job.future.set_result(result)

    def _in_one_transaction(self, jobs: list[_Job[object]]) -> list[object]:
        with self._engine.connect() as connection:
            prepared.execute(connection, "BEGIN IMMEDIATE")
            try:
                results = [job.work(connection) for job in jobs]
                prepared.execute(connection, "COMMIT")
            except BaseException:
                _roll_back(connection)
                raise
        return results


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
