"""What starting ``exl`` costs, against a bare interpreter: ``python benchmarks/startup.py``.

Each command is started many times in turn, so that a busy moment of the machine hits all alike; the medians are
compared. The ratio is what to look at: absolute times belong to the machine.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROUNDS: Final = 21
RATIO_MAX: Final = {"exl --help": 8.0, "exl run -- true": 8.0, "exl analyze small.log": 16.0}
"""Beyond these the run ends with exit code 1; bare click alone has a ratio of about 4.6."""

SMALL_LOG: Final = b"compiling\nsrc/app.c:3:5: error: expected expression before '}' token\n" * 10


def commands(log: Path) -> dict[str, list[str]]:
    """What is measured; the first is what the others are compared with."""
    python = sys.executable
    exl = [python, "-m", "exlogare_ci"]
    return {
        "python -c pass": [python, "-c", "pass"],
        "import click": [python, "-c", "import click"],
        "exl --help": [*exl, "--help"],
        "exl run -- true": [*exl, "run", "--", "true"],
        "exl analyze small.log": [*exl, "analyze", str(log)],
        "exl analyze --format jsonl": [*exl, "analyze", "--format", "jsonl", str(log)],
    }


def seconds(command: list[str]) -> float:
    """Start a command once and wait for it."""
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env={**os.environ, "PYTHONHASHSEED": "0"})
    return time.perf_counter() - started


def main() -> int:
    """Measure, print a table, and tell whether every ratio is within its limit."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "small.log"
        log.write_bytes(SMALL_LOG)
        measured = commands(log)
        for command in measured.values():
            seconds(command)  # byte code and the compiled signatures are cached from the first start on
        times: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(ROUNDS):
            for name, command in measured.items():
                times[name].append(seconds(command))
    medians = {name: statistics.median(values) for name, values in times.items()}
    bare = medians["python -c pass"]
    print(f"{'command':<28} {'median ms':>10} {'ratio':>7} {'limit':>7}")
    for name, median in medians.items():
        limit = RATIO_MAX.get(name)
        print(f"{name:<28} {median * 1000:>10.1f} {median / bare:>7.1f} {limit or '':>7}")
    return int(any(medians[name] / bare > limit for name, limit in RATIO_MAX.items()))


if __name__ == "__main__":
    sys.exit(main())
