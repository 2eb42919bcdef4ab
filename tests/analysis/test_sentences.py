"""The sentence about a failing test takes the line that says what came out."""

import pytest

from exlogare_ci.analysis import analyze


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (
            (
                b"#   Failed test 'pays'\n#   at t/cart.t line 4.\n#          got: '3'\n#     expected: '4'\n"
                b"t/cart.t .. Dubious, test returned 1 (wstat 256, 0x100)\nFailed 1/2 subtests \n"
            ),
            "got: '3'",
        ),
        (
            (
                b"    Then I see 4     # steps/cart.py:27\n      Traceback (most recent call last):\n"
                b'        File "steps/cart.py", line 32, in total\n          assert value == 4\n'
                b"      AssertionError: no 4\n"
            ),
            "AssertionError: no 4",
        ),
        (b"Failures:\n\n  1) cart pays\n  1.1) Expected 3 to be 4.\n\n1 spec, 1 failure\n", "Expected 3 to be 4."),
        (b" 1 failing (5.4s)\n\n 1) cart pays\n Error: Expect 4\n     at x (a.js:1:1)\n", "Error: Expect 4"),
        (
            (
                b"There was 1 failure:\n\n---------\n1) PayCept: Pay\n Test  tests/PayCept.php\n"
                b' Step  See "paid"\n Fail  Failed asserting that 3 contains "paid".\n\nFAILURES!\n'
            ),
            'Failed asserting that 3 contains "paid".',
        ),
        (
            b"! Configure failed for A-1. See /ci/build.log for details.\n! Bailing out the installation for B-1.\n",
            "Configure failed for A-1",
        ),
        (
            (
                b"ERROR in ./src/index.js\nModule build failed (from ./node_modules/thread-loader/dist/cjs.js):\n"
                b"Thread Loader (Worker 0)\nthis.getOptions is not a function\n    at Pool (a.js:3:1)\n"
            ),
            "Thread Loader (Worker 0)",
        ),
        (
            (
                b"Your requirements could not be resolved to an installable set of packages.\n\n  Problem 1\n"
                b"    - Root composer.json requires a/b ^1.0 -> satisfiable by a/b[1.0].\n"
                b"    - a/b[1.0] requires ext-gd ^1.2.0 -> it is missing from your system.\n"
            ),
            "a/b[1.0] requires ext-gd",
        ),
    ],
    ids=["prove", "behave", "jasmine", "wdio", "codeception", "cpanm", "webpack", "composer"],
)
def test_the_sentence_says_what_came_out_and_not_that_something_failed(log: bytes, told: str) -> None:
    """Each tool has a line of its own for what was found, somewhere among its frames and counts."""
    assert told in analyze(log, exit_code=1).root_cause


@pytest.mark.parametrize(
    ("log", "tool", "category"),
    [
        (b"ERROR in ./src/index.js\nModule build failed (from ./a.js):\nError: no\n", "webpack", "code.compile"),
        (b"  [-] totals two 12ms (10ms|2ms)\n    Expected 4, but got 3.\n", "pester", "code.test"),
        (b"[+] a.yaml: ok\n[-] b.yaml: error: image tag latest is not allowed\n", None, "unknown"),
        (b"ERROR in (pays) (cart.clj:7)\nactual: 3\n", "clojure", "code.test"),
        (
            (
                b"Because no versions of shop match >0.4.5,<0.5.0\n"
                b" and shop (0.4.5) requires Python <3.11, shop is forbidden.\n"
                b"So, because cart depends on shop (^0.4.5), version solving failed.\n"
            ),
            "poetry",
            "deps.resolve",
        ),
    ],
    ids=["webpack", "pester", "anybody", "clojure", "poetry"],
)
def test_who_printed_a_line_is_told_from_its_like(log: bytes, tool: str | None, category: str) -> None:
    """Tools share words; what stands behind them, or round them, is each one's own."""
    found = analyze(log, exit_code=1)

    assert (found.tool, found.category) == (tool, category)
