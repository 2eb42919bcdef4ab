"""A look with Hyperscan leaves out nothing that Python's patterns would find."""

import re
from pathlib import Path
from typing import Final

import pytest

from exlogare_ci.analysis.word_tables import Table
from exlogare_ci.analysis.wording_meanings import CRIES, HINTS, MEANINGS, TOPICS
from exlogare_ci.analysis.wording_rules import ANYWHERE, COMMANDS, WHOSE

LOGS: Final = sorted((Path(__file__).parent / "logs").glob("*.log"))
EVERY: Final = 7
"""Of so many lines of the recorded logs one is tried: all of them would take a minute."""
TABLES: Final = {
    "anywhere": ANYWHERE, "whose": WHOSE, "commands": COMMANDS, "meanings": MEANINGS, "hints": HINTS, "cries": CRIES,
    "topics": TOPICS,
}  # fmt: skip


def test_the_first_row_that_is_found_counts() -> None:
    """The order of the rows is that of their worth."""
    table = Table(("code.lint", r"typo"), ("code.test", r"(?i)\btests?\b"), ("code.format", r"test"))

    said = [table.first(text) for text in ("", "a typo in a test", "Tests", "latest", "nothing")]

    assert said == [None, "code.lint", "code.test", "code.format", None]


def test_what_hyperscan_cannot_do_is_decided_by_python() -> None:
    """A look ahead, a look behind and a repeated word hold, although the look does without them."""
    table = Table(
        ("code.test", r"tests\b(?! passed)"), ("code.lint", r"(?<!un)tidy"), ("deps.peer", r"\b(\w+) wants \1\b")
    )

    texts = ("2 tests passed", "2 tests failed", "untidy", "tidy", "a wants b", "b wants b")

    assert [table.first(text) for text in texts] == [None, "code.test", None, "code.lint", None, "deps.peer"]


def test_letters_outside_of_ascii_are_letters() -> None:
    """A word that goes on with an umlaut does not end before it."""
    table = Table(("code.test", r"\bGr\w+e\b"), ("code.lint", r"\btest\b"))

    assert [table.first(text) for text in ("Größe", "testé", "test «done»")] == ["code.test", None, "code.lint"]


@pytest.mark.parametrize("name", TABLES)
def test_a_look_finds_what_the_patterns_find(name: str) -> None:
    """Over lines of real tools, each table says what its patterns say when all of them are tried."""
    table = TABLES[name]
    rows = [(category, re.compile(source)) for category, source in table.rows]
    lines = [line for log in LOGS for line in log.read_text(encoding="utf-8", errors="replace").splitlines()][::EVERY]
    tried = [next((category for category, pattern in rows if pattern.search(line)), None) for line in lines]

    assert [table.first(line) for line in lines] == tried
    assert len(lines) > 500
