"""The catalogue kept for the next start: the same as the one that was made, and never one that does not fit."""

import os
from pathlib import Path

import msgspec
import platformdirs
import pytest

from exlogare_ci.__about__ import __version__
from exlogare_ci.analysis import catalog_cache
from exlogare_ci.analysis.blocks import RULES
from exlogare_ci.analysis.catalog import Catalog
from exlogare_ci.analysis.database_cache import default_cache_dir
from exlogare_ci.analysis.scan import Scanner
from exlogare_ci.analysis.signatures import SIGNATURES
from exlogare_ci.analysis.text import clean


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A cache in which a catalogue was kept, with one pattern compiled."""
    Scanner(["needle"], tmp_path)
    catalog_cache.keep(tmp_path, SIGNATURES, RULES, ["needle"])
    return tmp_path


def test_what_was_kept_is_what_was_made_without_samples(kept: Path) -> None:
    """Every field of every signature and rule is there again but the samples and where they are from."""
    loaded = catalog_cache.load(kept)

    assert loaded is not None
    assert list(loaded.signatures) == [
        msgspec.structs.replace(s, matches=(), non_matches=(), source="") for s in SIGNATURES
    ]
    assert list(loaded.rules) == [msgspec.structs.replace(r, sample="", expect=None, source="") for r in RULES]
    assert loaded.rules[3] is loaded.rules[3]
    assert loaded.signatures[-2:] == [loaded.signatures[-2], loaded.signatures[len(SIGNATURES) - 1]]


def test_a_kept_catalogue_finds_the_same(kept: Path) -> None:
    """A hit's number leads to the same signature."""
    loaded = catalog_cache.load(kept)
    assert loaded is not None

    found = Catalog(loaded.signatures, loaded.rules, Scanner((), None, database=loaded.database)).find(clean(b"needle"))

    assert [(signature.id, lines, count) for signature, lines, count in found.signatures] == [
        (SIGNATURES[0].id, [0], 1)
    ]


@pytest.mark.parametrize("change", ["cut off", "a bit", "empty", "no patterns"])
def test_a_damaged_cache_is_none(kept: Path, change: str) -> None:
    """Whatever happened to the file, the catalogue is made anew rather than half read."""
    (path,) = kept.glob("catalogue-*.bin")
    data = bytearray(path.read_bytes())
    if change == "no patterns":
        for database in kept.glob("patterns-*.hs"):
            database.unlink()
    elif change == "a bit":
        data[len(data) // 2] ^= 4
    else:
        del data[0 if change == "empty" else len(data) // 2 :]
    path.write_bytes(data)

    assert catalog_cache.load(kept) is None


def test_a_changed_source_makes_another_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache follows every file that signatures and rules stand in, by size and time."""
    for folder in ("blocks", "sections", "signatures"):
        (tmp_path / folder).mkdir()
    file = tmp_path / "signatures" / "demo.py"
    file.write_text("a = 1\n")
    monkeypatch.setattr(catalog_cache, "_ROOT", str(tmp_path))
    Scanner(["needle"], tmp_path)
    catalog_cache.keep(tmp_path, SIGNATURES[:1], RULES[:1], ["needle"])
    was_kept = catalog_cache.load(tmp_path) is not None

    file.write_text("a = 2\n")
    os.utime(file, ns=(1, 1))

    assert (was_kept, catalog_cache.load(tmp_path)) == (True, None)


def test_an_installed_package_finds_its_catalogue_whatever_the_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packing and unpacking an image changes files' times; another list of checksums is another package."""
    root = tmp_path / "exlogare_ci" / "analysis"
    for folder in ("blocks", "sections", "signatures"):
        (root / folder).mkdir(parents=True)
    file = root / "signatures" / "demo.py"
    file.write_text("a = 1\n")
    record = tmp_path / f"exlogare_ci-{__version__}.dist-info" / "RECORD"
    record.parent.mkdir()
    record.write_text("one")
    monkeypatch.setattr(catalog_cache, "_ROOT", str(root))
    Scanner(["needle"], tmp_path)
    catalog_cache.keep(tmp_path, SIGNATURES[:1], RULES[:1], ["needle"])

    os.utime(file, ns=(1, 1))
    found_later = catalog_cache.load(tmp_path) is not None
    record.write_text("two")

    assert (found_later, catalog_cache.load(tmp_path)) == (True, None)


@pytest.mark.parametrize("value", [None, "", " ", "/var/cache/ours", "relative"])
def test_the_cache_is_where_platformdirs_says(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Linux the folder is worked out here, to save the import; it must not be another one."""
    monkeypatch.delenv("EXLOGARE_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    if value is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path) + value if value.startswith("/") else value)
    expected = Path(platformdirs.user_cache_dir("exlogare"))

    assert default_cache_dir() == (expected if expected.is_absolute() else tmp_path / ".cache" / "exlogare")
