"""Blocks of compilers and test frameworks of languages that few projects use."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="paren_format.compile_error",
        tool="compiler",
        kind="compile",
        category="code.compile",
        start=r"^([A-Z]:)?[^ :()]{1,200}\.(d|di|pas|pp|lpr|inc|nim|nims)\([0-9]+(, ?[0-9]+)?\):? (Error|Fatal): ",
        reject=r"There were \d+ errors",
        keep=r"(?:[A-Z]:)?[^ :()]+\.\w+\(\d+(?:, ?\d+)?\):? (?:Error|template|instantiated)",
        blank_max=0,
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :()]+)\((?P<line>\d+)(?:, ?(?P<column>\d+))?\):? (?:Error|Fatal): (?P<message>.+)$",
        ),
        weight=1.0,
        sample="Compiling a.pas\na.pas(4,8) Error: Incompatible types\na.pas(7) Fatal: There were 1 errors compiling module, stopping",
        expect=(1, 1, {"file": "a.pas", "line": "4", "column": "8", "message": "Incompatible types"}),
        source="ran: fpc 3.2, nim 1.6, ldc 1.30",
    ),
    BlockRule(
        id="crystal.error",
        tool="crystal",
        kind="compile",
        category="code.compile",
        start=r"^(In [^ ]+\.cr:[0-9]+:[0-9]+|(Error|Syntax error) in [^ ]+\.cr:[0-9]+: .+)$",
        until=r"\$ |g?make\b|In \S+\.cr:\d|Error in ",
        blank_max=2,
        lines_max=24,
        cause=r"^(?:Error: |Error in |Syntax error in )",
        fields=(
            r"^(?:In|Error in|Syntax error in) (?P<file>\S+\.cr):(?P<line>\d+)(?::(?P<column>\d+)$|: (?P<message>.+)$)",
            r"^Error: (?P<message>.+)$",
        ),
        weight=1.5,
        sample='In a.cr:4:8\n\n 4 | puts f("a")\n            ^\nError: expected argument #1 to be Int32, not String\n\n$ next',
        expect=(
            0,
            4,
            {"file": "a.cr", "line": "4", "column": "8", "message": "expected argument #1 to be Int32, not String"},
        ),
        source="ran: crystal 1.6",
    ),
    BlockRule(
        id="groovyc.startup_failed",
        tool="groovyc",
        kind="compile",
        category="code.compile",
        start=r"MultipleCompilationErrorsException: startup failed:$",
        until=r"\d+ errors?$",
        until_included=True,
        lines_max=60,
        fields=(r"^(?P<file>[^:]+?): (?P<line>\d+): (?P<message>.+?)(?: @ line \d+, column (?P<column>\d+)\.)?$",),
        cause=r": \d+: ",
        weight=2.0,
        sample=(
            "org.codehaus.groovy.control.MultipleCompilationErrorsException: startup failed:\n"
            "a.groovy: 4: expecting ']', found '}' @ line 4, column 1.\n   }\n   ^\n\n1 error"
        ),
        expect=(
            0,
            5,
            {"file": "a.groovy", "line": "4", "message": "expecting ']', found '}'", "column": "1"},
        ),
        source="ran: groovy 2.4",
    ),
    BlockRule(
        id="ld.region_overflowed",
        tool="ld",
        kind="compile",
        category="code.link",
        start=r"(section [`'].+' will not fit in region|region [`'].+' overflowed by [0-9]+ bytes)",
        keep=r".*(?:will not fit in region|overflowed by|section .+ overlaps)|collect2: ",
        blank_max=0,
        fields=(r"(?P<message>(?:section|region) [`'](?P<symbol>[^']+)' .+)$",),
        weight=1.5,
        sample="arm-none-eabi-ld: fw.elf section `.text' will not fit in region `FLASH'\narm-none-eabi-ld: region `FLASH' overflowed by 3004 bytes\nmake: *** [fw.elf] Error 1",
        expect=(0, 1, {"message": "section `.text' will not fit in region `FLASH'", "symbol": ".text"}),
        source="ran: GNU ld 2.40",
    ),
    BlockRule(
        id="cmocka.failed",
        tool="cmocka",
        kind="test",
        category="code.test",
        start=r"^\[  ERROR   \] ",
        back=r"\[ RUN      \] ",
        until=r"\[  FAILED  \]",
        until_included=True,
        cause=r"^\[  ERROR   \] ",
        fields=(
            r"^\[ RUN      \] (?P<test>.+)$",
            r"^\[  ERROR   \] (?:--- )?(?P<message>.+)$",
            r"^\[   LINE   \] --- (?P<file>.+?):(?P<line>\d+): ",
        ),
        weight=1.0,
        sample=(
            "[ RUN      ] sums\n[  ERROR   ] --- 0x9 != 0x8\n[   LINE   ] --- t.c:5: error: Failure!\n[  FAILED  ] sums\n"
            "[ RUN      ] ok"
        ),
        expect=(0, 3, {"test": "sums", "message": "0x9 != 0x8", "file": "t.c", "line": "5"}),
        source="ran: cmocka 1.1",
    ),
    BlockRule(
        id="cunit.failed",
        tool="cunit",
        kind="test",
        category="code.test",
        start=r"^ *Test: .+ \.\.\. ?FAILED$",
        follow=1,
        keep=r"\s+\d+\. .+:\d+ +- ",
        blank_max=0,
        cause=r"\d+\. .+:\d+ +- ",
        fields=(
            r"^ *Test: (?P<test>.+?) \.\.\. ?FAILED$",
            r"^\s+\d+\. (?P<file>.+?):(?P<line>\d+) +- (?P<message>.+)$",
        ),
        weight=1.0,
        sample="Suite: cart\n  Test: sums prices ...FAILED\n    1. t.c:2  - CU_ASSERT_EQUAL(9,8)\n  Test: ok ...passed",
        expect=(1, 2, {"test": "sums prices", "file": "t.c", "line": "2", "message": "CU_ASSERT_EQUAL(9,8)"}),
        source="ran: CUnit 2.1",
    ),
    BlockRule(
        id="fiveam.details",
        tool="fiveam",
        kind="test",
        category="code.test",
        start=r"^ *Failure Details:$",
        until=r"\$ |g?make\b|; |[*(]|\d+: ",
        blank_max=4,
        cause=r"^ *\S+ in \S+ \[.*\]: *$",
        fields=(r"^ *(?P<test>\S+) in (?P<suite>\S+) \[.*\]: *$", r"^ +(?P<message>Unexpected .+)$"),
        weight=1.0,
        sample=(
            " Did 1 check.\n    Fail: 1 (100%)\n\n Failure Details:\n --------------------------------\n SUMS in CART [adds]: \n"
            "      \n8\n\n evaluated to \n\n8\n --------------------------------\n\n\n\n\n\nnext"
        ),
        expect=(3, 12, {"test": "SUMS", "suite": "CART"}),
        source="ran: FiveAM 1.4 with SBCL 2.2",
    ),
    BlockRule(
        id="shadow_cljs.error",
        tool="shadow-cljs",
        kind="compile",
        category="code.compile",
        start=r"^-{4,} ERROR -{10,}$",
        until=r"\$ |\+ |\[:|={5}|-{4,} (?:ERROR|WARNING)",
        trim=r"-{20,}$",
        lines_max=60,
        cause=r"^(?!-{4}| File: |\s*\d+ \|)\S",
        fields=(
            r"^ File: (?P<file>\S+?):(?P<line>\d+):(?P<column>\d+)$",
            r"^(?P<message>(?!-{4}| File: |\s*\d+ \|)\S.+)$",
        ),
        weight=1.0,
        sample=(
            "[:app] Compiling ...\n------ ERROR -------------------------------------------\n File: /src/core.cljs:12:5\n"
            "--------------------------------------------------------\n  12 | (rf/reg-evnt :add\n"
            "-----------^--------------------------------------------\nUse of undeclared Var re-frame.core/reg-evnt\n"
            "--------------------------------------------------------\n"
        ),
        expect=(
            1,
            6,
            {
                "file": "/src/core.cljs",
                "line": "12",
                "column": "5",
                "message": "Use of undeclared Var re-frame.core/reg-evnt",
            },
        ),
        source="https://shadow-cljs.github.io/docs/UsersGuide.html",
    ),
    BlockRule(
        id="guile.error",
        tool="guile",
        kind="trace",
        category="code.runtime_crash",
        start=r"^(ERROR: )?In procedure [^ ]+:$",
        back=r"Backtrace:|In \S+:$|\s+\d+ |\s+\S|\S+:\d+:\d+: ",
        follow=1,
        blank_max=0,
        cause=r"^(?:ERROR: )?In procedure \S+: \S",
        fields=(r"^(?:ERROR: )?In procedure (?P<symbol>\S+): (?P<message>\S.*)$",),
        weight=1.0,
        sample="Backtrace:\n           0 (car ())\n\nERROR: In procedure car:\nIn procedure car: Wrong type (expecting pair): ()\nnext",
        expect=(3, 4, {"symbol": "car", "message": "Wrong type (expecting pair): ()"}),
        source="ran: guile 3.0",
    ),
    BlockRule(
        id="cocoapods.unresolved",
        tool="cocoapods",
        kind="resolve",
        category="deps.resolve",
        start=r"^\[!\] (CocoaPods could not find compatible versions for pod|Unable to (find a specification|satisfy the following requirements))",
        until=r"\$ |\+ |\[!\] |##\[|travis_",
        lines_max=24,
        fields=(r'for pod "(?P<package>[^"]+)"', r"^\[!\] (?P<message>.+)$"),
        weight=1.0,
        sample=(
            'Analyzing dependencies\n[!] CocoaPods could not find compatible versions for pod "AFNetworking":\n  In Podfile:\n'
            "    AFNetworking (= 3.9)\n\nNone of your spec sources contain a spec satisfying the dependency.\n$ next"
        ),
        expect=(
            1,
            5,
            {
                "package": "AFNetworking",
                "message": 'CocoaPods could not find compatible versions for pod "AFNetworking":',
            },
        ),
        source="https://github.com/CocoaPods/Molinillo",
    ),
    BlockRule(
        id="verilator.message",
        tool="verilator",
        kind="lint",
        category="code.lint",
        start=r"^%(Error|Warning)(-[A-Z0-9_]+)?: [^ ]+:[0-9]+:([0-9]+:)? ",
        keep=r"%(?:Error|Warning)(?:-\w+)?: \S+:\d+",
        blank_max=0,
        fields=(
            r"^%\w+(?:-(?P<code>\w+))?: (?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<message>.+)$",
        ),
        weight=0.5,
        sample="%Warning-IMPLICIT: t.v:2:37: Signal definition not found, creating implicitly: 'z'\n    2 | assign z = x;\n      |        ^\n%Error: Exiting due to 1 warning(s)",
        expect=(
            0,
            2,
            {
                "code": "IMPLICIT",
                "file": "t.v",
                "line": "2",
                "column": "37",
                "message": "Signal definition not found, creating implicitly: 'z'",
            },
        ),
        source="ran: verilator 5.006",
    ),
    BlockRule(
        id="cabal.coded_error",
        tool="cabal",
        kind="build",
        category="config.build_script",
        start=r"^Error: \[Cabal-[0-9]+\]$",
        unless=r"^(?:cabal: )?(?:Could not resolve dependencies|Failed to build |Tests failed for |Some packages failed)",
        follow=1,
        keep=r"\[[a-z]+(?:-[a-z]+)+\] ",
        blank_max=1,
        lines_max=20,
        cause=r"^(?!Error: \[Cabal-)\S",
        fields=(r"^Error: \[(?P<code>Cabal-\d+)\]$", r"^(?P<message>(?!Error: \[Cabal-)\S.*)$"),
        weight=0.5,
        sample=(
            "Configuring cart-0.1...\nError: [Cabal-7007]\n"
            "The field 'build-depends: cart' refers to a library which is defined within the same package.\n\nnext"
        ),
        expect=(
            1,
            2,
            {
                "code": "Cabal-7007",
                "message": "The field 'build-depends: cart' refers to a library which is defined within the same package.",
            },
        ),
        source="https://errors.haskell.org/",
    ),
    BlockRule(
        id="zig.error",
        tool="zig",
        kind="compile",
        category="code.compile",
        start=r"^([A-Z]:)?[^ :()\n]{1,200}\.zig(?:\.zon)?:[0-9]+:[0-9]+: error: ",
        keep=r"\S+\.zig:\d+:\d+: note: ",
        blank_max=0,
        fields=(r"^(?P<file>(?:[A-Z]:)?[^ :()]+):(?P<line>\d+):(?P<column>\d+): error: (?P<message>.+)$",),
        weight=1.5,
        sample=(
            "install\nsrc/cart.zig:4:12: error: expected type 'u8', found '?u8'\n    return price;\n           ^~~~~\n"
            "referenced by:\n    main: src/main.zig:3:9"
        ),
        expect=(
            1,
            3,
            {"file": "src/cart.zig", "line": "4", "column": "12", "message": "expected type 'u8', found '?u8'"},
        ),
        source="https://ziglang.org/documentation/master/#Compile-Errors",
    ),
)
