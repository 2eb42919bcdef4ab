"""Blocks of newer test runners, and of runners that show another one's tests in their own way."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="nextest.test_failed",
        tool="nextest",
        kind="test",
        category="code.test",
        start=r"^[ \t]+(FAIL|SIGABRT|SIGSEGV|TIMEOUT|TRY [0-9]+ FAIL) \[ *[0-9.]+s\] .+$",
        needs=r"^--- STD(?:OUT|ERR): |^ *(?:stdout|stderr|output) ───",
        until=(
            r" +(?:PASS|FAIL|SLOW|START|LEAK|SKIP|TRY|SIG\w+|TIMEOUT|TERMINATING) +\[|(?:─){5,}|-{10,}$"
            r"| +Cancell?ing|error: test run| +Summary \["
        ),
        blank_max=3,
        cause=r"panicked at |^\s*Error: ",
        fields=(
            r"\[ *[\d.]+s\] (?:\([^)]+\) )?(?P<test>\S+(?: \S+)?)$",
            r"panicked at (?:'.*', )?(?P<file>[^\s:']+):(?P<line>\d+):(?P<column>\d+)",
            r"^\s*(?P<message>assertion .+|Error: .+)$",
        ),
        weight=1.5,
        sample=(
            "        PASS [   0.006s] app a::ok\n        FAIL [   0.012s] app::cart sums\n\n"
            "--- STDERR:              app::cart sums ---\n\nthread 'sums' panicked at tests/cart.rs:3:5:\n"
            "assertion `left == right` failed\n\n   Canceling due to test failure"
        ),
        expect=(
            1,
            6,
            {
                "test": "app::cart sums",
                "file": "tests/cart.rs",
                "line": "3",
                "column": "5",
                "message": "assertion `left == right` failed",
            },
        ),
        source="https://nexte.st/docs/reporting/",
    ),
    BlockRule(
        id="nextest.output",
        tool="nextest",
        kind="test",
        category="code.test",
        start=r"^(-{3} STD(OUT|ERR): +.+ -{3}|─{4} STD(OUT|ERR): +.+)$",
        until=r" +(?:Cancell?ing|Summary|PASS|FAIL|TRY)\b|-{6,}$|─{6,}$|error: ",
        blank_max=3,
        cause=r"^(?:assertion|Error: )|panicked at",
        fields=(
            r"^(?:-{3}|─{4}) STD(?:OUT|ERR): +(?P<test>\S.*?) *(?:-{3}|─*)$",
            r"panicked at (?P<file>[^\s:']+):(?P<line>\d+)",
            r"^(?P<message>(?:assertion|Error: ).+)$",
        ),
        weight=1.0,
        sample=(
            "--- STDERR:              cart tests::sums ---\nthread 'tests::sums' panicked at src/lib.rs:12:9:\n"
            "assertion `left == right` failed\n  left: 8\n right: 9\n\n   Canceling due to test failure"
        ),
        expect=(
            0,
            4,
            {
                "test": "cart tests::sums",
                "file": "src/lib.rs",
                "line": "12",
                "message": "assertion `left == right` failed",
            },
        ),
        source="https://nexte.st/docs/reporting/",
    ),
    BlockRule(
        id="playwright.test_failed",
        tool="playwright",
        kind="test",
        category="code.test",
        start=r"^ {1,4}[0-9]+\) .*[^ ]\.[cm]?[jt]sx?:[0-9]+:[0-9]+ › .+$",
        until=r" {1,4}\d+\) |\s+Retry #\d|\s+\d+ (?:failed|flaky|passed|skipped|did not run|interrupted)|##\[",
        blank_max=2,
        lines_max=100,
        trim=r"\s+(?:Error Context:|attachment #|Slow test file:|(?:─)+$)",
        cause=r"^\s+(?:[\w.]*Error\b|Test timeout of |[\w.]+: .*(?:[Tt]imeout|failed))",
        fields=(
            r"^\s+\d+\) (?P<test>.+?)(?: (?:─)+)?\s*$",
            r"^\s+(?P<message>(?:[\w.]*Error\b|Test timeout of ).+)$",
            r"^\s+at .*?(?P<file>[^\s(/]\S*\.[cm]?[jt]sx?):(?P<line>\d+):(?P<column>\d+)\)?$",
        ),
        weight=1.0,
        sample=(
            "Running 2 tests using 1 worker\n\n  1) cart.spec.ts:4:3 › cart › sums ─────────\n\n"
            "    Error: expect(received).toBe(expected)\n\n    Expected: 4\n    Received: 3\n"
            "        at cart.spec.ts:6:41\n\n    Retry #1 ─────────\n\n    Error: expect(received).toBe(expected)\n\n  1 failed"
        ),
        expect=(
            2,
            8,
            {
                "test": "cart.spec.ts:4:3 › cart › sums",
                "message": "Error: expect(received).toBe(expected)",
                "file": "cart.spec.ts",
                "line": "6",
                "column": "41",
            },
        ),
        source="ran: Playwright 1",
    ),
    BlockRule(
        id="gotestsum.failed",
        tool="gotestsum",
        kind="test",
        category="code.test",
        start=r"^=== FAIL: [^ ]+ [^ ]+ \([0-9.]+s\)$",
        then=r"(?!=== |DONE )\s*\S",
        until=r"=== |DONE \d+|--- FAIL",
        blank_max=1,
        fields=(
            r"^=== FAIL: \S+ (?P<test>\S+) \(",
            r"^\s+(?P<file>[\w./-]+\.go):(?P<line>\d+): (?P<message>.+)$",
        ),
        weight=0.5,
        sample=(
            "=== Failed\n=== FAIL: shop/cart TestSum/two (0.01s)\n    sum_test.go:9: got 3, want 4\n\n"
            "=== FAIL: shop/cart TestSum (0.01s)\n\nDONE 5 tests, 2 failures in 0.094s"
        ),
        expect=(
            1,
            2,
            {"test": "TestSum/two", "file": "sum_test.go", "line": "9", "message": "got 3, want 4"},
        ),
        source="ran: gotestsum 1.13",
    ),
    BlockRule(
        id="flutter.test_failed",
        tool="flutter",
        kind="test",
        category="code.test",
        start=r"^══.+ EXCEPTION CAUGHT BY FLUTTER TEST FRAMEWORK ",
        until=r"\d\d:\d\d \+\d+.* \[E\] *$",
        until_included=True,
        blank_max=2,
        cause=r"^(?!══|The following ).+",
        fields=(
            r"^\d\d:\d\d \+\d+(?: ~\d+)? -\d+: (?:.*\.dart: )?(?P<test>.+?) \[E\] *$",
            r"^(?P<message>Expected: .+)$",
            r"\((?:file://)?(?P<file>[^\s()]+_test\.dart):(?P<line>\d+):(?P<column>\d+)\)",
        ),
        weight=1.5,
        sample=(
            "00:03 +4: banner\n══╡ EXCEPTION CAUGHT BY FLUTTER TEST FRAMEWORK ╞═════\n"
            "The following TestFailure was thrown running a test:\nExpected: exactly one matching candidate\n"
            "  Actual: nothing\n\n#4      main.<anonymous closure> (file:///src/test/cart_test.dart:24:5)\n"
            "═════════\n00:04 +4 -1: counter goes up [E]\n00:05 +5 -1: Some tests failed."
        ),
        expect=(
            1,
            8,
            {
                "test": "counter goes up",
                "message": "Expected: exactly one matching candidate",
                "file": "/src/test/cart_test.dart",
                "line": "24",
                "column": "5",
            },
        ),
        source="https://docs.flutter.dev/testing/errors",
    ),
    BlockRule(
        id="xcbeautify.test_failed",
        tool="xctest",
        kind="test",
        category="code.test",
        start=r"^ +✖ [a-zA-Z_][^ ,\n]*, .*(XCT|failed|threw|caught|Issue recorded).*$",
        keep=r" +✖ ",
        fields=(r"^ +✖ (?P<test>[^ ,]+?)(?:\(\))?, (?P<message>.+)$",),
        weight=1.0,
        sample=(
            '    ✔ testLand (0.001 seconds)\n    ✖ testGlide, XCTAssertEqual failed: ("3") is not equal to ("4")\n'
            "Failing tests:"
        ),
        expect=(1, 1, {"test": "testGlide", "message": 'XCTAssertEqual failed: ("3") is not equal to ("4")'}),
        source="https://github.com/cpisciotta/xcbeautify",
    ),
    BlockRule(
        id="xctool.failed",
        tool="xctool",
        kind="test",
        category="code.test",
        start=r"^ *✗ -\[[^\]]+\] \([0-9.]+ ms\)",
        until=r"\s*(?:✓|✗|~) |\s*\d+ passed|Failures:",
        fields=(
            r"✗ -\[(?P<suite>\S+) (?P<test>[^\]]+)\]",
            r"^ *(?P<file>/\S+\.(?:mm?|swift)):(?P<line>\d+): (?P<message>.+?):?$",
        ),
        weight=1.5,
        sample=(
            "    ✓ -[BasketTests testAdd] (2 ms)\n    ✗ -[BasketTests testTotal] (14 ms) (0)\n"
            '    /src/BasketTests.m:33: ((total) equal to (@9)) failed: ("8") is not equal to ("9"):\n'
            "    33     XCTAssertEqualObjects(total, @9);\n\n    1 passed, 1 failed, 0 errored, 2 total (61 ms)"
        ),
        expect=(
            1,
            3,
            {
                "suite": "BasketTests",
                "test": "testTotal",
                "file": "/src/BasketTests.m",
                "line": "33",
                "message": '((total) equal to (@9)) failed: ("8") is not equal to ("9")',
            },
        ),
        source="https://github.com/facebookarchive/xctool",
    ),
    BlockRule(
        id="munit.failed",
        tool="munit",
        kind="test",
        category="code.test",
        start=r"^==> X [^ ].*$",
        until=r"\s+[+] |==> [Xis]|\[(?:error|info|warn)\]|\S+:$|  \+ ",
        blank_max=1,
        fields=(
            r"^==> X (?P<test>\S+(?: .+?)?) +[\d.]+m?s(?: (?P<exception>[\w.]+): )?(?P<file>\S+?\.scala):(?P<line>\d+)",
            r"^==> X (?P<test>.+?) +[\d.]+m?s",
            r"^(?P<message>(?:values are not|assertion failed|expected|[\w.]+Exception: ).*)$",
        ),
        weight=1.0,
        sample=(
            "acme.CartSuite:\n==> X acme.CartSuite.sums  0.041s munit.ComparisonFailException: /src/CartSuite.scala:7\n"
            "7:    assertEquals(total(4, 5), 9)\nvalues are not the same\n=> Obtained\n8\n"
            "    at munit.FunSuite.assertEquals(FunSuite.scala:11)\n  + is empty 0.0s"
        ),
        expect=(
            1,
            6,
            {
                "test": "acme.CartSuite.sums",
                "exception": "munit.ComparisonFailException",
                "file": "/src/CartSuite.scala",
                "line": "7",
                "message": "values are not the same",
            },
        ),
        source="https://scalameta.org/munit/docs/assertions.html",
    ),
    BlockRule(
        id="utest.failed",
        tool="utest",
        kind="test",
        category="code.test",
        start=r"^X [A-Za-z0-9_.$]+ [0-9]+ms *$",
        fields=(
            r"^X (?P<test>\S+) ",
            r"^\s+(?P<message>\S+(?:Error|Exception): .+)$",
            r"\((?P<file>\w+\.scala):(?P<line>\d+)\)",
        ),
        weight=1.5,
        sample="X acme.CartTests.sums 11ms \n  utest.AssertionError: total(4, 5) == 9\n    acme.CartTests$.sums(CartTests.scala:9)\nTests: 2, Passed: 1, Failed: 1",
        expect=(
            0,
            2,
            {
                "test": "acme.CartTests.sums",
                "message": "utest.AssertionError: total(4, 5) == 9",
                "file": "CartTests.scala",
                "line": "9",
            },
        ),
        source="https://github.com/com-lihaoyi/utest",
    ),
    BlockRule(
        id="zig.test_failed",
        tool="zig",
        kind="test",
        category="code.test",
        start=r"^([0-9]+/[0-9]+ .+\.\.\.|Test \[[0-9]+/[0-9]+\] .+\.\.\. ?)(FAIL \(|expected )",
        until=r"\d+/\d+ |Test \[|\d+ passed; |error: ",
        blank_max=0,
        cause=r"expected |FAIL \(",
        fields=(
            r"^\d+/\d+ (?:\S+\.test\.)?(?P<test>.+?)\.\.\.",
            r"^Test \[\d+/\d+\] (?P<test>.+?)\.\.\.",
            r"(?P<message>expected .+)$",
            r"^(?P<file>(?!.*/std/)\S+\.zig):(?P<line>\d+):\d+: 0x",
        ),
        weight=1.5,
        sample=(
            "1/2 a.test.sums...expected 9, found 8\nFAIL (TestExpectedEqual)\n/src/a.zig:3:15: 0x103d1c5 in test.sums (test)\n"
            'test "sums" { try expectEqual(9, total()); }\n              ^\n2/2 a.test.ok...OK'
        ),
        expect=(0, 4, {"test": "sums", "message": "expected 9, found 8", "file": "/src/a.zig", "line": "3"}),
        source="ran: zig 0.13",
    ),
)
