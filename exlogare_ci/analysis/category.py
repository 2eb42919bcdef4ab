"""The category of a cause: the block's own, the signature's where that one knows more, and the network's layers."""

import re

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.text import CleanLog

_FROM_SIGNATURE = frozenset({"trace", "resolve", "build", "cascade"})
_REFINES_COMPILE = frozenset(
    {
        "code.format",
        "code.lint",
        "code.link",
        "code.syntax",
        "config.command_missing",
        "deps.not_found",
        "deps.resolve",
        "deps.version_conflict",
    }
)
_RELATIVE_PATH = re.compile(r"['\"]\.{1,2}/")
_UNREACHABLE = re.compile(
    r"Connection refused|Connection reset|No route to host|[Cc]onnect timed out|[Uu]nknown host"
    r"|Name or service not known"
)
_NETWORK_LAYERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"ENOTFOUND|EAI_AGAIN|[Cc]ould not resolve host|getaddrinfo|Name or service not known|no such host"
            r"|UnknownHostException|name resolution|nodename nor servname"
        ),
        "network.dns",
    ),
    (re.compile(r"certificate|SSL|TLS|x509"), "network.tls"),
    (re.compile(r"timed? ?out|ETIMEDOUT|deadline exceeded", re.IGNORECASE), "network.timeout"),
    (re.compile(r"\b(?:429|rate limit)", re.IGNORECASE), "network.rate_limit"),
)
"""What a line about a failed connection says of where it failed; tools wrap all of it in one sentence."""


def category_of(candidate: Candidate, log: CleanLog) -> str:
    """Return the category of a candidate, one of ``CATEGORIES``."""
    category = _own_or_signature(candidate)
    line = log.text(candidate.cause)
    if category.startswith("deps.") and _UNREACHABLE.search(line):
        category = "network.connect"
    if category in ("network.connect", "network.http"):
        return next((layer for pattern, layer in _NETWORK_LAYERS if pattern.search(line)), category)
    return category


def _own_or_signature(candidate: Candidate) -> str:
    signature, rule = candidate.signature, candidate.rule
    if signature is None or signature.role != "root" or not signature.category:
        return candidate.category
    if rule is None:
        return signature.category
    if rule.category == "deps.build_native":
        return candidate.category
    refined = candidate.kind in _FROM_SIGNATURE and not (
        candidate.kind == "trace" and signature.category == "code.test"
    )
    if candidate.kind == "test":
        refined = signature.category == "code.test_timeout"
    elif candidate.kind == "compile":
        own_file = _RELATIVE_PATH.search(candidate.groups.get("message", ""))  # of the project, no dependency
        known = signature.category in _REFINES_COMPILE or signature.category.startswith("network.")
        refined = known and not own_file
    return signature.category if refined else candidate.category
