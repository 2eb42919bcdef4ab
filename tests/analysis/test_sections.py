"""Each CI service's marks give the steps of the job and the one that failed."""

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.catalog import catalog
from exlogare_ci.analysis.sections import Layout, read_layout
from exlogare_ci.analysis.text import clean

STAMP = "2026-01-02T03:04:05.1234567Z "

GITHUB = "".join(
    STAMP + line + "\n"
    for line in (
        "##[group]Operating System",
        "Ubuntu",
        "##[endgroup]",
        "##[group]Run actions/checkout@v4",
        "##[endgroup]",
        "##[group]Run make test",
        "make test",
        "##[endgroup]",
        "FAIL: total",
        "##[error]Process completed with exit code 2.",
        "##[group]Run ./upload.sh",
        "nothing to upload",
        "Post job cleanup.",
        "Cleaning up orphan processes",
    )
)
GITLAB = (
    "section_start:1:prepare_executor\r\x1b[0KPreparing\n"
    "section_end:1:prepare_executor\r\x1b[0Ksection_start:2:step_script\r\x1b[0KExecuting\n"
    "$ make build\nok\n$ make test\nFAIL: total\n"
    "section_end:2:step_script\r\x1b[0Ksection_start:3:after_script\r\x1b[0KRunning after_script\n"
    "$ ./cleanup.sh\nerror: nothing to clean\n"
    "section_end:3:after_script\r\x1b[0KERROR: Job failed: exit code 2\n"
)
TRAVIS = (
    "travis_fold:start:install\r\x1b[0Ktravis_time:start:1\r\x1b[0K$ npm ci\nok\n"
    "travis_time:end:1:start=1,finish=2,duration=1\r\x1b[0Ktravis_fold:end:install\r\x1b[0K\n"
    "travis_time:start:2\r\x1b[0K$ npm run lint\nclean\n"
    'travis_time:end:2:start=1,finish=2,duration=1\r\x1b[0KThe command "npm run lint" exited with 0.\n'
    "travis_time:start:3\r\x1b[0K$ npm test\nFAIL: total\n"
    'travis_time:end:3:start=1,finish=2,duration=1\r\x1b[0KThe command "npm test" exited with 1.\n'
    "travis_time:start:4\r\x1b[0K$ ./after.sh\nerror: nothing\n"
    "Done. Your build exited with 1.\n"
)
JENKINS = (
    "[Pipeline] { (Build)\n[Pipeline] sh\n+ make\nok\n[Pipeline] }\n[Pipeline] { (Test)\n[Pipeline] sh\n+ make test\n"
    "FAIL: total\n[Pipeline] }\n[Pipeline] { (Declarative: Post Actions)\n[Pipeline] sh\n+ ./clean.sh\nerror: nothing\n"
    "[Pipeline] }\nERROR: script returned exit code 2\nFinished: FAILURE\n"
)
AZURE = "".join(
    STAMP + line + "\n"
    for line in (
        "##[section]Starting: Build",
        "ok",
        "##[section]Finishing: Build",
        "##[section]Starting: Test",
        "FAIL: total",
        "##[error]Bash exited with code '2'.",
        "##[section]Finishing: Test",
    )
)


CIRCLECI = (
    "Cloning into '.'...\n#!/bin/bash -eo pipefail\nmake build\nok\n"
    "#!/bin/bash -eo pipefail\nmake test\nFAIL: total\n\n"
    "Exited with code exit status 2\n#!/bin/bash -eo pipefail\n./clean.sh\nerror: nothing\n"
)
APPVEYOR = (
    "Build started\ngit clone -q C:\\shop\nmsbuild shop.sln\nok\ntest.exe\nFAIL: total\n"
    "Command exited with code 2\nclean.exe\nerror: nothing\n"
)
TEAMCITY = "".join(
    f"[08:14:02]{line}\n"
    for line in (
        " : Step 1/2: Build (Command Line) (42s)",
        " :\t [Step 1/2] ok",
        " :\t [Step 1/2] Process exited with code 0",
        " : Step 2/2: Test (Command Line) (42s)",
        "W:\t [Step 2/2] FAIL: total",
        "W:\t [Step 2/2] Process exited with code 2",
        "E: Process exited with code 2 (Step: Test (Command Line))",
        "E: Step Test (Command Line) failed",
        " : Publishing artifacts",
    )
)


def layout_of(raw: str) -> tuple[Layout, list[bytes]]:
    """Read a log's layout and its cleaned lines."""
    log = clean(raw.encode())
    return read_layout(log, catalog().find(log).marks), log.lines


@pytest.mark.parametrize(
    ("ci", "raw", "code"),
    [
        ("github", GITHUB, 2),
        ("gitlab", GITLAB, 2),
        ("travis", TRAVIS, 1),
        ("jenkins", JENKINS, 2),
        ("azure", AZURE, 2),
        ("circleci", CIRCLECI, 2),
        ("teamcity", TEAMCITY, 2),
        ("appveyor", APPVEYOR, 2),
    ],
)
def test_the_step_that_failed_first_is_found(ci: str, raw: str, code: int) -> None:
    """The failing step holds the failing line, and what ran afterwards does not belong to it."""
    layout, lines = layout_of(raw)
    failing = layout.failing()

    assert failing is not None
    assert (layout.ci, layout.passed, failing.exit_code) == (ci, False, code)
    assert b"FAIL: total" in lines[failing.start : failing.end]
    assert not any(b"nothing" in line for line in lines[failing.start : failing.end])


@pytest.mark.parametrize(
    "raw",
    [
        GITHUB.replace(STAMP + "##[error]Process completed with exit code 2.\n", ""),
        GITLAB.replace("ERROR: Job failed: exit code 2", "Job succeeded"),
        TRAVIS.replace("exited with 1.", "exited with 0."),
        JENKINS.replace("ERROR: script returned exit code 2\n", "").replace("FAILURE", "SUCCESS"),
        AZURE.replace(STAMP + "##[error]Bash exited with code '2'.\n", ""),
    ],
    ids=["github", "gitlab", "travis", "jenkins", "azure"],
)
def test_a_job_that_the_runner_calls_passed_has_no_failing_step(raw: str) -> None:
    """The runner's word for the whole job counts, whatever its steps printed."""
    layout, _ = layout_of(raw)

    assert (layout.passed, layout.failing()) == (True, None)


def test_steps_do_not_overlap_and_lead_back_from_their_lines() -> None:
    """Each line is in at most one step, which ``at`` finds."""
    for raw in (GITHUB, GITLAB, TRAVIS, JENKINS, AZURE, CIRCLECI, TEAMCITY, APPVEYOR):
        layout, _ = layout_of(raw)
        for before, behind in zip(layout.steps, layout.steps[1:], strict=False):
            assert before.end <= behind.start
        for step in layout.steps:
            assert layout.at(step.start) is (step if step.end > step.start else layout.at(step.start))


def test_a_log_without_marks_has_no_steps() -> None:
    """Plain output is one piece, and nobody says how it ended."""
    assert layout_of("make\nerror: no\n")[0] == Layout()


def test_a_short_jenkins_log_keeps_its_marks() -> None:
    """Most lines of a short pipeline carry ``[Pipeline]``, which is no name of a parallel command."""
    log = (
        "[Pipeline] Start of Pipeline\n[Pipeline] node\n[Pipeline] {\n[Pipeline] stage\n[Pipeline] { (Test)\n"
        "[Pipeline] sh\n+ jq -r .version package.json\n"
        "parse error: Unfinished JSON term at EOF at line 2, column 0\n[Pipeline] }\n"
        "[Pipeline] // stage\n[Pipeline] stage\n[Pipeline] { (Declarative: Post Actions)\n[Pipeline] sh\n"
        "+ docker rm -f test-db\nError response from daemon: No such container: test-db\n[Pipeline] }\n"
        "[Pipeline] End of Pipeline\nERROR: script returned exit code 1\nFinished: FAILURE\n"
    )

    assert analyze(log.encode()).cause_line == 8


WGET = "+ wget http://mirror.example.com/sdk.zip\n2026-03-04 07:43:25 ERROR 404: Not Found.\n"


@pytest.mark.parametrize(
    ("log", "cause"),
    [
        (WGET + "+ docker rm -f test-db || true\nError: No such container: test-db\n+ echo cleaned\ncleaned\n", 2),
        (WGET + "+ status=8\n+ rm old.xml\nrm: cannot remove 'old.xml': No such file or directory\n+ exit 8\n", 2),
        (WGET + "+ EXIT_VALUE=2\n+ set +o xtrace\nCleaning up.\n", 2),
        ("+ make\n+ exit 0\n", None),
    ],
    ids=["a step that cleans up", "a trap that cleans up", "a script that keeps the exit code", "passed"],
)
def test_what_tidies_up_behind_the_command_that_failed_is_passed_by(log: str, cause: int | None) -> None:
    """With ``set -x`` the last command that does something is the one that failed; ``exit`` tells its status."""
    analysis = analyze(log.encode())

    assert (analysis.failed, analysis.cause_line) == (cause is not None, cause)


def test_a_diff_makes_no_groups_of_buildkite() -> None:
    """The two lines at the head of a diff look like headers of groups and are none."""
    log = (
        "~~~ Running commands\n$ isort --check-only --diff .\n"
        "ERROR: /src/app.py Imports are incorrectly sorted and/or formatted.\n"
        "--- /src/app.py:before\n+++ /src/app.py:after\n@@ -1,2 +1,2 @@\n+import os\n import sys\n^^^ +++\n"
        "🚨 Error: The command exited with status 1\n~~~ Running global pre-exit hook\n"
    )

    analysis = analyze(log.encode())

    assert (analysis.cause_line, analysis.category) == (3, "code.format")


PIPELINE = "[Pipeline] Start of Pipeline\n[Pipeline] stage\n[Pipeline] { (Test)\n[Pipeline] sh\n+ make test\nok\n"
CLOSED = "[Pipeline] }\n[Pipeline] // stage\n[Pipeline] End of Pipeline\n"


def failing_lines(raw: str) -> list[bytes]:
    """Return the lines of the step that failed."""
    layout, lines = layout_of(raw)
    step = layout.failing()
    return [] if step is None else lines[step.start : step.end]


def test_jenkins_says_at_the_end_what_one_of_its_own_steps_had_against_it() -> None:
    """The step printed nothing and the scripts before it passed: the last word is what failed."""
    said = "ERROR: No such saved stash dist"

    assert failing_lines(PIPELINE + "[Pipeline] unstash\n" + CLOSED + said + "\nFinished: FAILURE\n") == [said.encode()]


def test_the_step_before_the_stages_that_jenkins_skips_is_the_one_that_failed() -> None:
    """Whatever kind of step it is, and whatever the post conditions of its stage print."""
    raw = (
        f"{PIPELINE}[Pipeline] waitForQualityGate\nnot met\nPost stage\n[Pipeline] sh\n+ ./clean.sh\nerror: nothing\n"
        "[Pipeline] }\n[Pipeline] // stage\n[Pipeline] stage\n[Pipeline] { (Ship)\n"
        'Stage "Ship" skipped due to earlier failure(s)\n'
        f"{CLOSED}ERROR: script returned exit code 1\nFinished: FAILURE\n"
    )

    assert failing_lines(raw) == [b"[Pipeline] waitForQualityGate", b"not met"]


def test_of_branches_that_jenkins_mixes_none_is_said_to_have_passed() -> None:
    """The lines of parallel branches stand between each other's, so all of them are the failing step."""
    raw = (
        "[Pipeline] parallel\n[Pipeline] { (Branch: a)\n[Pipeline] { (Branch: b)\n[Pipeline] sh\n[Pipeline] sh\n"
        "+ ./a.sh\n+ ./b.sh\na: bad\nb: ok\nFailed in branch a\n[Pipeline] }\n[Pipeline] // parallel\n"
        "[Pipeline] End of Pipeline\nERROR: script returned exit code 1\nFinished: FAILURE\n"
    )

    assert b"a: bad" in failing_lines(raw)


def test_a_failure_that_jenkins_retried_or_tolerated_is_none() -> None:
    """The word for the whole job counts."""
    raw = (
        PIPELINE + "ERROR: script returned exit code 1\nRetrying\n[Pipeline] sh\nok\n" + CLOSED + "Finished: SUCCESS\n"
    )
    layout, _ = layout_of(raw)

    assert (layout.passed, layout.failing()) == (True, None)


def test_what_jenkins_does_when_the_build_is_marked_as_failed_does_not_count() -> None:
    """Actions after a build that is no pipeline fail because the build did."""
    raw = "make\nFAIL: total\nBuild step 'Execute shell' marked build as failure\nERROR: no report\nFinished: FAILURE\n"

    assert failing_lines(raw) == [b"make", b"FAIL: total"]


def test_gitlabs_runner_gives_a_reason_of_its_own() -> None:
    """No script ended with an exit code: the runner's last word is a failing step, beside the one it interrupted."""
    raw = GITLAB.replace("exit code 2", "execution took longer than 1h0m0s seconds")
    layout, lines = layout_of(raw)

    assert [lines[s.start : s.end] for s in layout.steps if s.failed] == [
        [b"$ make test", b"FAIL: total"],
        [b"ERROR: Job failed: execution took longer than 1h0m0s seconds"],
    ]


def test_a_gitlab_job_can_fail_where_its_artifacts_are_uploaded() -> None:
    """The section for the artifacts of a job that succeeded is reached only when the script passed."""
    raw = (
        "section_start:2:step_script\r\x1b[0KExecuting\n$ make\nok\n"
        "section_end:2:step_script\r\x1b[0Ksection_start:3:upload_artifacts_on_success\r\x1b[0KUploading\n"
        "FATAL: too large\n"
        "section_end:3:upload_artifacts_on_success\r\x1b[0KERROR: Job failed: exit code 1\n"
    )

    assert b"FATAL: too large" in failing_lines(raw)


def test_teamcity_can_fail_a_build_whose_steps_passed() -> None:
    """What stands behind the last step says why."""
    passed = TEAMCITY.replace("code 2", "code 0").replace("E: Step Test (Command Line) failed", " : nothing")
    raw = (
        "[08:14:01] : Finished 2024-03-12 08:19:40 with status FAILURE\n"
        + passed
        + "[08:14:03]E: coverage is too low\n"
    )

    assert failing_lines(raw)[-2:] == [b"coverage is too low", b""]


def test_buildkites_agent_can_fail_before_the_command_runs() -> None:
    """A plugin that cannot be fetched is told in the agent's own words."""
    raw = "~~~ Setting up plugins\nfatal: no\n🚨 Error: Failed to checkout plugin secret: exit status 128\n"

    assert failing_lines(raw) == [b"~~~ Setting up plugins", b"fatal: no"]
