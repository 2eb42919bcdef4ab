"""What ``exl run`` costs a build that prints 1 GiB: ``python benchmarks/run_throughput.py [MIB]``.

The same command prints through ``tee FILE``, which is how a log is kept without us, and through ``exl run``; behind
both a reader takes the output from a pipe, as a CI agent does. They take turns, and the medians are compared.
``exl``'s peak memory is read when the last byte has come, and compared with that after a hundredth of the output.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROUNDS: Final = 3
MIB: Final = 1024 * 1024
RATIO_MIN: Final = 0.8
MEMORY_MIB_MAX: Final = 4.0
"""What the peak may grow by from a hundredth of the output to all of it."""

SCRIPT: Final = """
import os
line = b"[12:04:07] compiling module 1234 of the main project with 4 workers ... ok (93 ms)\\n"
block = line * (65536 // len(line) + 1)
left = {bytes}
while left:
    left -= os.write(1, block[: min(left, 65536)])
{end}
"""
PEAK: Final = r"""
import re, time
time.sleep(0.2)
status = open(f"/proc/{os.getppid()}/status").read()
os.write(2, re.search(r"VmHWM:\s*(\d+)", status)[1].encode())
"""


def seconds(command: list[str], bytes_wanted: int) -> float:
    """Run a command and take all that it prints."""
    started_s = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        counted = subprocess.run(["wc", "-c"], stdin=process.stdout, stdout=subprocess.PIPE, check=True)
    elapsed_s = time.perf_counter() - started_s
    assert (int(counted.stdout), process.returncode) == (bytes_wanted, 0)
    return elapsed_s


def peak_mib(bytes_wanted: int) -> float:
    """Give the peak memory of ``exl run`` round a command that prints so much."""
    code = SCRIPT.format(bytes=bytes_wanted, end=PEAK)
    command = [sys.executable, "-m", "exlogare_ci", "run", "--", sys.executable, "-c", code]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    found = re.search(rb"\d+", done.stderr)
    assert found is not None
    return int(found[0]) / 1024


def main() -> int:
    """Measure, print, and tell whether both limits hold."""
    bytes_wanted = int(sys.argv[1]) * MIB if len(sys.argv) > 1 else 1024 * MIB
    if shutil.which("tee") is None or not Path("/proc/self/status").exists():
        print("left out: it needs tee and /proc")
        return 0
    build = [sys.executable, "-c", SCRIPT.format(bytes=bytes_wanted, end="")]
    with tempfile.TemporaryDirectory() as folder:
        tee = ["sh", "-c", 'file=$1; shift; "$@" | tee "$file"', "sh", str(Path(folder) / "build.log"), *build]
        run = [sys.executable, "-m", "exlogare_ci", "run", "--", *build]
        ways = {"no wrapper": build, "tee FILE": tee, "exl run": run}
        times_s: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, command in ways.items():
                times_s[name].append(seconds(command, bytes_wanted))
    median_s = {name: statistics.median(values) for name, values in times_s.items()}
    for name, value in median_s.items():
        print(f"{name:<12} {value:>7.2f} s {bytes_wanted / MIB / value:>8.0f} MiB/s")
    ratio = median_s["tee FILE"] / median_s["exl run"]
    print(f"throughput against tee: {ratio:.2f}, limit {RATIO_MIN}")
    small_mib, large_mib = peak_mib(bytes_wanted // 100), peak_mib(bytes_wanted)
    print(f"peak memory: {small_mib:.1f} MiB after a hundredth, {large_mib:.1f} MiB after all of it")
    return int(ratio < RATIO_MIN or large_mib - small_mib > MEMORY_MIB_MAX)


if __name__ == "__main__":
    sys.exit(main())
