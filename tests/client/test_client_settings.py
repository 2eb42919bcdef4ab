"""Settings and credentials: what wins over what, and the sentence for each mistake."""

import re
import subprocess
from pathlib import Path

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from exlogare_ci import credentials
from exlogare_ci.credentials import Credential, find, forget, shown, store
from exlogare_ci.errors import KeychainError, MissingSettingError, SettingsError
from exlogare_ci.settings import KNOWN_PREFIXES, KNOWN_VARIABLES, Settings, load, unknown_variables_warning
from tests.client.fake_keychain import BrokenKeychain, HangingKeychain, MemoryKeychain

TOKEN = "exl_made-up-for-tests-0123456789"
URL = "https://exlogare.example.org"


def test_everything_from_the_environment() -> None:
    """Each variable fills its field."""
    env = {
        "EXLOGARE_URL": " https://exlogare.example.org/ ", "EXLOGARE_ENDPOINT": "https://other.example.org",
        "EXLOGARE_STRICT": "Yes", "EXLOGARE_TIMEOUT": "12.5", "EXLOGARE_CA_BUNDLE": "ca.pem",
        "EXLOGARE_ALLOW_HTTP": "1",
    }  # fmt: skip

    assert load(env) == Settings(url=URL, timeout_s=12.5, ca_bundle="ca.pem", strict=True, allow_http=True)


def test_options_win_over_variables() -> None:
    """An option is the nearer word."""
    env = {"EXLOGARE_URL": "https://other.example.org", "EXLOGARE_TIMEOUT": "5", "EXLOGARE_CA_BUNDLE": "other.pem"}

    assert load(env, url=URL, timeout_s=7, ca_bundle="ca.pem", strict=True) == Settings(
        url=URL, timeout_s=7, ca_bundle="ca.pem", strict=True
    )


def test_nothing_set_is_nothing_assumed() -> None:
    """There is no server by default, and asking for one says what to set."""
    assert load({"EXLOGARE_URL": " "}) == Settings()
    with pytest.raises(MissingSettingError, match=r"No server is set\. Set EXLOGARE_URL"):
        load({}).server_url()


@pytest.mark.parametrize(
    "value",
    ["https://a.example/exlogare/", "https://a.example/exlogare/api", "https://a.example/exlogare/api/ingest/log"],
)
def test_an_address_of_the_api_is_cut_to_the_root(value: str) -> None:
    """Whoever gives the address of a route means the server."""
    assert load({"EXLOGARE_ENDPOINT": value}).url == "https://a.example/exlogare"


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"EXLOGARE_URL": "exlogare.example.org"}, "EXLOGARE_URL is no http or https URL."),
        ({"EXLOGARE_ENDPOINT": "ftp://x"}, "EXLOGARE_ENDPOINT is no http or https URL."),
        ({"EXLOGARE_URL": "https://"}, "EXLOGARE_URL is no http or https URL."),
        ({"EXLOGARE_URL": "https://[::1"}, "EXLOGARE_URL is no URL."),
        ({"EXLOGARE_URL": "https://a:99999"}, "EXLOGARE_URL is no URL."),
        ({"EXLOGARE_URL": "https://exl_secret@a"}, "EXLOGARE_URL holds a user name or a token."),
        ({"EXLOGARE_URL": "https://a/?token=x"}, "EXLOGARE_URL has more than an address in it."),
        ({"EXLOGARE_TIMEOUT": "soon"}, "EXLOGARE_TIMEOUT is 'soon'. Give a number of seconds from 1 to 600."),
        ({"EXLOGARE_TIMEOUT": "0"}, "EXLOGARE_TIMEOUT is '0'."),
        ({"EXLOGARE_TIMEOUT": "nan"}, "EXLOGARE_TIMEOUT is 'nan'."),
        ({"EXLOGARE_STRICT": "maybe"}, "EXLOGARE_STRICT is 'maybe'. Set it to 1 or 0."),
    ],
)
def test_mistakes_are_named(env: dict[str, str], sentence: str) -> None:
    """The variable, and what it takes; never the value of what may be a secret."""
    with pytest.raises(SettingsError, match=re.escape(sentence)) as raised:
        load(env)

    assert "secret" not in str(raised.value)


def test_unknown_variables_are_named_in_one_line() -> None:
    """A misspelt one with what was likely meant."""
    env = {"EXLOGARE_URI": "x", "EXLOGARE_FOO_BAR": "x", "EXLOGARE_URL": "x", "EXLOGARE_SERVER_THREADS": "1"}

    assert unknown_variables_warning(env) == (
        "ignored unknown variables EXLOGARE_FOO_BAR, EXLOGARE_URI (did you mean EXLOGARE_URL?)."
    )
    assert unknown_variables_warning({"EXLOGARE_TOKEN": "x"}) is None


def test_every_variable_of_the_client_is_known() -> None:
    """A variable that some module reads is not called unknown."""
    root = Path(__file__).parents[2]
    listing = subprocess.run(["git", "ls-files", "exlogare_ci"], cwd=root, capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        pytest.skip("this is not a git checkout")
    names: set[str] = set()
    for name in listing.stdout.split():
        path = root / name
        if path.is_file():
            names |= set(re.findall(r"EXLOGARE_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8", errors="ignore")))

    assert "EXLOGARE_URL" in names
    assert [
        name for name in sorted(names) if name not in KNOWN_VARIABLES and not f"{name}_".startswith(KNOWN_PREFIXES)
    ] == []


def test_the_variable_wins_over_the_keychain() -> None:
    """And the keychain is not even opened; a line feed at its end is common."""
    env = {"EXLOGARE_TOKEN": f"{TOKEN}\n"}

    assert find(env, URL, open_keychain=lambda: pytest.fail("opened")) == Credential(TOKEN, "EXLOGARE_TOKEN")


def test_a_stored_token_is_found_for_its_server_only() -> None:
    """The account is the server's origin; a token kept without a server is good for any."""
    keychain = MemoryKeychain()
    store(TOKEN, f"{URL}:443/exlogare", open_keychain=lambda: keychain)

    assert keychain.kept == {("exlogare", URL): TOKEN}
    assert find({}, URL, open_keychain=lambda: keychain) == Credential(TOKEN, "keychain")
    with pytest.raises(MissingSettingError, match=r"No token is set\. Set EXLOGARE_TOKEN, or run `exl auth login`"):
        find({}, "https://other.example.org", open_keychain=lambda: keychain)
    store("exl_for-any", None, open_keychain=lambda: keychain)
    assert find({}, "https://other.example.org", open_keychain=lambda: keychain).token == "exl_for-any"
    assert forget(URL, open_keychain=lambda: keychain) == 2
    assert (forget(URL, open_keychain=lambda: keychain), keychain.kept) == (0, {})


def test_in_a_job_the_keychain_is_not_asked() -> None:
    """It could hang; the sentence says what is likely the matter."""
    with pytest.raises(MissingSettingError, match="in the job; CI services keep secrets from builds of forks"):
        find({}, URL, use_keychain=False, open_keychain=lambda: pytest.fail("opened"))


@pytest.mark.parametrize("value", ["exl_a b", "exl_a\nX-Other: b", "exl_ä", "x" * 5_000])
def test_what_would_break_a_header_is_no_token(value: str) -> None:
    """It is refused without being repeated."""
    with pytest.raises(SettingsError, match="EXLOGARE_TOKEN is no API token") as raised:
        find({"EXLOGARE_TOKEN": value}, URL)

    assert value not in str(raised.value)


def test_a_broken_keychain_is_a_sentence() -> None:
    """Whatever the back-end raises."""
    with pytest.raises(KeychainError, match=r"cannot be used: org\.freedesktop.*set EXLOGARE_TOKEN instead, or keep"):
        find({}, URL, open_keychain=BrokenKeychain)


def test_a_hanging_keychain_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dialogue that nobody sees must not hold the build."""
    monkeypatch.setattr(credentials, "KEYCHAIN_TIMEOUT_S", 0.05)
    with pytest.raises(KeychainError, match="did not answer within"):
        find({}, URL, open_keychain=HangingKeychain)


def test_a_system_without_keychain_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on most servers."""
    monkeypatch.setattr("keyring.get_keyring", NoKeyring)
    with pytest.raises(KeychainError, match=r"no keychain that exl can use\. Set EXLOGARE_TOKEN instead"):
        find({}, URL)


def test_a_token_is_shown_as_the_server_shows_it() -> None:
    """Its first 12 characters; of a short one nothing; also in a representation."""
    assert (shown(TOKEN), shown("short")) == ("exl_made-up-…", "…")
    assert repr(Credential(TOKEN, "keychain")) == "Credential(exl_made-up-…, keychain)"
