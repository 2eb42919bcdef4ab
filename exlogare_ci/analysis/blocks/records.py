"""Block rules of records that a runtime prints of an error, and of checkers that print a list beside a build."""

from exlogare_ci.analysis.blocks.base import BlockRule

_CATEGORY = r"^ +\+ CategoryInfo +: "
_NATIVE = r"FullyQualifiedErrorId : NativeCommandError"
"""What a program wrote to its standard error, and PowerShell took for an error."""
_PLACE_AND_CODE = (
    r"^At (?P<file>.+?):(?P<line>\d+) char:(?P<column>\d+)$",
    r"FullyQualifiedErrorId : (?P<code>[\w.-]+)",
)

RULES = (
    BlockRule(
        id="powershell.error_record",
        tool="powershell",
        kind="trace",
        category="unknown",
        start=r"^At (?:line|[^\n]{1,200}\.ps[dm]?1):[0-9]+ char:[0-9]+$",
        back=r"\S",
        back_lines_max=1,
        keep=r"\+ ",
        blank_max=0,
        needs=_CATEGORY,
        unless=_NATIVE,
        cause=r"^(?!At |\+)\S",
        fields=(
            r"^(?!At |\+ )(?:[\w.\\-]{1,80} ?: )?(?P<message>\S.*)$",
            *_PLACE_AND_CODE,
        ),
        sample=(
            "Building\n"
            "Get-Item : Cannot find path 'C:\\shop\\cart.xml' because it does not exist.\n"
            "At C:\\shop\\build.ps1:12 char:5\n"
            "+     Get-Item cart.xml\n"
            "+     ~~~~~~~~~~~~~~~~~\n"
            "    + CategoryInfo          : ObjectNotFound: (C:\\shop\\cart.xml:String) [Get-Item], ItemNotFoundException\n"
            "    + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand\n"
            "\n"
            "done"
        ),
        expect=(
            1,
            6,
            {
                "message": "Cannot find path 'C:\\shop\\cart.xml' because it does not exist.",
                "file": "C:\\shop\\build.ps1",
                "line": "12",
                "column": "5",
                "code": "PathNotFound",
            },
        ),
        source="https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_preference_variables",
    ),
    BlockRule(
        id="powershell.long_record",
        tool="powershell",
        kind="trace",
        category="unknown",
        start=(
            r"^(?:Add|Copy|Expand|Find|Get|Import|Install|Invoke|Move|New|Publish|Register|Remove|Resolve|Save|Set|Start|Stop|Test|Update)"
            r"-[A-Z]"
        ),
        reject=r"^(?![\w-]+ ?: \S)",
        then=r"(?!At |\+)\S",  # so long that PowerShell breaks it
        until=r"\s*$",
        blank_max=0,
        needs=_CATEGORY,
        unless=_NATIVE,
        lines_max=20,
        fields=(
            r"^[\w-]+ ?: (?P<message>\S.*)$",
            *_PLACE_AND_CODE,
        ),
        sample=(
            "Building\n"
            "Get-Item : Cannot find path 'C:\\shop\\releases\\latest\\configuration\\cart.xml' because the file or the folder does\n"
            "not exist.\n"
            "At C:\\shop\\build.ps1:12 char:5\n"
            "+     Get-Item cart.xml\n"
            "+     ~~~~~~~~~~~~~~~~~\n"
            "    + CategoryInfo          : ObjectNotFound: (C:\\shop\\cart.xml:String) [Get-Item], ItemNotFoundException\n"
            "    + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand\n"
            "\n"
            "done"
        ),
        expect=(
            1,
            7,
            {
                "message": "Cannot find path 'C:\\shop\\releases\\latest\\configuration\\cart.xml' because the file or the folder does",
                "file": "C:\\shop\\build.ps1",
                "line": "12",
                "column": "5",
                "code": "PathNotFound",
            },
        ),
        source="https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_preference_variables",
    ),
    BlockRule(
        id="julia.log_record",
        tool="julia",
        kind="build",
        category="unknown",
        start=r"^┌ Error: [^\n]",
        keep=r"(?:│|└)",
        blank_max=0,
        fields=(
            r"^┌ Error: (?P<message>.+)$",
            r"^┌ Error: .* in (?P<file>[^\s:]+\.\w+):(?P<line>\d+)",
        ),
        sample=(
            "[ Info: Doctest: running doctests.\n"
            "┌ Error: doctest failure in src/cart.md:41-47\n"
            "│ \n"
            "│ Evaluated output:\n"
            "│ 3\n"
            "│ Expected output:\n"
            "│ 4\n"
            "└ @ Documenter ~/.julia/packages/Documenter/abc12/src/docs.jl:374\n"
            "[ Info: ExpandTemplates: expanding markdown templates."
        ),
        expect=(1, 7, {"message": "doctest failure in src/cart.md:41-47", "file": "src/cart.md", "line": "41"}),
        source="https://docs.julialang.org/en/v1/stdlib/Logging/",
    ),
    BlockRule(
        id="dtslint.error",
        tool="dtslint",
        kind="lint",
        category="code.lint",
        start=r"^Error: [^ \n]{1,300}\.tsx?:[0-9]+:[0-9]+$",
        until=r"\s+at |$",
        blank_max=0,
        lines_max=60,
        needs=r"^ERROR: \d+:\d+ ",
        cause=r"^ERROR: ",
        fields=(
            r"^Error: (?P<file>\S+\.tsx?):\d+:\d+$",
            r"^ERROR: (?P<line>\d+):(?P<column>\d+)\s+(?P<code>\S+)\s+(?P<message>.+)$",
        ),
        weight=1.0,
        sample=(
            "Error in cart\n"
            "Error: /src/types/cart/index.d.ts:3:1\n"
            "ERROR: 3:1  expect  Expected type to be number but got string\n"
            "\n"
            "    at /src/node_modules/dtslint/bin/index.js:180:19"
        ),
        expect=(
            1,
            2,
            {
                "file": "/src/types/cart/index.d.ts",
                "line": "3",
                "column": "1",
                "code": "expect",
                "message": "Expected type to be number but got string",
            },
        ),
        source="https://github.com/microsoft/dtslint/blob/master/src/lint.ts",
    ),
    BlockRule(
        id="pg_regress.failed",
        tool="pg_regress",
        kind="test",
        category="code.test",
        start=r"^(?:test| {4}) [\w/-]{1,60} {1,40}\.\.\. (?:FAILED|failed)\b",
        reject=r"^test \S+ \.\.\.",  # a test of Rust's: names are not padded
        fields=(r"^(?:test| {4}) (?P<test>[\w/-]+) +\.\.\.",),
        blank_max=0,
        sample="test cart_setup                   ... ok\ntest cart                         ... FAILED\n\n 1 of 2 tests failed.",
        expect=(1, 1, {"test": "cart"}),
        source="https://www.postgresql.org/docs/current/extend-pgxs.html",
    ),
    BlockRule(
        id="xmllint.error",
        tool="xmllint",
        kind="lint",
        category="code.lint",
        start=r": (?:validity|Schemas validity|Relax-NG validity|namespace|parser) error : ",
        keep=r"\S{1,300}:\d+: (?:element \S+: )?(?:[\w -]+ )?error : ",
        follow=2,
        blank_max=0,
        fields=(r"^(?P<file>[^\s:]+):(?P<line>\d+): (?:element (?P<symbol>\S+): )?[\w -]+ error : (?P<message>.+)$",),
        weight=1.0,
        sample=(
            "xmllint --noout --valid cart.xml\n"
            "cart.xml:72: element name: validity error : Element marker is not declared in name list\n"
            "      <name><marker/></name>\n"
            "                            ^\n"
            "make: *** [xmllint] Error 4"
        ),
        expect=(
            1,
            3,
            {
                "file": "cart.xml",
                "line": "72",
                "symbol": "name",
                "message": "Element marker is not declared in name list",
            },
        ),
        source="https://gnome.pages.gitlab.gnome.org/libxml2/xmllint.html",
    ),
    BlockRule(
        id="size_limit.exceeded",
        tool="size-limit",
        kind="lint",
        category="code.lint",
        start=r"^ *Package size limit has exceeded by [0-9]",
        keep=r" +(?:Package size|Size limit|Size): ",
        blank_max=0,
        fields=(
            r"(?P<message>Package size limit has exceeded by .+)$",
            r"Size limit: +(?P<expected>.+)$",
            r"(?:Package size|Size): +(?P<actual>\S+ \w?B)",
        ),
        weight=2.0,
        sample=(
            "  Package size limit has exceeded by 4.72 KB\n"
            "  Size limit:   110 KB\n"
            "  Package size: 114.72 KB with all dependencies, minified and gzipped\n"
            "  Loading time: 2.3 s     on slow 3G"
        ),
        expect=(
            0,
            2,
            {"message": "Package size limit has exceeded by 4.72 KB", "expected": "110 KB", "actual": "114.72 KB"},
        ),
        source="https://github.com/ai/size-limit",
    ),
    BlockRule(
        id="cra.failed_to_compile",
        tool="webpack",
        kind="build",
        category="unknown",  # its signatures know whether they were warnings
        start=r"^Failed to compile\.$",
        back=r"Treating warnings as errors|Most CI servers set it",
        back_blank_max=2,
        until=r"npm |error Command|info Visit|travis_|##\[|Exited with|\$ ",
        blank_max=1,
        lines_max=80,
        trim=r"[^\S\n]*$",
        cause=r"^(?!Failed to compile|Treating|Most CI)\S",
        fields=(
            r"^(?P<message>(?!Failed to compile|Treating|Most CI|\./)\S.+)$",
            r"^(?P<file>\./\S+?\.\w+)(?:$| |:(?P<line>\d+))",
        ),
        weight=1.5,
        sample=(
            "Creating an optimized production build...\n"
            "Failed to compile.\n"
            "\n"
            "asset size limit: The following asset(s) exceed the recommended size limit (244 KiB).\n"
            "Assets: \n"
            "  static/js/cart.js (998 KiB)\n"
            "\n"
            "\n"
            "npm ERR! code ELIFECYCLE"
        ),
        expect=(
            1,
            5,
            {"message": "asset size limit: The following asset(s) exceed the recommended size limit (244 KiB)."},
        ),
        source="https://github.com/facebook/create-react-app/blob/main/packages/react-dev-utils/formatWebpackMessages.js",
    ),
)
