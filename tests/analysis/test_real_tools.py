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
from scripts.record.case import Case, load_cases, parse_cases
from scripts.record.labels import label_text
from scripts.record.normalise import leaks, normalise
from scripts.record.wrapping import WRAPPED, name_of, wrap

LOGS: Final = Path(__file__).parent / "logs"
LOG_BYTES_MAX: Final = 200_000
CASES: Final = tuple(sorted(path.stem for path in LOGS.glob("*.log")))

KNOWN_WRONG: Final[dict[str, str]] = {
    "ci_plain__pipeline_server_not_up": "the service's traceback explains the later refused connections",
    "git__pass_misleading": "git's failure is answered by '||'",
    "pipeline__server_not_up": "the service's traceback explains the later refused connections",
    "python__logged_then_exit": "a single logged ERROR before the end is no sign of failure",
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


def test_logs_belong_to_cases() -> None:
    """Every log is recorded by a case of the recorder or wrapped by it, and holds no path of the recording machine."""
    recorded, wrapped = set(load_cases()), {name_of(service, case) for service, case in WRAPPED}

    assert recorded | wrapped == set(CASES)
    assert {case: found for case in recorded if (found := leaks((LOGS / f"{case}.log").read_bytes()))} == {}


@pytest.mark.parametrize(("service", "case"), WRAPPED, ids=[name_of(*pair) for pair in WRAPPED])
def test_wrapped_logs_follow_the_recorded_ones(service: str, case: str) -> None:
    """A log in a CI service's form is what the recorder makes of the recorded log and its label today."""
    log, label = wrap(service, case, LOGS)
    path = LOGS / f"{name_of(service, case)}.log"

    assert path.read_bytes() == log, "make it anew: python -m scripts.record_tool_logs --wrap"
    assert path.with_suffix(".json").read_text(encoding="utf-8") == label_text(label)


def test_case_files_are_read_whole() -> None:
    """A case has its keys and its files; a key that nobody knows is refused."""
    keys = "needs: py node\nversion: v\nrun: one\nrun: two\nexit: 0\nenv: A=b=c\n"
    text = f"Remark.\n\n=== a__b\n{keys}-- d/e.py --\nx\n\n-- f --\n"

    assert parse_cases(text) == [
        Case("a__b", "one\ntwo", "v", ("py", "node"), (), {"A": "b=c"}, fails=False, files={"d/e.py": "x\n", "f": ""})
    ]
    with pytest.raises(ValueError, match="case a: no key 'runs'"):
        parse_cases("=== a\nruns: x\n")


def test_recorded_logs_keep_no_folder_of_the_machine() -> None:
    """Longer folders are replaced first, registries lose their hosts, and what is left over is told."""
    log = b"at /w/x/src/a.py and /w/x/b, GET https://registry.npmjs.org/c\n"

    kept = normalise(log, [("/w/x", "/builds"), ("/w/x/src", "/src")])

    assert kept == b"at /src/a.py and /builds/b, GET https://npm.example.com/c\n"
    assert leaks(kept) == []
    assert leaks(b"open '/root/a'") == ["/root/a"]


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
