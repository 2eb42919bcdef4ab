"""Blocks that Python's tools print."""

from exlogare_ci.analysis.blocks.base import BlockRule

_PY_PLACE = (
    r"^ *(?P<file>(?!.*(?:site-packages|dist-packages))[^\s:\"']+\.py):(?P<line>\d+): (?P<exception>[A-Za-z_][\w.]*)"
)

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="python.syntax_error",
        tool="python",
        kind="compile",
        category="code.syntax",
        start=r"^(SyntaxError|IndentationError|TabError): .+$",
        reject=r"is not valid JSON|^SyntaxError: Unexpected (?:token|end of|identifier|string|number) |in JSON at position",
        back=r"    |  File ",
        fields=(
            r'^ *File "(?P<file>[^"]+)", line (?P<line>\d+)',
            r"^(?P<exception>\w+Error): (?P<message>.+)$",
        ),
        weight=1.0,
        sample="  File \"/src/app.py\", line 2\n    return (1\n           ^\nSyntaxError: '(' was never closed\nnext",
        expect=(
            0,
            3,
            {"file": "/src/app.py", "line": "2", "exception": "SyntaxError", "message": "'(' was never closed"},
        ),
        source="ran: CPython 3.11",
    ),
    BlockRule(
        id="pytest.internal_error",
        tool="pytest",
        kind="trace",
        category="code.runtime_crash",
        start=r"^INTERNALERROR> Traceback \(most recent call last\):$",
        keep=r"INTERNALERROR>",
        blank_max=0,
        cause=r"^INTERNALERROR> [A-Za-z_][\w.]*(?:Error|Exception|Warning)\b",
        cause_last=True,
        last_of=("exception", "message"),
        fields=(r"^INTERNALERROR> (?P<exception>[A-Za-z_][\w.]*(?:Error|Exception|Warning)): (?P<message>.+)$",),
        weight=3.0,
        sample=(
            'INTERNALERROR> Traceback (most recent call last):\nINTERNALERROR>   File "/src/conftest.py", line 2, in hook\n'
            "INTERNALERROR> ValueError: no plugin\n\nno tests ran"
        ),
        expect=(0, 2, {"exception": "ValueError", "message": "no plugin"}),
        source="ran: pytest 9.0",
    ),
    BlockRule(
        id="behave.assert_failed",
        tool="behave",
        kind="test",
        category="code.test",
        start=r"^ +(ASSERT FAILED|Assertion Failed|Traceback \(most recent call last\)):",
        needs=r"ASSERT FAILED|Assertion Failed",
        back=r" +(?:Given|When|Then|And|But|Scenario|@)",
        fields=(
            r"^ +Scenario(?: Outline)?: (?P<test>.+?)(?: -- @\S+.*)? +# ",
            r"^ +(?P<symbol>Then .+?|When .+?|Given .+?|And .+?) +# ",
            r"(?:ASSERT FAILED|Assertion Failed): (?P<message>.+)$",
            r"# (?P<file>\S+\.feature):(?P<line>\d+)",
        ),
        weight=1.0,
        sample="  Scenario: Discount  # cart.feature:2\n    Then the total is 180  # steps/cart.py:14\n      ASSERT FAILED: total is 190\n\nFailing scenarios:",
        expect=(
            0,
            2,
            {
                "test": "Discount",
                "symbol": "Then the total is 180",
                "message": "total is 190",
                "file": "cart.feature",
                "line": "2",
            },
        ),
        source="ran: behave 1.3",
    ),
    BlockRule(
        id="behave.failing",
        tool="behave",
        kind="cascade",
        category="code.test",
        start=r"^(Failing|Errored) scenarios:$",
        fields=(r"^  (?P<file>\S+\.feature):(?P<line>\d+)  (?P<test>.+)$",),
        weight=1.5,
        sample="Failing scenarios:\n  features/cart.feature:2  Discount is applied\n\n0 features passed, 1 failed",
        expect=(0, 1, {"file": "features/cart.feature", "line": "2", "test": "Discount is applied"}),
        source="ran: behave 1.3",
    ),
    BlockRule(
        id="pytest.failure",
        tool="pytest",
        kind="test",
        category="code.test",
        start=r"^(_{2,} .+ _{2,}|_ (ERROR at [a-z]+ of )?[A-Za-z_][^ ]*\[?.* _)$",  # one `_` where the name fills the line
        reject=r"^_+ (?:summary|coverage)|ERROR collecting|^_ _",
        until=r"={3,} .+ ={3,}$|_{2,} .+ _{2,}$|_ [A-Za-z].* _$|-{5,} .+ -{5,}$|={30,}$",
        blank_max=2,
        lines_max=200,
        cause=r"^E  |^worker '.+' crashed while running '",
        last_of=("test",),
        fields=(
            r"^_+ (?:ERROR at (?:setup|teardown) of )?(?P<test>.+?) _+$",
            _PY_PLACE,
            r"^E  +(?P<message>.+)",
            r"^(?P<message>worker '.+' crashed while running '(?P<test>.+)')$",
            r"^E +fixture '(?P<symbol>[^']+)' not found",
        ),
        weight=1.0,
        sample=(
            "=================================== FAILURES ===================================\n"
            "__________________________________ test_total __________________________________\n"
            "\n"
            "    def test_total():\n"
            ">       assert total([1, 2]) == 4\n"
            "E       assert 3 == 4\n"
            "E        +  where 3 = total([1, 2])\n"
            "\n"
            "test_cart.py:5: AssertionError\n"
            "=========================== short test summary info ============================\n"
            "FAILED test_cart.py::test_total - assert 3 == 4"
        ),
        expect=(
            1,
            8,
            {
                "test": "test_total",
                "file": "test_cart.py",
                "line": "5",
                "exception": "AssertionError",
                "message": "assert 3 == 4",
            },
        ),
        source="ran: pytest 9.0",
    ),
    BlockRule(
        id="pytest.collection_error",
        tool="pytest",
        kind="compile",
        category="code.test",
        start=r"^_+ ERROR collecting .+ _+$",
        until=r"={3,} .+ ={3,}$|_{2,} .+ _{2,}$|_ [A-Za-z].* _$|!{5,} .+ !{5,}$|-{5,} .+ -{5,}$",
        blank_max=2,
        cause=r"^E  +\S*(?:Error|Exception)\b|^[A-Za-z.]+Error: ",
        cause_last=True,
        fields=(
            r"^_+ ERROR collecting (?P<file>.+?) _+$",
            r"^(?:E  +)?(?P<exception>[A-Za-z_][\w.]*(?:Error|Exception)): (?P<message>.+)",
            r"No module named '?(?P<package>[\w.]+)'?",
        ),
        weight=1.5,
        sample=(
            "==================================== ERRORS ====================================\n"
            "_________________________ ERROR collecting test_api.py _________________________\n"
            "ImportError while importing test module '/src/test_api.py'.\n"
            "Hint: make sure your test modules/packages have valid Python names.\n"
            "Traceback:\n"
            "test_api.py:1: in <module>\n"
            "    import httpx\n"
            "E   ModuleNotFoundError: No module named 'httpx'\n"
            "=========================== short test summary info ============================"
        ),
        expect=(
            1,
            7,
            {
                "file": "test_api.py",
                "exception": "ModuleNotFoundError",
                "message": "No module named 'httpx'",
                "package": "httpx",
            },
        ),
        source="ran: pytest 9.0",
    ),
    BlockRule(
        id="unittest.failure",
        tool="unittest",
        kind="test",
        category="code.test",
        start=r"^(ERROR|FAIL): [^ ].*$",
        then=r"-{40,}$",
        until=r"={60,}$|Ran \d+ tests? in |FAILED \(",
        trim=r"-{60,}$|={60,}$",
        blank_max=3,
        cause=r"^(?:[A-Za-z_][\w.]*)(?:Error|Exception|Failure|Exit|Interrupt|Warning)\b|^AssertionError",
        last_of=("exception", "message"),
        cause_until=r"^During handling of the above",
        fields=(
            r"^(?:ERROR|FAIL): (?P<test>.+)$",
            r'^  File "(?P<file>(?!.*(?:site-packages|dist-packages|lib/python))[^"]+)", line (?P<line>\d+), in (?:test|setUp)',
            r"^(?P<exception>[A-Za-z_][\w.]*(?:Error|Exception|Failure)): (?P<message>.+)",
        ),
        weight=1.0,
        sample=(
            "======================================================================\n"
            "FAIL: test_total (test_cart.CartTest.test_total)\n"
            "----------------------------------------------------------------------\n"
            "Traceback (most recent call last):\n"
            '  File "/src/test_cart.py", line 9, in test_total\n'
            "    self.assertEqual(total([1, 2]), 4)\n"
            "AssertionError: 3 != 4\n"
            "\n"
            "----------------------------------------------------------------------\n"
            "Ran 1 test in 0.001s\n"
            "\n"
            "FAILED (failures=1)"
        ),
        expect=(
            1,
            6,
            {
                "test": "test_total (test_cart.CartTest.test_total)",
                "file": "/src/test_cart.py",
                "line": "9",
                "exception": "AssertionError",
                "message": "3 != 4",
            },
        ),
        source="ran: CPython 3.11 unittest",
    ),
    BlockRule(
        id="python.traceback",
        tool="python",
        kind="trace",
        category="code.runtime_crash",
        start=r"Traceback \(most recent call last\):$",
        reject=r"^E  ",
        then=r"[ |+>]*File \"|[ |+>]*\S+.*\bFile \"",
        keep=(
            r"[ |+]*(?:[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning|Failure|Failed|NotFound|Timeout|Refused|Denied)(?:$|:| )"
            r"|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+: |[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)+(?:$|: )|Traceback |During handling |The above exception )"
        ),
        cause=r"^[ |]*[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Failure|Failed|NotFound|Timeout|Refused|Denied)?(?:: |$)",
        cause_last=True,
        fields=(
            r'^ *File "(?P<file>(?!.*(?:site-packages|dist-packages|lib/python|<))[^"]+)", line (?P<line>\d+)',
            r"^(?P<exception>[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Failure|Failed|Timeout)): (?P<message>.+)",
            r"^(?P<exception>[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+): (?P<message>.+)",
            r"No module named '?(?P<package>[\w.]+)'?",
        ),
        cause_until=r"^[ |]*(?:During handling of the above|The above exception was)",
        last_of=("file", "line"),
        sample=(
            "loading settings\n"
            "Traceback (most recent call last):\n"
            '  File "/src/app.py", line 3, in <module>\n'
            "    main()\n"
            '  File "/src/app.py", line 2, in main\n'
            "    return {}['port']\n"
            "KeyError: 'port'\n"
            "make: *** [Makefile:2: run] Error 1"
        ),
        expect=(1, 6, {"file": "/src/app.py", "line": "2", "exception": "KeyError", "message": "'port'"}),
        source="ran: CPython 3.11",
    ),
    BlockRule(
        id="doctest.failed",
        tool="doctest",
        kind="test",
        category="code.test",
        start=r"^Failed example:$",
        back=r'File ".+", line \d+, in ',
        until=r"\*{20,}|File \"|\d+ items? had failures|\*\*\*Test Failed",
        trim=r"\*{20,}",
        blank_max=1,
        fields=(r'^File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<test>\S+)', r"^    (?P<message>\S.+)$"),
        weight=1.0,
        sample=(
            "**********************************************************************\n"
            'File "cart.py", line 3, in cart.total\nFailed example:\n    total()\nExpected:\n    4\nGot:\n    3\n'
            "**********************************************************************\n1 items had failures:"
        ),
        expect=(1, 7, {"file": "cart.py", "line": "3", "test": "cart.total", "message": "total()"}),
        source="ran: CPython 3.11 doctest",
    ),
    BlockRule(
        id="python.exception_group",
        tool="python",
        kind="trace",
        category="code.runtime_crash",
        start=r"^ +\+ Exception Group Traceback \(most recent call last\):$",
        until=r"(?! *[|+])",
        lines_max=200,
        cause=r"^ +\| (?!(?:\w+\.)*(?:Base)?ExceptionGroup\b)[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Failure|Timeout|Warning)?(?:: |$)",
        fields=(
            r"^ +\| (?P<exception>(?!(?:\w+\.)*(?:Base)?ExceptionGroup\b)[A-Za-z_][\w.]*): (?P<message>.+)$",
            r'^ +\| +File "(?P<file>(?!.*(?:site-packages|dist-packages|lib/python|<))[^"]+)", line (?P<line>\d+)',
        ),
        last_of=("file", "line"),
        sample=(
            "  + Exception Group Traceback (most recent call last):\n"
            '  |   File "/src/sync.py", line 12, in main\n  |     async with asyncio.TaskGroup() as group:\n'
            "  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)\n"
            "  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n"
            '    |   File "/src/feed.py", line 7, in fetch\n    |     raise ValueError("no column")\n'
            "    | ValueError: no column\n    +------------------------------------\nnext"
        ),
        expect=(
            0,
            9,
            {"exception": "ValueError", "message": "no column", "file": "/src/feed.py", "line": "7"},
        ),
        source="ran: CPython 3.11",
    ),
)
