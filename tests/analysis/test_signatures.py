"""The catalogue as a whole: every signature is well formed, matches its samples and stays linear."""

import re
import string
import time
from collections import Counter
from functools import lru_cache
from pathlib import Path

import hyperscan
import pytest

from exlogare_ci.analysis.model import CATEGORIES
from exlogare_ci.analysis.signatures import FAMILIES, SIGNATURES, reference
from exlogare_ci.analysis.signatures.base import Signature

COUNT_MIN = 150
LINE_BYTES_MAX = 4096
EXTRACT_SECONDS_MAX = 0.05
GROUPS = frozenset(
    [
        "file",
        "line",
        "column",
        "message",
        "symbol",
        "package",
        "version",
        "test",
        "code",
        "host",
        "url",
        "command",
        "target",
        "path",
        "expected",
        "actual",
    ]
)
CAUSE_ROLES = frozenset({"root", "block", "cascade"})
UNITS = (" ", "a", "a ", "1", "'", '"', ":", "/", "\t", "a: ", "a/", "a.", "-", "(")
"""What hostile lines are made of, beside the samples: what a pattern's repeated parts could run over."""
ID_SHAPE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
OPEN_END = re.compile(r"(?:[*+]|\{\d+,\d*\})\??\)*$")
NON_ASCII_IN_CLASS = re.compile(r"\[[^\]]*[^\x00-\x7f][^\]]*\]")
UNSCANNABLE = re.compile(r"\(\?[=!<]|\\[1-9AZ](?![0-9a-fA-F])|\\s")

each_family = pytest.mark.parametrize("family", [family for _, family in FAMILIES], ids=[name for name, _ in FAMILIES])
"""Each check is run a family at a time: one test for each of 1,700 signatures costs a minute for nothing."""


@lru_cache(maxsize=8)
def compiled(pattern: str) -> tuple[hyperscan.Database, hyperscan.Scratch]:
    """A database of one pattern, with the flags that the engine uses."""
    database = hyperscan.Database()
    database.compile(expressions=[pattern.encode()], ids=[0], flags=[hyperscan.HS_FLAG_MULTILINE])
    return database, hyperscan.Scratch(database)


def hit_lines(pattern: str, sample: str) -> list[str]:
    """The lines of a sample in which a pattern ends, scanned as the engine scans: bytes, multi-line."""
    data = sample.encode()
    ends: list[int] = []

    def on_match(_id: int, _start: int, end: int, _flags: int, _context: object) -> None:
        ends.append(end)

    database, scratch = compiled(pattern)
    database.scan(data, match_event_handler=on_match, scratch=scratch)
    lines = []
    for end in sorted(set(ends)):
        last = max(end - 1, 0)
        start = data.rfind(b"\n", 0, last) + 1
        stop = data.find(b"\n", last)
        lines.append(data[start : stop if stop >= 0 else len(data)].decode("utf-8", "replace"))
    return lines


def placeholders(text: str) -> set[str]:
    """The names in braces that a sentence asks for."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def groups_of(signature: Signature, line: str) -> dict[str, str]:
    """What ``extract`` finds in a line, groups that took no part left out."""
    if not signature.extract:
        return {}
    found = re.search(signature.extract, line)
    return {k: v for k, v in found.groupdict().items() if v is not None} if found else {}


def test_ids_are_unique() -> None:
    """No two signatures share an id, whatever file they stand in."""
    twice = [i for i, n in Counter(s.id for s in SIGNATURES).items() if n > 1]

    assert twice == []


def test_families_are_a_sorted_table_of_all_files() -> None:
    """Every family file is in the table, once, in alphabetical order."""
    folder = Path(reference.__file__).parent
    files = {p.stem for p in folder.glob("*.py")} - {"__init__", "base", "reference", "table"}
    names = [name for name, _ in FAMILIES]

    assert sorted(files) == names


def test_catalogue_is_large_enough() -> None:
    """The first release promises this many signatures."""
    assert len(SIGNATURES) >= COUNT_MIN


def test_all_patterns_compile_together() -> None:
    """The whole catalogue is one Hyperscan database."""
    database = hyperscan.Database()
    database.compile(
        expressions=[s.pattern.encode() for s in SIGNATURES],
        ids=list(range(len(SIGNATURES))),
        flags=[hyperscan.HS_FLAG_MULTILINE] * len(SIGNATURES),
    )

    assert database.info()


@each_family
def test_fields_are_well_formed(family: tuple[Signature, ...]) -> None:
    """Id, category, prose, source and samples follow the docstring of ``Signature``."""
    for signature in family:
        assert ID_SHAPE.fullmatch(signature.id), signature.id
        assert signature.tool, signature.id
        assert signature.tool == signature.tool.lower(), signature.id
        assert signature.source.startswith(("https://", "ran: ")), signature.id
        assert signature.matches, signature.id
        assert signature.non_matches, signature.id
        assert -3 <= signature.weight <= 3, signature.id
        if signature.role in CAUSE_ROLES:
            assert signature.category in CATEGORIES, signature.id
            assert signature.role != "root" or (signature.explain and signature.fix), signature.id
            assert not signature.explain or signature.explain.endswith("."), signature.id
            assert not signature.fix or signature.fix.endswith("."), signature.id
        else:
            assert signature.category == "", signature.id


@each_family
def test_pattern_is_scannable(family: tuple[Signature, ...]) -> None:
    """A pattern is linear, stays in its line, matches no empty text and has a definite end."""
    for signature in family:
        pattern = signature.pattern

        assert not UNSCANNABLE.search(pattern), signature.id
        assert not NON_ASCII_IN_CLASS.search(pattern), signature.id
        assert not OPEN_END.search(pattern) or pattern.endswith((r"\+", r"\*")), signature.id
        assert hit_lines(pattern, "\n") == [], signature.id
        assert hit_lines(pattern, "") == [], signature.id


@each_family
def test_samples(family: tuple[Signature, ...]) -> None:
    """Every sample that must match does, and no near miss does, in the scanner itself."""
    for signature in family:
        missed = [m for m in signature.matches if not hit_lines(signature.pattern, m)]
        false = [m for m in signature.non_matches if hit_lines(signature.pattern, m)]

        assert (missed, false) == ([], []), signature.id


@each_family
def test_extract_fills_the_prose(family: tuple[Signature, ...]) -> None:
    """In each sample's hit lines the groups that title, explanation and fix name are found and not empty."""
    for signature in family:
        asked = set().union(*(placeholders(t) for t in (signature.title, signature.explain, signature.fix)))
        assert set(re.compile(signature.extract).groupindex) <= GROUPS, signature.id

        for sample in signature.matches:
            for line in hit_lines(signature.pattern, sample):
                values = {**groups_of(signature, line), "text": line.strip()}
                lacking = {name for name in asked if not values.get(name)}
                assert (line, lacking) == (line, set()), signature.id


@each_family
def test_extract_is_linear(family: tuple[Signature, ...]) -> None:
    """Hostile lines of the longest kind cost ``extract`` a bounded time."""
    for signature in family:
        extract = re.compile(signature.extract)
        units = {*signature.matches, signature.matches[0][:40], *UNITS}
        prefix = signature.matches[0].split("\n")[0]

        slow = []
        for unit in units:
            body = unit.replace("\n", " ") * (LINE_BYTES_MAX // len(unit) + 1)
            for line in (body[:LINE_BYTES_MAX], (prefix[:-1] + body)[:LINE_BYTES_MAX]):
                seconds = min(
                    _timed(extract, line) for _ in range(1 if _timed(extract, line) < EXTRACT_SECONDS_MAX else 3)
                )
                if seconds > EXTRACT_SECONDS_MAX:
                    slow.append((unit, seconds))
        assert slow == [], signature.id


def _timed(extract: re.Pattern[str], line: str) -> float:
    start = time.process_time()
    extract.search(line)
    return time.process_time() - start


def test_reference_page_is_up_to_date() -> None:
    """The generated page says what the catalogue says."""
    page = Path(__file__).parents[2] / "docs" / "reference" / "signatures.md"

    assert page.read_text(encoding="utf-8") == reference.render(FAMILIES)
