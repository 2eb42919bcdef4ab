"""Blocks of checkers and formatters of single languages, and of tools that run several of them."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="pre_commit.hook_failed",
        tool="pre-commit",
        kind="lint",
        category="code.lint",
        start=r"^.+\.{3,}Failed$",
        then=r"- hook id: ",
        until=r".+\.{3,}(?:\([^)]*\))?(?:Passed|Skipped|Failed)$|pre-commit hook\(s\) made changes|All changes made",
        blank_max=4,
        lines_max=150,
        cause=r"^(?!- (?:hook id|exit code|duration): |.+\.{3,}Failed$)\S",
        fields=(
            r"^- hook id: (?P<target>\S+)",
            r"^(?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+):(?:\d+:)? ?(?P<message>.+)$",
            r"^(?!- (?:hook id|exit code|duration): |.+\.{3,}Failed$)(?P<message>\S.*)$",
            r"^ +--> (?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+)",
        ),
        weight=2.0,
        sample=(
            "yaml.....................................................................Passed\n"
            "no breakpoints...........................................................Failed\n"
            "- hook id: nodebug\n- exit code: 1\n\nb.py:2: breakpoint()\n\n"
            "json.....................................................................Passed"
        ),
        expect=(1, 5, {"target": "nodebug", "file": "b.py", "line": "2", "message": "breakpoint()"}),
        source="ran: pre-commit 4",
    ),
    BlockRule(
        id="super_linter.findings",
        tool="super-linter",
        kind="lint",
        category="code.lint",
        start=r"\[ERROR\] +(Found errors (when linting|in \[)|Error code: [0-9]+\. Command output)",
        first=r"-{6}$",
        until=r"\d{4}-\d\d-\d\d .*\[(?:INFO|NOTICE|ERROR|FATAL|WARN)\]",
        blank_max=4,
        trim=r"-{6}$",
        cause=r"(?i)[\w./-]+:\d+|line \d+|error|\bSC\d{4}\b",
        fields=(r"(?P<file>[\w./-]+\.\w+)(?::| line )(?P<line>\d+)", r"^(?P<message>.*(?:error|SC\d{4}).*)$"),
        weight=1.0,
        sample=(
            "2026-06-02 10:00:23 [ERROR]   Found errors when linting BASH. Exit code: 1.\n"
            "2026-06-02 10:00:23 [INFO]   Command output for BASH:\n------\nIn /github/workspace/run.sh line 12:\n"
            "for f in $(ls); do\n         ^---^ SC2045 (error): Iterating over ls output is fragile.\n------\n"
            "2026-06-02 10:00:23 [INFO]   YAML linted successfully"
        ),
        expect=(
            2,
            5,
            {
                "file": "/github/workspace/run.sh",
                "line": "12",
                "message": "         ^---^ SC2045 (error): Iterating over ls output is fragile.".strip(),
            },
        ),
        source="https://github.com/super-linter/super-linter/blob/main/lib/functions/worker.sh",
    ),
    BlockRule(
        id="cargo_deny.finding",
        tool="cargo-deny",
        kind="lint",
        category="code.license",
        start=r"^error\[(rejected|unlicensed|L[0-9]{3})\]: .+$",
        needs=r"┌─|├ |└── ",
        until=r"(?:error|warning)\[|\w+ (?:ok|FAILED)",
        blank_max=0,
        fields=(r"^error\[(?P<code>[\w-]+)\]: (?P<message>.+)$", r"┌─ (?P<file>[^:]+):(?P<line>\d+)"),
        weight=1.0,
        sample=(
            "error[rejected]: failed to satisfy license requirements\n  ┌─ /src/Cargo.lock:12:1\n  │\n"
            '12 │ license = "AGPL-3.0"\n  │\n  ├ wren v0.2.0\n\nadvisories ok, bans ok, licenses FAILED'
        ),
        expect=(
            0,
            5,
            {
                "code": "rejected",
                "message": "failed to satisfy license requirements",
                "file": "/src/Cargo.lock",
                "line": "12",
            },
        ),
        source="https://embarkstudios.github.io/cargo-deny/",
    ),
    BlockRule(
        id="cargo_deny.error",
        tool="cargo-deny",
        kind="lint",
        category="code.security_scan",
        start=r"^error\[[A-Za-z0-9_-]+\]: ",
        reject=r"^error\[(?:rejected|unlicensed|L\d{3})\]",  # a licence, see above
        then=r"\s+┌─ ",
        keep=r"\d+ │|\s",
        blank_max=0,
        fields=(r"^error\[(?P<code>[\w-]+)\]: (?P<message>.+)$", r"^\s+┌─ (?P<file>\S+?):(?P<line>\d+):"),
        weight=1.5,
        sample=(
            "error[A001]: Potential segfault in the time crate\n   ┌─ /src/Cargo.lock:88:1\n   │\n88 │ time 0.1.43\n"
            "   = Solution: Upgrade to >=0.2.23\n\nadvisories FAILED"
        ),
        expect=(
            0,
            4,
            {
                "code": "A001",
                "message": "Potential segfault in the time crate",
                "file": "/src/Cargo.lock",
                "line": "88",
            },
        ),
        source="https://embarkstudios.github.io/cargo-deny/",
    ),
    BlockRule(
        id="mozlint.finding",
        tool="mozlint",
        kind="lint",
        category="code.lint",
        start=r"TEST-UNEXPECTED-(ERROR|WARNING) \| [^|]+:[0-9]+(:[0-9]+)? \| .+$",
        keep=r".*TEST-UNEXPECTED-",
        fields=(
            (
                r"TEST-UNEXPECTED-\w+ \| (?P<file>[^|:]+):(?P<line>\d+)(?::(?P<column>\d+))? \| (?P<message>.+?)"
                r"(?: \((?P<code>[\w/@.-]+)\))?$"
            ),
        ),
        weight=1.5,
        sample=(
            "Running setup for linters: eslint\nTEST-UNEXPECTED-ERROR | a/b.mjs:4:9 | 'x' is not defined. (eslint/no-undef)\n"
            "Running eslint took 80s"
        ),
        expect=(
            1,
            1,
            {
                "file": "a/b.mjs",
                "line": "4",
                "column": "9",
                "message": "'x' is not defined.",
                "code": "eslint/no-undef",
            },
        ),
        source="https://firefox-source-docs.mozilla.org/code-quality/lint/usage.html",
    ),
    BlockRule(
        id="credo.issue",
        tool="credo",
        kind="lint",
        category="code.lint",
        start=r"^┃ +\[[A-Z]\] [^ ]+ .+$",
        back=r"┃|  [A-Z][\w -]+$",
        keep=r"┃",
        cause=r"^┃ +\[[A-Z]\] ",
        fields=(
            r"^┃ +\[(?P<code>[A-Z])\] \S+ (?P<message>.+)$",
            r"^┃ +(?P<file>(?:[A-Z]:)?[^\s:]+\.exs?):(?P<line>\d+)(?::(?P<column>\d+))?",
        ),
        weight=1.0,
        sample=(
            "Checking 14 source files ...\n\n  Code Readability                                       \n┃ \n"
            "┃ [R] ↘ Modules should have a @moduledoc tag.\n┃       lib/shelf.ex:1:11 #(Cart.Shelf)\n\nAnalysis took 0.2 seconds"
        ),
        expect=(
            2,
            5,
            {
                "code": "R",
                "message": "Modules should have a @moduledoc tag.",
                "file": "lib/shelf.ex",
                "line": "1",
                "column": "11",
            },
        ),
        source="https://hexdocs.pm/credo/overview.html",
    ),
    BlockRule(
        id="dialyxir.warning",
        tool="dialyzer",
        kind="lint",
        category="code.type",
        start=r"^([A-Z]:)?[^ :]+\.(exs?|erl):[0-9]+:([0-9]+:)?[a-z_]+$",
        until=r"_{20,}|done \(|Halting|Please |Total errors",
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :]+\.\w+):(?P<line>\d+):(?:\d+:)?(?P<code>[a-z_]+)$",
            r"^(?P<message>[A-Z].+)$",
        ),
        weight=1.5,
        sample="done in 0m4.1s\nlib/basket.ex:14:no_return\nFunction total/1 has no local return.\n________________________________________________________________________________",
        expect=(
            1,
            2,
            {
                "file": "lib/basket.ex",
                "line": "14",
                "code": "no_return",
                "message": "Function total/1 has no local return.",
            },
        ),
        source="https://hexdocs.pm/dialyxir/readme.html",
    ),
    BlockRule(
        id="dialyzer.warning",
        tool="dialyzer",
        kind="lint",
        category="code.type",
        start=(
            r"^[^ :\n]{1,160}\.[eh]rl:[0-9]+:([0-9]+:)? (Function [^ \n]{1,160} (has no local return|will never)"
            r"|(The (call|pattern|created|test|variable|guard|attempt|return|inferred|specification|expression)"
            r"|Call to missing|Invalid type spec|Matching of|Guard test|Callback info|Fun application) )"
        ),
        keep=r"(?:[A-Z]:)?[^ :]+\.[eh]rl:\d+:",
        blank_max=0,
        trim=r" *done in ",
        fields=(r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<message>.+)$",),
        weight=1.5,
        sample=(
            "  Proceeding with analysis...\nsrc/cart.erl:7: Function run/0 has no local return\n"
            "src/cart.erl:9: The call cart:add(42) breaks the contract (string()) -> string()\n done in 0m0.33s"
        ),
        expect=(1, 2, {"file": "src/cart.erl", "line": "7", "message": "Function run/0 has no local return"}),
        source="https://www.erlang.org/doc/apps/dialyzer/dialyzer.html",
    ),
    BlockRule(
        id="rebar3.dialyzer",
        tool="dialyzer",
        kind="lint",
        category="code.type",
        start=r"^(Line [0-9]+( Column [0-9]+)?| {0,5}[0-9]+): (Function |The |Call |Expression |Record |Invalid |Type |Unknown |Overloaded |Callback |Undefined |Guard |Fun |Matching |Cons |Body )",
        back=r"\S+\.[eh]rl$",
        keep=r"(?:Line \d+(?: Column \d+)?| {0,5}\d+): ",
        cause=r"^(?:Line | *\d)",
        fields=(
            r"^(?P<file>\S+\.[eh]rl)$",
            r"^(?:Line (?P<line>\d+)(?: Column (?P<column>\d+))?| *\d+): (?P<message>.+)$",
        ),
        weight=1.5,
        sample="===> Analyzing 1 files\n\nsrc/cart.erl\nLine 4 Column 1: Function f/0 has no local return\nLine 4 Column 34: Call to missing function lists:foo/1\n===> Warnings occurred running dialyzer: 2",
        expect=(
            2,
            4,
            {"file": "src/cart.erl", "line": "4", "column": "1", "message": "Function f/0 has no local return"},
        ),
        source="ran: rebar3 3.19",
    ),
    BlockRule(
        id="swiftformat.lint",
        tool="swiftformat",
        kind="lint",
        category="code.format",
        start=r"^/?[^ :]+\.swift:[0-9]+:[0-9]+: error: \([A-Za-z]+\) ",
        keep=r"/?[^ :]+\.swift:\d+:\d+: error: \(",
        blank_max=0,
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):(?P<column>\d+): error: \((?P<code>\w+)\) (?P<message>.+)$",
        ),
        weight=1.5,
        sample="(lint mode - no files will be changed.)\n/src/Basket.swift:14:1: error: (indent) Indent code in accordance with the scope level.\nSwiftFormat completed in 0.21s.",
        expect=(
            1,
            1,
            {
                "file": "/src/Basket.swift",
                "line": "14",
                "column": "1",
                "code": "indent",
                "message": "Indent code in accordance with the scope level.",
            },
        ),
        source="https://github.com/nicklockwood/SwiftFormat",
    ),
    BlockRule(
        id="gofmt.diff",
        tool="gofmt",
        kind="list",
        category="code.format",
        start=r"^diff (-u )?[^ ]+\.go(\.orig)? [^ ]+\.go$",
        until=r"(?![-+@ \\\t]|diff )",
        lines_max=200,
        cause=r"^[-+](?![-+])",
        fields=(r"^diff (?:-u )?(?P<file>\S+?\.go)(?:\.orig)? ",),
        weight=1.5,
        sample="diff ./fmt.go.orig ./fmt.go\n--- ./fmt.go.orig\n+++ ./fmt.go\n@@ -1,2 +1,2 @@\n-func  Bad( ) int {\n+func Bad() int {\nPlease run make fmt",
        expect=(0, 5, {"file": "./fmt.go"}),
        source="ran: gofmt of go 1.26",
    ),
)
