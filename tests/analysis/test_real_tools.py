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
from scripts.record.case import load_cases
from scripts.record.labels import label_text
from scripts.record.normalise import leaks
from scripts.record.wrapping import WRAPPED, name_of, wrap

LOGS: Final = Path(__file__).parent / "logs"
LOG_BYTES_MAX: Final = 200_000
CASES: Final = tuple(sorted(path.stem for path in LOGS.glob("*.log")))

KNOWN_WRONG: Final[dict[str, str]] = {
    "ansible__pass_misleading": "'...ignoring' after a task's 'fatal:' and 'failed=0' in the recap are not heeded",
    "ansible__syntax_error": "the file and line of the YAML error further down are not read",
    "ansible__task_fails": "the task's name above 'fatal:' and the command are not named",
    "bandit__issue": "the Location line of the issue is not read",
    "bash__segfault": "bash's report names the program that crashed; the title does not",
    "bash__syntax_error": "the script's name before ': line N:' is not named",
    "bash__timeout_124": "'ended with status 124' after a wait is no sign of failure",
    "buildah__run_fails": "a RUN step of buildah that fails: 'Error: building at STEP …: exit status 1'",
    "busted__fail": "the line under 'Failure -> file @ line' is the test's name",
    "ci_buildkite__cargo_pass_misleading": "Buildkite's time marks are not stripped; a pre-exit hook's error in a passing job is a failure",
    "ci_buildkite__go_panic": "Buildkite's time marks (ESC _bk;t=… BEL) are not stripped, so no line is known",
    "ci_buildkite__rspec_fail": "Buildkite's time marks (ESC _bk;t=… BEL) are not stripped, so no line is known",
    "ci_drone__go_compile_error": "Drone's [step:N] prefix hides the compiler's lines",
    "ci_drone__go_pass_misleading": "the cleanup step's error in a passing job is called a failure",
    "ci_plain__mypy_errors": "a failing clean-up after the step wins over mypy's errors",
    "ci_teamcity__gradle_compile_error": "javac's 'symbol:' line is not read under Gradle",
    "clang_format__check": "-Wclang-format-violations is formatting, not a compile error",
    "cppcheck__error": "cppcheck's ids in brackets are lint, not a compile error",
    "curl__pass_misleading": "curl's failure is answered by '||' and the next curl succeeds",
    "esbuild__error": "the place under '✘ [ERROR]' is not read",
    "git__dns": "'unable to access …: Could not resolve host' is network.connect, not network.dns",
    "git__pass_misleading": "git's failure is answered by '||'",
    "git__push_rejected": "' ! [rejected] … (fetch first)' has no rule; git's 'error:' is taken for rustc's",
    "git__rebase_conflict": "git's 'error: could not apply' is taken for rustc's; CONFLICT above it is the cause",
    "git__ssh_refused": "'Could not read from remote repository' hides ssh's refused connection above it",
    "go__vet": "vet's messages without their '# package' heading are called compile errors",
    "gradle__compile_error": "javac's 'symbol:' line is not read under Gradle",
    "gradle__task_exec_fails": "an Exec task's failure and what the command printed after ':task' are unknown",
    "java__stack_trace": "the deepest 'Caused by' is the cause, not the first line of the trace",
    "maven__enforcer": "the message under 'failed with message:' is not read",
    "maven__kotlin_error": "the restatement after BUILD FAILURE is pointed at, not the compiler's own line",
    "protoc__error": "protoc's 'file:line:column: message' has no rule",
    "pytest__cov_fail_under": "'FAIL Required test coverage of 80% not reached' with all tests passed",
    "rake__fail": "rake's wrapper is pointed at, not the command's message above",
    "rspec__load_error": "the message under 'LoadError:' is not read",
    "rspec__pass_misleading": "RSpec's Pending block (Failures listed here are expected) is called a failure",
    "sqlite__error": "sqlite3's 'Parse error near line N' has no rule",
    "tar__no_space": "tar's 'Wrote only N of M bytes' has no rule",
    "terraform__provider_unreachable": "'no such host' in the box under the error is not read",
    "terraform__undeclared": "an undeclared variable is code.compile, and not named",
    "testthat__fail": "the test's name after 'Failure (file:line):' is not read",
    "uv__conflict": "uv's 'No solution found' is taken for rustc's; 'cause: Because …' is not read",
    "uv__no_version": "uv's 'No solution found' is taken for rustc's; 'cause: Because …' is not read",
    "valgrind__leak": "valgrind's ERROR SUMMARY is pointed at, not the leak",
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
