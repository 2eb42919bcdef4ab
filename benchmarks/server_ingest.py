"""How fast the server takes logs in, against a bare WSGI application on the same web server, and what memory it needs.

Prints posts a second for failing logs of 100 KiB and 10 MiB (analysis and durable commit included), the ratio to an
application that only reads the same body, and the server's peak of memory with eight logs of 10 MiB at once. Takes
about half a minute. An argument (a folder of logs, as `make bench` gives it) is not used: the logs are made here.
"""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

KIB = 1024
MIB = 1024 * KIB
SECONDS = 4.0
CLIENTS = 4

FAILURE = """\
    def test_total():
>       assert total([1, 2]) == 4
E       assert 3 == 4

tests/test_total.py:5: AssertionError
FAILED tests/test_total.py::test_total - assert 3 == 4
"""

BARE = """
import sys
from pathlib import Path
from exlogare_server import serving, settings

def app(environ, start_response):
    stream, size = environ["wsgi.input"], 0
    while chunk := stream.read(131072):
        size += len(chunk)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(size).encode()]

listen = serving.parse_listen("127.0.0.1:0")
serving.run(app, settings.load({}, data_dir=Path(".")), listen, lambda line: print(line, flush=True))
"""

# The server with an engine that does nothing: what is left is reading, checking and the durable commit.
NO_ENGINE = """
import os, sys
from pathlib import Path
from exlogare_ci.analysis.model import Analysis
from exlogare_server import app, serving, settings

loaded = settings.load(os.environ, data_dir=Path("data"))
answer = Analysis(failed=True, root_cause="x", explanation="x", fix_suggestion="x")
application = app.make_app(loaded, engine=lambda log, known_failed=None: answer)
listen = serving.parse_listen("127.0.0.1:0")
serving.run(application.wsgi, loaded, listen, lambda line: print(line, flush=True))
"""


def body(log_bytes: int, number: int) -> bytes:
    """A Jenkins post with a failing log of a size."""
    line = "[INFO] Downloading from central: https://repo.example.org/org/example/library/1.2.3/library-1.2.3.pom\n"
    log = line * ((log_bytes - len(FAILURE)) // len(line))
    half = len(log) // 2 // len(line) * len(line)
    return json.dumps(
        {"job": "bench", "build_number": number, "status": "FAILURE", "log": log[:half] + FAILURE + log[half:]}
    ).encode()


@contextmanager
def started(arguments: list[str], folder: Path) -> Iterator[tuple[int, str, int]]:
    """Run a server until the block ends; give its pid, host and port."""
    env = {**os.environ, "EXLOGARE_INGEST_RATE_PER_MINUTE": "0"}
    with (folder / "server.err").open("ab") as err:
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=err, env=env, cwd=folder)
        assert process.stdout is not None
        try:
            said = re.search(r"listening on http://([^:]+):(\d+)", process.stdout.readline().decode())
            assert said is not None
            yield process.pid, said[1], int(said[2])
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            process.stdout.close()


def posts_per_second(host: str, port: int, token: str, log_bytes: int) -> float:
    """Post for a while over a few kept connections."""
    counts = [0] * CLIENTS
    bodies = [body(log_bytes, client) for client in range(CLIENTS)]
    began_s = time.perf_counter()

    def work(client: int) -> None:
        connection = http.client.HTTPConnection(host, port)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        while time.perf_counter() - began_s < SECONDS:
            connection.request("POST", "/api/ingest/jenkins", bodies[client], headers)
            response = connection.getresponse()
            response.read()
            assert response.status in (200, 202), response.status
            counts[client] += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began_s)


def memory_mib(pid: int, field: str) -> float:
    """What the kernel says of a process's memory: ``VmRSS`` now, ``VmHWM`` at its highest."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(rf"{field}:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / KIB


def eight_at_once(host: str, port: int, token: str) -> None:
    """Post eight logs of 10 MiB at the same time, four times over."""
    sent = body(10 * MIB, 1)

    def work() -> None:
        connection = http.client.HTTPConnection(host, port)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        for _ in range(4):
            connection.request("POST", "/api/ingest/jenkins", sent, headers)
            response = connection.getresponse()
            response.read()
            assert response.status == http.client.ACCEPTED, response.status
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    """Measure and print."""
    server = str(Path(sys.executable).with_name("exlogare-server"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = ["--data", str(folder / "data")]
        options: dict[str, Any] = {"capture_output": True, "text": True}
        subprocess.run(
            [server, "init", *data, "--email", "a@b.c", "--password-stdin", "--tenant", "a", "--plan", "paid"],
            input="pw", check=True, **options,
        )  # fmt: skip
        token = subprocess.run(
            [server, "token", "create", *data, "--tenant", "a", "--name", "b", "--scopes", "ingest"],
            check=True,
            **options,
        ).stdout.strip()
        serve = [server, "serve", *data, "--listen", "127.0.0.1:0"]
        for label, log_bytes in (("100 KiB", 100 * KIB), ("10 MiB", 10 * MIB)):
            with started([sys.executable, "-c", BARE], folder) as (_, host, port):
                bare = posts_per_second(host, port, token, log_bytes)
            with started(serve, folder) as (_, host, port):
                ours = posts_per_second(host, port, token, log_bytes)
            with started([sys.executable, "-c", NO_ENGINE], folder) as (_, host, port):
                rest = posts_per_second(host, port, token, log_bytes)
            print(
                f"{label} logs: {ours:7.1f} posts/s, without the engine {rest:7.1f}, bare WSGI {bare:7.1f}; "
                f"ratio to bare {ours / bare:.3f}, without the engine {rest / bare:.3f}"
            )
        with started(serve, folder) as (pid, host, port):
            idle = memory_mib(pid, "VmRSS")
            eight_at_once(host, port, token)
            after, peak = memory_mib(pid, "VmRSS"), memory_mib(pid, "VmHWM")
        print(f"memory, 8 x 10 MiB at once: idle {idle:.0f} MiB, peak {peak:.0f} MiB, afterwards {after:.0f} MiB")


if __name__ == "__main__":
    main()
