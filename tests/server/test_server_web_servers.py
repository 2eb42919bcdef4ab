"""The same requests under granian (the command itself), gunicorn and waitress."""

import contextlib
import gzip
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from exlogare_server import limits
from tests.server.databases import Redis
from tests.server.processes import Server, prepare, running

pytestmark = pytest.mark.slow

KINDS = ("granian", "gunicorn", "waitress")
JENKINS: dict[str, Any] = {"job": "app", "build_number": 1, "status": "FAILURE", "log": "error: no such file\n"}


@pytest.fixture(
    scope="module",
    params=[
        *(pytest.param((kind, "sqlite"), id=f"{kind}-sqlite") for kind in KINDS),
        *(
            pytest.param(
                (kind, "postgresql"), id=f"{kind}-postgresql-redis", marks=pytest.mark.needs("postgresql", "redis")
            )
            for kind in KINDS
        ),
    ],
)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server of each kind on each kind of database."""
    kind, database = request.param
    data = tmp_path_factory.mktemp(kind) / "data"
    with contextlib.ExitStack() as ends:
        env = {}
        if database == "postgresql":
            redis = Redis()
            redis.start()
            ends.callback(redis.stop)
            env = {
                "EXLOGARE_DATABASE_URL": request.getfixturevalue("postgres_server").database(migrated=False),
                "EXLOGARE_REDIS_URL": redis.url,
                # So high that it is counted and never reached.
                "EXLOGARE_INGEST_RATE_PER_MINUTE": "100000",
            }
        yield ends.enter_context(running(kind, data, prepare(data, env), env=env))


def test_log_goes_in_and_its_cause_comes_out(server: Server) -> None:
    """A post, the list and the analysis."""
    body = {**JENKINS, "job": "round-trip"}

    posted = server.post("jenkins", json=body)

    assert (posted.status_code, posted.headers["content-type"]) == (202, "application/json")
    (item,) = server.get("/api/v1/analyses", params={"project": "round-trip"}).json()["items"]
    assert server.get(f"/api/v1/analyses/{posted.json()['analysis_id']}").json() == item
    assert (item["ci_run_id"], item["evidence"][0]["line"]) == ("round-trip#1", 1)


def test_body_may_come_in_chunks(server: Server) -> None:
    """A client that does not know the length beforehand says so with chunks, packed or not."""
    text = json.dumps({**JENKINS, "job": "chunks"}).encode()
    headers = {"Content-Type": "application/json"}

    plain = server.post("jenkins", data=iter([text[:10], text[10:]]), headers=headers)
    packed = server.post("jenkins", data=iter([gzip.compress(text)]), headers={**headers, "Content-Encoding": "gzip"})

    assert (plain.status_code, packed.status_code) == (202, 202)
    assert plain.json() == packed.json()


def test_log_of_ten_mebibytes_is_taken_and_no_byte_more(server: Server) -> None:
    """As in the contract."""
    log = "all fine so far\n" * (limits.LOG_BYTES_MAX // 16)

    assert server.post("jenkins", json={**JENKINS, "log": log}).status_code == 202
    over = server.post("jenkins", json={**JENKINS, "log": log + "x"})

    assert (over.status_code, over.json()) == (413, {"detail": f"The log is over {limits.LOG_BYTES_MAX} bytes."})


@pytest.mark.parametrize(
    ("method", "path", "options", "code"),
    [
        ("GET", "/nowhere", {}, 404),
        ("GET", "/api/ingest/jenkins", {}, 405),
        ("GET", "/api/v1/analyses/x", {}, 404),
        ("GET", "/api/v1/analyses?limit=0", {}, 422),
        ("GET", "/api/v1/analyses?severity=x", {}, 400),
        ("GET", "/api/v1/analyses", {"headers": {"Authorization": "Bearer x"}}, 401),
        ("POST", "/api/ingest/jenkins", {"data": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ("POST", "/api/ingest/jenkins", {"data": b"{}", "headers": {"Content-Type": "text/plain"}}, 415),
        ("POST", "/api/ingest/jenkins", {"json": {}}, 422),
        ("POST", "/api/ingest/jenkins", {"json": {**JENKINS, "status": "x"}}, 400),
        ("POST", "/api/ingest/jenkins",
         {"data": b"x", "headers": {"Content-Type": "application/json", "Content-Encoding": "br"}}, 415),
    ],
)  # fmt: skip
def test_errors_have_one_shape(server: Server, method: str, path: str, options: dict[str, Any], code: int) -> None:
    """The status and the body do not depend on the server underneath."""
    response = server.request(method, path, **options)

    assert (response.status_code, list(response.json())) == (code, ["detail"])
    assert response.headers["x-request-id"]


def test_large_body_without_right_is_refused(server: Server) -> None:
    """The client gets the 401 although nobody reads what it sends."""
    response = requests.post(
        f"{server.url}/api/ingest/jenkins",
        data=b"x" * 20 * limits.MIB,
        headers={"Authorization": "Bearer exl_" + "a" * 43, "Content-Type": "application/json"},
        timeout=60,
    )

    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


def test_requests_share_a_connection(server: Server) -> None:
    """Answers follow each other on one connection."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {server.token}"
        for number in range(5):
            body = {**JENKINS, "job": "session", "build_number": number}
            assert session.post(f"{server.url}/api/ingest/jenkins", json=body, timeout=60).status_code == 202
            assert session.get(f"{server.url}/api/v1/analyses", timeout=60).status_code == 200


def test_many_post_at_once(server: Server) -> None:
    """Every one of forty posts by eight clients is there afterwards, once."""
    codes: list[int] = []

    def work(client: int) -> None:
        for number in range(5):
            body = {**JENKINS, "job": "many", "build_number": 100 * client + number, "log": "x" * 100_000}
            codes.append(server.post("jenkins", json=body).status_code)

    threads = [threading.Thread(target=work, args=(client,)) for client in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == [202] * 40
    items = server.get("/api/v1/analyses", params={"project": "many", "limit": "500"}).json()["items"]
    assert len({item["build_number"] for item in items}) == len(items) == 40


def test_application_keeps_bodies_in_memory(server: Server) -> None:
    """While a large body is on its way, the process has no file open that has no name any more."""
    started, stop = threading.Event(), threading.Event()
    text = json.dumps({**JENKINS, "log": "x" * 4 * limits.MIB}).encode()

    def body() -> Iterator[bytes]:
        yield text[:-10]
        started.set()
        stop.wait(10)
        yield text[-10:]

    codes: list[int] = []
    sender = threading.Thread(
        target=lambda: codes.append(
            server.post("jenkins", data=body(), headers={"Content-Type": "application/json"}).status_code
        )
    )
    sender.start()
    assert started.wait(10)
    nameless: set[str] = set()
    for _ in range(10):  # the kernel passes the bytes on when it likes
        nameless.update(path for path in _open_files(server.process.pid) if path.endswith("(deleted)"))
        time.sleep(0.03)
    stop.set()
    sender.join()

    assert codes == [202]
    assert [path for path in nameless if not path.startswith("/tmp/wgunicorn")] == []  # noqa: S108 - a heartbeat


def _open_files(pid: int) -> list[str]:
    """What the process and its children have open."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    found: list[str] = []
    for parent in (str(pid), *children):
        for entry in Path(f"/proc/{parent}/fd").iterdir():
            with contextlib.suppress(OSError):  # closed meanwhile
                found.append(str(entry.readlink()))
    return found


def test_person_logs_in_and_out(server: Server) -> None:
    """Both cookies arrive as they are meant, and are understood when they come back."""
    given = requests.get(f"{server.url}/api/auth/csrf", timeout=60)
    csrf = given.json()["csrf"]
    login = requests.post(
        f"{server.url}/api/auth/login",
        json={"email": "a@example.org", "password": "pw"},
        headers={"Cookie": f"csrf_token={csrf}", "X-CSRF-Token": csrf},
        timeout=60,
    )
    assert login.status_code == 200, login.text
    cookies = login.raw.headers.getlist("Set-Cookie")
    assert sorted(cookie.partition("=")[0] for cookie in cookies) == ["csrf_token", "exlogare_session"]
    assert all("Secure" in cookie and "SameSite=Lax" in cookie for cookie in cookies)

    kept = {name: login.cookies[name] for name in ("exlogare_session", "csrf_token")}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())}
    changing = {**headers, "X-CSRF-Token": kept["csrf_token"]}
    assert requests.get(f"{server.url}/api/auth/me", headers=headers, timeout=60).json()["role"] == "owner"
    assert requests.post(f"{server.url}/api/auth/logout", headers=headers, timeout=60).status_code == 403
    assert requests.post(f"{server.url}/api/auth/logout", headers=changing, timeout=60).json() == {"status": "ok"}
    assert requests.get(f"{server.url}/api/auth/me", headers=headers, timeout=60).status_code == 401
