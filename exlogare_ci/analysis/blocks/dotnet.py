"""Blocks that the tools of .NET print."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="msbuild.error",
        tool="msbuild",
        kind="compile",
        category="code.compile",
        start=r"(\([0-9,]+\)|MSBUILD|CSC|ILC) ?: [Ee]rror [A-Z]+[0-9]+: ",
        reject=r": [Ee]rror (?:(?:C|LNK|RC|TS)\d|MSB(?:3073|6006|8066): )",
        keep=r".*(?:\([\d,]+\)|MSBUILD|CSC) ?: [Ee]rror [A-Z]+\d+: |but here has type",
        fields=(
            r"(?P<file>[^\\/\s(]+)\((?P<line>\d+)(?:,(?P<column>\d+))?[\d,]*\) ?: [Ee]rror (?P<code>\w+): (?P<message>.+?)(?: \[.+\])?$",
            r"[Ee]rror (?P<code>[A-Z]+\d+): (?P<message>.+?)(?: \[.+\])?$",
        ),
        weight=1.5,
        sample="  Demo -> /src/bin/Demo.dll\nCart.cs(4,16): error CS0103: The name 'price' does not exist in the current context [/src/Demo.csproj]\n\nBuild FAILED.",
        expect=(
            1,
            1,
            {
                "file": "Cart.cs",
                "line": "4",
                "column": "16",
                "code": "CS0103",
                "message": "The name 'price' does not exist in the current context",
            },
        ),
        source="https://learn.microsoft.com/en-us/dotnet/csharp/language-reference/compiler-messages/",
    ),
    BlockRule(
        id="xunit.fail",
        tool="xunit",
        kind="test",
        category="code.test",
        start=r" \[FAIL\]$",
        keep=r"\[xUnit\.net [\d:.]+\]     {2,}",
        needs=r"^(?:\[xUnit\.net [\d:.]+\] {5,}|(?!\[xUnit\.net ))\s*\S(?!.* \[FAIL\]$)",
        blank_max=1,
        fields=(
            r"^(?:\[xUnit\.net [\d:.]+\])?\s*(?P<test>\S.*?) \[FAIL\]$",
            r"^\s+(?P<message>(?:Assert\.|System\.|Shouldly|Xunit).+)$",
            r"(?P<file>[^\s(]+\.(?:cs|fs|vb))\((?P<line>\d+)",
            r" in (?P<file>\S+\.(?:cs|fs|vb)):line (?P<line>\d+)",
            r"^(?:\[xUnit\.net [\d:.]+\])? +Expected: +(?P<expected>\S.*)$",
            r"^(?:\[xUnit\.net [\d:.]+\])? +Actual: +(?P<actual>\S.*)$",
        ),
        weight=1.0,
        sample=(
            "  Starting:    Demo.Tests\n"
            "    Demo.CartTests.Total [FAIL]\n"
            "      Assert.Equal() Failure\n"
            "      Expected: 4\n"
            "      Actual:   3\n"
            "      Stack Trace:\n"
            "        /src/CartTests.cs(9,0): at Demo.CartTests.Total()\n"
            "  Finished:    Demo.Tests"
        ),
        expect=(
            1,
            6,
            {
                "test": "Demo.CartTests.Total",
                "message": "Assert.Equal() Failure",
                "expected": "4",
                "actual": "3",
                "file": "/src/CartTests.cs",
                "line": "9",
            },
        ),
        source="https://xunit.net/docs/getting-started/v2/getting-started",
    ),
    BlockRule(
        id="xunit.fail_line",
        tool="xunit",
        kind="cascade",
        category="code.test",
        start=r"^\[xUnit\.net [0-9:.]+\] +[^ ].* \[FAIL\]$",
        fields=(r"^\[xUnit\.net [\d:.]+\]\s*(?P<test>\S.*?) \[FAIL\]$",),
        weight=1.0,
        sample="[xUnit.net 00:00:00.71]     Demo.CartTests.Total [FAIL]\nFailed   Demo.CartTests.Total",
        expect=(0, 0, {"test": "Demo.CartTests.Total"}),
        source="https://xunit.net/docs/getting-started/v2/getting-started",
    ),
    BlockRule(
        id="vstest.failed",
        tool="dotnet",
        kind="test",
        category="code.test",
        start=r"^ *(Failed|X) {1,3}[^ ].*( \[.*s\])?$",
        then=r" *(?:Error Message|Stack Trace|EXPECTED):?",
        until=r" *(?:Failed|Passed|Skipped|X|V) +\S+.* \[.*s\]$|(?:Failed|Passed|Skipped) {2,}\S|Failed! |Test Run|Total tests|Passed! ",
        blank_max=1,
        fields=(
            r"^ *(?:Failed|X) +(?P<test>\S+)",
            r"^ +(?P<message>(?!Error Message|Stack Trace|Failed |X )\S.+)$",
            r" in (?P<file>\S+):line (?P<line>\d+)",
            r"^ *Expected: +(?P<expected>\S.*)$",
            r"^ *(?:Actual|But was): +(?P<actual>\S.*)$",
        ),
        weight=1.0,
        sample=(
            "  Failed Total [12 ms]\n"
            "  Error Message:\n"
            "   Assert.AreEqual failed. Expected:<4>. Actual:<3>.\n"
            "  Stack Trace:\n"
            "     at Demo.CartTests.Total() in /src/CartTests.cs:line 9\n"
            "\n"
            "Failed!  - Failed:     1, Passed:     0, Skipped:     0, Total:     1"
        ),
        expect=(
            0,
            4,
            {
                "test": "Total",
                "message": "Assert.AreEqual failed. Expected:<4>. Actual:<3>.",
                "file": "/src/CartTests.cs",
                "line": "9",
            },
        ),
        source="https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-test",
    ),
    BlockRule(
        id="nunit.failed",
        tool="nunit",
        kind="test",
        category="code.test",
        start=r"^[0-9]+\) (Failed|Error|Test Failure|Test Error|Invalid) : ",
        until=r"\d+\) (?:Failed|Error|Ignored|Test|Invalid)|Run Settings|Test Run Summary|Tests run",
        blank_max=1,
        fields=(
            r"^\d+\) (?:Test )?(?:Failed|Error|Failure|Invalid) : (?P<test>\S.*)$",
            r"^ +(?P<message>(?!at )\S.+)$",
            r" in (?P<file>\S+):(?:line )?(?P<line>\d+)",
        ),
        weight=1.0,
        sample="Errors and Failures\n\n1) Failed : Demo.CartTests.Total\n  Expected: 4\n  But was:  3\n   at Demo.CartTests.Total () in /src/CartTests.cs:9\n\nRun Settings",
        expect=(
            2,
            5,
            {
                "test": "Demo.CartTests.Total",
                "message": "Expected: 4",
                "file": "/src/CartTests.cs",
                "line": "9",
            },
        ),
        source="https://docs.nunit.org/articles/nunit/running-tests/Console-Runner.html",
    ),
    BlockRule(
        id="dotnet.exception",
        tool="dotnet",
        kind="trace",
        category="code.runtime_crash",
        start=r"^(Unhandled exception\. |Unhandled Exception: |\[ERROR\] FATAL UNHANDLED EXCEPTION: |.*---> |System\.).*Exception: ",
        keep=r" *---|   at ",
        blank_max=1,
        fields=(
            r"(?P<exception>[A-Z][\w.]+Exception): (?P<message>.+)$",
            r" in (?P<file>\S+):(?:line )?(?P<line>\d+)",
        ),
        sample="Unhandled exception. System.InvalidOperationException: no port\n   at Demo.Program.Main() in /src/Program.cs:line 5\nnext",
        expect=(
            0,
            1,
            {
                "exception": "System.InvalidOperationException",
                "message": "no port",
                "file": "/src/Program.cs",
                "line": "5",
            },
        ),
        source="https://learn.microsoft.com/en-us/dotnet/standard/exceptions/",
    ),
    BlockRule(
        id="testing_platform.failed",
        tool="dotnet",
        kind="test",
        category="code.test",
        start=r"^failed [^ \n][^\n]{0,300} \((?:[0-9]+(?:ms|[dhms]) ?){1,4}\)$",
        until=r"(?:failed|passed|skipped) \S|Test run summary: |\S.*Tests (?:failed|succeeded)",
        blank_max=1,
        lines_max=60,
        fields=(
            r"^failed (?P<test>[\w.+`]+)",
            r"^ {2}(?P<message>(?!at |from )\S.*?) *$",
            r" in (?P<file>\S+\.(?:cs|fs|vb)):(?:line )?(?P<line>\d+)",
        ),
        weight=1.0,
        sample=(
            "passed Empty (3ms)\nfailed Total (1s 220ms)\n  Assert.AreEqual failed. Expected:<4>. Actual:<3>.\n"
            "    at Demo.CartTests.Total() in /src/CartTests.cs:9\n\nTest run summary: Failed!"
        ),
        expect=(
            1,
            3,
            {
                "test": "Total",
                "message": "Assert.AreEqual failed. Expected:<4>. Actual:<3>.",
                "file": "/src/CartTests.cs",
                "line": "9",
            },
        ),
        source="https://learn.microsoft.com/en-us/dotnet/core/testing/microsoft-testing-platform-intro",
    ),
)
