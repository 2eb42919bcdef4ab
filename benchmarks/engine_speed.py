"""The engine's CPU time on 10 MiB logs, against ripgrep with the same patterns, in one run.

    python benchmarks/engine_speed.py LOGS_DIR [--runs 5]

``LOGS_DIR`` is a folder of real logs (any CI); four logs of 10 MiB are joined from it: a mix, the longest build, the
ones with GitHub's time stamps, and the most coloured ones. The yardstick is ``rg -c --no-unicode -f PATTERNS`` with
every pattern of the catalogue that ripgrep can read. Both are whole processes, start included; figures are medians
of CPU seconds (user and system), measured in turn so that a drifting machine hits both.
"""

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from exlogare_ci.analysis.catalog import patterns
from exlogare_ci.analysis.signatures import SIGNATURES

SIZE_BYTES = 10 * 1024 * 1024
ENGINE = "import sys; from exlogare_ci.analysis import analyze; analyze(open(sys.argv[1], 'rb').read())"


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
    every = patterns(SIGNATURES)
    for pattern in every:
        check = subprocess.run(
            ["rg", "-q", "--no-unicode", "-e", pattern, "/dev/null"], capture_output=True, check=False
        )
        if check.returncode != 2:  # ripgrep ends with 2 when it cannot read a pattern
            kept.append(pattern)
    file = folder / "patterns.txt"
    file.write_text("\n".join(kept) + "\n")
    return file, len(every) - len(kept)


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


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    if shutil.which("rg") is None:
        sys.exit("ripgrep (rg) is not installed; it is the yardstick here. Debian: apt-get install ripgrep.")
    with tempfile.TemporaryDirectory() as folder:
        pattern_file, left_out = readable_by_ripgrep(Path(folder))
        print(f"{len(patterns(SIGNATURES))} patterns, {left_out} of them not readable by ripgrep\n")
        print("| 10 MiB of | engine CPU s | rg CPU s | ratio | engine MB/s wall |")
        print("|---|---|---|---|---|")
        for name, choose in kinds(arguments.logs).items():
            log = join(choose(), Path(folder) / "joined.log")
            print(_row(name, log, pattern_file, arguments.runs), flush=True)


def _row(name: str, log: Path, pattern_file: Path, runs: int) -> str:
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
    return f"| {name} | {statistics.median(ours):.3f} | {statistics.median(theirs):.3f} | {ratio:.2f} | {speed:.0f} |"


if __name__ == "__main__":
    main()
