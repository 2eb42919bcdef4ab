"""Takes deliveries that are due, sends them, notes how it went. Any number of workers may do so at once."""

import contextlib
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from exlogare_server import limits
from exlogare_server.errors import StoreUnavailableError
from exlogare_server.notify.sending import Sender
from exlogare_server.store.outbox import Attempt, Delivery
from exlogare_server.store.protocol import Store
from exlogare_server.times import Clock

_log = logging.getLogger("exlogare_server.worker")

# Something that is to be done every so many seconds beside the deliveries.
Chore = tuple[float, Callable[[], object]]


class Worker:
    """Delivers until it is stopped.

    A worker that is killed loses nothing: what it had claimed is due again when its lease ends. What it had
    sent and not yet noted is sent a second time then, with the same id.

    Args:
        store: where deliveries are.
        sender: sends one.
        clock: gives the present time.
        threads: how many are sent at once.
        chores: what else is to be done now and then, each on a thread of its own and first when the worker
            starts.
    """

    def __init__(
        self, *, store: Store, sender: Sender, clock: Clock, threads: int, chores: tuple[Chore, ...] = ()
    ) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock
        self._threads = threads
        self._chores = chores
        self._chores_due_s = [0.0] * len(chores)
        self._stop = threading.Event()
        self._freed = threading.Event()
        self._lock = threading.Lock()
        self._in_flight: Counter[UUID] = Counter()
        self._loop_thread: threading.Thread | None = None

    def start(self) -> None:
        """Deliver on a thread of its own."""
        self._loop_thread = threading.Thread(target=self.run, name="exlogare-worker", daemon=True)
        self._loop_thread.start()

    def stop(self) -> None:
        """Take nothing more, and wait until what was taken is sent; may be called twice."""
        self._stop.set()
        self._freed.set()
        if self._loop_thread is not None:
            self._loop_thread.join()

    def run(self) -> None:
        """Deliver on this thread until ``stop``."""
        with ThreadPoolExecutor(self._threads, thread_name_prefix="exlogare-delivery") as pool:
            while not self._stop.is_set():
                self._freed.clear()
                try:
                    self._do_chores()
                    taken = self._take(pool)
                except StoreUnavailableError:
                    taken = 0
                except Exception as error:  # noqa: BLE001 - the loop must outlive whatever happens in it
                    _log.error("worker failed", extra={"error": type(error).__name__})
                    taken = 0
                if not taken:
                    # A thread that becomes free looks at once for more of what waits.
                    self._freed.wait(limits.WORKER_POLL_S)

    def _take(self, pool: ThreadPoolExecutor) -> int:
        with self._lock:
            free = self._threads - self._in_flight.total()
            busy = [receiver for receiver, n in self._in_flight.items() if n >= limits.DELIVERIES_TO_ONE_MAX]
            to_one_max = 1 if self._in_flight else limits.DELIVERIES_TO_ONE_MAX
        if free <= 0:
            return 0
        found = self._store.claim_deliveries(self._clock(), rows_max=free, to_one_max=to_one_max, busy=busy)
        for delivery in found:
            with self._lock:
                self._in_flight[delivery.receiver.id] += 1
            pool.submit(self._deliver, delivery)
        return len(found)

    def _deliver(self, delivery: Delivery) -> None:
        try:
            self._send_and_note(delivery)
        except StoreUnavailableError:
            # It is due again when the lease ends.
            _log.warning("delivery not noted", extra={"delivery": str(delivery.id)})
        except Exception as error:  # noqa: BLE001 - one delivery must not end the thread
            _log.error("delivery failed", extra={"delivery": str(delivery.id), "error": type(error).__name__})
        finally:
            with self._lock:
                self._in_flight[delivery.receiver.id] -= 1
                self._in_flight += Counter()  # forgets the zeros
            self._freed.set()

    def _send_and_note(self, delivery: Delivery) -> None:
        receiver = delivery.receiver
        analysis = self._store.analysis(receiver.tenant_id, delivery.analysis_id)
        # A tenant back on Free, a receiver that was disabled or an analysis that is too old: nothing is sent.
        if delivery.plan != "paid" or not receiver.enabled or analysis is None:
            self._store.drop(delivery)
            return
        began_s = time.monotonic()
        attempt = self._sender.send(receiver, delivery.id, analysis)
        self._note(delivery, attempt)
        _log.info(
            "delivery",
            extra={
                "delivery": str(delivery.id), "kind": receiver.kind, "attempt": delivery.attempts + 1,
                "status": attempt.status, "ok": attempt.error is None,
                "ms": round((time.monotonic() - began_s) * 1000, 1),
            },
        )  # fmt: skip

    def _note(self, delivery: Delivery, attempt: Attempt) -> None:
        """Note an attempt, trying hard: what was sent and is not noted is sent again."""
        for wait_s in (0.1, 0.5, 2.0):
            with contextlib.suppress(StoreUnavailableError):
                self._store.settle(delivery, attempt, self._clock())
                return
            self._stop.wait(wait_s)
        self._store.settle(delivery, attempt, self._clock())

    def _do_chores(self) -> None:
        now_s = time.monotonic()
        for number, (every_s, chore) in enumerate(self._chores):
            if now_s >= self._chores_due_s[number]:
                self._chores_due_s[number] = now_s + every_s
                threading.Thread(target=_do, args=(chore,), name="exlogare-chore", daemon=True).start()


def _do(chore: Callable[[], object]) -> None:
    try:
        chore()
    except Exception as error:  # noqa: BLE001 - it is tried again the next time
        _log.warning("chore failed", extra={"error": type(error).__name__})
