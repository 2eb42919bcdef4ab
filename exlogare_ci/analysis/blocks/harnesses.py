"""Blocks of the test harnesses that large projects wrote for themselves."""

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
            r"(?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+):(?P<column>\d+): (?:fatal )?error: (?P<message>.+)$",
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
            r"^(?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+):(?P<column>\d+): (?:fatal )?(?:error|warning): (?P<message>.+)$",
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
)
