"""Blocks that the test frameworks of C and C++ print."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="ctest.failed_list",
        tool="ctest",
        kind="cascade",
        category="code.test",
        start=r"^The following tests FAILED:$",
        until=r"Errors while running CTest|\S",
        keep=r"",
        fields=(r"^\s+\d+ - (?P<test>\S.*?) \([^()]+\)",),
        sample="50% tests passed, 1 tests failed out of 2\n\nThe following tests FAILED:\n\t  2 - cart (Failed)\nErrors while running CTest",
        expect=(2, 3, {"test": "cart"}),
        source="ran: ctest 3.25",
    ),
    BlockRule(
        id="ctest.failed",
        tool="ctest",
        kind="test",
        category="code.test",
        start=r"^ *[0-9]+/[0-9]+ Test +#[0-9]+: .+\*\*\*(Failed|Exception|Timeout|Not Run)",
        until=r" *Start +\d+:| *\d+/\d+ Test +#|\d+% tests passed|test \d+$|\[={10}\]",
        blank_max=1,
        fields=(r"Test +#\d+: (?P<test>.+?) *(?:\.{2,}[^*]*)?\*\*\*", r"\*\*\*(?P<message>\w[\w :]*?)  "),
        weight=0.5,
        sample=(
            "    Start 2: cart\n2/2 Test #2: cart .............................***Failed    0.00 sec\n"
            "total: got 3, want 4\n\n50% tests passed, 1 tests failed out of 2"
        ),
        expect=(1, 2, {"test": "cart", "message": "Failed"}),
        source="ran: ctest 3.25",
    ),
    BlockRule(
        id="gtest.failure",
        tool="googletest",
        kind="test",
        category="code.test",
        start=r"^(.+:[0-9]+|([0-9]+: )?unknown file): Failure$",
        back=r"(?:\d+: )?\[ RUN      \] ",  # behind the test's number under ctest -V
        until=r"(?:\d+: )?\[(?:  FAILED  \]| RUN)",
        until_included=True,
        blank_max=1,
        cause=r": Failure$",
        fields=(
            r"^(?:\d+: )?\[ RUN      \] (?P<test>\S+)",
            r"^(?:\d+: )?\[  FAILED  \] (?P<test>[^\s,]+)",
            r"^(?:\d+: )?(?P<file>.+?):(?P<line>\d+): Failure$",
            r"^(?:\d+: )?(?P<message>Expected.+|Value of.+|C\+\+ exception.+|Death test.+)$",
            r"^(?:\d+: )? {4}Which is: (?P<actual>.+)$",
            r"^(?:\d+: )? {2}(?P<expected>-?\d.*|[\"'].*|true|false|nullptr)$",  # the side that is written out
        ),
        weight=1.0,
        sample=(
            "[ RUN      ] Cart.Total\n"
            "cart_test.cc:5: Failure\n"
            "Expected equality of these values:\n"
            "  total()\n"
            "    Which is: 3\n"
            "  4\n"
            "[  FAILED  ] Cart.Total (0 ms)\n"
            "[----------] 1 test from Cart (0 ms total)"
        ),
        expect=(
            0,
            6,
            {
                "test": "Cart.Total",
                "file": "cart_test.cc",
                "line": "5",
                "message": "Expected equality of these values:",
                "expected": "4",
                "actual": "3",
            },
        ),
        source="ran: GoogleTest 1.12",
    ),
    BlockRule(
        id="gtest.failure_msvc",
        tool="googletest",
        kind="test",
        category="code.test",
        start=r"^[^ ()]+\([0-9]+\): error: (Expected|Value of|The difference between|Failed$|C\+\+ exception with|Death test:|Expecting)",
        back=r"(?:\d+: )?\[ RUN      \] ",
        until=r"(?:\d+: )?\[(?:  FAILED  \]| RUN)",
        until_included=True,
        blank_max=1,
        cause=r"\(\d+\): error: ",
        fields=(
            r"^(?:\d+: )?\[ RUN      \] (?P<test>\S+)",
            r"^(?:\d+: )?\[  FAILED  \] (?P<test>[^\s,]+)",
            r"^(?P<file>[^ ()]+)\((?P<line>\d+)\): error: (?P<message>.+)$",
            r"^(?:\d+: )? {4}Which is: (?P<actual>.+)$",
            r"^(?:\d+: )? {2}(?P<expected>-?\d.*|[\"'].*|true|false|nullptr)$",
        ),
        weight=1.0,
        sample=(
            "[ RUN      ] Cart.Total\nC:\\src\\cart_test.cc(5): error: Expected equality of these values:\n  total()\n"
            "    Which is: 3\n  4\n[  FAILED  ] Cart.Total (0 ms)\n[----------] 1 test from Cart (0 ms total)"
        ),
        expect=(
            0,
            5,
            {
                "test": "Cart.Total",
                "file": "C:\\src\\cart_test.cc",
                "line": "5",
                "message": "Expected equality of these values:",
                "expected": "4",
                "actual": "3",
            },
        ),
        source="https://github.com/google/googletest/blob/main/googletest/src/gtest.cc",
    ),
    BlockRule(
        id="catch2.failed",
        tool="catch2",
        kind="test",
        category="code.test",
        start=r"^[^ ]+(:[0-9]+|\([0-9]+\)): FAILED:$",
        until=r"={20,}$|-{20,}$|\.{20,}$|test cases:|\S+(?::\d+|\(\d+\)): (?:PASSED|FAILED)",
        blank_max=1,
        fields=(r"^(?P<file>[^ ]+?)[:(](?P<line>\d+)\)?: FAILED:$", r"^  (?P<message>(?:REQUIRE|CHECK)\w*\(.+)$"),
        weight=1.0,
        sample=(
            "cart.cpp:5: FAILED:\n"
            "  REQUIRE( total() == 4 )\n"
            "with expansion:\n"
            "  3 == 4\n"
            "\n"
            "===============================================================================\n"
            "test cases: 1 | 1 failed"
        ),
        expect=(0, 3, {"file": "cart.cpp", "line": "5", "message": "REQUIRE( total() == 4 )"}),
        source="https://github.com/catchorg/Catch2/blob/devel/docs/reporters.md",
    ),
    BlockRule(
        id="catch2.compact",
        tool="catch2",
        kind="test",
        category="code.test",
        start=r"^[^ ]+:[0-9]+: failed: .+$",
        keep=r"\S+:\d+: (?:failed|passed): |[Ff]ailed \d+ test cases?",
        needs=r"^[Ff]ailed (?:all |both )?\d* ?test cases?",
        blank_max=0,
        fields=(r"^(?P<file>[^ ]+):(?P<line>\d+): failed: (?P<message>.+)$",),
        weight=1.0,
        sample="cart.cpp:5: failed: total() == 4 for: 3 == 4\ncart.cpp:9: failed: explicitly\nFailed 2 test cases, failed 2 assertions.\n\nmake: *** [test] Error 2",
        expect=(0, 2, {"file": "cart.cpp", "line": "5", "message": "total() == 4 for: 3 == 4"}),
        source="ran: Catch2 2.13 -r compact",
    ),
    BlockRule(
        id="check.failed",
        tool="check",
        kind="test",
        category="code.test",
        start=r"^([A-Z]:)?[^ :]+:[0-9]+:[FE]:[^:]+:[^:]+:[0-9]+: ",
        keep=r"(?:[A-Z]:)?[^ :]+:\d+:[FE]:",
        fields=(r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):[FE]:[^:]+:(?P<test>[^:]+):\d+: (?P<message>.+)$",),
        weight=1.0,
        sample="50%: Checks: 2, Failures: 1, Errors: 0\ncart_test.c:9:F:core:test_total:0: Assertion 'total() == 4' failed\nmake: *** [check] Error 1",
        expect=(
            1,
            1,
            {"file": "cart_test.c", "line": "9", "test": "test_total", "message": "Assertion 'total() == 4' failed"},
        ),
        source="https://libcheck.github.io/check/doc/check_html/",
    ),
    BlockRule(
        id="unity.failed",
        tool="unity",
        kind="test",
        category="code.test",
        start=r"^([A-Z]:)?[^ :]+:[0-9]+:[A-Za-z0-9_]+:FAIL",
        keep=r"(?:[A-Z]:)?[^ :]+:\d+:\w+:FAIL",
        fields=(r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):(?P<test>\w+):FAIL(?:: (?P<message>.+))?$",),
        weight=1.0,
        sample="test_cart.c:12:test_total:FAIL: Expected 4 Was 3\n\n-----------------------\n1 Tests 1 Failures 0 Ignored",
        expect=(0, 0, {"file": "test_cart.c", "line": "12", "test": "test_total", "message": "Expected 4 Was 3"}),
        source="https://github.com/ThrowTheSwitch/Unity",
    ),
    BlockRule(
        id="assert.failed",
        tool="libc",
        kind="trace",
        category="code.runtime_crash",
        start=r": Assertion [`'].+' failed\.$",
        blank_max=0,
        fields=(
            r"^.*?: (?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+): (?P<symbol>.+?): Assertion [`'](?P<message>.+)' failed\.$",
        ),
        weight=1.5,
        sample="cart: cart.c:4: total: Assertion `n > 0' failed.\nAborted (core dumped)",
        expect=(0, 0, {"file": "cart.c", "line": "4", "symbol": "total", "message": "n > 0"}),
        source="ran: glibc 2.36",
    ),
    BlockRule(
        id="gtest.crash",
        tool="googletest",
        kind="trace",
        category="code.runtime_crash",
        start=r"^\[ RUN      \] ",
        until=r"\[",
        needs=r"(?:^|[:\d] +|\t)(?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception)",
        blank_max=2,
        lines_max=200,
        cause=r"(?:^|[:\d] +|\t)(?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception)",
        fields=(
            r"^\[ RUN      \] (?P<test>\S+)",
            r"(?:^|[:\d] +|\t)(?P<message>(?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception).*)$",
        ),
        weight=2.0,
        sample=(
            "[       OK ] Cart.Empty (0 ms)\n[ RUN      ] Cart.Total\n"
            "bash: line 1:  2607 Segmentation fault      ./cart_test\nmake: *** [check] Error 139"
        ),
        expect=(1, 3, {"test": "Cart.Total", "message": "Segmentation fault      ./cart_test"}),
        source="ran: googletest 1.12",
    ),
    BlockRule(
        id="catch2.expected",
        tool="catch2",
        kind="noise",
        category="unknown",
        start=r"^[^ ]+(:[0-9]+|\([0-9]+\)): FAILED:$",
        until=r"test cases: +\d+ \|",
        until_included=True,
        needs=r"^test cases: +\d+ \|(?!.* \d+ failed(?! as expected)).* failed as expected",
        blank_max=4,
        lines_max=400,
        sample=(
            "cart.cpp:4: FAILED:\n  CHECK( 1 == 2 )\n\n"
            "===============================================================================\n"
            "test cases: 2 | 1 passed | 1 failed as expected\nassertions: 2 | 1 passed | 1 failed as expected"
        ),
        expect=(0, 4, {}),
        source="ran: Catch2 2.13",
    ),
    BlockRule(
        id="cpputest.failure",
        tool="cpputest",
        kind="test",
        category="code.test",
        start=r"^([A-Z]:)?[^ :()]{1,200}:[0-9]+: error: Failure in (?:IGNORE_)?TEST\(",
        keep=r"\t",
        blank_max=0,
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :()]+):(?P<line>\d+): error: Failure in (?:IGNORE_)?TEST\(\w+, *(?P<test>[^)]+)\)",
            r"^\t(?P<message>\S.*)$",
        ),
        weight=1.5,
        sample=(
            "./cart_tests\ntests/cart.cpp:20: error: Failure in TEST(Cart, total)\n\texpected <4>\n\tbut was  <3>\n\n..\n"
            "Errors (1 failures, 2 tests, 2 ran, 3 checks, 0 ignored, 0 filtered out, 0 ms)"
        ),
        expect=(1, 3, {"file": "tests/cart.cpp", "line": "20", "test": "total", "message": "expected <4>"}),
        source="https://github.com/cpputest/cpputest/blob/master/src/CppUTest/TestOutput.cpp",
    ),
)
