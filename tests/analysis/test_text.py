"""Cleaning keeps every line where it was and takes out only what a reader never saw."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from exlogare_ci.analysis.text import clean


@given(st.binary(max_size=2000))
def test_cleaning_keeps_the_number_of_lines_of_any_bytes(raw: bytes) -> None:
    """The n-th cleaned line is the n-th raw line, whatever the bytes, unless they are UTF-16."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in raw:
        return

    assert len(clean(raw).lines) == len(raw.split(b"\n"))


@given(st.text(alphabet=st.sampled_from("ab \r\n\x08\x1b[31m;0K"), max_size=400))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    """What was cleaned is clean: no carriage return is left behind."""
    once = clean(text.encode())

    assert b"\r" not in once.data
    assert len(once.lines) == text.count("\n") + 1


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        pytest.param(b"\x1b[31;1mred\x1b[0m\n\x1b]0;title\x07text", [b"red", b"text"], id="colours and titles"),
        pytest.param(b"10%\r50%\rdone\r\nnext\r\r\n", [b"done", b"next", b""], id="overwritten bars"),
        pytest.param(b"abc\x08\x08x\n", [b"ax", b""], id="backspaces"),
        pytest.param(
            b"2026-01-02T03:04:05.1234567Z ##[group]Run make\n2026-01-02T03:04:06.1234567Z cc a.c",
            [b"##[group]Run make", b"cc a.c"],
            id="GitHub time stamps",
        ),
        pytest.param(
            b"2026-01-02T03:04:05.123456Z 00O one\n2026-01-02T03:04:05.123456Z 00E two",
            [b"one", b"two"],
            id="GitLab time stamps",
        ),
        pytest.param(
            b"build\ttest\t2026-01-02T03:04:05.1234567Z one\nbuild\ttest\t2026-01-02T03:04:05.1234567Z two",
            [b"one", b"two"],
            id="job and step columns of gh run view",
        ),
        pytest.param(
            "build\ttest\t\u2229\u2557\u25102026-01-02T03:04:05.1234567Z ##[group]Run make\n"
            "build\ttest\t\u00b4\u2557\u25102026-01-02T03:04:05.1234567Z Post job cleanup.\n"
            "build\ttest\t\u00ef\u00bb\u00bf2026-01-02T03:04:05.1234567Z x".encode(),
            [b"##[group]Run make", b"Post job cleanup.", b"x"],
            id="gh run view as a Windows console saves it",
        ),
        pytest.param(b"[10:11:12] :\t [Step 1/2] one\n[10:11:12]W:\t [Step 1/2] two", [b"one", b"two"], id="TeamCity"),
        pytest.param("one\ntwo".encode("utf-16"), [b"one", b"two"], id="UTF-16"),
        pytest.param(b"a\0b\n", [b"ab", b""], id="NULs"),
    ],
)
def test_cleaning_leaves_what_a_reader_saw(raw: bytes, lines: list[bytes]) -> None:
    """Codes, time stamps and overwritten text go; the words stay."""
    assert clean(raw).lines == lines


def test_hidden_markers_are_kept_beside_the_lines() -> None:
    """Marks that a service hides behind a carriage return are known by line and do not stand in the text."""
    raw = b"one\ntravis_fold:start:install\r\x1b[0K$ npm ci\nsection_start:17:step_script\r\x1b[0Kx\n"

    log = clean(raw)

    assert log.lines == [b"one", b"$ npm ci", b"x", b""]
    assert log.markers == [(1, b"travis_fold:start:install"), (2, b"section_start:17:step_script")]


def test_red_lines_are_remembered() -> None:
    """Colour is a hint, so the lines that were red are known after the codes are gone."""
    assert clean(b"a\n\x1b[31mb\x1b[0m\nc\n\x1b[1;31md").red == frozenset({1, 3})


def test_an_offset_leads_back_to_its_line() -> None:
    """The scanner's offsets find their line, at both of its ends."""
    log = clean(b"ab\ncd\n")

    assert log.lines_at([99, 0, 5, 1, 2, 3]) == {0: 0, 1: 0, 2: 0, 3: 1, 5: 1, 99: 2}
