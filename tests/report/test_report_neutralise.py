"""Log text that is echoed: nothing in it may be obeyed by a CI service or a terminal."""

import json
import re
import time
import unicodedata
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exlogare_ci.report.neutralise import neutralise, neutralise_inline, neutralise_json

HOSTILE: Final = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "::error::", "::set-output name=x::y", "##[group]", "##vso[task.complete]", "##teamcity[x]",
                "##", "[", "---", "+++", "~~~", "^^^", "section_start:1:x", "section_end:1:x", "travis_fold:",
                ":", "\x1b[31m", "\x1b", "\x9b0m", "\x1b]0;title\x07", "\x1b]8;;", "\x1b\\", "\r", "\n",
                "\r\n", "\t", " ", "\xa0", "\u2028", "\u202e", "\u200b", "\ufeff", "\x00", "\x7f", "\x85",
                "\ud800", "\u200d", "text",
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=12,
).map("".join)  # fmt: skip

OBEYED_ANYWHERE: Final = re.compile(
    r"##\w*\[|section_(start|end):|travis_(fold|time):|[\x00-\x08\x0b-\x1f\x7f-\x9f]", re.IGNORECASE
)
OBEYED_AT_START: Final = ("::", "---", "+++", "~~~", "^^^")


def bare(line: str) -> str:
    """A line without what a service might trim at its start: white space and what cannot be seen."""
    start = 0
    while start < len(line) and (line[start].isspace() or unicodedata.category(line[start]) in ("Cc", "Cf")):
        start += 1
    return line[start:]


def assert_harmless(text: str) -> None:
    """No line of a text is obeyed by any of the services."""
    for line in re.split(r"[\n\r\u2028\u2029\x85\x0b\x0c]", text):
        assert not OBEYED_ANYWHERE.search(line)
        assert not bare(line).startswith(OBEYED_AT_START)


@given(HOSTILE)
def test_no_line_is_a_command(text: str) -> None:
    """Whatever the log holds, no line of what is echoed is a command, and nothing moves the cursor."""
    assert_harmless(neutralise(text))


@given(HOSTILE)
def test_no_line_behind_a_prefix_is_a_command(text: str) -> None:
    """The inline form is harmless behind a prefix on each line."""
    assert_harmless("\n".join(f"  1 | {line}" for line in neutralise_inline(text).split("\n")))


@given(HOSTILE)
def test_neutralising_twice_changes_nothing_more(text: str) -> None:
    """What is harmless stays as it is."""
    assert neutralise(neutralise(text)) == neutralise(text)


@given(HOSTILE)
def test_visible_text_is_kept(text: str) -> None:
    """Line feeds and visible characters that are no part of an escape sequence all stay, in order."""
    without_escapes = text.replace("\x1b", "").replace("\x9b", "")

    def visible(value: str) -> str:
        escaped = re.sub(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}|\| ", "", value)
        return re.sub(r"[\s\u200d\\|]", "", "".join(c for c in escaped if unicodedata.category(c)[0] != "C"))

    assert visible(neutralise(without_escapes)) == visible(without_escapes)


@given(st.recursive(HOSTILE, lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_json_says_the_same(value: object) -> None:
    """JSON stays equal in meaning, holds no command and nothing invisible, and can be written as UTF-8."""
    printed = neutralise_json(json.dumps(value, ensure_ascii=False))

    assert json.loads(printed) == value
    assert not OBEYED_ANYWHERE.search(printed)
    assert printed.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain text", "plain text", id="plain"),
        pytest.param("\x1b[1;31merror\x1b[0m: x", "error: x", id="colours"),
        pytest.param("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link", id="hyperlink"),
        pytest.param("::error file=x::y", "| ::error file=x::y", id="github"),
        pytest.param("  \t::error::y", "|   \t::error::y", id="github-indented"),
        pytest.param("\n\n::error::y", "\n\n| ::error::y", id="github-after-empty-lines"),
        pytest.param("at std::vector", "at std::vector", id="double-colon-inside"),
        pytest.param("##[error]x", "## [error]x", id="github-old"),
        pytest.param("x ##vso[task.setvariable]y", "x ##vso [task.setvariable]y", id="azure"),
        pytest.param("##teamcity[buildStop]", "##teamcity [buildStop]", id="teamcity"),
        pytest.param("section_start:1:x\r\x1b[0K", "section_start :1:x\\x0d", id="gitlab"),
        pytest.param("--- FAIL: TestX", "| --- FAIL: TestX", id="buildkite"),
        pytest.param("a\r\nb", "a\nb", id="windows-lines"),
        pytest.param("10%\r20%", "10%\\x0d20%", id="overwriting"),
        pytest.param("a\x00b\x08", "a\\x00b\\x08", id="control"),
        pytest.param("ab\u202edc", "ab\\u202edc", id="reversed"),
        pytest.param("größe ☃ 👩\u200d🔬", "größe ☃ 👩\u200d🔬", id="other-scripts"),
        pytest.param(":\x1b[0m:error::x", "| ::error::x", id="hidden-by-colour"),
        pytest.param("\ufeff::error::x", "\\ufeff::error::x", id="byte-order-mark"),
        pytest.param("", "", id="empty"),
    ],
)
def test_examples(text: str, expected: str) -> None:
    """The readable forms that the commands take."""
    assert neutralise(text) == expected


def seconds(text: str) -> float:
    """The CPU time that a text takes; a busy machine must not make it longer."""
    started = time.process_time()
    neutralise(text)
    return time.process_time() - started


@pytest.mark.parametrize(
    "piece", ["\x1b[", "\x1b]", "\x1b[0;", "##a", ":", "-", " ", "\n", "\n ", "::\n", "\x1b[" + "0" * 99]
)
def test_time_is_linear(piece: str) -> None:
    """Thirty times the text takes nowhere near thirty squared times as long."""
    short = min(seconds(piece * 1000) for _ in range(3))

    assert min(seconds(piece * 30_000) for _ in range(2)) < 150 * short + 0.01
