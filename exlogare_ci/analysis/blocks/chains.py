"""Blocks of errors that tell their causes line by line."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="rust.caused_by",
        tool="rust",
        kind="trace",
        category="unknown",
        start=r"^ *Caused by:( +[^ ]|$)",
        reject=r"Caused by: [\w$]+(?:\.[\w$]+)+",
        unless=r"process didn't exit successfully|^\s+at \S+\(",
        needs=r"^\s*Caused by: +\S|^\s{2,}(?!Caused by)\S",
        back=r"(?:error|Error|ERROR|\s+Error)(?:\[\w+\])?: | +\.\.\. which satisfies ",
        back_blank_max=1,
        keep=r" *Caused by:",
        lines_max=40,
        cause=r"^\s*(?:error|Error|ERROR)(?:\[\w+\])?: ",
        fields=(
            r"^\s*(?:error|Error|ERROR)(?:\[\w+\])?: (?P<message>.+)$",
            r"^ *Caused by: +(?P<reason>\S.*)$",
            r"^ {2,}(?:\d+: +)?(?P<reason>(?!Caused by:)\S.*)$",
        ),
        last_of=("reason",),
        weight=1.5,
        sample=(
            "Downloading cpython-3.13\nerror: Failed to fetch the list of versions\n"
            "  Caused by: error sending request for url (https://example.com/versions.json)\n"
            "  Caused by: dns error\n  Caused by: failed to lookup address information: Name or service not known\n+ status="
        ),
        expect=(
            1,
            4,
            {
                "message": "Failed to fetch the list of versions",
                "reason": "failed to lookup address information: Name or service not known",
            },
        ),
        source="https://docs.rs/anyhow/latest/anyhow/struct.Error.html#display-representations",
    ),
)
