"""A finding as JSON, for programs."""

import re

import msgspec

from exlogare_ci.report.finding import Finding
from exlogare_ci.report.neutralise import neutralise_json


def to_record(finding: Finding, *, explain: bool = False) -> dict[str, object]:
    """Give the fields of a finding in their documented order.

    Args:
        finding: the finding.
        explain: also give the terms of the score.

    Returns:
        ``file`` and the analysis; ``score`` only on demand; ``log_bytes_omitted`` only when it is not 0.
    """
    record: dict[str, object] = {"file": _valid(finding.file)}
    record.update(msgspec.to_builtins(finding.analysis))
    if not explain:
        del record["score"]
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
