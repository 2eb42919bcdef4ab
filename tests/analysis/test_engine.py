"""The engine as a whole: the right line, the right words, and no answer where there is none."""

import time

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.model import CATEGORIES, Analysis
from exlogare_ci.analysis.result import silence
from exlogare_ci.analysis.text import clean

PYTEST = """\
============================= test session starts ==============================
collected 2 items

test_cart.py .F                                                          [100%]

=================================== FAILURES ===================================
__________________________________ test_total __________________________________

    def test_total():
>       assert total([1, 2]) == 4
E       assert 3 == 4
E        +  where 3 = total([1, 2])

test_cart.py:5: AssertionError
=========================== short test summary info ============================
FAILED test_cart.py::test_total - assert 3 == 4
========================= 1 failed, 1 passed in 0.02s ==========================
make: *** [Makefile:2: test] Error 1
"""


def test_a_failing_test_is_named_with_its_place_and_message() -> None:
    """The whole analysis of a small pytest log."""
    analysis = analyze(PYTEST.encode())

    assert analysis.failed
    assert analysis.root_cause == "Test `test_total` failed at test_cart.py:5: AssertionError: assert 3 == 4"
    assert (analysis.category, analysis.tool) == ("code.test", "pytest")
    assert (analysis.cause_line, analysis.spans) == (10, ((7, 14),)) or analysis.cause_line == 11
    assert "test_total" in " ".join(analysis.failed_tests)
    assert 0.4 <= analysis.confidence <= 1
    assert {e.line for e in analysis.evidence} <= set(range(7, 15))


def test_the_same_failure_in_another_run_has_the_same_fingerprint() -> None:
    """Times, paths, line numbers and counts do not change the fingerprint; another cause does."""
    again = "noise\n" * 7 + PYTEST.replace("0.02s", "1.71s").replace("[100%]", "[ 50%]")
    other = PYTEST.replace("test_total", "test_count")

    first = analyze(PYTEST.encode()).fingerprint

    assert first.startswith("v1:")
    assert analyze(again.encode()).fingerprint == first
    assert analyze(other.encode()).fingerprint != first


def test_secrets_in_the_failing_lines_are_masked_everywhere() -> None:
    """A token next to the cause is in no field of the analysis."""
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    log = f"fatal: could not read Username for 'https://{token}@github.com': terminal prompts disabled\n"

    analysis = analyze(log.encode())

    assert analysis.failed
    assert token not in repr(analysis)


def test_a_passing_log_is_no_failure_however_it_talks() -> None:
    """Names and counters that hold the word error do not make a failure."""
    log = (
        'test_error_handling PASSED\n0 errors, 0 failed\nokay\n$ x\nThe command "x" exited with 0.\n\n'
        "Done. Your build exited with 0.\n"
    )

    assert not analyze(log.encode()).failed


def test_an_empty_log_is_no_failure() -> None:
    """Nothing to read gives an answer, not an error."""
    assert not analyze(b"").failed


def test_an_unknown_tool_gets_its_last_words_and_little_confidence() -> None:
    """When no signature knows the failure, the end of the failing step is shown, and the doubt is said."""
    log = (
        "$ frobnicate .\nchecking\n3 files differ from the plan\n  a.frob\n"
        'The command "frobnicate ." exited with 3.\n\nDone. Your build exited with 3.\n'
    )

    analysis = analyze(log.encode())

    assert analysis.failed
    assert analysis.category == "unknown"
    assert analysis.confidence <= 0.68
    assert any("3 files differ" in e.text for e in analysis.evidence)


def check_bounds(analysis: Analysis, lines: int) -> None:
    """Hold an analysis against the limits that clients rely on."""
    assert 1 <= len(analysis.root_cause) <= 2000
    assert 1 <= len(analysis.explanation) <= 8000
    assert 1 <= len(analysis.fix_suggestion) <= 4000
    assert 0 <= analysis.confidence <= 1
    assert analysis.category in CATEGORIES
    assert len(analysis.evidence) <= 20
    for start, end in analysis.spans:
        assert 1 <= start <= end <= lines
    assert analysis.cause_line is None or 1 <= analysis.cause_line <= lines


WORDS = st.sampled_from(
    [b"error: ", b"\n", b"\r", b"\x1b[31m", b"FAIL", b"Traceback (most recent call last):\n", b"##[error]",
     b"  at x(y.js:1:2)\n", b'The command "', b'" exited with 1.\n', b"E   assert", b"\0", b"\xff\xfe",
     b"--- FAIL: T\n", b"a.c:1:2: error: x\n", b"1) ", b"section_start:1:x\r", b"\xe2\x97\x8f x\n", b"Failures:\n",
     b" ", b"{", b"}", b"npm ERR! code E404\n"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.binary(max_size=3000), st.lists(WORDS, max_size=60).map(b"".join)),
    st.sampled_from([None, 0, 1, 124, 134, 137, 139]),
)
def test_any_bytes_get_an_answer_within_the_limits(log: bytes, exit_code: int | None) -> None:
    """Whatever is sent, the analysis is well formed and nothing is raised."""
    check_bounds(analyze(log, exit_code=exit_code), log.count(b"\n") + 1)


HOSTILE = {
    "one line": b"error: " * 300_000,
    "a million errors": b"error\n" * 1_000_000,
    "NULs": b"\0" * 2_000_000,
    "carriage returns": b"abc\r" * 500_000,
    "backspaces": b"a\x08\n" * 200_000,
    "escapes": b"\x1b]" * 500_000,
    "fake steps": b"##[group]Run x\n##[error]Process completed with exit code 1.\n" * 30_000,
    "nested traces": b"".join(b" " * (i % 90) + b"Caused by: java.lang.Error: x\n" for i in range(50_000)),
    "open sentence": b'The command "\n' * 100_000 + b'x" exited with 1.\n',
}


@pytest.mark.slow
@pytest.mark.parametrize("log", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_logs_are_answered_in_bounded_time(log: bytes) -> None:
    """Logs made to be slow take seconds at the most; the limit is wide, for it tells linear from quadratic."""
    started = time.process_time()

    check_bounds(analyze(log), log.count(b"\n") + 1)

    assert time.process_time() - started < 20


def test_a_caller_who_knows_the_exit_code_gets_an_answer_from_any_output() -> None:
    """The wrapped command failed, so its last words are the cause even when no tool is known."""
    assert not analyze(b"checking\n3 files differ\n").failed

    analysis = analyze(b"checking\n3 files differ\n", exit_code=3)

    assert (analysis.failed, analysis.cause_line) == (True, 2)
    assert "3 files differ" in analysis.root_cause


@pytest.mark.parametrize(
    ("exit_code", "category"), [(124, "infra.timeout"), (137, "infra.oom"), (139, "code.runtime_crash")]
)
def test_an_exit_code_that_speaks_is_the_cause_where_nothing_else_does(exit_code: int, category: str) -> None:
    """timeout(1), SIGKILL and SIGSEGV say what happened without a word in the log."""
    assert analyze(b"working\n", exit_code=exit_code).category == category


@pytest.mark.parametrize("log", [b"", b"\n", b"\r\n \n"])
def test_a_command_that_was_killed_without_a_word_is_explained_by_its_exit_code(log: bytes) -> None:
    """There is no line to show, and still a cause."""
    analysis = analyze(log, exit_code=137)

    assert (analysis.failed, analysis.category, analysis.evidence) == (True, "infra.oom", ())


@pytest.mark.parametrize(
    ("log", "explanation"),
    [
        (b"", "The log is empty."),
        (b"ok\n", "Its only line does not speak of a failure."),
        (b"ok\nok\n", "None of its 2 lines speaks of a failure."),
    ],
)
def test_a_log_that_says_nothing_is_counted_in_plain_words(log: bytes, explanation: str) -> None:
    """What was read is said, however little it was."""
    assert silence(clean(log)).explanation == explanation


def test_a_network_failure_that_was_cured_is_not_the_cause() -> None:
    """The download was tried again and the step went on; what ended it much later counts."""
    log = (
        "curl: (7) Failed to connect to mirror.example.com port 443: Connection refused\nretrying\n"
        + "fetched part\n" * 40
        + "cart.c:2:10: error: 'price' undeclared (first use in this function)\n"
    )

    analysis = analyze(log.encode(), exit_code=2)

    assert (analysis.category, analysis.cause_line) == ("code.compile", 43)


def test_an_exception_of_any_name_ends_its_traceback() -> None:
    """The last line of a traceback is its cause, also when the class is not called an error."""
    log = (
        b'Traceback (most recent call last):\n  File "/src/run.py", line 3, in <module>\n    compare()\n'
        b"SpeedRegression: the median grew by 12%\nmake: *** [Makefile:2: bench] Error 1\n"
    )
    analysis = analyze(log, exit_code=2)

    assert (analysis.cause_line, analysis.spans) == (4, ((1, 4),))
    assert "SpeedRegression: the median grew by 12%" in analysis.root_cause


def test_the_time_limit_that_jenkins_prints_behind_a_git_command_is_no_cause() -> None:
    """Jenkins echoes each call of git with the minutes that it may take."""
    log = (
        b" > git fetch --tags https://git.test/shop.git # timeout=10\n[shop] $ /bin/sh -xe /tmp/j.sh\n+ ./ship\n"
        b"the house is on fire\nBuild step 'Execute shell' marked build as failure\nFinished: FAILURE\n"
    )

    assert analyze(log).cause_line == 4


def test_an_exclamation_mark_alone_is_no_error_of_tex() -> None:
    """Cpanm begins its errors as TeX does."""
    log = b"--> Working on Shop\n! Configure failed for Shop-1.0. See /home/ci/.cpanm/build.log for details.\n"

    assert analyze(log, exit_code=1).category == "deps.build_native"


_STARTED_AGAIN = (
    b"INFO [launcher]: Starting browser PhantomJS\n"
    b"WARN [launcher]: PhantomJS have not captured in 20000 ms, killing.\n"
    b"INFO [launcher]: Trying to start PhantomJS again (1/2).\n"
    b"PhantomJS 1.9.8 (Linux 0.0.0): Executed 235 of 235 SUCCESS (12.2 secs / 11.9 secs)\n"
)
_PASSED_AGAIN = (
    b'Running:  pays\n \xe2\x9c\x96 Element <#paid> was not visible.  - expected "visible" but got: not found\n'
    b"    at Object.pays (/src/test/shop.js:14:24)\nFAILED:  1 assertions failed (5.9s)\nRetrying: pays\n"
    b"Running:  pays\nOK. 1 assertions passed. (1.2s)\n\nOK. 12 total assertions passed. (20.1s)\n"
)


@pytest.mark.parametrize("log", [_STARTED_AGAIN, _PASSED_AGAIN], ids=["karma", "nightwatch"])
def test_a_browser_that_started_or_a_test_that_passed_at_the_next_try_is_no_failure(log: bytes) -> None:
    """Karma starts a browser up to three times, Nightwatch runs a test again when it is told to."""
    assert not analyze(log).failed
