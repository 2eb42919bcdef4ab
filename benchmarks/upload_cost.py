"""What an upload of 10 MiB costs the machine that builds: ``python benchmarks/upload_cost.py``.

Each way of sending is a process of its own, so that its peak memory and its CPU time are its own; both are counted
above the same process with a log of one line. The log is in a file. Two servers in another process take the body and
throw it away; the second one announces that it takes gzip. ``requests.post(json=…)`` sends the log unmasked, and so
does "upload"; "exl ingest" is the whole command, which also detects the run and masks secrets.
"""

import http.server
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

ROUNDS: Final = 9
LOG_BYTES: Final = 10 * 1024 * 1024
MEMORY_MIB_MAX: Final = 16.0
CPU_RATIO_MAX: Final = 0.6

REQUESTS: Final = """
import pathlib, requests
log = pathlib.Path({log!r}).read_text()
body = {{"provider": "ci", "project": "org/app", "status": "failed", "log": log}}
assert requests.post({url!r} + "/api/ingest/log", json=body, timeout=60).status_code == 202
"""
UPLOAD: Final = """
import pathlib
from exlogare_ci.payload import Payload
from exlogare_ci.settings import Settings
from exlogare_ci.upload import upload
fields = {{"provider": "ci", "project": "org/app", "status": "failed"}}
body = Payload(endpoint="log", fields=fields, log=pathlib.Path({log!r}).read_bytes())
upload(body, Settings(url={url!r}), "exl_made-up-for-the-benchmark")
"""
INGEST: Final = """
import os
from exlogare_ci.cli import cli
os.environ["EXLOGARE_URL"] = {url!r}
arguments = ["ingest", "--project", "org/app", "--provider", "ci", "--status", "failed", "--no-git", "--strict"]
assert not cli.main([*arguments, "--log-file", {log!r}], prog_name="exl", standalone_mode=False)
"""
REPORT: Final = """
import re, resource, sys
used = resource.getrusage(resource.RUSAGE_SELF)
peak_kib = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])  # ru_maxrss outlives an exec
print(used.ru_utime + used.ru_stime, peak_kib, file=sys.stderr)
"""


class _Sink(http.server.BaseHTTPRequestHandler):
    """Takes bodies as they come and keeps none."""

    protocol_version = "HTTP/1.1"
    takes_gzip = False

    def do_OPTIONS(self) -> None:
        """Announce gzip, or nothing."""
        self.send_response(200)
        if self.takes_gzip:
            self.send_header("Accept-Encoding", "gzip")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        """Read and accept."""
        left = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read(min(left, 1 << 20)))
        answer = b'{"status":"accepted","analysis_id":"3fa85f64-5717-4562-b3fc-2c963f66afa6"}'
        self.send_response(202)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _GzipSink(_Sink):
    """Announces that it takes gzip."""

    takes_gzip = True


def measure(code: str) -> tuple[float, float]:
    """Run some code in a process of its own: its CPU seconds and its peak memory in MiB."""
    env = {**os.environ, "EXLOGARE_TOKEN": "exl_made-up-for-the-benchmark"}
    done = subprocess.run([sys.executable, "-c", code + REPORT], env=env, check=True, capture_output=True, text=True)
    cpu_s, peak_kib = done.stderr.split()[-2:]
    return float(cpu_s), int(peak_kib) / 1024


def serve(handler: type[_Sink]) -> str:
    """Start a server in this process, and give its URL."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def write_log(path: Path) -> None:
    """Write a log of 10 MiB without secrets."""
    line = b'[12:04:%02d] compiling module-%06d of the "main" project\twith 4 workers ... ok (%d ms)\n'
    with path.open("wb") as file:
        number = 0
        while file.tell() < LOG_BYTES - 200:
            file.write(line % (number % 60, number, number * 7919 % 997))
            number += 1


def main() -> int:
    """Measure, print, and tell whether both limits hold."""
    if not Path("/proc/self/status").exists():
        print("left out: it needs /proc")
        return 0
    plain, packed = serve(_Sink), serve(_GzipSink)
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder) / "large.log", Path(folder) / "small.log"
        write_log(large)
        small.write_bytes(b"one line\n")
        ways = {
            "requests.post(json=…)": (REQUESTS, plain),
            "upload": (UPLOAD, plain),
            "upload with gzip": (UPLOAD, packed),
            "exl ingest": (INGEST, plain),
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, (code, url) in ways.items():
                (cpu_s, peak_mib), (idle_s, idle_mib) = (
                    measure(code.format(log=str(log), url=url)) for log in (large, small)
                )
                found[name].append((1000 * (cpu_s - idle_s), peak_mib - idle_mib))
    cpu_ms = {name: statistics.median(cpu for cpu, _ in runs) for name, runs in found.items()}
    peak = {name: statistics.median(peak for _, peak in runs) for name, runs in found.items()}
    theirs_ms = cpu_ms["requests.post(json=…)"]
    print(f"{'10 MiB against a line':<24} {'CPU ms':>8} {'against requests':>17} {'peak MiB':>9}")
    for name in ways:
        print(f"{name:<24} {cpu_ms[name]:>8.0f} {cpu_ms[name] / theirs_ms:>17.2f} {peak[name]:>9.1f}")
    print(f"limits: upload {CPU_RATIO_MAX} of the CPU of requests, all of ours {MEMORY_MIB_MAX:.0f} MiB")
    memory_mib = max(value for name, value in peak.items() if name != "requests.post(json=…)")
    return int(cpu_ms["upload"] / theirs_ms > CPU_RATIO_MAX or memory_mib > MEMORY_MIB_MAX)


if __name__ == "__main__":
    sys.exit(main())
