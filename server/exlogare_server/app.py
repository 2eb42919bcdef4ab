"""Wires the parts: the only module that knows them all."""

from collections.abc import Callable
from typing import Any, cast

import msgspec

from exlogare_ci.analysis.model import Analysis
from exlogare_server import limits
from exlogare_server.auth.account import Account
from exlogare_server.auth.chart_keys import ChartKeys
from exlogare_server.auth.members import Members
from exlogare_server.auth.passwords import PasswordChecks
from exlogare_server.auth.sessions import Sessions
from exlogare_server.auth.tokens import Tokens
from exlogare_server.auth.tries import LoginTries
from exlogare_server.errors import SettingsError
from exlogare_server.http.api import make_api
from exlogare_server.http.parts import Parts
from exlogare_server.ingest.engines import EngineProcesses
from exlogare_server.ingest.flight import FlightBudget
from exlogare_server.ingest.rate import IngestRate
from exlogare_server.ingest.service import Engine, EngineOfBytes, Ingest
from exlogare_server.keeping.retention import Retention
from exlogare_server.metrics import Metrics
from exlogare_server.notify.addresses import Policy
from exlogare_server.notify.messenger import Messenger
from exlogare_server.notify.receivers import Receivers
from exlogare_server.notify.sealing import Sealer, load_keys
from exlogare_server.notify.sending import Sender
from exlogare_server.notify.worker import Worker
from exlogare_server.read.audit import Audit
from exlogare_server.read.browse import Browse
from exlogare_server.read.clusters import Clusters
from exlogare_server.read.service import Analyses, Observation, Readiness
from exlogare_server.read.statistics import Statistics
from exlogare_server.read.trends import Trends
from exlogare_server.read.view import view
from exlogare_server.settings import Settings
from exlogare_server.store.opening import open_store
from exlogare_server.store.protocol import Store
from exlogare_server.throttle import Throttle
from exlogare_server.times import Clock, utc_now


class Application(msgspec.Struct, frozen=True):
    """The server without a web server.

    Attributes:
        store: everything that is kept; closed by ``close``.
        wsgi: the WSGI callable.
        messenger: the process that knows the messengers; ended by ``close``.
        engines: the processes that analyse logs; ended by ``close``. ``None`` when the engine was given.
    """

    store: Store
    wsgi: Callable[[dict[str, Any], Any], Any]
    messenger: Messenger
    engines: EngineProcesses | None

    def close(self) -> None:
        """Finish the writes that were taken and let go of the database. Nothing may be called afterwards."""
        if self.engines is not None:
            self.engines.close()
        self.messenger.close()
        self.store.close()


class Delivering(msgspec.Struct, frozen=True):
    """A worker and what it uses.

    Attributes:
        worker: takes deliveries from the store.
        messenger: of its own, so that a slow messenger holds up nobody who makes a channel.
    """

    worker: Worker
    messenger: Messenger

    def close(self) -> None:
        """Send what was taken; the rest stays owed. The store is still needed for that."""
        self.worker.stop()
        self.messenger.close()


def make_app(settings: Settings, *, engine: EngineOfBytes | None = None, clock: Clock = utc_now) -> Application:
    """Make the application.

    Args:
        settings: see ``settings.py``.
        engine: finds the root cause in a raw log, on the thread of the request; by default ``exlogare_ci.analysis``
            in processes of its own.
        clock: gives the present time, aware, in UTC.

    Returns:
        The application. It has a thread that writes and processes that analyse: make it after a fork, close it at
        the end.

    Raises:
        SettingsError: the database cannot be opened, or the processes do not start.
    """
    store = open_store(
        settings.database_url, threads=settings.threads, connections_max=settings.database_connections_max
    )
    try:
        engines = EngineProcesses(settings.engines) if engine is None else None
    except SettingsError:
        store.close()
        raise
    messenger, sender, sealer, policy = _sending(settings, clock)
    statistics, browse = Statistics(store, clock), Browse(store, clock)
    metrics, budget = Metrics(), FlightBudget(settings.in_flight_bytes_max)
    throttle = Throttle(settings.redis_url, open_when_away=settings.redis_away == "open")
    tries, checks = LoginTries(throttle), PasswordChecks()
    sessions = Sessions(store, clock, tries, checks)
    return Application(
        store=store,
        messenger=messenger,
        engines=engines,
        wsgi=make_api(
            Parts(
                tokens=Tokens(store, clock),
                sessions=sessions,
                account=Account(store=store, clock=clock, sessions=sessions, tries=tries, checks=checks),
                members=Members(store, clock),
                audit=Audit(store),
                statistics=statistics,
                clusters=Clusters(store, clock),
                browse=browse,
                trends=Trends(store, clock, statistics, browse),
                chart_keys=ChartKeys(load_keys(settings.secret_keys, settings.data_dir)),
                receivers=Receivers(
                    store=store, clock=clock, sealer=sealer, policy=policy, messenger=messenger, sender=sender
                ),
                clock=clock,
                secure_cookies=not settings.dev,
                trusted_proxies=settings.trusted_proxies,
                ingest=Ingest(
                    store=store,
                    engine=cast("Engine", engines) if engine is None else _given(engine),
                    engines=settings.engines,
                    clock=clock,
                    rate=IngestRate(settings.ingest_rate_per_minute, throttle),
                    budget=budget,
                    metrics=metrics,
                ),
                analyses=Analyses(store),
                readiness=Readiness(store, throttle),
                metrics=metrics,
                observation=Observation(store, metrics, lambda: budget.held_bytes),
            )
        ),
    )


def make_worker(settings: Settings, store: Store, *, clock: Clock = utc_now) -> Delivering:
    """Make a worker; it does nothing before it is started.

    Args:
        settings: see ``settings.py``.
        store: open, and closed by whoever opened it, after the worker.
        clock: gives the present time, aware, in UTC.

    Raises:
        SettingsError: the keys cannot be read.
    """
    messenger, sender, _, _ = _sending(settings, clock)
    retention = Retention(store, clock, settings.retention_days)
    worker = Worker(
        store=store,
        sender=sender,
        clock=clock,
        threads=settings.worker_threads,
        # On a thread of its own: much may have to go, and deliveries must not wait for it.
        chores=((limits.RETENTION_EVERY_S, retention.run),),
    )
    return Delivering(worker, messenger)


def _given(engine: EngineOfBytes) -> Engine:
    """Let an engine have each log as ``bytes``, whatever holds it."""

    def of_bytes(log: bytes | bytearray, *, known_failed: bool | None = None) -> Analysis:
        return engine(bytes(log), known_failed=known_failed)

    return of_bytes


def _sending(settings: Settings, clock: Clock) -> tuple[Messenger, Sender, Sealer, Policy]:
    sealer = Sealer(load_keys(settings.secret_keys, settings.data_dir))
    policy = Policy(settings.webhook_allow, dev=settings.dev)
    messenger = Messenger(settings.webhook_allow, dev=settings.dev)
    sender = Sender(sealer=sealer, policy=policy, messenger=messenger, show=view, clock=clock)
    return messenger, sender, sealer, policy
