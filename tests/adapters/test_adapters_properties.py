"""Java's properties format; the cases were compared with ``java.util.Properties`` of OpenJDK 17."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exlogare_ci.adapters.properties import parse

ANYTHING = st.text(alphabet=st.one_of(st.sampled_from("\\ =:#!\n\r\t\fun0a"), st.characters()), max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", {}, id="empty"),
        pytest.param("a=b", {"a": "b"}, id="equals"),
        pytest.param("a:b\nc d\ne\tf", {"a": "b", "c": "d", "e": "f"}, id="other-separators"),
        pytest.param("  a \t = \f b ", {"a": "b "}, id="white-space-round-the-separator"),
        pytest.param("a==b\nc=:d", {"a": "=b", "c": ":d"}, id="only-one-separator-goes"),
        pytest.param("a\nb=", {"a": "", "b": ""}, id="no-value"),
        pytest.param("=v", {"": "v"}, id="no-key"),
        pytest.param("# a=b\n  ! c=d\n\n \t\ne=f", {"e": "f"}, id="comments-and-blanks"),
        pytest.param("# a=b\\\nc=d", {"c": "d"}, id="comments-are-not-continued"),
        pytest.param("a=b#c", {"a": "b#c"}, id="no-comment-behind-a-value"),
        pytest.param("a=b\r\nc=d\re=f\n", {"a": "b", "c": "d", "e": "f"}, id="line-ends"),
        pytest.param("a=b,\\\n   c,\\\r\n\td", {"a": "b,c,d"}, id="continued"),
        pytest.param("a=b\\\n#c", {"a": "b#c"}, id="no-comment-inside-a-continued-line"),
        pytest.param("a=b\\\\\nc=d", {"a": "b\\", "c": "d"}, id="even-backslashes-end-the-line"),
        pytest.param("a=b\\", {"a": "b"}, id="backslash-at-the-end"),
        pytest.param("a=b\\\n", {"a": "b"}, id="continued-by-nothing"),
        pytest.param("\\\n\na=b", {"a": "b"}, id="nothing-continued-by-nothing"),
        pytest.param("a\\ b\\:c\\=d=e", {"a b:c=d": "e"}, id="escaped-key"),
        pytest.param("a=C\\:\\\\tmp\\\\x", {"a": "C:\\tmp\\x"}, id="windows-path"),
        pytest.param("a=\\t\\n\\r\\f\\b\\z", {"a": "\t\n\r\fbz"}, id="escapes"),
        pytest.param("a=\\u00e9\\u4E2D", {"a": "é中"}, id="unicode"),
        pytest.param("\\u0061=\\ud83d\\ude00", {"a": "😀"}, id="surrogate-pair"),
        pytest.param("a=\\ud83d", {"a": "\ufffd"}, id="lone-surrogate"),
        pytest.param("a=\\u12", {"a": "u12"}, id="malformed-unicode-is-kept"),
        pytest.param("a=1\na=2", {"a": "2"}, id="last-wins"),
    ],
)
def test_format(text: str, expected: dict[str, str]) -> None:
    """What the format's description says, clause by clause."""
    assert parse(text) == expected


def _escaped(text: str, *, key: bool) -> str:
    """Write a key or a value as ``Properties.store`` does: everything but printable ASCII as escapes."""
    units = text.encode("utf-16-be")
    written = []
    for position in range(0, len(units), 2):
        code = int.from_bytes(units[position : position + 2], "big")
        character = chr(code)
        if character in "=:#!\\" or (character == " " and (key or position == 0)):
            written.append(f"\\{character}")
        else:
            written.append(character if " " <= character <= "~" else f"\\u{code:04X}")
    return "".join(written)


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=20), max_size=5))
def test_what_java_writes_is_read_back(entries: dict[str, str]) -> None:
    """Any keys and values survive being written the way Java writes them."""
    file = "#comment\n" + "".join(
        f"{_escaped(name, key=True)}={_escaped(value, key=False)}\n" for name, value in entries.items()
    )

    assert parse(file) == entries


@given(ANYTHING)
def test_any_text_can_be_read(text: str) -> None:
    """No text raises, and what comes back can be encoded."""
    for name, value in parse(text).items():
        assert (name + value).encode("utf-8") is not None


@given(ANYTHING)
def test_line_ends_make_no_difference(text: str) -> None:
    """A file means the same with the line ends of Windows and of Unix."""
    unix = text.replace("\r", "")

    assert parse(unix.replace("\n", "\r\n")) == parse(unix)
