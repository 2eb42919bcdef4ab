"""Record the logs that the engine is tested with: run real tools on tiny projects that fail in one realistic way.

``python -m scripts.record_tool_logs --work DIR [CASE…]`` runs the cases of ``scripts/record/cases`` (all of them, or
those whose names begin with one of the arguments) and writes ``tests/analysis/logs/<case>.log`` and, beside it,
``<case>.json`` with the tool's version and the command. What the JSON expects of the engine is a label that a person
writes after reading the log, before seeing the engine's answer; the recorder keeps it and says when the log below it
has other lines than before. Cases whose tools are missing are named and left out. Linux only.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from scripts.record.case import Case, load_cases
from scripts.record.running import Recording, record
from scripts.record.toolsets import prepare

LOGS: Final = Path(__file__).resolve().parent.parent / "tests" / "analysis" / "logs"


def store(case: Case, recording: Recording, folder: Path) -> str:
    """Write a recording's two files and return a remark for the person: new, same or changed lines.

    Args:
        case: the case that was run.
        recording: what it gave.
        folder: where the files go.
    """
    log, label = folder / f"{case.name}.log", folder / f"{case.name}.json"
    lines_before = log.read_bytes().count(b"\n") if log.exists() else None
    log.write_bytes(recording.log)
    known: dict[str, Any] = json.loads(label.read_text(encoding="utf-8")) if label.exists() else {}
    known |= {"tool_version": recording.version, "command": case.command}
    write_label(label, known)
    if not known.get("expect"):
        return "needs a label"
    return "recorded" if lines_before == recording.log.count(b"\n") else "has other lines than before: check its label"


def write_label(path: Path, label: dict[str, Any]) -> None:
    """Write a label, its keys in one order and a line each, so that a change reads well."""
    ordered = {key: label.get(key) for key in ("tool_version", "command")} | {"expect": label.get("expect")}
    text = json.dumps({key: value for key, value in ordered.items() if value is not None}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def main() -> int:
    """Record the cases that the command line names; 1 when one of them could not be recorded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="a folder for tools and projects, outside the project")
    parser.add_argument(
        "--out", type=Path, default=LOGS, help="where the logs and labels are; the tests' folder by default"
    )
    parser.add_argument("--new", action="store_true", help="only cases that have no log yet")
    parser.add_argument("names", nargs="*", help="cases by the beginning of their names; all by default")
    options = parser.parse_args()
    work = options.work.resolve()
    prepare(work)
    bad = 0
    for case in load_cases().values():
        if options.names and not case.name.startswith(tuple(options.names)):
            continue
        if options.new and (options.out / f"{case.name}.log").exists():
            continue
        try:
            print(f"{case.name}: {store(case, record(case, work), options.out)}", flush=True)
        except (ValueError, subprocess.SubprocessError) as error:
            bad += 1
            print(f"{case.name}: NOT RECORDED: {error}", flush=True)
            if isinstance(error, subprocess.CalledProcessError):
                print(error.output.decode("utf-8", "replace"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
