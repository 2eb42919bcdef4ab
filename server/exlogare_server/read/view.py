"""An analysis as the API shows it: the contract's fields, and ours."""

from typing import Annotated
from uuid import UUID

import msgspec

from exlogare_server.store.protocol import Evidence, Severity, StoredAnalysis
from exlogare_server.times import to_text

Time = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]


class AnalysisView(msgspec.Struct, frozen=True, kw_only=True):
    """One analysis.

    Attributes:
        project_web_url: always ``null``; no ingest endpoint sends it.
        mr_iid: always ``null``; no ingest endpoint sends it.
        provider_label: (ours) the slug of a generic post's provider; elsewhere the provider.
        updated_at: (ours) when the run was posted last.
        cluster_id: (ours) the group of analyses with the same cause; ``null`` for what is no failure.
    """

    id: UUID
    provider: str
    source: str
    ci_run_id: str
    ci_job_id: str | None
    project_id: str
    project_path: str
    project_web_url: str | None
    pipeline_url: str | None
    job_url: str | None
    mr_iid: int | None
    root_cause: str
    explanation: str
    fix_suggestion: str
    severity: Severity
    confidence: float
    created_at: Time
    provider_label: str
    status: str
    branch: str | None
    commit_sha: str | None
    job_name: str | None
    build_number: str | None
    category: str
    evidence: tuple[Evidence, ...]
    cluster_id: UUID | None
    needs_more_context: bool
    missing_context_hint: str | None
    updated_at: Time


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of analyses, newest first; ``next_cursor`` is ``null`` on the last one."""

    items: tuple[AnalysisView, ...]
    next_cursor: str | None
    limit: int


class LegacyPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of analyses, newest first, and how many there are in all."""

    items: tuple[AnalysisView, ...]
    total: int
    limit: int
    offset: int


def view(stored: StoredAnalysis) -> AnalysisView:
    """Show a stored analysis."""
    return AnalysisView(
        id=stored.id,
        provider=stored.provider,
        source=stored.source,
        ci_run_id=stored.ci_run_id,
        ci_job_id=stored.ci_job_id,
        project_id=stored.project,
        project_path=stored.project,
        project_web_url=None,
        pipeline_url=stored.pipeline_url,
        job_url=stored.job_url,
        mr_iid=None,
        root_cause=stored.root_cause,
        explanation=stored.explanation,
        fix_suggestion=stored.fix_suggestion,
        severity=stored.severity,
        confidence=stored.confidence,
        created_at=to_text(stored.created_at),
        provider_label=stored.provider_label,
        status=stored.status,
        branch=stored.branch,
        commit_sha=stored.commit_sha,
        job_name=stored.job_name,
        build_number=stored.build_number,
        category=stored.category,
        evidence=stored.evidence,
        cluster_id=stored.cluster_id,
        needs_more_context=stored.needs_more_context,
        missing_context_hint=stored.missing_context_hint,
        updated_at=to_text(stored.updated_at),
    )
