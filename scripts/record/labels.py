"""Labels beside logs: read by the tests, written in one form so that a change reads well."""

import json
from pathlib import Path
from typing import Any


def read_label(path: Path) -> dict[str, Any]:
    """A label's content; empty when there is none yet."""
    label: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return label


def label_text(label: dict[str, Any]) -> str:
    """A label as JSON, every key on a line of its own.

    Args:
        label: ``tool_version``, ``command`` and, once a person has read the log, ``expect``.
    """
    rows = [f" {_json(key)}: {_json(label[key])}" for key in ("tool_version", "command")]
    if "expect" in label:
        inner = ",\n".join(f"  {_json(key)}: {_json(value)}" for key, value in label["expect"].items())
        rows.append(f' "expect": {{\n{inner}\n }}')
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
