"""Posts under load, and the check that nothing of them is lost and nothing is there twice."""

import signal
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

from exlogare_server.notify.sealing import new_key
from exlogare_server.store.opening import open_store
from tests.server.processes import BIN, Server, clean_env, command
from tests.server.receiving import ReceivingServer

PASSWORD = "correct horse"
# Read by every Python that starts with this in its PYTHONPATH: the wait of a minute is not what is tested.
_HURRY = """
import exlogare_server.limits
exlogare_server.limits.DELIVERY_LEASE_S = 2
exlogare_server.limits.DELIVERY_RETRY_S = (1, 1, 1, 1, 1, 1)
"""


def hurried(folder: Path) -> dict[str, str]:
    """Make the environment of every process: one key, receivers on loopback, short leases."""
    hurry = folder / "hurry"
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
