"""What a large log costs in memory above itself."""

import subprocess
import sys
from pathlib import Path

import pytest

MEASURE = """
import re, sys
from exlogare_ci.analysis import analyze
def peak():  # not getrusage: its figure begins with the parent process's
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
analyze(b"make: *** [all] Error 1")
log = open(sys.argv[1], "rb").read()
before = peak()
analyze(log)
print((peak() - before) / len(log))
"""
PLAIN = b"2026-11-23T10:58:39.644398461Z   compiling module %d of the shop, which takes a while\n"
COLOURED = b"\x1b[32m[INFO]\x1b[0m \x1b[1mmodule %d\x1b[0m \x1b[36mof the shop\x1b[0m is \x1b[33mcompiling\x1b[0m\r\n"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says in /proc what a process alone had at its peak")
@pytest.mark.parametrize("line", [PLAIN, COLOURED], ids=["time stamps", "coloured"])
def test_a_large_log_costs_less_than_four_times_its_size(line: bytes, tmp_path: Path) -> None:
    """The peak of a whole process, the log itself not counted; colours and time stamps are cut off piece by piece."""
    log = tmp_path / "large.log"
    log.write_bytes(b"".join(line % number for number in range(100_000)) + b"cart.c:3:5: error: no `total`\n")

    done = subprocess.run([sys.executable, "-c", MEASURE, str(log)], capture_output=True, check=True, text=True)

    assert float(done.stdout) < 4.0
