"""The catalogue as it is scanned: all patterns in one database, samples in the middle of a log."""

import sys

import hyperscan
import pytest

from exlogare_ci.analysis.blocks import RULES
from exlogare_ci.analysis.catalog import patterns
from exlogare_ci.analysis.signatures import SIGNATURES

BEFORE = "Finished in 0.00859 seconds (files took 0.05185 seconds to load)\n"
"""Longer than what the scanner treats as a start, with digits and words in it."""
AFTER = "\nnext line\n"


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="only releases that lose matches have wheels for Python 3.14")
def test_every_sample_is_found_by_the_whole_catalogue_behind_other_text() -> None:
    """No pattern gets lost among the others, which a test of single patterns could not see."""
    every = patterns(SIGNATURES)
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[p.encode() for p in every],
        ids=list(range(len(every))),
        elements=len(every),
        flags=[hyperscan.HS_FLAG_MULTILINE] * len(every),
    )
    scratch = hyperscan.Scratch(database)

    def found_in(sample: str) -> set[int]:
        found: set[int] = set()
        database.scan(
            f"{BEFORE}{sample}{AFTER}".encode(),
            match_event_handler=lambda number, *_: found.add(number),
            scratch=scratch,
        )
        return found

    lost = [s.id for n, s in enumerate(SIGNATURES) if not all(n in found_in(m) for m in s.matches)]
    lost += [r.id for n, r in enumerate(RULES, len(SIGNATURES)) if n not in found_in(r.sample)]

    assert lost == []
