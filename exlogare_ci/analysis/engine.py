"""The chain from a raw log to its root cause."""

import msgspec

from exlogare_ci.analysis.candidate import Candidate, collect, noise_blocks
from exlogare_ci.analysis.catalog import Catalog, Found, catalog
from exlogare_ci.analysis.chains import settle_chains
from exlogare_ci.analysis.fallback import closing_lines, last_resort, telling_exit
from exlogare_ci.analysis.masking import mask
from exlogare_ci.analysis.model import Analysis
from exlogare_ci.analysis.result import failure, no_failure, silence
from exlogare_ci.analysis.score import is_tolerated, score
from exlogare_ci.analysis.sections import Layout, Step, read_layout
from exlogare_ci.analysis.text import CleanLog, clean
from exlogare_ci.analysis.verdict import has_failed
from exlogare_ci.analysis.weights import LAST_RESORT_POINTS_MAX

_TOLD_WHOLE = frozenset({"test", "compile", "lint", "list", "resolve"})
"""Kinds of blocks whose rules know their first and last line: a shape that reaches beyond them says less."""


def analyze(
    log: bytes, *, using: Catalog | None = None, known_failed: bool | None = None, exit_code: int | None = None
) -> Analysis:
    """Find the root cause in a raw log.

    Args:
        log: the log as the CI service gave it, any encoding, any size (10 MiB is the design limit).
        using: a catalogue with the user's own signatures; the built-in one when left out.
        known_failed: how the job ended, where the caller knows it better than the log, e.g. from the status that
            the CI service gave.
        exit_code: what the command ended with whose output the log is; another one than 0 means ``known_failed``.

    Returns:
        The analysis; never raises for any bytes.
    """
    text = clean(log, mask)  # masked before anything is cut out: a piece of a token, or of a key, is not known for one
    found = (using or catalog()).find(text)
    if exit_code:
        known_failed = True
    layout = read_layout(text, found.marks)
    if known_failed:
        layout = _as_failed(text, layout, exit_code or 1)
    candidates = collect(text, found, layout)
    settle_chains(text, candidates)
    score(text, candidates, layout)
    if max((c.score for c in candidates), default=0.0) < LAST_RESORT_POINTS_MAX:
        candidates += _last_resort(text, layout, found, candidates)
        score(text, candidates, layout)
    candidates.sort(key=lambda c: (-c.score, c.start))
    if not (has_failed(text, found, layout, candidates) if known_failed is None else known_failed):
        return no_failure(text, layout)
    if not candidates:
        return silence(text)
    return failure(text, candidates, found, layout)


def _as_failed(log: CleanLog, layout: Layout, exit_code: int) -> Layout:
    """Return the layout with a failing step, where the log has none and the caller knows that there is one."""
    if layout.failing() is not None:
        return layout
    steps = list(layout.steps)
    open_ends = [k for k, step in enumerate(steps) if step.exit_code is None and not step.after]
    if open_ends:
        last = steps[open_ends[-1]]
        steps[open_ends[-1]] = msgspec.structs.replace(last, exit_code=exit_code)
    elif not steps:
        steps = [Step(start=0, end=len(log.lines), exit_code=exit_code)]
    return Layout(ci=layout.ci, steps=tuple(steps), passed=False)


def _last_resort(log: CleanLog, layout: Layout, found: Found, candidates: list[Candidate]) -> list[Candidate]:
    """Return what can be said of the failing step without knowing its tool."""
    step = layout.failing()
    tolerated = [c for c in candidates if is_tolerated(c)]
    closing = closing_lines(found) | noise_blocks(log, found)
    closing |= {line for c in tolerated for line in range(c.start, c.end + 1)}
    taken = [(c.start, c.end) for c in candidates if c not in tolerated]
    whole = [
        (c.start, c.end) for c in candidates if c not in tolerated and c.rule is not None and c.kind in _TOLD_WHOLE
    ]
    extra = [
        c
        for c in last_resort(log, step, found, closing)
        if not any(c.start <= a and b <= c.end for a, b in (taken if c.kind == "tail" else whole))
    ]
    extra = [c for c in extra if not any(known.start <= c.cause <= known.end for known in candidates)]
    _take_category(extra, candidates)
    told = telling_exit(log, step) if step is not None else None
    return extra if told is None else [*extra, told]


def _take_category(extra: list[Candidate], candidates: list[Candidate]) -> None:
    """Give words that say nothing of their kind the category of the build tool's word behind them about what failed."""
    told = [c for c in candidates if c.kind == "cascade" and c.category != "unknown"]
    for words in extra:
        behind = (c.category for c in told if c.step is words.step and c.start > words.end)
        if words.category == "unknown":
            words.category = next(behind, "unknown")
