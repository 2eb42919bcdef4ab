"""Blocks that the compilers, linters, bundlers and package managers of JavaScript print."""

from exlogare_ci.analysis.blocks.base import BlockRule

_FRAME = r"(?:^|[\s(])(?P<file>(?!node:|internal/)(?![^\s()]*node_modules)[^\s()]+\.[cm]?[jt]sx?):(?P<line>\d+):(?P<column>\d+)\)?$"

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="eslint.problem",
        tool="eslint",
        kind="lint",
        category="code.lint",
        start=r"^ +[0-9]+:[0-9]+ +error +",
        back=r"(?:/|[A-Za-z]:[\\/]|\.{0,2}/|[\w@][\w./@-]*/)?[\w./@ -]+\.\w+$| +\d+:\d+ +(?:warning|error) ",
        keep=r" +\d+:\d+ +(?:warning|error) |(?:/|[A-Za-z]:\\)\S.*\.\w+$",
        blank_max=1,
        cause=r"^ +\d+:\d+ +error ",
        fields=(
            r"^(?P<file>(?:/|[A-Za-z]:\\|\./)\S.*\.\w+)$",
            r"^ +(?P<line>\d+):(?P<column>\d+) +error +(?P<message>.+?)(?:  +(?P<code>[@\w/-]+))?$",
        ),
        weight=1.5,
        sample=(
            "> eslint .\n"
            "\n"
            "/src/cart.js\n"
            "  1:7  error  'total' is assigned a value but never used  no-unused-vars\n"
            "\n"
            "✖ 1 problem (1 error, 0 warnings)"
        ),
        expect=(
            2,
            3,
            {
                "file": "/src/cart.js",
                "line": "1",
                "column": "7",
                "message": "'total' is assigned a value but never used",
                "code": "no-unused-vars",
            },
        ),
        source="ran: eslint 9",
    ),
    BlockRule(
        id="standard.problem",
        tool="standard",
        kind="lint",
        category="code.lint",
        start=r"^ +/?[^ :]+\.(js|jsx|ts|tsx|mjs|cjs|vue):[0-9]+:[0-9]+: ",
        back=r"(?:standard|semistandard|ts-standard): ",
        keep=r" +/?[^ :]+\.\w+:\d+:\d+: |.*Unexpected token",
        fields=(
            r"^ +(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):(?P<column>\d+): (?P<message>.+?)(?: \((?P<code>[\w@/-]+)\))?$",
        ),
        weight=1.0,
        sample=(
            "standard: Use JavaScript Standard Style (https://standardjs.com)\n"
            "  /src/cart.js:1:15: Extra semicolon. (semi)\n"
            "npm error code 1"
        ),
        expect=(
            0,
            1,
            {
                "file": "/src/cart.js",
                "line": "1",
                "column": "15",
                "message": "Extra semicolon.",
                "code": "semi",
            },
        ),
        source="https://standardjs.com/",
    ),
    BlockRule(
        id="stylelint.problem",
        tool="stylelint",
        kind="lint",
        category="code.lint",
        start=r"^ +[0-9]+:[0-9]+ +(✖|×) +",
        back=r"\S+\.\w+$| +\d+:\d+ ",
        keep=r"\S+\.(?:css|scss|less|sass|vue|html)$| +\d+:\d+ ",
        blank_max=1,
        cause=r"^ +\d+:\d+ ",
        fields=(
            r"^(?P<file>\S+\.\w+)$",
            r"^ +(?P<line>\d+):(?P<column>\d+) +(?:✖|×) +(?P<message>.+?)(?:  +(?P<code>[\w-]+))? *$",
        ),
        weight=1.0,
        sample="cart.css\n 4:1  ✖  Unexpected empty block  block-no-empty\n\n1 problem (1 error, 0 warnings)",
        expect=(
            0,
            1,
            {
                "file": "cart.css",
                "line": "4",
                "column": "1",
                "message": "Unexpected empty block",
                "code": "block-no-empty",
            },
        ),
        source="https://stylelint.io/user-guide/options#formatter",
    ),
    BlockRule(
        id="markdownlint.problem",
        tool="markdownlint",
        kind="lint",
        category="code.lint",
        start=r"^([A-Z]:)?[^ :]+: ?[0-9]+(:[0-9]+)?:? (error )?MD[0-9]{3}",
        keep=r"\S+: ?\d+(?::\d+)?:? (?:error )?MD\d{3}",
        fields=(
            r"^(?P<file>\S+?): ?(?P<line>\d+)(?::(?P<column>\d+))?:? (?:error )?(?P<code>MD\d{3}\S*) (?P<message>.+)$",
        ),
        weight=1.0,
        sample="README.md:29 MD012/no-multiple-blanks Multiple consecutive blank lines [Expected: 1; Actual: 2]\nnpm error code 1",
        expect=(
            0,
            0,
            {
                "file": "README.md",
                "line": "29",
                "code": "MD012/no-multiple-blanks",
                "message": "Multiple consecutive blank lines [Expected: 1; Actual: 2]",
            },
        ),
        source="https://github.com/igorshubovych/markdownlint-cli",
    ),
    BlockRule(
        id="tslint.error",
        tool="tslint",
        kind="lint",
        category="code.lint",
        start=r"^ERROR: [^ ]+(:[0-9]+:[0-9]+|\[[0-9]+, [0-9]+\]) - ",
        keep=r"ERROR: \S+(?::\d+|\[\d+)",
        fields=(r"^ERROR: (?P<file>[^ :\[]+)[:\[](?P<line>\d+)[:,] ?(?P<column>\d+)\]? - (?P<message>.+)$",),
        weight=1.0,
        sample="ERROR: src/cart.ts:4:7 - Missing semicolon\nnpm error code 2",
        expect=(0, 0, {"file": "src/cart.ts", "line": "4", "column": "7", "message": "Missing semicolon"}),
        source="https://palantir.github.io/tslint/formatters/",
    ),
    BlockRule(
        id="prettier.unformatted",
        tool="prettier",
        kind="list",
        category="code.format",
        start=r"^\[warn\] [^ ]+\.[a-z]+$",
        keep=r"\[(?:warn|error)\] ",
        fields=(r"^\[warn\] (?P<file>\S+\.\w+)$",),
        weight=0.5,
        sample="Checking formatting...\n[warn] src/cart.js\n[warn] Code style issues found in the above file. Run Prettier with --write to fix.\nnpm error code 1",
        expect=(1, 2, {"file": "src/cart.js"}),
        source="ran: prettier 3",
    ),
    BlockRule(
        id="tsc.error",
        tool="tsc",
        kind="compile",
        category="code.type",
        start=r"\.([cm]?tsx?|[cm]?jsx?|vue)(\([0-9]+,[0-9]+\):|:[0-9]+:[0-9]+ -) error TS[0-9]+: ",
        keep=r"\S+\.\w+(?:\(\d+,\d+\):|:\d+:\d+ -) error TS",
        blank_max=1,
        fields=(
            r"(?P<file>[^\s(:]+)[(:](?P<line>\d+)[,:](?P<column>\d+)\)?:? ?-? ?error (?P<code>TS\d+): (?P<message>.+)$",
        ),
        weight=1.5,
        sample="src/cart.ts(4,7): error TS2322: Type 'string' is not assignable to type 'number'.\nnpm error code 2",
        expect=(
            0,
            0,
            {
                "file": "src/cart.ts",
                "line": "4",
                "column": "7",
                "code": "TS2322",
                "message": "Type 'string' is not assignable to type 'number'.",
            },
        ),
        source="ran: tsc 5",
    ),
    BlockRule(
        id="node.error",
        tool="node",
        kind="trace",
        category="code.runtime_crash",
        start=r"^ *(Uncaught )?[A-Za-z]*Error( \[[A-Z_0-9]+\])?: .+$",
        reject=r"^Error: (?:in prepare|stepping|near line)\b",
        then=r" +at |Require stack:|- /| {2,}(?!Execution halted)\S|.* is not valid JSON$|This file is being treated as an ES module",
        back=r".+\.[cm]?[jt]sx?:\d+$| *\^+$| {2,}\S.*",
        back_blank_max=1,
        back_needs=r" *\^+ *$",
        keep=r".* is not valid JSON$|This file is being treated|Require stack:|- /| +at |  code: |}|Emitted 'error' event|  \w+: |  \[cause\]",
        blank_max=1,
        cause=r"^\s*(?:Uncaught )?\w*Error\b.*: |\[cause\]: ",
        last_of=("exception", "message"),
        cause_last=True,
        fields=(
            r"^ *(?:Uncaught )?(?P<exception>\w*Error)(?: \[\w+\])?: (?P<message>.+?)(?: \{)?$",
            r"^ +\[cause\]: (?P<exception>\w*Error)(?: \[\w+\])?: (?P<message>.+?)(?: \{)?$",
            r"^(?P<file>/.+\.[cm]?[jt]sx?):(?P<line>\d+)$",
            _FRAME,
            r"Cannot find (?:module|package) '(?P<package>[^']+)'",
        ),
        sample=(
            "> node app.js\n"
            "\n"
            "Error: Cannot find module 'express'\n"
            "Require stack:\n"
            "- /src/app.js\n"
            "    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)\n"
            "    at Object.<anonymous> (/src/app.js:1:1)\n"
            "npm error code 1"
        ),
        expect=(
            2,
            6,
            {
                "exception": "Error",
                "message": "Cannot find module 'express'",
                "package": "express",
                "file": "/src/app.js",
                "line": "1",
                "column": "1",
            },
        ),
        source="ran: node 20",
    ),
    BlockRule(
        id="flow.error",
        tool="flow",
        kind="lint",
        category="code.type",
        start=r"^Error (-|┈)+ .+:[0-9]+:[0-9]+$",
        until=r"Error (?:-|┈)+|Found \d+ error",
        blank_max=2,
        lines_max=40,
        fields=(r"^Error \S+ (?P<file>.+):(?P<line>\d+):(?P<column>\d+)$", r"^(?P<message>(?!Error )[A-Z].+)$"),
        weight=1.0,
        sample="Error ------------------------------------- src/cart.js:3:10\n\nCannot resolve name price.\n\n   3| return price;\n\nFound 1 error",
        expect=(0, 4, {"file": "src/cart.js", "line": "3", "column": "10", "message": "Cannot resolve name price."}),
        source="https://flow.org/en/docs/cli/",
    ),
    BlockRule(
        id="eslint.oops",
        tool="eslint",
        kind="build",
        category="config.build_script",
        start=r"^Oops! Something went wrong! :\($",
        until=r"npm |error Command|Please |You can|See ",
        blank_max=2,
        lines_max=20,
        cause=r"^(?!Oops!|ESLint: \d)\S",
        fields=(r"^(?P<message>(?!Oops!|ESLint: \d)\S.+)$",),
        weight=2.0,
        sample=(
            "Oops! Something went wrong! :(\n\nESLint: 9.39.1\n\n"
            "ESLint couldn't find an eslint.config.(js|mjs|cjs) file.\n\n\n\nnext"
        ),
        expect=(0, 4, {"message": "ESLint couldn't find an eslint.config.(js|mjs|cjs) file."}),
        source="ran: eslint 9",
    ),
    BlockRule(
        id="esbuild.error",
        tool="esbuild",
        kind="compile",
        category="code.compile",
        start=r"^(✘ \[ERROR\]|X \[ERROR\]| > .+: error:) .+$",
        fields=(
            r"\[ERROR\] (?P<message>.+?)(?: \[plugin .+\])?$",
            r"^ +(?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+):(?P<column>\d+):$",
        ),
        weight=1.5,
        sample=(
            '✘ [ERROR] Expected ")" but found end of file\n\n    main.ts:3:10:\n      3 │ total(1\n'
            "        ╵        ^\n\n1 error"
        ),
        expect=(
            0,
            4,
            {"message": 'Expected ")" but found end of file', "file": "main.ts", "line": "3", "column": "10"},
        ),
        source="ran: esbuild 0.25",
    ),
    BlockRule(
        id="vite.error",
        tool="vite",
        kind="compile",
        category="config.path",
        start=r"^error during build:$",
        until=r"    at |npm |error Command| ELIFECYCLE",
        blank_max=0,
        lines_max=20,
        unless=r"^(?:\[[\w:-]+\] )?Transform failed with \d+ error",
        cause=r"^(?!error during build)\S",
        fields=(
            r"^(?P<message>(?!error during build)\S.+)$",
            r"Could not resolve \"(?P<package>[^\"]+)\" from \"(?P<file>[^\"]+)\"",
            r"^file: (?P<file>\S+?)(?::(?P<line>\d+).*)?$",
        ),
        weight=1.0,
        sample='transforming...\nerror during build:\nCould not resolve "./cart.js" from "src/main.js"\nfile: /src/src/main.js\n    at getRollupError (rollup.js:1:1)\nnpm error code 1',
        expect=(
            1,
            3,
            {
                "message": 'Could not resolve "./cart.js" from "src/main.js"',
                "package": "./cart.js",
                "file": "src/main.js",
            },
        ),
        source="ran: vite 7",
    ),
    BlockRule(
        id="rollup.error",
        tool="rollup",
        kind="compile",
        category="code.compile",
        start=r"^\[!\] (\(plugin [^)\n]{1,80}\)( |$)|(Rollup)?Error: )",
        until=r"npm |error |(?: ELIFECYCLE|ERR_)|\$ |> | NX |\[\d\d:",
        blank_max=1,
        lines_max=40,
        fields=(
            r"^\[!\] (?:\(plugin [^)]+\) )?(?P<message>\w*Error: .+)$",
            r"^ +(?P<message>\w*Error: .+)$",
            r"(?P<file>[\w./@-]+\.\w+)[(:](?P<line>\d+)[,:](?P<column>\d+)\)?: ",
            r"^(?P<file>[\w./@-]+\.\w+)(?: \((?P<line>\d+):(?P<column>\d+)\))?$",
        ),
        weight=0.5,
        sample=(
            "src/shop.ts → dist/shop.js...\n[!] (plugin sass) TypeError: Cannot read properties of undefined (reading 'then')\n"
            "src/shop.scss\nTypeError: Cannot read properties of undefined (reading 'then')\n"
            "    at transform (/src/node_modules/rollup-plugin-sass/dist/index.js:88:11)\n\nnpm error code 1"
        ),
        expect=(
            1,
            4,
            {"message": "TypeError: Cannot read properties of undefined (reading 'then')", "file": "src/shop.scss"},
        ),
        source="https://github.com/rollup/rollup/blob/master/cli/logging.ts",
    ),
    BlockRule(
        id="webpack.error",
        tool="webpack",
        kind="compile",
        category="code.compile",
        start=r"^ERROR in .+$",
        reject=r"^ERROR in \(\S+\) \(\S+\.clj",  # clojure.test
        until=r"ERROR in |webpack .*compiled|npm |error Command|Child ",
        blank_max=1,
        cause=r"^(?!ERROR in \.|Module (?:build failed|Error|Warning)\b.*:$)\s*\S",
        fields=(
            r"^ERROR in (?P<file>\./\S+)(?: (?P<line>\d+):(?P<column>\d+))?",
            r"(?P<message>(?:Module not found|SyntaxError|TS\d+).+)$",
            r"^(?P<message>(?!ERROR in|Module (?:build failed|Error|Warning)\b.*:$| *at |@ )\S.*)$",
        ),
        weight=1.0,
        sample=(
            "asset main.js 1 KiB [emitted]\n"
            "ERROR in ./src/app.js 1:0-24\n"
            "Module not found: Error: Can't resolve './cart' in '/src'\n"
            "\n"
            "webpack 5.90.0 compiled with 1 error in 200 ms"
        ),
        expect=(
            1,
            2,
            {
                "file": "./src/app.js",
                "line": "1",
                "column": "0",
                "message": "Module not found: Error: Can't resolve './cart' in '/src'",
            },
        ),
        source="https://webpack.js.org/configuration/stats/",
    ),
    BlockRule(
        id="vite.transform_error",
        tool="vite",
        kind="compile",
        category="code.compile",
        start=r"^error during build:$",
        until=r"    at |npm |error Command| ELIFECYCLE",
        blank_max=0,
        lines_max=20,
        needs=r"^(?:\[[\w:-]+\] )?Transform failed with \d+ error",
        cause=r":\d+:\d+: ERROR: ",
        fields=(r"^(?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+):(?P<column>\d+): ERROR: (?P<message>.+)$",),
        weight=1.0,
        sample=(
            'error during build:\n[vite:esbuild] Transform failed with 1 error:\n/src/cart.ts:3:9: ERROR: Expected "}" but found "."\n'
            "    at failureErrorWithLog (/src/node_modules/esbuild/lib/main.js:1467:15)"
        ),
        expect=(
            0,
            2,
            {"file": "/src/cart.ts", "line": "3", "column": "9", "message": 'Expected "}" but found "."'},
        ),
        source="ran: vite 6",
    ),
)
