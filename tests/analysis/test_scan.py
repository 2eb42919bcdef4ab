"""The scanner finds what it is told to, and its cache is never a way in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from exlogare_ci.analysis import database_cache
from exlogare_ci.analysis.scan import HITS_FIRST_MAX, HITS_LAST_MAX, Scanner, default_cache_dir
from exlogare_ci.analysis.text import clean


def test_each_pattern_reports_its_matches() -> None:
    """Each match is told by its last byte, and the count tells them all."""
    log = clean(b"foo foo\nbar\nfoo\n")

    hits = Scanner(["foo", "bar$"], None).scan(log)

    assert {k: (h.kept(), h.count) for k, h in hits.items()} == {0: ([2, 6, 14], 3), 1: ([10], 1)}


def test_of_many_hits_the_first_and_the_last_are_kept() -> None:
    """A log full of one word costs bounded memory and loses neither end."""
    log = clean(b"error\n" * 5000)

    lines = log.lines_at(Scanner(["error"], None).scan(log)[0].kept())

    assert list(lines.values()) == [*range(HITS_FIRST_MAX), *range(5000 - HITS_LAST_MAX, 5000)]


def test_a_compiled_database_is_kept_and_used_again(tmp_path: Path) -> None:
    """The second scanner loads what the first one compiled, and finds the same."""
    log = clean(b"x\nneedle\n")
    Scanner(["needle"], tmp_path)
    (cached,) = tmp_path.iterdir()
    before = cached.stat().st_mtime_ns

    again = Scanner(["needle"], tmp_path).scan(log)

    assert cached.stat().st_mtime_ns == before
    assert log.lines_at(again[0].kept()) == {7: 1}


def test_a_broken_cache_is_compiled_anew(tmp_path: Path) -> None:
    """A cut-off or foreign file in the cache is no error and is replaced."""
    log = clean(b"needle")
    Scanner(["needle"], tmp_path)
    (cached,) = tmp_path.iterdir()
    cached.write_bytes(b"no database")

    hits = Scanner(["needle"], tmp_path).scan(log)

    assert hits[0].kept() == [5]
    assert cached.read_bytes() != b"no database"


def test_a_shipped_database_is_used_and_a_broken_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came with the wheel needs no cache; where it does not load, the patterns are compiled."""
    log = clean(b"x\nneedle\n")
    shipped, cache = tmp_path / "shipped", tmp_path / "cache"
    for folder in (shipped, cache):
        folder.mkdir()
    Scanner(["needle"], shipped)
    (database,) = shipped.iterdir()
    monkeypatch.setattr(database_cache, "SHIPPED", shipped)

    from_wheel = Scanner(["needle"], cache).scan(log)
    kept = list(cache.iterdir())
    database.write_bytes(b"no database")
    compiled = Scanner(["needle"], cache).scan(log)

    assert (from_wheel[0].kept(), kept) == ([7], [])
    assert (compiled[0].kept(), [path.name for path in cache.iterdir()]) == ([7], [database.name])


@pytest.mark.slow
def test_a_second_process_compiles_nothing(tmp_path: Path) -> None:
    """What a process needs is the same in the next one, in whatever order that one holds its sets."""
    (tmp_path / "build.log").write_text("$ frobnicate\nit broke at cart.x:3\n", encoding="utf-8")
    names = []
    for seed in ("1", "2", "3"):
        subprocess.run(
            [sys.executable, "-m", "exlogare_ci", "analyze", tmp_path / "build.log"],
            env={"PATH": os.environ["PATH"], "EXLOGARE_CACHE_DIR": str(tmp_path / "cache"), "PYTHONHASHSEED": seed},
            check=True, capture_output=True,
        )  # fmt: skip
        names.append(sorted(path.name for path in (tmp_path / "cache").iterdir()))

    assert names[0]
    assert names[1:] == [names[0], names[0]]


@pytest.mark.parametrize(("mode", "trusted"), [(0o700, True), (0o755, True), (0o777, False), (0o770, False)])
def test_a_cache_that_others_may_write_is_not_used(
    mode: int, trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever could write the folder could hand us any database, so it is left alone."""
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(mode)
    monkeypatch.setenv("EXLOGARE_CACHE_DIR", str(folder))

    assert default_cache_dir() == (folder if trusted else None)
