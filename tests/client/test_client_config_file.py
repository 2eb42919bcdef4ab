"""``.exlogare.yml`` and files of signatures: read, checked, or refused with a sentence that helps."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exlogare_ci import config_file
from exlogare_ci.config_file import CONFIG_FILE_NAME, ConfigError, read_config, read_signatures

ONE = """
signatures:
  - id: {id}
    tool: acme
    pattern: '^lock held by '
    category: deploy.cloud
    title: {title}
    extract: 'by (?P<symbol>[a-z]+)'
    matches: ['lock held by alice']
    non_matches: ['lock released']
"""


def signature(name: str = "acme.lock", title: str = "Held by {symbol}") -> str:
    """A file with one signature."""
    return ONE.format(id=name, title=repr(title))


def write(folder: Path, text: str, name: str = CONFIG_FILE_NAME) -> str:
    """Write a file, and give its path."""
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_no_file_is_no_setting(tmp_path: Path) -> None:
    """Without ``.exlogare.yml``, and with an empty one, there is nothing set."""
    assert (read_config(tmp_path), read_signatures((), tmp_path)) == ({}, ())
    write(tmp_path, "# nothing yet\n")
    assert (read_config(tmp_path), read_signatures((), tmp_path)) == ({}, ())


def test_signatures_of_the_project_come_before_those_of_named_files(tmp_path: Path) -> None:
    """All are read, in their order, and each knows which file it is from."""
    write(tmp_path, signature("acme.one"))
    two = write(tmp_path, "\ufeff" + signature("acme.two"), "two.yml")
    three = write(tmp_path, signature("acme.three"), "three.yml")

    found = read_signatures((two, three), tmp_path)

    assert [(each.id, each.source) for each in found] == [
        ("acme.one", CONFIG_FILE_NAME), ("acme.two", two), ("acme.three", three),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("signature: []", "unknown key 'signature'. Known are: `signatures`.", id="unknown-key"),
        pytest.param("- a\n- b\n", "is no mapping. At its top it takes the keys `signatures`.", id="list"),
        pytest.param("signatures: [\n", "is no YAML that can be read: ", id="broken"),
        pytest.param("signatures: 2026-13-01", "is no YAML that can be read: month must be in 1..12.", id="bad-date"),
        pytest.param("signatures: !!python/name:os.system x", "could not determine a constructor", id="python-tag"),
        pytest.param("[" * 5000, "is no YAML that can be read: ", id="deep"),
        pytest.param("signatures: lock", "is not a signature file: Expected `array`, got `str`", id="no-list"),
        pytest.param(signature(title="{symbol:>9999999999}"), "`title`: {symbol} takes no format", id="format"),
        pytest.param(signature(title="{symbol!r}"), "`title`: {symbol} takes no format", id="conversion"),
        pytest.param(signature(title="100 %}"), "`title`: Single '}' encountered", id="brace"),
        pytest.param(signature(title="{0}"), "`title`: there is no {0}. `extract` and the line give: ", id="number"),
        pytest.param(signature(title="{text.x}"), "there is no {text.x}", id="attribute"),
        pytest.param(signature(title="{who}"), "there is no {who}. `extract` and the line give: {symbol}, {text}.",
                     id="unknown-name"),
        pytest.param(signature("Acme Lock"), "the id 'Acme Lock' must be like tool.what", id="id"),
        pytest.param(signature(title="x" * 2001), "`title` has more than 2000 characters", id="long"),
        pytest.param(signature() + "    weight: .nan\n", "`weight` is nan; it goes from -3 to 3.", id="weight"),
        pytest.param(signature().replace("tool: acme", "tool: ' '"), "`tool` needs the tool's name", id="tool"),
        pytest.param(signature("git.could_not_read_username"), "is taken", id="taken"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """Each mistake has a sentence of its own, which names the file."""
    write(tmp_path, text)

    with pytest.raises(ConfigError) as caught:
        read_signatures((), tmp_path)

    assert CONFIG_FILE_NAME in str(caught.value)
    assert words in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file, a folder, a large one and one in another encoding are named, with the reason."""
    monkeypatch.setattr(config_file, "FILE_BYTES_MAX", 2000)
    large = write(tmp_path, "#" * 2001, "large.yml")
    (tmp_path / "latin.yml").write_bytes(b"signatures: [\xe4]")
    cases = {
        str(tmp_path / "none.yml"): "cannot read {}: No such file or directory.",
        str(tmp_path): "cannot read {}: Is a directory.",
        large: "{} is larger than 2000 bytes. Split it, and name each part.",
        str(tmp_path / "latin.yml"): "{} is not UTF-8: byte 14 is wrong.",
        "nul\0.yml": "cannot read {}: embedded null byte.",
    }
    for name, words in cases.items():
        with pytest.raises(ConfigError) as caught:
            read_signatures((name,), tmp_path)

        assert str(caught.value) == words.format(name)


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    """What stands there must be a file: a pipe would be waited on for ever."""
    (tmp_path / CONFIG_FILE_NAME).mkdir()

    with pytest.raises(ConfigError, match=r"\.exlogare\.yml is no file\."):
        read_config(tmp_path)


def test_two_files_with_one_id(tmp_path: Path) -> None:
    """An id is given once, over all files together."""
    write(tmp_path, signature())
    other = write(tmp_path, signature(), "other.yml")

    with pytest.raises(ConfigError, match=r"other\.yml, signature 1: the id acme\.lock is taken"):
        read_signatures((other,), tmp_path)


@given(st.one_of(st.text(), st.binary(), st.text("[]{}:-!&*?|>'\"%@`#,\n ab0", max_size=40)))
@settings(deadline=None, max_examples=60)
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str | bytes) -> None:
    """Whatever the file holds: signatures, none, or a sentence."""
    folder = tmp_path_factory.mktemp("config")
    path = folder / CONFIG_FILE_NAME
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(ConfigError):  # anything else fails the test
        assert isinstance(read_signatures((), folder), tuple)
