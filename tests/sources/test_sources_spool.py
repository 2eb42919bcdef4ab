"""Spooled logs and excerpts: what is kept of a log, and its line numbers."""

import io
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exlogare_ci.analysis.model import Analysis, EvidenceLine, SecondaryCause
from exlogare_ci.sources import spool as spool_module
from exlogare_ci.sources.excerpt import Excerpt, join, renumber
from exlogare_ci.sources.spool import Spool, open_private_file
from exlogare_ci.sources.stream import read_file, read_stream

LOGS = st.lists(st.sampled_from([b"\n", b"a", b"bc", b"def\n", b"\r\n", b"\xff\x00"]), max_size=60).map(b"".join)


def spooled(log: bytes, sizes: Sequence[int], head: int, tail: int) -> Excerpt:
    """What a spool with small limits keeps of a log that comes in chunks of the given sizes."""
    spool = Spool(io.BytesIO, head_bytes_max=head, tail_bytes_max=tail)
    start = 0
    for size in (*sizes, len(log)):
        spool.write(log[start : start + size])
        start += size
    return spool.read()


def check(excerpt: Excerpt, log: bytes) -> None:
    """Compare an excerpt with its log: nothing invented, nothing miscounted, every line under its number."""
    assert excerpt.bytes_total == len(log)
    if excerpt.cut_line is None:
        assert (excerpt.data, excerpt.bytes_omitted) == (log, 0)
        return
    mark = b"[exl: %d bytes of the log are left out here]\n" % excerpt.bytes_omitted
    front, tail = excerpt.data.split(mark)
    ends_line = len(front) + excerpt.bytes_omitted + len(tail) == len(log)
    head = front if ends_line else front.removesuffix(b"\n")
    assert log.startswith(head)
    assert log.endswith(tail)
    assert excerpt.bytes_omitted == len(log) - len(head) - len(tail) > 0
    assert excerpt.cut_line == front.count(b"\n") + 1
    first_of_tail = log[: len(log) - len(tail)].count(b"\n") + 1
    assert excerpt.cut_line + 1 + excerpt.line_shift == first_of_tail


@given(LOGS, st.lists(st.integers(0, 20), max_size=20), st.integers(1, 20), st.integers(1, 30))
def test_spool_keeps_head_and_tail(log: bytes, sizes: list[int], head: int, tail: int) -> None:
    """Whatever the chunks, a log within the limits is kept whole, a longer one as head and tail."""
    excerpt = spooled(log, sizes, head, tail)

    check(excerpt, log)
    assert (excerpt.cut_line is None) == (len(log) <= head + tail)


@given(LOGS, st.integers(1, 20), st.integers(1, 30))
def test_stream_keeps_head_and_tail(log: bytes, head: int, tail: int) -> None:
    """A stream is cut in the same way."""
    check(read_stream(io.BytesIO(log), head_bytes_max=head, tail_bytes_max=tail), log)


@given(LOGS, st.integers(0, 30), st.integers(0, 30))
def test_join_says_what_is_missing(log: bytes, head: int, tail: int) -> None:
    """Any head and tail that do not overlap are joined with the right numbers."""
    tail = min(tail, max(0, len(log) - head))
    kept = log[len(log) - tail :]

    check(join(log[:head], kept, bytes_total=len(log), line_feeds_total=log.count(b"\n")), log)


def test_renumbering_gives_the_whole_logs_lines() -> None:
    """Lines behind the cut move, lines before it do not, and everything else stays."""
    excerpt = Excerpt(data=b"", bytes_total=9, bytes_omitted=5, cut_line=10, line_shift=100)
    analysis = Analysis(
        failed=True,
        root_cause="r",
        explanation="e",
        fix_suggestion="f",
        cause_line=11,
        spans=((2, 3), (9, 12)),
        evidence=(EvidenceLine(3, "a"), EvidenceLine(12, "b")),
        secondary=(SecondaryCause("unknown", None, "x"), SecondaryCause("unknown", 20, "y")),
    )

    assert renumber(analysis, excerpt) == Analysis(
        failed=True,
        root_cause="r",
        explanation="e",
        fix_suggestion="f",
        cause_line=111,
        spans=((2, 3), (9, 112)),
        evidence=(EvidenceLine(3, "a"), EvidenceLine(112, "b")),
        secondary=(SecondaryCause("unknown", None, "x"), SecondaryCause("unknown", 120, "y")),
    )
    assert renumber(analysis, Excerpt(data=b"x", bytes_total=1)) is analysis


def test_empty_log_is_empty() -> None:
    """A spool that was given nothing opens no file and gives an empty log."""

    def fail() -> BinaryIO:
        raise AssertionError

    spool = Spool(fail)
    spool.write(b"")

    assert spool.read() == Excerpt(data=b"", bytes_total=0)
    spool.close()


@pytest.mark.parametrize(
    ("chunks", "ends_inside"),
    [([], False), ([b"a\n"], False), ([b"a\n", b"b"], True), ([b"a", b"\n", b""], False)],
)
def test_spool_knows_whether_the_last_line_is_complete(chunks: list[bytes], *, ends_inside: bool) -> None:
    """So that what we print next starts on a line of its own."""
    spool = Spool(io.BytesIO)
    for chunk in chunks:
        spool.write(chunk)

    assert spool.ends_inside_line is ends_inside


class FullDisk(io.BytesIO):
    """A file on a disk with little room."""

    def write(self, data: Any) -> int:
        """Take 20 bytes in all."""
        if self.tell() + len(data) > 20:
            raise OSError(28, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("broken", ["full", "missing"])
def test_broken_disk_leaves_the_end_of_the_log(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room for the file, the last part of the log is kept in memory and the command goes on."""
    monkeypatch.setattr(spool_module, "MEMORY_BYTES_MAX", 30)

    def missing() -> BinaryIO:
        raise FileNotFoundError(2, "No usable temporary directory found")

    spool = Spool(FullDisk if broken == "full" else missing)
    lines = [b"line %02d\n" % number for number in range(20)]
    for line in lines:
        spool.write(line)

    excerpt = spool.read()
    check(excerpt, b"".join(lines))
    assert excerpt.data.endswith(b"line 17\nline 18\nline 19\n")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_private_file_has_no_name_and_no_other_readers() -> None:
    """The spool's file is its owner's alone and is in no folder, so that it is gone with the process."""
    with open_private_file() as file:
        status = os.fstat(file.fileno())

        assert (stat.S_IMODE(status.st_mode), status.st_nlink) == (0o600, 0)


def test_files_are_read_whole(tmp_path: Path) -> None:
    """A file of ordinary size is given byte for byte."""
    path = tmp_path / "build.log"
    path.write_bytes(bytes(range(256)) * 50)

    assert read_file(path) == Excerpt(data=bytes(range(256)) * 50, bytes_total=12_800)


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    """The system's error comes through, for the caller to word."""
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "missing")
