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
            b"! Configure failed for A-1. See /root/build.log for details.\n! Bailing out the installation for B-1.\n",
            "Configure failed for A-1",
        ),
    ],
    ids=["prove", "behave", "jasmine", "wdio", "codeception", "cpanm"],
)
def test_the_sentence_says_what_came_out_and_not_that_something_failed(log: bytes, told: str) -> None:
    """Each tool has a line of its own for what was found, somewhere among its frames and counts."""
    assert told in analyze(log, exit_code=1).root_cause
