"""What each pattern of the catalogue costs the scan, against a plain word, in one run.

    python benchmarks/pattern_cost.py LOGS_DIR [--show 20]

``LOGS_DIR`` is a folder of real logs (any CI). Each pattern is compiled alone and looked for in two texts: lines that
a build tool prints by the thousand, and the folder's logs, up to 1 MiB. A pattern that may begin anywhere in a line,
or with something unbounded, is tried at every line and costs as much as dozens of others; one that begins with, or
has at a bounded distance, a text of its own costs what a word costs. Prints the dearest; ends with exit code 1 when
one costs more than ``TIMES_A_WORD_MAX`` words.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import hyperscan

from exlogare_ci.analysis.blocks.table import RULES
from exlogare_ci.analysis.catalog import patterns
from exlogare_ci.analysis.sections import ANCHORS
from exlogare_ci.analysis.signatures import SIGNATURES
from exlogare_ci.analysis.text import clean

SIZE_BYTES = 1024 * 1024
WORD = "needle in a haystack"
LINE = b"[INFO] Downloading from central: https://repo.example.org/org/example/library/1.2.3/library-1.2.3.pom\n"
TIMES_A_WORD_MAX = 10.0
"""On average over both texts; the dearest has about six."""
RUNS = 6


def real_text(folder: Path) -> bytes:
    """Join cleaned logs of a folder, small ones and from all over it, up to ``SIZE_BYTES``."""
    files = sorted(path for path in folder.rglob("*.log") if path.is_file() and path.stat().st_size < SIZE_BYTES // 8)
    data = bytearray()
    for path in files[:: max(1, len(files) // 60)]:
        data += clean(path.read_bytes()).data
    return bytes(data[:SIZE_BYTES])


def cost_s(pattern: str, texts: tuple[bytes, ...]) -> float:
    """Return the processor's time of one scan of all texts, the best of a few."""
    database = hyperscan.Database()
    database.compile(expressions=[pattern.encode()], ids=[0], elements=1, flags=[hyperscan.HS_FLAG_MULTILINE])
    scratch = hyperscan.Scratch(database)

    def ignore(*_found: Any) -> None:
        pass

    best_s = float("inf")
    for _ in range(RUNS):
        began_s = time.process_time()
        for text in texts:
            database.scan(text, match_event_handler=ignore, scratch=scratch)
        best_s = min(best_s, time.process_time() - began_s)
    return best_s


def main() -> int:
    """Run the benchmark; 1 when a pattern is too dear."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path)
    parser.add_argument("--show", type=int, default=20, help="how many are printed")
    arguments = parser.parse_args()
    texts = (LINE * (SIZE_BYTES // len(LINE)), real_text(arguments.logs))
    ids = [*(signature.id for signature in SIGNATURES), *(rule.id for rule in RULES), *ANCHORS]
    word_s = cost_s(WORD, texts)
    times = {
        f"{name}  {pattern}": cost_s(pattern, texts) / word_s
        for name, pattern in zip(ids, patterns(SIGNATURES), strict=True)
    }
    print(f"{len(times)} patterns, together {sum(times.values()):.0f} times the word; the dearest:")
    for name, ratio in sorted(times.items(), key=lambda item: -item[1])[: arguments.show]:
        print(f"{ratio:6.1f}  {name[:110]}")
    return int(max(times.values()) > TIMES_A_WORD_MAX)


if __name__ == "__main__":
    sys.exit(main())
