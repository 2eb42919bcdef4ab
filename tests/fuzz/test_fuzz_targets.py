"""Hostile bytes: the targets of ``targets.py``, with random lines of every tool, and with a coverage-guided fuzzer."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import MARKS, TARGETS, seeds

ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = int(os.environ.get("EXLOGARE_TEST_FUZZ_SECONDS", "20"))
"""For each target; some thousand inputs a second."""

KNOWN: Final = {name: list(seeds(name)) for name in TARGETS}
_BYTES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"", b"\r", b"\0", b"\x1b[31m", b"\x08", b"    ", b"\t", b"E   ", b"> ", b"error: ", b"x" * 5000]),
)

FOUND: Final = {
    "gitlab-without-sections": ("analyze", b"Job succeeded"),
    "gitlab-failed-without-sections": ("analyze", b"ERROR: Job failed: exit code 1"),
}
"""Inputs that once broke a target, as small as they could be made."""


@pytest.mark.parametrize("name", TARGETS)
def test_what_a_fuzzer_starts_from(name: str) -> None:
    """Every sample of the catalogue by itself, cut short, and repeated."""
    for seed in KNOWN[name]:
        for data in (seed, seed[: len(seed) // 2], seed * 3):
            TARGETS[name](data)


@pytest.mark.parametrize("found", FOUND)
def test_what_was_found_stays_mended(found: str) -> None:
    """What broke a target once does not break it again."""
    name, data = FOUND[found]

    TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
def test_lines_of_all_tools_in_any_order(name: str) -> None:
    """Pieces of many tools' output, marks of CI services and random bytes, joined in any way."""
    pieces = st.one_of(st.sampled_from(KNOWN[name]), st.sampled_from(MARKS), _BYTES)
    joints = st.sampled_from([b"\n", b"", b"\r\n", b"\r", b"\n    "])

    @given(st.lists(st.tuples(pieces, joints).map(b"".join), max_size=25).map(b"".join))
    @settings(deadline=None, max_examples=150)
    def check(data: bytes) -> None:
        TARGETS[name](data)

    check()


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed: Linux on x86-64")
@pytest.mark.parametrize("name", TARGETS)
def test_coverage_guided(name: str, tmp_path: Path) -> None:
    """A fuzzer that sees which code an input reaches finds nothing in its time."""
    (tmp_path / "corpus").mkdir()
    command = [sys.executable, "-m", "tests.fuzz.drive", name, str(SECONDS), str(tmp_path / "corpus")]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}

    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, timeout=SECONDS + 120, check=False)

    output = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, output[-6000:]
    assert "number_of_executed_units" in output
