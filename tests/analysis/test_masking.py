"""Masking: every rule's samples, what must stay, hostile text, and speed."""

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exlogare_ci.analysis.masking import FOUND_VALUES_MAX, mask, mask_text
from exlogare_ci.analysis.secret_rule import SecretRule, expand
from exlogare_ci.analysis.secret_rules import RULES

SAMPLES = [pytest.param(rule, expand(sample), id=f"{rule.id}-{number}")
           for rule in RULES for number, sample in enumerate(rule.matches)]  # fmt: skip
NEAR_MISSES = [pytest.param(rule, expand(sample), id=f"{rule.id}-{number}")
               for rule in RULES for number, sample in enumerate(rule.non_matches)]  # fmt: skip


def test_every_rule_is_complete() -> None:
    """A rule without a unique id, literals, both kinds of samples and a source cannot be added."""
    assert len({rule.id for rule in RULES}) == len(RULES) >= 140
    for rule in RULES:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", rule.id), rule.id
        assert bool(rule.literals) != bool(rule.scan), rule.id
        assert all(len(literal) >= 2 for literal in rule.literals), rule.id
        assert rule.matches, rule.id
        assert rule.non_matches, rule.id
        assert rule.source.startswith("https://") or rule.id == "exlogare", rule.id


@pytest.mark.parametrize(("rule", "sample"), SAMPLES)
def test_a_secret_is_masked_under_its_rules_name(rule: SecretRule, sample: bytes) -> None:
    """Each sample is masked by the rule that it belongs to, alone, in colour, escaped and inside a line."""
    mark = f"[masked:{rule.id}]".encode()
    for text in (
        sample,
        b"\x1b[32m" + sample + b"\x1b[0m",
        rb"a\n" + sample,
        b"x: " + sample + b"\nnext line\n",
    ):
        masked = mask(text)

        assert mark in masked, masked
        assert masked.count(b"\n") == text.count(b"\n")
        assert mask(masked) == masked


@pytest.mark.parametrize(("rule", "sample"), NEAR_MISSES)
def test_a_near_miss_stays(rule: SecretRule, sample: bytes) -> None:
    """Each near miss comes back as the very same object."""
    assert mask(sample) is sample, rule.id


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("HEAD is now at 9f3c07b1e5a82d649f3c07b1e5a82d649f3c07b1 Fix it", id="commit"),
        pytest.param("run 3fa85f64-5717-4562-b3fc-2c963f66afa6 started", id="uuid"),
        pytest.param("/home/runner/work/app/app/src/token/secret_store2.py:12: in test_password", id="path"),
        pytest.param('"integrity": "sha512-' + expand(b"{s86}").decode() + '=="', id="integrity"),
        pytest.param("go.sum: h1:" + expand(b"{s43}").decode() + "=", id="go-sum"),
        pytest.param("alpine@sha256:" + expand(b"{h64}").decode(), id="digest"),
        pytest.param("data:image/png;base64," + expand(b"{s400}").decode(), id="image"),
        pytest.param("Get https://registry.example.org:5000/v2/token?scope=a1b2: 401", id="url"),
        pytest.param("ERROR: JAVA_HOME is not set; PASSWORD is not set", id="words"),
        pytest.param("error TS2339: Property 'token' does not exist on type 'Secret2'.", id="typescript"),
        pytest.param("  password: string; token?: string; secret: Secret1 | undefined", id="types"),
        pytest.param("Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", id="unexpected-token"),
        pytest.param("tests/test_token.py::test_token[key=value1] PASSED", id="test-name"),
        pytest.param("docker login -u ci --password-stdin registry:5000", id="stdin"),
    ],
)
def test_ordinary_lines_stay(line: str) -> None:
    """Hashes, ids, paths, digests, images, types and words are no secrets."""
    assert mask_text(line) == line


def test_only_the_secret_is_taken_out() -> None:
    """What stands round a secret is kept to the byte."""
    assert mask(b"git clone https://ci:hunter22@git.example.org/a.git # x") == (
        b"git clone https://ci:[masked:url_password]@git.example.org/a.git # x"
    )
    assert mask(b'{"a":1,"password":"Tr0ub4dor3","b":2}') == b'{"a":1,"password":"[masked:password]","b":2}'
    assert mask(b"DB_PASSWORD=Tr0ub4dor3; make") == b"DB_PASSWORD=[masked:password]; make"


def test_a_value_found_once_is_masked_everywhere() -> None:
    """A password that a URL gave away is masked where it stands alone, too."""
    text = b"connect postgres://app:Tr0ub4dor3@db/app\r\nretry with Tr0ub4dor3\r\n"

    assert mask(text) == (
        b"connect postgres://app:[masked:url_password]@db/app\r\nretry with [masked:url_password]\r\n"
    )


def test_known_values_are_masked_and_short_ones_are_not() -> None:
    """Values of the environment are masked wherever they stand; five bytes are too few to go by."""
    assert mask(b"user=swordfish pin=12345", (b"swordfish", b"12345")) == b"user=[masked:value] pin=12345"


def test_a_value_of_several_lines_is_masked_line_by_line() -> None:
    """A log that repeats the lines of a secret with prefixes shows none of them."""
    assert mask(b"1 alpha-one\n2 beta-two\n", (b"alpha-one\nbeta-two\n",)) == b"1 [masked:value]\n2 [masked:value]\n"


def test_a_private_key_keeps_its_line_count() -> None:
    """The body goes line by line; first and last line stay to say what it was."""
    body = expand(b"{s64}")
    text = b"a\r\n-----BEGIN RSA PRIVATE KEY-----\r\n" + (body + b"\r\n") * 3 + b"-----END RSA PRIVATE KEY-----\r\nb"

    assert mask(text) == (
        b"a\r\n-----BEGIN RSA PRIVATE KEY-----\r\n"
        + b"[masked:private_key]\r\n" * 3
        + b"-----END RSA PRIVATE KEY-----\r\nb"
    )


def test_a_private_key_without_its_end_is_masked_as_far_as_it_goes() -> None:
    """A log cut in the middle of a key shows none of it, and the lines after it stay."""
    text = (
        b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"
        + (b"T+1 " + expand(b"{s64}") + b"\n") * 2
        + b"error: it failed\n"
    )

    assert mask(text) == (
        b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"
        b"[masked:private_key]\n[masked:private_key]\nerror: it failed\n"
    )


def test_text_keeps_what_is_no_valid_unicode() -> None:
    """Lone surrogates, as Python makes of undecodable bytes, come back as they were."""
    assert mask_text("\udcff --token Tr0ub4dor3x \U0001f600") == "\udcff --token [masked:cli_option] \U0001f600"


NAMED_VALUES = [
    pytest.param("AWS_SECRET_ACCESS_KEY={s40}", id="aws-secret-key"),
    pytest.param('"SessionToken": "{s200}=="', id="aws-session-token"),
    pytest.param("export CODECOV_TOKEN={h8}-{h4}-{h4}-{h4}-{h12}", id="codecov"),
    pytest.param("SNYK_TOKEN={h8}-{h4}-{h4}-{h4}-{h12}", id="snyk-legacy"),
    pytest.param("DD_API_KEY: {h32}", id="datadog"),
    pytest.param("CLOUDFLARE_API_TOKEN={b40}", id="cloudflare-legacy"),
    pytest.param("confluent.api_secret = {s64}", id="confluent"),
    pytest.param("TRELLO_TOKEN={h64}", id="trello"),
    pytest.param("ZENDESK_API_TOKEN={a40}", id="zendesk"),
    pytest.param("SUMO_ACCESS_KEY={a64}", id="sumo-logic"),
    pytest.param("DRONE_RPC_SECRET={h32}", id="drone"),
    pytest.param("TRAVIS_TOKEN={a22}", id="travis"),
    pytest.param("RAILS_MASTER_KEY={h32}", id="rails"),
    pytest.param("secret_key_base: {h64}", id="rails-secret-key-base"),
    pytest.param("SECRET_KEY = '{b50}'", id="django"),
    pytest.param("//npm.example.org/:_authToken={b36}", id="npmrc-token"),
    pytest.param("//npm.example.org/:_password={s24}", id="npmrc-password"),
    pytest.param("index-url = https://ci:{b24}@pypi.example.org/simple", id="pip-conf"),
    pytest.param("nexusPassword=Tr0ub4dor3", id="gradle-properties"),
    pytest.param("DefaultEndpointsProtocol=https;AccountName=a;AccountKey={s86}==;", id="azure-connection-string"),
    pytest.param("SNOWFLAKE_PASSWORD=Tr0ub4dor3", id="snowflake"),
    pytest.param("BUILDKITE_AGENT_TOKEN={h50}", id="buildkite-agent"),
    pytest.param("HEROKU_API_KEY={h8}-{h4}-{h4}-{h4}-{h12}", id="heroku-legacy"),
    pytest.param("PRIVATE-TOKEN: {b20}", id="gitlab-header"),
    pytest.param("X-Vault-Token: s.{a24}", id="vault-legacy"),
    pytest.param("x-api-key: {a40}", id="api-gateway"),
]


@pytest.mark.parametrize("line", NAMED_VALUES)
def test_a_value_without_a_shape_is_known_by_its_name(line: str) -> None:
    """Services whose tokens look like any random text are covered where the line says what the text is."""
    value = re.search(r"Tr0ub4dor3|(?:\{\w\d+\}-?)+", line)
    assert value is not None

    masked = mask(expand(line.encode()))

    assert b"[masked:" in masked
    assert expand(value[0].encode()) not in masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("see \x1b[01;31m\x1b[Kghp_\x1b[m\x1b[K{a36} ok",
                     "see \x1b[01;31m\x1b[K[masked:github]\x1b[m\x1b[K ok", id="grep-marks-the-prefix"),
        pytest.param("gh\x1b[1mp_\x1b[0m{a36}", "[masked:github]\x1b[1m\x1b[0m", id="inside-the-prefix"),
        pytest.param("ghp_{a18}\x1b[4m{b18}\x1b[24m", "[masked:github]\x1b[4m\x1b[24m", id="inside-the-value"),
        pytest.param("password: \x1b[33mTr0ub4dor3\x1b[0m", "password: \x1b[33m[masked:password]\x1b[0m", id="yaml"),
        pytest.param('\x1b[34;1m"password"\x1b[0m\x1b[1;39m: \x1b[0;32m"Tr0ub4dor3"\x1b[0m',
                     '\x1b[34;1m"password"\x1b[0m\x1b[1;39m: \x1b[0;32m"[masked:password]"\x1b[0m', id="jq"),
        pytest.param("user=sword\x1b[7mfish\x1b[0m", "user=[masked:value]\x1b[7m\x1b[0m", id="known-value"),
        pytest.param("\x1b[31mtoken\x1b[0m: \x1b[32mnone", "\x1b[31mtoken\x1b[0m: \x1b[32mnone", id="none"),
    ],
)  # fmt: skip
def test_colour_codes_hide_no_secret(text: str, masked: str) -> None:
    """What a terminal shows in one piece is masked in one piece; the codes stay, so that no colour runs on."""
    sample = expand(text.replace("{b18}", "{h18}").encode())

    assert mask(sample, (b"swordfish",)) == masked.encode()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("use ghp_{a20}\n{h16} now\n", "use [masked:github]\n[masked:github] now\n", id="plain"),
        pytest.param("use glpat-{a8}\r\n  {h12}\r\nx", "use [masked:gitlab]\r\n  [masked:gitlab]\r\nx", id="indented"),
        pytest.param("2026-01-02T03:04:05.678Z | npm_{a20}\n2026-01-02T03:04:05.678Z | {h16}\n",
                     "2026-01-02T03:04:05.678Z | [masked:npm]\n2026-01-02T03:04:05.678Z | [masked:npm]\n",
                     id="time-stamp-and-frame"),
        pytest.param("sk-proj-{a12}\n{a12}\n{a12}\n{a12} end", "[masked:openai]\n[masked:openai]\n[masked:openai]"
                     "\n[masked:openai] end", id="three-breaks"),
        pytest.param("API_KEY={a56}\n{a30}\nnext line\n", "API_KEY=[masked:secret]\n[masked:secret]\nnext line\n",
                     id="a-named-value-that-fills-its-line"),
        pytest.param("pin: correct-hor\n     se-battery-9\n", "pin: [masked:value]\n     [masked:value]\n", id="known"),
        pytest.param("pin: corr\n     ect-horse-battery-9\n", "pin: [masked:value]\n     [masked:value]\n",
                     id="known-with-a-short-head"),
        pytest.param("correct-horse\n| -bat\n| tery-9\n", "[masked:value]\n| [masked:value]\n| [masked:value]\n",
                     id="known-with-two-breaks"),
    ],
)  # fmt: skip
def test_a_secret_wrapped_over_lines_is_masked_on_each(text: str, masked: str) -> None:
    """Where a tool breaks long words, both halves go, and the text round them stays."""
    assert mask(expand(text.encode()), (b"correct-horse-battery-9",)) == masked.encode()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("the prefix is ghp_\n{h40} HEAD\n", id="a-prefix-and-a-commit"),
        pytest.param("npm_config\nnpm_lifecycle\n", id="names"),
        pytest.param("pin: correct-horse\nis not all\n", id="half-a-known-value"),
        pytest.param("battery-9\n", id="the-end-of-a-known-value"),
    ],
)
def test_what_only_looks_wrapped_stays(text: str) -> None:
    """Two lines that make no secret together are left alone."""
    sample = expand(text.encode())

    assert mask(sample, (b"correct-horse-battery-9",)) is sample


def test_the_line_after_a_short_line_stays() -> None:
    """A commit's hash under a masked value is no rest of it: no tool breaks a line so early."""
    text = expand(b"API_KEY={a30}\n{h40}\n")

    assert mask(text) == expand(b"API_KEY=[masked:secret]\n{h40}\n")


def test_a_very_long_value_is_masked_to_its_end() -> None:
    """No tail of a secret is left over by a pattern's bound."""
    secret = expand(b"{a5000}")

    assert mask(b"API_TOKEN=" + secret + b" next") == b"API_TOKEN=[masked:secret] next"


PIECES = st.sampled_from([expand(sample) for rule in RULES for sample in (*rule.matches, *rule.non_matches)])


@given(st.lists(st.one_of(PIECES, st.binary(max_size=40)), max_size=8).map(b" ".join),
       st.lists(st.binary(max_size=12), max_size=3))  # fmt: skip
@settings(deadline=None, max_examples=150)
def test_line_count_never_changes(data: bytes, values: list[bytes]) -> None:
    """Whatever the bytes and values: the line numbers of the log stay true, and no long value is left."""
    masked = mask(data, values)

    assert masked.count(b"\n") == data.count(b"\n")
    assert mask(b"", values) == b""


@given(st.text())
@settings(deadline=None)
def test_text_without_secrets_is_unchanged(text: str) -> None:
    """Free text is the same after masking, unless a mark says otherwise."""
    masked = mask_text(text)

    assert masked == text or "[masked:" in masked


@pytest.mark.parametrize(
    "unit",
    [b"eyJ", b"eyJ-", b"://a:", b"token=", b"\x1b[1mtoken=", b"ghp_12345678\n", b"a\x1b[mb", b"mysql -u ",
     b"cookie: a=", b"login a\npassword ", b'password:"', b"-----BEGIN RSA PRIVATE KEY-----\n", b"sk-",
     b"key-9f",
     b" -u a:", b"bearer ", b"authorization:", b"machine a login ", b"-----BEGIN ",
     b"sig=%2B", b"hf_", b'"auth":'],
    ids=repr,
)  # fmt: skip
@pytest.mark.slow
def test_hostile_repetition_stays_linear(unit: bytes) -> None:
    """Four times the text takes about four times as long, for openings of patterns repeated for ever."""

    def seconds(size: int) -> float:
        data = unit * (size // len(unit))
        start = time.thread_time()  # of the processor: what else runs on the machine says nothing
        mask(data)
        return time.thread_time() - start

    seconds(1_000)
    small, large = (min(seconds(size) for _ in range(3)) for size in (100_000, 400_000))

    assert large < 12 * small + 0.05


def test_more_found_values_than_are_looked_for_elsewhere_are_still_masked() -> None:
    """Thousands of different tokens are each masked where they stand."""
    source = random.Random(7)
    tokens = [
        b"ghp_" + bytes(source.choices(b"ABCDEFGHJKLMabcdefghjklm23456789", k=36)) for _ in range(FOUND_VALUES_MAX + 50)
    ]

    assert mask(b"\n".join(tokens)) == b"\n".join([b"[masked:github]"] * len(tokens))


@pytest.mark.slow
def test_a_log_without_secrets_is_quick() -> None:
    """10 MiB of build output take under half a second even on a busy machine (15 ms on a free one)."""
    source = random.Random(3)
    words = [
        "compiling",
        "src/app/main.c",
        "warning:",
        "unused",
        "variable",
        "https://repo.example.org/a/b.jar",
        "[INFO]",
    ]
    data = "\n".join(" ".join(source.choices(words, k=9)) for _ in range(20_000)).encode()
    data = (data * (10 * 1024 * 1024 // len(data) + 1))[: 10 * 1024 * 1024]
    mask(b"warm up")
    start = time.perf_counter()

    assert mask(data) is data

    assert time.perf_counter() - start < 0.5
