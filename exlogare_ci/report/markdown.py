"""A finding as Markdown: for job summaries and comments."""

import re

from exlogare_ci.report.finding import Finding, notes, shown_tests
from exlogare_ci.report.location import where
from exlogare_ci.report.neutralise import neutralise_inline

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
    analysis = finding.analysis
    title = f"{_inline(finding.file)}: " if finding.file is not None else ""
    if not analysis.failed:
        return f"### {title}{_inline(analysis.root_cause)}\n"
    parts = [f"### {title}{_inline(analysis.root_cause)}", _inline(where(finding))]
    if analysis.evidence:
        width = max(len(str(item.line)) for item in analysis.evidence)
        lines = [f"{item.line:>{width}} | {_flat(item.text)}" for item in analysis.evidence]
        parts.append(_code("\n".join(lines)))
    parts.append(f"**Why:** {_inline(analysis.explanation)}")
    parts.append(f"**Fix:** {_inline(analysis.fix_suggestion)}")
    if analysis.failed_tests:
        items = "\n".join(f"- {_inline(name)}" for name in shown_tests(finding))
        parts.append(f"**Failing tests:**\n\n{items}")
    parts.extend(f"**Also:** {_inline(other.root_cause)} ({_inline(other.category)})" for other in analysis.secondary)
    parts.extend(f"**Note:** {_inline(note)}" for note in notes(finding))
    if explain and analysis.score:
        parts.append(_code("\n".join(f"{term.value:+.2f} {_flat(term.name)}" for term in analysis.score)))
    return "\n\n".join(parts) + "\n"


def render_headline(finding: Finding) -> str:
    """Write a finding's root cause as a heading alone, for where there is no room for more."""
    return render_markdown(finding).split("\n", 1)[0] + "\n"


def _inline(text: str) -> str:
    """Escape a text to be shown as it stands, in one line."""
    return _SPECIAL.sub(r"\\\1", _flat(text)).replace("\\<", "&lt;").replace("\\&", "&amp;")


def _flat(text: str) -> str:
    return neutralise_inline(" ".join(text.split("\n"))).strip()


def _code(text: str) -> str:
    """Fence a text with more backticks than it holds in a row."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"
