"""No byte of a raw log reaches a disk, a log line or an error: a canary in every line that is no evidence."""

import gzip
import json
import random
import secrets
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from exlogare_server import limits
from tests.server.databases import postgres
from tests.server.processes import Server, prepare, running

pytestmark = pytest.mark.slow

CANARY = "zq" + secrets.token_hex(8)
CONTROL = "zc" + secrets.token_hex(8)
"""Stands in a field that is stored, to prove that the search finds what is there."""

FAILURE = """\
=================================== FAILURES ===================================
_________________________________ test_total ___________________________________

    def test_total():
>       assert total([1, 2]) == 4
E       assert 3 == 4

tests/test_total.py:5: AssertionError
=========================== short test summary info ============================
FAILED tests/test_total.py::test_total - assert 3 == 4
============================== 1 failed in 0.03s ===============================
"""


def log(lines: int) -> str:
    """A log with a failure far from any canary, and a canary of its own in every other line."""
    canaries = [f"copying {CANARY}{number:06} to the cache" for number in range(lines)]
    quiet = ["copying a file to the cache"] * 300
    half = lines // 2
    return "\n".join([*canaries[:half], *quiet, FAILURE, *quiet, *canaries[half:]])


def bodies() -> Iterator[tuple[str, dict[str, str], bytes]]:
    """What is posted: a name, headers, bytes. Good ones, and each kind of bad one."""
    good = {"job": f"app-{CONTROL}", "build_number": 1, "status": "FAILURE", "log": log(20_000)}
    text = json.dumps(good).encode()
    yield "good", {}, text
    yield "gzip", {"Content-Encoding": "gzip"}, gzip.compress(text)
    yield "largest", {}, json.dumps({**good, "log": log(290_000)[: limits.LOG_BYTES_MAX]}).encode()
    yield "too large", {}, json.dumps({**good, "log": log(500_000)}).encode()
    yield "cut", {}, text[:-100]
    yield "no json", {}, log(1000).encode()
    yield "no utf-8", {}, text.replace(b"copying", b"\xff\xfe")
    yield "damaged gzip", {"Content-Encoding": "gzip"}, gzip.compress(text)[:-50] + CANARY.encode()
    yield "other encoding", {"Content-Encoding": "br"}, text
    yield "other type", {"Content-Type": "text/plain"}, text
    yield "bad status", {}, json.dumps({**good, "status": "sideways"}).encode()
    yield "bad field", {}, json.dumps({**good, "build_number": CANARY}).encode()
    yield "long field", {}, json.dumps({**good, "job": CANARY * 1000}).encode()
    yield "unknown field", {}, json.dumps({**good, CANARY: {CANARY: [CANARY]}}).encode()
    yield "log is a list", {}, json.dumps({**good, "log": [log(100)]}).encode()
    yield "bad token", {"Authorization": f"Bearer {CANARY}"}, text
    yield "bad address", {"X-Request-ID": f"{CANARY} with blanks"}, text


def holders(root: Path, needle: str) -> list[str]:
    """The files under a folder that hold a text, as it is or as UTF-16."""
    return [
        str(path.relative_to(root))
        for path in sorted(root.rglob("*"))
        if path.is_file() and any(needle.encode(form) in path.read_bytes() for form in ("utf-8", "utf-16-le"))
    ]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[dict[str, str], Path, str]]:
    """What names the database to the server, the folder of its files, and one of them that holds what is stored."""
    if request.param == "sqlite":
        yield {}, tmp_path / "data", "exlogare.db-wal"
        return
    folder = request.getfixturevalue("postgres_folder") / "canary"
    # One of our own: its files, its write-ahead log and its own log are searched.
    with postgres(folder) as server:
        yield {"EXLOGARE_DATABASE_URL": server.database(migrated=False)}, folder, "data/pg_wal/"


def test_no_canary_gets_out(tmp_path: Path, database: tuple[dict[str, str], Path, str]) -> None:
    """Every kind of post is answered, others are on their way when the server is killed hard; nothing is left."""
    named, files, holder = database
    data, temporary, home = tmp_path / "data", tmp_path / "tmp", tmp_path / "home"
    temporary.mkdir()
    home.mkdir()
    env = {"TMPDIR": str(temporary), "TEMP": str(temporary), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    env |= named
    token = prepare(data, env)
    said: list[str] = []

    with running("granian", data, token, env=env) as server:
        codes = {}
        for name, headers, body in bodies():
            response = server.post("jenkins", data=body, headers={"Content-Type": "application/json", **headers})
            codes[name] = response.status_code
            said.append(response.text)
        listed = server.get("/api/v1/analyses").json()["items"]
        said.append(json.dumps(listed))
        _kill_in_the_middle(server)

    assert codes == {
        "good": 202, "gzip": 202, "largest": 202, "too large": 413, "cut": 400, "no json": 400, "no utf-8": 400,
        "damaged gzip": 400, "other encoding": 415, "other type": 415, "bad status": 400, "bad field": 422,
        "long field": 422, "unknown field": 202, "log is a list": 422, "bad token": 401, "bad address": 202,
    }  # fmt: skip
    assert any("assert 3 == 4" in line["text"] for line in listed[0]["evidence"])
    assert CANARY not in "".join(said)
    assert [*holders(tmp_path, CANARY), *holders(files, CANARY)] == []
    assert any(path.startswith(holder) for path in holders(files, CONTROL))
    assert [path for path in temporary.rglob("*") if path.is_file()] == []


def _kill_in_the_middle(server: Server) -> None:
    """Kill the server while bodies are half sent, being analysed and being committed."""
    half = socket.create_connection(server.address)
    half.sendall(
        f"POST /api/ingest/jenkins HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 5000000\r\n\r\n".encode()
        + json.dumps({"log": log(20_000)}).encode()
    )

    def post(number: int) -> None:
        body = {"job": "late", "build_number": number, "status": "FAILURE", "log": log(60_000)}
        try:
            while True:
                server.post("jenkins", json=body)
        except requests.RequestException:
            return

    threads = [threading.Thread(target=post, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    threading.Event().wait(random.uniform(0.3, 0.8))
    server.process.kill()
    server.process.wait()
    for thread in threads:
        thread.join()
    half.close()
