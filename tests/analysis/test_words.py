"""The words of an answer: every category has its own, so that no answer is empty-handed."""

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.category_words import CATEGORY_WORDS
from exlogare_ci.analysis.model import CATEGORIES, Analysis
from exlogare_ci.analysis.words import CRASH_WITHOUT_TRACE


def test_each_category_says_what_it_means_and_what_to_do() -> None:
    """No category is without its two sentences, and no sentences are without a category."""
    assert set(CATEGORY_WORDS) == set(CATEGORIES)
    assert all(meaning.endswith(".") and advice.endswith(".") for meaning, advice in CATEGORY_WORDS.values())


def test_a_crash_without_a_trace_gets_advice_that_needs_none() -> None:
    """Who has no trace cannot follow it; where the log has one, the advice says so."""
    silent = analyze(b"working\n", exit_code=139)
    traced = analyze(
        b"PHP Fatal error:  Uncaught Exception in /src/a.php:3\n#0 {main}\n  thrown in /src/a.php on line 3\n"
    )

    assert (silent.category, silent.fix_suggestion) == ("code.runtime_crash", CRASH_WITHOUT_TRACE)
    assert traced.category == "code.runtime_crash"
    assert traced.fix_suggestion != CRASH_WITHOUT_TRACE


def test_places_are_told_as_the_checkout_has_them() -> None:
    """The runner's own folder is no part of a file's name, in the advice neither."""
    place = "/home/travis/build/acme/shop/src/Cart.java:7"
    log = f"{place}: error: cannot find symbol\n    price;\n    ^\n  symbol: x\n1 error\n"

    analysis = analyze(log.encode())

    assert "src/Cart.java" in analysis.root_cause
    assert "/home/travis" not in analysis.root_cause + analysis.fix_suggestion + analysis.explanation


def test_a_linters_own_advice_is_given() -> None:
    """A signature of the same tool says more than the advice for any checker."""
    analysis = analyze(b"app.py:1:1: F401 'os' imported but unused\nmake: *** [lint] Error 1\n")

    assert (analysis.category, analysis.tool) == ("code.lint", "flake8")
    assert "F401" in analysis.fix_suggestion


def github(command: str, output: str) -> Analysis:
    """Analyse a GitHub step that ran one command and failed with some output."""
    log = (
        f"##[group]Run {command}\n{command}\nshell: bash\n##[endgroup]\n{output}\n"
        "##[error]Process completed with exit code 1.\nPost job cleanup.\n"
    )
    return analyze(log.encode())


def test_the_command_of_an_unknown_tool_is_named() -> None:
    """Where the runner's marks are of one command, the sentence says which it was."""
    analysis = github("./paint.sh blue", "The brush has no hair.")

    assert analysis.root_cause == "`./paint.sh blue` failed: The brush has no hair."


def test_a_tools_own_advice_comes_first() -> None:
    """What an unknown tool says should be done is what should be done; the sentence before it is the cause."""
    analysis = github("./check.sh", "The change has no note in notes/.\nAdd one with: ./note.sh")

    assert (analysis.cause_line, analysis.fix_suggestion) == (5, "Add one with: ./note.sh")
    assert analysis.root_cause.endswith("The change has no note in notes/.")


def test_a_sentence_goes_on_behind_its_colon() -> None:
    """What a line announces is said with it, without times and levels."""
    analysis = github("./ship.sh", "2026-01-02 03:04:05 ERROR: cannot ship:\n\n  * the hold is full")

    assert analysis.root_cause.endswith("cannot ship: * the hold is full")


def test_the_words_of_a_signature_name_what_it_found_itself() -> None:
    """Of an exception in Jenkins the missing name counts, not the frame of the trace."""
    analysis = analyze(
        b"[Pipeline] End of Pipeline\ngroovy.lang.MissingPropertyException: No such property: TAG for class: Binding\n"
        b"\tat groovy.lang.Binding.getVariable(Binding.java:63)\n\tat WorkflowScript.run(WorkflowScript:4)\n"
        b"Finished: FAILURE\n"
    )

    assert "undefined name: TAG" in analysis.root_cause
    assert "`TAG`" in analysis.fix_suggestion


def test_an_error_that_any_program_may_print_is_no_javascript() -> None:
    """Without a stack nothing is known of the program; its words and the command tell what it was about."""
    analysis = github("sam deploy", "Error: Failed to create changeset for the stack: orders")

    assert (analysis.category, analysis.tool) == ("deploy.cloud", None)
    assert "JavaScript" not in analysis.explanation + analysis.fix_suggestion


def test_what_only_words_tell_may_be_transient() -> None:
    """A retry may help with a server's error, and its owner is who runs the machines."""
    analysis = github("gh pr list", "HTTP 502: Something went wrong (https://api.example.com)")

    assert (analysis.category, analysis.transient, analysis.owner) == ("network.http", True, "platform")


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (
            "[info] - sums *** FAILED ***\n[info]   3 did not equal 4 (CartSpec.scala:9)\n",
            "Test `sums` failed at CartSpec.scala:9: 3 did not equal 4",
        ),
        (
            "cart\n  sums: FAIL (0.01s)\n    Error found:\n      in module Cart\n    test/Spec.hs:9\n\n",
            "Test `sums` failed at test/Spec.hs:9: Error found: in module Cart",
        ),
        (
            (
                "==== cart-1.1 sums FAILED\n---- Result was:\n2\n---- Result should have been (exact matching):\n5\n"
                "==== cart-1.1 FAILED\n"
            ),
            "Test `cart-1.1` failed: Result should have been (exact matching): 5",
        ),
        (
            (
                "    Cart.Sums [FAIL]\n      Assert.Equal() Failure\n      Expected: 4\n      Actual:   3\n"
                "      Stack Trace:\n        /src/Cart.cs(9,0): at Cart.Sums()\n"
            ),
            "Test `Cart.Sums` failed at /src/Cart.cs:9: expected 4, got 3",
        ),
        (
            (
                "not ok 1 - sums\n  ---\n  location: '/src/cart.test.js:5:1'\n  error: |-\n"
                "    The cart is empty\n    after one call\n  ...\n"
            ),
            "Test `sums` failed at /src/cart.test.js:5: The cart is empty",
        ),
    ],
)
def test_a_failing_test_says_what_it_missed(log: str, said: str) -> None:
    """A headline that only names the test, or announces what follows, is no message: the lines behind it are."""
    assert analyze(log.encode(), known_failed=True).root_cause == said


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (
            (
                'error[E0308]: mismatched types\n --> src/main.rs:2:18\n  |\n2 |     let x: i32 = "a";\n'
                "  |            ---   ^^^ expected `i32`, found `&str`\n"
            ),
            "src/main.rs:2: mismatched types: expected `i32`, found `&str`",
        ),
        (
            (
                "[error] /src/Cart.scala:3:5: type mismatch;\n[error]  found   : String\n[error]  required: Int\n"
                "[error]   total\n[error]   ^\n"
            ),
            "/src/Cart.scala:3: type mismatch; expected Int, found String",
        ),
    ],
)
def test_a_compiler_says_what_it_expected(log: str, said: str) -> None:
    """What stands below the message belongs to it."""
    assert analyze(log.encode(), known_failed=True).root_cause == said


def test_gaps_are_closed_but_not_those_in_quotes() -> None:
    """A column's gap says nothing; one in quotes may be what is wrong."""
    analysis = github("./check.sh", "ERROR: indent is '    ', not a tab          (style)")

    assert analysis.root_cause.endswith("indent is '    ', not a tab (style)")
