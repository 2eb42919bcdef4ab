"""Blocks of the JavaScript runtimes that bring their own tools: Deno and Bun; and of small JavaScript test runners."""

from exlogare_ci.analysis.blocks.base import BlockRule

_DENO = "ran: deno 2"
_BUN = "ran: bun 1"

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="deno.test_failed",
        tool="deno",
        kind="test",
        category="code.test",
        start=r"^[^ ].* => \.?/?[^ ]+\.[a-z]+:[0-9]+:[0-9]+$",
        then=r"error: ",
        until=r"[^ ].* => \.?/?\S+\.\w+:\d+:\d+$| (?:FAILURES|ERRORS)\b|FAILED \|",
        blank_max=3,
        fields=(
            r"^(?P<test>\S.*?) => (?:\./)?(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):\d+$",
            r"^error: (?:Uncaught )?(?:Error: )?(?P<message>.+)$",
        ),
        weight=1.0,
        sample=(
            "running 2 tests from ./cart_test.ts\ntotal ... FAILED (1ms)\n\n ERRORS \n\ntotal => ./cart_test.ts:2:6\n"
            "error: Error: 3 is not 4\n    at file:///src/cart_test.ts:2:28\n\n FAILURES \n\ntotal => ./cart_test.ts:2:6\n"
        ),
        expect=(5, 7, {"test": "total", "file": "cart_test.ts", "line": "2", "message": "3 is not 4"}),
        source=_DENO,
    ),
    BlockRule(
        id="deno.type_error",
        tool="deno",
        kind="compile",
        category="code.type",
        start=r"^TS[0-9]+ \[ERROR\]: ",
        keep=r"\S.*$",
        blank_max=0,
        lines_max=12,
        fields=(
            r"^(?P<code>TS\d+) \[ERROR\]: (?P<message>.+)$",
            r"^    at (?:file://)?(?P<file>\S+?):(?P<line>\d+):\d+$",
        ),
        weight=1.5,
        sample=(
            "Check a.ts\nTS2322 [ERROR]: Type 'string' is not assignable to type 'number'.\n"
            'const a: number = "x";\n      ^\n    at file:///src/a.ts:1:7\n\nerror: Type checking failed.'
        ),
        expect=(
            1,
            4,
            {
                "code": "TS2322",
                "message": "Type 'string' is not assignable to type 'number'.",
                "file": "/src/a.ts",
                "line": "1",
            },
        ),
        source=_DENO,
    ),
    BlockRule(
        id="deno.lint",
        tool="deno",
        kind="lint",
        category="code.lint",
        start=r"^error\[[a-z][a-z0-9/-]+\]: ",
        then=r" *--> ",
        keep=r"\d+ \|",
        blank_max=1,
        lines_max=14,
        fields=(
            r"^error\[(?P<code>[\w/-]+)\]: (?P<message>.+)$",
            r"^ *--> (?:file://)?(?P<file>\S+?):(?P<line>\d+):\d+$",
        ),
        weight=1.0,
        sample=(
            "error[no-unused-vars]: `a` is never used\n --> /src/a.ts:1:7\n  | \n1 | const a = 1;\n  |       ^\n"
            "  = hint: If this is intentional, prefix it with an underscore\n\nChecked 1 file"
        ),
        expect=(
            0,
            5,
            {"code": "no-unused-vars", "message": "`a` is never used", "file": "/src/a.ts", "line": "1"},
        ),
        source=_DENO,
    ),
    BlockRule(
        id="deno.uncaught",
        tool="deno",
        kind="trace",
        category="code.runtime_crash",
        start=r"^error: Uncaught (\(in promise\) )?.+$",
        follow=2,
        blank_max=0,
        fields=(
            r"^error: Uncaught (?:\(in promise\) )?(?P<exception>\w+): (?P<message>.+)$",
            r"at (?:\S+ \()?file://(?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+):\d+",
        ),
        weight=1.5,
        sample=(
            "error: Uncaught (in promise) TypeError: Cannot read properties of undefined (reading 'price')\n"
            "function f(){ return a.price }\n                       ^\n    at f (file:///src/a.ts:1:50)\n"
            "    at file:///src/a.ts:2:1\n\nStack backtrace:"
        ),
        expect=(
            0,
            4,
            {
                "exception": "TypeError",
                "message": "Cannot read properties of undefined (reading 'price')",
                "file": "/src/a.ts",
                "line": "1",
            },
        ),
        source=_DENO,
    ),
    BlockRule(
        id="bun.test_failed",
        tool="bun",
        kind="test",
        category="code.test",
        start=r"^\(fail\) .+$",
        back=r"(?!\((?:pass|fail|skip|todo)\)|[\w./@-]+\.\w+:$|  \^ this test|bun test v|::)\S.*$|\s+\S.*$",
        back_blank_max=1,
        keep=r"  \^ this test timed out",
        blank_max=0,
        cause=r"^(?:error: |\w*Error: )|^  \^ this test timed out",
        fields=(
            r"^\(fail\) (?P<test>.+?)(?: \[[\d.,]+ ?\w+\])?$",
            r"^(?:error|(?P<exception>\w*Error)): (?P<message>.+)$",
            r"^  \^ (?P<message>this test timed out.+)$",
            r"^Expected: (?P<expected>.+)$",
            r"^Received: (?P<actual>.+)$",
            r"^\s+at .*?\(?(?P<file>/[^()\s:]+):(?P<line>\d+):\d+\)?$",
        ),
        weight=1.0,
        sample=(
            "bun test v1.2.0\n\ncart.test.ts:\n1 | test('total',()=>{expect(3).toBe(4)});\n                          ^\n"
            "error: expect(received).toBe(expected)\n\nExpected: 4\nReceived: 3\n\n"
            "      at <anonymous> (/src/cart.test.ts:2:29)\n(fail) cart > total [0.36ms]\n(pass) ok [0.01ms]\n\n 1 pass"
        ),
        expect=(
            3,
            11,
            {
                "test": "cart > total",
                "message": "expect(received).toBe(expected)",
                "expected": "4",
                "actual": "3",
                "file": "/src/cart.test.ts",
                "line": "2",
            },
        ),
        source=_BUN,
    ),
    BlockRule(
        id="bun.code_frame",
        tool="bun",
        kind="trace",
        category="code.runtime_crash",
        start=r"^ +\^ *$",
        then=r"(?:error|[A-Z][A-Za-z]*Error): ",
        back=r"\s*\d+ \| ",
        until=r"Bun v\d|\((?:pass|fail|skip)\) |\d+ \| ",
        cause=r"^(?:error|\w+Error): ",
        needs=r"^\s+at .*/[^()\s:]+:\d+:\d+\)?$",
        blank_max=1,
        fields=(
            r"^(?:error|(?P<exception>\w+Error)): (?P<message>.+)$",
            r"^\s+at .*?\(?(?P<file>/[^()\s:]+):(?P<line>\d+):\d+\)?$",
        ),
        weight=0.0,
        sample=(
            "$ bun run a.ts\n1 | f(undefined)\n                  ^\nTypeError: undefined is not an object\n"
            "      at f (/src/a.ts:1:30)\n      at /src/a.ts:2:1\n\nBun v1.2.0 (Linux x64)"
        ),
        expect=(
            1,
            5,
            {
                "exception": "TypeError",
                "message": "undefined is not an object",
                "file": "/src/a.ts",
                "line": "1",
            },
        ),
        source=_BUN,
    ),
    BlockRule(
        id="uvu.failed",
        tool="uvu",
        kind="test",
        category="code.test",
        start=r'^ +FAIL +(.+ +)?"[^"]+"$',
        until=r" +FAIL +|\s+Total: ",
        blank_max=2,
        lines_max=40,
        cause=r"^ {4}\S",
        fields=(
            r'^ +FAIL +(?P<test>.*?"[^"]+")$',
            r"^ {4}(?P<message>\S.+?)(?:  \(\w+\))?$",
            r"^\s+at .*\((?P<file>(?!.*node_modules)[^():]+):(?P<line>\d+):\d+\)$",
        ),
        weight=1.0,
        sample=(
            'a.js\n✘   (0 / 1)\n\n   FAIL  "total"\n    Expected values to be strictly equal:  (is)\n\n        ++4    (Expected)\n'
            "        --3    (Actual)\n\n    at Object.handler (/src/t/a.js:1:89)\n\n  Total:     1\n"
        ),
        expect=(
            3,
            9,
            {"test": '"total"', "message": "Expected values to be strictly equal:", "file": "/src/t/a.js", "line": "1"},
        ),
        source="ran: uvu 0.5",
    ),
    BlockRule(
        id="tap.runner_failed",
        tool="tap",
        kind="test",
        category="code.test",
        start=r"^✖ .+ > .+$",
        then=r"\s+\S",
        until=r"Asserts: |✖ | FAIL | PASS |🌈",
        blank_max=1,
        lines_max=60,
        fields=(r"^✖ (?P<test>.+?)(?: \S+:\d+:\d+)?$", r"\((?P<file>[^()\s:]+):(?P<line>\d+):\d+\)$"),
        weight=1.0,
        sample=(
            " FAIL  a.test.mjs 1 failed of 1 34ms\n✖ total > sums\n  t.equal(3,4,'sums')\n  ---^\n\n  --- expected\n"
            "  +++ actual\n  -4\n  +3\n  Test.<anonymous> (a.test.mjs:1:42)\n\nAsserts:  0 pass  1 fail"
        ),
        expect=(1, 9, {"test": "total > sums", "file": "a.test.mjs", "line": "1"}),
        source="ran: node-tap 21",
    ),
    BlockRule(
        id="cucumber_js.scenario",
        tool="cucumber",
        kind="test",
        category="code.test",
        start=r"^[0-9]+\) Scenario: .+ # .+:[0-9]+$",
        until=r"\d+\) |\d+ scenarios? \(",
        blank_max=2,
        lines_max=60,
        cause=r"^ +✖ ",
        fields=(
            r"^\d+\) Scenario: (?P<test>.+?) # (?P<file>.+):(?P<line>\d+)$",
            r"^ {7}(?P<message>\S.+)$",
        ),
        weight=1.5,
        sample=(
            "Failures:\n\n1) Scenario: total # features/cart.feature:2\n   ✔ Given two prices # features/steps.js:1\n"
            "   ✖ Then the total is 4 # features/steps.js:1\n       AssertionError: 3 !== 4\n           at World.<anonymous> (/src/features/steps.js:1:9)\n\n"
            "1 scenario (1 failed)"
        ),
        expect=(
            2,
            6,
            {"test": "total", "file": "features/cart.feature", "line": "2", "message": "AssertionError: 3 !== 4"},
        ),
        source="ran: cucumber-js 12",
    ),
    BlockRule(
        id="svelte_check.error",
        tool="svelte-check",
        kind="compile",
        category="code.type",
        start=r"^/.+\.(svelte|[cm]?[jt]sx?):[0-9]+:[0-9]+$",
        then=r"Error: ",
        keep=r"\S.*$",
        blank_max=0,
        lines_max=8,
        fields=(r"^(?P<file>/.+):(?P<line>\d+):\d+$", r"^Error: (?P<message>.+?)(?: \(\w+\))?\s*$"),
        cause=r"^Error: ",
        weight=1.5,
        sample=(
            "Getting Svelte diagnostics...\n\n/src/App.svelte:2:5\nError: Type 'string' is not assignable to type 'number'. (ts)\n"
            '<script lang="ts">\nlet a: number = "x";\n\n====\nsvelte-check found 1 error'
        ),
        expect=(
            2,
            5,
            {"file": "/src/App.svelte", "line": "2", "message": "Type 'string' is not assignable to type 'number'."},
        ),
        source="ran: svelte-check 4",
    ),
    BlockRule(
        id="parcel.failed",
        tool="parcel",
        kind="compile",
        category="code.compile",
        start=r"^@parcel/[a-z-]+: .+$",
        until=r"@parcel/",
        blank_max=1,
        lines_max=14,
        fields=(r"^@parcel/[\w-]+: (?P<message>.+)$", r"^ +(?P<file>/\S+?):(?P<line>\d+):\d+$"),
        weight=1.0,
        sample=(
            "🚨 Build failed.\n\n@parcel/core: Failed to resolve './missing.js' from './a.js'\n\n  /src/a.js:1:8\n"
            "  > 1 | import './missing.js'\n\n@parcel/resolver-default: Cannot load file './missing.js' in './'."
        ),
        expect=(
            2,
            5,
            {"message": "Failed to resolve './missing.js' from './a.js'", "file": "/src/a.js", "line": "1"},
        ),
        source="ran: parcel 2",
    ),
)
