"""Blocks that compilers, linkers and checkers of C and C++ print, and CMake."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="clang_format.violation",
        tool="clang-format",
        kind="list",
        category="code.format",
        start=r"(error|warning): code should be clang-formatted",
        follow=2,
        blank_max=0,
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):(?P<column>\d+): \w+: (?P<message>code should be clang-formatted)",
        ),
        weight=3.0,
        sample=(
            "cart.cpp:1:10: error: code should be clang-formatted [-Wclang-format-violations]\n"
            "int main(){return 0;}\n         ^\nnext"
        ),
        expect=(0, 2, {"file": "cart.cpp", "line": "1", "column": "10", "message": "code should be clang-formatted"}),
        source="ran: clang-format 14",
    ),
    BlockRule(
        id="cppcheck.finding",
        tool="cppcheck",
        kind="lint",
        category="code.lint",
        start=r"^([A-Z]:)?[^ :]+:[0-9]+:[0-9]+: (error|warning|style|performance|portability): .+ \[[a-z][A-Za-z]+\]$",
        keep=r"(?:[A-Z]:)?[^ :]+:\d+:\d+: note: | +\^",
        follow=2,
        blank_max=0,
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):(?P<column>\d+): \w+: (?P<message>.+) \[(?P<code>\w+)\]$",
        ),
        weight=3.0,
        sample=(
            "src.c:6:6: error: Array 'a[4]' accessed at index 4, which is out of bounds. [arrayIndexOutOfBounds]\n"
            "    a[4] = 1;\n     ^\nnext"
        ),
        expect=(
            0,
            2,
            {
                "file": "src.c",
                "line": "6",
                "column": "6",
                "message": "Array 'a[4]' accessed at index 4, which is out of bounds.",
                "code": "arrayIndexOutOfBounds",
            },
        ),
        source="ran: cppcheck 2.10",
    ),
    BlockRule(
        id="valgrind.error",
        tool="valgrind",
        kind="lint",
        category="code.runtime_crash",
        start=r"^==[0-9]+== (Invalid (read|write|free)|Conditional jump|Use of uninitialised|Process terminating|[0-9,]+ (\(.+\) )?bytes in [0-9,]+ blocks are definitely lost)",
        until=r"==\d+== (?:LEAK SUMMARY|ERROR SUMMARY|(?:For|Use|To) )|(?!==\d+==)",
        blank_max=0,
        lines_max=60,
        trim=r"==\d+== *$",
        fields=(
            r"^==\d+== (?P<message>\S.+)$",
            r"^==\d+== +(?:at|by) 0x\w+: (?P<symbol>\S+) \((?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+)\)",
        ),
        weight=2.0,
        sample=(
            "==7== HEAP SUMMARY:\n==7== 16 bytes in 1 blocks are definitely lost in loss record 1 of 1\n"
            "==7==    at 0x48: malloc (vg_replace_malloc.c:381)\n==7==    by 0x10: main (cart.c:3)\n==7== \n"
            "==7== ERROR SUMMARY: 1 errors from 1 contexts"
        ),
        expect=(
            1,
            3,
            {
                "message": "16 bytes in 1 blocks are definitely lost in loss record 1 of 1",
                "symbol": "malloc",
                "file": "vg_replace_malloc.c",
                "line": "381",
            },
        ),
        source="ran: valgrind 3.19",
    ),
    BlockRule(
        id="doxygen.error",
        tool="doxygen",
        kind="lint",
        category="code.lint",
        start=r"^([A-Z]:)?[^ :()]+:[0-9]+: error: .+$",
        until=r"\S+:\d+: |make",
        until_included=False,
        needs=r"\(warning treated as error, aborting now\)$",
        blank_max=0,
        lines_max=6,
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :()]+):(?P<line>\d+): error: (?P<message>.+?)(?: \(warning treated as error.*)?$",
        ),
        weight=1.6,
        sample=(
            "Generating docs for compound Cart...\n/src/cart.hpp:17: error: reached end of file while inside a dot block!\n"
            "The command that should end the block seems to be missing!\n (warning treated as error, aborting now)\n\n"
            "make: *** [docs] Error 1"
        ),
        expect=(
            1,
            3,
            {"file": "/src/cart.hpp", "line": "17", "message": "reached end of file while inside a dot block!"},
        ),
        source="https://www.doxygen.nl/manual/config.html#cfg_warn_as_error",
    ),
    BlockRule(
        id="gcc.error",
        tool="gcc",
        kind="compile",
        category="code.compile",
        start=r"^(\[[0-9;]*m)?([A-Z]:)?[^ :()]+:[0-9]+:([0-9]+:)? (fatal )?error: ",
        reject=(
            r"\.(?:py|pyi|hs|rs|erl|java|kts?|scala|groovy|go|swift|vala|nim|zig|proto|ml|mli|dart|exs?|cs|fs|vb|d|pas"
            r"|[cm]?[jt]sx?|css|scss|less|rb|php|pl|pm|lua|sh|md|rst|adoc|txt|tex|ya?ml|json|toml|xml|html?|sql|tf):\d"
            r"|\[[a-z][\w.]*-[\w.,-]+\]$|: error: Failure in (?:IGNORE_)?TEST\("
        ),
        back=r"In file included from |\s+from |\S+: (?:In|At) |\s+\S+: In ",
        keep=r"\S+:\d+:(?:\d+:)? note: |compilation terminated\.|.*: In (?:member )?function|cc1\w*: all warnings",
        blank_max=0,
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :()]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?:fatal )?error: (?P<message>.+)$",
            r"fatal error: '?(?P<path>[^:']+)'?(?: file not found|: No such file)",
        ),
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
        expect=(
            1,
            5,
            {
                "file": "cart.c",
                "line": "2",
                "column": "10",
                "message": "‘price’ undeclared (first use in this function)",
            },
        ),
        source="ran: gcc 12",
    ),
    BlockRule(
        id="msvc.error",
        tool="msvc",
        kind="compile",
        category="code.compile",
        start=r"\([0-9]+(,[0-9]+)?\) ?: (fatal )?error (C|LNK|RC)[0-9]+: ",
        keep=r".*\(\d+(?:,\d+)?\) ?: (?:note|error|fatal error)",
        fields=(
            r"(?P<file>[^\\/\s(]+)\((?P<line>\d+)(?:,(?P<column>\d+))?\) ?: (?:fatal )?error (?P<code>\w+): (?P<message>.+?)(?: \[.+\])?$",
        ),
        weight=1.5,
        sample="cart.cpp\ncart.cpp(2): error C2065: 'price': undeclared identifier\nNMAKE : fatal error U1077",
        expect=(
            1,
            1,
            {"file": "cart.cpp", "line": "2", "code": "C2065", "message": "'price': undeclared identifier"},
        ),
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
        fields=(
            r"undefined reference to (?:`|'|‘)(?P<symbol>[^'’]+)",
            r"(?P<file>[\w./+-]+\.\w+):(?:\(\.text|(?P<line>\d+))",
        ),
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
        start=r"^ {0,4}CMake Error",  # indented where a build tool ran CMake
        reject=r"CMake Error: CMAKE_.* not set",
        until=r"-- |CMake |make|ninja|\[|See also|Call Stack",
        blank_max=1,
        back=r"--   (?:Package '|No package ').+",
        cause=r"^\s{2,}(?!CMake Error)\S",
        fields=(
            r"^--   (?:Package|No package) '(?P<package>[^']+)'",
            r"^ {4}(?P<path>[\w./+-]+)$",
            r"^ {0,4}CMake Error at (?P<file>[^: ]+):(?P<line>\d+)",
            r"^\s{2,}(?P<message>(?!CMake Error)\S.+)$",
            r"Could NOT find (?P<package>\w+)",
        ),
        weight=1.0,
        sample=(
            "-- Detecting C compile features - done\n"
            "CMake Error at CMakeLists.txt:3 (find_package):\n"
            '  By not providing "FindDemo.cmake" in CMAKE_MODULE_PATH this project has\n'
            '  asked CMake to find a package configuration file provided by "Demo".\n'
            "\n"
            "\n"
            "-- Configuring incomplete, errors occurred!"
        ),
        expect=(
            1,
            3,
            {
                "file": "CMakeLists.txt",
                "line": "3",
                "message": 'By not providing "FindDemo.cmake" in CMAKE_MODULE_PATH this project has',
            },
        ),
        source="ran: cmake 3.25",
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
        fields=(
            r"(?:ERROR|WARNING): (?P<message>\w+Sanitizer: \S.*?)(?: on (?:unknown )?address.*)?$",
            r"#\d+ 0x\w+ in (?P<symbol>\S+) (?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+)",
        ),
        weight=2.0,
        sample=(
            "==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014\n"
            "READ of size 4 at 0x602000000014 thread T0\n"
            "    #0 0x4c3 in total /src/cart.c:5\n"
            "\n"
            "SUMMARY: AddressSanitizer: heap-buffer-overflow /src/cart.c:5 in total\n"
            "next"
        ),
        expect=(
            0,
            4,
            {
                "message": "AddressSanitizer: heap-buffer-overflow",
                "symbol": "total",
                "file": "/src/cart.c",
                "line": "5",
            },
        ),
        source="https://clang.llvm.org/docs/AddressSanitizer.html",
    ),
)
