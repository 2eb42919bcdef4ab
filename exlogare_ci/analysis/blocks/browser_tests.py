"""Blocks of runners that drive a browser, of reporters that print a list once, and of steps that nobody wrote."""

from exlogare_ci.analysis.blocks.base import BlockRule

_SAYS = r"(?:[^|\n]{0,60} )?"
"""Nightwatch puts the file before each line when it runs several at once."""
_SNIPPETS = (
    r"^ *(You can implement (step definitions for undefined|missing) steps with (these|the) snippets"
    r"|--- [^ \n]{1,200} has missing steps\. Define them with these snippets)"
)

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="nightwatch.failed",
        tool="nightwatch",
        kind="test",
        category="code.test",
        start=r"^[^|\n]{0,60} ?(✖|×|✕) .{1,2000} (- ?[Ee]xpected .{1,600} but got|Error while running)",
        back=_SAYS + r"\s*(?:Running:? |Results for: |✔|√|✓|✖|×|ℹ|⚠|→)|\s+at |\s+Using: ",
        back_lines_max=60,
        back_blank_max=1,
        until=_SAYS + r"\s*(?:FAILED:|OK\.|Running:? |Results for: |_{10,}|-{10,}|={10,}|✔|√)",
        lines_max=40,
        cause=r"✖|×|✕",
        fields=(
            r"(?:Running:? +|Results for: +)(?P<test>\S.*?):?$",
            r"(?:✖|×|✕) (?P<message>.+?)(?: \(\d+m?s\))?$",
            r"\((?P<file>[^()\s]+\.[cm]?[jt]s):(?P<line>\d+):\d+\)",
        ),
        last_of=("test",),
        weight=1.5,
        sample=(
            "Running:  opens the shop\n ✔ Element <body> was present after 614 milliseconds.\nOK. 1 assertions passed. (5.412s)\n"
            'Running:  pays\n ✖ Element <#paid> was not visible after 5000 milliseconds.  - expected "visible" but got: not found\n'
            "    at Object.pays (/src/test/shop.js:14:24)\nFAILED:  1 assertions failed (5.9s)"
        ),
        expect=(
            3,
            5,
            {
                "test": "pays",
                "message": 'Element <#paid> was not visible after 5000 milliseconds.  - expected "visible" but got: not found',
                "file": "/src/test/shop.js",
                "line": "14",
            },
        ),
        source="https://nightwatchjs.org/guide/running-tests/test-results.html",
    ),
    BlockRule(
        id="nightwatch.summary",
        tool="nightwatch",
        kind="cascade",
        category="code.test",
        start=r"^ ?TEST FAILURE: +[0-9]+ ",
        until=r"npm |error |\[|The command|Stopping |Wrote ",
        blank_max=2,
        lines_max=60,
        fields=(r"^ +[-–] (?P<test>\S.*?)(?: \([\d.]+m?s\))?$", r"^ ?✖ (?P<suite>\S+)"),
        weight=1.0,
        sample=(
            "TEST FAILURE: 1 assertions failed, 2 passed (1m 6s)\n\n ✖ shop\n\n   - pays (5.878s)\n"
            "   Element <#paid> was not visible after 5000 milliseconds.\nnpm ERR! Test failed."
        ),
        expect=(0, 5, {"test": "pays", "suite": "shop"}),
        source="https://nightwatchjs.org/guide/running-tests/test-results.html",
    ),
    BlockRule(
        id="testcafe.failed",
        tool="testcafe",
        kind="test",
        category="code.test",
        start=r"^ (✖|×) .{1,400}$",
        reject=r"\([0-9.]+ms\)$",
        then=r"\s*$",
        until=r" (?:✖|×|✓|√|-) | ?\d+(?:/\d+)? (?:failed|passed)|npm |error ",
        needs=r"^ +Browser: ",
        blank_max=2,
        cause=r"^ +1\) ",
        fields=(
            r"^ (?:✖|×) (?P<test>.+)$",
            r"^ +1\) (?P<message>\S.*)$",
            r"at .*\((?P<file>[^()\s]+):(?P<line>\d+):\d+\)$",
        ),
        weight=1.0,
        sample=(
            " Shop\n ✓ opens\n ✖ pays\n\n   1) The specified selector does not match any element in the DOM tree.\n\n"
            "       > | Selector('#pay')\n\n      Browser: Chrome 92.0.4515.131 / Linux 0.0\n\n"
            "       > 9 |  await t.click('#pay');\n\n         at <anonymous> (/src/test/shop.js:9:11)\n\n\n 1/2 failed (3s)"
        ),
        expect=(
            2,
            12,
            {
                "test": "pays",
                "message": "The specified selector does not match any element in the DOM tree.",
                "file": "/src/test/shop.js",
                "line": "9",
            },
        ),
        source="https://testcafe.io/documentation/402825/guides/intermediate-guides/reporters",
    ),
    BlockRule(
        id="node_tap.classic",
        tool="node-tap",
        kind="test",
        category="code.test",
        start=r"^ {2,12}not ok [^0-9 \n].{0,300}$",
        back=r" {2,12}(?!not ok |Skipped: )\S",
        back_lines_max=3,
        cause=r"^ +not ok ",
        fields=(
            r"^ {2,10}(?!not ok |\w+:|[-}\])] ?)(?P<test>\S.*)$",
            r"^ +(?P<message>not ok \S.*)$",
            r"^ +file: (?P<file>\S+)$",
            r"^ +line: (?P<line>\d+)$",
            r"\((?P<file>[\w./@-]+\.\w+):(?P<line>\d+):\d+\)$",
            r"^ +(?:wanted|expected): (?P<expected>.+)$",
            r"^ +(?:found|actual): (?P<actual>.+)$",
        ),
        weight=1.0,
        sample=(
            "test/shop.js ............................ 6/6 2s\ntest/cart.js ............................ 5/6 2s\n  cart\n"
            "  not ok total of two\n    found: 3\n    wanted: 4\n    compare: ===\n    at:\n      line: 41\n      file: test/cart.js\n"
            "\ntotal ................................... 11/12\n\n  11 passing (7s)\n  1 failing"
        ),
        expect=(
            2,
            9,
            {
                "test": "cart",
                "message": "not ok total of two",
                "actual": "3",
                "expected": "4",
                "line": "41",
                "file": "test/cart.js",
            },
        ),
        source="https://github.com/tapjs/tap-mocha-reporter/blob/main/lib/reporters/classic.js",
    ),
    BlockRule(
        id="node_tap.base",
        tool="node-tap",
        kind="test",
        category="code.test",
        start=r"^ ✖ .{1,400}$",
        back=r" ?FAIL +\S",
        back_lines_max=1,
        until=r" ?(?:PASS|FAIL|SKIP|TODO) | ✖ |\S",
        needs=r"^ +(?:stack: |compare: |test: )",
        blank_max=1,
        cause=r"^ ✖ ",
        fields=(
            r"^ ✖ (?P<message>.+)$",
            r"^ +test: (?P<test>\S.*?) *$",
            r"^ +(?:.* \()?(?P<file>[\w./@-]+\.[cm]?[jt]sx?):(?P<line>\d+):\d+\)? *$",
        ),
        weight=1.0,
        sample=(
            " PASS  test/shop.js 4 OK 20.1ms\n FAIL  test/cart.js 1 failed of 9 34.6ms\n ✖ should be equal\n\n  test/cart.js\n"
            "  > 9 |   t.equal(total, 4)\n\n  --- expected\n  +++ actual\n  -4\n  +3\n\n  test: total of two\n  compare: ===\n"
            "  stack: |\n    test/cart.js:9:5\n\n\n  SUMMARY RESULTS"
        ),
        expect=(
            1,
            15,
            {"message": "should be equal", "test": "total of two", "file": "test/cart.js", "line": "9"},
        ),
        source="https://github.com/tapjs/treport",
    ),
    BlockRule(
        id="junit_xml.failure",
        tool="junit-xml",
        kind="test",
        category="code.test",
        start=r"^\s{0,40}(<testcase [^>\n]{1,600}>\s{0,10})?<(failure|error)[ >]",
        back=r"\s*<testcase [^>]*[^/>]>\s*$",
        back_lines_max=1,
        until=r".*</(?:failure|error)>|\s*</testcase>|\s*<testcase ",
        until_included=True,
        fields=(
            r"<testcase (?:[^>]* )?name=\"(?P<test>[^\"]+)\"",
            r"<(?:failure|error)[^>]*? message=\"(?P<message>[^\"]+)\"",
            r"<(?:failure|error)[^>]*>(?:<!\[CDATA\[)?(?P<message>[^<\s][^<]*)",
            r"\((?P<file>[^()\s:]+\.\w+):(?P<line>\d+)",
        ),
        sample=(
            '<testsuite name="shop" tests="2" failures="1">\n<testcase classname="cart" name="is empty" time="0.001"/>\n'
            '<testcase classname="cart" name="totals two" time="0.003"><failure>expected 3 to equal 4\n'
            "AssertionError: expected 3 to equal 4\n    at Context.x (test/cart.js:7:20)</failure></testcase>\n</testsuite>"
        ),
        expect=(
            2,
            4,
            {"test": "totals two", "message": "expected 3 to equal 4", "file": "test/cart.js", "line": "7"},
        ),
        source="https://mochajs.org/#xunit, https://github.com/testmoapp/junitxml",
    ),
    BlockRule(
        id="cucumber.undefined",
        tool="cucumber",
        kind="test",
        category="code.test",
        start=r"^ +Undefined step: \".{1,400}\" \(Cucumber::Undefined\)$",
        back=r"\S+\.feature:\d+|\(::\) undefined steps",
        back_blank_max=1,
        keep=r" +\S+\.feature:\d+:in ",
        cause=r"Undefined step: ",
        fields=(
            r"(?P<message>Undefined step: \"(?P<symbol>.+)\")",
            r"^ *(?P<file>\S+\.feature):(?P<line>\d+)",
        ),
        weight=0.5,
        sample=(
            '..U-\n\n(::) undefined steps (::)\n\nfeatures/cart.feature:4\n  Undefined step: "I pay" (Cucumber::Undefined)\n'
            "  features/cart.feature:4:in `When I pay'\n\n1 scenario (1 undefined)"
        ),
        expect=(
            2,
            6,
            {"file": "features/cart.feature", "line": "4", "message": 'Undefined step: "I pay"', "symbol": "I pay"},
        ),
        source="https://cucumber.io/docs/cucumber/step-definitions/",
    ),
    BlockRule(
        id="gherkin.snippets",
        tool="cucumber",
        kind="build",
        category="code.test",
        start=_SNIPPETS,
        until=r"\S+ exited|\$ |\+ |npm |\[",
        blank_max=2,
        fields=(r"^ *(?P<symbol>@?(?:Given|When|Then|given|when|then|And|But)\b.+)$",),
        weight=1.0,
        sample=(
            "1 scenario (1 undefined)\n\nYou can implement step definitions for undefined steps with these snippets:\n\n"
            "When(/^I pay$/) do\n  pending\nend\n$ next"
        ),
        expect=(2, 6, {"symbol": "When(/^I pay$/) do"}),
        source="https://cucumber.io/docs/cucumber/step-definitions/, https://docs.behat.org/en/latest/user_guide.html",
    ),
    BlockRule(
        id="sage.doctest_failed",
        tool="doctest",
        kind="test",
        category="code.test",
        start=r"^File \"[^\"\n]{1,300}\", line [0-9]+(:|, in .{1,200})$",
        then=r"    sage: ",
        until=r"\*{20,}|File \"|\d+ items? had failures",
        blank_max=1,
        fields=(
            r'^File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in (?P<test>\S+))?',
            r"^    sage: (?P<symbol>.+)$",
            r"^    (?P<message>\w*(?:Error|Exception)\b.*)$",
        ),
        weight=1.0,
        sample=(
            '**********************************************************************\nFile "src/cart.py", line 3:\n'
            "    sage: total()\nExpected:\n    4\nGot:\n    3\n**********************************************************************"
        ),
        expect=(1, 6, {"file": "src/cart.py", "line": "3", "symbol": "total()"}),
        source="https://doc.sagemath.org/html/en/developer/doctesting.html",
    ),
)
