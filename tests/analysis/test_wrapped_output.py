"""What one tool says inside another's report: a build script's compiler, a test's sanitizer, a task of Gradle's."""

import pytest

from exlogare_ci.analysis import analyze

GROUP = "##[group]Run ./check.sh\n./check.sh\n##[endgroup]\n"
EXIT = "##[error]Process completed with exit code 1.\n"


def github(text: str) -> bytes:
    """The output of one failing step, as GitHub Actions frames it; its first line is the log's fourth."""
    return f"{GROUP}{text}{EXIT}Post job cleanup.\n".encode()


@pytest.mark.parametrize(
    ("text", "category", "cause"),
    [
        (
            (
                "doxygen Doxyfile\n/src/cart.hpp:17: error: reached end of file in a dot block!\n"
                "The command that should end the block seems to be missing!\n"
                " (warning treated as error, aborting now)\nmake: *** [docs] Error 1\n"
            ),
            "code.lint",
            5,
        ),
        (
            (
                "error: failed to run custom build command for `codec v0.1.0 (/src)`\n\nCaused by:\n"
                "  process didn't exit successfully: `build-script-build` (exit status: 101)\n  --- stderr\n"
                "  src/codec.c:9:4: error: expected ';' before 'return'\n"
                "  thread 'main' panicked at 'explicit panic', build.rs:16:9\n"
            ),
            "deps.build_native",
            9,
        ),
        (
            (
                "1: Test command: /build/cart-test\n1: ==================\n"
                "1: WARNING: ThreadSanitizer: data race (pid=7)\n1:   Write of size 4 at 0x7f by main thread:\n"
                "1:     #0 cart_total ../src/cart.c:41 (cart-test+0xc01)\n1: \n"
                "1: SUMMARY: ThreadSanitizer: data race ../src/cart.c:41 in cart_total\n1: ==================\n"
                "1/1 Test #1: cart-test ...................***Failed    3.02 sec\n\n"
                "0% tests passed, 1 tests failed out of 1\n"
            ),
            "code.runtime_crash",
            6,
        ),
        (
            (
                "* What went wrong:\nExecution failed for task ':shop:detektMain'.\n"
                "> A failure occurred while executing com.example.Runner\n   > It ended badly.\n\n* Try:\n"
            ),
            "code.lint",
            7,
        ),
        (
            (
                "* What went wrong:\nExecution failed for task ':test'.\n> There were failing tests. "
                "See the report at: file:///src/build/reports/tests/test/index.html\n\n* Try:\n"
            ),
            "code.test",
            6,
        ),
        ("* What went wrong:\nCould not determine java version from '17.0.10'.\n\n* Try:\n", "config.tool_version", 5),
        (
            (
                "* What went wrong:\nA problem occurred evaluating project ':shop'.\n"
                "> Plugin 'cart' needs a key\n\n* Try:\nRun with --info.\n\n* Exception is:\n"
                "org.gradle.api.GradleScriptException: A problem occurred evaluating project ':shop'.\n"
                "        at org.gradle.groovy.scripts.DefaultScriptRunner.run(DefaultScriptRunner.java:92)\n"
                "        at org.gradle.configuration.ScriptTarget.addConfiguration(ScriptTarget.java:77)\n\n"
            ),
            "config.build_script",
            6,
        ),
        (
            (
                "* What went wrong:\nA problem occurred configuring root project 'shop'.\n"
                "> Could not resolve all dependencies for configuration ':classpath'.\n"
                "   > Could not GET 'https://repo.example.com/a-1.0.pom'.\n"
                "      > Connect to 127.0.0.1:1080 [/127.0.0.1] failed: Connection refused\n* Try:\n"
            ),
            "network.connect",
            7,
        ),
        (
            (
                "Gradle Test Executor 2 STANDARD_OUT\n     java.lang.IllegalStateException: no price\n"
                "        at shop.CartTest.total(CartTest.java:17)\n"
                "        at org.gradle.api.internal.tasks.testing.testng.TestNGProcessor.stop(TestNG.java:88)\n"
            ),
            "code.test",
            5,
        ),
        (
            (
                "/usr/share/dotnet/x.targets(166,5): error NETSDK1045: The current .NET SDK does not support"
                " targeting .NET 10.0. [/src/Cart.csproj]\n"
            ),
            "config.tool_version",
            4,
        ),
        (
            (
                "╷\n│ Error: Failed to install provider\n│ \n"
                "│ Error while installing hashicorp/aws v3.56.0: the local package for\n"
                "│ registry.terraform.io/hashicorp/aws 3.56.0 doesn't match any of the\n"
                "│ checksums previously recorded in the dependency lock file\n╵\n"
            ),
            "deps.lockfile",
            8,
        ),
        (
            (
                " ✗ Starting control-plane\nERROR: failed to create cluster: failed to init node with kubeadm: command"
                ' "docker exec kubeadm init" failed with error: exit status 1\nCommand Output: I0724 loading\n'
                "W0724 WARNING: Ignored YAML document\n"
            ),
            "deploy.k8s",
            5,
        ),
        (
            (
                "#98  54.12 === RUN   TestCart\n#98  55.71 --- FAIL: TestCart (0.17s)\n"
                "#98  55.71     cart_test.go:62: got 3, want 4\n#98  55.71 FAIL\n"
                "#98 ERROR: executor failed running [/bin/sh -c go test ./...]: exit code: 1\n"
            ),
            "code.test",
            6,
        ),
        (
            (
                "▸ Touching CartTests.xctest\nFailing tests:\n\tCartTests.testTotal()\n** TEST FAILED **\n"
                "ERROR [2018-11-29 21:45:15.76]: Exit status: 65\n"
            ),
            "code.test",
            6,
        ),
    ],
    ids=[
        "doxygen",
        "cargo build script",
        "ctest -V",
        "gradle task",
        "gradle tests",
        "gradle java",
        "gradle stack",
        "gradle refused",
        "testng",
        "sdk",
        "terraform",
        "kind",
        "buildkit",
        "fastlane",
    ],
)
def test_what_is_wrapped_is_the_cause(text: str, category: str, cause: int) -> None:
    """Neither the wrapper's line nor the stack of what was told above says more than the tool inside."""
    analysis = analyze(github(text))

    assert (analysis.category, analysis.cause_line) == (category, cause)


def test_advice_without_its_names_is_no_half_sentence() -> None:
    """A clause of an advice that needs a name which the log does not give is left out."""
    text = (
        "error: failed to run custom build command for `codec v0.1.0 (/src)`\n\nCaused by:\n"
        "  process didn't exit successfully: `build-script-build` (exit status: 101)\n--- stderr\n"
        "thread 'main' panicked at '\n\nCould not find directory of the codec's library, and this crate needs it.\n"
    )

    analysis = analyze(github(text))

    assert analysis.category == "deps.build_native"
    assert analysis.fix_suggestion.endswith(".")
    assert "test" not in analysis.explanation
