"""What a second server and a second worker on one PostgreSQL and one Redis bring, and what one busy tenant costs.

    python benchmarks/server_processes.py postgresql://exl@127.0.0.1/empty redis://127.0.0.1:6379/0

Without an empty PostgreSQL database and a Redis it says so and ends. Each kind is measured in turn, a few times over;
the ratios are of the same round. How much a second server can bring depends on the cores: it prints how many there are
and how busy they were. So it measures servers as well whose analyses take 20 ms of waiting, as if each server had
cores of its own: what is left then is what they share, PostgreSQL and Redis.
"""

import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from exlogare_server.store import opening
from exlogare_server.store.protocol import Evidence, NewAnalysis, Tenant

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
SECONDS = 4.0
ROUNDS = 3
CLIENTS = 4
TENANTS = 8
LOG = (
    "INFO a line of output of a build that goes on for a while\n" * 400
    + "E   assert 3 == 4\n"
    + "FAILED test_x.py::test_x\n"
)

# Keeps analyses through a store of its own for a while, from four threads, and prints how many.
KEEPER = """
import sys, threading, time, uuid
from datetime import datetime, timedelta, timezone
sys.path.insert(0, sys.argv[1])
import server_processes
print(server_processes.keep(sys.argv[2], [uuid.UUID(word) for word in sys.argv[3:]]), flush=True)
"""

WAITING = """
import os, sys, time
from pathlib import Path
from exlogare_ci.analysis.model import Analysis
from exlogare_server import app, serving, settings

loaded = settings.load(os.environ, data_dir=Path(sys.argv[1]))
answer = Analysis(failed=True, root_cause="x", explanation="x", fix_suggestion="x", fingerprint="v1:1")

def engine(log, known_failed=None):
    time.sleep(0.02)
    return answer

application = app.make_app(loaded, engine=engine)
listen = serving.parse_listen("127.0.0.1:0")
serving.run(application.wsgi, loaded, listen, lambda line: print(line, flush=True))
"""


def analysis(tenant_id: uuid.UUID) -> NewAnalysis:
    """An analysis of the usual size, always of the same cause: a broken main branch."""
    return NewAnalysis(
        tenant_id=tenant_id, run_key=uuid.uuid4().bytes * 2, provider="jenkins", provider_label="jenkins",
        source="jenkins_ingest", ci_run_id="team/service#1", ci_job_id=None, project="team/service", pipeline_url=None,
        job_url=None, job_name="team/service", build_number="1", branch="main", commit_sha="a" * 40, status="FAILURE",
        failure=True, root_cause="AssertionError: expected 200, got 500", explanation="The test failed. " * 8,
        fix_suggestion="Look at the last commit. " * 4, severity="high", confidence=0.8, category="code.test",
        evidence=tuple(Evidence(line, "E   assert response.status == 200") for line in range(6)),
        fingerprint="v1:1", tool="pytest", cause_line=7, needs_more_context=False, missing_context_hint=None, rca_ms=12,
    )  # fmt: skip


def keep(url: str, tenant_ids: list[uuid.UUID]) -> float:
    """Keep analyses for a while, each thread those of its tenant; give how many a second."""
    store = opening.open_store(url, threads=CLIENTS)
    counts = [0] * CLIENTS
    end_s = time.monotonic() + SECONDS

    def work(client: int) -> None:
        while time.monotonic() < end_s:
            store.save_analysis(analysis(tenant_ids[client % len(tenant_ids)]), NOW)
            counts[client] += 1

    threads = [threading.Thread(target=work, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    return sum(counts) / SECONDS


def kept_by(processes: int, url: str, groups: list[list[uuid.UUID]]) -> float:
    """Keep analyses from several processes at once; each has tenants of its own, or all the same."""
    here = str(Path(__file__).parent)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", KEEPER, here, url, *(str(tenant) for tenant in groups[number])],
            stdout=subprocess.PIPE,
        )
        for number in range(processes)
    ]
    return sum(float(process.communicate()[0]) for process in started)


@contextmanager
def serving(command: list[str], env: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Run a server until the block ends."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = re.search(r"listening on http://([^:]+):(\d+)", process.stdout.readline().decode())
        assert said is not None
        yield said[1], int(said[2])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        process.stdout.close()


def posted_to(addresses: list[tuple[str, int]], tokens: list[str]) -> float:
    """Post for a while, each client to one of the servers; give posts a second."""
    counts = [0] * CLIENTS * 2
    end_s = time.monotonic() + SECONDS

    def work(client: int) -> None:
        connection = http.client.HTTPConnection(*addresses[client % len(addresses)])
        headers = {"Authorization": f"Bearer {tokens[client % len(tokens)]}", "Content-Type": "application/json"}
        log = LOG.replace("\n", "\\n")
        while time.monotonic() < end_s:
            body = f'{{"provider":"x","project":"p","status":"failed","build_number":"{uuid.uuid4()}","log":"{log}"}}'
            connection.request("POST", "/api/ingest/log", body, headers)
            response = connection.getresponse()
            response.read()
            assert response.status == http.client.ACCEPTED, response.status
            counts[client] += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(client,)) for client in range(len(counts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def tenants_and_tokens(data: Path, env: dict[str, str]) -> list[str]:
    """Make tenants, and a token of each."""
    server = str(Path(sys.executable).with_name("exlogare-server"))
    options: dict[str, Any] = {"capture_output": True, "text": True, "env": env}
    tokens = []
    for number in range(TENANTS):
        subprocess.run(
            [server, "init", "--data", str(data), "--email", "a@example.org", "--password-stdin",
             "--tenant", f"t{number}", "--plan", "paid"],
            input="pw", check=True, **options,
        )  # fmt: skip
        made = subprocess.run(
            [server, "token", "create", "--data", str(data), "--tenant", f"t{number}", "--name", "b",
             "--scopes", "ingest"],
            check=True, **options,
        )  # fmt: skip
        tokens.append(made.stdout.strip())
    return tokens


def compare_servers(data: Path, env: dict[str, str]) -> None:
    """Print what one and two servers take, of one tenant and of several."""
    tokens = tenants_and_tokens(data, env)
    server = str(Path(sys.executable).with_name("exlogare-server"))
    real = [server, "serve", "--data", str(data), "--listen", "127.0.0.1:0", "--no-worker"]
    waiting = [sys.executable, "-c", WAITING, str(data)]
    for label, command, some in (
        ("one tenant", real, tokens[:1]),
        (f"{TENANTS} tenants", real, tokens),
        ("one tenant, analysis elsewhere", waiting, tokens[:1]),
        (f"{TENANTS} tenants, analysis elsewhere", waiting, tokens),
    ):
        ratios, rates = [], []
        for _ in range(ROUNDS):
            found = []
            for servers in (1, 2):
                with ExitStack() as ends:
                    addresses = [ends.enter_context(serving(command, env)) for _ in range(servers)]
                    found.append(posted_to(addresses, some))
            rates.append(found)
            ratios.append(found[1] / found[0])
        one, two = (statistics.median(column) for column in zip(*rates, strict=True))
        print(
            f"posts of {len(LOG) // 1024} KiB, {label}: one server {one:.0f} a second, two {two:.0f}; "
            f"ratio {statistics.median(ratios):.2f}",
            flush=True,
        )


def compare_keeping(url: str) -> None:
    """Print what the database alone takes from one and two processes, of one tenant and of several."""
    store = opening.open_store(url, threads=1)
    ids = [uuid.uuid4() for _ in range(TENANTS)]
    for tenant_id in ids:
        store.add_tenant(
            Tenant(id=tenant_id, slug=tenant_id.hex, name="x", plan="paid", created_at=NOW - timedelta(days=1))
        )
    store.close()
    for label, groups in (
        ("one tenant", [ids[:1]] * 2),
        (f"{TENANTS} tenants", [ids[: TENANTS // 2], ids[TENANTS // 2 :]]),
    ):
        rates = [(kept_by(1, url, groups), kept_by(2, url, groups)) for _ in range(ROUNDS)]
        one, two = (statistics.median(column) for column in zip(*rates, strict=True))
        ratio = statistics.median(second / first for first, second in rates)
        print(f"analyses kept, {label}: one process {one:.0f} a second, two {two:.0f}; ratio {ratio:.2f}", flush=True)


def main() -> None:
    """Measure and print."""
    if len(sys.argv) != 3:
        print("left out: needs an empty PostgreSQL database and a Redis (benchmarks/README.md)")
        return
    url, redis_url = sys.argv[1:]
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    opening.migrate(url)
    compare_keeping(url)
    with tempfile.TemporaryDirectory() as name:
        env = {
            **os.environ,
            "EXLOGARE_DATABASE_URL": url,
            "EXLOGARE_REDIS_URL": redis_url,
            "EXLOGARE_INGEST_RATE_PER_MINUTE": "1000000",
            "EXLOGARE_SECRET_KEYS": "A" * 43 + "=",
        }
        compare_servers(Path(name), env)
    print(f"load after {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
