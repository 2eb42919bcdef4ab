"""Masking without Hyperscan: the plain substitute finds what Hyperscan finds."""

import subprocess
import sys
from pathlib import Path

import hyperscan
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exlogare_ci.analysis import plain_scan
from exlogare_ci.analysis.secret_rule import expand
from exlogare_ci.analysis.secret_rules import RULES
from exlogare_ci.analysis.secret_values import escaped

MASK = """
import sys
from exlogare_ci.analysis.masking import mask
sys.stdout.buffer.write(mask(sys.stdin.buffer.read(), [b'a-known-value-of-ours', b'short1']))
"""


def masked(data: bytes, path: Path | None) -> bytes:
    """Mask in a process of its own, which cannot load Hyperscan when a folder with a broken one is given."""
    prelude = f"import sys; sys.path.insert(0, {str(path)!r})\n" if path else ""
    return subprocess.run([sys.executable, "-c", prelude + MASK], input=data, capture_output=True, check=True).stdout


@pytest.mark.slow
def test_every_rule_masks_the_same_without_hyperscan(tmp_path: Path) -> None:
    """Samples, near misses, colours and wrapped values: one log, byte for byte the same result."""
    (tmp_path / "hyperscan.py").write_text("raise ImportError('cannot open shared object file')\n")
    lines = [line for rule in RULES for kind in (rule.matches, rule.non_matches) for line in map(expand, kind)]
    lines += [
        b"x a-known-value-of-ours y",
        b"a-known-value-\nof-ours",
        b"tok\x1b[31men=\x1b[0mhunter2Hunter2",
        b"short1",
    ]
    log = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines) + b"\n"

    plain = masked(log, tmp_path)

    assert plain == masked(log, None)
    assert b"a-known-value-of-ours" not in plain
    assert plain.count(b"[masked:") > len(RULES)


def found(module: object, data: bytes, literals: list[tuple[bytes, bool]]) -> set[tuple[int, int]]:
    """What one of the two scanners finds: number and end of each match."""
    matches: set[tuple[int, int]] = set()
    database = module.Database()  # type: ignore[attr-defined]
    database.compile(
        expressions=[escaped(literal) for literal, _ in literals],
        ids=list(range(len(literals))),
        elements=len(literals),
        flags=[module.HS_FLAG_CASELESS if caseless else 0 for _, caseless in literals],  # type: ignore[attr-defined]
    )
    database.scan(data, match_event_handler=lambda number, _start, end, *_: matches.add((number, end)))
    return matches


@given(
    data=st.text(alphabet="aAbB\n", max_size=60).map(str.encode),
    literals=st.lists(st.tuples(st.text(alphabet="aAbB", min_size=1, max_size=4).map(str.encode), st.booleans()),
                      min_size=1, max_size=4),
)  # fmt: skip
def test_literals_are_found_where_hyperscan_finds_them(data: bytes, literals: list[tuple[bytes, bool]]) -> None:
    """Overlapping matches and both kinds of case included."""
    assert found(plain_scan, data, literals) == found(hyperscan, data, literals)
