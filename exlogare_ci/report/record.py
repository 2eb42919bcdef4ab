"""A finding as JSON, for programs."""

import re

import msgspec

from exlogare_ci.report.finding import Finding
from exlogare_ci.report.neutralise import neutralise_json

FIELDS = (
    "failed", "root_cause", "explanation", "fix_suggestion", "severity", "confidence", "category", "cause_line",
    "spans", "evidence", "failed_tests", "secondary", "fingerprint", "tool", "needs_more_context",
    "missing_context_hint", "transient", "owner",
)  # fmt: skip
"""The fields of an analysis that programs may rely on, in their order; the others explain how it was found."""


def to_record(finding: Finding, *, explain: bool = False) -> dict[str, object]:
    """Give the fields of a finding in their documented order.

    Args:
        finding: the finding.
        explain: also give what explains how it was found, ``score`` above all.

    Returns:
        ``file`` and ``FIELDS``, and on demand the others; ``log_bytes_omitted`` only when it is not 0.
    """
    analysis = msgspec.to_builtins(finding.analysis)
    record: dict[str, object] = {"file": _valid(finding.file), **{name: analysis[name] for name in FIELDS}}
    if explain:
        record.update({name: value for name, value in analysis.items() if name not in record})
    if finding.log_bytes_omitted:
        record["log_bytes_omitted"] = finding.log_bytes_omitted
    return record


def render_jsonl(finding: Finding, *, explain: bool = False) -> str:
    """Write a finding as one line of JSON, with its line feed."""
    encoded = msgspec.json.encode(to_record(finding, explain=explain)).decode()
    return neutralise_json(encoded) + "\n"


def render_json(finding: Finding, *, explain: bool = False) -> str:
    """Write a finding as an indented JSON object, with a line feed at its end."""
    encoded = msgspec.json.encode(to_record(finding, explain=explain))
    return neutralise_json(msgspec.json.format(encoded).decode()) + "\n"


def _valid(text: str | None) -> str | None:
    """Replace what came from a file name that is not UTF-8, and that JSON cannot hold."""
    return None if text is None else re.sub("[\ud800-\udfff]", "\ufffd", text)
