"""The formats that a finding can be written in; the one table to add another to."""

from typing import Protocol

from exlogare_ci.report.finding import Finding
from exlogare_ci.report.markdown import render_markdown
from exlogare_ci.report.record import render_json, render_jsonl
from exlogare_ci.report.text import render_text


class Reporter(Protocol):
    """Writes a finding in one format."""

    def __call__(self, finding: Finding, *, explain: bool = False) -> str:
        """Write a finding.

        Args:
            finding: the finding.
            explain: also show the terms of the score.

        Returns:
            Whole lines, in which nothing from the log is a command for a CI service.
        """


REPORTERS: dict[str, Reporter] = {
    "text": render_text,
    "json": render_json,
    "jsonl": render_jsonl,
    "markdown": render_markdown,
}
"""Name of the format, as in ``--format``, and what writes it."""
