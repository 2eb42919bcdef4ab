"""The fingerprint: the same for the same cause in another run.

Made of the category, the tool, the tool's own code, the test's or symbol's name and the message with everything
that changes between runs taken out: numbers, times, addresses, ids, and the machine's part of paths.
"""

import hashlib
import re

from exlogare_ci.analysis.candidate import Candidate

VERSION = "v1"

_CHANGING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (
        re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE),
        "<uuid>",
    ),
    (re.compile(r"\b0x[0-9a-f]+\b", re.IGNORECASE), "<address>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b"), "<hash>"),
    (re.compile(r"(?:[A-Za-z]:)?(?:[\\/][\w.@+~-]+)+[\\/](?=[\w.@+~-]+)"), "<dir>/"),
    (re.compile(r"\b\d+(?:[.,:]\d+)*\s?(?:ms|s|sec|seconds?|m|min|minutes?|h|[KMGT]i?B|%)\b"), "<amount>"),
    (re.compile(r"\[gw\d+\]|\bworker[-_ ]?\d+\b", re.IGNORECASE), "<worker>"),
    (re.compile(r"\d+"), "<n>"),
    (re.compile(r"\s+"), " "),
)


def normalize(text: str) -> str:
    """Take out of a message what changes between runs of the same failure."""
    for pattern, replacement in _CHANGING:
        text = pattern.sub(replacement, text)
    return text.strip().lower()


def fingerprint(candidate: Candidate, message: str) -> str:
    """Return ``v1:`` and 32 hexadecimal digits.

    Args:
        candidate: the cause.
        message: its message, secrets masked.
    """
    groups = candidate.groups
    named = groups.get("test") or groups.get("symbol") or groups.get("package") or ""
    parts = (
        candidate.category,
        candidate.tool,
        groups.get("code", ""),
        normalize(named),
        normalize(groups.get("file", "").rsplit("/", 1)[-1]),
        normalize(message),
    )
    return f"{VERSION}:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"
