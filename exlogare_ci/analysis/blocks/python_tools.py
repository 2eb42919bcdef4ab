"""Blocks that Python's package managers, linters and formatters print."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="mypy.error",
        tool="mypy",
        kind="lint",
        category="code.type",
        start=r"^([A-Z]:)?[^ :]+\.pyi?:[0-9]+:([0-9]+:)? error: ",
        keep=r"(?:[A-Z]:)?[^ :]+\.pyi?:\d+:(?:\d+:)? (?:error|note): |\[[a-z][a-z-]+\]\s*$",
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):(?:\d+:)? error: (?P<message>.+?)(?:  \[(?P<code>[\w-]+)\])?$",
        ),
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
        start=r"^([A-Z]:)?[^ :]+\.pyi?:[0-9]+:([0-9]+:)? \[?[A-Z]+[0-9]{3,4}[ :(\]]",
        keep=r"(?:[A-Z]:)?[^ :]+\.pyi?:\d+:(?:\d+:)? \[?[A-Z]+\d{3,4}",
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):(?:\d+:)? \[?(?P<code>[A-Z]+\d{3,4})\]?:? ?(?P<message>.+)$",
        ),
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
        keep=r"ERROR: .+ Imports are incorrectly sorted|--- .+:before\b|\+\+\+ .+:after\b|@@ |[-+ ]\S*",
        fields=(r"^ERROR: (?P<file>\S+) Imports are",),
        weight=1.0,
        sample="ERROR: /src/app.py Imports are incorrectly sorted and/or formatted.\nmake: *** [lint] Error 1",
        expect=(0, 0, {"file": "/src/app.py"}),
        source="ran: isort 6",
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
        start=r"^ *Because (no versions of .+ match |.+ (depends on|requires|is incompatible|doesn't match)).*$",
        until=r".*version solving failed",
        until_included=True,
        fields=(r"Because (?:no versions of )?(?P<package>[\w.\-/\[\]]+) ",),
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
        fields=(r"^ +- (?P<package>\S+)", r"^(?P<exception>\w+):(?: (?P<message>\S.*))?$"),
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
        expect=(
            2,
            4,
            {
                "package": "nosuchpackage",
                "exception": "PackagesNotFoundError",
                "message": "The following packages are not available from current channels:",
            },
        ),
        source="https://docs.conda.io/projects/conda/en/latest/user-guide/troubleshooting.html",
    ),
    BlockRule(
        id="django.system_check",
        tool="django",
        kind="build",
        category="config.build_script",
        start=r"^(django\.core\.management\.base\.)?SystemCheckError: System check identified ",
        until=r"System check identified",
        blank_max=1,
        cause=r"\(\w+\.[EC]\d+\)",
        fields=(r"^(?P<message>[\w.?:<> ]+: \((?P<code>\w+\.[EC]\d+)\) .+)$",),
        weight=1.5,
        sample=(
            "SystemCheckError: System check identified some issues:\n\nERRORS:\n"
            "shop.Cart.total: (fields.E132) DecimalFields must define a 'max_digits' attribute.\n\n"
            "System check identified 1 issue (0 silenced)."
        ),
        expect=(
            0,
            3,
            {
                "message": "shop.Cart.total: (fields.E132) DecimalFields must define a 'max_digits' attribute.",
                "code": "fields.E132",
            },
        ),
        source="ran: Django 5",
    ),
    BlockRule(
        id="mkdocs.strict",
        tool="mkdocs",
        kind="list",
        category="code.lint",
        start=r"^Aborted with [0-9]+ warnings? in strict mode!",
        back=r"(?:WARNING|INFO|ERROR) +-",
        back_blank_max=1,
        back_trim=r"INFO ",
        cause=r"^(?:WARNING|ERROR) +- ",
        fields=(r"^(?:WARNING|ERROR) +- +(?P<message>.+)$",),
        weight=1.5,
        sample=(
            "INFO    -  Building documentation to directory: /src/site\n"
            "WARNING -  Doc file 'index.md' contains a link 'gone.md', but the target is not found among documentation files.\n"
            "\nAborted with 1 warnings in strict mode!\nnext"
        ),
        expect=(
            1,
            3,
            {
                "message": "Doc file 'index.md' contains a link 'gone.md', but the target is not found among documentation files."
            },
        ),
        source="ran: mkdocs 1.6",
    ),
    BlockRule(
        id="pip.index_unreachable",
        tool="pip",
        kind="resolve",
        category="network.connect",
        start=r"WARNING: Retrying \(Retry\(total=0, .+ after connection broken by '(NewConnection|ConnectTimeout|Proxy|SSL|Protocol|ReadTimeout)Error\(",
        back=r"Looking in indexes: ",
        needs=r"ERROR: Could not find a version that satisfies",
        keep=r"ERROR: (?:Could not find a version|No matching distribution)",
        blank_max=0,
        fields=(
            r"^Looking in indexes: (?P<target>[^\s,]+)",
            r"after connection broken by '(?P<message>.{1,300})",
            r"requirement (?P<package>\S+)",
        ),
        weight=1.0,
        sample=(
            "Looking in indexes: https://pypi.example.com/simple\n"
            "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection"
            " broken by 'NewConnectionError(\"[Errno 111] Connection refused\")': /simple/acme/\n"
            "ERROR: Could not find a version that satisfies the requirement acme (from versions: none)\n"
            "ERROR: No matching distribution found for acme\nmake: *** [deps] Error 1"
        ),
        expect=(
            0,
            3,
            {
                "target": "https://pypi.example.com/simple",
                "message": 'NewConnectionError("[Errno 111] Connection refused")\': /simple/acme/',
                "package": "acme",
            },
        ),
        source="ran: pip 25",
    ),
    BlockRule(
        id="pip.conflict",
        tool="pip",
        kind="resolve",
        category="deps.version_conflict",
        start=r"^ERROR: Cannot install .+ because these package versions have conflicting dependencies\.$",
        keep=r"The conflict is caused by:|To fix this you could try to:|\d\. (?:loosen|remove) |ERROR: ResolutionImpossible",
        fields=(r"^ERROR: (?P<message>Cannot install .+)$",),
        weight=1.5,
        sample=(
            "Collecting b\nERROR: Cannot install a==1.0 and b==2.0 because these package versions have conflicting"
            " dependencies.\n\nThe conflict is caused by:\n    a 1.0 depends on c<2\n    b 2.0 depends on c>=2\n\n"
            "To fix this you could try to:\n1. loosen the range of package versions you've specified\n\n"
            "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io\n+ deactivate"
        ),
        expect=(
            1,
            10,
            {
                "message": (
                    "Cannot install a==1.0 and b==2.0 because these package versions have conflicting dependencies."
                )
            },
        ),
        source="ran: pip 24",
    ),
)
