"""A finding as Markdown: for job summaries and comments."""

import re
from typing import Final

from exlogare_ci.report.finding import Finding
from exlogare_ci.report.layout import Row, Template, filled, rows
from exlogare_ci.report.neutralise import neutralise_inline

TEMPLATE: Final[Template] = (
    ("passed", "### {titled}"),
    ("cause", "### {titled}"),
    ("where", "\n{text}"),
    ("lines", "\n{code}"),
    ("why", "\n**Why:** {text}"),
    ("fix", "\n**Fix:** {text}"),
    ("tests", "\n**Failing tests:**\n"),
    ("test", "- {text}"),
    ("also", "\n**Also:** {text} ({category})"),
    ("note", "\n**Note:** {text}"),
    ("terms", "\n{code}"),
)
"""The page; a log's lines and the score's terms stand in blocks of code."""

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~!&])")


def render_markdown(finding: Finding, *, explain: bool = False) -> str:
    """Write a finding as GitHub-flavoured Markdown.

    Log text appears only escaped or inside code blocks that it cannot close.

    Args:
        finding: the finding.
        explain: also show the terms of the score.

    Returns:
        A block of Markdown that ends in a line feed.
    """
    content = rows(finding, explain=explain)
    evidence = finding.analysis.evidence
    width = max((len(str(item.line)) for item in evidence), default=0)
    content["lines"] = _code([f"{item.line:>{width}} | {_flat(item.text)}" for item in evidence])
    content["terms"] = _code([_flat(row["text"]) for row in content.get("score", ())])
    return "".join(f"{text}\n" for _, text in filled(TEMPLATE, content, _escaped))


def render_headline(finding: Finding) -> str:
    """Write a finding's root cause as a heading alone, for where there is no room for more."""
    return render_markdown(finding).split("\n", 1)[0] + "\n"


class _Code(str):
    """A block of code that holds its text in already."""

    __slots__ = ()


def _escaped(text: str) -> str:
    """Escape a text to be shown as it stands, in one line."""
    if isinstance(text, _Code):
        return text
    return _SPECIAL.sub(r"\\\1", _flat(text)).replace("\\<", "&lt;").replace("\\&", "&amp;")


def _flat(text: str) -> str:
    return neutralise_inline(" ".join(text.split("\n"))).strip()


def _code(lines: list[str]) -> list[Row]:
    """Fence lines with more backticks than they hold in a row."""
    text = "\n".join(lines)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [{"code": _Code(f"{fence}text\n{text}\n{fence}")}] if lines else []
