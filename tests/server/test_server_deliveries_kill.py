"""Servers and workers killed hard again and again: every accepted post is there, every owed delivery arrives."""

import random
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server.databases import Postgres, Redis
from tests.server.load import Load, add_webhook, check, hurried, prepare, working
from tests.server.processes import running
from tests.server.receiving import receiving

pytestmark = pytest.mark.slow


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment of every process."""
    return hurried(tmp_path)


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
