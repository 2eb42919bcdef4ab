"""Blocks that the tools of Node.js print."""

from exlogare_ci.analysis.blocks.base import BlockRule

_FRAME = r"\(?(?P<file>(?!node:|internal/|.*node_modules)[^\s()]+\.[cm]?[jt]sx?):(?P<line>\d+):(?P<column>\d+)\)?$"
_MESSAGE = r"^ +(?P<message>(?:\w*(?:Error|Exception)\b(?:: | \[).+|expect\(.+|[Ee]xpected .+))$"

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="jest.failure",
        tool="jest",
        kind="test",
        category="code.test",
        start=r"^ {0,4}● [^ ].*$",
        reject=r"● Console|● Deprecation|obsolete|Validation Warning|Cannot log after tests",
        back=r" *FAIL +\S",
        until=r" *● | *(?:PASS|FAIL|RUNS) |Test Suites: |Tests: |Snapshots: |-{5,}\||Summary of all failing tests|Jest: | › \d+ snapshot",
        blank_max=3,
        cause=r"●",
        fields=(r"● (?P<test>.+)$", _MESSAGE, _FRAME, r"^ +Received: +(?P<actual>.+)$", r"^ +Expected: +(?P<expected>.+)$"),
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
            {"test": "cart › total of two", "message": "expect(received).toBe(expected) // Object.is equality", "file": "cart.test.js", "line": "4", "column": "20", "expected": "4", "actual": "3"},
        ),
        source="ran: jest 30",
    ),
    BlockRule(
        id="vitest.failure",
        tool="vitest",
        kind="test",
        category="code.test",
        start=r"^ FAIL  .+ (>|\[) .+$",
        until=r"(?:⎯)+\[\d+/\d+\]⎯|(?:⎯)+ | FAIL  | Test Files  ",
        blank_max=3,
        fields=(r"^ FAIL  (?P<test>.+)$", r"^(?P<message>\w*Error: .+)$", r"❯ (?P<file>(?!node_modules)[^\s:]+):(?P<line>\d+):(?P<column>\d+)"),
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
            {"test": "cart.test.js > total of two", "message": "AssertionError: expected 3 to be 4 // Object.is equality", "file": "cart.test.js", "line": "3", "column": "46"},
        ),
        source="ran: vitest 4",
    ),
    BlockRule(
        id="mocha.failures",
        tool="mocha",
        kind="test",
        category="code.test",
        start=r"^ {0,4}[0-9]+ failing$",
        first=r" +1\) ",
        until=r"[^\s\[]|(?:npm |error |\[\d\d:\d\d:\d\d\])",
        blank_max=4,
        lines_max=200,
        cause=r"^ +1\) ",
        fields=(r"^ +(?P<message>(?:\w*Error|Timeout|timeout)\b.+)$", _FRAME),
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
        expect=(3, 5, {"message": "AssertionError [ERR_ASSERTION]: 3 == 4", "file": "test/cart.js", "line": "4", "column": "10"}),
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
        blank_max=3,
        lines_max=200,
        cause=r"^ *1\) ",
        fields=(
            r"^ *1\) (?P<test>.+)$",
            r"^ +Failure/Error: (?P<symbol>.+)$",
            r"^ +(?P<message>(?:[\w:]*Error|Expected|expected|Timeout)\b.*)$",
            r"^ +# (?P<file>\./[^\s:]+):(?P<line>\d+)",
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
        expect=(1, 6, {"test": "cart total of two", "message": "Expected 3 to be 4.", "file": "spec/cart.js", "line": "3", "column": "15"}),
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
        until=r"\S",
        blank_max=2,
        lines_max=80,
        fields=(r"^  (?P<test>\w.+)$",),
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
        expect=(1, 10, {"test": "total"}),
        source="https://github.com/avajs/ava/blob/main/docs/01-writing-tests.md",
    ),
    BlockRule(
        id="tap.not_ok",
        tool="tap",
        kind="test",
        category="code.test",
        start=r"^ *not ok [0-9]+",
        reject=r"# (?:TODO|SKIP|todo|skip)",
        keep=r" *(?:---|\.\.\.)$|#  ",
        blank_max=1,
        fields=(
            r"^ *not ok \d+(?: -)? (?P<test>.+)$",
            r"^ +(?:at|location): .*?(?P<file>[\w./@-]+\.\w+):(?P<line>\d+)",
            r"^# +at (?P<file>\S+) line (?P<line>\d+)",
            r"^ +expected: (?P<expected>.+)$",
            r"^ +actual: +(?P<actual>.+)$",
        ),
        weight=0.5,
        sample=(
            "ok 1 - adds\n"
            "not ok 2 - total of two\n"
            "  ---\n"
            "  operator: equal\n"
            "  expected: 4\n"
            "  actual:   3\n"
            "  ...\n"
            "1..2"
        ),
        expect=(1, 6, {"test": "total of two", "expected": "4", "actual": "3"}),
        source="https://testanything.org/tap-version-14-specification.html",
    ),
    BlockRule(
        id="eslint.problem",
        tool="eslint",
        kind="lint",
        category="code.lint",
        start=r"^ +[0-9]+:[0-9]+ +error +",
        back=r"(?:/|[A-Za-z]:[\\/]|\.{0,2}/|[\w@][\w./@-]*/)?[\w./@ -]+\.\w+$| +\d+:\d+ +(?:warning|error) ",
        keep=r" +\d+:\d+ +(?:warning|error) |(?:/|[A-Za-z]:\\)\S.*\.\w+$",
        blank_max=1,
        cause=r"^ +\d+:\d+ +error ",
        fields=(r"^(?P<file>(?:/|[A-Za-z]:\\|\./)\S.*\.\w+)$", r"^ +(?P<line>\d+):(?P<column>\d+) +error +(?P<message>.+?)(?:  +(?P<code>[@\w/-]+))?$"),
        weight=1.5,
        sample=(
            "> eslint .\n"
            "\n"
            "/src/cart.js\n"
            "  1:7  error  'total' is assigned a value but never used  no-unused-vars\n"
            "\n"
            "✖ 1 problem (1 error, 0 warnings)"
        ),
        expect=(2, 3, {"file": "/src/cart.js", "line": "1", "column": "7", "message": "'total' is assigned a value but never used", "code": "no-unused-vars"}),
        source="ran: eslint 9",
    ),
    BlockRule(
        id="standard.problem",
        tool="standard",
        kind="lint",
        category="code.lint",
        start=r"^ +/?[^ :]+\.(js|jsx|ts|tsx|mjs|cjs|vue):[0-9]+:[0-9]+: ",
        back=r"(?:standard|semistandard|ts-standard): ",
        keep=r" +/?[^ :]+\.\w+:\d+:\d+: |.*Unexpected token",
        fields=(r"^ +(?P<file>[^ :]+):(?P<line>\d+):(?P<column>\d+): (?P<message>.+?)(?: \((?P<code>[\w@/-]+)\))?$",),
        weight=1.0,
        sample=(
            "standard: Use JavaScript Standard Style (https://standardjs.com)\n"
            "  /src/cart.js:1:15: Extra semicolon. (semi)\n"
            "npm error code 1"
        ),
        expect=(0, 1, {"file": "/src/cart.js", "line": "1", "column": "15", "message": "Extra semicolon.", "code": "semi"}),
        source="https://standardjs.com/",
    ),
    BlockRule(
        id="stylelint.problem",
        tool="stylelint",
        kind="lint",
        category="code.lint",
        start=r"^ +[0-9]+:[0-9]+ +(✖|×) +",
        back=r"\S+\.\w+$| +\d+:\d+ ",
        keep=r"\S+\.(?:css|scss|less|sass|vue|html)$| +\d+:\d+ ",
        blank_max=1,
        cause=r"^ +\d+:\d+ ",
        fields=(r"^(?P<file>\S+\.\w+)$", r"^ +(?P<line>\d+):(?P<column>\d+) +(?:✖|×) +(?P<message>.+?)(?:  +(?P<code>[\w-]+))? *$"),
        weight=1.0,
        sample="cart.css\n 4:1  ✖  Unexpected empty block  block-no-empty\n\n1 problem (1 error, 0 warnings)",
        expect=(0, 1, {"file": "cart.css", "line": "4", "column": "1", "message": "Unexpected empty block", "code": "block-no-empty"}),
        source="https://stylelint.io/user-guide/options#formatter",
    ),
    BlockRule(
        id="markdownlint.problem",
        tool="markdownlint",
        kind="lint",
        category="code.lint",
        start=r"^[^ :]+: ?[0-9]+(:[0-9]+)?:? (error )?MD[0-9]{3}",
        keep=r"\S+: ?\d+(?::\d+)?:? (?:error )?MD\d{3}",
        fields=(r"^(?P<file>\S+?): ?(?P<line>\d+)(?::(?P<column>\d+))?:? (?:error )?(?P<code>MD\d{3}\S*) (?P<message>.+)$",),
        weight=1.0,
        sample="README.md:29 MD012/no-multiple-blanks Multiple consecutive blank lines [Expected: 1; Actual: 2]\nnpm error code 1",
        expect=(0, 0, {"file": "README.md", "line": "29", "code": "MD012/no-multiple-blanks", "message": "Multiple consecutive blank lines [Expected: 1; Actual: 2]"}),
        source="https://github.com/igorshubovych/markdownlint-cli",
    ),
    BlockRule(
        id="tslint.error",
        tool="tslint",
        kind="lint",
        category="code.lint",
        start=r"^ERROR: [^ ]+(:[0-9]+:[0-9]+|\[[0-9]+, [0-9]+\]) - ",
        keep=r"ERROR: \S+(?::\d+|\[\d+)",
        fields=(r"^ERROR: (?P<file>[^ :\[]+)[:\[](?P<line>\d+)[:,] ?(?P<column>\d+)\]? - (?P<message>.+)$",),
        weight=1.0,
        sample="ERROR: src/cart.ts:4:7 - Missing semicolon\nnpm error code 2",
        expect=(0, 0, {"file": "src/cart.ts", "line": "4", "column": "7", "message": "Missing semicolon"}),
        source="https://palantir.github.io/tslint/formatters/",
    ),
    BlockRule(
        id="prettier.unformatted",
        tool="prettier",
        kind="list",
        category="code.format",
        start=r"^\[warn\] [^ ]+\.[a-z]+$",
        keep=r"\[(?:warn|error)\] ",
        fields=(r"^\[warn\] (?P<file>\S+\.\w+)$",),
        weight=0.5,
        sample="Checking formatting...\n[warn] src/cart.js\n[warn] Code style issues found in the above file. Run Prettier with --write to fix.\nnpm error code 1",
        expect=(1, 2, {"file": "src/cart.js"}),
        source="ran: prettier 3",
    ),
    BlockRule(
        id="tsc.error",
        tool="tsc",
        kind="compile",
        category="code.type",
        start=r"\.([cm]?tsx?|[cm]?jsx?|vue)(\([0-9]+,[0-9]+\):|:[0-9]+:[0-9]+ -) error TS[0-9]+: ",
        keep=r"\S+\.\w+(?:\(\d+,\d+\):|:\d+:\d+ -) error TS",
        blank_max=1,
        fields=(r"(?P<file>[^\s(:]+)[(:](?P<line>\d+)[,:](?P<column>\d+)\)?:? ?-? ?error (?P<code>TS\d+): (?P<message>.+)$",),
        weight=1.5,
        sample="src/cart.ts(4,7): error TS2322: Type 'string' is not assignable to type 'number'.\nnpm error code 2",
        expect=(0, 0, {"file": "src/cart.ts", "line": "4", "column": "7", "code": "TS2322", "message": "Type 'string' is not assignable to type 'number'."}),
        source="ran: tsc 5",
    ),
    BlockRule(
        id="node.error",
        tool="node",
        kind="trace",
        category="code.runtime_crash",
        start=r"^ *(Uncaught )?[A-Za-z]*Error( \[[A-Z_0-9]+\])?: .+$",
        then=r" +at |Require stack:|- /| {2,}\S",
        back=r".+\.[cm]?[jt]sx?:\d+$| *\^+$|    \S.*",
        keep=r"Require stack:|- /| +at |  code: |}",
        blank_max=1,
        cause=r"Error",
        fields=(r"^ *(?:Uncaught )?(?P<exception>\w*Error)(?: \[\w+\])?: (?P<message>.+)$", r"^(?P<file>/.+\.[cm]?[jt]sx?):(?P<line>\d+)$", _FRAME, r"Cannot find (?:module|package) '(?P<package>[^']+)'"),
        sample=(
            "> node app.js\n"
            "\n"
            "Error: Cannot find module 'express'\n"
            "Require stack:\n"
            "- /src/app.js\n"
            "    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)\n"
            "    at Object.<anonymous> (/src/app.js:1:1)\n"
            "npm error code 1"
        ),
        expect=(2, 6, {"exception": "Error", "message": "Cannot find module 'express'", "package": "express", "file": "/src/app.js", "line": "1", "column": "1"}),
        source="ran: node 20",
    ),
    BlockRule(
        id="webpack.error",
        tool="webpack",
        kind="compile",
        category="code.compile",
        start=r"^ERROR in .+$",
        until=r"ERROR in |webpack .*compiled|npm |error Command|Child ",
        blank_max=1,
        cause=r"Error: |ERROR in",
        fields=(r"^ERROR in (?P<file>\./\S+)(?: (?P<line>\d+):(?P<column>\d+))?", r"(?P<message>(?:Module not found|SyntaxError|Module build failed|TS\d+).+)$"),
        weight=1.0,
        sample=(
            "asset main.js 1 KiB [emitted]\n"
            "ERROR in ./src/app.js 1:0-24\n"
            "Module not found: Error: Can't resolve './cart' in '/src'\n"
            "\n"
            "webpack 5.90.0 compiled with 1 error in 200 ms"
        ),
        expect=(1, 2, {"file": "./src/app.js", "line": "1", "column": "0", "message": "Module not found: Error: Can't resolve './cart' in '/src'"}),
        source="https://webpack.js.org/configuration/stats/",
    ),
    BlockRule(
        id="npm.error_block",
        tool="npm",
        kind="resolve",
        category="deps.resolve",
        start=r"^npm (ERR!|error) code E[A-Z0-9]+$",
        reject=r"ELIFECYCLE",
        keep=r"npm (?:ERR!|error)",
        trim=r"npm (?:ERR!|error)(?:$| A complete log| {2,}/|     )",
        blank_max=1,
        lines_max=40,
        cause=r"^npm (?:ERR!|error) (?!code|errno|syscall|path|$)\S",
        fields=(
            r"^npm (?:ERR!|error) code (?P<code>E\w+)",
            r"^npm (?:ERR!|error) (?!code|errno|syscall|path|A complete)(?P<message>\S.+)$",
            r"(?P<package>'?@?[\w.-]+/?[\w.-]*@[^\s']+'?) is not in this registry",
        ),
        weight=1.0,
        sample=(
            "npm error code ETARGET\n"
            "npm error notarget No matching version found for lodash@99.\n"
            "npm error notarget In most cases you or one of your dependencies are requesting\n"
            "npm error notarget a package version that doesn't exist.\n"
            "npm error A complete log of this run can be found in: /home/ci/.npm/_logs/1.log\n"
            "next"
        ),
        expect=(0, 3, {"code": "ETARGET", "message": "notarget No matching version found for lodash@99."}),
        source="ran: npm 11",
    ),
)
