"""What the engine makes of tools that no signature and no block rule knows: invented ones, in forms that tools use."""

import functools
import time

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.catalog import Catalog, Found
from exlogare_ci.analysis.fallback import last_resort
from exlogare_ci.analysis.model import Analysis
from exlogare_ci.analysis.scan import Scanner
from exlogare_ci.analysis.sections import ANCHORS, Step
from exlogare_ci.analysis.signatures import ci_travis, make, wrappers
from exlogare_ci.analysis.text import clean


@functools.cache
def catalog_without_tools() -> Catalog:
    """A catalogue that knows Travis CI, Make and how scripts say that they ended, and no tool."""
    signatures = ci_travis.SIGNATURES + make.SIGNATURES + wrappers.SIGNATURES
    return Catalog(signatures, (), Scanner([s.pattern for s in signatures] + list(ANCHORS.values()), None))


def failed_step(output: str) -> Analysis:
    """The analysis of a failing command's output, within what Travis CI writes round it."""
    log = f'$ frob all\n{output}The command "frob all" exited with 1.\n\nDone. Your build exited with 1.\n'
    return analyze(log.encode(), using=catalog_without_tools())


@pytest.mark.parametrize(
    ("output", "cause", "span", "category", "tests"),
    [
        pytest.param(
            "frob 3.1\n  ok 14 plans\n\nThere was 1 failure:\n\n1) PlanTest: merges two plans\n"
            "Expected the plan to have 2 parts\nbut it has 3\n    at plan.frob:14\n\n14 plans, 1 failure\n",
            7,
            (7, 10),
            "code.test",
            ("PlanTest: merges two plans",),
            id="numbered",
        ),
        pytest.param(
            "plan a ... ok\nplan b ... FAILED\nplan c ... ok\nrun ended\n",
            3,
            (3, 3),
            "code.test",
            ("plan b",),
            id="status behind the name",
        ),
        pytest.param(
            "reading\nsrc/plan.frob:3:7: error: no such part\n    part x\n         ^\n"
            "src/plan.frob:9:1: error: no such part\n    part y\n         ^\nreading ended\n",
            3,
            (3, 8),
            "code.compile",
            (),
            id="places",
        ),
        pytest.param(
            "reading\nfrob aborted!\nno plan.frob in this folder\n  looked for: plan.frob\n\nusage: frob [plan]\n",
            4,
            (3, 5),
            "unknown",
            (),
            id="bare header",
        ),
        pytest.param(
            "reading\nWARNING: cannot find plan.frob, an empty one is used\nthe plan is invalid: no parts\nleft\n",
            4,
            (4, 4),
            "unknown",
            (),
            id="warning before",
        ),
    ],
)
def test_the_block_of_an_unknown_tool_is_found_by_its_shape(
    output: str, cause: int, span: tuple[int, int], category: str, tests: tuple[str, ...]
) -> None:
    """Marks of tests, places, headers and words give the line, the block, the kind and the names; never certainty."""
    analysis = failed_step(output)

    assert (analysis.cause_line, analysis.spans, analysis.category, analysis.failed_tests) == (
        cause,
        (span,),
        category,
        tests,
    )
    assert analysis.confidence < 0.7


def test_what_went_wrong_before_the_first_failure_is_told_counts_more() -> None:
    """A script that runs on behind the command that failed buries its words under later ones."""
    output = (
        "planning a\n\nerror: the plan of a does not exist\nexit code 1\nplanning b\n\nerror: b has no cache\n"
        + "planned b\n" * 40
    )

    assert failed_step(output).cause_line == 4


def test_words_of_an_unknown_tool_take_the_category_that_the_build_tool_behind_them_tells() -> None:
    """Make knows what kind of thing failed, the tool's own words say which."""
    output = "frob: cannot join the parts\nmake: *** [Makefile:2: join] Error 1\n"

    analysis = failed_step(output)

    assert analysis.cause_line == 2
    assert analysis.category == failed_step("make: *** [Makefile:2: join] Error 1\n").category


@pytest.mark.parametrize(
    "unit", ["error: ", "FAIL a\n", "  1) x\n", "a/b:1: x\n", "expected but\n", "\\./a:", "... FAILED\n"]
)
def test_shapes_are_found_in_linear_time(unit: str) -> None:
    """Four times the text takes about four times as long, for openings of shapes repeated for ever."""

    def seconds(size: int) -> float:
        log = clean((unit * (size // len(unit))).encode())
        start = time.process_time()
        last_resort(log, Step(start=0, end=len(log.lines), exit_code=1), Found([], [], {}), set())
        return time.process_time() - start

    seconds(1_000)
    small, large = min(seconds(100_000) for _ in range(3)), seconds(400_000)

    assert large < 12 * small + 0.1


ALARMING = (
    "error: could not open the cache, planning without\nFAILED to load an optional part\nplan b ... FAILED (expected)\n"
    "Traceback (most recent call last):\nKeyError: 'caught and logged'\nplanned 3 parts"
)


@pytest.mark.parametrize(
    "log",
    [
        pytest.param(f"##[group]Run frob\nfrob\n##[endgroup]\n{ALARMING}\nPost job cleanup.\n", id="github"),
        pytest.param(
            f"section_start:1700000000:step_script\r\n$ frob\n{ALARMING}\nsection_end:1700000009:step_script\r\n"
            "Job succeeded\n",
            id="gitlab",
        ),
        pytest.param(
            f"[Pipeline] {{\n[Pipeline] sh\n+ frob\n{ALARMING}\n[Pipeline] }}\nFinished: SUCCESS\n", id="jenkins"
        ),
        pytest.param(f"##[section]Starting: frob\n{ALARMING}\n##[section]Finishing: frob\n", id="azure"),
        pytest.param(f"~~~ Preparing\n$ cd build\n~~~ Running commands\n$ frob\n{ALARMING}\n", id="buildkite"),
        pytest.param(
            f'$ frob\n{ALARMING}\n\nThe command "frob" exited with 0.\n\nDone. Your build exited with 0.\n', id="travis"
        ),
    ],
)
def test_alarming_words_fail_no_build_that_its_runner_calls_passed(log: str) -> None:
    """What an unknown tool prints does not weigh up the word of the CI service."""
    assert not analyze(log.encode(), using=catalog_without_tools()).failed
    assert not analyze(log.encode()).failed
