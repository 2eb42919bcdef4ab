"""Record the logs that the engine is tested with: run real tools on tiny projects that fail in one realistic way.

``python -m scripts.record_tool_logs --work DIR [CASE…]`` runs the cases of ``scripts/record/cases`` (all of them, or
those whose names begin with one of the arguments) and writes ``tests/analysis/logs/<case>.log`` and, beside it,
``<case>.json`` with the tool's version and the command. What the JSON expects of the engine is a label that a person
writes after reading the log, before seeing the engine's answer; the recorder keeps it and says when the log below it
has other lines than before. Cases that cannot be recorded are named. ``--wrap`` makes the logs of CI services
(``ci_<service>__…``) anew from the recorded ones. Linux, as root for the cases that mount a small file system.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Final

from scripts.record.case import Case, load_cases
from scripts.record.labels import label_text, read_label
from scripts.record.running import Recording, record
from scripts.record.toolsets import prepare
from scripts.record.wrapping import WRAPPED, name_of, wrap

LOGS: Final = Path(__file__).resolve().parent.parent / "tests" / "analysis" / "logs"


def store(case: Case, recording: Recording, folder: Path) -> str:
    """Write a recording's two files and return a remark for the person: new, same or other lines.

    Args:
        case: the case that was run.
        recording: what it gave.
        folder: where the files go.
    """
    log, path = folder / f"{case.name}.log", folder / f"{case.name}.json"
    lines_before = log.read_bytes().count(b"\n") if log.exists() else None
    log.write_bytes(recording.log)
    label = read_label(path) | {"tool_version": recording.version, "command": case.command}
    path.write_text(label_text(label), encoding="utf-8")
    if "expect" not in label:
        return "needs a label"
    return "recorded" if lines_before == recording.log.count(b"\n") else "has other lines than before: check its label"


def store_wrapped(folder: Path) -> None:
    """Write the logs of ``WRAPPED`` and their labels, made from the recorded ones in the same folder."""
    for service, case in WRAPPED:
        log, label = wrap(service, case, folder)
        path = folder / f"{name_of(service, case)}.log"
        path.write_bytes(log)
        path.with_suffix(".json").write_text(label_text(label), encoding="utf-8")


def main() -> int:
    """Record the cases that the command line names; 1 when one of them could not be recorded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="a folder for tools and projects, outside the project")
    parser.add_argument("--wrap", action="store_true", help="only put recorded logs into the forms of CI services")
    parser.add_argument(
        "--out", type=Path, default=LOGS, help="where the logs and labels are; the tests' folder by default"
    )
    parser.add_argument("--new", action="store_true", help="only cases that have no log yet")
    parser.add_argument("names", nargs="*", help="cases by the beginning of their names; all by default")
    options = parser.parse_args()
    if options.wrap or options.work is None:
        if not options.wrap:
            parser.error("--work DIR must be given, or --wrap")
        store_wrapped(options.out)
        return 0
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
