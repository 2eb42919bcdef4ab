"""Blocks that the tools of Haskell print."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
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
        expect=(
            2,
            4,
            {"file": "Main.hs", "line": "2", "column": "14", "message": "Variable not in scope: price"},
        ),
        source="https://errors.haskell.org/messages/GHC-88464/",
    ),
)
