"""Candidates: the places in a log that could be its cause."""

import re
from itertools import takewhile

import msgspec

from exlogare_ci.analysis.blocks import Block, BlockRule, grow
from exlogare_ci.analysis.catalog import Found
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.sections import Layout, Step
from exlogare_ci.analysis.signatures.base import Signature
from exlogare_ci.analysis.testnames import names_in
from exlogare_ci.analysis.text import MATCH_BYTES_MAX, CleanLog
from exlogare_ci.analysis.weights import FINDING_CATEGORIES

BLOCKS_A_RULE_MAX = 80
"""Blocks of one rule that are grown: the first of them, and the last few."""
JOIN_GAP_LINES_MAX = 3
"""Blank or ruled lines between two blocks of one rule that still make one span."""
SPAN_LINES_MAX = 240
"""Lines of one joined span."""
FINDING_GAP_LINES_MAX = 10
"""Lines between two findings of one checker that still make one list: the code and the advice that it shows."""
TRAIL_LINES_MAX = 12
"""Indented lines behind a single-line signature that are taken for its details."""
SPEAKER_LINES_MAX = 12
"""Lines above and below a single line that are taken when the same tool speaks in them."""
_SPEAKER = late(rb"^\s*\[?([A-Za-z][\w.-]*(?::|\]|!)+|[A-Z]{3,}) +(?=\S)")
"""The word with which a tool begins its lines."""
_VAGUE = frozenset({"unknown", "code.runtime_crash"})
_OF_A_TEST = frozenset({"code.test", "code.test_timeout"})
_RULED = late(r"^(?:[\s=\-_*~#.]|─|⎯)*$".encode())


class Candidate(msgspec.Struct, kw_only=True):
    """A place that could be the cause.

    Attributes:
        start: index of its first line.
        end: index of its last line, included.
        cause: index of the line to point at.
        kind: a block's kind, or ``root``, ``block`` or ``cascade`` of a signature, ``tail`` or ``keyword`` of the
            last resort.
        category: one of ``CATEGORIES``.
        tool: who printed it.
        groups: the names found in it.
        told: the names found by its signature alone, which are those that the signature's words mean.
        rule: the block rule, when it is a block.
        signature: the most telling signature in it.
        tests: names of failing tests in it.
        blocks: how many blocks were joined.
        heads: index of each line that its rule's ``start`` hit, and the file of its block; a block may hold several
            diagnostics.
        count: how often its pattern hit in the whole log.
        step: the step that it is in.
        hints: terms of the score that were known when it was found: of tools that nothing else is known of.
        certain: its cause line was recognised, not just its header.
        score: filled in by ``score``.
        terms: the terms of the score.
    """

    start: int
    end: int
    cause: int
    kind: str
    category: str
    tool: str
    groups: dict[str, str]
    told: dict[str, str] = {}
    rule: BlockRule | None = None
    signature: Signature | None = None
    tests: list[str] = []
    blocks: int = 1
    heads: list[tuple[int, str]] = []
    count: int = 1
    certain: bool = True
    step: Step | None = None
    hints: list[tuple[str, float]] = []
    score: float = 0.0
    terms: list[tuple[str, float]] = []


def is_finding(candidate: Candidate) -> bool:
    """Whether it is one line of a checker's list of findings."""
    return candidate.rule is None and candidate.kind == "root" and candidate.category in FINDING_CATEGORIES


def is_generic(candidate: Candidate) -> bool:
    """Whether it is one line that any program may print, such as ``Error: …``, whatever went wrong."""
    signature = candidate.signature
    return candidate.rule is None and signature is not None and signature.role == "root" and signature.weight <= 0


def is_retold(candidate: Candidate) -> bool:
    """Whether its words gave it a category that its signature does not know, so that the signature's own say little."""
    signature = candidate.signature
    vague = signature is not None and signature.category in _VAGUE
    return vague and signature is not None and candidate.category != signature.category


def collect(log: CleanLog, found: Found, layout: Layout) -> list[Candidate]:
    """Return the candidates of a log, in the order of their lines; none lies inside another."""
    noise = _lines_with_role(found, ("noise", "success")) | noise_blocks(log, found)
    candidates = _from_blocks(log, found, layout, noise)
    candidates.sort(key=lambda c: (c.start, -c.end, -c.rule.weight if c.rule is not None else 0.0))
    candidates = _without_inner(candidates)
    singles = _from_signatures(log, found, layout, noise)
    _attach(candidates, singles)
    taken = [(c.start, c.end) for c in candidates]
    candidates += [s for s in singles if not any(a <= s.cause <= b for a, b in taken)]
    candidates.sort(key=lambda c: (c.start, -c.end))
    return candidates


def _lines_with_role(found: Found, roles: tuple[str, ...]) -> set[int]:
    return {line for s, lines, _ in found.signatures if s.role in roles for line in lines}


def noise_blocks(log: CleanLog, found: Found) -> set[int]:
    """Return the lines of blocks that look like failures and are none."""
    lines: set[int] = set()
    for rule, hits, _ in found.blocks:
        if rule.kind == "noise":
            for hit in hits:
                block = None if hit in lines else grow(log, hit, rule, 0, len(log.lines))
                if block is not None:
                    lines.update(range(block.start, block.end + 1))
    return lines


def _from_blocks(log: CleanLog, found: Found, layout: Layout, noise: set[int]) -> list[Candidate]:
    candidates: list[Candidate] = []
    for rule, lines, count in found.blocks:
        if rule.kind == "noise":
            continue
        chosen = lines if len(lines) <= BLOCKS_A_RULE_MAX else lines[: BLOCKS_A_RULE_MAX - 20] + lines[-20:]
        last: Candidate | None = None
        for hit in chosen:
            if last is not None and hit <= last.end:
                last.heads.append((hit, last.heads[-1][1]))
            if hit in noise or (last is not None and hit <= last.end):
                continue
            step = layout.at(hit)
            floor = step.start if step else 0
            if last is not None:
                floor = max(floor, last.end + 1)
            block = grow(log, hit, rule, floor, step.end if step else len(log.lines))
            if block is None:
                continue
            if last is not None and last.step is step and rule.joins and _joins(log, last, block):
                last.end = block.end
                last.blocks += 1
                last.heads.append(_head(hit, block))
                _add_tests(log, last, block)
                continue
            last = Candidate(
                start=block.start,
                end=block.end,
                cause=block.cause,
                kind=rule.kind,
                category=rule.category,
                tool=rule.tool,
                groups=block.groups,
                rule=rule,
                tests=[],
                heads=[_head(hit, block)],
                count=count,
                certain=block.certain,
                step=step,
            )
            _add_tests(log, last, block)
            candidates.append(last)
    return candidates


def _head(hit: int, block: Block) -> tuple[int, str]:
    return max(hit, block.start), block.groups.get("file", "")


def _add_tests(log: CleanLog, candidate: Candidate, block: Block) -> None:
    for name in names_in(candidate.tool, block.groups.get("test"), log, block.start, block.end):
        if name not in candidate.tests:
            candidate.tests.append(name)


def _joins(log: CleanLog, last: Candidate, block: Block) -> bool:
    if block.start - last.end - 1 > JOIN_GAP_LINES_MAX or block.end - last.start >= SPAN_LINES_MAX:
        return False
    between = log.lines[last.end + 1 : block.start]
    return all(_RULED.match(line) for line in between)


def _without_inner(candidates: list[Candidate]) -> list[Candidate]:
    """Drop blocks that lie inside another one; a cascade does not swallow what it restates."""
    kept: list[Candidate] = []
    for candidate in candidates:
        outer = next((k for k in reversed(kept[-8:]) if k.start <= candidate.start and candidate.end <= k.end), None)
        if outer is None:
            kept.append(candidate)
        elif outer.kind in ("cascade", "build") and candidate.kind not in ("cascade", "build"):
            kept[kept.index(outer)] = candidate
    return kept


def _from_signatures(log: CleanLog, found: Found, layout: Layout, noise: set[int]) -> list[Candidate]:
    candidates: list[Candidate] = []
    wrappers = _lines_with_role(found, ("wrapper",))
    for signature, lines, count in found.signatures:
        if signature.role not in ("root", "block", "cascade"):
            continue
        for hit in lines[:60] + lines[60:][-10:]:
            if hit in noise or (
                hit in wrappers and (signature.weight < 0 or signature.role == "block")
            ):  # any tool's error line, and it says nothing
                continue
            step = layout.at(hit)
            start, end = _trail(log, hit, step.end if step else len(log.lines))
            candidates.append(
                Candidate(
                    start=start,
                    end=end,
                    cause=hit,
                    kind=signature.role,
                    category=signature.category,
                    tool=signature.tool,
                    groups=extract(signature, log.lines[hit]),
                    signature=signature,
                    count=count,
                    step=step,
                )
            )
    return _lists_of_findings(_one_a_line(candidates))


def extract(signature: Signature, line: bytes) -> dict[str, str]:
    """Return the named groups that the signature's ``extract`` finds in a line."""
    if not signature.extract:
        return {}
    match = re.search(signature.extract, line[:MATCH_BYTES_MAX].decode("utf-8", "replace"))
    return {k: v.strip() for k, v in match.groupdict().items() if v} if match else {}


def _trail(log: CleanLog, hit: int, ceiling: int) -> tuple[int, int]:
    """Return the line and the deeper indented ones behind it."""
    line = log.lines[hit]
    indent = len(line) - len(line.lstrip())
    end = hit
    for index in range(hit + 1, min(hit + 1 + TRAIL_LINES_MAX, ceiling)):
        text = log.lines[index]
        if not text.strip() or len(text) - len(text.lstrip()) <= indent:
            break
        end = index
    return hit, end


def widen(log: CleanLog, candidate: Candidate) -> None:
    """Take the neighbours of a single line that its tool begins with the same word: ``E:``, ``gpg:``, ``ERROR``.

    Args:
        log: the cleaned log.
        candidate: widened in place; a block has its own rules and stays as it is.
    """
    told = _SPEAKER.match(log.lines[candidate.cause][:MATCH_BYTES_MAX])
    if candidate.rule is not None or candidate.signature is None or told is None:
        return
    floor, ceiling = (candidate.step.start, candidate.step.end) if candidate.step is not None else (0, len(log.lines))

    def same(index: int) -> bool:
        match = _SPEAKER.match(log.lines[index][:MATCH_BYTES_MAX])
        return match is not None and match[1] == told[1]

    above = range(candidate.start - 1, max(floor, candidate.start - SPEAKER_LINES_MAX) - 1, -1)
    below = range(candidate.end + 1, min(ceiling, candidate.end + 1 + SPEAKER_LINES_MAX))
    candidate.start -= sum(1 for _ in takewhile(same, above))
    candidate.end += sum(1 for _ in takewhile(same, below))


_ROLE_ORDER = {"root": 0, "block": 1, "cascade": 2}


def _one_a_line(candidates: list[Candidate]) -> list[Candidate]:
    """Keep the most telling signature of each line."""
    best: dict[int, Candidate] = {}
    for candidate in candidates:
        other = best.get(candidate.cause)
        if other is None or _telling(candidate) > _telling(other):
            best[candidate.cause] = candidate
    return [best[line] for line in sorted(best)]


def _lists_of_findings(candidates: list[Candidate]) -> list[Candidate]:
    """Join the findings of one checker that follow each other."""
    kept: list[Candidate] = []
    for candidate in candidates:
        last = kept[-1] if kept else None
        if (
            last is not None
            and is_finding(candidate)
            and candidate.signature is last.signature
            and candidate.step is last.step
            and candidate.start - last.end - 1 <= FINDING_GAP_LINES_MAX
            and candidate.end - last.start < SPAN_LINES_MAX
        ):
            last.end = candidate.end
            last.blocks += 1
        else:
            kept.append(candidate)
    return kept


def _telling(candidate: Candidate) -> tuple[int, float, int, int]:
    signature = candidate.signature
    if signature is None:
        return (-9, 0.0, 0, 0)
    return (-_ROLE_ORDER[signature.role], signature.weight, len(candidate.groups), len(signature.pattern))


def _attach(blocks: list[Candidate], singles: list[Candidate]) -> None:
    """Give each block the most telling signature among its lines."""
    for block in blocks:
        inside = [s for s in singles if block.start <= s.cause <= block.end]
        if (
            block.kind in ("compile", "test") and len(block.heads) > 1
        ):  # what a later diagnostic or failing test is says nothing of the first
            second = next((head for head, _ in block.heads if head > block.cause), block.end + 1)
            inside = [s for s in inside if s.cause < second]
        if block.category not in _VAGUE:
            inside = [s for s in inside if s.tool == block.tool or not (is_generic(s) and s.category in _VAGUE)]
        if block.category == "deps.build_native":  # a build script that ends with a panic or a trace is no test
            inside = [s for s in inside if s.category not in _OF_A_TEST]
        if not inside:
            continue
        best = max(inside, key=lambda s: (_telling(s), -s.cause))
        block.signature, block.told = best.signature, best.groups
        if block.kind in ("build", "resolve", "cascade") and best.kind == "root":
            block.cause = best.cause
        if block.kind == "build" and best.kind == "cascade":
            block.kind = "cascade"  # nothing in it is more than a consequence
        for name, value in best.groups.items():
            block.groups.setdefault(name, value)
