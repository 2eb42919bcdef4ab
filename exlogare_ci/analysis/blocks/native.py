"""Blocks of compiled languages' tools: C, C++, Go, Rust, Swift, .NET, Haskell."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="gcc.error",
        tool="gcc",
        kind="compile",
        category="code.compile",
        start=r"^(\[[0-9;]*m)?[^ :()]+:[0-9]+:([0-9]+:)? (fatal )?error: ",
        reject=r"\.(?:py|pyi|hs|rs|erl):\d",
        back=r"In file included from |\s+from |\S+: (?:In|At) |\s+\S+: In ",
        keep=r"\S+:\d+:(?:\d+:)? note: |compilation terminated\.|.*: In (?:member )?function|cc1\w*: all warnings",
        blank_max=0,
        fields=(r"^(?P<file>[^ :()]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?:fatal )?error: (?P<message>.+)$", r"fatal error: '?(?P<path>[^:']+)'?(?: file not found|: No such file)"),
        cause=r"error: ",
        weight=1.5,
        sample=(
            "cc -c cart.c\n"
            "cart.c: In function ‘total’:\n"
            "cart.c:2:10: error: ‘price’ undeclared (first use in this function)\n"
            "    2 |   return price;\n"
            "      |          ^~~~~\n"
            "cart.c:2:10: note: each undeclared identifier is reported only once for each function it appears in\n"
            "make: *** [Makefile:2: cart.o] Error 1"
        ),
        expect=(1, 5, {"file": "cart.c", "line": "2", "column": "10", "message": "‘price’ undeclared (first use in this function)"}),
        source="ran: gcc 12",
    ),
    BlockRule(
        id="msvc.error",
        tool="msvc",
        kind="compile",
        category="code.compile",
        start=r"\([0-9]+(,[0-9]+)?\) ?: (fatal )?error (C|LNK|RC)[0-9]+: ",
        keep=r".*\(\d+(?:,\d+)?\) ?: (?:note|error|fatal error)",
        fields=(r"(?P<file>[^\\/\s(]+)\((?P<line>\d+)(?:,(?P<column>\d+))?\) ?: (?:fatal )?error (?P<code>\w+): (?P<message>.+?)(?: \[.+\])?$",),
        weight=1.5,
        sample="cart.cpp\ncart.cpp(2): error C2065: 'price': undeclared identifier\nNMAKE : fatal error U1077",
        expect=(1, 1, {"file": "cart.cpp", "line": "2", "code": "C2065", "message": "'price': undeclared identifier"}),
        source="https://learn.microsoft.com/en-us/cpp/error-messages/compiler-errors-1/compiler-error-c2065",
    ),
    BlockRule(
        id="ld.undefined_reference",
        tool="ld",
        kind="compile",
        category="code.link",
        start=r"undefined reference to [`'‘]",
        back=r".*: in function |.*In function |.*\.o: ",
        keep=r".*undefined reference to|.*: in function |.*In function |collect2: |clang.*: error: linker|.*ld: ",
        blank_max=0,
        cause=r"undefined reference to",
        fields=(r"undefined reference to (?:`|'|‘)(?P<symbol>[^'’]+)", r"(?P<file>[\w./+-]+\.\w+):(?:\(\.text|(?P<line>\d+))"),
        weight=1.5,
        sample=(
            "cc -o cart cart.o\n"
            "/usr/bin/ld: cart.o: in function `main':\n"
            "cart.c:(.text+0xa): undefined reference to `total'\n"
            "collect2: error: ld returned 1 exit status\n"
            "make: *** [Makefile:2: cart] Error 1"
        ),
        expect=(1, 3, {"symbol": "total", "file": "cart.c"}),
        source="ran: GNU ld 2.40",
    ),
    BlockRule(
        id="ld64.undefined_symbols",
        tool="ld",
        kind="compile",
        category="code.link",
        start=r"^Undefined symbols for architecture ",
        keep=r"ld: symbol|clang: error: linker",
        fields=(r'^ +"(?P<symbol>[^"]+)", referenced from',),
        weight=1.5,
        sample='Undefined symbols for architecture arm64:\n  "_total", referenced from:\n      _main in cart.o\nld: symbol(s) not found for architecture arm64\nclang: error: linker command failed with exit code 1\nnext',
        expect=(0, 4, {"symbol": "_total"}),
        source="https://developer.apple.com/library/archive/technotes/tn2435/",
    ),
    BlockRule(
        id="cmake.error",
        tool="cmake",
        kind="build",
        category="config.build_script",
        start=r"^CMake Error",
        reject=r"CMake Error: CMAKE_.* not set",
        until=r"-- |CMake |make|ninja|\[|See also|Call Stack",
        blank_max=1,
        cause=r"^\s{2,}\S",
        fields=(r"^CMake Error at (?P<file>[^: ]+):(?P<line>\d+)", r"^\s{2,}(?P<message>\S.+)$", r"Could NOT find (?P<package>\w+)"),
        weight=1.0,
        sample=(
            "-- Detecting C compile features - done\n"
            "CMake Error at CMakeLists.txt:3 (find_package):\n"
            "  By not providing \"FindDemo.cmake\" in CMAKE_MODULE_PATH this project has\n"
            "  asked CMake to find a package configuration file provided by \"Demo\".\n"
            "\n"
            "\n"
            "-- Configuring incomplete, errors occurred!"
        ),
        expect=(1, 3, {"file": "CMakeLists.txt", "line": "3", "message": 'By not providing "FindDemo.cmake" in CMAKE_MODULE_PATH this project has'}),
        source="ran: cmake 3.25",
    ),
    BlockRule(
        id="ctest.failed_list",
        tool="ctest",
        kind="cascade",
        category="code.test",
        start=r"^The following tests FAILED:$",
        until=r"Errors while running CTest|\S",
        keep=r"",
        fields=(r"^\s+\d+ - (?P<test>\S+) \(",),
        weight=1.0,
        sample="50% tests passed, 1 tests failed out of 2\n\nThe following tests FAILED:\n\t  2 - cart (Failed)\nErrors while running CTest",
        expect=(2, 3, {"test": "cart"}),
        source="ran: ctest 3.25",
    ),
    BlockRule(
        id="gtest.failure",
        tool="googletest",
        kind="test",
        category="code.test",
        start=r"^.+:[0-9]+: Failure$",
        back=r"\[ RUN      \] ",
        until=r"\[  FAILED  \]|\[ RUN",
        until_included=True,
        blank_max=1,
        cause=r": Failure$",
        fields=(r"^\[ RUN      \] (?P<test>\S+)", r"^\[  FAILED  \] (?P<test>[^\s,]+)", r"^(?P<file>.+?):(?P<line>\d+): Failure$", r"^(?P<message>Expected.+|Value of.+|C\+\+ exception.+|Death test.+)$"),
        weight=1.0,
        sample=(
            "[ RUN      ] Cart.Total\n"
            "cart_test.cc:5: Failure\n"
            "Expected equality of these values:\n"
            "  total()\n"
            "    Which is: 3\n"
            "  4\n"
            "[  FAILED  ] Cart.Total (0 ms)\n"
            "[----------] 1 test from Cart (0 ms total)"
        ),
        expect=(0, 6, {"test": "Cart.Total", "file": "cart_test.cc", "line": "5", "message": "Expected equality of these values:"}),
        source="ran: GoogleTest 1.12",
    ),
    BlockRule(
        id="catch2.failed",
        tool="catch2",
        kind="test",
        category="code.test",
        start=r"^[^ ]+:[0-9]+: FAILED:$",
        until=r"={20,}$|-{20,}$|\.{20,}$|test cases:|\S+:\d+: (?:PASSED|FAILED)",
        blank_max=1,
        fields=(r"^(?P<file>[^ ]+):(?P<line>\d+): FAILED:$", r"^  (?P<message>(?:REQUIRE|CHECK)\w*\(.+)$"),
        weight=1.0,
        sample=(
            "cart.cpp:5: FAILED:\n"
            "  REQUIRE( total() == 4 )\n"
            "with expansion:\n"
            "  3 == 4\n"
            "\n"
            "===============================================================================\n"
            "test cases: 1 | 1 failed"
        ),
        expect=(0, 3, {"file": "cart.cpp", "line": "5", "message": "REQUIRE( total() == 4 )"}),
        source="https://github.com/catchorg/Catch2/blob/devel/docs/reporters.md",
    ),
    BlockRule(
        id="asan.report",
        tool="sanitizer",
        kind="trace",
        category="code.runtime_crash",
        start=r"^(=+[0-9]+=+)?(ERROR|WARNING): (Address|Leak|Thread|Memory|UndefinedBehavior)Sanitizer: ",
        until=r"SUMMARY: ",
        until_included=True,
        blank_max=2,
        lines_max=80,
        fields=(r"(?:ERROR|WARNING): (?P<message>\w+Sanitizer: \S.*?)(?: on (?:unknown )?address.*)?$", r"#\d+ 0x\w+ in (?P<symbol>\S+) (?P<file>[^\s:]+):(?P<line>\d+)"),
        weight=1.5,
        sample=(
            "==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014\n"
            "READ of size 4 at 0x602000000014 thread T0\n"
            "    #0 0x4c3 in total /src/cart.c:5\n"
            "\n"
            "SUMMARY: AddressSanitizer: heap-buffer-overflow /src/cart.c:5 in total\n"
            "next"
        ),
        expect=(0, 4, {"message": "AddressSanitizer: heap-buffer-overflow", "symbol": "total", "file": "/src/cart.c", "line": "5"}),
        source="https://clang.llvm.org/docs/AddressSanitizer.html",
    ),
    BlockRule(
        id="go.test_fail",
        tool="go",
        kind="test",
        category="code.test",
        start=r"^ *--- FAIL: ",
        until=r"(?:=== |--- (?:PASS|SKIP|FAIL|BENCH)|FAIL\b|ok  |PASS$|exit status|\?  )",
        blank_max=1,
        lines_max=100,
        fields=(r"^ *--- FAIL: (?P<test>\S+)", r"^\s+(?P<file>[\w./-]+\.go):(?P<line>\d+): +(?P<message>\S.*)$", r"Error:\s+(?P<message>\S.+)$"),
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
        reject=r"\.go:\d+:(?:\d+:)? (?:DEBUG|INFO|\[|warning)|\d{4}/\d\d/\d\d",
        back=r"# \S+",
        keep=r"[^ :]+\.go:\d+:(?:\d+:)? |# \S+$",
        blank_max=0,
        cause=r"\.go:\d+",
        fields=(r"(?P<file>[^ :]+\.go):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<message>.+)$", r"undefined: (?P<symbol>\S+)", r"cannot find package \"(?P<package>[^\"]+)\""),
        weight=0.5,
        sample="# demo\n./cart.go:4:9: undefined: price\nFAIL\tdemo [build failed]",
        expect=(0, 1, {"file": "./cart.go", "line": "4", "column": "9", "message": "undefined: price", "symbol": "price"}),
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
        fields=(r"^(?:panic|fatal error): (?P<message>.+)$", r"^\t(?P<file>(?!/usr/local/go)[^\s:]+\.go):(?P<line>\d+)", r"^panic: test timed out after (?P<expected>\S+)"),
        weight=1.0,
        sample=(
            "panic: runtime error: index out of range [1] with length 1\n"
            "\n"
            "goroutine 1 [running]:\n"
            "main.main()\n"
            "\t/src/main.go:5 +0x1d\n"
            "exit status 2"
        ),
        expect=(0, 4, {"message": "runtime error: index out of range [1] with length 1", "file": "/src/main.go", "line": "5"}),
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
        fields=(r"^      (?P<file>\S+\.go):(?P<line>\d+)", r"^(?P<message>(?:Read|Write|Previous \w+) at \S+ by .+):$"),
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
        reject=r"(?i)aborting due to|could not compile|test failed|\d+ targets? failed|process didn't exit|build failed|recipe for|Recipe `|failed to run custom build|Compilation failed",
        then=r" *(?:-->|\|)|.*\S",
        keep=r" *(?:-->|\||=|:::|\.\.\.)|\d+ *\|",
        blank_max=0,
        fields=(r"^error(?:\[(?P<code>E\d+)\])?: (?P<message>.+)$", r"^ *--> (?P<file>[^\s:]+):(?P<line>\d+):(?P<column>\d+)"),
        weight=1.0,
        sample=(
            "   Compiling demo v0.1.0 (/src)\n"
            "error[E0425]: cannot find value `price` in this scope\n"
            " --> src/main.rs:2:20\n"
            "  |\n"
            "2 |     println!(\"{}\", price);\n"
            "  |                    ^^^^^ not found in this scope\n"
            "\n"
            "error: could not compile `demo` (bin \"demo\") due to 1 previous error"
        ),
        expect=(1, 5, {"code": "E0425", "message": "cannot find value `price` in this scope", "file": "src/main.rs", "line": "2", "column": "20"}),
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
        fields=(r"^---- (?P<test>.+) stdout ----$", r"panicked at (?P<file>[^\s:']+):(?P<line>\d+)", r"panicked at '(?P<message>.+?)', (?P<file>[^\s:]+):(?P<line>\d+)", r"^(?P<message>assertion .+|called `.+)$"),
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
        expect=(2, 7, {"test": "tests::total", "file": "src/lib.rs", "line": "7", "message": "assertion `left == right` failed"}),
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
        fields=(r"panicked at '(?P<message>.+?)', (?P<file>[^\s:]+):(?P<line>\d+)", r"panicked at (?P<file>[^\s:']+):(?P<line>\d+)", r"^(?P<message>(?!thread|note:|\s)\S.+)$"),
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
        blank_max=2,
        cause=r"--- stderr|panicked|Could not|not found|fatal error",
        fields=(r"custom build command for `(?P<package>[^` ]+)", r"^  (?P<message>(?:Could not|fatal error|thread .*panicked).+)$"),
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
        expect=(0, 5, {"package": "openssl-sys", "message": "Could not find directory of OpenSSL installation"}),
        source="https://doc.rust-lang.org/cargo/reference/build-scripts.html",
    ),
    BlockRule(
        id="msbuild.error",
        tool="msbuild",
        kind="compile",
        category="code.compile",
        start=r"(\([0-9,]+\)|MSBUILD|CSC|ILC) ?: error [A-Z]+[0-9]+: ",
        reject=r": error (?:C|LNK|RC|TS)\d",
        keep=r".*(?:\([\d,]+\)|MSBUILD|CSC) ?: error [A-Z]+\d+: ",
        fields=(r"(?P<file>[^\\/\s(]+)\((?P<line>\d+)(?:,(?P<column>\d+))?[\d,]*\) ?: error (?P<code>\w+): (?P<message>.+?)(?: \[.+\])?$", r"error (?P<code>[A-Z]+\d+): (?P<message>.+?)(?: \[.+\])?$"),
        weight=1.5,
        sample="  Demo -> /src/bin/Demo.dll\nCart.cs(4,16): error CS0103: The name 'price' does not exist in the current context [/src/Demo.csproj]\n\nBuild FAILED.",
        expect=(1, 1, {"file": "Cart.cs", "line": "4", "column": "16", "code": "CS0103", "message": "The name 'price' does not exist in the current context"}),
        source="https://learn.microsoft.com/en-us/dotnet/csharp/language-reference/compiler-messages/",
    ),
    BlockRule(
        id="xunit.fail",
        tool="xunit",
        kind="test",
        category="code.test",
        start=r" \[FAIL\]$",
        keep=r"\[xUnit\.net [\d:.]+\]     {2,}",
        blank_max=1,
        fields=(r"^(?:\[xUnit\.net [\d:.]+\])?\s+(?P<test>\S.*?) \[FAIL\]$", r"^\s+(?P<message>(?:Assert\.|System\.|Shouldly|Xunit).+)$", r"(?P<file>[^\s(]+\.(?:cs|fs|vb))\((?P<line>\d+)", r" in (?P<file>\S+\.(?:cs|fs|vb)):line (?P<line>\d+)"),
        weight=1.0,
        sample=(
            "  Starting:    Demo.Tests\n"
            "    Demo.CartTests.Total [FAIL]\n"
            "      Assert.Equal() Failure\n"
            "      Expected: 4\n"
            "      Actual:   3\n"
            "      Stack Trace:\n"
            "        /src/CartTests.cs(9,0): at Demo.CartTests.Total()\n"
            "  Finished:    Demo.Tests"
        ),
        expect=(1, 6, {"test": "Demo.CartTests.Total", "message": "Assert.Equal() Failure", "file": "/src/CartTests.cs", "line": "9"}),
        source="https://xunit.net/docs/getting-started/v2/getting-started",
    ),
    BlockRule(
        id="vstest.failed",
        tool="dotnet",
        kind="test",
        category="code.test",
        start=r"^ *(Failed|X) [^ ].*( \[.*s\])?$",
        then=r" *(?:Error Message|Stack Trace|EXPECTED):?",
        until=r" *(?:Failed|Passed|Skipped|X|V) \S+.* \[.*s\]$|Failed! |Test Run|Total tests|Passed! ",
        blank_max=1,
        fields=(r"^ *(?:Failed|X) (?P<test>\S+)", r"^ +(?P<message>(?!Error Message|Stack Trace|Failed |X )\S.+)$", r" in (?P<file>\S+):line (?P<line>\d+)"),
        weight=1.0,
        sample=(
            "  Failed Total [12 ms]\n"
            "  Error Message:\n"
            "   Assert.AreEqual failed. Expected:<4>. Actual:<3>.\n"
            "  Stack Trace:\n"
            "     at Demo.CartTests.Total() in /src/CartTests.cs:line 9\n"
            "\n"
            "Failed!  - Failed:     1, Passed:     0, Skipped:     0, Total:     1"
        ),
        expect=(0, 4, {"test": "Total", "message": "Assert.AreEqual failed. Expected:<4>. Actual:<3>.", "file": "/src/CartTests.cs", "line": "9"}),
        source="https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-test",
    ),
    BlockRule(
        id="nunit.failed",
        tool="nunit",
        kind="test",
        category="code.test",
        start=r"^[0-9]+\) (Failed|Error|Test Failure|Test Error|Invalid) : ",
        until=r"\d+\) (?:Failed|Error|Ignored|Test|Invalid)|Run Settings|Test Run Summary|Tests run",
        blank_max=1,
        fields=(r"^\d+\) (?:Test )?(?:Failed|Error|Failure|Invalid) : (?P<test>\S+)", r"^ +(?P<message>(?!at )\S.+)$", r" in (?P<file>\S+):(?:line )?(?P<line>\d+)"),
        weight=1.0,
        sample="Errors and Failures\n\n1) Failed : Demo.CartTests.Total\n  Expected: 4\n  But was:  3\n   at Demo.CartTests.Total () in /src/CartTests.cs:9\n\nRun Settings",
        expect=(2, 5, {"test": "Demo.CartTests.Total", "message": "Expected: 4", "file": "/src/CartTests.cs", "line": "9"}),
        source="https://docs.nunit.org/articles/nunit/running-tests/Console-Runner.html",
    ),
    BlockRule(
        id="dotnet.exception",
        tool="dotnet",
        kind="trace",
        category="code.runtime_crash",
        start=r"^(Unhandled exception\. |Unhandled Exception: |\[ERROR\] FATAL UNHANDLED EXCEPTION: |.*---> |System\.).*Exception: ",
        keep=r" *---|   at ",
        blank_max=1,
        fields=(r"(?P<exception>[A-Z][\w.]+Exception): (?P<message>.+)$", r" in (?P<file>\S+):(?:line )?(?P<line>\d+)"),
        sample="Unhandled exception. System.InvalidOperationException: no port\n   at Demo.Program.Main() in /src/Program.cs:line 5\nnext",
        expect=(0, 1, {"exception": "System.InvalidOperationException", "message": "no port", "file": "/src/Program.cs", "line": "5"}),
        source="https://learn.microsoft.com/en-us/dotnet/standard/exceptions/",
    ),
    BlockRule(
        id="swiftc.error",
        tool="swiftc",
        kind="compile",
        category="code.compile",
        start=r"(^|❌  )/?[^ :]+\.(swift|mm?|h):[0-9]+:([0-9]+:)? (error: )?[^ nw]",
        reject=r": (?:warning|note): ",
        keep=r"\s*(?:\^|~)",
        follow=2,
        blank_max=1,
        fields=(r"(?P<file>[^ :]+\.(?:swift|mm?|h)):(?P<line>\d+):(?:(?P<column>\d+):)? (?:error: )?(?P<message>.+)$",),
        weight=1.0,
        sample="/src/Cart.swift:2:12: error: cannot find 'price' in scope\n    return price\n           ^~~~~\nBUILD FAILED",
        expect=(0, 2, {"file": "/src/Cart.swift", "line": "2", "column": "12", "message": "cannot find 'price' in scope"}),
        source="https://docs.swift.org/compiler/documentation/diagnostics/",
    ),
    BlockRule(
        id="swiftlint.violation",
        tool="swiftlint",
        kind="lint",
        category="code.lint",
        start=r"\.swift:[0-9]+(:[0-9]+)?: (warning|error): .+ Violation: ",
        keep=r".*\.swift:\d+(?::\d+)?: (?:warning|error): .+ Violation: ",
        fields=(r"(?P<file>[^ :]+\.swift):(?P<line>\d+):(?:(?P<column>\d+):)? \w+: (?P<message>.+?)(?: \((?P<code>\w+)\))?$",),
        weight=0.5,
        sample="Linting 'Cart.swift' (1/1)\n/src/Cart.swift:1:10: warning: Colon Violation: Colons should be next to the identifier. (colon)\nDone linting! Found 1 violation, 0 serious in 1 file.",
        expect=(1, 1, {"file": "/src/Cart.swift", "line": "1", "column": "10", "message": "Colon Violation: Colons should be next to the identifier.", "code": "colon"}),
        source="https://realm.github.io/SwiftLint/",
    ),
    BlockRule(
        id="xcpretty.failed",
        tool="xctest",
        kind="test",
        category="code.test",
        start=r"^  [A-Za-z_][A-Za-z0-9_()]*, .+$",
        then=r"\s*(?:/\S+:\d+)?$",
        back=r"[A-Za-z_]\S*$",
        keep=r"  ",
        blank_max=1,
        lines_max=80,
        cause=r"^  \w+, ",
        fields=(r"^  (?P<test>[A-Za-z_]\w*(?:\(\))?), (?P<message>.+)$", r"^  (?P<file>/\S+):(?P<line>\d+)$"),
        weight=1.0,
        sample="Demo.CartTests\n  testTotal, XCTAssertEqual failed: (\"3\") is not equal to (\"4\")\n  /src/CartTests.swift:9\n  ```\n        XCTAssertEqual(total, 4)\n  ```\n\n\n\t Executed 3 tests, with 1 failure",
        expect=(0, 5, {"test": "testTotal", "message": 'XCTAssertEqual failed: ("3") is not equal to ("4")', "file": "/src/CartTests.swift", "line": "9"}),
        source="https://github.com/xcpretty/xcpretty",
    ),
    BlockRule(
        id="xctest.error",
        tool="xctest",
        kind="test",
        category="code.test",
        start=r"^[^ :]+:[0-9]+: error: (-\[|[A-Za-z_.]+ : )",
        keep=r"[^ :]+:\d+: error: -?\[?",
        fields=(r"^(?P<file>[^ :]+):(?P<line>\d+): error: (?P<test>-\[.+?\]|[\w.]+) : (?P<message>.+)$",),
        weight=1.0,
        sample="Test Case '-[Demo.CartTests testTotal]' started.\n/src/CartTests.swift:9: error: -[Demo.CartTests testTotal] : XCTAssertEqual failed: (\"3\") is not equal to (\"4\")\nTest Case '-[Demo.CartTests testTotal]' failed (0.1 seconds).",
        expect=(1, 1, {"file": "/src/CartTests.swift", "line": "9", "test": "-[Demo.CartTests testTotal]", "message": 'XCTAssertEqual failed: ("3") is not equal to ("4")'}),
        source="https://developer.apple.com/documentation/xctest",
    ),
    BlockRule(
        id="ghc.error",
        tool="ghc",
        kind="compile",
        category="code.compile",
        start=r"^.*\.l?hs:[0-9]+:[0-9]+(-[0-9]+)?: ?(error.*)?$",
        reject=r"warning",
        blank_max=1,
        lines_max=40,
        fields=(r"(?P<file>[^\s:]+\.l?hs):(?P<line>\d+):(?P<column>\d+)", r"^ +(?:• )?(?P<message>\S.+)$"),
        weight=1.0,
        sample="[1 of 1] Compiling Main\n\nMain.hs:2:14: error: [GHC-88464]\n    Variable not in scope: price\n  |\n2 | main = print price\n  |              ^^^^^\nnext",
        expect=(2, 4, {"file": "Main.hs", "line": "2", "column": "14", "message": "Variable not in scope: price"}),
        source="https://errors.haskell.org/messages/GHC-88464/",
    ),
)
