"""Blocks that the tools of Go and Rust print."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="go.test_fail",
        tool="go",
        kind="test",
        category="code.test",
        start=r"^ *--- FAIL: ",
        back=r"\s+\S+\.go:\d+: |=== (?:NAME|CONT|RUN|PAUSE) ",
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
        reject=r"\.go:\d+:(?:\d+:)? (?:DEBUG|INFO|\[|warning)|\d{4}/\d\d/\d\d|missing go\.sum entry",
        back=r"# \S+",
        keep=r"[^ :]+\.go:\d+:(?:\d+:)? |# \S+$",
        blank_max=0,
        cause=r"\.go:\d+",
        fields=(
            r"(?P<file>[^ :]+\.go):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<message>.+)$",
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
        fields=(r"(?P<file>[^ :]+\.go):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<message>.+)$",),
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
        id="rustc.error",
        tool="rustc",
        kind="compile",
        category="code.compile",
        start=r"^error(\[E[0-9]+\])?: .+$",
        reject=r"(?i)cannot (?:create|update) the lock file|aborting due to|could not compile|test failed|\d+ targets? failed|process didn't exit|build failed|recipe for|Recipe `|failed to run custom build|Compilation failed",
        needs=r"^ *-->",
        keep=r" *(?:-->|\||=|:::|\.\.\.)|\d+ *\|",
        blank_max=0,
        fields=(
            r"^error(?:\[(?P<code>E\d+)\])?: (?P<message>.+)$",
            r"^ *--> (?P<file>[^\s:]+):(?P<line>\d+):(?P<column>\d+)",
        ),
        weight=1.0,
        sample=(
            "   Compiling demo v0.1.0 (/src)\n"
            "error[E0425]: cannot find value `price` in this scope\n"
            " --> src/main.rs:2:20\n"
            "  |\n"
            '2 |     println!("{}", price);\n'
            "  |                    ^^^^^ not found in this scope\n"
            "\n"
            'error: could not compile `demo` (bin "demo") due to 1 previous error'
        ),
        expect=(
            1,
            5,
            {
                "code": "E0425",
                "message": "cannot find value `price` in this scope",
                "file": "src/main.rs",
                "line": "2",
                "column": "20",
            },
        ),
        source="ran: rustc 1.95",
    ),
    BlockRule(
        id="cargo.test_stdout",
        tool="cargo",
        kind="test",
        category="code.test",
        start=r"^---- .+ stdout ----$",
        until=r"---- .+ ----$|failures:$|test result:",
        blank_max=2,
        cause=r"panicked at",
        fields=(
            r"^---- (?P<test>.+) stdout ----$",
            r"panicked at (?P<file>[^\s:']+):(?P<line>\d+)",
            r"panicked at '(?P<message>.+?)', (?P<file>[^\s:]+):(?P<line>\d+)",
            r"^(?P<message>assertion .+|called `.+)$",
        ),
        weight=1.0,
        sample=(
            "failures:\n"
            "\n"
            "---- tests::total stdout ----\n"
            "\n"
            "thread 'tests::total' panicked at src/lib.rs:7:9:\n"
            "assertion `left == right` failed\n"
            "  left: 3\n"
            " right: 4\n"
            "\n"
            "\n"
            "failures:\n"
            "    tests::total"
        ),
        expect=(
            2,
            7,
            {
                "test": "tests::total",
                "file": "src/lib.rs",
                "line": "7",
                "message": "assertion `left == right` failed",
            },
        ),
        source="ran: cargo 1.95",
    ),
    BlockRule(
        id="rust.panic",
        tool="rust",
        kind="trace",
        category="code.runtime_crash",
        start=r"^(thread '.+' (\([0-9]+\) )?panicked at|  thread '.+' panicked at) ",
        follow=1,
        keep=r"stack backtrace:|note: (?!run with)",
        blank_max=0,
        fields=(
            r"panicked at '(?P<message>.+?)', (?P<file>[^\s:]+):(?P<line>\d+)",
            r"panicked at (?P<file>[^\s:']+):(?P<line>\d+)",
            r"^(?P<message>(?!thread|note:|\s)\S.+)$",
        ),
        weight=0.5,
        sample="thread 'main' panicked at src/main.rs:2:5:\nno port\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
        expect=(0, 1, {"file": "src/main.rs", "line": "2", "message": "no port"}),
        source="ran: rustc 1.95",
    ),
    BlockRule(
        id="rustfmt.diff",
        tool="rustfmt",
        kind="list",
        category="code.format",
        start=r"^Diff in .+( at line [0-9]+:|:[0-9]+:)$",
        until=r"Diff in ",
        blank_max=1,
        lines_max=30,
        fields=(r"^Diff in (?P<file>.+?)(?: at line |:)(?P<line>\d+):$",),
        weight=1.0,
        sample="Diff in /src/main.rs:1:\n-fn main(){}\n+fn main() {}\n\n\nnext",
        expect=(0, 2, {"file": "/src/main.rs", "line": "1"}),
        source="ran: rustfmt 1.8",
    ),
    BlockRule(
        id="cargo.custom_build",
        tool="cargo",
        kind="resolve",
        category="deps.build_native",
        start=r"^(error: )?failed to run custom build command for `",
        until=r"warning: build failed|error: build failed|npm ",
        unless=r"^  thread '.+' (?:\(\d+\) )?panicked at [^']+:\d+:\d+:$",
        blank_max=2,
        cause=r"--- stderr|panicked|Could not|not found|fatal error",
        fields=(
            r"custom build command for `(?P<package>[^` ]+)",
            r"^  (?P<message>(?:Could not|fatal error|thread .*panicked).+)$",
        ),
        weight=1.5,
        sample=(
            "error: failed to run custom build command for `openssl-sys v0.9.1`\n"
            "\n"
            "Caused by:\n"
            "  process didn't exit successfully: `build-script-main` (exit status: 101)\n"
            "  --- stderr\n"
            "  Could not find directory of OpenSSL installation\n"
            "warning: build failed, waiting for other jobs to finish..."
        ),
        expect=(
            0,
            5,
            {"package": "openssl-sys", "message": "Could not find directory of OpenSSL installation"},
        ),
        source="https://doc.rust-lang.org/cargo/reference/build-scripts.html",
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
    BlockRule(
        id="cargo.manifest_error",
        tool="cargo",
        kind="compile",
        category="config.build_script",
        start=r"^ *--> [^ ]*Cargo\.toml:[0-9]+:[0-9]+$",
        back=r"error: ",
        back_blank_max=3,
        keep=r" *\||\d+ *\|",
        blank_max=0,
        fields=(
            r"^error: (?P<message>.+)$",
            r"^ *--> (?P<file>[^\s:]+):(?P<line>\d+):(?P<column>\d+)",
        ),
        weight=1.5,
        sample="error: invalid type: integer `3`, expected a string\n       \n --> Cargo.toml:3:11\n  |\n3 | version = 3\n  |           ^\nnext",
        expect=(
            0,
            5,
            {
                "message": "invalid type: integer `3`, expected a string",
                "file": "Cargo.toml",
                "line": "3",
                "column": "11",
            },
        ),
        source="ran: cargo 1.95",
    ),
    BlockRule(
        id="cargo.build_script_panic",
        tool="cargo",
        kind="build",
        category="deps.build_native",
        start=r"^  thread '.+' (\([0-9]+\) )?panicked at [^']+:[0-9]+:[0-9]+:$",
        back=r".",
        back_blank_max=1,
        back_trim=r"(?!error: failed to run custom build command for |failed to run custom build command for )",
        follow=1,
        keep=r"  note: ",
        blank_max=0,
        cause=r"panicked at",
        last_of=("message",),
        fields=(
            r"custom build command for `(?P<package>[^` ]+)",
            r"panicked at (?P<file>[^\s:']+):(?P<line>\d+)",
            r"^  (?P<message>(?!thread|note:|---|process)\S.+)$",
        ),
        weight=3.0,
        sample=(
            "   Compiling codec v0.1.0 (/src)\nerror: failed to run custom build command for `codec v0.1.0 (/src)`\n\n"
            "Caused by:\n  process didn't exit successfully: `build-script-build` (exit status: 101)\n  --- stderr\n\n"
            "  thread 'main' (6129) panicked at build.rs:3:45:\n  CODEC_DIR must be set: NotPresent\n"
            "  note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\nnext"
        ),
        expect=(
            1,
            9,
            {
                "package": "codec",
                "file": "build.rs",
                "line": "3",
                "message": "CODEC_DIR must be set: NotPresent",
            },
        ),
        source="ran: cargo 1.95",
    ),
)
