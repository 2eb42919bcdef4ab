"""What terminals and runners do to a log: lines that are written anew, and failures that are told in two forms."""

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.text import clean


def _travis(output: str) -> bytes:
    """Return a log of Travis CI whose only command printed ``output`` and failed."""
    return (
        f"travis_fold:start:install\r\x1b[0K$ npm ci\nadded 5 packages\ntravis_fold:end:install\r\x1b[0K\n"
        f'$ ./check\n{output}\n\x1b[31;1mThe command "./check" exited with 1.\x1b[0m\n'
        "\nDone. Your build exited with 1.\n"
    ).encode()


def test_a_line_written_anew_counts_as_it_ends() -> None:
    """A tool that moves the cursor to the first column writes over what it said before, as bats does."""
    raw = b"\x1b[1G   sums two\x1b[K\x1b[77G1/3\x1b[2G\x1b[1G \xe2\x9c\x97 sums two\x1b[K\nnext\n"

    assert clean(raw).lines == [" ✗ sums two".encode(), b"next", b""]


def test_failing_tests_that_a_tool_prints_in_two_forms_are_all_shown() -> None:
    """Jest tells a suite that does not load otherwise than a test that fails; both belong to the failure."""
    output = (
        "FAIL ./cart.test.js\n"
        "  ● Test suite failed to run\n\n"
        "    Cannot find module './nope' from 'cart.test.js'\n\n"
        "FAIL ./tax.test.js\n"
        "  ● taxes sum\n\n"
        "    expect(received).toBe(expected)\n\n"
        "    Expected: 4\n    Received: 3\n\n"
        "      at Object.<anonymous> (tax.test.js:3:15)\n\n"
        "Tests: 1 failed, 1 total"
    )

    shown = analyze(_travis(output)).spans

    assert {line for start, end in shown for line in range(start, end + 1)} >= {6, 8, 11, 13, 15, 16, 18}


def _failing_tests(count: int, lines: int) -> str:
    """Return what ``go test -v`` prints of tests that fail, between lines that the tests print themselves."""
    said = "reading a plan\n" * 5
    detail = "    plan_test.go:9: got 1, want 2\n" * lines
    return (
        "".join(f"=== RUN   TestPlan{k}\n{said}--- FAIL: TestPlan{k} (0.00s)\n{detail}" for k in range(count)) + "FAIL"
    )


def test_the_blocks_of_many_failing_tests_are_shown_up_to_a_cap() -> None:
    """Each failing test is a cause of its own, so ten of them are shown, in at most two hundred lines."""
    many, long = analyze(_travis(_failing_tests(14, 2))), analyze(_travis(_failing_tests(14, 40)))

    assert len(many.spans) == 10
    assert len(many.failed_tests) == 14
    assert sum(end - start + 1 for start, end in long.spans) <= 200
    assert len(long.spans) == 4


def test_a_failing_test_is_shown_once() -> None:
    """A runner that tells of its failures anew at its end adds no blocks for the same tests."""
    once = analyze(_travis(_failing_tests(5, 2)))
    twice = analyze(_travis(_failing_tests(5, 2) + "\n" + "reading a plan\n" * 5 + _failing_tests(5, 2)))

    assert len(once.spans) == len(twice.spans) == 5
