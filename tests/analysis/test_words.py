"""Every category has words of its own, so that no answer is empty-handed."""

from exlogare_ci.analysis.category_words import CATEGORY_WORDS
from exlogare_ci.analysis.model import CATEGORIES


def test_each_category_says_what_it_means_and_what_to_do() -> None:
    """No category is without its two sentences, and no sentences are without a category."""
    assert set(CATEGORY_WORDS) == set(CATEGORIES)
    assert all(meaning.endswith(".") and advice.endswith(".") for meaning, advice in CATEGORY_WORDS.values())
