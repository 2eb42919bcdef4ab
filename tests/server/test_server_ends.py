"""How a server ends: killed hard it has lost nothing that it accepted, asked to stop it finishes what it took."""

import json
import random
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest
import requests

from exlogare_server import limits
from tests.server.processes import BIN, Server, clean_env, command, prepare, running

pytestmark = pytest.mark.slow


def post_until_it_ends(server: Server, client: int, accepted: dict[str, str]) -> None:
    """Post builds, each twice, until nobody answers any more; note which were accepted under which id."""
    number = 0
    try:
        while True:
            number += 1
            name = f"{client}-{number}"
            body = {
                "provider": "x",
                "project": "kill",
                "status": "failed",
                "build_number": name,
                "log": "error: boom\n",
            }
            for _ in range(2):
                response = server.post("log", json=body)
                assert response.status_code == 202
                accepted[name] = response.json()["analysis_id"]
    except requests.RequestException:
        return


def test_nothing_accepted_is_lost_in_a_kill(tmp_path: Path) -> None:
    """Killed and started again and again under load: what got a 202 is readable afterwards, once, under that id."""
    data = tmp_path / "data"
    token = prepare(data)
    accepted: dict[str, str] = {}
    seeded = random.Random(20261123)
    for round_number in range(3):
        with running("granian", data, token) as server:
            threads = [
                threading.Thread(target=post_until_it_ends, args=(server, 10 * round_number + client, accepted))
                for client in range(6)
            ]
            for thread in threads:
                thread.start()
            time.sleep(seeded.uniform(0.3, 0.9))
            server.process.kill()
            server.process.wait()
            for thread in threads:
                thread.join()

    assert len(accepted) > 50
    with sqlite3.connect(data / "exlogare.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    with running("granian", data, token) as server, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        for name, analysis_id in accepted.items():
            found = session.get(f"{server.url}/api/v1/analyses/{analysis_id}", timeout=60)
            assert (found.status_code, found.json()["build_number"]) == (200, name)
        everything: list[str] = []
        cursor = ""
        while cursor is not None:
            page = session.get(
                f"{server.url}/api/v1/analyses", params={"limit": "100", "cursor": cursor}, timeout=60
            ).json()
            everything += [item["build_number"] for item in page["items"]]
            cursor = page["next_cursor"]
        assert len(everything) == len(set(everything))
        assert set(accepted) <= set(everything)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_request_that_was_taken_is_finished(tmp_path: Path, number: signal.Signals) -> None:
    """An upload that is half done when the signal comes still gets its 202; nobody new is served; the end is clean."""
    data = tmp_path / "data"
    token = prepare(data)
    body = json.dumps({"job": "app", "build_number": 1, "status": "FAILURE", "log": "error: boom\n"}).encode()
    with running("granian", data, token) as server:
        connection = socket.create_connection(server.address)
        connection.settimeout(20)
        connection.sendall(
            f"POST /api/ingest/jenkins HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body[:10]
        )
        time.sleep(0.3)

        server.process.send_signal(number)
        time.sleep(0.3)
        with pytest.raises(requests.ConnectionError):
            server.get("/healthz")
        connection.sendall(body[10:])
        answer = connection.recv(65536)
        connection.close()
        code = server.process.wait(20)

    assert answer.startswith(b"HTTP/1.1 202")
    assert code == 0
    with sqlite3.connect(data / "exlogare.db") as connection_to_file:
        assert connection_to_file.execute("SELECT ci_run_id FROM analyses").fetchall() == [("app#1",)]
    connection_to_file.close()


def test_stalled_upload_holds_up_no_end(tmp_path: Path) -> None:
    """A client that has sent half a body and is silent is cut off, and the end is clean all the same."""
    data = tmp_path / "data"
    token = prepare(data)
    with running("granian", data, token) as server, socket.create_connection(server.address) as connection:
        connection.settimeout(30)
        connection.sendall(
            f"POST /api/ingest/jenkins HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{".encode()
        )
        time.sleep(0.3)

        server.process.terminate()
        code = server.process.wait(limits.SHUTDOWN_S_MAX - 5)

        assert connection.recv(65536) == b""
    assert code == 0
    assert "cut a stalled connection" in (tmp_path / "data.err").read_text(encoding="utf-8")


def test_port_in_use_is_told(tmp_path: Path) -> None:
    """A second server on the same port does not start beside the first one."""
    data = tmp_path / "data"
    token = prepare(data)
    with running("granian", data, token) as server:
        listen = server.url.removeprefix("http://")
        with pytest.raises(subprocess.CalledProcessError) as caught:
            command(data, "serve", "--listen", listen)

        assert server.get("/healthz").ok
    assert caught.value.stderr == f"error: Cannot listen on {listen}: Address already in use.\n"


def test_nothing_is_left_behind_by_a_kill(tmp_path: Path) -> None:
    """The port is free at once, and the processes that analyse end by themselves."""
    data = tmp_path / "data"
    token = prepare(data)
    with running("granian", data, token, env={"EXLOGARE_SERVER_ENGINES": "3"}) as server:
        pid = server.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
        server.process.kill()
        server.process.wait()
        with socket.create_server(server.address):
            pass
    deadline_s = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < deadline_s:
        time.sleep(0.02)

    assert len(children) == 3
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []


def test_rate_and_commands_beside_a_running_server(tmp_path: Path) -> None:
    """The rate comes from the environment; a token that is made or revoked meanwhile works or fails at once."""
    data = tmp_path / "data"
    token = prepare(data)
    body = {"job": "app", "build_number": 1, "status": "FAILURE", "log": "error: boom\n"}
    with running("granian", data, token, env={"EXLOGARE_INGEST_RATE_PER_MINUTE": "3"}) as server:
        codes = [server.post("jenkins", json=body).status_code for _ in range(5)]
        assert codes == [202, 202, 202, 429, 429]

        server.token = command(data, "token", "create", "--tenant", "acme", "--name", "new", "--scopes", "read")
        assert server.get("/api/v1/analyses").status_code == 200
        token_id = command(data, "token", "list", "--tenant", "acme").split("\t")[0]
        command(data, "token", "revoke", "--tenant", "acme", token_id)
        assert server.get("/api/v1/analyses").status_code == 401


def test_log_of_the_server_is_json_and_needs_no_reader(tmp_path: Path) -> None:
    """Every line parses, has its request's id and no path; a pipe that nobody reads stops no request."""
    data = tmp_path / "data"
    token = prepare(data)
    with running("granian", data, token) as server:
        server.get("/healthz", headers={"X-Request-ID": "my-id"})
        server.get("/secret-path")
    lines = [json.loads(line) for line in (tmp_path / "data.err").read_text(encoding="utf-8").splitlines()]
    assert {"request_id": "my-id", "route": "/healthz", "status": 200}.items() <= next(
        line for line in lines if line.get("request_id") == "my-id"
    ).items()
    assert "secret-path" not in json.dumps(lines)

    process = subprocess.Popen(
        [str(BIN / "exlogare-server"), "serve", "--data", str(data), "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_env(),
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    url = process.stdout.readline().decode().split()[-1]
    with requests.Session() as session:
        for _ in range(600):
            assert session.get(f"{url}/healthz", timeout=20).status_code == 200
    process.terminate()
    code = process.wait(limits.SHUTDOWN_S_MAX + 5)
    process.stdout.close()
    process.stderr.close()
    assert code == 0
