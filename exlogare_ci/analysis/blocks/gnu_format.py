"""Blocks of compilers and checkers that keep to the GNU form of an error: ``file:line: error: message``."""

from exlogare_ci.analysis.blocks.base import BlockRule

_SOURCE = "https://www.gnu.org/prep/standards/html_node/Errors.html"

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="gnu_format.compile_error",
        tool="compiler",
        kind="compile",
        category="code.compile",
        start=r"^([A-Z]:)?[^ :()]{1,200}\.(java|kts?|scala|groovy|go|swift|vala|nim|proto|mli?|dart|exs?|cs|fs|vb|d|pas):[0-9]{1,9}:([0-9]+:)? (fatal )?error: ",
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :()]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?:fatal )?error: (?P<message>.+)$",
        ),
        weight=-0.5,
        sample="Compiling\nsrc/Cart.java:13: error: bad use of '>'\n     * a > b\n       ^\n1 error",
        expect=(1, 3, {"file": "src/Cart.java", "line": "13", "message": "bad use of '>'"}),
        source=_SOURCE,
    ),
    BlockRule(
        id="gnu_format.lint_error",
        tool="checker",
        kind="lint",
        category="code.lint",
        start=r"^([A-Z]:)?[^ :()]{1,200}\.(pyi?|[cm]?[jt]sx?|css|scss|less|rb|php|pl|pm|lua|sh|md|rst|adoc|txt|ya?ml|json|toml|xml|html?|sql|tf):[0-9]{1,9}:([0-9]{1,9}:)? (fatal )?error: ",
        fields=(
            r"^(?P<file>(?:[A-Z]:)?[^ :()]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?:fatal )?error: (?P<message>.+)$",
        ),
        weight=-0.5,
        sample="checking\ndocs/guide.rst:7: error: unknown directive\ndone",
        expect=(1, 1, {"file": "docs/guide.rst", "line": "7", "message": "unknown directive"}),
        source=_SOURCE,
    ),
)
