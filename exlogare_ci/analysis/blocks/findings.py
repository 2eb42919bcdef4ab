"""Lists of findings by the shapes that many linters share, for those that no rule of their own knows."""

from exlogare_ci.analysis.blocks.base import BlockRule

_TEXTS = r"(md|markdown|rst|adoc|txt|ya?ml|json|toml|html?|css|scss|sass|less|styl|pp|vim|sql|tex|el)"
_SCRIPTS = r"(sh|bash|zsh|fish|lua|rb|php|pl|pm|tcl|coffee|ls|r|R|jl|el|[cm]?jsx?|tsx?|vue)"

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="findings.gnu",
        tool="checker",
        kind="lint",
        category="code.lint",
        start=(
            r"^([A-Z]:)?[^ :(){}'\"]{1,200}\." + _TEXTS + r":[0-9]{1,9}:([0-9]{1,9}:)? [^ ].*$"
            r"|^([A-Z]:)?[^ :(){}'\"]{1,200}\." + _SCRIPTS + r":[0-9]{1,9}:[0-9]{1,9}: [^ ].*$"
        ),
        reject=r": (?:[Ww]arning|note|info|[Ee]rror): |: in |://|: (?:line|syntax)|MD\d{3}| [CWEFR]: |\((?:INFO|WARNING|ERROR|SEVERE)/",
        keep=r"(?:[A-Z]:)?[^ :]+:\d+:(?:\d+:)? ",
        blank_max=0,
        fields=(r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<message>.+)$",),
        weight=-1.0,
        sample="checking\nplugin/cart.vim:2:11: E128: Function name must start with a capital\nplugin/cart.vim:4:3: Use robust operators\ndone",
        expect=(
            1,
            2,
            {
                "file": "plugin/cart.vim",
                "line": "2",
                "column": "11",
                "message": "E128: Function name must start with a capital",
            },
        ),
        source="https://www.gnu.org/prep/standards/html_node/Errors.html",
    ),
    BlockRule(
        id="findings.line_col",
        tool="checker",
        kind="lint",
        category="code.lint",
        start=r"^((Warning|Error): )?[^ :]+: line [0-9]+, col(umn)? [0-9]+, .+$",
        keep=r"(?:(?:Warning|Error): )?[^ :]+: line \d+, col(?:umn)? \d+, ",
        blank_max=0,
        fields=(
            r"^(?:\w+: )?(?P<file>(?:[A-Z]:)?[^ :]+): line (?P<line>\d+), col(?:umn)? (?P<column>\d+), (?P<message>.+)$",
        ),
        sample="Warning: cart.less: line 2, col 12, spaceAfterPropertyColon: Colon should be followed by one space.\n\nnpm ERR!",
        expect=(
            0,
            0,
            {
                "file": "cart.less",
                "line": "2",
                "column": "12",
                "message": "spaceAfterPropertyColon: Colon should be followed by one space.",
            },
        ),
        source="ran: lesshint 6, ESLint 4 -f compact, JSHint 2, CSSLint 1 --format=compact",
    ),
    BlockRule(
        id="findings.marked",
        tool="checker",
        kind="lint",
        category="code.lint",
        start=r"^ +(✖|✗|✘|⚠) +[0-9]+:[0-9]+ +.+$",
        back=r" *\S+\.\w+(?::\d+:\d+)?$| +(?:✖|✗|✘|⚠) +\d+:\d+ ",
        keep=r" *\S+\.\w+:\d+:\d+$| +(?:✖|✗|✘|⚠) +\d+:\d+ ",
        fields=(
            r"^ *(?P<file>\S+\.\w+)(?::\d+:\d+)?$",
            r"^ +(?:✖|✗|✘) +(?P<line>\d+):(?P<column>\d+) +(?P<message>.+?)(?:  +(?P<code>[@\w/-]+))? *$",
        ),
        weight=1.0,
        sample="  src/cart.js:1:1\n  ✖  1:7  total is never used.  no-unused-vars\n\n  1 error",
        expect=(
            0,
            1,
            {
                "file": "src/cart.js",
                "line": "1",
                "column": "7",
                "message": "total is never used.",
                "code": "no-unused-vars",
            },
        ),
        source="ran: XO 0.20",
    ),
    BlockRule(
        id="findings.shown_code",
        tool="checker",
        kind="lint",
        category="code.lint",
        start=r"^ {2,4}[^ :\n]{1,160}\.[a-z]{1,10}$",
        then=r" +L?\d+ ?\|",
        needs=r"^ +\^ \S",
        fields=(
            r"^ +(?P<file>\S+\.\w+)$",
            r"^ +L?(?P<line>\d+) ?\|",
            r"^ +\^ (?P<message>.+?)(?: \((?P<code>[\w-]+)\))?$",
        ),
        weight=1.0,
        sample="   src/cart.js\n      4 |var a = 1\n                  ^ Missing semicolon.\n\n>> 1 error in 1 file",
        expect=(0, 2, {"file": "src/cart.js", "line": "4", "message": "Missing semicolon."}),
        source="ran: grunt-contrib-jshint 1, HTMLHint 0.10",
    ),
    BlockRule(
        id="findings.line_col_table",
        tool="checker",
        kind="lint",
        category="code.lint",
        start=r"^ +line [0-9]+ +col [0-9]+ +.+$",
        back=r"\S+\.\w+$| +line \d+ +col \d+ ",
        keep=r" +line \d+ +col \d+ ",
        fields=(r"^(?P<file>\S+\.\w+)$", r"^ +line (?P<line>\d+) +col (?P<column>\d+) +(?P<message>.+?) *$"),
        weight=1.0,
        sample="[10:00:01] Starting 'lint'...\n\nsrc/cart.js\n  line 4   col 12  Missing semicolon.\n\n  1 warning",
        expect=(2, 3, {"file": "src/cart.js", "line": "4", "column": "12", "message": "Missing semicolon."}),
        source="https://github.com/sindresorhus/jshint-stylish",
    ),
    BlockRule(
        id="findings.bracketed",
        tool="checker",
        kind="lint",
        category="code.lint",
        start=r"^([A-Z]:)?[^ :]+:[0-9]+(:[0-9]+)? \[[A-Z]\] .+$",
        keep=r"(?:[A-Z]:)?[^ :]+:\d+(?::\d+)? \[[A-Z]\] ",
        blank_max=0,
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :]+):(?P<line>\d+)(?::(?P<column>\d+))? \[[A-Z]\] (?:(?P<code>[A-Z]\w+): )?(?P<message>.+)$",
        ),
        weight=1.0,
        sample="app/cart.scss:3:1 [W] IdSelector: Avoid using id selectors\n\n2 files inspected",
        expect=(
            0,
            0,
            {
                "file": "app/cart.scss",
                "line": "3",
                "column": "1",
                "code": "IdSelector",
                "message": "Avoid using id selectors",
            },
        ),
        source="https://github.com/sds/scss-lint, https://github.com/sds/haml-lint",
    ),
    BlockRule(
        id="findings.at_line_column",
        tool="checker",
        kind="lint",
        category="code.lint",
        start=r" at line [0-9]+, column [0-9]+\.(?: [^\n]+)?$",
        needs=r"^(?:[A-Z]:)?[^ :]+: .+ at line \d+, column \d+\.",
        keep=r"(?:[A-Z]:)?[^ :]+: .+ at line \d+, column \d+\.",
        blank_max=0,
        fields=(r"^(?P<file>(?:[A-Z]:)?[^ :]+): (?P<message>.+?) at line (?P<line>\d+), column (?P<column>\d+)\.",),
        weight=0.5,
        sample="t/cart.t: Code before strictures are enabled at line 1, column 17.  See page 429 of PBP.  (Severity: 5)\n\nnext",
        expect=(
            0,
            0,
            {"file": "t/cart.t", "message": "Code before strictures are enabled", "line": "1", "column": "17"},
        ),
        source="ran: Perl::Critic 1.148",
    ),
)
