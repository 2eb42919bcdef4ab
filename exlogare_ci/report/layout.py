"""The templates' one rule: a part is written once for each of its rows, and every value in it is escaped.

A template is a table of parts, each with the name of its rows and its text in the form of ``str.format``. So what a
report looks like can be read and changed in one place, and no value from a log gets into it as it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from exlogare_ci.report.finding import Finding, notes, shown_tests
from exlogare_ci.report.location import where

Row = Mapping[str, str]
Template = Sequence[tuple[str, str]]
"""(name of the rows, text with ``{fields}``), in the order of the page."""


def rows(finding: Finding, *, explain: bool = False) -> dict[str, list[Row]]:
    """Give everything that a report may say of a finding.

    Args:
        finding: the finding.
        explain: also the terms of the score.

    Returns:
        Rows by name; a name without rows is left out of a page. Values are as they are, nothing is escaped.
    """
    analysis = finding.analysis
    named = f"{finding.file}: " if finding.file is not None else ""
    title = {"text": analysis.root_cause, "titled": f"{named}{analysis.root_cause}"}
    found: dict[str, list[Row]] = {
        "file": [{"text": finding.file}] if finding.file is not None else [],
        "note": [{"text": note} for note in notes(finding)],
    }
    if not analysis.failed:
        return {**found, "passed": [title]}
    return {
        **found,
        "cause": [title],
        "where": [{"text": where(finding)}],
        "why": [{"text": analysis.explanation}],
        "fix": [{"text": analysis.fix_suggestion}],
        "tests": [{"text": "\n".join(shown_tests(finding))}] if analysis.failed_tests else [],
        "test": [{"text": name} for name in shown_tests(finding)],
        "also": [
            {
                "text": other.root_cause,
                "category": other.category,
                "at": f"line {other.cause_line}: " if other.cause_line is not None else "",
            }
            for other in analysis.secondary
        ],
        "score": [{"text": f"{term.value:+.2f} {term.name}"} for term in analysis.score] if explain else [],
    }


def filled(
    template: Template, content: Mapping[str, Sequence[Row]], escape: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """Fill a template.

    Args:
        template: the parts.
        content: rows by name.
        escape: makes any text harmless where it will stand.

    Yields:
        The part's name and its text, for each of its rows.
    """
    for name, text in template:
        for row in content.get(name, ()):
            yield name, text.format_map({field: escape(value) for field, value in row.items()})
