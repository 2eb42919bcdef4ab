"""What analyses, deliveries, backups and retention cost: the figures behind docs/reference/sizing.md.

``python benchmarks/server_keeping.py [ROWS] [postgresql://…]``: on SQLite in a temporary folder, or on an empty
PostgreSQL database.
"""

import sys
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from exlogare_server.keeping.retention import Retention
from exlogare_server.notify.worker import Worker
from exlogare_server.store import copying, opening
from exlogare_server.store.outbox import Attempt, Receiver
from exlogare_server.store.protocol import Evidence, NewAnalysis, Store, Tenant

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
CLIENTS = 8
_LINE = "E   assert response.status == 200, body" * 2


class Nobody:
    """A receiver that takes everything at once."""

    def send(self, *_: Any) -> Attempt:
        """Take it."""
        return Attempt(200, None)


def analysis(tenant: Tenant, number: int) -> NewAnalysis:
    """An analysis of the usual size: three sentences and six failing lines."""
    return NewAnalysis(
        tenant_id=tenant.id, run_key=number.to_bytes(32, "big"), provider="jenkins", provider_label="jenkins",
        source="jenkins_ingest", ci_run_id=f"team/service-{number % 40}#{number}", ci_job_id=None,
        project=f"team/service-{number % 40}", pipeline_url="https://ci.example.org/job/team/42/", job_url="https://ci.example.org/job/team/42/",
        job_name="team/service", build_number=str(number), branch="main", commit_sha="a" * 40, status="FAILURE",
        failure=True, root_cause="AssertionError: expected 200, got 500 in test_checkout " + str(number % 300),
        explanation="The test test_checkout failed because the service answered 500. " * 4,
        fix_suggestion="Look at the handler of /checkout in the last commit. " * 3, severity="high", confidence=0.8,
        category="code.test", evidence=tuple(Evidence(line, _LINE) for line in range(6)),
        fingerprint=f"v1:{number % 300:032x}", tool="pytest", cause_line=7, needs_more_context=False,
        missing_context_hint=None, rca_ms=12,
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder / 'exlogare.db'}"
        opening.migrate(url)
        store = opening.open_store(url, threads=CLIENTS)
        tenant = Tenant(id=uuid.uuid4(), slug=uuid.uuid4().hex, name="Acme", plan="paid", created_at=NOW)
        store.add_tenant(tenant)
        saved_s = timed(lambda: fill(store, tenant, 0, count))
        print(f"analyses kept: {count / saved_s:,.0f} a second with {CLIENTS} clients, each durable")
        print(f"bytes an analysis: {size_bytes(url) / count:,.0f}, indexes and figures included")
        store.add_receiver(
            Receiver(
                id=uuid.uuid4(), tenant_id=tenant.id, kind="webhook", name="x", address="x", sealed="x",
                events=("analysis.completed",), enabled=True, created_at=NOW,
            ),
            kinds=("webhook",),
            count_max=25,
        )  # fmt: skip
        owed = count // 5
        fill(store, tenant, count, count + owed)
        print(f"deliveries by one worker to one receiver: {owed / timed(lambda: deliver(store)):,.0f} a second")
        took_s = timed(lambda: copying.backup(url, folder / "backup"))
        print(f"backup: {(count + owed) / took_s:,.0f} analyses a second")
        old = Retention(store, lambda: NOW + timedelta(days=9999), 1, pause=lambda _: None)
        print(f"retention: {(count + owed) / timed(old.run):,.0f} analyses a second, pauses left out")
        store.close()


def fill(store: Store, tenant: Tenant, first: int, end: int) -> None:
    """Keep analyses from several threads."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(
            pool.map(
                lambda n: store.save_analysis(analysis(tenant, n), NOW - timedelta(minutes=n % 40_000)),
                range(first, end),
            )
        )


def deliver(store: Store) -> None:
    """Run a worker until nothing is owed."""
    worker = Worker(store=store, sender=Nobody(), clock=lambda: NOW, threads=8)  # type: ignore[arg-type]
    thread = threading.Thread(target=worker.run)
    thread.start()
    while store.count_deliveries():
        time.sleep(0.02)
    worker.stop()
    thread.join()


def timed(work: Any) -> float:
    """Say how long something took, in seconds."""
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


def size_bytes(url: str) -> int:
    """Say how large a database is."""
    parsed = opening.parse_url(url)
    if not opening.is_postgresql(parsed):
        return sum(path.stat().st_size for path in Path(str(parsed.database)).parent.glob("exlogare.db"))
    engine = opening.engine_for_migrations(parsed)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one()
    engine.dispose()
    return int(found)


if __name__ == "__main__":
    main()
