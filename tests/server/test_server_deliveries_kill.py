"""Servers and workers killed hard again and again: every accepted post is there, every owed delivery arrives."""

import random
import signal
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests

from exlogare_server.notify.sealing import new_key
from exlogare_server.store.opening import open_store
from tests.server.databases import Postgres, Redis
from tests.server.processes import BIN, Server, clean_env, command, running
from tests.server.receiving import ReceivingServer, receiving

pytestmark = pytest.mark.slow

PASSWORD = "correct horse"
# Read by every Python that starts with this in its PYTHONPATH: the wait of a minute is not what is tested.
_HURRY = """
import exlogare_server.limits
exlogare_server.limits.DELIVERY_LEASE_S = 2
exlogare_server.limits.DELIVERY_RETRY_S = (1, 1, 1, 1, 1, 1)
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment of every process: one key, receivers on loopback, short leases."""
    hurry = tmp_path / "hurry"
    hurry.mkdir()
    (hurry / "sitecustomize.py").write_text(_HURRY, encoding="utf-8")
    return {
        "EXLOGARE_SECRET_KEYS": new_key(),
        "EXLOGARE_WEBHOOK_ALLOW": "127.0.0.0/8",
        "PYTHONPATH": str(hurry),
    }


def prepare(data: Path, env: Mapping[str, str]) -> str:
    """Make a database with a tenant on the paid plan, and give a token."""
    command(
        data, "init", "--email", "a@example.org", "--password-stdin", "--tenant", "Acme", "--plan", "paid",
        stdin=PASSWORD, env=env,
    )  # fmt: skip
    return command(data, "token", "create", "--tenant", "acme", "--name", "t", "--scopes", "ingest,read", env=env)


def add_webhook(server: Server, url: str) -> None:
    """Log in and make a webhook."""
    with requests.Session() as session:
        csrf = session.get(f"{server.url}/api/auth/csrf", timeout=30).json()["csrf"]
        logged_in = requests.post(
            f"{server.url}/api/auth/login",
            json={"email": "a@example.org", "password": PASSWORD},
            headers={"X-CSRF-Token": csrf, "Cookie": f"csrf_token={csrf}"},
            timeout=30,
        )
    assert logged_in.status_code == 200, logged_in.text
    made = requests.post(
        f"{server.url}/api/integrations/outbound-webhooks",
        json={"name": "hook", "url": url},
        headers={"Authorization": f"Bearer {logged_in.json()['access_token']}"},
        timeout=30,
    )
    assert made.status_code == 201, made.text


@contextmanager
def working(data: Path, env: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker until the block ends."""
    with data.with_suffix(".worker").open("wb") as said:
        process = subprocess.Popen(
            [str(BIN / "exlogare-server"), "worker", "--data", str(data)], stdout=said, stderr=said, env=clean_env(env)
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


class Load:
    """Posts builds to servers from several threads, each build twice, and notes what was accepted."""

    def __init__(self) -> None:
        self.accepted: dict[str, str] = {}
        self._number = 0
        self._lock = threading.Lock()

    def start(self, server: Server, clients: int) -> list[threading.Thread]:
        """Post until the server does not answer any more."""
        threads = [threading.Thread(target=self._run, args=(server,)) for _ in range(clients)]
        for thread in threads:
            thread.start()
        return threads

    def _run(self, server: Server) -> None:
        try:
            while True:
                with self._lock:
                    self._number += 1
                    name = f"b{self._number}"
                body = {
                    "provider": "x",
                    "project": "kill",
                    "status": "failed",
                    "build_number": name,
                    "log": "error: x\n",
                }
                for _ in range(2):
                    response = server.post("log", json=body)
                    assert response.status_code in (202, 503), response.text
                    if response.status_code == 202:
                        assert (
                            self.accepted.setdefault(name, response.json()["analysis_id"])
                            == (response.json()["analysis_id"])
                        )
        except requests.RequestException:
            return


def check(url: str, load: Load, receiver: ReceivingServer, server: Server) -> tuple[int, int]:
    """Every accepted post is readable, once; everything that is owed arrives; nothing arrives under two ids."""
    store = open_store(url, threads=1)
    deadline_s = time.monotonic() + 60
    while (owed := store.count_deliveries()) and time.monotonic() < deadline_s:
        time.sleep(0.1)
    store.close()
    assert owed == 0
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for arrived in receiver.arrived:
        ids[arrived.json["analysis"]["id"]].add(arrived.headers["x-exlogare-delivery"])
    stored: list[str] = []
    cursor = ""
    while cursor is not None:
        page = server.get("/api/v1/analyses", params={"limit": "500", "cursor": cursor}).json()
        stored += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert len(stored) == len(set(stored))
    assert set(load.accepted.values()) <= set(stored)
    assert set(ids) == set(stored)
    assert {len(found) for found in ids.values()} == {1}
    print(f"{len(load.accepted)} builds accepted, {len(stored)} stored, {len(receiver.arrived) - len(ids)} sent twice")  # noqa: T201
    return len(load.accepted), len(receiver.arrived) - len(ids)


def test_one_process_on_sqlite_is_killed(tmp_path: Path, env: dict[str, str]) -> None:
    """Its worker with it, again and again."""
    data, load, seeded = tmp_path / "data", Load(), random.Random(20261123)
    token = prepare(data, env)
    with receiving() as receiver:
        for round_number in range(5):
            with running("granian", data, token, env=env) as server:
                if round_number == 0:
                    add_webhook(server, receiver.url)
                threads = load.start(server, 3)
                time.sleep(seeded.uniform(0.3, 1.2))
                server.process.kill()
                server.process.wait()
                for thread in threads:
                    thread.join()
        with running("granian", data, token, env=env) as server:
            accepted, doubled = check(f"sqlite:///{data}/exlogare.db", load, receiver, server)

    assert accepted > 50
    assert doubled <= 8 * 5


@pytest.mark.needs("postgresql", "redis")
def test_two_servers_and_two_workers_are_killed(tmp_path: Path, env: dict[str, str], postgres_server: Postgres) -> None:
    """On one PostgreSQL and one Redis; in each round one server and one worker of the two."""
    redis, load, seeded = Redis(), Load(), random.Random(20261123)
    redis.start()
    env |= {"EXLOGARE_DATABASE_URL": postgres_server.database(migrated=False), "EXLOGARE_REDIS_URL": redis.url}
    folders = [tmp_path / name for name in ("one", "two")]
    token = prepare(folders[0], env)
    killed = 0
    with receiving() as receiver, ExitStack() as ends:
        servers = [ends.enter_context(running("granian", folder, token, env=env)) for folder in folders]
        add_webhook(servers[0], receiver.url)
        threads = [thread for server in servers for thread in load.start(server, 2)]
        workers = [ends.enter_context(working(folder, env)) for folder in folders]
        for _ in range(4):
            time.sleep(seeded.uniform(0.5, 1.5))
            victim = seeded.randrange(2)
            for process in (servers[victim].process, workers[victim]):
                process.kill()
                process.wait()
                killed += 1
            folders[victim] = tmp_path / f"again{killed}"
            folders[victim].mkdir()
            servers[victim] = ends.enter_context(running("granian", folders[victim], token, env=env))
            workers[victim] = ends.enter_context(working(folders[victim], env))
            threads += load.start(servers[victim], 2)
        for server in servers:
            server.process.send_signal(signal.SIGTERM)
        for thread in threads:
            thread.join()
        final = ends.enter_context(running("granian", folders[1], token, env=env))
        accepted, _ = check(env["EXLOGARE_DATABASE_URL"], load, receiver, final)
    redis.stop()

    assert (killed, accepted > 100) == (8, True)


@pytest.mark.needs("postgresql", "redis")
def test_rate_holds_over_two_servers(tmp_path: Path, env: dict[str, str], postgres_server: Postgres) -> None:
    """Redis counts for both together."""
    redis = Redis()
    redis.start()
    env |= {
        "EXLOGARE_DATABASE_URL": postgres_server.database(migrated=False),
        "EXLOGARE_REDIS_URL": redis.url,
        "EXLOGARE_INGEST_RATE_PER_MINUTE": "20",
    }
    folders = [tmp_path / name for name in ("one", "two")]
    token = prepare(folders[0], env)
    folders[1].mkdir()
    with ExitStack() as ends:
        servers = [ends.enter_context(running("granian", folder, token, env=env)) for folder in folders]
        statuses = [
            servers[number % 2].post(
                "jenkins", json={"job": "a", "build_number": number, "status": "FAILURE", "log": "error: x\n"}
            ).status_code
            for number in range(30)
        ]  # fmt: skip
    redis.stop()

    assert statuses == [202] * 20 + [429] * 10
