"""The disk is full, the database or Redis is away and comes back: clear errors, and nothing accepted is lost."""

import resource
import threading
import time
import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from exlogare_server import limits
from exlogare_server.notify.worker import Worker
from exlogare_server.settings import Settings
from exlogare_server.store.outbox import Attempt, Receiver
from tests.server.databases import Postgres, Redis
from tests.server.harness import JENKINS, Api
from tests.server.load import Load as Killed
from tests.server.load import add_webhook, check, hurried, prepare
from tests.server.processes import Server, running
from tests.server.receiving import receiving


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment of every process."""
    return hurried(tmp_path)


class Load(Killed):
    """Posts builds from several threads until it is stopped, and counts how they were answered."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: Counter[int] = Counter()
        self.retry_after: set[str | None] = set()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self, server: Server, clients: int = 3) -> None:
        """Post from threads."""
        self._threads = [threading.Thread(target=self._post, args=(server, client)) for client in range(clients)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Stop, and wait for what is on its way."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, status: int, more: int = 5) -> None:
        """Wait until a status has been answered a few times more."""
        wanted, deadline_s = self.answers[status] + more, time.monotonic() + 40
        while self.answers[status] < wanted:
            assert time.monotonic() < deadline_s, (status, self.answers)
            time.sleep(0.02)

    def _post(self, server: Server, client: int) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            name = f"{client}-{number}"
            body = {"provider": "x", "project": "p", "status": "failed", "build_number": name, "log": "error: x\n"}
            response = server.post("log", json=body)
            if response.status_code == requests.codes.accepted:
                self.accepted[name] = response.json()["analysis_id"]
            else:
                self.retry_after.add(response.headers.get("retry-after"))
            self.answers[response.status_code] += 1


@pytest.mark.slow
def test_disk_is_full_and_has_room_again(tmp_path: Path, env: dict[str, str]) -> None:
    """With deliveries owed: posts are told so and reads go on; afterwards everything is taken and sent."""
    data, load = tmp_path / "data", Load()
    token = prepare(data, env)
    with receiving() as receiver, running("granian", data, token, env=env) as server:
        add_webhook(server, receiver.url)
        receiver.answer = lambda _: (500, {})
        load.begin(server)
        load.wait_for(202, 20)
        # No file may grow beyond what the write-ahead log has now; the kernel answers EFBIG.
        size_bytes = data.joinpath("exlogare.db-wal").stat().st_size
        before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size_bytes, resource.RLIM_INFINITY))
        load.wait_for(503)
        readable = server.get("/api/v1/analyses").status_code
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)
        receiver.answer = lambda _: (204, {})
        load.wait_for(202, 20)
        load.end()
        check(f"sqlite:///{data}/exlogare.db", load, receiver, server)

    assert readable == 200
    assert set(load.answers) == {202, 503}
    assert load.retry_after == {str(limits.RETRY_AFTER_S)}


@pytest.mark.slow
@pytest.mark.needs("postgresql")
def test_database_is_away_under_load_and_comes_back(tmp_path: Path, env: dict[str, str], postgres_folder: Path) -> None:
    """Ended in the midst of transactions, with deliveries owed."""
    load, data = Load(), tmp_path / "data"
    postgres = Postgres(postgres_folder / "own", durable=True)
    postgres.start()
    env["EXLOGARE_DATABASE_URL"] = postgres.database(migrated=False)
    token = prepare(data, env)
    with receiving() as receiver, running("granian", data, token, env=env) as server:
        add_webhook(server, receiver.url)
        load.begin(server)
        load.wait_for(202, 20)
        postgres.stop()
        load.wait_for(503)
        ready = server.get("/readyz").status_code
        postgres.start()
        load.wait_for(202, 20)
        load.end()
        check(env["EXLOGARE_DATABASE_URL"], load, receiver, server)
    postgres.stop()

    assert ready == 503
    assert set(load.answers) == {202, 503}
    assert load.retry_after == {str(limits.RETRY_AFTER_S)}


@pytest.mark.slow
@pytest.mark.needs("redis")
@pytest.mark.parametrize("away", ["open", "closed"])
def test_redis_is_away_under_load_and_comes_back(tmp_path: Path, env: dict[str, str], away: str) -> None:
    """An open limit goes on counting by itself, a closed one lets nothing in; both are well again afterwards."""
    data, load, redis = tmp_path / "data", Load(), Redis()
    redis.start()
    more = {"EXLOGARE_REDIS_URL": redis.url, "EXLOGARE_REDIS_AWAY": away, "EXLOGARE_INGEST_RATE_PER_MINUTE": "100000"}
    token = prepare(data, env)
    with running("granian", data, token, env={**env, **more}) as server:
        load.begin(server)
        load.wait_for(202, 20)
        redis.stop()
        during = 202 if away == "open" else 503
        load.wait_for(during, 20)
        ready = server.get("/readyz").status_code
        redis.start()
        load.wait_for(202, 20)
        load.end()
        stored = {item["id"] for item in server.get("/api/v1/analyses?limit=500").json()["items"]}
    redis.stop()

    assert ready == (200 if away == "open" else 503)
    assert set(load.answers) == {202, during}
    assert len(stored & set(load.accepted.values())) == min(500, len(load.accepted))


class Sent:
    """A receiver that notes what it is sent; the first attempts fail."""

    def __init__(self, failing: int = 0) -> None:
        self.ids: list[str] = []
        self._failing = failing

    def send(self, _receiver: Any, delivery_id: Any, _analysis: Any) -> Attempt:
        """Take it, or not."""
        self.ids.append(str(delivery_id))
        self._failing -= 1
        return Attempt(500, "no") if self._failing >= 0 else Attempt(200, None)


def _worked(api: Api, sent: Sent) -> None:
    """Run a worker for as long as anything is due."""
    worker = Worker(store=api.store, sender=sent, clock=api.clock, threads=2)  # type: ignore[arg-type]
    worker.start()
    before, deadline_s = -1, time.monotonic() + 20
    while before != len(sent.ids) and time.monotonic() < deadline_s:
        before = len(sent.ids)
        time.sleep(0.4)
    worker.stop()


@pytest.mark.slow
@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=1)], ids=["back", "forward"])
def test_clock_jumps_while_deliveries_are_owed(
    settings: Settings, jump: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is owed before and after it arrives once, at the latest when the clock is right again; so does a retry."""
    monkeypatch.setattr("exlogare_server.limits.WORKER_POLL_S", 0.02)
    api, sent = Api(settings), Sent(failing=1)
    api.store.add_receiver(
        Receiver(
            id=uuid.uuid4(), tenant_id=api.tenant.id, kind="webhook", name="hook", address="x", sealed="x",
            events=("analysis.completed",), enabled=True, created_at=api.clock.now,
        ),
        kinds=("webhook",),
        count_max=25,
    )  # fmt: skip
    for number in range(3):
        api.accepted("jenkins", {**JENKINS, "build_number": number})
    _worked(api, sent)
    api.clock.now += jump
    for number in range(3, 6):
        api.accepted("jenkins", {**JENKINS, "build_number": number})
    _worked(api, sent)
    api.clock.now -= jump
    api.clock.advance(seconds=limits.DELIVERY_RETRY_S[0])
    _worked(api, sent)
    owed, listed = api.store.count_deliveries(), len(api.items())
    api.close()

    assert (owed, listed) == (0, 6)
    assert sorted(Counter(sent.ids).values()) == [1, 1, 1, 1, 1, 2]
