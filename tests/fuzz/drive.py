"""Fuzz one target for a time, guided by coverage: ``python -m tests.fuzz.drive TARGET SECONDS CORPUS``.

A process of its own, because the fuzzer instruments what it imports and ends the process. Exit code 0: nothing
found; else the traceback and the input stand in its output, and the input in a file ``crash-…`` in the working folder.
"""

import sys
from pathlib import Path

import atheris

INPUT_BYTES_MAX = 4096
INPUT_S_MAX = 10
"""One input that takes longer is a finding, too."""
MEMORY_MIB_MAX = 2048


def main() -> None:
    """Fuzz until the time is over or something is found."""
    name, seconds, corpus = sys.argv[1:]
    with atheris.instrument_imports(include=["exlogare_ci.analysis", "yaml"]):
        import yaml  # noqa: F401, PLC0415 - otherwise imported later, without instruments

        from tests.fuzz.targets import TARGETS, seeds  # noqa: PLC0415 - instrumented while it is imported

    folder = Path(corpus)
    for number, seed in enumerate(seeds(name)):
        (folder / f"seed-{number}").write_bytes(seed[:INPUT_BYTES_MAX])
    options = [
        f"-max_total_time={seconds}", f"-max_len={INPUT_BYTES_MAX}", f"-timeout={INPUT_S_MAX}",
        f"-rss_limit_mb={MEMORY_MIB_MAX}", "-print_final_stats=1", "-verbosity=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(folder)], TARGETS[name], enable_python_coverage=True)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
