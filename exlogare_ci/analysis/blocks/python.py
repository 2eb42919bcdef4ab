"""Blocks that Python's tools print."""

from exlogare_ci.analysis.blocks.base import BlockRule

_PY_PLACE = (
    r"^ *(?P<file>(?!.*(?:site-packages|dist-packages))[^\s:\"']+\.py):(?P<line>\d+): (?P<exception>[A-Za-z_][\w.]*)"
)

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="pytest.failure",
        tool="pytest",
        kind="test",
        category="code.test",
        start=r"^_{2,} .+ _{2,}$",
        reject=r"^_{2,} (?:summary|coverage)|ERROR collecting",
        until=r"={3,} .+ ={3,}$|_{2,} .+ _{2,}$|-{5,} .+ -{5,}$|={30,}$",
        blank_max=2,
        lines_max=200,
        cause=r"^E  ",
        fields=(
            r"^_{2,} (?:ERROR at (?:setup|teardown) of )?(?P<test>.+?) _{2,}$",
            _PY_PLACE,
            r"^E  +(?P<message>.+)",
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
        start=r"^_{2,} ERROR collecting .+ _{2,}$",
        until=r"={3,} .+ ={3,}$|_{2,} .+ _{2,}$|!{5,} .+ !{5,}$",
        blank_max=2,
        cause=r"^E  +\S*(?:Error|Exception)\b|^[A-Za-z.]+Error: ",
        cause_last=True,
        fields=(
            r"^_{2,} ERROR collecting (?P<file>.+?) _{2,}$",
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
            r"|[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)+(?:$|: )|Traceback |During handling |The above exception )"
        ),
        cause=r"^[ |]*[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Failure|Failed|NotFound|Timeout|Refused|Denied)?(?:: |$)",
        cause_last=True,
        fields=(
            r'^ *File "(?P<file>(?!.*(?:site-packages|dist-packages|lib/python|<))[^"]+)", line (?P<line>\d+)',
            r"^(?P<exception>[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Failure|Failed|Timeout)): (?P<message>.+)",
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
        id="mypy.error",
        tool="mypy",
        kind="lint",
        category="code.type",
        start=r"^[^ :]+\.pyi?:[0-9]+:([0-9]+:)? error: ",
        keep=r"[^ :]+\.pyi?:\d+:(?:\d+:)? (?:error|note): ",
        fields=(r"^(?P<file>[^ :]+):(?P<line>\d+):(?:\d+:)? error: (?P<message>.+?)(?:  \[(?P<code>[\w-]+)\])?$",),
        weight=1.0,
        sample=(
            'app.py:3: error: Incompatible return value type (got "int", expected "str")  [return-value]\n'
            "app.py:3: note: See https://mypy.rtfd.io/en/stable/_refs.html\n"
            "Found 1 error in 1 file (checked 1 source file)"
        ),
        expect=(
            0,
            1,
            {
                "file": "app.py",
                "line": "3",
                "message": 'Incompatible return value type (got "int", expected "str")',
                "code": "return-value",
            },
        ),
        source="ran: mypy 2.4",
    ),
    BlockRule(
        id="pylint.message",
        tool="flake8",
        kind="lint",
        category="code.lint",
        start=r"^[^ :]+\.pyi?:[0-9]+:([0-9]+:)? \[?[A-Z]+[0-9]{3,4}[ :(\]]",
        keep=r"[^ :]+\.pyi?:\d+:(?:\d+:)? \[?[A-Z]+\d{3,4}",
        fields=(r"^(?P<file>[^ :]+):(?P<line>\d+):(?:\d+:)? \[?(?P<code>[A-Z]+\d{3,4})\]?:? ?(?P<message>.+)$",),
        weight=0.5,
        sample=(
            "./app.py:1:1: F401 'os' imported but unused\n"
            "./app.py:9:80: E501 line too long (91 > 79 characters)\n"
            "make: *** [Makefile:3: lint] Error 1"
        ),
        expect=(
            0,
            1,
            {"file": "./app.py", "line": "1", "code": "F401", "message": "'os' imported but unused"},
        ),
        source="ran: flake8 7",
    ),
    BlockRule(
        id="black.would_reformat",
        tool="black",
        kind="list",
        category="code.format",
        start=r"^would reformat .+$",
        keep=r"would reformat |error: cannot format ",
        fields=(r"^would reformat (?P<file>.+)$",),
        weight=1.0,
        sample="would reformat app.py\nwould reformat setup.py\n\nOh no! \U0001f4a5 \U0001f494 \U0001f4a5",
        expect=(0, 1, {"file": "app.py"}),
        source="ran: black 25",
    ),
    BlockRule(
        id="isort.incorrect",
        tool="isort",
        kind="list",
        category="code.format",
        start=r"^ERROR: .+ Imports are incorrectly sorted and/or formatted\.$",
        keep=r"ERROR: .+ Imports are incorrectly sorted",
        fields=(r"^ERROR: (?P<file>\S+) Imports are",),
        weight=1.0,
        sample="ERROR: /src/app.py Imports are incorrectly sorted and/or formatted.\nmake: *** [lint] Error 1",
        expect=(0, 0, {"file": "/src/app.py"}),
        source="ran: isort 6",
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
        id="pip.boxed_error",
        tool="pip",
        kind="resolve",
        category="deps.build_native",
        start=r"^ *(error|ERROR): subprocess-exited-with-error$",
        until=r" *note: This error originates|ERROR: |error: (?!subprocess)|hint: ",
        blank_max=3,
        cause=r"error: |Error: ",
        fields=(r"(?:fatal )?[Ee]rror: (?P<message>(?!subprocess).+)",),
        weight=0.5,
        sample=(
            "  Building wheel for demo (pyproject.toml): finished with status 'error'\n"
            "  error: subprocess-exited-with-error\n"
            "\n"
            "  × Building wheel for demo (pyproject.toml) did not run successfully.\n"
            "  │ exit code: 1\n"
            "  ╰─> [2 lines of output]\n"
            "      demo.c:1:10: fatal error: libpq-fe.h: No such file or directory\n"
            "      [end of output]\n"
            "\n"
            "  note: This error originates from a subprocess, and is likely not a problem with pip."
        ),
        expect=(1, 7, {"message": "libpq-fe.h: No such file or directory"}),
        source="https://pip.pypa.io/en/stable/cli/pip_install/",
    ),
    BlockRule(
        id="pip.hash_mismatch",
        tool="pip",
        kind="resolve",
        category="deps.integrity",
        start=r"THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
        fields=(
            r"^ +(?P<package>[\w.-]+(?:==\S+)?) from ",
            r"Expected sha256 (?P<expected>\w+)",
            r"Got +(?P<actual>\w+)",
        ),
        weight=1.0,
        sample=(
            "Collecting idna==3.10\n"
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package"
            " versions, please update the hashes.\n"
            "    idna==3.10 from https://files.pythonhosted.org/idna-3.10-py3-none-any.whl (from -r requirements.txt):\n"
            "        Expected sha256 aa\n"
            "             Got        bb\n"
            "\n"
            "next"
        ),
        expect=(1, 4, {"package": "idna==3.10", "expected": "aa", "actual": "bb"}),
        source="ran: pip 25",
    ),
    BlockRule(
        id="uv.no_solution",
        tool="uv",
        kind="resolve",
        category="deps.resolve",
        start=r"No solution found when resolving",
        fields=(r"Because (?P<package>[\w.-]+(?:\[[\w,-]+\])?\S*) ", r"(?P<message>Because .+)$"),
        weight=1.0,
        sample=(
            "  × No solution found when resolving dependencies:\n"
            "  ╰─▶ Because idna==99 was not found in the registry and you require idna==99,\n"
            "      we can conclude that your requirements are unsatisfiable.\n"
            "next"
        ),
        expect=(
            0,
            2,
            {
                "package": "idna==99",
                "message": "Because idna==99 was not found in the registry and you require idna==99,",
            },
        ),
        keep=r"  (?:╰|│|├)",
        source="ran: uv 0.9",
    ),
    BlockRule(
        id="bandit.issue",
        tool="bandit",
        kind="lint",
        category="code.security_scan",
        start=r"^>> Issue: ",
        until=r"-{20,}|Code scanned|>> Issue",
        blank_max=0,
        fields=(
            r"^>> Issue: (?:\[(?P<code>\w+):[\w-]+\] )?(?P<message>.+)$",
            r"^ +Location: (?P<file>\S+?):(?P<line>\d+)",
        ),
        weight=1.0,
        sample=(
            ">> Issue: [B602:subprocess_popen_with_shell_equals_true] subprocess call with shell=True identified.\n"
            "   Severity: High   Confidence: High\n"
            "   Location: app/run.py:4:4\n"
            "--------------------------------------------------"
        ),
        expect=(
            0,
            2,
            {
                "code": "B602",
                "message": "subprocess call with shell=True identified.",
                "file": "app/run.py",
                "line": "4",
            },
        ),
        source="ran: bandit 1.8",
    ),
    BlockRule(
        id="poetry.solver",
        tool="poetry",
        kind="resolve",
        category="deps.resolve",
        start=r"^ *Because .+ (depends on|requires|is incompatible|doesn't match).*$",
        until=r".*version solving failed",
        until_included=True,
        fields=(r"Because (?P<package>[\w.\-/\[\]]+) ",),
        weight=1.0,
        sample=(
            "Resolving dependencies...\n"
            "\n"
            "Because demo depends on django (^9.0) which doesn't match any versions, version solving failed."
        ),
        expect=(2, 2, {"package": "demo"}),
        source="https://python-poetry.org/docs/dependency-specification/",
    ),
    BlockRule(
        id="conda.not_found",
        tool="conda",
        kind="resolve",
        category="deps.not_found",
        start=r"^(PackagesNotFoundError|ResolvePackageNotFound|UnsatisfiableError|LibMambaUnsatisfiableError): ?",
        until=r"Current channels:|To search for|Use \"conda",
        blank_max=2,
        fields=(r"^ +- (?P<package>\S+)", r"^(?P<exception>\w+):"),
        weight=1.5,
        sample=(
            "Solving environment: - failed\n"
            "\n"
            "PackagesNotFoundError: The following packages are not available from current channels:\n"
            "\n"
            "  - nosuchpackage\n"
            "\n"
            "Current channels:\n"
            "\n"
            "  - https://repo.anaconda.com/pkgs/main/linux-64"
        ),
        expect=(2, 4, {"package": "nosuchpackage", "exception": "PackagesNotFoundError"}),
        source="https://docs.conda.io/projects/conda/en/latest/user-guide/troubleshooting.html",
    ),
)
