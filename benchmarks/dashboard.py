"""How fast the dashboard's pages are made from a large database, and how much they send.

Makes a database with analyses of a year (200,000 by default; see ``server_reads.py``), signs somebody in, and
asks for every page through the whole application, without a network: also those of the settings, of a team with 50
members and tokens, 25 webhooks and as many attempts at each as are kept. It fails when a page takes more than
50 ms of clock time in 95 of 100 cases, sends more than 150 KB, or asks for more than one style and one script. Clock
time counts other work on the machine as well, so the load average is printed: the figure holds for a quiet machine.

    python benchmarks/dashboard.py [--analyses 200000] [--asks 60] [--postgresql URL] [--keep FILE]

``--postgresql`` names a database to use instead of SQLite, empty or filled by ``server_reads.py``; ``--keep`` a file to
make once and use again.
"""

import argparse
import gc
import os
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import falcon.testing
import msgspec
import psycopg

from benchmarks import server_reads
from exlogare_ci.analysis.model import Analysis
from exlogare_server import limits
from exlogare_server.app import make_app
from exlogare_server.auth.tenants import Tenants
from exlogare_server.auth.tokens import Tokens
from exlogare_server.read import cursor
from exlogare_server.settings import load
from exlogare_server.store import opening
from exlogare_server.store.outbox import Attempt, Receiver
from exlogare_server.store.protocol import AnalysisFilter, Position, Store, Tenant, User

P95_MS_MAX = 50.0
BYTES_MAX = 150_000
PASSWORD = "correct horse battery"  # noqa: S105 - of a database that is thrown away
EMAIL = "bench@example.org"


def no_engine(log: bytes, *, known_failed: bool | None = None) -> Analysis:
    """Stand in for the engine, which no page needs."""
    del log
    return Analysis(failed=bool(known_failed), root_cause="-", explanation="-", fix_suggestion="-")


class Reader:
    """Somebody who is signed in.

    Args:
        client: of the application.
    """

    def __init__(self, client: falcon.testing.TestClient) -> None:
        self._client = client
        csrf = client.simulate_get("/api/auth/csrf").json["csrf"]
        signed_in = client.simulate_post(
            "/api/auth/login",
            json={"email": EMAIL, "password": PASSWORD},
            headers={"X-CSRF-Token": csrf, "Cookie": f"csrf_token={csrf}"},
        )
        cookies = {name: cookie.value for name, cookie in signed_in.cookies.items()}
        self._headers = {"Accept": "text/html", "Cookie": "; ".join(f"{n}={v}" for n, v in cookies.items())}

    def get(self, address: str) -> bytes:
        """Ask for a page."""
        result = self._client.simulate_get(address, headers=self._headers)
        assert result.status_code == 200, (address, result.status)
        return result.content


def pages(store: Store, tenant: uuid.UUID, chance: random.Random) -> dict[str, Callable[[], str]]:
    """Give the address of every page, each time with other arguments where it has some."""
    some = store.analyses(tenant, AnalysisFilter(), after=None, rows_max=200)
    clusters = store.clusters(tenant, None, offset=0, rows_max=200)

    def place() -> str:
        ago = timedelta(seconds=chance.randrange(server_reads.DAYS * 86_400))
        return cursor.write(Position(server_reads.NOW - ago, uuid.UUID(int=0)))

    def project() -> str:
        return f"group/project-{chance.randrange(server_reads.PROJECTS)}"

    def category() -> str:
        return chance.choice(server_reads.CATEGORIES)

    return {
        "overview, 7 days": lambda: "/?days=7",
        "overview, 30 days": lambda: "/",
        "overview, 90 days": lambda: "/?days=90",
        "analyses": lambda: "/analyses",
        "analyses, further back": lambda: f"/analyses?cursor={place()}",
        "analyses of a project": lambda: f"/analyses?project={project()}&cursor={place()}",
        "analyses of a rare branch": lambda: f"/analyses?branch=feature/{chance.randrange(200, 300)}",
        "analyses by three filters": lambda: f"/analyses?project={project()}&severity=low&category={category()}",
        "analyses, filters that fit nothing": lambda: (
            f"/analyses?branch=main&severity=high&category=none&cursor={place()}"
        ),
        "analyses by words": lambda: f"/analyses?text=cause+{chance.randrange(2000)}",
        "analyses by frequent words": lambda: "/analyses?text=cause&days=30",
        "analyses by words and severity": lambda: f"/analyses?text=cause+1{chance.randrange(10)}&severity=high",
        "what came since": lambda: f"/analyses/news?severity=high&cursor={place()}",
        "one analysis": lambda: f"/analyses/{chance.choice(some).id}",
        "recurring failures": lambda: "/clusters",
        "recurring failures, active": lambda: "/clusters?status=active&offset=100",
        "recurring failures by words": lambda: f"/clusters?text=cause+{chance.randrange(2000)}",
        "one recurring failure": lambda: f"/clusters/{chance.choice(clusters).id}",
        "one of them, further back": lambda: f"/clusters/{chance.choice(clusters).id}?cursor={place()}",
        "projects": lambda: "/projects",
        "projects by name": lambda: "/projects?order=name&after=group/project-15",
        "projects by words": lambda: f"/projects?text=t-{chance.randrange(20)}",
        "one project": lambda: f"/projects/{project()}?days=90",
        "picture": lambda: f"/charts/failures.svg?project={project()}",
    }


def fill_settings(store: Store, tenant: Tenant) -> dict[str, Callable[[], str]]:
    """Make a busy team, and give the addresses of the pages about it."""
    now = server_reads.NOW
    people, tokens = Tenants(store, lambda: now), Tokens(store, lambda: now)
    for number in range(50):
        user = User(id=uuid.uuid4(), email=f"{number}@t0.example", display_name="x", password_hash="x", created_at=now)  # noqa: S106 - nobody signs in with it
        store.add_user(user)
        people.ensure_role(tenant, user, "member")
        tokens.create(tenant, name=f"token {number}", scopes=["ingest"])
    for number in range(limits.WEBHOOKS_MAX):
        receiver = Receiver(
            id=uuid.uuid4(), tenant_id=tenant.id, kind="webhook", name=f"hook {number}", address="https://example.org/",
            sealed="x", events=("analysis.completed",), enabled=True, created_at=now,
        )  # fmt: skip
        store.add_receiver(receiver, kinds=("webhook",), count_max=limits.WEBHOOKS_MAX)
        for minute in range(limits.ATTEMPTS_KEPT_MAX):
            refused = Attempt(500, "The receiver answered 500.")
            store.note_attempt(receiver, uuid.uuid4(), refused, now + timedelta(minutes=minute))
    names = ("tokens", "members", "channels", "webhooks", f"webhooks/{receiver.id}", "audit", "account", "plan")
    further = cursor.write(Position(now, uuid.UUID(int=2**127)))
    found = {f"settings: {name.partition('/')[0]}": f"/settings/{name}" for name in names}
    found |= {"settings: one webhook": f"/settings/webhooks/{receiver.id}", "settings: webhooks": "/settings/webhooks"}
    found |= {"settings: audit, further back": f"/settings/audit?cursor={further}"}
    found |= {"try it": "/try", "first steps": "/welcome?ci=github-action"}
    return {name: partial(str, address) for name, address in found.items()}


class Measured(msgspec.Struct, frozen=True):
    """Times in milliseconds, on the clock and of the processor; the most bytes; the last page."""

    clock_ms: list[float]
    cpu_ms: list[float]
    most: int
    page: bytes


def measure(reader: Reader, address: Callable[[], str], asks: int) -> Measured:
    """Ask for a page again and again."""
    clock_ms, cpu_ms, most, page = [], [], 0, b""
    for _ in range(asks):
        wanted = address()
        start_s, cpu_s = time.perf_counter(), time.thread_time()
        page = reader.get(wanted)
        cpu_ms.append((time.thread_time() - cpu_s) * 1000)
        clock_ms.append((time.perf_counter() - start_s) * 1000)
        most = max(most, len(page))
    return Measured(clock_ms, cpu_ms, most, page)


def p95(times_ms: list[float]) -> float:
    """Give the time that 95 of 100 stay under."""
    return statistics.quantiles(times_ms, n=20)[18]


def print_load(when: str) -> None:
    """Print the load average of the last minute beside the number of processors."""
    print(f"load average {when}: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def fill(folder: Path, chosen: argparse.Namespace) -> str:
    """Make the database, or take the one that was kept; give its URL."""
    if chosen.postgresql:
        url = str(chosen.postgresql)
        opening.migrate(url)
        with psycopg.connect(url) as connection:
            is_empty = connection.execute("SELECT 1 FROM tenants LIMIT 1").fetchone() is None
        if is_empty:
            server_reads.fill_postgresql(url, chosen.analyses)
        return url
    path = folder / "exlogare.db"
    if chosen.keep and chosen.keep.exists():
        shutil.copyfile(chosen.keep, path)
    else:
        opening.migrate(f"sqlite:///{path}")
        server_reads.fill_sqlite(path, chosen.analyses)
        if chosen.keep:
            shutil.copyfile(path, chosen.keep)
    return f"sqlite:///{path}"


def main() -> None:
    """Make the database, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--analyses", type=int, default=200_000)
    parser.add_argument("--asks", type=int, default=60)
    parser.add_argument("--postgresql")
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        env = {"EXLOGARE_DATABASE_URL": fill(Path(folder), chosen)}
        application = make_app(load(env, data_dir=Path(folder)), engine=no_engine, clock=lambda: server_reads.NOW)
        people = Tenants(application.store, lambda: server_reads.NOW)
        user, _ = people.ensure_user(email=EMAIL, password=PASSWORD)
        tenant = people.set_plan("t0", "paid")
        people.ensure_role(tenant, user, "owner")
        reader = Reader(falcon.testing.TestClient(application.wsgi))
        gc.freeze()  # as the server does before its first request
        print(f"{chosen.analyses:,} analyses")
        print_load("before")
        asked_for = {
            **pages(application.store, server_reads.TENANTS[0], random.Random(2)),
            **fill_settings(application.store, tenant),
        }
        for name, address in asked_for.items():
            reader.get(address())  # the template is compiled once
            found = measure(reader, address, chosen.asks)
            print(
                f"{name:36} p50 {statistics.median(found.clock_ms):6.1f} ms   p95 {p95(found.clock_ms):6.1f} ms   "
                f"of the processor: p50 {statistics.median(found.cpu_ms):6.1f} ms   p95 {p95(found.cpu_ms):6.1f} ms   "
                f"{found.most / 1000:6.1f} KB"
            )
            if p95(found.clock_ms) > P95_MS_MAX:
                faults.append(f"{name}: over {P95_MS_MAX} ms")
            if found.most > BYTES_MAX:
                faults.append(f"{name}: over {BYTES_MAX} bytes")
            if found.page.startswith(b"<!doctype"):
                asked = [len(re.findall(tag, found.page)) for tag in (rb'<link rel="stylesheet"', rb"<script")]
                if asked != [1, 1]:
                    faults.append(f"{name}: {asked[0]} styles and {asked[1]} scripts")
        for name in ("app.css", "app.js"):
            print(f"{name:36} {len(reader.get(f'/static/{name}')) / 1000:7.1f} KB")
        application.close()
        print_load("after")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
