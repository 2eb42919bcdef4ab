"""Blocks that Go's tools print."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="go.test_fail",
        tool="go",
        kind="test",
        category="code.test",
        start=r"^ *--- FAIL: ",
        back=r"\s+\S+\.go:\d+: |\s{8}|=== (?:NAME|CONT|RUN|PAUSE) ",
        back_blank_max=1,
        back_trim=r"=== ",
        cause=r"^\s+\S+\.go:\d+: |Error Trace:",
        until=r"(?:=== |--- (?:PASS|SKIP|FAIL|BENCH)|FAIL\b|ok  |PASS$|exit status|\?  )",
        blank_max=1,
        lines_max=100,
        fields=(
            r"^ *--- FAIL: (?P<test>\S+)",
            r"^panic: (?P<message>.+?)(?: \[recovered\])?$",
            r"^\s+(?P<file>[\w./-]+\.go):(?P<line>\d+): +(?P<message>\S.*)$",
            r"Error:\s+(?P<message>\S.+)$",
            r"^\s+expected: (?P<expected>\S.*)$",
            r"^\s+actual *: (?P<actual>\S.*)$",
        ),
        weight=1.0,
        sample=(
            "=== RUN   TestTotal\n"
            "--- FAIL: TestTotal (0.00s)\n"
            "    cart_test.go:7: got 3, want 4\n"
            "FAIL\n"
            "FAIL\tdemo\t0.002s"
        ),
        expect=(1, 2, {"test": "TestTotal", "file": "cart_test.go", "line": "7", "message": "got 3, want 4"}),
        source="ran: go 1.26",
    ),
    BlockRule(
        id="go.compile_error",
        tool="go",
        kind="compile",
        category="code.compile",
        start=r"^(vet: |#[0-9]+ [0-9.]+ )?[^ :]+\.go:[0-9]+:([0-9]+:)? .+$",
        reject=r"\.go:\d+:(?:\d+:)? (?:DEBUG|INFO|\[|warning)|\.go:\d+: (?:error|failed|fatal|unable|cannot)\b(?!:)|\d{4}/\d\d/\d\d|missing go\.sum entry",
        back=r"# \S+",
        keep=r"(?:[A-Z]:)?[^ :]+\.go:\d+:(?:\d+:)? |# \S+$",
        blank_max=0,
        cause=r"\.go:\d+",
        fields=(
            r"(?P<file>(?:[A-Z]:)?[^ :]+\.go):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<message>.+)$",
            r"undefined: (?P<symbol>\S+)",
            r"cannot find package \"(?P<package>[^\"]+)\"",
        ),
        weight=0.5,
        sample="# demo\n./cart.go:4:9: undefined: price\nFAIL\tdemo [build failed]",
        expect=(
            0,
            1,
            {
                "file": "./cart.go",
                "line": "4",
                "column": "9",
                "message": "undefined: price",
                "symbol": "price",
            },
        ),
        source="ran: go 1.26",
    ),
    BlockRule(
        id="go.vet",
        tool="go",
        kind="lint",
        category="code.lint",
        start=r"^# \[.+\]$",
        back=r"# \S+$",
        keep=r"(?:vet: )?[^ :]+\.go:\d+:",
        blank_max=0,
        needs=r"\.go:\d+",
        unless=r"^vet: \S+\.go:\d+:\d+: expected ",
        cause=r"\.go:\d+",
        fields=(r"(?P<file>(?:[A-Z]:)?[^ :]+\.go):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<message>.+)$",),
        weight=1.5,
        sample='# example.com/demo\n# [example.com/demo]\n./main.go:6:14: fmt.Printf format %d has arg "three" of wrong type string\nFAIL',
        expect=(
            0,
            2,
            {
                "file": "./main.go",
                "line": "6",
                "column": "14",
                "message": 'fmt.Printf format %d has arg "three" of wrong type string',
            },
        ),
        source="ran: go 1.26",
    ),
    BlockRule(
        id="go.panic",
        tool="go",
        kind="trace",
        category="code.runtime_crash",
        start=r"^(panic: |fatal error: (all goroutines|unexpected signal|concurrent map|stack overflow|runtime:))",
        until=r"exit status|FAIL\b|ok  |=== |--- ",
        blank_max=2,
        lines_max=60,
        fields=(
            r"^(?:panic|fatal error): (?P<message>.+)$",
            r"^\t(?P<file>(?!/usr/local/go)[^\s:]+\.go):(?P<line>\d+)",
            r"^panic: test timed out after (?P<expected>\S+)",
        ),
        stacks="go",
        weight=1.0,
        sample=(
            "panic: runtime error: index out of range [1] with length 1\n"
            "\n"
            "goroutine 1 [running]:\n"
            "main.main()\n"
            "\t/src/main.go:5 +0x1d\n"
            "exit status 2"
        ),
        expect=(
            0,
            4,
            {
                "message": "runtime error: index out of range [1] with length 1",
                "file": "/src/main.go",
                "line": "5",
            },
        ),
        source="ran: go 1.26",
    ),
    BlockRule(
        id="go.test_killed",
        tool="go",
        kind="test",
        category="code.test_timeout",
        start=r"^\*\*\* Test killed(?: with [^:]+)?: ran too long \(.+\)\.$",
        keep=r"FAIL\t",
        blank_max=0,
        fields=(r"^\*\*\* (?P<message>Test killed.*: ran too long \((?P<expected>[^)]+)\))",),
        stacks="go",
        joins=False,
        weight=2.0,
        sample=(
            "rax    0x0\n*** Test killed with quit: ran too long (7m0s).\nFAIL\texample.com/cart\t420.110s\n"
            "ok  \texample.com/shop\t0.1s"
        ),
        expect=(1, 2, {"message": "Test killed with quit: ran too long (7m0s)", "expected": "7m0s"}),
        source="https://github.com/golang/go/blob/master/src/cmd/go/internal/test/test.go",
    ),
    BlockRule(
        id="go.test_exited",
        tool="go",
        kind="test",
        category="code.test",
        start=r"^=== RUN   [^ ]+$",
        then=r"(?:exit status \d+|FAIL\t\S+\t[\d.]+s)$",
        keep=r"exit status \d+$|FAIL\t\S+\t[\d.]+s$",
        blank_max=0,
        fields=(r"^=== RUN   (?P<test>\S+)$", r"^(?P<message>exit status \d+)$"),
        sample="=== RUN   TestTotal\n--- PASS: TestTotal (0.00s)\n=== RUN   TestStop\nexit status 3\nFAIL\texample.com/cart\t0.027s\nFAIL",
        expect=(2, 4, {"test": "TestStop", "message": "exit status 3"}),
        source="ran: go 1.26",
    ),
    BlockRule(
        id="go.data_race",
        tool="go",
        kind="test",
        category="code.test",
        start=r"^WARNING: DATA RACE$",
        until=r"={10,}$",
        blank_max=1,
        fields=(
            r"^      (?P<file>\S+\.go):(?P<line>\d+)",
            r"^(?P<message>(?:Read|Write|Previous \w+) at \S+ by .+):$",
        ),
        weight=1.0,
        sample="==================\nWARNING: DATA RACE\nWrite at 0x00c by goroutine 8:\n  main.add()\n      /src/main.go:9 +0x3a\n==================\nFound 1 data race(s)",
        expect=(1, 4, {"file": "/src/main.go", "line": "9", "message": "Write at 0x00c by goroutine 8"}),
        source="https://go.dev/doc/articles/race_detector",
    ),
    BlockRule(
        id="gofmt.list",
        tool="gofmt",
        kind="list",
        category="code.format",
        start=r"(?:not (?:gofmt'?e?d|formatted (?:with|by) gofmt|formatted)|gofmt (?:needs|must be|has to be)|need(?:s|ed)? (?:to be )?gofmt|run gofmt)[^\n]*:$",
        then=r"\s*\S+\.go$",
        keep=r"\s*\S+\.go$",
        blank_max=0,
        fields=(r"^\s*(?P<file>\S+\.go)$",),
        weight=1.5,
        sample="These files are not formatted with gofmt:\ncart.go\nprice/price.go\nnext",
        expect=(0, 2, {"file": "cart.go"}),
        source="https://pkg.go.dev/cmd/gofmt",
    ),
)
