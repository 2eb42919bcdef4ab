"""The engine on what real tools print: logs recorded by ``scripts/record_tool_logs.py``, labelled by people.

A case is ``logs/<tool>__<what happens>.log`` and a label of the same name, which was written from the log alone. What
the engine gets wrong today stands in ``KNOWN_WRONG``; a case that is repaired has to leave it.
"""

import functools
import json
from pathlib import Path
from typing import Any, Final

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.model import CATEGORIES, Analysis

LOGS: Final = Path(__file__).parent / "logs"
LOG_BYTES_MAX: Final = 200_000
CASES: Final = tuple(sorted(path.stem for path in LOGS.glob("*.log")))

KNOWN_WRONG: Final[dict[str, str]] = {
    "ava__assert": "a ruling line is taken for the message and pointed at",
    "catch2__fail": "the names of Catch2's test cases and sections are not read",
    "ctest__fail": "the summary's heading is taken for the cause; the test under it and its output are not read",
    "go__compile_error": "an unused import and an unknown field are called code.type",
    "go__subtests": "the failing parent is taken, not the failing subtest and its message",
    "go__timeout": "the test under 'running tests:' is not named; the title's sentence is broken",
    "go__vet": "vet's messages without their '# package' heading are taken for compile errors",
    "jest__suite_fails_to_run": "'Test suite failed to run' is taken for a test's name; the message under it is not read",
    "maven__compile_error": "'cannot find symbol' is code.type through Maven and code.compile through javac",
    "mocha__assert": "only the first of two numbered failures is named",
    "node__syntax_error": "the file of a SyntaxError is taken from the stack, not from the line above the source excerpt",
    "nodetest__pass_misleading": "a TODO test under 'failing tests:' is no failure; '# fail 0' is not heeded",
    "nodetest__tap": "failureType is taken for the message, not the text of 'error: |-'",
    "pip__build_failure": "a header missing in a failed wheel build is deps.not_found, not deps.build_native",
    "pip__hash_mismatch": "the requirement under the hash complaint is not read",
    "python__traceback_chained": "the last exception of a chain is pointed at, not the first",
    "tsc__errors": "TS2307 on a relative path is called a missing package",
    "vite__unresolved_import": "the heading 'error during build:' is taken, not the line under it",
    "vitest__pass_misleading": "a stack trace on stderr in a passing run is called a crash",
}


def label_of(case: str) -> dict[str, Any]:
    """What a person expects of the engine for a case."""
    expect: dict[str, Any] = json.loads((LOGS / f"{case}.json").read_text(encoding="utf-8"))["expect"]
    return expect


@functools.cache
def analysis_of(case: str) -> Analysis:
    """What the engine says of a case."""
    return analyze((LOGS / f"{case}.log").read_bytes())


def mistakes(expect: dict[str, Any], analysis: Analysis) -> list[str]:
    """Everything in which an analysis differs from its label; empty when it is right."""
    if analysis.failed != expect["failed"]:
        return [f"failed is {analysis.failed}: {analysis.cause_line}: {analysis.root_cause}"]
    if not expect["failed"]:
        return []
    found = []
    if analysis.category not in expect["category"]:
        found.append(f"category {analysis.category}, not {' or '.join(expect['category'])}")
    if not any(start <= (analysis.cause_line or 0) <= end for start, end in expect["cause_lines"]):
        found.append(f"cause line {analysis.cause_line}, not in {expect['cause_lines']}")
    named = "\n".join(analysis.failed_tests)
    found += [f"test {test!r} not named" for test in expect["failed_tests"] if test not in named]
    found += [
        f"{name!r} not in {analysis.root_cause!r}" for name in expect["must_mention"] if name not in analysis.root_cause
    ]
    return found


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(name, marks=[pytest.mark.xfail(reason=KNOWN_WRONG[name])] if name in KNOWN_WRONG else [])
        for name in CASES
    ],
)
def test_engine_explains_a_real_tools_failure(case: str) -> None:
    """Whether it failed, the category, the line, the tests and the names are those that a person gave."""
    assert mistakes(label_of(case), analysis_of(case)) == []


def test_labels_are_whole() -> None:
    """Every log has a label, every label has a log, and what a label says can be true of its log."""
    labels = sorted(path.stem for path in LOGS.glob("*.json"))
    assert labels == list(CASES)
    assert set(KNOWN_WRONG) <= set(CASES)

    for case in CASES:
        log = (LOGS / f"{case}.log").read_bytes()
        expect = label_of(case)
        lines = log.count(b"\n") + 1
        assert 0 < len(log) <= LOG_BYTES_MAX, case
        if expect["failed"]:
            assert set(expect) == {"failed", "category", "cause_lines", "span", "failed_tests", "must_mention"}, case
            assert set(expect["category"]) <= set(CATEGORIES), case
            assert expect["cause_lines"], case
            assert all(1 <= start <= end <= lines for start, end in [*expect["cause_lines"], expect["span"]]), case
        else:
            assert set(expect) == {"failed"}, case


def test_count_of_right_cases(capsys: pytest.CaptureFixture[str]) -> None:
    """As many cases are right as ``KNOWN_WRONG`` leaves; the count is printed whatever is captured."""
    wrong = {case for case in CASES if mistakes(label_of(case), analysis_of(case))}
    passing = [case for case in CASES if not label_of(case)["failed"]]

    with capsys.disabled():
        print(  # noqa: T201 - one line, so that a change of the engine is seen in numbers
            f"\nreal tools: {len(CASES) - len(wrong)} of {len(CASES)} logs right, "
            f"{len(wrong & set(passing))} of {len(passing)} passing logs called failed"
        )
    assert wrong == set(KNOWN_WRONG)
