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
    assert len({rule.id for rule in RULES}) == len(RULES) >= 60
    for rule in RULES:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", rule.id), rule.id
        assert rule.literals
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
    [b"eyJ", b"eyJ-", b"://a:", b"token=", b'password:"', b"-----BEGIN RSA PRIVATE KEY-----\n", b"sk-",
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
        start = time.perf_counter()
        mask(data)
        return time.perf_counter() - start

    seconds(1_000)
    small, large = min(seconds(100_000) for _ in range(3)), seconds(400_000)

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
    """10 MiB of build output take under half a second even on a busy machine (25 ms on a free one)."""
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
