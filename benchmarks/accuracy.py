"""How often the engine is right on labelled real logs, and how honest its confidence is.

    python benchmarks/accuracy.py BENCH_DIR [--fit] [--unknown-tools] [--write docs/reference/accuracy.md]
    python benchmarks/accuracy.py --recorded [--write docs/reference/accuracy.md]

``BENCH_DIR`` holds ``score.py``, ``dev/gold.jsonl`` and ``dev/logs.tar.xz``. The figures of the first table are
``score.py``'s own. The reliability table says, for each band of confidence, how many answers were right. ``--fit``
fits the numbers of ``exlogare_ci/analysis/confidence.py`` by logistic regression and checks them by leaving out one
project in ten at a time.

``--unknown-tools`` measures how well the engine does with tools that it does not know. Each failed log is analysed
twice, the second time without the tool that the first answer names: without all block rules and signatures of that
tool, and without the whole files of the signatures that hit the answer's cause line. ``--recorded`` measures the same
on the logs of ``tests/analysis/logs``, whose labels hold a line and a category each.
"""

import argparse
import json
import math
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.catalog import Catalog, Found, catalog
from exlogare_ci.analysis.confidence import LEAD_POINTS_MAX, OF_KIND
from exlogare_ci.analysis.model import Analysis
from exlogare_ci.analysis.signatures.table import FAMILIES
from exlogare_ci.analysis.text import CleanLog

BANDS = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.01)
FOLDS = 10
RECORDED = Path(__file__).resolve().parent.parent / "tests" / "analysis" / "logs"
SURE_FROM = 0.7
STEPS = 4000
RATE = 0.05
SHRINK = 0.002
CAUSES = frozenset({"root", "block", "cascade"})
FILES = {signature.id: name for name, family in FAMILIES for signature in family}
FEATURES = ("bias", "score", "lead", "failing step", *OF_KIND)


def is_right(gold: dict[str, Any], analysis: Analysis) -> bool:
    """Say whether an answer is right: the labelled lines, the accepted category, a labelled test."""
    if gold.get("spans"):
        return any(start <= (analysis.cause_line or 0) <= end for start, end in gold["spans"])
    if gold.get("categories"):
        return analysis.category in gold["categories"]
    named = " ".join(analysis.failed_tests) + " " + analysis.root_cause
    return any(t in named or t.split(".")[-1].split("::")[-1] in named for t in gold["tests"])


class WithoutTool(Catalog):
    """A catalogue without some tools and some files of signatures, which scans a log once.

    Attributes:
        tools: whose signatures and block rules are left out.
        files: names of the files of signatures that are left out.
    """

    def __init__(self, whole: Catalog) -> None:
        self._whole = whole
        self._found = Found([], [], {})
        self.tools: frozenset[str] = frozenset()
        self.files: frozenset[str] = frozenset()

    def find(self, log: CleanLog) -> Found:
        """Return what the whole catalogue finds, but for what is left out."""
        if not self.tools:
            self._found = self._whole.find(log)
        known = self._found
        return Found(
            [hit for hit in known.signatures if hit[0].tool not in self.tools and FILES[hit[0].id] not in self.files],
            [hit for hit in known.blocks if hit[0].tool not in self.tools],
            known.marks,
        )

    def leave_out(self, analysis: Analysis) -> None:
        """Leave out the tool of an answer."""
        cause = (analysis.cause_line or 0) - 1
        hits = [s for s, lines, _ in self._found.signatures if s.role in CAUSES and cause in lines]
        self.files = frozenset(FILES[s.id] for s in hits)
        self.tools = frozenset({analysis.tool or "", *(s.tool for s in hits)} - {""})


def of_unknown_tool(log: bytes, whole: Catalog, *, known_failed: bool | None = None) -> Analysis:
    """Analyse a log as if its tool were not known."""
    reduced = WithoutTool(whole)
    first = analyze(log, using=reduced, known_failed=known_failed)
    reduced.leave_out(first)
    return analyze(log, using=reduced, known_failed=known_failed) if reduced.tools else first


def recorded() -> Iterator[str]:
    """Return the lines of the figures on the recorded logs of tools, with each one's own tool known and not."""
    labels = {p: json.loads(p.with_suffix(".json").read_text())["expect"] for p in sorted(RECORDED.glob("*.log"))}
    for name in ("known", "not known"):
        judged: list[tuple[float, bool, bool]] = []
        for path, label in labels.items():
            if label["failed"]:
                log = path.read_bytes()
                unknown = name == "not known"
                a = of_unknown_tool(log, catalog(), known_failed=True) if unknown else analyze(log, known_failed=True)
                line = any(start <= (a.cause_line or 0) <= end for start, end in label["cause_lines"])
                judged.append((a.confidence, line, a.category in label["category"]))
        count = len(judged)
        sure = [line and category for confidence, line, category in judged if confidence >= SURE_FROM]
        yield (
            f"{name:10}  n {count}  hit@1 {sum(line for _, line, _ in judged) / count:.3f}"
            f"  category {sum(category for _, _, category in judged) / count:.3f}"
            f"  sure {len(sure) / count:.3f}  sure-wrong {sure.count(False) / count:.3f}"
        )


def features(analysis: Analysis) -> list[float]:
    """Return what the confidence is made of."""
    terms = {t.name: t.value for t in analysis.score}
    kind = next((name.removeprefix("kind ") for name in terms if name.startswith("kind ")), "")
    in_step = float(any(name == "in a failing step" for name in terms))
    total = sum(t.value for t in analysis.score)
    return [1.0, total, analysis.lead, in_step, *(float(kind == k) for k in OF_KIND)]


def fit(rows: list[tuple[list[float], bool]]) -> list[float]:
    """Fit a logistic regression by gradient ascent, weights shrunk a little."""
    weights = [0.0] * len(FEATURES)
    scale = [1.0, 8.0, LEAD_POINTS_MAX, *([1.0] * (len(FEATURES) - 3))]
    data = [([x / s for x, s in zip(row, scale, strict=True)], float(right)) for row, right in rows]
    for _ in range(STEPS):
        gradient = [-SHRINK * w for w in weights]
        for row, right in data:
            error = (right - _sigmoid(row, weights)) / len(data)
            for k, x in enumerate(row):
                gradient[k] += error * x
        weights = [w + RATE * 10 * g for w, g in zip(weights, gradient, strict=True)]
    return [w / s for w, s in zip(weights, scale, strict=True)]


def _sigmoid(row: list[float], weights: list[float]) -> float:
    return 1 / (1 + math.exp(-sum(x * w for x, w in zip(row, weights, strict=True))))


def reliability(rows: list[tuple[float, bool]]) -> Iterator[str]:
    """Return the lines of a table: band, answers, mean confidence, share that was right."""
    yield "| confidence | answers | mean confidence | right |"
    yield "|---|---|---|---|"
    for low, high in pairwise(BANDS):
        band = [(c, right) for c, right in rows if low <= c < high]
        if band:
            mean = sum(c for c, _ in band) / len(band)
            share = sum(right for _, right in band) / len(band)
            yield f"| {low:.1f} to {min(high, 1.0):.1f} | {len(band)} | {mean:.2f} | {share:.2f} |"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path, nargs="?")
    parser.add_argument("--recorded", action="store_true", help="measure the recorded logs of tools instead")
    parser.add_argument("--fit", action="store_true", help="fit the confidence and check the fit by project")
    parser.add_argument("--unknown-tools", action="store_true", help="take each log's own tool out of the catalogue")
    parser.add_argument("--write", type=Path, help="write the tables into this page, between its two marks")
    arguments = parser.parse_args()
    if arguments.recorded:
        figures = "\n".join(recorded())
        print(figures)
        if arguments.write:
            _write(arguments.write, "figures of recorded tools", f"```text\n{figures}\n```\n")
        return
    if arguments.bench is None:
        parser.error("the folder of the labelled logs is missing")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(arguments.bench / "dev" / "logs.tar.xz") as archive:
            archive.extractall(folder, filter="data")
        _run(arguments, Path(folder))


def _run(arguments: argparse.Namespace, logs: Path) -> None:
    gold_file = arguments.bench / "dev" / "gold.jsonl"
    gold = [json.loads(line) for line in gold_file.read_text().splitlines()]
    if arguments.unknown_tools:
        gold = [label for label in gold if not label.get("passing") and (label.get("spans") or label.get("tests"))]
    answers: list[tuple[dict[str, Any], Analysis]] = []
    predictions = logs / "predictions.jsonl"
    with predictions.open("w") as out:
        for number, label in enumerate(gold):
            if sys.stderr.isatty() and number % 20 == 0:
                print(f"\r{number}/{len(gold)}", end="", file=sys.stderr)
            path = logs / label["file"]
            log = path.read_bytes()
            analysis = of_unknown_tool(log, catalog()) if arguments.unknown_tools else analyze(log)
            answers.append((label, analysis))
            out.write(json.dumps({**msgspec.to_builtins(analysis), "file": str(path)}) + "\n")
    chosen = logs / "gold.jsonl"
    chosen.write_text("".join(json.dumps(label) + "\n" for label in gold))
    command = [sys.executable, str(arguments.bench / "score.py"), "--gold", str(chosen), "--logs", str(logs)]
    table = subprocess.run([*command, "--pred", str(predictions)], check=True, capture_output=True, text=True).stdout
    judged = [(g, a) for g, a in answers if not g.get("passing") and not g.get("unlabelled")]
    bands = "\n".join(reliability([(a.confidence, is_right(g, a)) for g, a in judged]))
    print(table)
    print(bands)
    if arguments.write:
        name = "figures of unknown tools" if arguments.unknown_tools else "figures"
        _write(arguments.write, name, f"```text\n{table}```\n\n{bands}\n")
    if arguments.fit:
        _fit(judged)


def _write(page: Path, name: str, body: str) -> None:
    """Write figures into a page between their two marks."""
    head, rest = page.read_text().split(f"<!-- {name} -->\n", 1)
    tail = rest.split(f"<!-- end of {name} -->\n", 1)[1]
    page.write_text(f"{head}<!-- {name} -->\n{body}<!-- end of {name} -->\n{tail}")


def _fit(judged: list[tuple[dict[str, Any], Analysis]]) -> None:
    rows = [(project_of(g), features(a), is_right(g, a)) for g, a in judged if a.failed]
    held_out: list[tuple[float, bool]] = []
    projects = sorted({p for p, _, _ in rows})
    for fold in range(FOLDS):
        left_out = set(projects[fold::FOLDS])
        weights = fit([(x, r) for p, x, r in rows if p not in left_out])
        held_out += [(_sigmoid(x, weights), r) for p, x, r in rows if p in left_out]
    print("\nLeaving out one project in ten at a time:")
    print("\n".join(reliability(held_out)))
    print("\nFitted on all:")
    for name, weight in zip(FEATURES, fit([(x, r) for _, x, r in rows]), strict=True):
        print(f"  {name:14} {weight:+.2f}")


def project_of(gold: dict[str, Any]) -> str:
    """Return the project that a log is of."""
    parts = str(gold["id"]).split("__")
    return parts[1] if gold["source"] == "logchunks" else str(gold["id"])


if __name__ == "__main__":
    main()
