"""Each block rule finds the block in its own sample, whole and with its names."""

import hyperscan
import pytest

from exlogare_ci.analysis.blocks import RULES, BlockRule, grow
from exlogare_ci.analysis.model import CATEGORIES
from exlogare_ci.analysis.text import clean


def _hits(rule: BlockRule, data: bytes) -> list[int]:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=[rule.start.encode()], ids=[0], elements=1, flags=[hyperscan.HS_FLAG_MULTILINE])
    ends: list[int] = []
    database.scan(data, match_event_handler=lambda _i, _s, end, _f, _c: ends.append(end))
    return ends


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_its_block_in_its_sample(rule: BlockRule) -> None:
    """The block that grows from the first accepted hit has the lines and names that the rule promises."""
    assert rule.sample, "a rule carries a sample of what the tool prints"
    assert rule.expect is not None
    assert rule.category in CATEGORIES
    assert rule.source.startswith(("https://", "ran: "))
    log = clean(rule.sample.encode())
    ends = _hits(rule, log.data)
    line_of = log.lines_at(end - 1 for end in ends)
    blocks = [grow(log, line_of[end - 1], rule, 0, len(log.lines)) for end in ends]
    block = next((b for b in blocks if b is not None), None)

    assert block is not None
    assert (block.start, block.end, block.groups) == rule.expect


def test_rule_ids_are_unique() -> None:
    """No two rules share an id."""
    assert len({rule.id for rule in RULES}) == len(RULES)
