"""Lines of passing, skipped and tolerated tests that look like failures; see ``noise`` for the rule."""

from exlogare_ci.analysis.signatures.base import Signature

_WORDS = r"[^\n]*(?:[Ee]rror|ERROR|[Ff]ail|FAIL|[Ee]xception|[Tt]imed ?out|[Tt]imeout|refused|denied|not found|[Cc]annot|[Ii]nvalid|[Cc]rash)[^\n]*"
"""What another signature could take for a failure; only lines with one of these are worth a hit."""

SIGNATURES = (
    Signature(
        id="noise.zero_counts",
        tool="test runner",
        pattern=r"^[ \t]*(?:[Ee]rrors|[Ff]ailures|[Ff]ailed|ERRORS|FAILED|[Ww]arnings)[ \t]*[:=][ \t]*0[ \t]*$",
        role="noise",
        matches=("Errors: 0", "  Failed : 0", "failures=0"),
        non_matches=("Errors: 10", "Failed: 1"),
        source="https://learn.microsoft.com/dotnet/core/tools/dotnet-test",
    ),
    Signature(
        id="noise.passed_test_pytest",
        tool="pytest",
        pattern=r"^[^ \n]+::"
        + _WORDS
        + r" (?:PASSED|SKIPPED|XFAIL|XPASS|xfail|xpass)(?:[ \t]+\[ *[0-9]+%\]|[ \t]*\([^\n]*\))*$",
        role="noise",
        matches=(
            "tests/test_a.py::test_error_handling PASSED                    [ 12%]",
            "tests/test_a.py::test_fails XFAIL (not written yet)             [ 13%]",
        ),
        non_matches=("tests/test_a.py::test_error_handling FAILED                    [ 12%]",),
        source="https://docs.pytest.org/en/stable/how-to/output.html",
    ),
    Signature(
        id="noise.passed_test_tick",
        tool="test runner",
        pattern=r"^[ \t]*(?:✓|✔|√|✅) " + _WORDS + "$",
        role="noise",
        matches=("    ✓ throws an error when the price is negative (3 ms)", "✔ fails on 404"),
        non_matches=("    ✕ throws an error when the price is negative (3 ms)",),
        source="https://jestjs.io/docs/cli",
    ),
    Signature(
        id="noise.passed_test_tap",
        tool="tap",
        pattern=r"^[ \t]*ok [0-9]+ " + _WORDS + "$",
        role="noise",
        matches=("ok 12 - fails when the file is missing",),
        non_matches=("not ok 12 - fails when the file is missing",),
        source="https://testanything.org/tap-version-14-specification.html",
    ),
    Signature(
        id="noise.passed_test_unittest",
        tool="unittest",
        pattern=r"^[A-Za-z_]" + _WORDS + r" \.\.\. (?:ok|skipped '[^\n]*'|expected failure)$",
        role="noise",
        matches=(
            "test_error_is_raised (tests.test_a.Errors.test_error_is_raised) ... ok",
            "test_fail (tests.test_a.Errors.test_fail) ... expected failure",
        ),
        non_matches=("test_error_is_raised (tests.test_a.Errors) ... ERROR",),
        source="https://docs.python.org/3/library/unittest.html",
    ),
    Signature(
        id="noise.passed_test_go",
        tool="go",
        pattern=r"^[ \t]*--- (?:PASS|SKIP): " + _WORDS + "$",
        role="noise",
        matches=("--- PASS: TestErrorIsReturned (0.00s)", "    --- SKIP: TestFail/windows (0.00s)"),
        non_matches=("--- FAIL: TestErrorIsReturned (0.00s)",),
        source="https://pkg.go.dev/cmd/go#hdr-Testing_flags",
    ),
    Signature(
        id="noise.passed_test_rust",
        tool="cargo",
        pattern=r"^test " + _WORDS + r" \.\.\. (?:ok|ignored[^\n]*)$",
        role="noise",
        matches=(
            "test parser::tests::error_is_reported ... ok",
            "test src/lib.rs - fail (line 12) ... ignored",
        ),
        non_matches=("test parser::tests::error_is_reported ... FAILED",),
        source="https://doc.rust-lang.org/cargo/commands/cargo-test.html",
    ),
    Signature(
        id="noise.passed_test_ctest",
        tool="ctest",
        pattern=r"^ *[0-9]+/[0-9]+ Test +#[0-9]+: " + _WORDS + " +Passed ",
        role="noise",
        matches=(" 3/12 Test  #3: error_handling ...................   Passed    0.01 sec",),
        non_matches=(" 3/12 Test  #3: error_handling ...................***Failed    0.01 sec",),
        source="https://cmake.org/cmake/help/latest/manual/ctest.1.html",
    ),
    Signature(
        id="noise.passed_test_gradle",
        tool="gradle",
        pattern=r"^[^\n]+ > " + _WORDS + " (?:PASSED|SKIPPED)$",
        role="noise",
        matches=("com.acme.CartTest > failsOnError() PASSED",),
        non_matches=("com.acme.CartTest > failsOnError() FAILED",),
        source="https://docs.gradle.org/current/userguide/java_testing.html",
    ),
    Signature(
        id="noise.passed_test_googletest",
        tool="googletest",
        pattern=r"^\[ {7}OK \] " + _WORDS + "$",
        role="noise",
        matches=("[       OK ] Parser.ReportsError (0 ms)",),
        non_matches=("[  FAILED  ] Parser.ReportsError (0 ms)",),
        source="https://google.github.io/googletest/primer.html",
    ),
    Signature(
        id="noise.expected_trace",
        tool="java",
        pattern=r"^[ \t]*Suppressed: [a-z][A-Za-z0-9_.$]+(?:Exception|Error)",
        role="noise",
        matches=("\tSuppressed: java.lang.IllegalStateException: closed",),
        non_matches=("Caused by: java.lang.IllegalStateException: closed",),
        source="https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Throwable.html",
    ),
    Signature(
        id="noise.none_of_them_failed",
        tool="tests",
        pattern=r"\b0 (?:of|out of) \d+ (?:tests? |checks? |cases? )?failed\b",
        role="noise",
        matches=("error: 0 of 1 failed", "0 out of 12 tests failed"),
        non_matches=("10 of 12 tests failed", "2 of 10 failed"),
        source="https://testanything.org/tap-specification.html",
    ),
)
