"""Blocks of checkers that show the code below each finding."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="biome.finding",
        tool="biome",
        kind="lint",
        category="code.lint",
        start=r"^([A-Z]:)?[^ :]+:[0-9]+:[0-9]+ (lint|assist|suppressions|parse|syntax)[/ a-zA-Z].*━$",
        until=r"\S+:\d+:\d+ \w+[/ ]|(?:\S+ )?(?:format|organizeImports|lint|ci|check) .*━|(?:Checked|Found) \d+ ",
        blank_max=2,
        lines_max=60,
        cause=r"^ +(?:✖|×) ",
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):\d+ (?P<code>[\w/]+)",
            r"^ +(?:✖|×) (?P<message>.+)$",
        ),
        weight=1.0,
        sample=(
            "src/a.js:2:7 lint/suspicious/noDoubleEquals  FIXABLE  ━━━━━━\n\n"
            "  ✖ Using == may be unsafe if you are relying on type coercion.\n  \n  > 2 │ if (a == 2) { }\n      │       ^^\n\n"
            "ci ━━━━━━━━━━━"
        ),
        expect=(
            0,
            5,
            {
                "file": "src/a.js",
                "line": "2",
                "code": "lint/suspicious/noDoubleEquals",
                "message": "Using == may be unsafe if you are relying on type coercion.",
            },
        ),
        source="ran: Biome 2",
    ),
    BlockRule(
        id="sqlfluff.file",
        tool="sqlfluff",
        kind="lint",
        category="code.lint",
        start=r"^== \[[^\]]+\] FAIL$",
        keep=r"L: *\d+ \|",
        blank_max=0,
        cause=r"^L: *\d+ \|",
        fields=(
            r"^== \[(?P<file>[^\]]+)\]",
            r"^L: *(?P<line>\d+) \| P: *\d+ \| *(?P<code>\w+) \| (?P<message>.+)$",
        ),
        weight=1.0,
        sample=(
            "== [a.sql] FAIL\nL:   1 | P:  10 | LT01 | Expected single whitespace between comma ',' and naked\n"
            "                       | identifier. [layout.spacing]\nAll Finished!"
        ),
        expect=(
            0,
            2,
            {
                "file": "a.sql",
                "line": "1",
                "code": "LT01",
                "message": "Expected single whitespace between comma ',' and naked",
            },
        ),
        source="ran: sqlfluff 3",
    ),
    BlockRule(
        id="cython.error",
        tool="cython",
        kind="compile",
        category="code.compile",
        start=r"^Error compiling Cython file:$",
        until=r"Error compiling Cython file:|Traceback |[\w./-]*error: ",
        blank_max=1,
        lines_max=30,
        cause=r"^(?:[A-Z]:)?[^ :]+\.(?:pyx|pxd|pxi|py):\d+:\d+: ",
        fields=(r"^(?P<file>(?:[A-Z]:)?[^ :]+\.(?:pyx|pxd|pxi|py)):(?P<line>\d+):\d+: (?P<message>.+)$",),
        weight=1.0,
        sample=(
            "Error compiling Cython file:\n-----\n...\ncdef int f(x):\n    return undefined_name\n           ^\n-----\n"
            "a.pyx:2:11: undeclared name not builtin: undefined_name\n\nTraceback (most recent call last):"
        ),
        expect=(
            0,
            7,
            {"file": "a.pyx", "line": "2", "message": "undeclared name not builtin: undefined_name"},
        ),
        source="ran: cython 3",
    ),
    BlockRule(
        id="spotbugs.bug",
        tool="spotbugs",
        kind="lint",
        category="code.lint",
        start=r"^\[ERROR\] (High|Medium|Low): .+ [A-Z][A-Z0-9]*(_[A-Z0-9]+)+$",
        keep=r"\[ERROR\] (?:High|Medium|Low): ",
        blank_max=0,
        fields=(
            r"^\[ERROR\] (?:High|Medium|Low): (?P<message>.+) (?P<code>[A-Z][A-Z0-9_]+)$",
            r" (?P<file>[\w$/.]+\.(?:java|kt|scala|groovy)):\[lines? (?P<line>\d+)",
        ),
        weight=1.0,
        sample=(
            "[INFO] Total bugs: 2\n[ERROR] High: Null pointer dereference of s in Cart.f(String) [Cart] Dereferenced at Cart.java:[line 7] NP_ALWAYS_NULL\n"
            "[ERROR] Medium: Load of known null value in Cart.f(String) [Cart] At Cart.java:[line 7] NP_LOAD_OF_KNOWN_NULL_VALUE\n[INFO] "
        ),
        expect=(
            1,
            2,
            {
                "message": "Null pointer dereference of s in Cart.f(String) [Cart] Dereferenced at Cart.java:[line 7]",
                "code": "NP_ALWAYS_NULL",
                "file": "Cart.java",
                "line": "7",
            },
        ),
        source="ran: SpotBugs Maven plug-in 4.8.3",
    ),
    BlockRule(
        id="pmd.failure",
        tool="pmd",
        kind="lint",
        category="code.lint",
        start=r"^\[(INFO|WARNING|ERROR)\] PMD Failure: .+ Rule:[A-Za-z]+ Priority:[0-9]",
        keep=r"\[\w+\] PMD Failure: ",
        blank_max=0,
        fields=(
            r"^\[\w+\] PMD Failure: (?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+) Rule:(?P<code>\w+) Priority:\d+ (?P<message>.+)$",
        ),
        weight=1.0,
        sample="[INFO] PMD version: 6.55.0\n[WARNING] PMD Failure: demo.Cart:3 Rule:UnusedPrivateField Priority:3 Avoid unused private fields such as 'tax'.\n[INFO] ---",
        expect=(
            1,
            1,
            {
                "file": "demo.Cart",
                "line": "3",
                "code": "UnusedPrivateField",
                "message": "Avoid unused private fields such as 'tax'.",
            },
        ),
        source="https://github.com/apache/maven-pmd-plugin",
    ),
    BlockRule(
        id="terraform.fmt_diff",
        tool="terraform",
        kind="list",
        category="code.format",
        start=r"^--- old/.+\.tf(vars)?$",
        then=r"\+\+\+ new/",
        keep=r"\+\+\+ new/|@@ |[-+ ]",
        back=r"\S+\.tf(?:vars)?$",
        blank_max=0,
        fields=(r"^--- old/(?P<file>.+)$",),
        weight=1.0,
        sample='main.tf\n--- old/main.tf\n+++ new/main.tf\n@@ -1,2 +1,2 @@\n variable "zone" {\n-type=string\n+  type = string\n\nnext',
        expect=(0, 6, {"file": "main.tf"}),
        source="ran: Terraform 1",
    ),
)
