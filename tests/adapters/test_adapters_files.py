"""Reading what a CI service left on the disk: bounded, never blocking, never raising."""

import os
from pathlib import Path

import pytest

from exlogare_ci.adapters import files


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a=b\n", "a=b\n"),
        ("é".encode(), "é"),
        ("é".encode("latin-1"), "é"),
        (b"\xef\xbb\xbf{}", "{}"),
        (b"", ""),
    ],
    ids=["ascii", "utf-8", "latin-1", "byte-order-mark", "empty"],
)
def test_text_is_read(tmp_path: Path, content: bytes, expected: str) -> None:
    """UTF-8, else Latin-1, without a byte order mark."""
    path = tmp_path / "file"
    path.write_bytes(content)

    assert files.read_small_file(str(path)) == expected


def test_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of exactly the limit is read, one byte more is not."""
    monkeypatch.setattr(files, "FILE_BYTES_MAX", 10)
    (tmp_path / "fits").write_bytes(b"x" * 10)
    (tmp_path / "large").write_bytes(b"x" * 11)

    assert files.read_small_file(str(tmp_path / "fits")) == "x" * 10
    assert files.read_small_file(str(tmp_path / "large")) is None


def test_what_is_no_file_gives_nothing(tmp_path: Path) -> None:
    """Missing files, folders and impossible names are no error."""
    assert files.read_small_file(str(tmp_path / "missing")) is None
    assert files.read_small_file(str(tmp_path)) is None
    assert files.read_small_file("a\0b") is None
    assert files.read_small_file("") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_pipe_does_not_block(tmp_path: Path) -> None:
    """A pipe that nobody writes to is refused at once."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    assert files.read_small_file(str(pipe)) is None
