r"""Blocks of test frameworks and runners of compiled and functional languages that print a failure over several lines."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="automake.test_log",
        tool="automake",
        kind="test",
        category="code.test",
        start=r"^(FAIL|ERROR|XPASS): [^ ]+$",
        then=r"={5,}$",
        unless=r"^# TOTAL: ",
        until=r"(?:FAIL|ERROR|XPASS) \S+ \(exit status: \d+\)",
        until_included=True,
        blank_max=2,
        cause=r"^(?!(?:FAIL|ERROR|XPASS): \S+$|={5,}$)\S",
        fields=(
            r"^(?:FAIL|ERROR|XPASS): (?P<test>\S+)$",
            r"^(?P<message>(?!(?:FAIL|ERROR|XPASS): \S+$|={5,}$)\S.*)$",
        ),
        weight=1.0,
        sample=(
            "FAIL: t_total\n=============\n\nt_total: expected 9, got 8\nFAIL t_total (exit status: 1)\n\n"
            "SKIP: script.sh\n==============="
        ),
        expect=(0, 4, {"test": "t_total", "message": "t_total: expected 9, got 8"}),
        source="ran: automake 1.16",
    ),
    BlockRule(
        id="automake.failed",
        tool="automake",
        kind="cascade",
        category="code.test",
        start=r"^(FAIL|XPASS): [^ ]+( \(exit: [0-9]+\))?$",
        fields=(r"^\w+: (?P<test>\S+)",),
        weight=1.5,
        sample="PASS: t_ok\nFAIL: t_total\nSKIP: script.sh",
        expect=(1, 1, {"test": "t_total"}),
        source="ran: automake 1.16",
    ),
    BlockRule(
        id="cppunit.failed",
        tool="cppunit",
        kind="test",
        category="code.test",
        start=r"^[0-9]+\) test: .+ \([EF]\)",
        until=r"\d+\) test: |g?make\b|scons: |\$ |\+ |##\[",
        blank_max=0,
        lines_max=12,
        fields=(
            r"^\d+\) test: (?P<test>\S.*?) \([EF]\)(?: line: (?P<line>\d+) (?P<file>\S+))?",
            r"^(?P<message>(?!\d+\) test: |assertion failed$)\S.*)$",
        ),
        weight=1.0,
        sample=(
            "1) test: CartTest::testSum (F) line: 5 t.cpp\nequality assertion failed\n- Expected: 9\n- Actual  : 8\n\n\n"
            "make: *** [check] Error 1"
        ),
        expect=(
            0,
            3,
            {"test": "CartTest::testSum", "line": "5", "file": "t.cpp", "message": "equality assertion failed"},
        ),
        source="ran: CppUnit 1.15",
    ),
    BlockRule(
        id="cppunit.compiler_outputter",
        tool="cppunit",
        kind="test",
        category="code.test",
        start=r"^.+[:(][0-9]+\)? ?: ?(error : )?(Assertion|Error|Uncaught exception.*)$",
        then=r"Test name: ",
        until=r"Failures !!!|\$ |\+ |##\[",
        blank_max=0,
        lines_max=12,
        fields=(
            r"^(?P<file>.+?)[:(](?P<line>\d+)\)? ?:",
            r"^Test name: (?P<test>.+)$",
            r"^(?P<message>(?!Test name: |assertion failed$|.*:Assertion$)\S.*)$",
        ),
        weight=1.0,
        sample=".F.\n\nt.cpp:5:Assertion\nTest name: CartTest::testSum\nequality assertion failed\n- Expected: 9\n- Actual  : 8\n\nFailures !!!",
        expect=(
            2,
            6,
            {"file": "t.cpp", "line": "5", "test": "CartTest::testSum", "message": "equality assertion failed"},
        ),
        source="ran: CppUnit 1.15",
    ),
    BlockRule(
        id="boost_test.error",
        tool="boost.test",
        kind="test",
        category="code.test",
        start=r"^.+[(:][0-9]+\)?: (fatal )?error:? in \"[^\"]+\": ",
        keep=r'.+[(:]\d+\)?: (?:(?:fatal )?error:? in "|last checkpoint)',
        blank_max=0,
        fields=(
            r'^(?P<file>(?!unknown location).+?)[(:](?P<line>\d+)\)?: (?:fatal )?error:? in "',
            r'error:? in "(?P<test>[^"]+)": (?P<message>.+)$',
        ),
        weight=1.0,
        sample=(
            'Running 2 test cases...\nt.cpp(4): error: in "totals/sums": check t == 9 has failed [8 != 9]\n\n'
            '*** 1 failure is detected in the test module "cart"'
        ),
        expect=(
            1,
            1,
            {"file": "t.cpp", "line": "4", "test": "totals/sums", "message": "check t == 9 has failed [8 != 9]"},
        ),
        source="ran: Boost.Test 1.74",
    ),
    BlockRule(
        id="doctest_cpp.failed",
        tool="doctest",
        kind="test",
        category="code.test",
        start=r"^.+[0-9]\)?: (FATAL )?ERROR: (CHECK|REQUIRE|FAST_|test case (THREW|CRASHED)|FAIL)",
        back=r"TEST (?:SUITE|CASE): |\S+[:(]\d+\)?:$|  \S|DEEPEST SUBCASE",
        back_blank_max=1,
        cause=r" ERROR: ",
        fields=(
            r"^TEST CASE: +(?P<test>.+)$",
            r"^(?P<file>.+?)[:(](?P<line>\d+)\)?: (?:FATAL )?ERROR: (?P<message>.+)$",
        ),
        weight=1.0,
        sample=(
            "===============================================================================\n"
            "t.cpp:3:\nTEST CASE:  sum\n  two\n\nt.cpp:3: ERROR: CHECK( t == 9 ) is NOT correct!\n"
            "  values: CHECK( 8 == 9 )\n\n"
            "===============================================================================\n[doctest] Status: FAILURE!"
        ),
        expect=(1, 6, {"test": "sum", "file": "t.cpp", "line": "3", "message": "CHECK( t == 9 ) is NOT correct!"}),
        source="ran: doctest 2.4.9",
    ),
    BlockRule(
        id="gocheck.failed",
        tool="gocheck",
        kind="test",
        category="code.test",
        start=r"^(FAIL|PANIC): [^ ]+\.go:[0-9]+: [A-Za-z0-9_.]+$",
        until=r"-{60,}$|OOPS: |--- FAIL|FAIL\b|PANIC: |=== ",
        blank_max=2,
        fields=(
            r"^(?:FAIL|PANIC): (?P<file>\S+\.go):(?P<line>\d+): (?P<test>\S+)$",
            r"^\.\.\. (?P<message>.+)$",
        ),
        weight=2.5,
        sample=(
            "----------------------------------------------------------------------\nFAIL: s_test.go:15: S.TestSum\n\n"
            "s_test.go:15:\n    c.Assert(A(), Equals, 2)\n... obtained int = 1\n... expected int = 2\n\n"
            "OOPS: 1 passed, 1 FAILED\n--- FAIL: Test (0.00s)"
        ),
        expect=(1, 6, {"file": "s_test.go", "line": "15", "test": "S.TestSum", "message": "obtained int = 1"}),
        source="ran: gopkg.in/check.v1",
    ),
    BlockRule(
        id="hunit.failed",
        tool="hunit",
        kind="test",
        category="code.test",
        start=r"### (Failure|Error) in: ",
        until=r"Cases: \d|### ",
        blank_max=1,
        fields=(
            r"### (?:Failure|Error) in: (?:\d+:)*(?P<test>\S.*?) *$",
            r"^(?P<file>\S+\.l?hs):(?P<line>\d+)",
            r"^(?P<message>expected: .+)$",
        ),
        weight=1.5,
        sample=(
            "### Failure in: 0:sum\nT.hs:8\ntwo items\nexpected: 9\n but got: 8\n"
            "Cases: 2  Tried: 2  Errors: 0  Failures: 1"
        ),
        expect=(0, 4, {"test": "sum", "file": "T.hs", "line": "8", "message": "expected: 9"}),
        source="ran: HUnit 1.6",
    ),
    BlockRule(
        id="alcotest.failed",
        tool="alcotest",
        kind="test",
        category="code.test",
        start=r"^(│ \[FAIL\] |-- .+ \[.+\] Failed --$)",
        until=r" ─{10}|Logs saved to|Full test results|Test Successful|-- .+ Failed --$|The full test results",
        blank_max=2,
        cause=r"^(?![│┌└-])\S",
        fields=(
            r"^│ \[FAIL\] +\S.*? +\d+ +(?P<test>\S.*?)\.? +│$",
            r"^-- .+? \[(?P<test>.+?)\.?\] Failed --$",
            r"^(?:ASSERT|\[exception\]|FAIL) (?P<message>.+)$",
        ),
        weight=1.5,
        sample=(
            "  [OK]          totals          2   ok.\n\n"
            "│ [FAIL]        totals          0   sums.                                      │\n"
            "└──────────────────────────────────────────────────────────────────────────────┘\n"
            "ASSERT two items\nFAIL two items\n\n   Expected: `9'\n   Received: `8'\n\n"
            "Logs saved to `/src/_build/_tests/cart/totals.000.output'."
        ),
        expect=(2, 8, {"test": "sums", "message": "two items"}),
        source="ran: alcotest 1.6",
    ),
    BlockRule(
        id="alcotest.line",
        tool="alcotest",
        kind="cascade",
        category="code.test",
        start=r"^>? *\[FAIL\] {3,}[^ ].* [0-9]+ +[^ ].*\.$",
        keep=r"\s*\[FAIL\] ",
        fields=(r"\[FAIL\] +\S.*? +\d+ +(?P<test>\S.*?)\.$",),
        weight=0.0,
        sample="> [FAIL]        totals          0   sums.\n[OK]          totals          1   ok.",
        expect=(0, 0, {"test": "sums"}),
        source="ran: alcotest 1.6",
    ),
    BlockRule(
        id="ounit.failed",
        tool="ounit",
        kind="test",
        category="code.test",
        start=r"^(Error|Failure): [^ ]+:[0-9]+(:.*)?\.?$",
        then=r"\s*$",
        until=r"-{60,}$|={60,}$|Ran: ",
        blank_max=2,
        needs=r"\(in the (?:log|code)\)|^(?:Raised|Called|expected: |OUnit|not equal)",
        cause=r"^(?!Error: |Failure: |File |Raised |Called )\S",
        fields=(
            r"^(?:Error|Failure): (?P<test>[^ ]+:\d+(?::[^()]*?)?)\.?$",
            r"^(?P<message>(?!Error: |Failure: |File |Raised |Called )\S.*)$",
        ),
        weight=1.5,
        sample=(
            "==============================================================================\n"
            'Error: cart:0:sums.\n\nFile "/src/_build/oUnit-cart.log", line 2, characters 1-1:\n'
            "Error: cart:0:sums (in the log).\n\nexpected: 9 but got: 8\n"
            "------------------------------------------------------------------------------\nRan: 3 tests in: 0.11 seconds."
        ),
        expect=(1, 6, {"test": "cart:0:sums", "message": "expected: 9 but got: 8"}),
        source="ran: OUnit 2.2",
    ),
    BlockRule(
        id="nim.unittest_failed",
        tool="nim",
        kind="test",
        category="code.test",
        start=r"^  +\[FAILED\] [^ ]",
        back=r" {3,}\S",
        cause=r"\.nim\(\d+",
        fields=(
            r"\[FAILED\] (?P<test>.+?)\s*$",
            r"^\s*(?P<file>\S+\.nim)\((?P<line>\d+)(?:, (?P<column>\d+))?\)(?:: (?P<message>.+))?$",
        ),
        weight=1.5,
        sample="[Suite] cart\n    /src/t.nim(4, 16): Check failed: 4 + 5 == 8\n    4 + 5 was 9\n  [FAILED] sums\n  [OK] ok",
        expect=(
            1,
            3,
            {
                "test": "sums",
                "file": "/src/t.nim",
                "line": "4",
                "column": "16",
                "message": "Check failed: 4 + 5 == 8",
            },
        ),
        source="ran: nim 1.6",
    ),
    BlockRule(
        id="rackunit.failed",
        tool="racket",
        kind="test",
        category="code.test",
        start=r"^(FAILURE|ERROR)$",
        then=r"\s*$|(?:name|location|params|actual|expected|message): ",
        back=r"(?!-{20}$)\S",
        back_lines_max=1,
        until=r"-{20}$",
        until_included=True,
        needs=r"^-{20}$",
        blank_max=2,
        cause=r"^(?:location|message|actual): |^(?!-|FAILURE$|ERROR$|name: )\S.* ",
        fields=(
            r"^(?P<test>(?!FAILURE$|ERROR$|-{20}|[a-z]+: )\w[\w ?!>-]*)$",
            r"^location: +(?P<file>[^:]+):(?P<line>\d+)",
            r"^name: +(?P<test>\S.*)$",
            r"^message: +(?P<message>.+)$",
        ),
        weight=1.5,
        sample=(
            "--------------------\nFAILURE\nname:       check-equal?\nlocation:   t.rkt:4:0\nactual:     8\nexpected:   9\n"
            "--------------------\n2/3 test failures"
        ),
        expect=(1, 6, {"test": "check-equal?", "file": "t.rkt", "line": "4"}),
        source="ran: racket 8.7",
    ),
    BlockRule(
        id="d.assert_error",
        tool="d",
        kind="test",
        category="code.test",
        start=r"^(core\.exception\.)?[A-Za-z.]*AssertError@[^ ]+\([0-9]+\): ",
        fields=(r"AssertError@(?P<file>[^ (]+)\((?P<line>\d+)\): (?P<message>.+)$",),
        weight=1.0,
        sample="Running cart-test\ncore.exception.AssertError@source/cart.d(3): two items\n----------------\n??:? _d_assert_msg [0x7f]",
        expect=(1, 1, {"file": "source/cart.d", "line": "3", "message": "two items"}),
        source="ran: dub 1.27 with ldc 1.30",
    ),
    BlockRule(
        id="midje.failed",
        tool="midje",
        kind="test",
        category="code.test",
        start=r"^FAIL( \".+\")? at \([^ ]+:[0-9]+\)$",
        until=r"FAIL\b|FAILURE:|All checks|[\d>]+ ",
        blank_max=1,
        fields=(
            r'^FAIL(?: "(?P<test>[^"]+)")? at \((?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+)\)$',
            r"^(?P<message>(?!FAIL|nil$)\S.*)$",
        ),
        weight=1.5,
        sample=(
            'FAIL "Basket - sums prices" at (basket_test.clj:8)\n    Expected:\n9\n      Actual:\n8\n\n'
            "FAILURE: 1 check failed.  (But 31 succeeded.)"
        ),
        expect=(0, 4, {"test": "Basket - sums prices", "file": "basket_test.clj", "line": "8", "message": "9"}),
        source="https://github.com/marick/Midje",
    ),
    BlockRule(
        id="dune.output_differs",
        tool="dune",
        kind="test",
        category="code.test",
        start=r"^File \"[^\"]+\", line [0-9]+, characters [0-9]+-[0-9]+:$",
        reject=r"\.mli?\"",
        then=r"\s+(?:git|diff|patdiff)\b|(?:---|diff) |-/?\||\|",
        keep=r"\(cd _build|diff |index |[-+@ |\\]",
        blank_max=1,
        needs=r"^[-+]",
        cause=r"^[-+](?![-+])",
        fields=(r'^File "(?P<file>[^"]+)", line (?P<line>\d+)', r"^(?P<message>[-+](?![-+]).*)$"),
        weight=1.0,
        sample=(
            'File "out.expected", line 1, characters 0-0:\n         git (internal) (exit 1)\n'
            "(cd _build/default && git diff --no-index -u out.expected out.txt)\n--- a/out.expected\n+++ b/out.txt\n"
            "@@ -1,2 +1,2 @@\n-total: 9\n+total: 8\n done\nnext"
        ),
        expect=(0, 8, {"file": "out.expected", "line": "1", "message": "-total: 9"}),
        source="ran: dune 2.9",
    ),
    BlockRule(
        id="dune.source_differs",
        tool="dune",
        kind="list",
        category="code.format",
        start=r"^File \"[^\"]+\.mli?\", line 1, characters 0-0:$",
        then=r"\s+(?:git|diff|patdiff)\b|(?:---|diff) |-/?\||\|",
        keep=r"\(cd _build|diff |index |[-+@ |\\]",
        blank_max=1,
        needs=r"^[-+]",
        cause=r"^[-+](?![-+])",
        fields=(r'^File "(?P<file>[^"]+)", line (?P<line>\d+)',),
        weight=1.0,
        sample='File "src/cart.ml", line 1, characters 0-0:\n--- src/cart.ml\n+++ src/.formatted/cart.ml\n@@ -1 +1 @@\n-let f  = 1\n+let f = 1\nnext',
        expect=(0, 5, {"file": "src/cart.ml", "line": "1"}),
        source="ran: dune 2.9",
    ),
)
