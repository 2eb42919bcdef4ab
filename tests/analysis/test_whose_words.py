"""In whose words a failure is told: a tool's own word beats what any program may print."""

import pytest

from exlogare_ci.analysis import analyze

GROUP = "##[group]Run ./check.sh\n./check.sh\n##[endgroup]\n"
EXIT = "##[error]Process completed with exit code 1.\n"


def github(text: str, command: str = "./check.sh") -> bytes:
    """The output of one failing step, as GitHub Actions frames it; its first line is the log's fourth."""
    return f"{GROUP.replace('./check.sh', command)}{text}{EXIT}Post job cleanup.\n".encode()


@pytest.mark.parametrize(
    ("text", "command", "category", "cause"),
    [
        (
            (
                "aws_s3_bucket.shop: Creating...\n\n"
                "Error: Error creating S3 bucket: OperationAborted: A conflicting operation is in progress\n\n"
                '  on s3.tf line 1, in resource "aws_s3_bucket" "shop":\n   1: resource "aws_s3_bucket" "shop" {\n'
            ),
            "terraform apply",
            "deploy.terraform",
            6,
        ),
        (
            "modules/network/main.tf\nvariables.tf\n##[error]Terraform exited with code 3.\n",
            "terraform fmt -check -recursive",
            "code.format",
            5,
        ),
        (
            (
                "  Styles\n"
                r"C:\VS\CppCommon.targets(241,5): error MSB8066: Custom build for 'a.rule' exited with code 9009."
                "\n"
            ),
            "msbuild shop.sln",
            "config.build_script",
            5,
        ),
        (
            (
                "cart.c: In function 'main':\n"
                "cart.c:3:5: error: implicit declaration of function 'total' "
                "[-Werror=implicit-function-declaration]\n"
                "cc1: some warnings being treated as errors\n"
            ),
            "make",
            "code.compile",
            5,
        ),
        (
            (
                "cart.c: In function 'main':\ncart.c:3:5: error: unused variable 'total' [-Werror=unused-variable]\n"
                "cc1: some warnings being treated as errors\n"
            ),
            "make",
            "code.lint",
            5,
        ),
        (
            (
                "* What went wrong:\nExecution failed for task ':app:lint'.\n"
                "> Lint found errors in the project; aborting build.\n\nBUILD FAILED in 11s\n"
            ),
            "./gradlew lint",
            "code.lint",
            6,
        ),
        (
            (
                'Waiting for deployment "cart" rollout to finish: 1 out of 2 new replicas have been updated...\n'
                'error: deployment "cart" exceeded its progress deadline\n'
                '##[error]Error: error: deployment "cart" exceeded its progress deadline\n'
            ),
            "./deploy.sh",
            "deploy.k8s",
            5,
        ),
        (
            (
                "Resolution error: Error downloading org.acme:lib_2.13:9.9\n"
                "  not found: https://repo1.maven.org/maven2/org/acme/lib_2.13/9.9/lib_2.13-9.9.pom\n"
            ),
            "coursier fetch org.acme:lib_2.13:9.9",
            "deps.not_found",
            4,
        ),
        (
            "Error: [Cabal-4000]\nVersion mismatch between ghc and ghc-pkg: /opt/bin/ghc is version 9.2.5\n",
            "cabal build all",
            "config.tool_version",
            5,
        ),
        (
            (
                'File "t1.t", line 1, characters 0-0:\n'
                "Error: Files _build/default/t1.t and _build/default/t1.t.corrected differ.\n"
            ),
            "dune runtest",
            "code.test",
            5,
        ),
        (
            (
                "/src/cart.hpp:17: error: Found unknown command '@nope' (warning treated as error, aborting now)\n"
                "make: *** [docs] Error 1\n"
            ),
            "make docs",
            "code.lint",
            4,
        ),
        (
            r"##[error]src\Cart.cs(42,17): Error CS1061: 'Cart' does not contain a definition for 'Totals'" + "\n",
            "msbuild Cart.sln",
            "code.compile",
            4,
        ),
    ],
    ids=[
        "terraform",
        "terraform fmt",
        "msbuild task",
        "no valid C",
        "warning",
        "android lint",
        "said again",
        "coursier",
        "cabal",
        "dune",
        "doxygen",
        "a capital",
    ],
)
def test_a_tools_own_word_gives_the_category(text: str, command: str, category: str, cause: int) -> None:
    """Neither ``Error: …``, which any program prints, nor the runner's repetition says more than the tool."""
    analysis = analyze(github(text, command))

    assert (analysis.category, analysis.cause_line) == (category, cause)


def test_a_tests_time_out_names_the_test_however_deep_go_indents_it() -> None:
    """Go 1.20 indents the list of running tests by one tab, later ones by two."""
    text = "panic: test timed out after 1s\nrunning tests:\n\tTestHello (1s)\n\ngoroutine 1 [running]:\nmain.main()\n"

    assert analyze(github(text + "FAIL\tdemo\t1.0s\n", "go test ./...")).failed_tests == ("TestHello",)


@pytest.mark.parametrize(
    ("text", "command", "category", "cause"),
    [
        ("Processing\nError: the build folder is not usable\n", "./prepare", "config.build_script", 5),
        ("Processing\nError: the folder is not usable\n    at main (/src/a.js:3:9)\n", "x", "code.runtime_crash", 5),
        (
            (
                "error: failed to get `syn` as a dependency of package `cart v1.0.0`\n"
                '    ... which satisfies dependency `syn = "=1.0.71"` of package `shop v1.0.0 (/src)`\n\n'
                "Caused by:\n  download of 3/s/syn failed\n\n"
                "Caused by:\n  [28] Timeout was reached (Operation too slow. Less than 10 bytes/sec transferred)\n"
            ),
            "cargo build",
            "network.timeout",
            4,
        ),
        (
            (
                "error: failed to download from `https://crates.example/api/v1/crates/cart/0.6.4/download`\n\n"
                "Caused by:\n  failed to get 200 response from `https://crates.example/cart/download`, got 502\n"
            ),
            "cargo build",
            "network.http",
            4,
        ),
        (
            (
                "[ERROR] /src/a/Cart.java: Undefined reference: java.time.LocalDate\n[INFO] BUILD FAILURE\n"
                "[ERROR] Failed to execute goal org.codehaus.mojo:animal-sniffer-maven-plugin:1.15:check on "
                "project cart: "
                "Signature errors found. -> [Help 1]\n"
                "org.apache.maven.lifecycle.LifecycleExecutionException: Failed to execute goal "
                "org.codehaus.mojo:x:check\n"
                "\tat org.apache.maven.lifecycle.internal.MojoExecutor.execute(MojoExecutor.java:212)\n"
            ),
            "mvn -e verify",
            "code.compile",
            4,
        ),
        (
            (
                "CMake Error at scripts/vcpkg.cmake:816 (message):\n"
                "  vcpkg install failed.  See logs for more information:\n"
                "  /src/vcpkg-manifest-install.log\nCall Stack (most recent call first):\n"
                "  CMakeLists.txt:26 (project)\n\n\n"
                "CMake Error: CMAKE_CXX_COMPILER not set, after EnableLanguage\n"
                "-- Configuring incomplete, errors occurred!\n"
            ),
            "cmake -B build",
            "config.build_script",
            5,
        ),
        (
            "FAIL: TestCart\n" + "=" * 40 + "\n# TOTAL: 17\n# PASS:  16\n# FAIL:  1\n" + "=" * 40 + "\n"
            "make[1]: *** [test-suite.log] Error 1\n",
            "make check",
            "code.test",
            4,
        ),
    ],
    ids=["no stack", "a stack", "cargo, time-out", "cargo, 502", "maven -e", "cmake, consequence", "automake's counts"],
)
def test_what_is_said_again_or_follows_is_not_the_cause(text: str, command: str, category: str, cause: int) -> None:
    """The cause is where a tool says it first; the last link of a chain gives the category."""
    analysis = analyze(github(text, command))

    assert (analysis.category, analysis.cause_line) == (category, cause)


@pytest.mark.parametrize(
    ("text", "category", "cause", "spans"),
    [
        (
            (
                "Executing: shop in: /src/book\n/src/book/shop.ipynb: WARNING: Execution Failed with traceback "
                "saved in /src/book/shop.log\nbuild finished with problems, 1 warning.\n"
                "Traceback (most recent call last):\n"
                '  File "/opt/book/sphinx.py", line 167, in build_sphinx\n    app.build(force_all, filenames)\n'
                "RuntimeError: There was an error in building your book. Look above for the cause.\n"
            ),
            "code.lint",
            5,
            ((5, 5),),
        ),
        (
            (
                "Testing cart\nError in cart\nError: /src/types/cart/index.d.ts:1:1\n"
                "ERROR: 1:1  expect  Expected type to be number but got string\n\n"
                "    at /src/node_modules/dtslint/bin/index.js:180:19\n"
            ),
            "code.lint",
            7,
            ((6, 7),),
        ),
        (
            "zsh:3: command not found: jq\njq is needed to read the version\n",
            "config.command_missing",
            4,
            ((4, 5),),
        ),
        (
            "zsh:3: command not found: jq\n\nThe shop is built.\n",
            "config.command_missing",
            4,
            ((4, 4),),
        ),
        (
            (
                "Treating warnings as errors because process.env.CI = true.\n"
                "Most CI servers set it automatically.\n\nFailed to compile.\n\n"
                "asset size limit: The following asset(s) exceed the recommended size limit (244 KiB).\n"
            ),
            "code.lint",
            9,
            ((4, 9),),
        ),
        ("Failed to compile.\n\nCannot find the shop\n", "code.compile", 6, ((4, 6),)),
        (
            (
                "ERROR in ./src/Cart.elm\nModule build failed: Error: Compilation failed\n"
                "Error: The following HTTP request failed.\n"
            ),
            "network.connect",
            5,
            ((4, 6),),
        ),
        (
            (
                "[ERROR] Failed to execute goal com.github.siom79.japicmp:japicmp-maven-plugin:0.11.0:cmp (default) "
                "on project shop: There is at least one incompatibility: Cart.total():METHOD_REMOVED -> [Help 1]\n"
                "[ERROR] \n[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.\n"
                "[ERROR] \n"
            ),
            "code.lint",
            4,
            ((4, 4),),
        ),
        (
            (
                "/gems/octokit-4.6.2/lib/octokit/response/raise_error.rb:16:in `on_complete': GET "
                "https://api.example.com/user: 401 - Bad credentials (Octokit::Unauthorized)\n"
                "\tfrom /gems/faraday-0.15.4/lib/faraday/response.rb:9:in `block in call'\n"
            ),
            "auth.permission",
            4,
            ((4, 5),),
        ),
        (
            " FAIL  ./dist/cart.js: 19.4KB > maxSize 19KB (gzip) \n\nnpm ERR! code ELIFECYCLE\n",
            "code.lint",
            4,
            ((4, 4),),
        ),
    ],
    ids=[
        "a trace that points at what stands above",
        "a shape that reaches beyond a block",
        "the rest of the last paragraph",
        "another paragraph",
        "warnings that are errors",
        "errors",
        "a module that needs the network",
        "a level and no message",
        "credentials that are refused",
        "a file that is too large",
    ],
)
def test_how_far_and_whose(text: str, category: str, cause: int, spans: tuple[tuple[int, int], ...]) -> None:
    """What is shown is what its tool said, neither more nor less."""
    analysis = analyze(github(text))

    assert (analysis.category, analysis.cause_line, analysis.spans) == (category, cause, spans)


def test_a_diff_is_shown_whole_with_the_line_that_announces_it() -> None:
    """A script compares what it generates: no line of the diff says anything alone."""
    text = (
        "Reading carts\nThe list of carts was not written anew\n"
        "--- carts.md\t2021-02-12\n+++ /tmp/carts.md\t2021-02-12\n"
        "@@ -4,3 +4,5 @@\n Open carts are kept a day.\n \n+Carts that were paid (and only those) are\n"
        "+no longer listed, nor is an error.\nReading tills\n"
    )
    analysis = analyze(github(text))

    assert (analysis.cause_line, analysis.spans) == (5, ((5, 12),))
