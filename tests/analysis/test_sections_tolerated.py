"""What a runner's marks leave open: failures that were tolerated, containers, warnings, workers of Taskcluster."""

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.catalog import catalog
from exlogare_ci.analysis.sections import Layout, read_layout
from exlogare_ci.analysis.text import clean

RUN = "##[group]Run {0}\n##[endgroup]\n"
FAILED = "##[error]Process completed with exit code {0}.\n"
END = "Post job cleanup.\nCleaning up orphan processes\n"
CONTAINER = RUN.format("demo/lint@v1") + "/usr/bin/docker run --name demo1 demo\nsomething is wrong\n"


def _layout(raw: str) -> Layout:
    log = clean(raw.encode())
    return read_layout(log, catalog().find(log).marks)


def _codes(layout: Layout) -> list[tuple[str, int | None, bool]]:
    """Name, exit code and whether it came too late, of the steps themselves."""
    return [(s.name, s.exit_code, s.after) for s in layout.steps if s.name.startswith("Run ")]


def test_a_step_behind_which_others_ran_and_failed_was_tolerated() -> None:
    """With ``continue-on-error`` the job goes on; the last step that failed is what ended it."""
    log = RUN.format("cargo audit") + "error: 1\n" + FAILED.format(1) + RUN.format("cargo fmt --check") + "Diff in a\n"
    layout = _layout(log + FAILED.format(3) + END)

    assert _codes(layout) == [("Run cargo audit", None, False), ("Run cargo fmt --check", 3, False)]
    assert layout.passed is False


@pytest.mark.parametrize(
    ("behind", "passed"),
    [
        (RUN.format("make build") + "cc\n", True),
        (RUN.format("docker push acme/app") + "pushed\n", True),
        (RUN.format("npm publish") + "+ app@1.0.0\n", True),
        (RUN.format("./scan") + "ok\n", False),
        (RUN.format("npm test") + "ok\n", False),
        (RUN.format("actions/upload-artifact@v4") + "ok\n", False),
        (RUN.format("./notify.sh deploy failed") + "ok\n", False),
        ("", False),
    ],
    ids=["build", "push", "publish", "any", "tests", "upload", "notice", "nothing"],
)
def test_a_step_that_makes_something_runs_only_behind_success(behind: str, passed: bool) -> None:
    """Checks and uploads may run ``if: always()``; nobody builds or hands out what has failed."""
    layout = _layout(RUN.format("./lint.sh") + "a: bad\n" + FAILED.format(1) + behind + END)

    assert layout.passed is passed


@pytest.mark.parametrize(
    "word",
    ["Cache saved with key: npm-1", "Cache hit occurred on the primary key npm-1, not saving cache."],
    ids=["saved", "hit"],
)
def test_a_cache_is_saved_behind_success_only(word: str) -> None:
    """The last steps of the cache actions run under ``success()``, whatever a tolerated step did before."""
    log = RUN.format("./lint.sh") + "a: bad\n" + FAILED.format(1) + "Post job cleanup.\n"

    assert _layout(f"{log}{word}\n").passed is True
    assert _layout(log).passed is False


@pytest.mark.parametrize("first", [True, False], ids=["first job", "last job"])
def test_jobs_written_one_behind_the_other_are_told_apart(first: bool) -> None:
    """What one job of a run did, or cached, behind another one's failure says nothing of that failure."""
    failing = RUN.format("make check") + "FAIL\n" + FAILED.format(2) + END
    passing = (
        RUN.format("make build") + "ok\nPost job cleanup.\nCache saved with key: x\nCleaning up orphan processes\n"
    )
    jobs = [failing, passing] if first else [passing, failing]
    layout = _layout("".join(f"Current runner version: '2.330.0'\n{job}" for job in jobs))

    codes = [("Run make check", 2, False), ("Run make build", 0, False)]
    assert _codes(layout) == (codes if first else codes[::-1])
    assert layout.passed is False


def test_an_action_whose_program_crashes_may_have_ended_the_job() -> None:
    """The runner writes no word of its own about it; a step behind it, or none, tells."""
    crash = RUN.format("demo/setup@v1") + "Error: The process '/bin/x' failed with exit code 1\n\nNode.js v20.19.4\n"

    assert _layout(crash + END).passed is None
    assert _layout(crash + RUN.format("make dist") + "ok\n" + END).passed is True


def test_a_step_that_only_names_a_build_is_none() -> None:
    """Variables of the build may be read whatever happened before; that is no sign that it was tolerated."""
    log = RUN.format("make check") + "FAIL\n" + FAILED.format(2) + RUN.format("eval $(make build.vars)") + "x\n" + END

    assert _layout(log).passed is False


def test_an_upload_that_fails_behind_a_failure_explains_nothing() -> None:
    """Steps that run whatever happens are no sign that the failure before them was tolerated."""
    log = RUN.format("make test") + "FAIL\n" + FAILED.format(2) + RUN.format("./upload-logs.sh") + "no logs\n"
    layout = _layout(log + FAILED.format(1) + END)

    assert _codes(layout) == [("Run make test", 2, False), ("Run ./upload-logs.sh", 1, True)]


@pytest.mark.parametrize(
    ("behind", "code", "passed"),
    [("", None, None), (RUN.format("./upload.sh") + "ok\n", None, None), (RUN.format("make dist") + "ok\n", 0, True)],
    ids=["last step", "before an upload", "before another step"],
)
def test_how_the_container_of_an_action_ended_is_not_known(behind: str, code: int | None, passed: bool | None) -> None:
    """The runner writes nothing when such a container fails; only the step behind it tells."""
    layout = _layout(CONTAINER + behind + END)

    assert _codes(layout)[0] == ("Run demo/lint@v1", code, False)
    assert layout.passed is passed


@pytest.mark.parametrize(
    ("word", "code", "passed"), [("Unsuccessful", 4, False), ("Successful", 0, True)], ids=["failed", "passed"]
)
def test_a_worker_of_taskcluster_says_how_the_task_ended(word: str, code: int, passed: bool) -> None:
    """The lines between its start and its end are the task's command."""
    mark = "[taskcluster 2026-01-02 03:04:05.678Z] "
    log = f"{mark}Task ID: a\n{mark}=== Task Starting ===\nmake\n{mark}=== Task Finished ===\n"
    layout = _layout(f"{log}{mark}{word} task run with exit code: {code} completed in 1.2 seconds\n")

    assert [(s.start, s.end, s.exit_code) for s in layout.steps] == [(2, 3, code)]
    assert (layout.ci, layout.passed) == ("taskcluster", passed)


@pytest.mark.parametrize(
    ("other", "codes"), [("(results: 0, x)", [7, 0]), ("(results: 2, x)", [0, 2])], ids=["alone", "beside a failure"]
)
def test_a_step_of_buildbot_with_warnings_failed_when_its_program_did(other: str, codes: list[int]) -> None:
    """Where no step failed, the exit code of the program says more than the word ``warnings``."""
    log = "========= Started test warnings (results: 1, x) =========\nFAIL\nprogram finished with exit code 7\n"
    log += "elapsedTime=1.0\n========= Finished test warnings (results: 1, x) =========\n"
    log += f"========= Started other {other} =========\n========= Finished other {other} =========\n"
    layout = _layout(log)

    assert [s.exit_code for s in layout.steps] == codes
    assert layout.passed is False


@pytest.mark.parametrize(
    ("end", "failed"),
    [("[       OK ] A.B (1 ms)\nSUCCESS: all tests passed.\n", False), ("1 test failed:\n    A.B (a.cc:2)\n", True)],
    ids=["passed", "failed again"],
)
def test_a_failing_test_counts_by_the_last_word_of_its_tool(end: str, failed: bool) -> None:
    """A launcher that tries tests again says at the end whether all of them passed."""
    log = "[ RUN      ] A.B\na.cc:2: Failure\nExpected: 2\n  Actual: 1\n[  FAILED  ] A.B (1 ms)\n"
    log += "Retrying 1 test (retry #0)\n"

    assert analyze((log + "[ RUN      ] A.B\n" + end).encode()).failed is failed
