"""The names that runners of parallel commands put before each line do not hide the tool behind them."""

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.runner_names import without_runner_names

UNITTEST = """\
======================================================================
FAIL: test_total (test_cart.CartTest.test_total)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/src/test_cart.py", line 9, in test_total
    self.assertEqual(total([1, 2]), 4)
AssertionError: 3 != 4
"""


@pytest.mark.parametrize("name", ["[api] ", "api-1  | ", "packages/api test: "])
def test_a_failing_test_is_found_behind_a_name(name: str) -> None:
    """Each style of prefix is taken off, and the line numbers stay."""
    log = "".join(f"{name}{line}\n" for line in UNITTEST.splitlines())

    analysis = analyze(log.encode(), exit_code=1)

    assert (analysis.tool, analysis.cause_line) == ("unittest", 7)


@pytest.mark.parametrize(
    "log",
    [
        b"[INFO] Building\n[INFO] Testing\n[ERROR] no\n[INFO] done\n",
        b"one: 1\ntwo: 2\nthree: 3\n",
        b"[a] x\nplain\nplain\nplain\n",
        b"a.c:1:2: error: x\na.c:2:2: error: y\na.c:3:2: error: z\n",
        b"",
    ],
    ids=["levels", "many names", "few lines", "diagnostics", "nothing"],
)
def test_what_is_no_name_of_a_command_stays(log: bytes) -> None:
    """Levels, keys and diagnostics look like names and are none."""
    assert without_runner_names(log) == log
