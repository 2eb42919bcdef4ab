"""The slug of a CI service's name."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exlogare_server.ingest.slug import provider_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        pytest.param("azure", "azure", id="already-one"),
        pytest.param("Azure DevOps", "azure_devops", id="case-and-blank"),
        pytest.param("a // b", "a_b", id="run-of-others"),
        pytest.param("a__ _b", "a_b", id="run-of-underscores"),
        pytest.param("..my-ci_", "my-ci", id="ends"),
        pytest.param("v1.2-x", "v1.2-x", id="kept-signs"),
        pytest.param("x" * 40, "x" * 32, id="cut"),
        pytest.param("x" * 31 + "-y", "x" * 31, id="trimmed-after-the-cut"),
        pytest.param("Ünïcode", "n_code", id="other-letters"),
        pytest.param("_.-", None, id="nothing-left"),
        pytest.param("日本", None, id="no-latin-letter"),
    ],
)
def test_slug_follows_the_contract(name: str, slug: str | None) -> None:
    """Each rule of the contract's sentence on slugs holds."""
    assert slug == provider_slug(name)


@given(st.text(max_size=200))
def test_slug_is_one_whatever_the_name(name: str) -> None:
    """A slug has 1 to 32 allowed characters, a letter or digit at both ends, no double underscore, and is its own."""
    slug = provider_slug(name)

    if slug is None:
        assert not re.search("[a-z0-9]", name.lower())
    else:
        assert re.fullmatch(r"[a-z0-9](?:[a-z0-9_.-]{0,30}[a-z0-9])?", slug)
        assert "__" not in slug
        assert provider_slug(slug) == slug
