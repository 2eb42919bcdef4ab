"""Blocks that Rust's tools print."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="rustc.error",
        tool="rustc",
        kind="compile",
        category="code.compile",
        start=r"^error(\[E[0-9]+\])?: .+$",
        reject=r"(?i)cannot (?:create|update) the lock file|aborting due to|could not compile|test failed|\d+ targets? failed|process didn't exit|build failed|recipe for|Recipe `|failed to run custom build|Compilation failed",
        needs=r"^ *-->",
        keep=r" *(?:-->|\||=|:::|\.\.\.)|\d+ *[-+|~]|(?:note|help): ",
        blank_max=0,
        fields=(
            r"^error(?:\[(?P<code>E\d+)\])?: (?P<message>.+)$",
            r"^ *--> (?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+):(?P<column>\d+)",
            r"[\^-] expected (?P<expected>(?:\w+ )?`[^`]+`), found (?P<actual>(?:\w+ )?`[^`]+`)",
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
        id="rustc.denied_lint",
        tool="rustc",
        kind="compile",
        category="code.lint",
        start=r"^error: .+$",
        then=r" *-->",
        needs=r"`-D [\w:-]+`|the lint level is defined here|rust-clippy/|`#\[deny\(",
        keep=r" *(?:-->|\||=|:::|\.\.\.)|\d+ *[-+|~]|(?:note|help): ",
        blank_max=0,
        fields=(r"^error: (?P<message>.+)$", r"^ *--> (?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+):(?P<column>\d+)"),
        weight=3.0,
        sample=(
            "    Checking demo v0.1.0 (/src)\nerror: length comparison to zero\n --> src/lib.rs:1:37\n  |\n"
            "1 | fn f(v: &[u8]) -> bool { v.len() == 0 }\n  |                          ^^^^^^^^^^^^ help: use `v.is_empty()`\n  |\n"
            "  = note: `-D clippy::len-zero` implied by `-D warnings`\n\nerror: could not compile `demo`"
        ),
        expect=(
            1,
            7,
            {"message": "length comparison to zero", "file": "src/lib.rs", "line": "1", "column": "37"},
        ),
        source="ran: clippy of rustc 1.95",
    ),
    BlockRule(
        id="trybuild.failed",
        tool="trybuild",
        kind="test",
        category="code.test",
        start=r"^test [^ ]+ (\[.+\] )?\.\.\. (mismatch|error)$",
        until=r"test |failures:|running |error: test failed",
        blank_max=3,
        lines_max=160,
        fields=(r"^test (?P<test>\S+) (?:\[(?P<message>.+)\] )?\.\.\.",),
        weight=1.5,
        sample=(
            "test tests/ui/a.rs [should fail to compile] ... mismatch\n\nEXPECTED:\n┈┈┈┈\nerror: something else\n"
            "┈┈┈┈\n\nACTUAL OUTPUT:\n┈┈┈┈\nerror[E0308]: mismatched types\n┈┈┈┈\ntest ui ... FAILED"
        ),
        expect=(0, 10, {"test": "tests/ui/a.rs", "message": "should fail to compile"}),
        source="ran: trybuild 1.0.122",
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
            r"panicked at '(?P<message>.+?)', (?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+)",
            r"^(?P<message>assertion .+|called `.+)$",
            r"^note: (?P<message>test did not panic as expected.*)$",
            r"^Error: (?P<message>.+)$",
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
        start=r"^(thread '.+' (\([0-9]+\) )?panicked at|  thread '.+' panicked at|(KERNEL )?(PANIC|panic(ked)?)(:| at) [^ ]+\.rs:[0-9]+) ?",
        follow=1,
        keep=r"stack backtrace:|note: (?!run with)",
        blank_max=0,
        fields=(
            r"panicked at '(?P<message>.+?)', (?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+)",
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
        id="cargo.custom_build_error",
        tool="cargo",
        kind="compile",
        category="deps.build_native",
        start=r"^(error: )?failed to run custom build command for `",
        until=r"warning: build failed|error: build failed|npm ",
        needs=r"^ *(?:Could not find (?:directory|openssl)|[^ :`]+:\d+(?::\d+)?: (?:fatal )?error: |CMake Error|ld: |\S*gcc: (?:fatal )?error)",
        blank_max=2,
        cause=r"^ *(?:Could not find (?:directory|openssl)|[^ :`]+:\d+(?::\d+)?: (?:fatal )?error: |CMake Error|ld: |\S*gcc: (?:fatal )?error)",
        fields=(
            r"custom build command for `(?P<package>[^` ]+)",
            r"^ *(?P<file>[^ :`]+):(?P<line>\d+)(?::(?P<column>\d+))?: (?:fatal )?error: (?P<message>.+)$",
            r"^ *(?P<message>(?:Could not find |CMake Error|ld: |\S*gcc: ).+)$",
        ),
        weight=1.6,
        sample=(
            "error: failed to run custom build command for `codec v0.1.0 (/src)`\n\nCaused by:\n"
            "  process didn't exit successfully: `build-script-build` (exit status: 101)\n  --- stderr\n"
            "  src/codec.c:9:4: error: expected ';' before 'return'\n"
            "  thread 'main' panicked at 'explicit panic', build.rs:16:9\n"
            "warning: build failed, waiting for other jobs to finish..."
        ),
        expect=(
            0,
            6,
            {
                "package": "codec",
                "file": "src/codec.c",
                "line": "9",
                "column": "4",
                "message": "expected ';' before 'return'",
            },
        ),
        source="https://doc.rust-lang.org/cargo/reference/build-scripts.html",
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
            r"^ *--> (?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+):(?P<column>\d+)",
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
