"""What a script says not to matter, and which line of its last words does."""

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.confidence import UNKNOWN_TOOL_CONFIDENCE_MAX


def failed_step(*output: str) -> bytes:
    """The output of a failing command, within what GitLab writes round it."""
    return "\n".join(["$ ./frob all", *output, "ERROR: Job failed: exit code 1", ""]).encode()


REFUSED = "curl: (7) Failed to connect to api port 443: Connection refused"
LAST = "ship: the target eu is not described in targets.toml"


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        pytest.param((REFUSED, "the API is optional", "packing 3 plans", LAST), 5, id="behind it"),
        pytest.param((f"{REFUSED} (ignored)", "packing 3 plans", LAST), 4, id="in its own line"),
        pytest.param(("a failure here is tolerated:", REFUSED, "packing 3 plans", LAST), 5, id="above it"),
        pytest.param((REFUSED, "the API came up at the 2nd try", "packing 3 plans", LAST), 5, id="tried again"),
        pytest.param((REFUSED, "1 call failed", "not blocking", "packing 3 plans", LAST), 6, id="behind its count"),
        pytest.param((REFUSED, REFUSED, "the API is there", LAST), 5, id="polled"),
        pytest.param((REFUSED, "packing 3 plans", "packed"), 2, id="not said"),
    ],
)
def test_what_a_script_tolerates_is_not_what_ended_it(output: tuple[str, ...], cause: int) -> None:
    """Words that a failure does not matter count against it, next to it only."""
    assert analyze(failed_step(*output)).cause_line == cause


def test_a_tolerated_failure_is_never_sure() -> None:
    """Where nothing better is found it is shown, as a guess."""
    log = failed_step(
        "== types (not enforced yet)", "app/a.py:3: error: Name x is not defined  [name-defined]", "mypy ended"
    )

    assert analyze(log).confidence <= UNKNOWN_TOOL_CONFIDENCE_MAX


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        pytest.param(
            ("reading 3 plans", "a.frob differs from b.frob", "c.frob is as b.frob", "ended"), 3, id="negative"
        ),
        pytest.param(
            ("reading 3 plans", "a.frob differs from b.frob", "2 of 3 plans are alike"), 3, id="before a count"
        ),
        pytest.param(("counting parts", "7 parts, at most 5 are wanted"), 3, id="only a count"),
        pytest.param(('a.frob:3 "teh" -> "the"', 'b.frob:9 "fo" -> "of"', "2 wrong words in 9 plans"), 2, id="a list"),
        pytest.param(("plan a: hint: no parts", "plan b: parts are too large", "left"), 3, id="behind a hint"),
        pytest.param(("reading", "left"), 3, id="nothing telling"),
    ],
)
def test_the_telling_line_of_the_last_words_is_pointed_at(output: tuple[str, ...], cause: int) -> None:
    """What is not as it should be says more than what was done, and than how often."""
    assert analyze(failed_step(*output)).cause_line == cause


@pytest.mark.parametrize(
    ("output", "failed"),
    [
        pytest.param((f"{REFUSED}, ignored", "packed 3 plans"), False, id="said to be ignored"),
        pytest.param((REFUSED, "the API is optional", "packed 3 plans"), False, id="said to be optional"),
        pytest.param((REFUSED, REFUSED, "deployed 1.4 (2 failed probes)"), False, id="a good end"),
        pytest.param((REFUSED, "packed 3 plans"), True, id="no good end"),
        pytest.param((REFUSED, "deployed nothing: target not ready"), True, id="no good end for all its good word"),
        pytest.param(("No space left on device", "all done"), True, id="what no script gets over"),
        pytest.param(
            ("FAIL Required test coverage of 80% not reached. Total coverage: 38%", "1 passed"), True, id="a gate"
        ),
    ],
)
def test_a_log_without_a_runners_word_tells_by_itself_what_was_got_over(output: tuple[str, ...], failed: bool) -> None:
    """What is said not to matter, or may be tried again and comes before a good end, makes no failed job."""
    assert analyze("\n".join(output).encode()).failed is failed


def test_a_finding_within_a_build_that_ends_well_is_none() -> None:
    """What speaks within a run of Maven is answered by Maven's last word."""
    finding = "Total tests run: 1, Failures: 1, Skips: 0"

    assert analyze(f"{finding}\n[INFO] BUILD SUCCESS\n".encode()).failed is False
    assert analyze(f"{finding}\n".encode()).failed is True


@pytest.mark.parametrize(("more", "sure"), [("", False), ("\npre-commit run lint", True)])
def test_a_tool_is_excused_where_every_command_of_it_is(more: str, sure: bool) -> None:
    """A tool that another line of the script runs too may have ended the step there."""
    log = (
        f"##[group]Run make\nmake\npre-commit run trim || true{more}\nshell: bash\n##[endgroup]\n"
        "trim trailing whitespace....Failed\n- hook id: trailing-whitespace\n- exit code: 1\n"
        "##[error]Process completed with exit code 1.\nPost job cleanup.\n"
    )

    assert (analyze(log.encode()).confidence > UNKNOWN_TOOL_CONFIDENCE_MAX) is sure
