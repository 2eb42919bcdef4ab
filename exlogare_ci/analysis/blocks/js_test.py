"""Blocks that the test frameworks of JavaScript print; RSpec and hspec print the same `Failures:` list."""

from exlogare_ci.analysis.blocks.base import BlockRule

_FRAME = r"(?:^|[\s(])(?P<file>(?!node:|internal/)(?![^\s()]*node_modules)[^\s()]+\.[cm]?[jt]sx?):(?P<line>\d+):(?P<column>\d+)\)?$"
_MESSAGE = r"^ +(?P<message>(?:\w*(?:Error|Exception)\b(?:: | \[).+|expect\(.+|[Ee]xpected .+))$"

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="jest.failure",
        tool="jest",
        kind="test",
        category="code.test",
        start=r"^ {0,4}● [^ ].*$",
        reject=r"● Test suite failed to run|● Console|● Deprecation|obsolete|Validation Warning|Cannot log after tests",
        back=r" *FAIL +\S",
        until=r" *● | *(?:PASS|FAIL|RUNS) |Test Suites: |Tests: |Snapshots: |-{5,}\||Summary of all failing tests|Jest: | › \d+ snapshot",
        blank_max=3,
        cause=r"●",
        fields=(
            r"● (?P<test>.+)$",
            _MESSAGE,
            _FRAME,
            r"^ +Received: +(?P<actual>.+)$",
            r"^ +Expected: +(?P<expected>.+)$",
        ),
        weight=1.0,
        sample=(
            " FAIL  ./cart.test.js\n"
            "  ● cart › total of two\n"
            "\n"
            "    expect(received).toBe(expected) // Object.is equality\n"
            "\n"
            "    Expected: 4\n"
            "    Received: 3\n"
            "\n"
            "      at Object.toBe (cart.test.js:4:20)\n"
            "\n"
            "Test Suites: 1 failed, 1 total"
        ),
        expect=(
            0,
            8,
            {
                "test": "cart › total of two",
                "message": "expect(received).toBe(expected) // Object.is equality",
                "file": "cart.test.js",
                "line": "4",
                "column": "20",
                "expected": "4",
                "actual": "3",
            },
        ),
        source="ran: jest 30",
    ),
    BlockRule(
        id="jest.suite_failed",
        tool="jest",
        kind="compile",
        category="code.test",
        start=r"^ {0,4}● Test suite failed to run$",
        back=r" *FAIL +\S",
        until=r" *● | *(?:PASS|FAIL|RUNS) |Test Suites: |Tests: |Snapshots: |-{5,}\|",
        blank_max=3,
        cause=r"^ {4,}\S",
        fields=(
            r"FAIL +(?P<file>\S+)",
            r"^ {4,}(?P<message>\S.+)$",
            r"Cannot find module '(?P<package>[^']+)'",
        ),
        weight=1.0,
        sample=(
            " FAIL  ./cart.test.js\n"
            "  ● Test suite failed to run\n"
            "\n"
            "    Cannot find module './carts' from 'cart.test.js'\n"
            "\n"
            "      at Resolver._throwModNotFoundError (node_modules/jest-resolve/build/index.js:1:1)\n"
            "\n"
            "Test Suites: 1 failed, 1 total"
        ),
        expect=(
            0,
            5,
            {
                "file": "./cart.test.js",
                "message": "Cannot find module './carts' from 'cart.test.js'",
                "package": "./carts",
            },
        ),
        source="ran: jest 30",
    ),
    BlockRule(
        id="jest.console",
        tool="jest",
        kind="noise",
        category="unknown",
        start=r"^ *● Console$",
        until=r" *● | *(?:PASS|FAIL|RUNS) |Test Suites: |Tests: |Snapshots: ",
        blank_max=4,
        sample=(
            "PASS test/ok.test.js\n  ● Console\n\n    console.error\n      Error: request failed\n\n"
            "      at Object.error (test/ok.test.js:1:40)\n\nTest Suites: 1 passed, 1 total"
        ),
        expect=(1, 6, {}),
        source="ran: jest 30",
    ),
    BlockRule(
        id="vitest.captured",
        tool="vitest",
        kind="noise",
        category="unknown",
        start=r"^std(err|out) \| .+$",
        until=r" *(?:✓|❯|×|✗|⎯) ?|std(?:err|out) \| | Test Files  | FAIL ",
        blank_max=1,
        sample="stderr | err.test.ts > reports an Error\nError: failed to fetch\n    at fetch (api.ts:3:1)\n\n ✓ err.test.ts",
        expect=(0, 2, {}),
        source="ran: vitest 4",
    ),
    BlockRule(
        id="rspec.pending",
        tool="rspec",
        kind="noise",
        category="unknown",
        start=r"^Pending: \(Failures listed here are expected",
        until=r"Finished in|Failures:|Failed examples:",
        blank_max=3,
        sample=(
            "Pending: (Failures listed here are expected and do not affect your suite's status)\n\n"
            "  1) cart totals two\n     Failure/Error: expect(3).to eq(4)\n\nFinished in 0.01 seconds"
        ),
        expect=(0, 3, {}),
        source="https://rspec.info/features/3-13/rspec-core/pending-and-skipped-examples/",
    ),
    BlockRule(
        id="nodetest.todo",
        tool="node",
        kind="noise",
        category="unknown",
        start=r"^ *✖ .+ # (TODO|SKIP).*$",
        sample="test at test/errors.test.js:7:1\n✖ not ready (0.17ms) # TODO\n  Error: todo\n      at TestContext.<anonymous> (/src/test/errors.test.js:7:49)\nnext",
        expect=(1, 3, {}),
        source="ran: node 20",
    ),
    BlockRule(
        id="nodetest.failing",
        tool="node",
        kind="test",
        category="code.test",
        start=r"^ *✖ .+ \([0-9.]+ms\)$",
        reject=r" - [Ee]xpected .+ but got: ",  # Nightwatch
        back=r"test at \S+:\d+:\d+$",
        needs=r"^ +(?:at |\w*Error|\[Error)",
        fields=(
            r"^ *✖ (?P<test>.+) \([0-9.]+ms\)$",
            r"^test at (?P<file>\S+?):(?P<line>\d+):(?P<column>\d+)$",
            r"^ +(?P<message>\w*Error(?: \[\w+\])?: .+)$",
        ),
        weight=1.0,
        sample=(
            "✖ failing tests:\n\ntest at test/cart.test.js:5:1\n✖ total of two (0.68ms)\n"
            "  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n"
            "      at TestContext.<anonymous> (/src/test/cart.test.js:6:10)\nnext"
        ),
        expect=(
            2,
            5,
            {
                "test": "total of two",
                "file": "test/cart.test.js",
                "line": "5",
                "column": "1",
                "message": "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:",
            },
        ),
        source="ran: node 20",
    ),
    BlockRule(
        id="vitest.failure",
        tool="vitest",
        kind="test",
        category="code.test",
        start=r"^ FAIL  .+ (>|\[) .+$",
        reject=r": [\d.]+ ?[KMG]?B > ",  # a file that bundlesize finds too large
        until=r"(?:⎯)+\[\d+/\d+\]⎯|(?:⎯)+ | FAIL  | Test Files  ",
        blank_max=3,
        fields=(
            r"^ FAIL  (?P<test>.+)$",
            r"^(?P<message>\w*Error: .+)$",
            r"❯ (?P<file>(?!node_modules)[^\s:]+):(?P<line>\d+):(?P<column>\d+)",
        ),
        weight=1.0,
        sample=(
            "⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯\n"
            "\n"
            " FAIL  cart.test.js > total of two\n"
            "AssertionError: expected 3 to be 4 // Object.is equality\n"
            " ❯ cart.test.js:3:46\n"
            "\n"
            "⎯⎯⎯⎯⎯⎯⎯⎯[1/1]⎯"
        ),
        expect=(
            2,
            4,
            {
                "test": "cart.test.js > total of two",
                "message": "AssertionError: expected 3 to be 4 // Object.is equality",
                "file": "cart.test.js",
                "line": "3",
                "column": "46",
            },
        ),
        source="ran: vitest 4",
    ),
    BlockRule(
        id="vitest.unhandled",
        tool="vitest",
        kind="trace",
        category="code.runtime_crash",
        start=r"^(⎯)+ (Uncaught Exception|Unhandled Rejection|Unhandled Error) (⎯)+$",
        until=r"(?:⎯)+|This error originated| Test Files  ",
        blank_max=1,
        cause=r"^\w*Error: ",
        fields=(
            r"^(?P<exception>\w*Error): (?P<message>.+)$",
            r"❯ (?:\S+ )?(?P<file>(?!node_modules|node:)[^\s:]+):(?P<line>\d+):(?P<column>\d+)",
        ),
        weight=2.0,
        sample=(
            "⎯⎯⎯⎯⎯ Uncaught Exception ⎯⎯⎯⎯⎯\nError: no port left\n ❯ Timeout._onTimeout src/cart.test.ts:3:28\n\n"
            'This error originated in "src/cart.test.ts" test file.'
        ),
        expect=(
            0,
            2,
            {
                "exception": "Error",
                "message": "no port left",
                "file": "src/cart.test.ts",
                "line": "3",
                "column": "28",
            },
        ),
        source="ran: vitest 3",
    ),
    BlockRule(
        id="mocha.failures",
        tool="mocha",
        kind="test",
        category="code.test",
        start=r"^ {0,4}[0-9]+ failing( \([0-9.]+m?s\))?$",
        first=r" +1\) ",
        until=r"npm |error |info |\[\d\d:\d\d:\d\d\]|make|\$ |Error!|The command|-{5,}|={5,}|File +\||ERROR|WARN|Command |  \((?:Results|Screenshots|Video)\)$",
        blank_max=3,
        lines_max=200,
        cause=r"^ +1\) ",
        fields=(r"^ +(?P<message>(?:(?:\w*Error|Timeout|timeout)\b|expect\().+)$", _FRAME),
        weight=1.0,
        sample=(
            "  1 passing (3ms)\n"
            "  1 failing\n"
            "\n"
            "  1) total of two:\n"
            "     AssertionError [ERR_ASSERTION]: 3 == 4\n"
            "      at Context.<anonymous> (test/cart.js:4:10)\n"
            "\n"
            "npm error code 1"
        ),
        expect=(
            3,
            5,
            {
                "message": "AssertionError [ERR_ASSERTION]: 3 == 4",
                "file": "test/cart.js",
                "line": "4",
                "column": "10",
            },
        ),
        source="ran: mocha 11",
    ),
    BlockRule(
        id="jasmine.failures",
        tool="jasmine",
        kind="test",
        category="code.test",
        start=r"^Failures: ?$",
        first=r" *1\) ",
        until=r"Finished in |Failed examples:|\d+ (?:specs?|examples?|tests?)\b|Ran \d+|Randomized|Pending:|Top \d+|Incomplete:|Executed \d|Summary:",
        unless=r"Failure/Error: |\.rb:\d+|\.l?hs:\d+|To rerun use: --match|^\d+\) Scenario: ",
        blank_max=3,
        lines_max=200,
        cause=r"^ *1\) ",
        fields=(
            r"^ *1\) (?P<test>.+)$",
            r"^ +(?:1\.1\) )?(?P<message>(?:[\w:]*Error|Expected|expected|Timeout)\b.*)$",
            _FRAME,
        ),
        weight=1.0,
        sample=(
            "Failures:\n"
            "1) cart total of two\n"
            "  Message:\n"
            "    Expected 3 to be 4.\n"
            "  Stack:\n"
            "        at <Jasmine>\n"
            "        at UserContext.<anonymous> (spec/cart.js:3:15)\n"
            "\n"
            "1 spec, 1 failure\n"
            "Finished in 0.01 seconds"
        ),
        expect=(
            1,
            6,
            {
                "test": "cart total of two",
                "message": "Expected 3 to be 4.",
                "file": "spec/cart.js",
                "line": "3",
                "column": "15",
            },
        ),
        source="ran: jasmine 5",
    ),
    BlockRule(
        id="karma.failed",
        tool="karma",
        kind="test",
        category="code.test",
        start=r"^[A-Z][A-Za-z]+ [0-9.]+ \(.+\).* FAILED$",
        reject=r"Executed \d",
        fields=(r"^\w+ [\d.]+ \(.+?\)\)? (?P<test>.+) FAILED$", r"^\s+(?P<message>\S.+)$"),
        weight=1.0,
        sample=(
            "ChromeHeadless 126.0.0.0 (Linux x86_64) cart total of two FAILED\n"
            "\tExpected 3 to be 4.\n"
            "\t    at UserContext.<anonymous> (spec/cart.js:3:15)\n"
            "ChromeHeadless 126.0.0.0 (Linux x86_64): Executed 1 of 1 (1 FAILED) (0.01 secs / 0.002 secs)"
        ),
        expect=(0, 2, {"test": "cart total of two", "message": "Expected 3 to be 4."}),
        source="https://karma-runner.github.io/6.4/config/configuration-file.html",
    ),
    BlockRule(
        id="ava.failure",
        tool="ava",
        kind="test",
        category="code.test",
        start=r"^  (─)+$",
        first=r"  (?!\d+ (?:tests?|uncaught|unhandled|known) )[^\s\xe2]",
        until=r"\S",
        blank_max=2,
        lines_max=80,
        fields=(
            r"^  (?P<file>[\w./@-]+\.[cm]?[jt]sx?):(?P<line>\d+)$",
            r"^  (?P<test>\w.+)$",
            r"^  - (?P<actual>.+)$",
            r"^  \+ (?P<expected>.+)$",
        ),
        sample=(
            "  ✘ [fail]: total\n"
            "  ─\n"
            "\n"
            "  total\n"
            "\n"
            "  test.js:4\n"
            "\n"
            "  Difference (- actual, + expected):\n"
            "\n"
            "  - 3\n"
            "  + 4\n"
            "npm error"
        ),
        expect=(3, 10, {"test": "total", "file": "test.js", "line": "4", "expected": "4", "actual": "3"}),
        source="https://github.com/avajs/ava/blob/main/docs/01-writing-tests.md",
    ),
    BlockRule(
        id="tap.not_ok",
        tool="tap",
        kind="test",
        category="code.test",
        start=r"^ *not ok [0-9]+",
        reject=r"# (?:TODO|SKIP|todo|skip)",
        cause=r"^ +(?:operator|message|error): ",
        keep=r" *(?:---|\.\.\.)$|#  |⨯ .*---$",  # faucet writes the test's mark before the dashes
        blank_max=1,
        fields=(
            r"^ *not ok \d+(?: -)? (?P<test>.+)$",
            r"^ +(?:at|location): .*?(?P<file>[\w./@-]+\.\w+):(?P<line>\d+)",
            r"^# +at (?P<file>\S+) line (?P<line>\d+)",
            r"^ +expected: (?P<expected>(?![|>]-?$).+)$",
            r"^ +actual: +(?P<actual>(?![|>]-?$).+)$",
        ),
        weight=0.5,
        sample=(
            "ok 1 - adds\nnot ok 2 - total of two\n  ---\n  operator: equal\n  expected: 4\n  actual:   3\n  ...\n1..2"
        ),
        expect=(1, 6, {"test": "total of two", "expected": "4", "actual": "3"}),
        source="https://testanything.org/tap-version-14-specification.html",
    ),
)
