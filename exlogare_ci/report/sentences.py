"""A finding in a few sentences of plain text, for places that take no Markdown."""

from exlogare_ci.report.finding import Finding
from exlogare_ci.report.location import source_location

_MORE = "…"


def summary(finding: Finding) -> str:
    """Write cause, reason and fix.

    Args:
        finding: a finding of a failure.

    Returns:
        Paragraphs of the log's own words: not neutralised, for the caller to escape.
    """
    analysis = finding.analysis
    place = source_location(finding)
    paragraphs = [f"Root cause: {analysis.root_cause}"]
    if place is not None:
        paragraphs.append(f"Where: {place}")
    paragraphs += [analysis.explanation, f"Fix: {analysis.fix_suggestion}"]
    return clip("\n\n".join(paragraphs), SUMMARY_CHARACTERS_MAX)


SUMMARY_CHARACTERS_MAX = 4000
"""More than any of the places shows at once."""


def clip(text: str, characters_max: int) -> str:
    """Cut a text that is too long, and let it end in an ellipsis.

    Args:
        text: any text.
        characters_max: at least 1.

    Returns:
        At most that many characters.
    """
    return text if len(text) <= characters_max else text[: characters_max - len(_MORE)] + _MORE


def first_that_fits(texts: tuple[str, ...], bytes_max: int) -> str:
    """Choose the first text that is not too large.

    Args:
        texts: the fullest first.
        bytes_max: how large it may be as UTF-8.

    Returns:
        One of them, or an empty text when none fits.
    """
    return next((text for text in texts if len(text.encode("utf-8", "replace")) <= bytes_max), "")
