"""Which variables are secret, and in which forms their values are found."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exlogare_ci.redact import redact, redact_text, secret_values


@pytest.mark.parametrize(
    "name",
    [
        "EXLOGARE_TOKEN", "GITHUB_TOKEN", "CI_JOB_TOKEN", "TOKEN", "NPM_AUTH", "DB_PASSWORD", "MYSQL_PASSWD",
        "AWS_SECRET_ACCESS_KEY", "STRIPE_API_KEY", "stripe_apikey", "npm_config__authToken",
        "PGP_PRIVATE_KEY",
        "REGISTRY_CREDENTIALS", "SSH_KEY", "SENTRY_DSN", "client-secret", "SLACK_WEBHOOK_URL",
        "GPG_PASSPHRASE",
        "AZURE_STORAGE_CONNECTION_STRING", "DOCKER_PASS", "GH_PAT",
    ],
)  # fmt: skip
def test_a_secrets_name_is_known(name: str) -> None:
    """The value of a variable with such a name is a secret."""
    assert secret_values({name: "swordfish-9"}) == ("swordfish-9",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CI_JOB_TOKEN_NAME", "swordfish-9"), ("PASSWORD_FILE", "run-secrets-db"), ("TOKENIZERS_PARALLELISM",
        "false!"),
        ("AUTHOR", "swordfish-9"), ("GIT_AUTHOR_NAME", "swordfish-9"), ("SECRET_NAME", "swordfish-9"),
        ("SSH_AUTH_SOCK", "swordfish-9"), ("PATH", "/usr/local/bin"), ("COMPASS_DATA", "swordfish-9"),
        ("TOKEN_EXPIRES_IN", "360000000"), ("PWD", "swordfish-9"), ("HOME", "swordfish-9"),
        ("TOKEN", "12345"), ("TOKEN", ""), ("TOKEN", "true"), ("TOKEN", "disabled"), ("TOKEN", "   1   "),
        ("CREDENTIALS", "/home/build/.config/app"), ("SECRETS", "C:\\Users\\build\\secrets"), ("AUTH",
        "~/.netrc-dir"),
    ],
)  # fmt: skip
def test_other_variables_are_not_secret(name: str, value: str) -> None:
    """Names that only speak about a secret, and values that are none."""
    assert secret_values({name: value}) == ()


def test_values_come_longest_first() -> None:
    """A secret that contains another is taken out whole; base64 with a leading slash is no path."""
    env = {"A_TOKEN": "swordfish", "B_TOKEN": "swordfish-and-more", "C_SECRET": "/Zq7wXk3/Bn5RtY8pL2mVc9"}

    assert secret_values(env) == ("/Zq7wXk3/Bn5RtY8pL2mVc9", "swordfish-and-more", "swordfish")


def test_a_password_inside_a_url_counts_in_any_variable() -> None:
    """DATABASE_URL and its like give their password away."""
    assert secret_values({"DATABASE_URL": "postgres://app:swordfish@db/app"}) == ("swordfish",)


def test_forms_that_tools_print_are_masked() -> None:
    """Plain, percent-encoded, JSON-escaped and base64, alone or inside a basic header."""
    secret = 'sword"fish/9+ü'
    plain = secret.encode()
    forms = [
        plain,
        quote(secret, safe="").encode(),
        quote(secret, safe="").lower().encode(),
        json.dumps(secret)[1:-1].encode(),
        json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        base64.b64encode(plain),
        base64.urlsafe_b64encode(plain),
    ]
    log = b"\n".join(b"value " + form + b" end" for form in forms)
    lines = redact(log, {"MY_TOKEN": secret}).split(b"\n")

    assert [line.split(b"]")[0] for line in lines] == [b"value [masked:value"] * len(forms)


@pytest.mark.parametrize("user", ["", "u", "me", "bot", "x-access-token"])
def test_a_secret_inside_longer_base64_is_masked(user: str) -> None:
    """Wherever the secret starts inside the encoded text."""
    encoded = base64.b64encode(f"{user}:swordfish-and-more".encode())
    masked = redact(b"auth " + encoded + b" sent", {"REPO_TOKEN": "swordfish-and-more"})

    assert b"[masked:value]" in masked
    assert b"swordfish" not in base64.b64decode(masked[5:].split(b"[")[0] + b"====")


def test_secrets_from_elsewhere_and_bytes_that_are_no_text() -> None:
    """A value with undecodable bytes, as Python hands it over, is found as the bytes that it was."""
    assert redact(b"x \xff\xfeabcdef y extra-secret", {"A_TOKEN": "\udcff\udcfeabcdef"}, ["extra-secret"]) == (
        b"x [masked:value] y [masked:value]"
    )


def test_text_is_masked_likewise() -> None:
    """Short texts go through the same rules."""
    assert redact_text("branch swordfish-9", {"A_TOKEN": "swordfish-9"}) == "branch [masked:value]"


NAMES = st.sampled_from(["A_TOKEN", "B_PASSWORD", "C_SECRET"])


@given(st.dictionaries(NAMES, st.text(min_size=6, max_size=30)), st.text(max_size=60), st.text(max_size=60))
@settings(deadline=None)
def test_no_secret_of_the_environment_survives(env: dict[str, str], before: str, after: str) -> None:
    """Whatever the values and the text round them, no secret is left, and every line stays a line."""
    values = secret_values(env)
    log = (before + "\n" + "\n".join(values) + "\n" + after).encode("utf-8", "replace")
    masked = redact(log, env)

    assert masked.count(b"\n") == log.count(b"\n")
    for value in values:
        lines = [line.strip() for line in value.encode("utf-8", "replace").splitlines()]
        assert not any(len(line) >= 6 and line in masked and b"masked" not in line for line in lines)
