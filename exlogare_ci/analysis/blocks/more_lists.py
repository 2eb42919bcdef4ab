"""Block rules of checkers that print a list of their own form, and of a compiler and a notebook runner besides."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES = (
    BlockRule(
        id="check_manifest.mismatch",
        tool="check-manifest",
        kind="list",
        category="code.lint",
        start=r"^(?:lists of files in version control and sdist do not match!|files in version control do not match the sdist!)$",
        until=r"(?!missing from |suggested MANIFEST|  \S)",
        blank_max=1,
        cause=r"^(?:lists of )?files",
        fields=(r"^  (?P<file>(?!include |recursive-include |global-)\S+)$",),
        weight=1.5,
        sample=(
            "packaging run-test: commands[0] | check-manifest\n"
            "lists of files in version control and sdist do not match!\n"
            "missing from sdist:\n"
            "  CHANGELOG.md\n"
            "suggested MANIFEST.in rules:\n"
            "  include *.md\n"
            "ERROR: InvocationError for command check-manifest (exited with code 1)"
        ),
        expect=(1, 5, {"file": "CHANGELOG.md"}),
        source="https://github.com/mgedmin/check-manifest",
    ),
    BlockRule(
        id="i18n_tasks.keys",
        tool="i18n-tasks",
        kind="list",
        category="code.lint",
        start=r"^(?:Missing translations|Unused keys|Missing or unused translations) \([0-9]+\) \| i18n-tasks v",
        keep=r"\+-|\| ",
        blank_max=0,
        lines_max=200,
        fields=(
            r"^(?P<message>[A-Z][\w ]+ \(\d+\)) \| i18n-tasks",
            r"^\| +(?:[a-z]{2}\S*|all) +\| (?P<symbol>\S+)",
        ),
        weight=1.5,
        sample=(
            "Missing translations (1) | i18n-tasks v0.9.29\n"
            "+--------+------------+-------+\n"
            "| Locale | Key        | Value |\n"
            "+--------+------------+-------+\n"
            "|   nl   | cart.total | Total |\n"
            "+--------+------------+-------+\n"
            "✓ Every translation is used!"
        ),
        expect=(0, 5, {"message": "Missing translations (1)", "symbol": "cart.total"}),
        source="https://github.com/glebm/i18n-tasks",
    ),
    BlockRule(
        id="vfile.report",
        tool="remark",
        kind="lint",
        category="code.lint",
        start=r"^ +[0-9]+:[0-9]+-[0-9]+:[0-9]+ +(?:warning|error) +[^ \n]",
        back=r"[^\s:]+$",
        back_lines_max=1,
        keep=r" +\d+:\d+(?:-\d+:\d+)? +(?:warning|error) ",
        blank_max=0,
        cause=r"^ +\d+:\d+",
        fields=(
            r"^(?P<file>[^\s:]+)$",
            r"^ +(?P<line>\d+):(?P<column>\d+)-\S+ +\w+ +(?P<message>\S+(?: \S+)*)(?: {2,}(?P<code>\S+))?",
        ),
        weight=0.5,
        sample=(
            "> remark . --frail --quiet\n\nREADME.md\n"
            "  12:1-12:88  warning  Line must be at most 80 characters  maximum-line-length  remark-lint\n"
            "\n⚠ 1 warning"
        ),
        expect=(
            2,
            3,
            {
                "file": "README.md",
                "line": "12",
                "column": "1",
                "message": "Line must be at most 80 characters",
                "code": "maximum-line-length",
            },
        ),
        source="https://github.com/vfile/vfile-reporter",
    ),
    BlockRule(
        id="cljfmt.file",
        tool="cljfmt",
        kind="lint",
        category="code.format",
        start=r"^[^ \n]{1,300}\.(?:clj[cs]?|edn) has incorrect formatting$",
        until=r"\d+ file\(s\)|(?![-+@ ]|\S+ has incorrect formatting)",
        blank_max=1,
        lines_max=200,
        fields=(r"^(?P<file>\S+) has incorrect formatting$",),
        weight=1.5,
        sample=(
            "src/cart.clj has incorrect formatting\n--- a/src/cart.clj\n+++ b/src/cart.clj\n@@ -1,2 +1,2 @@\n"
            " (defn total\n-[x] x)\n+  [x] x)\n\n1 file(s) have incorrect formatting"
        ),
        expect=(0, 6, {"file": "src/cart.clj"}),
        source="https://github.com/weavejester/cljfmt",
    ),
    BlockRule(
        id="package_lint.issues",
        tool="package-lint",
        kind="list",
        category="code.lint",
        start=r"^[0-9]+ issues? found:$",
        keep=r"\d+:\d+: (?:error|warning): ",
        needs=r"^\d+:\d+: (?:error|warning): ",
        blank_max=1,
        cause=r"^\d+:\d+: error: ",
        fields=(r"^(?P<line>\d+):(?P<column>\d+): error: (?P<message>.+)$",),
        weight=2.5,
        sample='1 issue found:\n\n78:15: error: You should depend on (emacs "24.4") if you need `string-trim\'.\nmake: *** [lint] Error 1',
        expect=(
            0,
            2,
            {
                "line": "78",
                "column": "15",
                "message": 'You should depend on (emacs "24.4") if you need `string-trim\'.',
            },
        ),
        source="https://github.com/purcell/package-lint",
    ),
    BlockRule(
        id="cppcheck.bracketed",
        tool="cppcheck",
        kind="lint",
        category="code.lint",
        start=r"^\[[^\]\n]{1,200}:[0-9]+\](?: -> \[[^\]\n]{1,200}:[0-9]+\])*: \((?:error|warning|style|performance|portability)[,)]",
        fields=(r"^\[(?P<file>[^\]]+):(?P<line>\d+)\].*?: \([^)]+\) (?P<message>.+)$",),
        blank_max=0,
        weight=1.0,
        sample="Checking cart.c ...\n[cart.c:141]: (error) Memory leak: total\nChecking tax.c ...",
        expect=(1, 1, {"file": "cart.c", "line": "141", "message": "Memory leak: total"}),
        source="https://cppcheck.sourceforge.io/manual.html",
    ),
    BlockRule(
        id="purs.error",
        tool="purescript",
        kind="compile",
        category="code.compile",
        start=r"^Error (?:found|[0-9]+ of [0-9]+):$",
        then=r"(?:in module |at )",
        until=r"See https?://|\* ERROR|npm |travis_|##\[",
        blank_max=2,
        lines_max=80,
        cause=r"^ {2}[A-Z]",
        fields=(
            r"^in module (?P<symbol>\S+)$",
            r"^at (?P<file>\S+)(?: line |:)(?P<line>\d+)(?:, column |:)(?P<column>\d+)",
            r"^ {2}(?P<message>[A-Z].+)$",
        ),
        weight=1.5,
        sample=(
            "Compiling Cart\nError found:\nin module Cart\nat src/Cart.purs line 21, column 8 - line 21, column 44\n\n"
            "  Unknown value total\n\n\nSee https://github.com/purescript/documentation for more information,"
        ),
        expect=(
            1,
            5,
            {"symbol": "Cart", "file": "src/Cart.purs", "line": "21", "column": "8", "message": "Unknown value total"},
        ),
        source="https://github.com/purescript/documentation/tree/master/errors",
    ),
    BlockRule(
        id="nbclient.cell_timeout",
        tool="nbclient",
        kind="test",
        category="code.test_timeout",
        start=r"^(?:nbclient|nbconvert)\.[\w.]{1,60}CellTimeoutError: ",
        until=r"$|make|npm |##\[|travis_|Post job",
        blank_max=0,
        lines_max=40,
        fields=(r"CellTimeoutError: (?P<message>.+)$",),
        weight=0.5,
        sample=(
            "    raise CellTimeoutError.error_from_timeout_and_cell(\n"
            "nbclient.exceptions.CellTimeoutError: A cell timed out while it was being executed, after 30 seconds.\n"
            "The message was: Cell execution timed out.\n"
            "-------------------\n"
            "total()\n"
            "-------------------\n"
            "\n"
            "make: *** [notebooks] Error 1"
        ),
        expect=(1, 5, {"message": "A cell timed out while it was being executed, after 30 seconds."}),
        source="https://github.com/jupyter/nbclient/blob/main/nbclient/exceptions.py",
    ),
    BlockRule(
        id="carthage.build_failed",
        tool="carthage",
        kind="build",
        category="deps.build_native",
        start=r"^Build Failed$",
        then=r"\s+Task failed with exit code \d",
        until=r"\*\*\* |\$ |travis_|##\[|Exited with",
        blank_max=1,
        lines_max=12,
        fields=(
            r"-scheme \"?(?P<target>[^\"]+?)\"? -configuration",
            r"^\s+(?P<message>Task failed with exit code \d+)",
        ),
        weight=0.5,
        sample=(
            '*** Building scheme "Cart" in Cart.xcworkspace\n'
            "Build Failed\n"
            "\tTask failed with exit code 65:\n"
            "\t/usr/bin/xcrun xcodebuild -workspace Cart.xcworkspace -scheme Cart -configuration Release archive\n"
            "\n"
            "This usually indicates that project itself failed to compile. Please check the xcodebuild log\n"
            "\n\n"
            "done"
        ),
        expect=(1, 5, {"target": "Cart", "message": "Task failed with exit code 65"}),
        source="https://github.com/Carthage/Carthage",
    ),
)
