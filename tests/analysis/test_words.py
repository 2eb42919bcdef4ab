"""The words of an answer: every category has its own, so that no answer is empty-handed."""

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.category_words import CATEGORY_WORDS
from exlogare_ci.analysis.model import CATEGORIES
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
