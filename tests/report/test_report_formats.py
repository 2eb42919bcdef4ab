"""Findings in each format: what is written, and that hostile logs command nothing."""

import json
import re
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exlogare_ci.analysis.model import Analysis, EvidenceLine, ScoreTerm, SecondaryCause
from exlogare_ci.cli.output import FORMATS
from exlogare_ci.report.finding import Finding, confidence_word
from exlogare_ci.report.github import SUMMARY_BYTES_MAX, annotation, step_summary
from exlogare_ci.report.location import Location, source_location
from exlogare_ci.report.markdown import render_markdown
from exlogare_ci.report.reporters import REPORTERS
from exlogare_ci.report.text import Role, render_text
from tests.report.test_report_neutralise import HOSTILE, assert_harmless

FULL: Final = Finding(
    file="logs/build.log",
    log_bytes_omitted=7,
    workspace="/home/ci/shop",
    analysis=Analysis(
        failed=True,
        root_cause="test_total failed: assert 7 == 8",
        explanation="The test compares the total with 8.\nOne more test failed with it.",
        fix_suggestion="Correct total() in shop/cart.py or the expectation in the test.",
        severity="medium",
        confidence=0.91,
        category="code.test",
        cause_line=12,
        spans=((10, 12),),
        evidence=(
            EvidenceLine(9, "def test_total():"),
            EvidenceLine(11, ">   assert total() == 8"),
            EvidenceLine(12, "/home/ci/shop/tests/test_cart.py:5: AssertionError"),
        ),
        failed_tests=("tests/test_cart.py::test_total", "tests/test_cart.py::test_empty"),
        secondary=(
            SecondaryCause("deps.resolve", 30, "no such version"),
            SecondaryCause("unknown", None, "x"),
        ),
        fingerprint="v1:0123456789abcdef",
        tool="pytest",
        needs_more_context=True,
        missing_context_hint="the output of the coverage step",
        transient=True,
        owner="platform",
        score=(ScoreTerm("specificity", 2.0), ScoreTerm("rarity", -0.25)),
    ),
)
PASSED: Final = Finding(
    file="-",
    analysis=Analysis(
        failed=False, root_cause="No failure was found.", explanation="Nothing.", fix_suggestion="Nothing."
    ),
)


def test_text_of_a_full_finding() -> None:
    """Cause, place, failing lines with their numbers, why, fix, and what else there is to know."""
    assert (
        render_text(FULL, explain=True)
        == """\
== logs/build.log
Root cause: test_total failed: assert 7 == 8
Where:      tests/test_cart.py:5, line 12 of the log (pytest, code.test, confidence high)

     9 | def test_total():
       | ...
    11 | >   assert total() == 8
  > 12 | /home/ci/shop/tests/test_cart.py:5: AssertionError

Why:        The test compares the total with 8.
            One more test failed with it.
Fix:        Correct total() in shop/cart.py or the expectation in the test.
Tests:      tests/test_cart.py::test_total
            tests/test_cart.py::test_empty
Also:       line 30: no such version (deps.resolve)
Also:       x (unknown)
Note:       It may be transient: a retry may help.
Note:       It looks like a matter of the build platform, not of the code.
Note:       Not certain. The log lacks: the output of the coverage step
Note:       7 bytes in the middle of the log were not analysed.
Score:      +2.00 specificity
Score:      -0.25 rarity
"""
    )


def test_markdown_of_a_full_finding() -> None:
    """The same as Markdown, log text escaped or in a code block."""
    assert (
        render_markdown(FULL, explain=True)
        == """\
### logs/build.log: test\\_total failed: assert 7 == 8

tests/test\\_cart.py:5, line 12 of the log (pytest, code.test, confidence high)

```text
 9 | def test_total():
11 | >   assert total() == 8
12 | /home/ci/shop/tests/test_cart.py:5: AssertionError
```

**Why:** The test compares the total with 8. One more test failed with it.

**Fix:** Correct total() in shop/cart.py or the expectation in the test.

**Failing tests:**

- tests/test\\_cart.py::test\\_total
- tests/test\\_cart.py::test\\_empty

**Also:** no such version (deps.resolve)

**Also:** x (unknown)

**Note:** It may be transient: a retry may help.

**Note:** It looks like a matter of the build platform, not of the code.

**Note:** Not certain. The log lacks: the output of the coverage step

**Note:** 7 bytes in the middle of the log were not analysed.

```text
+2.00 specificity
-0.25 rarity
```
"""
    )


def test_json_of_a_full_finding() -> None:
    """The documented object, its fields in their order; the score on demand only."""
    record = json.loads(REPORTERS["json"](FULL))

    assert list(record) == [
        "file", "failed", "root_cause", "explanation", "fix_suggestion", "severity", "confidence", "category",
        "cause_line", "spans", "evidence", "failed_tests", "secondary", "fingerprint", "tool",
        "needs_more_context", "missing_context_hint", "transient", "owner", "log_bytes_omitted",
    ]  # fmt: skip
    analysis = json.loads(msgspec.json.encode(FULL.analysis))
    assert record == {name: analysis.get(name) for name in record} | {"file": "logs/build.log", "log_bytes_omitted": 7}
    assert json.loads(REPORTERS["jsonl"](FULL)) == record
    explained = json.loads(REPORTERS["jsonl"](FULL, explain=True))
    assert explained == {**analysis, **record}
    assert explained["score"][0] == {"name": "specificity", "value": 2.0}
    assert record["spans"] == [[10, 12]]
    assert record["evidence"][0] == {"line": 9, "text": "def test_total():"}
    assert REPORTERS["jsonl"](FULL).count("\n") == 1


def test_passing_log() -> None:
    """A log without a failure is said so, without evidence, fix or annotation."""
    assert render_text(PASSED) == "== -\nResult:     No failure was found.\n"
    assert render_markdown(PASSED) == "### -: No failure was found.\n"
    assert json.loads(REPORTERS["json"](PASSED))["failed"] is False
    assert annotation(PASSED) == ""


def test_formats_of_the_command_line_are_the_reporters() -> None:
    """What ``--format`` offers is the table of reporters."""
    assert tuple(REPORTERS) == FORMATS


def test_colours_mark_roles_and_change_no_text() -> None:
    """The style is asked for each part, and what it returns is printed."""

    def marked(text: str, role: Role) -> str:
        return f"<{role}>{text}</>"

    styled = render_text(FULL, style=marked)

    assert "<cause>test_total failed: assert 7 == 8</>" in styled
    assert re.sub(r"<\w+>|</>", "", styled) == render_text(FULL)


@pytest.mark.parametrize(("confidence", "word"), [(0, "low"), (0.45, "medium"), (0.75, "high"), (1, "high")])
def test_confidence_in_a_word(confidence: float, word: str) -> None:
    """The limits of the words."""
    assert confidence_word(confidence) == word


HOSTILE_FINDINGS: Final = st.builds(
    Finding,
    file=st.one_of(st.none(), HOSTILE),
    analysis=st.builds(
        Analysis,
        failed=st.booleans(),
        root_cause=HOSTILE,
        explanation=HOSTILE,
        fix_suggestion=HOSTILE,
        cause_line=st.one_of(st.none(), st.integers(1, 9)),
        evidence=st.lists(st.builds(EvidenceLine, st.integers(1, 9), HOSTILE), max_size=4).map(tuple),
        failed_tests=st.lists(HOSTILE, max_size=3).map(tuple),
        secondary=st.lists(st.builds(SecondaryCause, HOSTILE, st.none(), HOSTILE), max_size=2).map(tuple),
        tool=st.one_of(st.none(), HOSTILE),
        needs_more_context=st.booleans(),
        missing_context_hint=st.one_of(st.none(), HOSTILE),
        score=st.lists(st.builds(ScoreTerm, HOSTILE, st.just(1.0)), max_size=2).map(tuple),
    ),
)


@given(HOSTILE_FINDINGS, st.sampled_from(["text", "markdown"]), st.booleans())
def test_hostile_findings_command_nothing(finding: Finding, name: str, explain: bool) -> None:
    """Whatever a log made of a finding, no line for people is a command for a CI service."""
    assert_harmless(REPORTERS[name](finding, explain=explain))


@given(HOSTILE_FINDINGS)
def test_hostile_findings_stay_one_annotation(finding: Finding) -> None:
    """A finding cannot break out of its annotation: one line, two separators, escaped."""
    command = annotation(finding)

    if not finding.analysis.failed:
        assert command == ""
        return
    assert re.fullmatch(r"::error (?:\w+=[^:,\n\r]*,?)+::[^\n\r]*\n", command)
    assert_harmless(command.removeprefix("::error"))


@given(HOSTILE_FINDINGS)
def test_hostile_findings_cannot_leave_their_code_block(finding: Finding) -> None:
    """The fence is longer than any run of backticks inside it."""
    blocks = re.compile(r"^(`{3,})text\n(.*?)\n\1$", re.DOTALL | re.MULTILINE)
    for fence, block in blocks.findall(render_markdown(finding)):
        assert fence not in block


def test_annotation_of_a_full_finding() -> None:
    """File relative to the workspace, line, title and message, escaped as the toolkit does."""
    assert annotation(FULL) == (
        "::error file=tests/test_cart.py,line=5,title=Root cause (pytest%2C code.test%2C confidence high)"
        "::test_total failed: assert 7 == 8%0A%0AThe test compares the total with 8.%0A"
        "One more test failed with it.%0A%0A"
        "Fix: Correct total() in shop/cart.py or the expectation in the test.\n"
    )


def test_step_summary_fits_the_room() -> None:
    """The whole finding where there is room, else its headline, else nothing."""
    whole = render_markdown(FULL)

    assert step_summary(FULL, SUMMARY_BYTES_MAX) == whole
    assert step_summary(FULL, len(whole.encode())) == whole
    assert step_summary(FULL, len(whole.encode()) - 1) == whole.split("\n")[0] + "\n"
    assert step_summary(FULL, 10) == ""
    assert step_summary(FULL, -5) == ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("src/app.c:3:5: error: x", Location("src/app.c", 3, 5), id="gcc"),
        pytest.param("./lib/a.rb:12:in `b'", Location("lib/a.rb", 12), id="ruby"),
        pytest.param("  --> src/main.rs:4:9", Location("src/main.rs", 4, 9), id="rustc"),
        pytest.param('  File "pkg/mod.py", line 7, in f', Location("pkg/mod.py", 7), id="python"),
        pytest.param("Program.cs(12,34): error CS0103: x", Location("Program.cs", 12, 34), id="msbuild"),
        pytest.param("src/a.ts(3,1): error TS2304", Location("src/a.ts", 3, 1), id="tsc"),
        pytest.param("[ERROR] /home/ci/shop/src/A.java:[9,8] error: x", Location("src/A.java", 9, 8), id="maven"),
        pytest.param("C:\\w\\app.cpp(8): error C2065", Location("C:/w/app.cpp", 8), id="windows"),
        pytest.param("at file:///home/ci/shop/a.mjs:3:4", Location("a.mjs", 3, 4), id="file-url"),
        pytest.param("at f (/home/ci/shop/node_modules/x/i.js:1:2)", None, id="dependency"),
        pytest.param("GET http://registry.example.com:8080 failed", None, id="url"),
        pytest.param("listening on 127.0.0.1:8080", None, id="address"),
        pytest.param("took 12.5:3", None, id="numbers"),
        pytest.param("a.py:0: x", None, id="line-zero"),
        pytest.param("no place at all", None, id="none"),
    ],
)
def test_source_locations(line: str, expected: Location | None) -> None:
    """The place in the source is read from the forms that tools print."""
    analysis = msgspec.structs.replace(FULL.analysis, root_cause="r", cause_line=1, evidence=(EvidenceLine(1, line),))

    assert source_location(msgspec.structs.replace(FULL, analysis=analysis)) == expected


@given(HOSTILE, st.one_of(st.none(), HOSTILE))
def test_source_location_takes_any_text(line: str, workspace: str | None) -> None:
    """No text of a log and no workspace makes it fail."""
    analysis = msgspec.structs.replace(FULL.analysis, root_cause=line, evidence=(EvidenceLine(12, line),))

    found = source_location(Finding(analysis=analysis, workspace=workspace))

    assert found is None or found.line > 0
