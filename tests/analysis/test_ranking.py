"""Which of several lines is the cause: chains of causes, last words, and what a runner's own marks hide."""

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.confidence import UNKNOWN_TOOL_CONFIDENCE_MAX, confidence

GROUP = "##[group]Run ./check.sh\n./check.sh\n##[endgroup]\n"
EXIT = "##[error]Process completed with exit code 1.\n"


def github(text: str) -> bytes:
    """The output of one failing step, as GitHub Actions frames it; its first line is the log's fourth."""
    return f"{GROUP}{text}{EXIT}Post job cleanup.\n".encode()


def test_a_chain_of_causes_is_shown_from_its_head_and_classed_by_its_end() -> None:
    """What the command could not do is the cause line; why is told by the last link."""
    log = (
        "+ uv python find 3.15\n"
        "error: Error while fetching the list of Pythons from 'https://example.com/metadata.json'\n"
        "  Caused by: Failed to download https://example.com/metadata.json\n"
        "  Caused by: error sending request for url (https://example.com/metadata.json)\n"
        "  Caused by: client error (Connect)\n"
        "  Caused by: dns error\n"
        "  Caused by: failed to lookup address information: Name or service not known\n"
    )

    analysis = analyze(github(log))

    assert (analysis.cause_line, analysis.spans, analysis.category) == (5, ((5, 10),), "network.dns")
    assert "fetching the list of Pythons" in analysis.root_cause


def traceback(message: str) -> str:
    """A Python exception raised from another one."""
    return (
        "Traceback (most recent call last):\n"
        '  File "/src/diff.py", line 8, in added\n'
        "    subprocess.run(command, timeout=5)\n"
        "subprocess.TimeoutExpired: Command '['git', 'diff']' timed out after 5 seconds\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\n"
        '  File "/src/lint.py", line 20, in check\n'
        "    raise RuntimeError(text) from error\n"
        f"RuntimeError: {message}\n"
    )


@pytest.mark.parametrize(
    ("message", "cause", "place"),
    [
        ("no diff of a.h: Command '['git', 'diff']' timed out after 5 seconds", 14, "/src/lint.py:20"),
        ("the linter gave up", 7, ""),
    ],
    ids=["the outer repeats the inner", "the outer only follows"],
)
def test_of_chained_exceptions_the_one_that_says_all_is_the_cause(message: str, cause: int, place: str) -> None:
    """An outer exception that repeats the inner one's message and adds to it is pointed at; else the inner one is."""
    analysis = analyze(github(traceback(message)))

    assert analysis.cause_line == cause
    assert place in analysis.root_cause


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("INFO: 12 files\nThis change sits on 11 others; no tests are run.\n", 5),
        ("The change has 3174 lines, more than the 2000\nthat are allowed. Split it into parts\nof less.\n", 4),
        ("plan read\n3 files differ\n  a.txt\n  b.txt\n", 5),
        ("+ ./compare\nthe result drifted\n##[endgroup]\n", 5),
    ],
    ids=["a logger's chatter", "sentences over several lines", "details below", "echoed command and mark"],
)
def test_last_words_point_at_the_line_that_says_it(text: str, cause: int) -> None:
    """Of the last paragraph: chatter before it is left out, a text starts at its first line, details are passed by."""
    assert analyze(github(text)).cause_line == cause


def test_the_command_that_failed_first_in_a_script_is_not_buried_by_what_ran_on() -> None:
    """The words before the first told exit code count, not the upload that a later line fails to do."""
    log = (
        "running suite a\nSuiteConfig - refused. This class should extend TestBase but it does not.\nGot exit code 1\n"
        + "suite ended\n" * 30
        + "Failed to upload artifacts: Unable to locate credentials\nstatistics written\n"
    )

    analysis = analyze(github(log))

    assert analysis.cause_line == 5


def test_of_several_attempts_the_runners_verdict_is_the_cause() -> None:
    """The last line says that all attempts to fetch an action failed."""
    url = "'https://codeload.github.com/acme/action/tar.gz/1234567'"
    log = (
        "Prepare all required actions\n"
        f"##[warning]Failed to download action {url}. Error: The request was canceled.\n"
        f"##[error]Action {url} download has timed out. Error: The request was canceled.\n"
        f"##[error]Failed to download archive {url} after 3 attempts.\n"
    )

    analysis = analyze(log.encode())

    assert (analysis.cause_line, analysis.category, analysis.spans) == (4, "network.timeout", ((3, 4),))


def test_an_interrupted_pytest_run_is_a_failure_whatever_was_tried_afterwards() -> None:
    """A run that a time limit stopped has failed, though no test of it has."""
    log = (
        "test_ops.py::test_silu PASSED [ 89%]\ntest_ops.py::test_solve \n\n"
        "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!! KeyboardInterrupt !!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!\n"
        "/src/registry.py:142: KeyboardInterrupt\n"
        "============= 1182 passed, 24 xfailed in 497.69s (0:08:17) =============\nGot exit code 124\nRetrying...\n"
    )

    analysis = analyze(log.encode())

    assert (analysis.failed, analysis.cause_line, analysis.category) == (True, 4, "infra.cancelled")


RETRIED = "curl: (7) Failed to connect to mirror.example.com port 443: Connection refused\nfailed, retrying\n"


def test_what_a_script_tried_again_is_not_the_cause() -> None:
    """Another try was made and helped; what came afterwards ended the job."""
    later = 'Traceback (most recent call last):\n  File "/src/check.py", line 8, in <module>\n    f()\nKeyError: 7\n'

    assert analyze(github(RETRIED * 2 + "attempt 3\n" + later)).cause_line == 12
    assert not analyze(f"{RETRIED}attempt 2\nfetched\n".encode()).failed


def test_the_last_of_several_tries_is_the_cause() -> None:
    """No try helped: the one that no other followed counts."""
    last = RETRIED.replace("failed, retrying", "giving up")

    analysis = analyze(github(RETRIED * 2 + last))

    assert (analysis.cause_line, analysis.category) == (8, "network.connect")


def test_the_first_of_a_checkers_findings_stands_for_the_list() -> None:
    """Single lines of one checker are one list: the first is the cause, the span holds all, no doubt between them."""
    log = "a.py:1: unused function 'sum' (60% confidence)\na.py:9: unused import 'os' (90% confidence)\n"

    analysis = analyze(github(log))

    assert (analysis.cause_line, analysis.spans, analysis.category) == (4, ((4, 5),), "code.lint")
    assert analysis.confidence >= 0.7


def test_an_upload_that_fails_in_an_upload_step_is_the_cause() -> None:
    """The same words are a decoy behind a failed build and the cause in a step that is for uploading."""
    words = "Failed to upload artifacts: Unable to locate credentials\n"
    log = f"##[group]Run ./upload-report.sh\n./upload-report.sh\n##[endgroup]\n{words}{EXIT}"

    assert analyze(log.encode()).category == "auth.cloud"


def test_a_line_of_no_known_tool_is_believed_less_where_no_step_failed() -> None:
    """Alone it says little; in a step that failed it says more."""
    words = "frobnicate: error: the plan differs\n"

    assert analyze(words.encode()).confidence < analyze(github(words)).confidence < 0.7


def test_a_chain_told_in_paragraphs_names_what_failed_and_why() -> None:
    """Cargo leaves a line blank before each cause; the head says what, the last link says why."""
    log = (
        "    Updating git repository `https://git.example.com/x.git`\n"
        "error: failed to get `x` as a dependency of package `shop v0.1.0 (/src)`\n\n"
        "Caused by:\n  failed to load source for dependency `x`\n\n"
        "Caused by:\n  failed to connect to git.example.com: Connection refused; class=Os (2)\n"
    )

    analysis = analyze(github(log))

    assert (analysis.cause_line, analysis.spans, analysis.category) == (5, ((5, 11),), "network.connect")
    assert analysis.root_cause == (
        "failed to get `x` as a dependency of package `shop v0.1.0 (/src)`: "
        "failed to connect to git.example.com: Connection refused; class=Os (2)"
    )


@pytest.mark.parametrize(
    ("plugin", "category"),
    [
        ("org.apache.maven.plugins:maven-pmd-plugin:3.21.2:check", "code.lint"),
        ("net.revelc.code.formatter:formatter-maven-plugin:2.23.0:validate", "code.format"),
        ("org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test", "code.test"),
        ("org.sonatype.plugins:nexus-staging-maven-plugin:1.6.13:deploy", "publish.rejected"),
        ("org.acme:acme-maven-plugin:1.0:run", "config.build_script"),
    ],
)
def test_mavens_last_words_are_classed_by_the_plug_in(plugin: str, category: str) -> None:
    """Where the plug-in's own lines are missing, its name says what it was about."""
    goal = f"[ERROR] Failed to execute goal {plugin} (default) on project shop: it failed -> [Help 1]"

    assert analyze(f"[INFO] BUILD FAILURE\n{goal}\n".encode()).category == category


def test_an_exit_code_that_a_passing_test_prints_is_no_failure() -> None:
    """Anybody's words about an exit code count only when no tool says afterwards that all is well."""
    log = "checking the exit status\nexit code 2\n============== 3 passed in 0.10s ==============\n"

    assert not analyze(log.encode()).failed
    assert analyze(b"============== 3 passed in 0.10s ==============\npublishing\nexit code 2\n").failed


def test_a_compiler_that_cannot_fetch_a_module_is_a_matter_of_the_network() -> None:
    """Go names the importing file, and the module proxy is what failed."""
    log = (
        "shop.go:6:2: golang.org/x/text@v0.3.7: "
        'Get "https://proxy.example.com/golang.org/x/text/@v/v0.3.7.zip": dial tcp 192.0.2.7:443: i/o timeout\n'
    )

    analysis = analyze(log.encode(), exit_code=1)

    assert (analysis.category, analysis.transient) == ("network.timeout", True)


def test_what_a_tool_says_last_counts() -> None:
    """A build that failed and was run again with success has passed; the other way round it has failed."""
    failed, passed = "[INFO] BUILD FAILURE\n[INFO] Total time: 3 s\n", "[INFO] BUILD SUCCESS\n[INFO] Total time: 9 s\n"

    assert not analyze(f"{failed}trying once more\n{passed}".encode()).failed
    assert analyze(f"{passed}trying once more\n{failed}".encode()).failed


def test_a_package_that_passes_behind_one_that_failed_changes_nothing() -> None:
    """Go speaks of each package, so what it says last is not the verdict."""
    log = (
        "panic: test timed out after 10m0s\n\ngoroutine 7 [running]:\nFAIL\tshop/cart\t600.1s\nok  \tshop/price\t0.1s\n"
    )

    assert analyze(log.encode()).failed


def test_a_finding_that_a_build_tool_repeats_at_its_end_is_shown_once() -> None:
    """The summary's copy of a diagnostic adds no span, a second diagnostic does."""
    found = "Cart.cs(4,16): error CS0103: The name 'price' does not exist [/src/Demo.csproj]"
    other = "Shelf.cs(9,3): error CS0103: The name 'size' does not exist [/src/Demo.csproj]"
    log = f"Build\n{found}\n\n\n\n\nBuild FAILED.\n\n{found}\n\n\n\n\n{other}\n\ndone"

    assert analyze(log.encode()).spans == ((2, 2), (14, 14))


def test_the_code_that_a_compiler_shows_belongs_to_its_diagnostic_wherever_it_begins() -> None:
    """A source line in the first column and the caret below it are lines of the span."""
    shown = "class A { fun f(): Int = x }\n                         ^"
    log = f"make\na.kt:1:26: error: type mismatch\n{shown}\nmake: *** [all] Error 1\n"

    assert analyze(log.encode()).spans == ((2, 4),)


def test_what_a_later_diagnostic_is_says_nothing_of_the_first() -> None:
    """A misread name is what fails; that the compiler then expects other grammar only follows."""
    log = (
        "make\ncart.cc:4:3: error: 'prices' is not a member of 'shop'\n"
        "cart.cc:4:9: error: expected primary-expression before '>' token\nmake: *** [all] Error 1\n"
    )

    assert (analyze(log.encode()).category, analyze(log.encode()).cause_line) == ("code.compile", 2)


def test_what_a_later_failing_test_says_is_not_told_of_the_first() -> None:
    """The place and the words are those of the first failure, whose name is known."""
    ruled = "\u2550\u2550\u2561 EXCEPTION CAUGHT BY FLUTTER TEST FRAMEWORK \u255e\u2550\u2550"
    log = (
        f"{ruled}\nThe following _TypeError was thrown running a test:\nNull check operator used on a null value\n"
        f"00:08 +0 -1: shows a spinner [E]      \n{ruled}\nThe following TestFailure was thrown running a test:\n"
        "/src/listener.dart:21:21: Error: Undefined name 'main'.\n00:08 +0 -2: shows a table [E]      \n"
        "00:09 +0 -2: Some tests failed.\n"
    )
    analysis = analyze(log.encode())

    assert (analysis.cause_line, analysis.category) == (3, "code.test")
    assert analysis.failed_tests == ("shows a spinner", "shows a table")
    assert "listener" not in analysis.root_cause


@pytest.mark.parametrize(("category", "sure"), [("code.compile", True), ("unknown", False)])
def test_who_cannot_tell_what_kind_of_thing_it_is_is_not_sure(category: str, sure: bool) -> None:
    """However well a block stands, without a category no more is claimed than for the words of an unknown tool."""
    block = Candidate(start=3, end=5, cause=3, kind="compile", category=category, tool="shipit", groups={}, score=12.0)

    assert (confidence([block]) > UNKNOWN_TOOL_CONFIDENCE_MAX) is sure


def test_a_download_that_failed_within_a_step_of_cmake_is_the_cause() -> None:
    """However the words sound, they are known for a cause; that the step failed only follows."""
    log = (
        "  CMake Error at get-json.cmake:163 (message):\n    Each download failed!\n\n"
        "      status_code: 22\n      log:\n" + "      header\n" * 30 + "\n"
        "CMake Error at FetchContent.cmake:1918 (message):\n  Build step for json failed: 1\n\n"
        "-- Configuring incomplete, errors occurred!\n"
    )
    analysis = analyze(github(log))

    assert (analysis.cause_line, analysis.category) == (5, "network.http")


def test_that_a_command_of_a_project_file_ended_badly_is_no_error_of_a_compiler() -> None:
    """MSBuild's word about a custom build only wraps what that printed above."""
    wrapped = "C:\\a.targets(2,5): error MSB8066: Custom build for 'C:\\x.rule' exited with code 1. [C:\\x.vcxproj]"
    analysis = analyze(github(f"fetching x\nERROR: x 2.1 is on no mirror\n{wrapped}\n"))

    assert analysis.cause_line == 5


def test_buildkits_repetition_of_a_failed_steps_output_is_read_without_its_seconds() -> None:
    """The compiler's diagnostic inside is the cause, not the build of the image."""
    log = (
        "#1 [internal] load build definition from Dockerfile\n#10 [2/2] RUN make\n------\n > [2/2] RUN make:\n"
        "4.711 cart.c:3:5: error: 'price' undeclared\n------\nERROR: failed to solve: exit code: 2\n"
    )

    assert (analyze(log.encode()).category, analyze(log.encode()).cause_line) == ("code.compile", 5)
