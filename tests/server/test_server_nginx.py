"""``deploy/nginx.conf`` in a real nginx, in front of two real servers on PostgreSQL and Redis."""

import contextlib
import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from exlogare_server import limits
from exlogare_server.notify.sealing import new_key
from tests.server.databases import Postgres, Redis, free_port, program
from tests.server.processes import Server, prepare, running

pytestmark = [pytest.mark.slow, pytest.mark.needs("nginx", "postgresql", "redis")]

CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
BODY_TIMEOUT_S = 2
JENKINS: dict[str, Any] = {"job": "app", "build_number": 1, "status": "FAILURE", "log": "error: no such file\n"}


def adapted(addresses: list[tuple[str, int]], port: int, folder: Path) -> str:
    """The configuration with the addresses of this test, and a short patience."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    for number, (host, server_port) in enumerate(addresses, 1):
        text = text.replace(f"server{number}:8080", f"{host}:{server_port}")
    changes = {
        "listen 8080;": f"listen 127.0.0.1:{port};",
        "client_body_timeout 60s;": f"client_body_timeout {BODY_TIMEOUT_S}s;",
        "pid /tmp/nginx.pid;": f"pid {folder}/nginx.pid;",
    }
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    return text


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, postgres_server: Postgres) -> Iterator[list[Server]]:
    """Two servers that believe the proxy."""
    redis, folder = Redis(), tmp_path_factory.mktemp("behind-nginx")
    redis.start()
    env = {
        "EXLOGARE_DATABASE_URL": postgres_server.database(migrated=False),
        "EXLOGARE_REDIS_URL": redis.url,
        "EXLOGARE_SECRET_KEYS": new_key(),
        "EXLOGARE_TRUSTED_PROXIES": "127.0.0.1",
    }
    token = prepare(folder / "one", env)
    (folder / "two").mkdir()
    with contextlib.ExitStack() as ends:
        ends.callback(redis.stop)
        yield [ends.enter_context(running("granian", folder / name, token, env=env)) for name in ("one", "two")]


@contextlib.contextmanager
def nginx(text: str, folder: Path, port: int, token: str) -> Iterator[Server]:
    """Run nginx with a configuration; its process and its address."""
    file = folder / "nginx.conf"
    file.write_text(text, encoding="utf-8")
    with (folder / "err").open("wb") as err:
        process = subprocess.Popen(
            [program("nginx"), "-c", str(file), "-p", str(folder), "-e", "stderr", "-g", "daemon off;"],
            stdout=subprocess.DEVNULL,
            stderr=err,
        )
        deadline_s = time.monotonic() + 20
        while time.monotonic() < deadline_s:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        try:
            yield Server(process, f"http://127.0.0.1:{port}", token)
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def proxy(servers: list[Server], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Put nginx in front of both."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    text = adapted([server.address for server in servers], port, folder)
    with nginx(text, folder, port, servers[0].token) as running_nginx:
        yield running_nginx


def taken_by(server: Server) -> int:
    """How many posts to Jenkins's endpoint a server has answered with 202."""
    pattern = r'exlogare_requests_total\{method="POST",route="/api/ingest/jenkins",status="202"\} (\d+)'
    found = re.search(pattern, server.get("/metrics").text)
    return int(found[1]) if found else 0


def test_largest_log_goes_through_to_both(proxy: Server, servers: list[Server]) -> None:
    """Ten mebibytes, and a byte more, which is the server's to refuse; both servers get some."""
    before = [taken_by(server) for server in servers]
    log = "all fine so far\n" * (limits.LOG_BYTES_MAX // 16)
    codes = [proxy.post("jenkins", json={**JENKINS, "build_number": n, "log": log}).status_code for n in range(4)]
    over = proxy.post("jenkins", json={**JENKINS, "log": log + "x"})

    assert codes == [202] * 4
    assert (over.status_code, over.json()) == (413, {"detail": f"The log is over {limits.LOG_BYTES_MAX} bytes."})
    assert all(taken_by(server) > count for server, count in zip(servers, before, strict=True))


def open_files(process: "subprocess.Popen[bytes]") -> set[str]:
    """What nginx's workers have open that has no name any more."""
    found: set[str] = set()
    for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split():
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(entry.readlink()))
    return {path for path in found if path.endswith("(deleted)") and "/dev/zero" not in path}


def test_slow_client_is_served_and_leaves_no_file(proxy: Server) -> None:
    """A body that comes in pieces, with pauses, is held in no file by the proxy; others are served meanwhile."""
    text = json.dumps({**JENKINS, "job": "slow", "log": "x" * 4 * limits.MIB}).encode()
    files: set[str] = set()
    others: list[int] = []

    def body() -> Iterator[bytes]:
        for start in range(0, len(text), limits.MIB):
            yield text[start : start + limits.MIB]
            time.sleep(0.2)
            files.update(open_files(proxy.process))
            others.append(proxy.post("jenkins", json=JENKINS).status_code)

    answer = proxy.post("jenkins", data=body(), headers={"Content-Type": "application/json"})

    assert answer.status_code == 202, answer.text
    assert set(others) == {202}
    assert files == set()


def test_silent_client_is_cut_off(proxy: Server) -> None:
    """By the proxy, within its patience."""
    head = (
        f"POST /api/ingest/jenkins HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {proxy.token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )
    start_s = time.monotonic()
    with socket.create_connection(proxy.address, timeout=20) as silent:
        silent.sendall(head.encode())
        answer = silent.recv(65536)

    assert answer == b"" or b" 408 " in answer.split(b"\r\n")[0]
    assert BODY_TIMEOUT_S - 0.5 < time.monotonic() - start_s < 15


def tries_to_log_in(url: str) -> list[int]:
    """Statuses of tries that all say to come from somewhere else, two more than come through from one address."""
    csrf = "a" * 43
    return [
        requests.post(
            f"{url}/api/auth/login",
            json={"email": "nobody@example.org", "password": "x"},
            headers={
                "X-CSRF-Token": csrf, "Cookie": f"csrf_token={csrf}", "X-Forwarded-For": f"203.0.113.{number}",
                "X-Real-IP": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}",
            },
            timeout=60,
        ).status_code
        for number in range(limits.LOGIN_TRIES_PER_HOUR + 2)
    ]  # fmt: skip


def test_client_cannot_say_where_it_comes_from(proxy: Server) -> None:
    """Tries to log in are counted for the connection's address, whatever ``X-Forwarded-For`` the client sends."""
    assert tries_to_log_in(proxy.url) == [401] * limits.LOGIN_TRIES_PER_HOUR + [429, 429]


def test_proxy_in_front_says_where_clients_come_from(servers: list[Server], tmp_path: Path) -> None:
    """With the two lines that stand ready for it, each of its clients is counted apart."""
    port = free_port()
    text = adapted([server.address for server in servers], port, tmp_path)
    for before, after in (
        ("# set_real_ip_from 10.89.77.1;", "set_real_ip_from 127.0.0.1;"),
        ("# real_ip_", "real_ip_"),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)

    with nginx(text, tmp_path, port, servers[0].token) as second:
        assert tries_to_log_in(second.url) == [401] * (limits.LOGIN_TRIES_PER_HOUR + 2)


def test_figures_stay_inside(proxy: Server) -> None:
    """Prometheus asks each server itself."""
    assert requests.get(f"{proxy.url}/metrics", timeout=60).status_code == 404
    assert requests.get(f"{proxy.url}/readyz", timeout=60).status_code == 200


def test_other_server_takes_over(proxy: Server, servers: list[Server]) -> None:
    """When one is killed no post fails. The last test here: the server stays dead."""
    servers[0].process.kill()
    servers[0].process.wait()
    codes = [proxy.post("jenkins", json={**JENKINS, "build_number": n}).status_code for n in range(20)]

    assert codes == [202] * 20
