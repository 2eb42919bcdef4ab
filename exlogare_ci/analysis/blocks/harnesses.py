"""Blocks of the test harnesses that large projects wrote for themselves, and of tools that run other checkers."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="lit.test_failed",
        tool="lit",
        kind="test",
        category="code.test",
        start=r"^\*+ TEST '[^']+' FAILED \*+$",
        back=r"(?:FAIL|XPASS|TIMEOUT|UNRESOLVED): .+ \(\d+ of \d+\)",
        back_lines_max=1,
        until=r"\*{12,}$",
        blank_max=8,
        lines_max=200,
        trim=r"--$",
        cause=r"(?:^|[\s:])(?:fatal )?error: |Assertion .*failed|^\s*(?:# \| )?\w*(?:Error|Exception): ",
        fields=(
            r"TEST '(?P<test>[^']+)' FAILED",
            r"(?P<file>[^\s:]+):(?P<line>\d+):(?P<column>\d+): (?:fatal )?error: (?P<message>.+)$",
            r"^(?:# )?error: (?P<message>.+)$",
        ),
        weight=2.0,
        sample=(
            "PASS: Demo :: a.test (1 of 2)\nFAIL: Demo :: b.ll (2 of 2)\n"
            "******************** TEST 'Demo :: b.ll' FAILED ********************\nExit Code: 1\n\n"
            "Command Output (stderr):\n--\nb.ll:3:10: error: CHECK: expected string not found in input\n; CHECK: ret\n"
            "         ^\n\n--\n\n********************\nTesting Time: 0.1s"
        ),
        expect=(
            1,
            9,
            {
                "test": "Demo :: b.ll",
                "file": "b.ll",
                "line": "3",
                "column": "10",
                "message": "CHECK: expected string not found in input",
            },
        ),
        source="ran: lit 23",
    ),
    BlockRule(
        id="lit.test_passed",
        tool="lit",
        kind="noise",
        category="unknown",
        start=r"^(PASS|XFAIL|FLAKYPASS): .+ \([0-9]+ of [0-9]+\)$",
        then=r"Exit Code: ",
        until=r"\*{12,}$",
        blank_max=8,
        lines_max=200,
        sample="PASS: Demo :: a.test (1 of 1)\nExit Code: 0\n\n--\n# | error: as expected\n--\n\n********************\nTesting Time: 1s",
        expect=(0, 5, {}),
        source="ran: lit 23",
    ),
    BlockRule(
        id="node_core.test_failed",
        tool="node",
        kind="test",
        category="code.test",
        start=r"^=== (release|debug) .+ ===$",
        then=r"Path: ",
        until=r"Command: ",
        until_included=True,
        blank_max=4,
        cause=r"^\s*(?:\w*Error\b.*[:\]]|Error: |#? ?Fatal error|FATAL ERROR)",
        fields=(r"^Path: (?P<test>.+)$", r"^\s*(?P<message>(?:\w*Error\b.*\]?:|FATAL ERROR).+)$"),
        weight=2.0,
        sample=(
            "[00:12|% 100|+   9|-   1]: Done\n=== release test-cart ===\nPath: parallel/test-cart\nnode:assert:125\n"
            "  throw new AssertionError(obj);\n\nAssertionError [ERR_ASSERTION]: 2 !== 1\n    at a.js:5:12\n\n"
            "Command: out/Release/node /src/test/parallel/test-cart.js\n\nmake: *** [test] Error 1"
        ),
        expect=(1, 9, {"test": "parallel/test-cart", "message": "AssertionError [ERR_ASSERTION]: 2 !== 1"}),
        source="https://github.com/nodejs/node/blob/main/tools/test.py",
    ),
    BlockRule(
        id="kunit.failed",
        tool="kunit",
        kind="test",
        category="code.test",
        start=r"# [^ ]+: (EXPECTATION|ASSERTION) FAILED at [^ ]+:[0-9]+$",
        until=r".*(?:\[(?:FAILED|PASSED|SKIPPED)\]|\b(?:not )?ok \d)",
        until_included=True,
        blank_max=1,
        lines_max=40,
        fields=(
            r"# (?P<test>[^ ]+): (?:EXPECTATION|ASSERTION) FAILED at (?P<file>[^ ]+):(?P<line>\d+)$",
            r"(?P<message>Expected .+)$",
        ),
        weight=1.0,
        sample=(
            "[10:12:40] [PASSED] cart_empty\n[10:12:40]     # cart_total: EXPECTATION FAILED at lib/cart.c:12\n"
            "[10:12:40]     Expected sum == 3, but\n[10:12:40]         sum == 4 (0x4)\n[10:12:40] [FAILED] cart_total\n"
            "[10:12:40] Testing complete. Ran 2 tests: passed: 1, failed: 1"
        ),
        expect=(
            1,
            4,
            {"test": "cart_total", "file": "lib/cart.c", "line": "12", "message": "Expected sum == 3, but"},
        ),
        source="https://docs.kernel.org/dev-tools/kunit/run_wrapper.html",
    ),
    BlockRule(
        id="kselftest.failed",
        tool="kselftest",
        kind="test",
        category="code.test",
        start=r"^not ok [0-9]+ selftests: ",
        reject=r"# (?:SKIP|TODO)",
        back=r"# ",
        back_trim=r"# timeout set to ",
        cause=r"(?i)^# (?!not ok).*(?:fail|error|bail out|assert|expected)|^# not ok",
        fields=(r"^not ok \d+ (?P<test>selftests: .+?)(?: # .*)?$", r"^# (?P<message>.*(?:FAIL|[Ff]ail|[Ee]rror).*)$"),
        weight=1.5,
        sample=(
            "ok 1 selftests: timers: posix_timers\n# timeout set to 45\n# selftests: timers: raw_skew\n"
            "# Estimating clock drift: -1.2 6.9 [FAILED]\nnot ok 2 selftests: timers: raw_skew # exit=1\nok 3 selftests: net: x"
        ),
        expect=(
            2,
            4,
            {"test": "selftests: timers: raw_skew", "message": "Estimating clock drift: -1.2 6.9 [FAILED]"},
        ),
        source="https://docs.kernel.org/dev-tools/kselftest.html",
    ),
    BlockRule(
        id="stestr.failed",
        tool="stestr",
        kind="test",
        category="code.test",
        start=r"^\{[0-9]+\} .+ \[[0-9.]+s\] \.\.\. (FAILED|inprogress)$",
        until=r"\{\d+\} |={20,}$|Failed \d+ tests",
        blank_max=3,
        cause=r"^\s+(?:[\w.]+\.)?\w*(?:Error|Exception|Failure|Timeout|NotFound|Conflict)\w*(?::|$)",
        cause_last=True,
        cause_until=r"^Captured (?!traceback)",
        fields=(
            r"^\{\d+\} (?P<test>.+?) \[[\d.]+s\] \.\.\.",
            r"^\s+(?P<message>(?:[\w.]+\.)?\w*(?:Error|Exception|Failure|Timeout)\w*: .+)$",
            r"^\s+File \"(?P<file>[^\"]+)\", line (?P<line>\d+), in test",
        ),
        last_of=("message",),
        weight=2.0,
        sample=(
            "{0} shop.tests.Cart.test_a [0.1s] ... ok\n{0} shop.tests.Cart.test_sum [0.2s] ... FAILED\n\nCaptured traceback:\n"
            '~~~~~~~~~~~~~~~~~~~\n    Traceback (most recent call last):\n\n      File "/src/shop/tests.py", line 5, in test_sum\n'
            "    self.assertEqual(3, 4)\n\n    testtools.matchers._impl.MismatchError: 3 != 4\n\n"
            "{0} shop.tests.Cart.test_z [0.1s] ... ok"
        ),
        expect=(
            1,
            10,
            {
                "test": "shop.tests.Cart.test_sum",
                "message": "testtools.matchers._impl.MismatchError: 3 != 4",
                "file": "/src/shop/tests.py",
                "line": "5",
            },
        ),
        source="ran: stestr 4",
    ),
    BlockRule(
        id="testtools.captured",
        tool="stestr",
        kind="test",
        category="code.test",
        start=r"^Captured traceback:$",
        back=r"[\w.]+(?:[\[(].*)?$|-{4,}$",
        back_blank_max=1,
        back_lines_max=3,
        until=r"[\w.]+\.test\w*(?:\[.*\])?$|={6,}$|\{\d+\} ",
        blank_max=3,
        cause=r"^\s+(?:[\w.]+\.)?\w*(?:Error|Exception|Failure|Timeout|NotFound|Conflict)\w*(?::|$)",
        cause_last=True,
        cause_until=r"^Captured (?!traceback)",
        fields=(
            r"^(?P<test>[\w.]+\.test\w*(?:\[.*\])?)$",
            r"^\s+(?P<message>(?:[\w.]+\.)?\w*(?:Error|Exception|Failure|Timeout)\w*: .+)$",
            r"^\s+File \"(?P<file>[^\"]+)\", line (?P<line>\d+), in test",
        ),
        last_of=("message",),
        weight=1.0,
        sample=(
            "==============================\nFailed 1 tests - output below:\n==============================\n\n"
            "shop.tests.Cart.test_sum\n------------------------\n\nCaptured traceback:\n~~~~~~~~~~~~~~~~~~~\n"
            '    Traceback (most recent call last):\n      File "/src/shop/tests.py", line 5, in test_sum\n'
            "    self.assertEqual(3, 4)\n    AssertionError: 3 != 4\n\n\n======\nTotals"
        ),
        expect=(
            4,
            12,
            {
                "test": "shop.tests.Cart.test_sum",
                "message": "AssertionError: 3 != 4",
                "file": "/src/shop/tests.py",
                "line": "5",
            },
        ),
        source="ran: stestr 4",
    ),
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
        id="pre_commit.hook_failed",
        tool="pre-commit",
        kind="lint",
        category="code.lint",
        start=r"^.+\.{3,}Failed$",
        then=r"- hook id: ",
        until=r".+\.{3,}(?:\([^)]*\))?(?:Passed|Skipped|Failed)$|pre-commit hook\(s\) made changes|All changes made",
        blank_max=4,
        lines_max=150,
        cause=r"^(?!- (?:hook id|exit code|duration): |.+\.{3,}Failed$)\S",
        fields=(
            r"^- hook id: (?P<target>\S+)",
            r"^(?P<file>[^\s:]+):(?P<line>\d+):(?:\d+:)? ?(?P<message>.+)$",
            r"^(?!- (?:hook id|exit code|duration): |.+\.{3,}Failed$)(?P<message>\S.*)$",
            r"^ +--> (?P<file>[^\s:]+):(?P<line>\d+)",
        ),
        weight=2.0,
        sample=(
            "yaml.....................................................................Passed\n"
            "no breakpoints...........................................................Failed\n"
            "- hook id: nodebug\n- exit code: 1\n\nb.py:2: breakpoint()\n\n"
            "json.....................................................................Passed"
        ),
        expect=(1, 5, {"target": "nodebug", "file": "b.py", "line": "2", "message": "breakpoint()"}),
        source="ran: pre-commit 4",
    ),
    BlockRule(
        id="super_linter.findings",
        tool="super-linter",
        kind="lint",
        category="code.lint",
        start=r"\[ERROR\] +(Found errors (when linting|in \[)|Error code: [0-9]+\. Command output)",
        first=r"-{6}$",
        until=r"\d{4}-\d\d-\d\d .*\[(?:INFO|NOTICE|ERROR|FATAL|WARN)\]",
        blank_max=4,
        trim=r"-{6}$",
        cause=r"(?i)[\w./-]+:\d+|line \d+|error|\bSC\d{4}\b",
        fields=(r"(?P<file>[\w./-]+\.\w+)(?::| line )(?P<line>\d+)", r"^(?P<message>.*(?:error|SC\d{4}).*)$"),
        weight=1.0,
        sample=(
            "2026-06-02 10:00:23 [ERROR]   Found errors when linting BASH. Exit code: 1.\n"
            "2026-06-02 10:00:23 [INFO]   Command output for BASH:\n------\nIn /github/workspace/run.sh line 12:\n"
            "for f in $(ls); do\n         ^---^ SC2045 (error): Iterating over ls output is fragile.\n------\n"
            "2026-06-02 10:00:23 [INFO]   YAML linted successfully"
        ),
        expect=(
            2,
            5,
            {
                "file": "/github/workspace/run.sh",
                "line": "12",
                "message": "         ^---^ SC2045 (error): Iterating over ls output is fragile.".strip(),
            },
        ),
        source="https://github.com/super-linter/super-linter/blob/main/lib/functions/worker.sh",
    ),
    BlockRule(
        id="cargo_deny.finding",
        tool="cargo-deny",
        kind="lint",
        category="code.license",
        start=r"^error\[(vulnerability|unmaintained|unsound|yanked|rejected|banned|duplicate|source-not-allowed|unlicensed)\]: .+$",
        needs=r"┌─|├ |└── ",
        until=r"(?:error|warning)\[|\w+ (?:ok|FAILED)",
        blank_max=0,
        fields=(r"^error\[(?P<code>[\w-]+)\]: (?P<message>.+)$", r"┌─ (?P<file>[^:]+):(?P<line>\d+)"),
        weight=1.0,
        sample=(
            "error[rejected]: failed to satisfy license requirements\n  ┌─ /src/Cargo.lock:12:1\n  │\n"
            '12 │ license = "AGPL-3.0"\n  │\n  ├ wren v0.2.0\n\nadvisories ok, bans ok, licenses FAILED'
        ),
        expect=(
            0,
            5,
            {
                "code": "rejected",
                "message": "failed to satisfy license requirements",
                "file": "/src/Cargo.lock",
                "line": "12",
            },
        ),
        source="https://embarkstudios.github.io/cargo-deny/",
    ),
    BlockRule(
        id="mozlint.finding",
        tool="mozlint",
        kind="lint",
        category="code.lint",
        start=r"TEST-UNEXPECTED-(ERROR|WARNING) \| [^|]+:[0-9]+(:[0-9]+)? \| .+$",
        keep=r".*TEST-UNEXPECTED-",
        fields=(
            (
                r"TEST-UNEXPECTED-\w+ \| (?P<file>[^|:]+):(?P<line>\d+)(?::(?P<column>\d+))? \| (?P<message>.+?)"
                r"(?: \((?P<code>[\w/@.-]+)\))?$"
            ),
        ),
        weight=1.5,
        sample=(
            "Running setup for linters: eslint\nTEST-UNEXPECTED-ERROR | a/b.mjs:4:9 | 'x' is not defined. (eslint/no-undef)\n"
            "Running eslint took 80s"
        ),
        expect=(
            1,
            1,
            {
                "file": "a/b.mjs",
                "line": "4",
                "column": "9",
                "message": "'x' is not defined.",
                "code": "eslint/no-undef",
            },
        ),
        source="https://firefox-source-docs.mozilla.org/code-quality/lint/usage.html",
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
        id="python.fatal_error",
        tool="python",
        kind="trace",
        category="code.runtime_crash",
        start=r"^Fatal Python error: .+$",
        keep=r"(?:Python runtime state: |(?:Current t|T)hread 0x|  File |  <|  \.\.\.|Extension modules: )",
        fields=(
            r"^Fatal Python error: (?P<message>.+)$",
            r"^  File \"(?P<file>[^\"]+)\", line (?P<line>\d+) in (?P<symbol>\S+)",
        ),
        weight=2.5,
        sample=(
            "running\nFatal Python error: Segmentation fault\n\nCurrent thread 0x00007fb62de04b80 (most recent call first):\n"
            '  File "/src/test_cart.py", line 4 in test_sum\n  File "/usr/lib/python3.11/unittest/case.py", line 579 in run\n\n'
            "Extension modules: _cart (total: 1)\n0:00:00 [2/3/1] test_ok passed"
        ),
        expect=(
            1,
            7,
            {"message": "Segmentation fault", "file": "/src/test_cart.py", "line": "4", "symbol": "test_sum"},
        ),
        source="ran: CPython 3.11",
    ),
    BlockRule(
        id="dejagnu.excess_errors",
        tool="dejagnu",
        kind="test",
        category="code.test",
        start=r"^FAIL: .+ \(test for excess errors\)$",
        then=r"Excess errors:",
        until=r"(?:FAIL|PASS|XFAIL|XPASS|UNRESOLVED|UNSUPPORTED|ERROR|WARNING): |\t\t===",
        blank_max=0,
        cause=r": (?:fatal )?error: |^(?!FAIL: |Excess errors:)\S",
        fields=(
            r"^FAIL: (?P<test>\S+)",
            r"^(?P<file>[^\s:]+):(?P<line>\d+):(?P<column>\d+): (?:fatal )?(?:error|warning): (?P<message>.+)$",
        ),
        weight=1.0,
        sample=(
            "PASS: gcc.dg/a.c (test for excess errors)\nFAIL: gcc.dg/b.c (test for excess errors)\nExcess errors:\n"
            "/src/b.c:7:3: error: 'y' undeclared (first use in this function)\n\nXFAIL: gcc.dg/c.c  (test for warnings, line 4)"
        ),
        expect=(
            1,
            3,
            {
                "test": "gcc.dg/b.c",
                "file": "/src/b.c",
                "line": "7",
                "column": "3",
                "message": "'y' undeclared (first use in this function)",
            },
        ),
        source="https://gcc.gnu.org/onlinedocs/gccint/Testsuites.html",
    ),
    BlockRule(
        id="flutter.test_failed",
        tool="flutter",
        kind="test",
        category="code.test",
        start=r"^══.+ EXCEPTION CAUGHT BY FLUTTER TEST FRAMEWORK ",
        until=r"\d\d:\d\d \+\d+.* \[E\]$",
        until_included=True,
        blank_max=2,
        cause=r"^(?!══|The following ).+",
        fields=(
            r"^\d\d:\d\d \+\d+(?: ~\d+)? -\d+: (?:.*\.dart: )?(?P<test>.+?) \[E\]$",
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
)
