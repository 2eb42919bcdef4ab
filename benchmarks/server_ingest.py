"""How fast the server takes logs in, against a bare WSGI echo on the same web server, and what memory it needs.

For failing logs of 100 KiB and 10 MiB: posts a second by four clients (analysis and durable commit included), those of
an application that reads the same body, decodes its JSON or not, and sends it back, and the ratio; the processor's time
of a post, by which other programs on the machine change nothing; and where the time of a single post goes. Then the
memory with eight logs of 10 MiB at once. Takes about a minute and a half. `--url postgresql://…` measures on an empty
PostgreSQL database instead of an SQLite file. An argument (a folder of logs, as `make bench` gives it) is not used: the
logs are made here.
"""

import argparse
import http.client
import itertools
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

KIB = 1024
MIB = 1024 * KIB
SECONDS = 3.0
ROUNDS = 3
CLIENTS = 4
# Of one length.
BUILDS = itertools.count(100_000_000)

FAILURE = """\
    def test_total():
>       assert total([1, 2]) == 4
E       assert 3 == 4

tests/test_total.py:5: AssertionError
FAILED tests/test_total.py::test_total - assert 3 == 4
"""

ECHO = """
import sys
from pathlib import Path
import msgspec
from exlogare_server import serving, settings

def app(environ, start_response):
    body = environ["wsgi.input"].read()
    if body and sys.argv[1] == "decoding":
        msgspec.json.decode(body)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]

listen = serving.parse_listen("127.0.0.1:0")
serving.run(app, settings.load({}, data_dir=Path(".")), listen, lambda line: print(line, flush=True))
"""

# The server, with a clock around its stages; it prints their times at its end.
STAGES = """
import json, os, sys, time
from pathlib import Path
from exlogare_server import app, serving, settings
from exlogare_server.auth.tokens import Tokens
from exlogare_server.http import bodies
from exlogare_server.ingest import service
from exlogare_server.store.sql.store import SqlStore

loaded = settings.load(os.environ, data_dir=Path("data"))
application = app.make_app(loaded)
took_s = {}

def watch(holder, name, stage):
    inner = getattr(holder, name)
    def outer(*args, **options):
        start_s = time.perf_counter()
        try:
            return inner(*args, **options)
        finally:
            took_s.setdefault(stage, []).append(time.perf_counter() - start_s)
    setattr(holder, name, outer)

watch(Tokens, "authenticate", "who it is")
watch(bodies, "read", "body")
watch(service, "decode", "JSON and fields")
watch(service.Ingest, "_analyse", "analysis")
watch(SqlStore, "save_analysis", "durable commit")

def wsgi(environ, start_response, inner=application.wsgi):
    if environ["REQUEST_METHOD"] != "POST":
        return inner(environ, start_response)
    start_s = time.perf_counter()
    try:
        return inner(environ, start_response)
    finally:
        took_s.setdefault("whole", []).append(time.perf_counter() - start_s)

listen = serving.parse_listen("127.0.0.1:0")
serving.run(wsgi, loaded, listen, lambda line: print(line, flush=True))
application.close()
print(json.dumps(took_s))
"""


def body(log_bytes: int, number: int) -> bytes:
    """A Jenkins post with a failing log of a size."""
    line = "[INFO] Downloading from central: https://repo.example.org/org/example/library/1.2.3/library-1.2.3.pom\n"
    log = line * ((log_bytes - len(FAILURE)) // len(line))
    half = len(log) // 2 // len(line) * len(line)
    return json.dumps(
        {"job": "bench", "build_number": number, "status": "FAILURE", "log": log[:half] + FAILURE + log[half:]}
    ).encode()


class Running(msgspec.Struct):
    """A server that answers; what it printed after the first line is there when it has ended."""

    process: Any
    host: str
    port: int
    printed: str = ""

    def cpu_s(self) -> float:
        """The processor's time of the server and its processes so far."""
        parent = str(self.process.pid)
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, fields = path.parent.name, path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if parent in (name, fields[1]):
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def started(arguments: list[str], folder: Path, env: dict[str, str]) -> Iterator[Running]:
    """Run a server until the block ends."""
    with (folder / "server.err").open("ab") as err:
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=err, env=env, cwd=folder)
        assert process.stdout is not None
        said = re.search(r"listening on http://([^:]+):(\d+)", process.stdout.readline().decode())
        assert said is not None
        running = Running(process, said[1], int(said[2]))
        try:
            yield running
        finally:
            process.send_signal(signal.SIGTERM)
            running.printed = process.stdout.read().decode()
            process.wait()
            process.stdout.close()


def post_for(running: Running, token: str, log_bytes: int, *, seconds: float, clients: int) -> tuple[float, float]:
    """Post for a while over a few kept connections; give posts a second, and the server's processor ms of one."""
    counts = [0] * clients
    made = body(log_bytes, 0)
    cpu_s, began_s = running.cpu_s(), time.perf_counter()

    def work(client: int) -> None:
        connection = http.client.HTTPConnection(running.host, running.port)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        # Each post is a build of its own, as in life; written into the body, because a client takes the same cores.
        number = b"%d" % next(BUILDS)
        sent = bytearray(made.replace(b'"build_number": 0', b'"build_number": ' + number, 1))
        place = sent.index(number)
        while time.perf_counter() - began_s < seconds:
            sent[place : place + len(number)] = b"%d" % next(BUILDS)
            connection.request("POST", "/api/ingest/jenkins", sent, headers)
            response = connection.getresponse()
            response.read()
            assert response.status in (200, 202), response.status
            counts[client] += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took_s, posts = time.perf_counter() - began_s, sum(counts)
    return posts / took_s, (running.cpu_s() - cpu_s) / posts * 1000


def memory_mib(pid: int, field: str) -> float:
    """What the kernel says of a process's memory: ``VmRSS`` now, ``VmHWM`` at its highest."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(rf"{field}:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / KIB


def eight_at_once(running: Running, token: str) -> None:
    """Post eight logs of 10 MiB at the same time, four times over."""
    sent = body(10 * MIB, 1)

    def work() -> None:
        connection = http.client.HTTPConnection(running.host, running.port)
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


def print_speed(commands: dict[str, list[str]], folder: Path, env: dict[str, str], token: str, log_bytes: int) -> None:
    """Run each kind of server in turn, a few times over, and print its speed and the ratios."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            with started(command, folder, env) as running:
                post_for(running, token, log_bytes, seconds=0.5, clients=1)
                found[name].append(post_for(running, token, log_bytes, seconds=SECONDS, clients=CLIENTS))
    for name, measured in found.items():
        rate = statistics.median(posts for posts, _ in measured)
        cpu_ms = statistics.median(ms for _, ms in measured)
        # Of the same round: what else runs on the machine changes from one to the next.
        pairs = list(zip(found["server"], measured, strict=True))
        ratio = statistics.median(ours[0] / other[0] for ours, other in pairs)
        print(f"  {name:14} {rate:8.1f} posts/s, {cpu_ms:7.2f} ms of the processor; server to it {ratio:.3f}")


def print_stages(folder: Path, env: dict[str, str], token: str, log_bytes: int) -> None:
    """Print where the time of a post goes that is alone."""
    with started([sys.executable, "-c", STAGES], folder, env) as running:
        post_for(running, token, log_bytes, seconds=SECONDS, clients=1)
    took_s = json.loads(running.printed)
    # The first ones warm up. Each stage is passed once by each post, so the lists belong together.
    wholes, stages = took_s.pop("whole")[2:], {name: took[2:] for name, took in took_s.items()}
    stages["the rest"] = [whole - sum(parts) for whole, *parts in zip(wholes, *stages.values(), strict=True)]
    medians = {name: statistics.median(took) * 1000 for name, took in stages.items()}
    whole = sum(medians.values())
    shares = ", ".join(f"{name} {ms:.2f} ms ({ms / whole:.0%})" for name, ms in medians.items())
    print(f"  a post alone: {whole:.2f} ms: {shares}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="")
    parser.add_argument("folder", nargs="?")
    url = parser.parse_args().url
    env = {**os.environ, "EXLOGARE_INGEST_RATE_PER_MINUTE": "0", **({"EXLOGARE_DATABASE_URL": url} if url else {})}
    server = str(Path(sys.executable).with_name("exlogare-server"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = ["--data", str(folder / "data")]
        options: dict[str, Any] = {"capture_output": True, "text": True, "env": env}
        subprocess.run(
            [server, "init", *data, "--email", "a@b.c", "--password-stdin", "--tenant", "a", "--plan", "paid"],
            input="pw", check=True, **options,
        )  # fmt: skip
        token = subprocess.run(
            [server, "token", "create", *data, "--tenant", "a", "--name", "b", "--scopes", "ingest"],
            check=True,
            **options,
        ).stdout.strip()
        commands = {
            "server": [server, "serve", *data, "--listen", "127.0.0.1:0"],
            "echo": [sys.executable, "-c", ECHO, "plain"],
            "decoding echo": [sys.executable, "-c", ECHO, "decoding"],
        }
        for label, log_bytes in (("100 KiB", 100 * KIB), ("10 MiB", 10 * MIB)):
            print(f"{label} logs, {CLIENTS} clients, {os.cpu_count()} cores:")
            print_speed(commands, folder, env, token, log_bytes)
            print_stages(folder, env, token, log_bytes)
        with started(commands["server"], folder, env) as running:
            idle = memory_mib(running.process.pid, "VmRSS")
            eight_at_once(running, token)
            after, peak = (memory_mib(running.process.pid, field) for field in ("VmRSS", "VmHWM"))
        print(f"memory, 8 x 10 MiB at once: idle {idle:.0f} MiB, peak {peak:.0f} MiB, afterwards {after:.0f} MiB")


if __name__ == "__main__":
    main()
