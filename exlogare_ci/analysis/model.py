"""What the engine gives back, and the words that it uses. Imports nothing of ours."""

from typing import Literal

import msgspec

CATEGORIES: tuple[str, ...] = (
    "code.compile", "code.syntax", "code.type", "code.link", "code.test", "code.test_timeout",
    "code.runtime_crash", "code.lint", "code.format", "code.coverage", "code.security_scan", "code.license",
    "code.migration",
    "deps.resolve", "deps.not_found", "deps.version_conflict", "deps.lockfile", "deps.integrity", "deps.peer",
    "deps.build_native",
    "config.ci_syntax", "config.build_script", "config.tool_version", "config.env_secret", "config.path",
    "config.command_missing",
    "auth.registry", "auth.git", "auth.cloud", "auth.permission",
    "network.dns", "network.connect", "network.timeout", "network.tls", "network.http", "network.rate_limit",
    "infra.oom", "infra.disk", "infra.timeout", "infra.cancelled", "infra.agent_lost", "infra.runner",
    "infra.docker_daemon",
    "container.pull", "container.build", "container.run",
    "deploy.k8s", "deploy.helm", "deploy.terraform", "deploy.cloud",
    "vcs.checkout", "vcs.merge", "vcs.push",
    "publish.conflict", "publish.rejected",
    "unknown",
)  # fmt: skip

Severity = Literal["low", "medium", "high"]
Owner = Literal["developer", "platform"]


class EvidenceLine(msgspec.Struct, frozen=True):
    """One line of the log, secrets masked.

    Attributes:
        line: its 1-based number in the log as sent, split at line feeds.
        text: the cleaned line, at most 500 characters.
    """

    line: int
    text: str


class SecondaryCause(msgspec.Struct, frozen=True):
    """A further, independent cause.

    Attributes:
        category: one of ``CATEGORIES``.
        cause_line: its 1-based line.
        root_cause: one sentence.
    """

    category: str
    cause_line: int | None
    root_cause: str


class ScoreTerm(msgspec.Struct, frozen=True):
    """One term of the winning candidate's score, for ``--explain``.

    Attributes:
        name: what was weighed.
        value: points, positive for and negative against.
    """

    name: str
    value: float


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """The root cause of one failed log, or the statement that nothing failed.

    Attributes:
        failed: whether the log shows a failure.
        root_cause: one sentence, 1 to 2000 characters.
        explanation: how it is known and what else was affected, 1 to 8000 characters.
        fix_suggestion: what to do, 1 to 4000 characters.
        severity: how much is broken.
        confidence: 0 to 1.
        category: one of ``CATEGORIES``.
        cause_line: 1-based line of the cause; ``None`` when there is none.
        spans: ``(start, end)`` pairs of 1-based lines, both included, that explain the failure.
        evidence: at most 20 lines, secrets masked.
        failed_tests: names of the failing tests, each once and under the fullest name that the log has for it: as the
            test tool prints it, of JUnit ``method(class)``; a test module that cannot be loaded counts as one.
        secondary: further independent causes.
        fingerprint: ``v1:`` and hex digits; the same for the same cause in another run.
        tool: the tool that reported the cause, in lower case.
        needs_more_context: the log does not hold enough to be sure.
        missing_context_hint: what is missing, when something is.
        transient: a retry may help.
        owner: who can repair it.
        score: the terms of the score of the cause that was chosen.
        lead: how many points it is ahead of the next candidate elsewhere in the log, at most 4.
    """

    failed: bool
    root_cause: str
    explanation: str
    fix_suggestion: str
    severity: Severity = "medium"
    confidence: float = 0.0
    category: str = "unknown"
    cause_line: int | None = None
    spans: tuple[tuple[int, int], ...] = ()
    evidence: tuple[EvidenceLine, ...] = ()
    failed_tests: tuple[str, ...] = ()
    secondary: tuple[SecondaryCause, ...] = ()
    fingerprint: str = ""
    tool: str | None = None
    needs_more_context: bool = False
    missing_context_hint: str | None = None
    transient: bool = False
    owner: Owner = "developer"
    score: tuple[ScoreTerm, ...] = ()
    lead: float = 0.0
