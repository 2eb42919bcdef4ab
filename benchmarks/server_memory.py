"""Whether the server's memory stays flat: the load of a busy hour, in minutes.

    python benchmarks/server_memory.py [--minutes 60] [--url postgresql://…]

Each minute of the hour is 120 failing logs of up to 100 KiB, 20 reads by token, and 10 requests that are refused or cut
off; now and then somebody signs in and looks at six pages; every log is delivered to a webhook by the worker in the
server. Logs, projects and causes are new again and again, so that whatever keeps something of each shows. What is
measured is the memory of its own (``RssAnon``) of the process that serves and of those that analyse, after each minute.
It fails when the second half of the hour needs more than the first one, warming up left out, by more than
``GROWTH_MIB_MAX``. Then come minutes with a log of up to 9 MiB each as well, of whose memory the allocator keeps now
more and now less: there the highest counts, which must stay under ``HIGHEST_MIB_MAX``.

A folder as argument (as `make bench` gives it) is not used: the logs are made here.
"""

import argparse
import gzip
import http.client
import http.server
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.server_ingest import KIB, MIB, Running, memory_mib, started

CLIENTS = 4
# The first ones fill what is made once: code of pages, statements, the database's caches.
WARM_MINUTES = 6
GROWTH_MIB_MAX = 8.0
HIGHEST_MIB_MAX = 300.0
# Minutes with large logs, for so many without.
LARGE_SHARE = 1 / 3
# An address may sign in 30 times an hour.
SIGN_INS_MAX = 25
ERRORS = (
    "E       AssertionError: expected {a}, got {b}\nFAILED tests/test_{word}.py::test_{word} - AssertionError\n",
    "src/{word}.ts({a},{b}): error TS2304: Cannot find name '{word}'.\n",
    "npm ERR! code E404\nnpm ERR! 404 '{word}@{a}.{b}.0' is not in this registry.\n",
    "{word}.c:{a}:{b}: error: '{word}' undeclared\nmake: *** [Makefile:{a}: {word}.o] Error 1\n",
    "The {word} daemon said something unheard of: code {a}\n",
)
READS = (
    "/api/v1/analyses", "/api/v1/analyses?severity=high&limit=20", "/api/v1/stats/overview", "/api/v1/stats/timeseries",
    "/api/v1/stats/top-projects", "/api/v1/stats/top-root-causes", "/api/v1/clusters", "/api/v1/clusters?status=active",
)  # fmt: skip
PAGES = ("/", "/analyses", "/analyses?text=expected", "/clusters", "/projects", "/settings/webhooks")


class Farm(msgspec.Struct, frozen=True):
    """A server under load, and who loads it."""

    running: Running
    token: str
    password: str
    chance: random.Random

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        """Send a request on a connection of its own, as most CI jobs do."""
        connection = http.client.HTTPConnection(self.running.host, self.running.port, timeout=60)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, names)
        response = connection.getresponse()
        response.content = response.read()  # type: ignore[attr-defined]
        connection.close()
        return response

    def log(self, bytes_max: int) -> str:
        """Make a failing log that was never there before."""
        chance = self.chance
        word = f"w{chance.getrandbits(40):x}"
        values = {"a": chance.randrange(1000), "b": chance.randrange(1000), "word": word}
        lines = [f"[{n}] fetched https://repo.example.org/{word}/{chance.getrandbits(32):x}.jar\n" for n in range(50)]
        noise = "".join(lines) * max(1, int(bytes_max * chance.random()) // 3000)
        return noise + chance.choice(ERRORS).format(**values) + lines[0] * 3

    def post(self, bytes_max: int) -> None:
        """Send a log, every other one packed."""
        chance = self.chance
        fields = {
            "job": f"team/service-{chance.randrange(100_000)}", "build_number": chance.randrange(2**31),
            "status": "FAILURE", "log": self.log(bytes_max),
        }  # fmt: skip
        body, headers = json.dumps(fields).encode(), {}
        if chance.random() < 0.5:
            body, headers = gzip.compress(body, 1), {"Content_Encoding": "gzip"}
        sent = self.request(
            "POST",
            "/api/ingest/jenkins",
            body,
            Authorization=f"Bearer {self.token}",
            Content_Type="application/json",
            **headers,
        )
        assert sent.status == 202, sent.status

    def read(self) -> None:
        """Read by token."""
        assert self.request("GET", self.chance.choice(READS), Authorization=f"Bearer {self.token}").status == 200

    def sign_in(self) -> dict[str, str]:
        """Begin a session; give the headers that belong to it."""
        csrf = json.loads(self.request("GET", "/api/auth/csrf").content)["csrf"]  # type: ignore[attr-defined]
        body = json.dumps({"email": "a@b.c", "password": self.password}).encode()
        known = {"Content_Type": "application/json", "X_CSRF_Token": csrf}
        signed_in = self.request("POST", "/api/auth/login", body, Cookie=f"csrf_token={csrf}", **known)
        assert signed_in.status == 200, signed_in.status
        cookie = "; ".join(text.partition(";")[0] for text in signed_in.headers.get_all("Set-Cookie", []))
        token = cookie.partition("csrf_token=")[2].partition(";")[0]
        return {"Cookie": cookie, "X_CSRF_Token": token, "Content_Type": "application/json"}

    def make_webhook(self, url: str) -> None:
        """Have every analysis sent to a URL."""
        hook = {"name": "x", "url": url, "events": ["analysis.completed"], "enabled": True}
        body = json.dumps(hook).encode()
        made = self.request("POST", "/api/integrations/outbound-webhooks", body, **self.sign_in())
        assert made.status == 201, made.status

    def browse(self) -> None:
        """Sign in and look at pages."""
        headers = {**self.sign_in(), "Accept": "text/html"}
        for page in PAGES:
            assert self.request("GET", page, b"", **headers).status == 200, page

    def misbehave(self) -> None:
        """Send what is refused, or go away in the midst of it."""
        word = f"{self.chance.getrandbits(64):x}"
        for path, body, token in (
            ("/api/ingest/jenkins", b"{" + word.encode(), self.token),
            ("/api/ingest/jenkins", b"{}", f"exl_{word:_<43}"),
            (f"/api/v1/analyses/{word}", b"", self.token),
            (f"/{word}", b"", ""),
        ):
            method = "POST" if body else "GET"
            sent = self.request(method, path, body, Authorization=f"Bearer {token}", Content_Type="application/json")
            assert 400 <= sent.status < 500, sent.status
        with socket.create_connection((self.running.host, self.running.port)) as raw:
            raw.sendall(
                b"POST /api/ingest/jenkins HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + self.token.encode()
                + b"\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{" + word.encode()
            )  # fmt: skip


class Receiver(http.server.BaseHTTPRequestHandler):
    """A webhook's receiver that refuses one delivery of ten."""

    count = 0

    def do_POST(self) -> None:
        """Take it."""
        self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.count += 1
        self.send_response(500 if Receiver.count % 10 == 0 else 204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def children(pid: int) -> list[int]:
    """Give the processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = path.read_text(encoding="utf-8").rpartition(")")[2].split()[1]
        except OSError:
            continue
        found += [int(path.parent.name)] if int(parent) == pid else []
    return sorted(found)


def minute(farm: Farm, pool: ThreadPoolExecutor, *, browses: bool, large: bool) -> None:
    """Do what happens in one minute."""
    work: list[Callable[[], None]] = [
        *[lambda: farm.post(100 * KIB)] * 120,
        *[farm.read] * 20,
        *[farm.misbehave] * 2,
        *([farm.browse] if browses else []),
        *([lambda: farm.post(9 * MIB)] if large else []),
    ]
    farm.chance.shuffle(work)
    for done in [pool.submit(ask) for ask in work]:
        done.result()


def growth_mib(measured: list[float]) -> float:
    """Say by how much the second half of an hour needed more than the first, warming up left out."""
    warm = measured[WARM_MINUTES:]
    half = len(warm) // 2
    return statistics.median(warm[half:]) - statistics.median(warm[:half])


def load(farm: Farm, minutes: int) -> dict[str, list[float]]:
    """Load the server, and give the memory of its processes after each minute."""
    pids = {"server": farm.running.process.pid}
    pids |= {f"child {number}": pid for number, pid in enumerate(children(farm.running.process.pid))}
    measured: dict[str, list[float]] = {name: [] for name in pids}
    began_s = time.perf_counter()
    more = round(minutes * LARGE_SHARE)
    every = max(2, (minutes + more) // SIGN_INS_MAX + 1)
    with ThreadPoolExecutor(CLIENTS) as pool:
        for number in range(minutes + more):
            minute(farm, pool, browses=number % every == 0, large=number >= minutes)
            for name, pid in pids.items():
                measured[name].append(memory_mib(pid, "RssAnon"))
            if number % 10 == 9:
                now = ", ".join(f"{name} {values[-1]:.1f}" for name, values in measured.items())
                print(f"after {number + 1} minutes, {time.perf_counter() - began_s:.0f} s: {now} MiB", flush=True)
    return measured


def main() -> None:
    """Load, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--url", default="")
    parser.add_argument("folder", nargs="?")
    chosen = parser.parse_args()
    # The rates are counted, but no post is one too many.
    env = {**os.environ, "EXLOGARE_INGEST_RATE_PER_MINUTE": "1000000", "EXLOGARE_SERVER_ALONE": ""}
    env |= {"EXLOGARE_DATABASE_URL": chosen.url} if chosen.url else {}
    server = str(Path(sys.executable).with_name("exlogare-server"))
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = ["--data", str(folder / "data")]
        options: dict[str, Any] = {"capture_output": True, "text": True, "env": env}
        about = ["--email", "a@b.c", "--password-stdin", "--tenant", "a", "--plan", "paid"]
        subprocess.run([server, "init", *data, *about], input="a long password", check=True, **options)
        made = [server, "token", "create", *data, "--tenant", "a", "--name", "b", "--scopes", "ingest,read"]
        token = subprocess.run(made, check=True, **options).stdout.strip()
        with started([server, "serve", *data, "--dev", "--listen", "127.0.0.1:0"], folder, env) as running:
            farm = Farm(running, token, "a long password", random.Random(1))
            farm.make_webhook(f"http://127.0.0.1:{receiver.server_port}/")
            measured = load(farm, chosen.minutes)
        print(f"{Receiver.count:,} deliveries")
    small = {name: values[: chosen.minutes] for name, values in measured.items()}
    grown = {name: growth_mib(values) for name, values in small.items()}
    for name, values in small.items():
        print(
            f"{name}: highest {max(values):.1f} MiB, second half against first {grown[name]:+.1f} MiB; "
            f"with large logs highest {max(measured[name]):.1f} MiB"
        )
    if max(grown.values()) > GROWTH_MIB_MAX:
        sys.exit(f"it grows by more than {GROWTH_MIB_MAX} MiB")
    if max(max(values) for values in measured.values()) > HIGHEST_MIB_MAX:
        sys.exit(f"a process takes more than {HIGHEST_MIB_MAX} MiB")


if __name__ == "__main__":
    main()
