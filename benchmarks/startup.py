"""What starting ``exl`` costs, against a bare interpreter: ``python benchmarks/startup.py``.

Each command is started many times, every time next to the bare interpreter, so that a slow moment of the machine
hits both; what counts is the median of the ratios of their CPU time (user and system, of the whole process). The
uploads go to a server on loopback in this process, whose time is not counted.
"""

import http.server
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROUNDS: Final = 21
RATIO_MAX: Final = {
    "exl --version": 6.0,
    "exl --help": 6.0,
    "exl run -- true": 8.0,
    "exl analyze small.log": 8.0,
    "exl ingest, small.log": 18.0,
}
"""What the project promises; bare click alone has a ratio of about 3."""
NOISE: Final = 1.1
"""Beyond the promise times this the run ends with exit code 1."""

SMALL_LOG: Final = b"compiling\nsrc/app.c:3:5: error: expected expression before '}' token\n" * 10
ACCEPTED: Final = b'{"status": "accepted", "analysis_id": "5f0c9f5e-6c0e-4f6e-9a51-4f0f3a1c2b3d"}'


class _Server(http.server.BaseHTTPRequestHandler):
    """Takes every upload."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Read the body and accept it."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(202)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(ACCEPTED)))
        self.end_headers()
        self.wfile.write(ACCEPTED)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


def commands(log: Path) -> dict[str, list[str]]:
    """What is measured against the bare interpreter."""
    exl = [sys.executable, "-m", "exlogare_ci"]
    ingest = ["ingest", "--provider", "demo", "--project", "org/app", "--status", "failed", "--log-file", str(log)]
    return {
        "import click": [sys.executable, "-c", "import click"],
        "exl --version": [*exl, "--version"],
        "exl --help": [*exl, "--help"],
        "exl run -- true": [*exl, "run", "--", "true"],
        "exl analyze small.log": [*exl, "analyze", str(log)],
        "exl analyze --format jsonl": [*exl, "analyze", "--format", "jsonl", str(log)],
        "exl ingest, small.log": [*exl, *ingest],
    }


def seconds(command: list[str], env: Mapping[str, str]) -> tuple[float, float]:
    """Start a command once and wait for it; return its CPU seconds and the seconds that passed."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, env=env)
    after, passed = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - started
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, passed


def main() -> int:
    """Measure, print a table, and tell whether every ratio is within its limit."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LD_LIBRARY_PATH")}
    env = {
        **kept,
        "PYTHONHASHSEED": "0",
        "EXLOGARE_URL": f"http://127.0.0.1:{server.server_address[1]}",
        "EXLOGARE_TOKEN": "exl_" + "a" * 43,
    }
    missed = False
    print(f"{'command':<28} {'cpu ms':>7} {'wall ms':>8} {'ratio':>6} {'limit':>6}")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "small.log"
        log.write_bytes(SMALL_LOG)
        for name, command in commands(log).items():
            seconds(command, env)  # byte code and the compiled signatures are cached from the first start on
            pairs = [(seconds(command, env), seconds([sys.executable, "-c", "pass"], env)[0]) for _ in range(ROUNDS)]
            ratio = statistics.median(ours[0] / bare for ours, bare in pairs)
            cpu, wall = (statistics.median(ours[part] for ours, _ in pairs) * 1000 for part in (0, 1))
            limit = RATIO_MAX.get(name)
            missed = missed or (limit is not None and ratio > limit * NOISE)
            print(f"{name:<28} {cpu:>7.1f} {wall:>8.1f} {ratio:>6.1f} {limit or '':>6}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
