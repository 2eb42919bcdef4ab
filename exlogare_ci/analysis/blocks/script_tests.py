"""Blocks of test runners of scripting languages that are small, old, or both, and still run in many builds."""

from exlogare_ci.analysis.blocks.base import BlockRule

_STEP = r" +(?:Given|When|Then|And|But|\*) "

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="gherkin.step",
        tool="cucumber",
        kind="test",
        category="code.test",
        start=r"(^ {2,8}(Given|When|Then|And|But|\*) .+ # .+|# [A-Za-z\\]{0,120}Context::\w{1,100}\(\))$",
        then=r" {5,}(?!\||\"{3}|# |(?:Given|When|Then|And|But|Scenario|Examples?)\b)\S",
        fields=(
            r"^" + _STEP + r"(?P<test>.+?) +# (?:(?P<file>\S+\.feature):(?P<line>\d+))?",
            r"^ +(?P<test>\S.+?) +# [\w\\]+::\w+\(\)$",  # Behat, in any language
            r"^ {6,9}(?P<message>(?!Traceback \(|File \")\S.+)$",  # behave's code is set ten columns in
        ),
        weight=1.5,
        sample=(
            "  Scenario: total        # features/cart.feature:2\n"
            "    Given an empty cart  # features/steps.rb:2\n"
            "    Then the total is 3  # features/steps.rb:4\n"
            "      expected 3 got 2 (RuntimeError)\n"
            "      features/cart.feature:5:in `Then the total is 3'\n"
            "\n"
            "1 scenario (1 failed)"
        ),
        expect=(2, 4, {"test": "the total is 3", "message": "expected 3 got 2 (RuntimeError)"}),
        source="https://cucumber.io/docs/cucumber/reporting/, https://docs.behat.org/en/latest/user_guide.html",
    ),
    BlockRule(
        id="nodeunit.failed",
        tool="nodeunit",
        kind="test",
        category="code.test",
        start=r"^✖ .+$",
        reject=r"\b\d+ (?:problems?|errors?|warnings?)\b|\([0-9.]+ms\)",
        then=r"$",
        until=r"(?:✔|✖) |FAILURES: |OK: ",
        needs=r"^\s+at |^Assertion Message: ",
        cause=r"^✖ ",
        fields=(r"^✖ (?P<test>.+)$", r"^(?P<message>\w*Error: .+)$", r"\((?P<file>[^()]+\.js):(?P<line>\d+):\d+\)"),
        weight=1.0,
        sample=(
            "cart.js\n✖ cart - sums two\n\nAssertion Message: sum\nAssertionError: 3 == 4\n"
            "    at Object.sums (/src/test/cart.js:5:9)\n\n✔ cart - is empty\n\nFAILURES: 1/2 assertions failed (4ms)"
        ),
        expect=(
            1,
            5,
            {"test": "cart - sums two", "message": "AssertionError: 3 == 4", "file": "/src/test/cart.js", "line": "5"},
        ),
        source="ran: nodeunit 0.11",
    ),
    BlockRule(
        id="grunt.test_failed",
        tool="grunt",
        kind="test",
        category="code.test",
        start=r"^>> (Message|Actual|Expected|Error): ",
        back=r">> (?!Message|Actual|Expected|Error|at )\S|Testing .+",
        back_lines_max=2,
        keep=r">> ",
        blank_max=0,
        cause=r"^>> (?!Message: |Actual: |Expected: |Error: )",
        fields=(
            r"^>> (?P<test>(?!Message: |Actual: |Expected: |Error: |at ).+)$",
            r"^>> Message: (?P<message>.+)$",
            r"^>> Error: (?P<message>.+)$",
            r"^>> at .*?(?P<file>[^\s(]+\.js):(?P<line>\d+)",
        ),
        weight=1.0,
        sample=(
            "Testing cart.jsF.\n>> cart - sums two\n>> Message: sum\n>> Error: 3 == 4\n>> at Object.sums (test/cart.js:5:9)\n\n"
            "Warning: 1/2 assertions failed (56ms) Use --force to continue."
        ),
        expect=(0, 4, {"test": "cart - sums two", "message": "sum", "file": "test/cart.js", "line": "5"}),
        source="ran: grunt-contrib-nodeunit 4; grunt-contrib-qunit prints the same",
    ),
    BlockRule(
        id="vows.broken",
        tool="vows",
        kind="test",
        category="code.test",
        start=r"^ +✗ .+$",
        then=r"\s+» ",
        follow=2,
        fields=(r"^ +✗ (?P<test>.+?) *$", r"^\s+» (?P<message>.+?),? *$"),
        blank_max=0,
        weight=1.0,
        sample="  a cart\n    ✗ sums two\n        » expected 4,\n  \tgot\t 3 (==) // cart.js:9\n    ✓ is empty\n\n✗ Broken » 1 honored ∙ 1 broken (0.005s)",
        expect=(1, 3, {"test": "sums two", "message": "expected 4"}),
        source="ran: vows 0.8",
    ),
    BlockRule(
        id="lab.failed",
        tool="lab",
        kind="test",
        category="code.test",
        start=r"^Failed tests:$",
        first=r" +\d+\) ",
        until=r"\d+ of \d+ tests failed|\d+ tests? |Test duration: |The following leaks",
        blank_max=2,
        lines_max=200,
        cause=r"^ +\d+\) ",
        fields=(
            r"^ +\d+\) (?P<test>.+?):?$",
            r"^      (?P<message>(?!at |actual expected)\S.*)$",
            r"^ +at (?:.+\()?(?P<file>(?!node:)(?!\S*node_modules)[^\s()]+\.[cm]?[jt]s):(?P<line>\d+):\d+\)?$",
        ),
        weight=1.0,
        sample=(
            "  x\n\nFailed tests:\n\n  1) cart sums two:\n\n      3 == 4\n\n      at /src/test/cart.js:5:9\n\n\n"
            "1 of 1 tests failed\nTest duration: 4 ms"
        ),
        expect=(4, 8, {"test": "cart sums two", "message": "3 == 4", "file": "/src/test/cart.js", "line": "5"}),
        source="ran: lab 14",
    ),
    BlockRule(
        id="tapspec.failed",
        tool="tap",
        kind="test",
        category="code.test",
        start=r"^ {4}✖ .+$",
        then=r" {4}-{4,}$",
        until=r" {4}(?:✔|✖) | {2}(?:total|passing|failing|duration): ",
        blank_max=0,
        fields=(r"^ {4}✖ (?P<test>.+)$", r"^ +at: .*?(?P<file>[\w./@-]+\.\w+):(?P<line>\d+)"),
        weight=1.0,
        sample="  cart\n\n    ✖ sums two\n    -----------\n      operator: equal\n      at: Test.<anonymous> (/src/cart.js:3:5)\n  Error: sums two\n\n    ✔ is empty",
        expect=(2, 6, {"test": "sums two", "file": "/src/cart.js", "line": "3"}),
        source="ran: tape 4, tap-spec 5",
    ),
    BlockRule(
        id="bats.tap",
        tool="bats",
        kind="test",
        category="code.test",
        start=r"^# \((?:from function .+|in test file .+, line [0-9]+\))",
        back=r"not ok \d+ |# \(",
        keep=r"# ",
        blank_max=0,
        fields=(
            r"^not ok \d+ (?P<test>.+)$",
            r"in test file (?P<file>[^,]+), line (?P<line>\d+)",
            r"^# +`(?P<message>.+)' failed",
        ),
        weight=1.0,
        sample='1..2\nnot ok 1 sums two\n# (in test file cart.bats, line 6)\n#   `[ "$total" -eq 4 ]\' failed\nok 2 is empty',
        expect=(1, 3, {"test": "sums two", "file": "cart.bats", "line": "6", "message": '[ "$total" -eq 4 ]'}),
        source="ran: bats 1.8",
    ),
    BlockRule(
        id="cram.diff",
        tool="cram",
        kind="test",
        category="code.test",
        start=r"^--- .+\.t$",
        then=r"\+\+\+ .+\.t\.(?:err|corrected)$",
        keep=r"\+\+\+ |@@ |[-+ ]",
        blank_max=1,
        cause=r"^--- ",
        fields=(r"^--- (?P<test>\S+)$", r"^\+  (?P<message>.+)$"),
        weight=1.0,
        sample="!\n--- cart.t\n+++ cart.t.err\n@@ -1,2 +1,2 @@\n   $ total 1 2\n-  4\n+  3\n\n# Ran 1 tests, 0 skipped, 1 failed.",
        expect=(1, 6, {"test": "cart.t", "message": "3"}),
        source="ran: cram 0.7",
    ),
    BlockRule(
        id="tcltest.failed",
        tool="tcltest",
        kind="test",
        category="code.test",
        start=r"^==== [^ ]+ .+ FAILED$",
        until=r"==== \S+ FAILED$",
        until_included=True,
        blank_max=3,
        lines_max=80,
        fields=(
            r"^==== (?P<test>\S+) .+ FAILED$",
            r"^---- (?P<message>(?:Result should|Test generated|Return code).+)$",
        ),
        weight=1.0,
        sample=(
            "\n==== cart-1.0 sums two FAILED\n==== Contents of test case:\n total 1 2\n---- Result was:\n3\n"
            "---- Result should have been (exact matching):\n4\n==== cart-1.0 FAILED\n\ncart.test:\tTotal\t1\tPassed\t0\tSkipped\t0\tFailed\t1"
        ),
        expect=(1, 8, {"test": "cart-1.0", "message": "Result should have been (exact matching):"}),
        source="ran: tcltest 2.5",
    ),
    BlockRule(
        id="pytest.one_line",
        tool="pytest",
        kind="test",
        category="code.test",
        start=r"^/?[^ :]+\.py:[0-9]+: (assert .+|[A-Za-z_.]*(Error|Exception|Failed|Timeout): .+)$",
        keep=r"\S+\.py:\d+: ",
        back=r"\S+\.py:\d+: ",
        blank_max=0,
        fields=(r"^(?P<file>\S+\.py):(?P<line>\d+): (?P<message>.+)$",),
        weight=0.0,
        sample=(
            "=================================== FAILURES ===================================\n"
            "/src/test_cart.py:5: AssertionError: 3 != 4\n/src/test_cart.py:9: assert 3 == 4\n"
            "=========================== short test summary info ============================"
        ),
        expect=(1, 2, {"file": "/src/test_cart.py", "line": "5", "message": "AssertionError: 3 != 4"}),
        source="ran: pytest 6 --tb=line",
    ),
    BlockRule(
        id="trial.failed",
        tool="trial",
        kind="test",
        category="code.test",
        start=r"^\[(FAIL|ERROR)\]$",
        then=r"Traceback",
        until=r"={60,}$|-{60,}$|Ran \d+ tests",
        blank_max=3,
        cause=r"^[A-Za-z_][\w.]*\.\w+(?:: |$)",
        last_of=("message",),
        fields=(
            r"^(?P<test>[\w.]+\.\w*[Tt]est\w*\.\w+)$",
            r"^(?P<message>[a-z_]\w*\.[A-Z]\w*: .+)$",
            r'^  File "(?P<file>(?!.*(?:site-packages|dist-packages|lib/python))[^"]+)", line (?P<line>\d+), in test',
        ),
        weight=1.5,
        sample=(
            "===============================================================================\n[FAIL]\nTraceback (most recent call last):\n"
            '  File "/src/test_cart.py", line 5, in test_sum\n    self.assertEqual(total(), 4)\n'
            "twisted.trial.unittest.FailTest: 3 != 4\n\ntest_cart.CartTest.test_sum\n"
            "-------------------------------------------------------------------------------\nRan 2 tests in 0.01s"
        ),
        expect=(1, 7, {"test": "test_cart.CartTest.test_sum", "file": "/src/test_cart.py", "line": "5"}),
        source="ran: Twisted 25 trial",
    ),
    BlockRule(
        id="perl.not_compiled",
        tool="perl",
        kind="compile",
        category="code.compile",
        start=r"^(BEGIN failed--compilation aborted|Execution of .+ aborted due to compilation errors|.+ had compilation errors\.|Compilation failed in require) ?.*$",
        back=r".+ at \S+ line \d+\b.*$|\t",
        keep=r"BEGIN failed--|Compilation failed in require|Execution of .+ aborted",
        blank_max=0,
        cause=r" at \S+ line \d+",
        fields=(r"^(?P<message>.+?) at (?P<file>\S+) line (?P<line>\d+)",),
        weight=0.0,
        sample=(
            "Can't locate Shop/Tax.pm in @INC (you may need to install the Shop::Tax module) (@INC contains: lib) at t/cart.t line 2.\n"
            "BEGIN failed--compilation aborted at t/cart.t line 2.\nt/cart.t .. \nDubious, test returned 2 (wstat 512, 0x200)"
        ),
        expect=(
            0,
            1,
            {
                "message": "Can't locate Shop/Tax.pm in @INC (you may need to install the Shop::Tax module) (@INC contains: lib)",
                "file": "t/cart.t",
                "line": "2",
            },
        ),
        source="ran: perl 5.36, prove 3.44",
    ),
    BlockRule(
        id="tap.commented",
        tool="tap",
        kind="test",
        category="code.test",
        start=r"^ *not ok [0-9]+",
        then=r" *#[ \t]",
        reject=r"# (?:TODO|SKIP|todo|skip)",
        keep=r" *#(?:[ \t](?!Looks like |Subtest|tests? \d|pass |fail |failed \d|passed )|$)",
        blank_max=0,
        fields=(
            r"^ *not ok \d+(?: -)? (?P<test>.+)$",
            r"^ *# (?:Failure message: )?(?P<file>(?:[A-Z]:)?[^\s:]+\.\w+)(?::| @ )(?P<line>\d+)",
            r"^ *# Failure message: (?P<message>.+)$",
        ),
        weight=0.6,
        sample="not ok 1 - cart sums two\n# spec/cart_spec.lua @ 2\n# Failure message: spec/cart_spec.lua:2: Expected objects to be equal.\nok 2 - cart is empty",
        expect=(
            0,
            2,
            {
                "test": "cart sums two",
                "file": "spec/cart_spec.lua",
                "line": "2",
                "message": "spec/cart_spec.lua:2: Expected objects to be equal.",
            },
        ),
        source="ran: busted 2.1 -o TAP; https://github.com/felipec/sharness",
    ),
    BlockRule(
        id="pest.failed",
        tool="pest",
        kind="test",
        category="code.test",
        start=r"^ +(•|FAILED) +[^ ].* (>|›) .+$",
        until=r" +(?:•|FAILED) +\S| +Tests: | +(?:PASS|FAIL) ",
        needs=r"\.php:\d+",
        blank_max=1,
        fields=(
            r"^ +(?:•|FAILED) +(?P<test>.+?)(?:  +\w+)?$",
            r"^ +at (?P<file>\S+\.php):(?P<line>\d+)$",
            r"^ +(?P<message>Failed asserting .+)$",
        ),
        weight=1.0,
        sample=(
            "  ⨯ it sums two\n\n  ---\n\n  • Tests\\Unit\\CartTest > it sums two\n  Failed asserting that 3 is identical to 4.\n\n"
            "  at tests/Unit/CartTest.php:9\n\n\n  Tests:  1 failed"
        ),
        expect=(
            4,
            7,
            {
                "test": "Tests\\Unit\\CartTest > it sums two",
                "message": "Failed asserting that 3 is identical to 4.",
                "file": "tests/Unit/CartTest.php",
                "line": "9",
            },
        ),
        source="https://pestphp.com/docs/writing-tests",
    ),
    BlockRule(
        id="atoum.failed",
        tool="atoum",
        kind="test",
        category="code.test",
        start=r"^=> .+::\w+\(\):$",
        follow=1,
        needs=r"^In file |Exception|Error",
        blank_max=0,
        fields=(r"^=> (?P<test>.+)\(\):$", r"^In file (?P<file>\S+) on line (?P<line>\d+), (?P<message>.+)$"),
        weight=1.0,
        sample="> There is 1 failure:\n=> Shop\\tests\\units\\Cart::testTotal():\nIn file /src/tests/units/Cart.php on line 14, integer() failed: integer(3) is not equal to integer(4)\n\nnext",
        expect=(
            1,
            2,
            {
                "test": "Shop\\tests\\units\\Cart::testTotal",
                "file": "/src/tests/units/Cart.php",
                "line": "14",
                "message": "integer() failed: integer(3) is not equal to integer(4)",
            },
        ),
        source="https://github.com/atoum/atoum",
    ),
    BlockRule(
        id="intern.failed",
        tool="intern",
        kind="test",
        category="code.test",
        start=r"^(FAIL:|×) .+ - .+ \([0-9.]+m?s\)$",
        keep=r"\w*Error: | +at ",
        follow=1,
        blank_max=0,
        fields=(
            r"^(?:FAIL:|×) (?P<test>.+) \([\d.]+m?s\)$",
            r"^ *(?P<message>\w*Error: .+)$",
            r"\((?P<file>(?!.*node_modules)[^()]+\.\w+):(?P<line>\d+):\d+\)$",
        ),
        weight=1.0,
        sample="PASS: main - cart - is empty (1ms)\nFAIL: main - cart - sums two (2ms)\nAssertionError: expected 3 to equal 4\n  at Test.total (tests/unit/cart.js:12:11)\n1/2 tests failed",
        expect=(
            1,
            3,
            {
                "test": "main - cart - sums two",
                "message": "AssertionError: expected 3 to equal 4",
                "file": "tests/unit/cart.js",
                "line": "12",
            },
        ),
        source="https://theintern.io/docs.html",
    ),
)
