"""The engine's CPU time on 10 MiB logs, against ripgrep with the same patterns, in one run.

    python benchmarks/engine_speed.py LOGS_DIR [--runs 5]

``LOGS_DIR`` is a folder of real logs (any CI); four logs of 10 MiB are joined from it: a mix, the longest build, the
ones with GitHub's time stamps, and the most coloured ones. The yardstick is ``rg -c --no-unicode -f PATTERNS`` with
every pattern of the catalogue that ripgrep can read, but without the wide bounds (``{1,160}``) that make a pattern
cheap for Hyperscan and dear for ripgrep. Both are whole processes, start included; figures are medians of CPU seconds
(user and system), measured in turn so that a drifting machine hits both.

With ``--logdetective`` a second yardstick is run: the extractor of logdetective (PyPI, Apache-2.0), which picks the
lines that its language model is shown. It is installed into a virtual environment of its own in a temporary folder,
without what only its server and its models need; its ``config`` module, which would import them, is replaced by the
logger that the extractor takes from it.
"""

import argparse
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

from exlogare_ci.analysis.catalog import patterns
from exlogare_ci.analysis.signatures import SIGNATURES

SIZE_BYTES = 10 * 1024 * 1024
ENGINE = "import sys; from exlogare_ci.analysis import analyze; analyze(open(sys.argv[1], 'rb').read())"
LOGDETECTIVE = ("logdetective==5.0.0", "drain3-improved==0.10.0", "pydantic>=2.8,<3", "pyyaml>=6")
EXTRACTOR = """
import logging, sys, types
config = types.ModuleType("logdetective.config")
config.LOG = logging.getLogger("logdetective")
sys.modules["logdetective.config"] = config
from logdetective.extractors import DrainExtractor
DrainExtractor()(open(sys.argv[1], encoding="utf-8", errors="replace").read())
"""
MEMORY = """
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
RATIO_MAX = {"heavily coloured": 1.0}
"""Of ripgrep's CPU time; of the other kinds ``RATIO_PLAIN_MAX``."""
RATIO_PLAIN_MAX = 0.5
MEMORY_MAX = 4.0
"""Memory above the log, in sizes of the log."""
NOISE = 1.1
"""Beyond the promise times this the run ends with exit code 1."""


def join(files: Sequence[Path], out: Path) -> Path:
    """Join files up to 10 MiB, repeating them when they are fewer."""
    data = bytearray()
    while files and len(data) < SIZE_BYTES:
        for file in files:
            data += file.read_bytes()
            if len(data) >= SIZE_BYTES:
                break
    out.write_bytes(bytes(data[:SIZE_BYTES]))
    return out


def cpu_s(command: Sequence[str]) -> float:
    """Run a command and return the CPU seconds that it took, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def readable_by_ripgrep(folder: Path) -> tuple[Path, int]:
    """Write the patterns that ripgrep can read to a file; return it and how many were left out."""
    kept: list[str] = []
    every = [_without_bounds(pattern) for pattern in patterns(SIGNATURES)]
    for pattern in every:
        check = subprocess.run(
            ["rg", "-q", "--no-unicode", "-e", pattern, "/dev/null"], capture_output=True, check=False
        )
        if check.returncode != 2:  # ripgrep ends with 2 when it cannot read a pattern
            kept.append(pattern)
    file = folder / "patterns.txt"
    file.write_text("\n".join(kept) + "\n")
    return file, len(every) - len(kept)


def _without_bounds(pattern: str) -> str:
    return re.sub(r"\{([01]),[1-9]\d+\}", lambda found: "*" if found[1] == "0" else "+", pattern)


def kinds(logs: Path) -> dict[str, Callable[[], list[Path]]]:
    """Return for each kind of log how its files are chosen."""
    files = sorted(p for p in logs.rglob("*.log") if p.is_file())

    def stamped(file: Path) -> bool:
        head = file.read_bytes()[:40].lstrip(b"\xef\xbb\xbf")
        return head[4:5] == b"-" and head[10:11] == b"T" and b"Z " in head

    return {
        "a mix of failing builds": lambda: files[::5] + files[1::5],
        "the longest builds": lambda: sorted(files, key=lambda f: -f.stat().st_size),
        "GitHub Actions with time stamps": lambda: [f for f in files if stamped(f)],
        "heavily coloured": lambda: sorted(files, key=lambda f: -f.read_bytes().count(b"\x1b")),
    }


def logdetective(folder: Path) -> Path:
    """Make a virtual environment with logdetective's extractor and return its interpreter."""
    python = folder / "bin" / "python"
    venv.create(folder, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", LOGDETECTIVE[0]], check=True)
    subprocess.run([*pip, *LOGDETECTIVE[1:]], check=True, stderr=subprocess.DEVNULL)  # pip misses what is left out
    return python


def main() -> int:
    """Run the benchmark; 1 when a promise is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--logdetective", action="store_true", help="also run logdetective's extractor, once a log")
    arguments = parser.parse_args()
    if shutil.which("rg") is None:
        sys.exit("ripgrep (rg) is not installed; it is the yardstick here. Debian: apt-get install ripgrep.")
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        pattern_file, left_out = readable_by_ripgrep(Path(folder))
        print(f"{len(patterns(SIGNATURES))} patterns, {left_out} of them not readable by ripgrep\n")
        extractor = logdetective(Path(folder) / "logdetective") if arguments.logdetective else None
        more = (" logdetective's extractor CPU s | times ours |", "---|---|") if extractor else ("", "")
        print(f"| 10 MiB of | engine CPU s | rg CPU s | ratio | engine MB/s wall | memory, sizes of the log |{more[0]}")
        print(f"|---|---|---|---|---|---|{more[1]}")
        for name, choose in kinds(arguments.logs).items():
            chosen = choose()
            if not chosen:
                print(f"| {name} | no such log in {arguments.logs} |")
                continue
            log = join(chosen, Path(folder) / "joined.log")
            ours, ratio, row = _row(name, log, pattern_file, arguments.runs)
            memory = float(subprocess.run([sys.executable, "-c", MEMORY, log], capture_output=True, check=True).stdout)
            row += f" {memory:.1f} |"
            if extractor is not None:
                theirs = cpu_s([str(extractor), "-c", EXTRACTOR, str(log)])
                row += f" {theirs:.1f} | {theirs / ours:.0f} |"
            print(row, flush=True)
            missed |= ratio > RATIO_MAX.get(name, RATIO_PLAIN_MAX) * NOISE or memory > MEMORY_MAX * NOISE
    return int(missed)


def _row(name: str, log: Path, pattern_file: Path, runs: int) -> tuple[float, float, str]:
    """Return the engine's CPU seconds, their ratio to ripgrep's, and the row of the table."""
    ours: list[float] = []
    theirs: list[float] = []
    wall: list[float] = []
    for number in range(runs + 1):
        started = time.perf_counter()
        engine = cpu_s([sys.executable, "-c", ENGINE, str(log)])
        elapsed = time.perf_counter() - started
        rg = cpu_s(["rg", "-c", "--no-unicode", "-f", str(pattern_file), str(log)])
        if number:  # the first pair warms the caches
            ours.append(engine)
            theirs.append(rg)
            wall.append(elapsed)
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    speed = SIZE_BYTES / 1e6 / statistics.median(wall)
    row = f"| {name} | {statistics.median(ours):.3f} | {statistics.median(theirs):.3f} | {ratio:.2f} | {speed:.0f} |"
    return statistics.median(ours), ratio, row


if __name__ == "__main__":
    sys.exit(main())
