"""The model's settings: off by default, and a sentence for each mistake."""

import pytest

from exlogare_ci.analysis.confidence import DOUBT
from exlogare_ci.assist.settings import THRESHOLD, AssistSettings, load
from exlogare_ci.errors import SettingsError

URL = "https://llm.example.org/v1"
ON = {"EXLOGARE_LLM_BASE_URL": URL, "EXLOGARE_LLM_MODEL": "small-1"}


@pytest.mark.parametrize("env", [{}, {"EXLOGARE_LLM_BASE_URL": " "}, {"EXLOGARE_LLM_MODEL": "m"}])
def test_off_by_default(env: dict[str, str]) -> None:
    """Without an endpoint there is no model, whatever else is set."""
    assert load(env) is None


def test_what_is_set() -> None:
    """Every variable has its place; what is left out has its default."""
    full = {
        **ON, "EXLOGARE_LLM_API_KEY": "k\n", "EXLOGARE_LLM_TIMEOUT": "30", "EXLOGARE_LLM_THRESHOLD": "0.6",
        "EXLOGARE_CA_BUNDLE": "ca.pem",
    }  # fmt: skip

    assert load(ON) == AssistSettings(base_url=URL, model="small-1", timeout_s=10.0, threshold=0.4)
    assert load(full) == AssistSettings(
        base_url=URL, model="small-1", api_key="k", timeout_s=30.0, threshold=0.6, ca_bundle="ca.pem"
    )


def test_the_threshold_is_where_the_engine_doubts() -> None:
    """The default is the engine's own word for not being sure."""
    assert THRESHOLD == DOUBT


@pytest.mark.parametrize(
    ("url", "base"),
    [
        (f"{URL}/", URL),
        (f"{URL}/chat/completions", URL),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ],
)
def test_addresses(url: str, base: str) -> None:
    """A slash or the whole path at the end does no harm; plain HTTP is for this machine."""
    settings = load({**ON, "EXLOGARE_LLM_BASE_URL": url})

    assert settings is not None
    assert settings.base_url == base
    assert settings.is_loopback is url.startswith("http:")


def test_plain_http_to_other_machines_is_asked_for_twice() -> None:
    """Lines of the log do not travel unencrypted unless somebody says that they may."""
    plain = {**ON, "EXLOGARE_LLM_BASE_URL": "http://llm.example.org/v1"}

    with pytest.raises(SettingsError, match=r"plain HTTP.*EXLOGARE_ALLOW_HTTP=1"):
        load(plain)
    assert load({**plain, "EXLOGARE_ALLOW_HTTP": "1"}) is not None


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"EXLOGARE_LLM_MODEL": ""}, "EXLOGARE_LLM_BASE_URL is set, but EXLOGARE_LLM_MODEL is not."),
        ({"EXLOGARE_LLM_MODEL": "a b"}, "EXLOGARE_LLM_BASE_URL is set, but EXLOGARE_LLM_MODEL is no model name."),
        ({"EXLOGARE_LLM_MODEL": "x" * 201}, "EXLOGARE_LLM_BASE_URL is set, but EXLOGARE_LLM_MODEL is no model name."),
        ({"EXLOGARE_LLM_API_KEY": "a b"}, "EXLOGARE_LLM_API_KEY is no key."),
        ({"EXLOGARE_LLM_TIMEOUT": "soon"}, "EXLOGARE_LLM_TIMEOUT is 'soon'. Give a number from 1 to 60."),
        ({"EXLOGARE_LLM_TIMEOUT": "61"}, "EXLOGARE_LLM_TIMEOUT is '61'. Give a number from 1 to 60."),
        ({"EXLOGARE_LLM_THRESHOLD": "nan"}, "EXLOGARE_LLM_THRESHOLD is 'nan'. Give a number from 0 to 1."),
        ({"EXLOGARE_LLM_BASE_URL": "llm.example.org"}, "EXLOGARE_LLM_BASE_URL is no http or https URL."),
        ({"EXLOGARE_LLM_BASE_URL": "ftp://a"}, "EXLOGARE_LLM_BASE_URL is no http or https URL."),
        ({"EXLOGARE_LLM_BASE_URL": "https://[x"}, "EXLOGARE_LLM_BASE_URL is no URL."),
        ({"EXLOGARE_LLM_BASE_URL": "https://k:s@a/v1"}, "EXLOGARE_LLM_BASE_URL holds a user name or a key."),
        ({"EXLOGARE_LLM_BASE_URL": "https://a/v1?x=1"}, "EXLOGARE_LLM_BASE_URL has more than an address in it."),
    ],
)
def test_mistakes_have_a_sentence(env: dict[str, str], words: str) -> None:
    """The variable is named, and what it takes."""
    with pytest.raises(SettingsError) as caught:
        load({**ON, **env})

    assert str(caught.value).startswith(words)
    assert "k:s" not in str(caught.value)


def test_the_key_is_in_no_text() -> None:
    """Neither a message nor a traceback shows it."""
    settings = load({**ON, "EXLOGARE_LLM_API_KEY": "the-key"})

    assert repr(settings) == "AssistSettings(small-1 at https://llm.example.org/v1)"
