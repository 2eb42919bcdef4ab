"""How much is broken, told by the kind of failure."""

from collections.abc import Mapping
from typing import Final

from exlogare_ci.analysis.model import Severity

SEVERITIES: Final[Mapping[str, Severity]] = {
    "auth": "high",
    "code.migration": "high",
    "code.security_scan": "high",
    "deploy": "high",
    "deps.integrity": "high",
    "infra.agent_lost": "high",
    "infra.disk": "high",
    "infra.docker_daemon": "high",
    "infra.oom": "high",
    "infra.runner": "high",
    "publish": "high",
    "code.coverage": "low",
    "code.format": "low",
    "code.license": "low",
    "code.lint": "low",
    "infra.cancelled": "low",
    "network": "low",
}
"""Category, or its domain, to severity; what stands in neither is medium.

High is what harms more than one change: users (deployment, publishing, a migration, a hole), or every build until
somebody acts (credentials, the machines that build). Low is what harms no behaviour, what somebody wanted, and what the
next try may cure. Medium is a change that does not work.
"""


def severity_of(category: str, told: Severity = "medium") -> Severity:
    """Tell how much a failure breaks.

    Args:
        category: ``domain.kind``, or ``unknown``.
        told: what the signature says; its word counts where it is not the usual one.
    """
    if told != "medium":
        return told
    return SEVERITIES.get(category) or SEVERITIES.get(category.partition(".")[0], "medium")
