"""Block rules of checkers that look at a package or a project as a whole and print a list of their own form."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES = (
    BlockRule(
        id="elvis.file",
        tool="elvis",
        kind="lint",
        category="code.lint",
        start=r"^# [^ \n]+\.(?:[eh]rl|config|src) \[FAIL\]$",
        blank_max=0,
        cause=r"^ {2,}- .*(?:[Ll]ine \d+|\s\w+ \w+ )",
        fields=(
            r"^# (?P<file>\S+) \[FAIL\]",
            r"^  - (?P<code>\w+)",
            r"^    - (?P<message>.+)$",
            r"[Ll]ine (?P<line>\d+)",
        ),
        weight=2.5,
        sample=(
            "# src/cart_app.erl [OK]\n"
            "# src/cart.erl [FAIL]\n"
            "  - line_length\n"
            "    - Line 88 is too long:     total(Items).\n"
            "# src/till.erl [OK]"
        ),
        expect=(
            1,
            3,
            {
                "file": "src/cart.erl",
                "code": "line_length",
                "message": "Line 88 is too long:     total(Items).",
                "line": "88",
            },
        ),
        source="https://github.com/inaka/elvis",
    ),
    BlockRule(
        id="friendly_errors.not_found",
        tool="webpack",
        kind="compile",
        category="code.compile",
        start=r"^(?:This dependency was not found|These dependencies were not found|This relative module was not found|These relative modules were not found):$",
        until=r"(?!\* |$|To install (?:it|them), you can run)",
        blank_max=1,
        cause=r"^\* ",
        fields=(r"^\* (?P<symbol>\S+) in (?P<file>[^\s,]+)", r"^(?P<message>\* .+)$"),
        weight=0.5,
        sample=(
            " ERROR  Failed to compile with 1 error\n\n"
            "This dependency was not found:\n\n"
            "* cart-store in ./src/store/index.js\n\n"
            "To install it, you can run: npm install --save cart-store\n"
            " ERROR  Build failed with errors."
        ),
        expect=(
            2,
            6,
            {
                "symbol": "cart-store",
                "file": "./src/store/index.js",
                "message": "* cart-store in ./src/store/index.js",
            },
        ),
        source="https://github.com/geowarin/friendly-errors-webpack-plugin",
    ),
    BlockRule(
        id="ameba.finding",
        tool="ameba",
        kind="lint",
        category="code.lint",
        start=r"^\[[CWE]\] [A-Z][A-Za-z]{2,20}/[A-Z][A-Za-z]{2,40}: [^\n]",
        back=r"\S+\.cr:\d+(?::\d+)?$",
        back_lines_max=1,
        back_needs=r"\S+\.cr:\d+",
        keep=r"> ",
        blank_max=0,
        cause=r"^\[[CWE]\] ",
        fields=(
            r"^(?P<file>\S+\.cr):(?P<line>\d+)(?::(?P<column>\d+))?$",
            r"^\[[CWE]\] (?P<code>\S+): (?P<message>.+)$",
        ),
        weight=1.5,
        sample=(
            "..F..\n\n"
            "src/cart.cr:12:5\n"
            "[W] Lint/UselessAssign: Useless assignment to variable `total`\n"
            "> total = 1\n"
            "  ^---^\n\n"
            "5 inspected, 1 failure."
        ),
        expect=(
            2,
            5,
            {
                "file": "src/cart.cr",
                "line": "12",
                "column": "5",
                "code": "Lint/UselessAssign",
                "message": "Useless assignment to variable `total`",
            },
        ),
        source="https://github.com/crystal-ameba/ameba",
    ),
    BlockRule(
        id="cabal.check",
        tool="cabal",
        kind="list",
        category="code.lint",
        start=r"^(?:The package will not build sanely due to these errors|The following errors (?:are likely to affect your build negatively|will cause portability problems on other systems)):$",
        back=r"The following warnings are |These warnings |\* |\s+\S",
        keep=r"\* |Hackage would reject|Warning: |Error: ",
        blank_max=0,
        cause=r"^\* |^Error: ",
        fields=(r"^\* (?P<message>.+)$",),
        weight=1.0,
        sample=(
            "The following errors will cause portability problems on other systems:\n"
            "* The 'license' field is missing or is NONE.\n"
            "Hackage would reject this package."
        ),
        expect=(0, 2, {"message": "The 'license' field is missing or is NONE."}),
        source="https://cabal.readthedocs.io/en/stable/cabal-commands.html#cabal-check",
    ),
    BlockRule(
        id="weeder.section",
        tool="weeder",
        kind="list",
        category="code.lint",
        start=r"^== Section (?:library|exe|test|bench)",
        back=r"= Package \S+",
        back_blank_max=1,
        keep=r"\* |(?:Redundant|Missing|Weeds|Module|Not compiled)",
        blank_max=0,
        cause=r"^(?:Redundant|Missing|Weeds|Module|Not compiled)",
        fields=(r"^(?P<message>(?:Redundant|Missing|Weeds|Module|Not compiled).+)$", r"^\* (?P<symbol>\S+)"),
        weight=1.0,
        spans_max=6,
        sample=("= Package cart\n== Section library\nWeeds exported\n* Cart.Util\n  - chunk\n\n== Section exe:till"),
        expect=(0, 4, {"message": "Weeds exported", "symbol": "Cart.Util"}),
        source="https://github.com/ndmitchell/weeder",
    ),
    BlockRule(
        id="depcheck.report",
        tool="depcheck",
        kind="list",
        category="code.lint",
        start=r"^(?:Unused (?:devD|d)ependencies|Missing dependencies)$",
        then=r"\* \S",
        keep=r"\* \S",
        blank_max=0,
        cause=r"^\* ",
        fields=(r"^\* (?P<symbol>[^\s:]+)",),
        weight=1.0,
        spans_max=4,
        sample="Unused dependencies\n* lodash\n* request\nMissing dependencies\n* chalk: ./bin/cart.js\n",
        expect=(0, 2, {"symbol": "lodash"}),
        source="https://github.com/depcheck/depcheck",
    ),
    BlockRule(
        id="checkdoc.warning",
        tool="checkdoc",
        kind="lint",
        category="code.lint",
        start=r"^Warning \(emacs\):\s*$",
        then=r"\S+\.el:\d+: ",
        follow=1,
        blank_max=0,
        cause=r"\.el:\d+: ",
        fields=(r"^(?P<file>\S+\.el):(?P<line>\d+): (?P<message>.+)$",),
        weight=1.0,
        sample=(
            "Checking cart.el\nWarning (emacs): \n"
            "cart.el:12: First sentence should end with punctuation\n"
            "make: *** [checkdoc] Error 1"
        ),
        expect=(
            1,
            2,
            {"file": "cart.el", "line": "12", "message": "First sentence should end with punctuation"},
        ),
        source="https://www.gnu.org/software/emacs/manual/html_node/elisp/Documentation-Tips.html",
    ),
    BlockRule(
        id="shfmt.diff",
        tool="shfmt",
        kind="lint",
        category="code.format",
        start=r"^--- [^ \n]+\.orig$",
        then=r"\+\+\+ \S+$",
        keep=r"[ +@-]|diff ",
        blank_max=1,
        cause=r"^\+\+\+ ",
        fields=(r"^\+\+\+ (?P<file>\S+)$", r"^@@ -(?P<line>\d+)"),
        weight=0.5,
        sample="shfmt -d .\n--- bin/cart.sh.orig\n+++ bin/cart.sh\n@@ -4,2 +4,2 @@\n set -e\n-    local a=1\n+  local a=1\ndone",
        expect=(1, 6, {"file": "bin/cart.sh", "line": "4"}),
        source="https://github.com/mvdan/sh",
    ),
    BlockRule(
        id="arduino.too_big",
        tool="arduino",
        kind="compile",
        category="code.compile",
        start=r"^(?:Sketch too big; see |Not enough memory; see |Error: text section exceeds available space in board$|Error: data section exceeds available space in board$|text section exceeds available space in board$|data section exceeds available space in board$)",
        back=r"Sketch uses \d+|Global variables use \d+|Sketch too big",
        keep=r"Error (?:compiling for board|during build)|Error: (?:text|data) section|Not enough memory",
        blank_max=0,
        cause=r"^(?:Error: )?(?:Sketch too big|Not enough memory|text section|data section)",
        fields=(r"uses \d+ bytes \((?P<actual>\d{3,}%)\)", r"Error compiling for board (?P<target>.+?)\.$"),
        weight=1.0,
        sample=(
            "Verifying...\n"
            "Sketch uses 33412 bytes (103%) of program storage space. Maximum is 32256 bytes.\n"
            "Global variables use 1804 bytes (88%) of dynamic memory.\n"
            "Sketch too big; see http://www.arduino.cc/en/Guide/Troubleshooting#size for tips on reducing it.\n"
            "Error compiling for board Arduino/Genuino Uno."
        ),
        expect=(1, 4, {"actual": "103%", "target": "Arduino/Genuino Uno"}),
        source="https://support.arduino.cc/hc/en-us/articles/360013825179",
    ),
    BlockRule(
        id="pub.sdk_mismatch",
        tool="pub",
        kind="resolve",
        category="config.tool_version",
        start=r"^The current (?:Dart|Flutter) SDK version is [0-9]",
        keep=r"(?:And )?[Bb]ecause |So, ",
        cause=r"^(?:And )?Because |^The current",
        fields=(
            r"^(?P<message>(?:And )?[Bb]ecause .+)$",
            r"requires (?:the )?(?:Flutter )?SDK(?: version)? (?P<expected>[^,]+)",
        ),
        weight=1.0,
        sample=(
            "Resolving dependencies...\n"
            "The current Dart SDK version is 2.1.0.\n"
            "\n"
            "Because cart requires SDK version >=2.2.0 <3.0.0, version solving failed.\n"
            "done"
        ),
        expect=(
            1,
            3,
            {
                "message": "Because cart requires SDK version >=2.2.0 <3.0.0, version solving failed.",
                "expected": ">=2.2.0 <3.0.0",
            },
        ),
        source="https://dart.dev/tools/pub/pubspec#sdk-constraints",
    ),
    BlockRule(
        id="luarocks.no_header",
        tool="luarocks",
        kind="resolve",
        category="deps.build_native",
        start=r"^Error: (?:Failed installing dependency: [^\n]{1,300} - )?Could not find (?:header|library|expected) file (?:for )?[A-Z]",
        keep=r"You may have to install |Example: luarocks ",
        blank_max=0,
        fields=(r"Could not find (?:header|library|expected) file (?:for )?(?P<package>\w+)",),
        weight=1.0,
        sample=(
            "Using https://luarocks.org/cartsec-0.6-1.rockspec... switching to 'build' mode\n\n"
            "Error: Could not find header file for OPENSSL\n"
            "  No file openssl/ssl.h in /usr/include\n"
            "You may have to install OPENSSL in your system and/or pass OPENSSL_DIR or OPENSSL_INCDIR to the luarocks command.\n"
            "Example: luarocks install cartsec OPENSSL_DIR=/usr/local\n\n"
            "done"
        ),
        expect=(2, 5, {"package": "OPENSSL"}),
        source="https://github.com/luarocks/luarocks/wiki/Platform-overrides",
    ),
)
