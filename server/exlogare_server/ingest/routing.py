"""From each service's words to one record of the run, and the identity of a run.

The contract's table "source, provider, ci_run_id, ci_job_id, project" is this file; ``ENDPOINTS`` is its list
of rows.
"""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from exlogare_server.errors import FieldError, FieldsError
from exlogare_server.ingest import statuses
from exlogare_server.ingest.bodies import CircleCiBody, DroneBody, JenkinsBody, LogBody, TeamCityBody
from exlogare_server.ingest.slug import provider_slug

# Between the parts of an identity: no field can contain it.
_SEPARATOR = "\0"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """The run that a log belongs to, in one vocabulary for all services.

    Attributes:
        provider_label: the generic endpoint's slug; elsewhere the provider.
        project: both ``project_id`` and ``project_path``.
        always_new: nothing in the post names the run, so a second post is another run.
    """

    provider: str
    provider_label: str
    source: str
    ci_run_id: str
    ci_job_id: str | None
    project: str
    status: str
    job_name: str | None = None
    build_number: str | None = None
    branch: str | None = None
    commit_sha: str | None = None
    url: str | None = None
    always_new: bool = False

    @property
    def failure(self) -> bool:
        """Whether the status counts as a failure."""
        return statuses.is_failure(self.status)

    def key(self, *, salt: Callable[[], uuid.UUID] = uuid.uuid4) -> bytes:
        """Give the run's identity within a tenant.

        Args:
            salt: gives what makes the key of a run that is always new; anything that was never used before.

        Returns:
            32 bytes.
        """
        parts = (self.provider, self.provider_label, self.project, self.ci_run_id, self.ci_job_id or "")
        tail = salt().hex if self.always_new else ""
        return hashlib.sha256(_SEPARATOR.join((*parts, tail)).encode()).digest()


class Endpoint(msgspec.Struct, frozen=True):
    """One ingest endpoint.

    Attributes:
        name: the last part of its path.
        body_type: what it takes.
        route: makes the run of a checked body and the time of its arrival (UTC); raises ``FieldsError``.
    """

    name: str
    body_type: type[Any]
    route: Callable[[Any, datetime], Run]


def _jenkins(body: JenkinsBody, _now: datetime) -> Run:
    return Run(
        provider="jenkins",
        provider_label="jenkins",
        source="jenkins_ingest",
        ci_run_id=f"{body.job}#{body.build_number}",
        ci_job_id=None,
        project=body.project or body.job,
        status=body.status,
        job_name=body.job,
        build_number=str(body.build_number),
        url=body.build_url,
    )


def _circleci(body: CircleCiBody, _now: datetime) -> Run:
    return Run(
        provider="circleci",
        provider_label="circleci",
        source="circleci_ingest",
        ci_run_id=f"{body.workflow_id}#{body.job_number}",
        ci_job_id=str(body.job_number) if body.job_number else None,
        project=body.project_slug,
        status=body.status,
        job_name=body.job_name,
        build_number=str(body.job_number),
        branch=body.branch,
        commit_sha=body.commit_sha,
        url=body.pipeline_url,
    )


def _teamcity(body: TeamCityBody, _now: datetime) -> Run:
    return Run(
        provider="teamcity",
        provider_label="teamcity",
        source="teamcity_ingest",
        ci_run_id=f"{body.build_type_id}#{body.build_id}",
        ci_job_id=str(body.build_id),
        project=body.project_name or body.build_type_id,
        status=body.status,
        job_name=body.build_type_id,
        build_number=body.build_number,
        branch=body.branch,
        commit_sha=body.commit_sha,
        url=body.build_url,
    )


def _drone(body: DroneBody, _now: datetime) -> Run:
    job = body.step or body.pipeline
    return Run(
        provider="drone",
        provider_label="drone",
        source="drone_ingest",
        ci_run_id=f"{body.repo}#{body.build_number}",
        ci_job_id=job,
        project=body.repo,
        status=body.status,
        job_name=job,
        build_number=str(body.build_number),
        branch=body.branch,
        commit_sha=body.commit_sha,
        url=body.build_url,
    )


def _log(body: LogBody, now: datetime) -> Run:
    label = provider_slug(body.provider)
    if label is None:
        raise FieldsError(
            [FieldError(("body", "provider"), "The name must contain a letter a-z or a digit.", "value_error")]
        )
    if body.pipeline_id and body.job_id:
        run_id = f"{body.pipeline_id}#{body.job_id}"
    else:
        run_id = body.pipeline_id or body.build_number or f"{body.project}#{now:%Y%m%dT%H%M%S}"
    return Run(
        provider="generic",
        provider_label=label,
        source="generic_ingest",
        ci_run_id=run_id,
        ci_job_id=body.job_id,
        project=body.project,
        status=body.status,
        job_name=body.job_name,
        build_number=body.build_number,
        branch=body.branch,
        commit_sha=body.commit_sha,
        url=body.pipeline_url,
        always_new=not (body.pipeline_id or body.job_id or body.build_number),
    )


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("jenkins", JenkinsBody, _jenkins),
    Endpoint("circleci", CircleCiBody, _circleci),
    Endpoint("teamcity", TeamCityBody, _teamcity),
    Endpoint("drone", DroneBody, _drone),
    Endpoint("log", LogBody, _log),
)
