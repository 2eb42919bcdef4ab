"""Blocks that the tools of Swift and Xcode print."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="swiftc.error",
        tool="swiftc",
        kind="compile",
        category="code.compile",
        start=r"(^|❌  )([A-Z]:|/)?[^ :]{1,160}\.(swift|mm?|h):[0-9]+:([0-9]+:)? (error: )?[^ nw]",
        reject=r": (?:warning|note): |: error: (?:-\[|\([A-Za-z]+\) )| : (?:XCT\w+ failed|failed - )",  # the latter are tests
        keep=r"\s*(?:\^|~)",
        follow=2,
        blank_max=1,
        fields=(
            r"(?P<file>(?:[A-Z]:)?[^ :]+\.(?:swift|mm?|h)):(?P<line>\d+):(?:(?P<column>\d+):)? (?:error: )?(?P<message>.+)$",
        ),
        weight=1.0,
        sample="/src/Cart.swift:2:12: error: cannot find 'price' in scope\n    return price\n           ^~~~~\nBUILD FAILED",
        expect=(
            0,
            2,
            {
                "file": "/src/Cart.swift",
                "line": "2",
                "column": "12",
                "message": "cannot find 'price' in scope",
            },
        ),
        source="https://docs.swift.org/compiler/documentation/diagnostics/",
    ),
    BlockRule(
        id="swiftlint.violation",
        tool="swiftlint",
        kind="lint",
        category="code.lint",
        start=r"\.swift:[0-9]+(:[0-9]+)?: (warning|error): .+ Violation: ",
        keep=r".*\.swift:\d+(?::\d+)?: (?:warning|error): .+ Violation: ",
        fields=(
            r"(?P<file>(?:[A-Z]:)?[^ :]+\.swift):(?P<line>\d+):(?:(?P<column>\d+):)? \w+: (?P<message>.+?)(?: \((?P<code>\w+)\))?$",
        ),
        weight=0.5,
        sample="Linting 'Cart.swift' (1/1)\n/src/Cart.swift:1:10: warning: Colon Violation: Colons should be next to the identifier. (colon)\nDone linting! Found 1 violation, 0 serious in 1 file.",
        expect=(
            1,
            1,
            {
                "file": "/src/Cart.swift",
                "line": "1",
                "column": "10",
                "message": "Colon Violation: Colons should be next to the identifier.",
                "code": "colon",
            },
        ),
        source="https://realm.github.io/SwiftLint/",
    ),
    BlockRule(
        id="xcpretty.failed",
        tool="xctest",
        kind="test",
        category="code.test",
        start=r"^  [A-Za-z_][A-Za-z0-9_]{0,160}(\(\))?, .+$",
        then=r"\s*(?:/\S+:\d+)?$",
        back=r"[A-Za-z_]\S*$",
        keep=r"  ",
        blank_max=1,
        lines_max=80,
        cause=r"^  \w+, ",
        fields=(r"^  (?P<test>[A-Za-z_]\w*(?:\(\))?), (?P<message>.+)$", r"^  (?P<file>/\S+):(?P<line>\d+)$"),
        weight=1.0,
        sample='Demo.CartTests\n  testTotal, XCTAssertEqual failed: ("3") is not equal to ("4")\n  /src/CartTests.swift:9\n  ```\n        XCTAssertEqual(total, 4)\n  ```\n\n\n\t Executed 3 tests, with 1 failure',
        expect=(
            0,
            5,
            {
                "test": "testTotal",
                "message": 'XCTAssertEqual failed: ("3") is not equal to ("4")',
                "file": "/src/CartTests.swift",
                "line": "9",
            },
        ),
        source="https://github.com/xcpretty/xcpretty",
    ),
    BlockRule(
        id="xcodebuild.failing_tests",
        tool="xctest",
        kind="cascade",
        category="code.test",
        start=r"^Failing tests:$",
        then=r"\s*[\w.]+[. ]?\w+\(\)|\s*-\[",
        keep=r"[\w.]+\(\)$|-\[",
        blank_max=0,
        cause=r"\(\)$|-\[",
        fields=(r"^\s*(?:-\[)?(?P<test>\w[\w. ]*)(?:\(\)|\])$",),
        weight=1.0,
        sample="Test session results\nFailing tests:\n\tCartTests.testTotal()\n\tCartTests.testAdd()\n\n** TEST FAILED **",
        expect=(1, 3, {"test": "CartTests.testTotal"}),
        source="https://developer.apple.com/documentation/xcode/running-tests-and-interpreting-results",
    ),
    BlockRule(
        id="xctest.error",
        tool="xctest",
        kind="test",
        category="code.test",
        start=r"^([A-Z]:)?[^ :]+:[0-9]+: error: (-\[|[A-Za-z_.]+ : )",
        keep=r"(?:[A-Z]:)?[^ :]+:\d+: error: -?\[?|Test Case .+ failed \(",
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+): error: -\[(?P<test>[^\]]+)\] : (?P<message>.+)$",
            r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+): error: (?P<test>[\w.]+) : (?P<message>.+)$",
        ),
        weight=1.0,
        sample="Test Case '-[Demo.CartTests testTotal]' started.\n/src/CartTests.swift:9: error: -[Demo.CartTests testTotal] : XCTAssertEqual failed: (\"3\") is not equal to (\"4\")\nTest Case '-[Demo.CartTests testTotal]' failed (0.1 seconds).",
        expect=(
            1,
            2,
            {
                "file": "/src/CartTests.swift",
                "line": "9",
                "test": "Demo.CartTests testTotal",
                "message": 'XCTAssertEqual failed: ("3") is not equal to ("4")',
            },
        ),
        source="https://developer.apple.com/documentation/xctest",
    ),
    BlockRule(
        id="swift_testing.issue",
        tool="swift-testing",
        kind="test",
        category="code.test",
        start=r"^(?:✘|􀢄|\[x\]) +Test [^\n]{1,300} recorded an issue",
        keep=r"(?:↳|􀄵|\[\.\.\.\]|✘|􀢄|\[x\]) +(?!Test run with |Suite )",
        blank_max=0,
        lines_max=40,
        fields=(
            r"^\S+ +Test \"?(?P<test>.+?)\"?(?:\(\))? recorded an issue",
            r" at (?P<file>(?:[A-Z]:)?[^\s:]+\.swift):(?P<line>\d+):(?P<column>\d+): (?P<message>.+)$",
        ),
        weight=1.0,
        sample=(
            "◇ Test total() started.\n✘ Test total() recorded an issue at CartTests.swift:7:5: Expectation failed: (sum → 3) == 4\n"
            "↳ // The sum of all prices.\n✘ Test total() failed after 0.002 seconds with 1 issue.\n"
            "✘ Test run with 2 tests failed after 0.002 seconds with 1 issue."
        ),
        expect=(
            1,
            3,
            {
                "test": "total",
                "file": "CartTests.swift",
                "line": "7",
                "column": "5",
                "message": "Expectation failed: (sum → 3) == 4",
            },
        ),
        source="https://github.com/swiftlang/swift-testing/blob/main/Sources/Testing/Events/Recorder/Event.HumanReadableOutputRecorder.swift",
    ),
)
