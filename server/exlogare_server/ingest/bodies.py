"""The five bodies, as structs: what validates them and what describes them to others is the same.

A field that may be absent is typed ``… | None``; ``null`` and an empty string there mean absent. Lengths
count characters.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

# The largest whole number that every database and most clients hold.
_INTEGER_MAX = 2**63 - 1

Count = Annotated[int, Meta(ge=0, le=_INTEGER_MAX)]
Text32 = Annotated[str, Meta(min_length=1, max_length=32)]
Text64 = Annotated[str, Meta(min_length=1, max_length=64)]
Text128 = Annotated[str, Meta(min_length=1, max_length=128)]
Text256 = Annotated[str, Meta(min_length=1, max_length=256)]
Text512 = Annotated[str, Meta(min_length=1, max_length=512)]
Slug512 = Annotated[str, Meta(min_length=3, max_length=512)]
Url = Annotated[str, Meta(min_length=1, max_length=2048, extra={"url": True}, extra_json_schema={"format": "uri"})]
Log = Annotated[
    str,
    Meta(
        min_length=1,
        description="The raw log, at most 10 MiB of UTF-8. It is worked on in memory and never stored.",
    ),
]


class JenkinsBody(msgspec.Struct, frozen=True, kw_only=True):
    """A build of a Jenkins job."""

    job: Text512
    build_number: Count
    status: Text32
    log: Log
    project: Text512 | None = None
    build_url: Url | None = None


class CircleCiBody(msgspec.Struct, frozen=True, kw_only=True):
    """A job of a CircleCI workflow."""

    project_slug: Slug512
    workflow_id: Text128
    job_name: Text256
    job_number: Count
    status: Text32
    log: Log
    branch: Text256 | None = None
    commit_sha: Text64 | None = None
    pipeline_url: Url | None = None
    workflow_name: Text128 | None = None


class TeamCityBody(msgspec.Struct, frozen=True, kw_only=True):
    """A build of a TeamCity build configuration."""

    build_type_id: Text256
    build_id: Count
    build_number: Text64
    status: Text32
    log: Log
    branch: Text256 | None = None
    commit_sha: Text64 | None = None
    build_url: Url | None = None
    project_name: Text256 | None = None


class DroneBody(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a Drone or Woodpecker build."""

    repo: Slug512
    build_number: Count
    status: Text32
    log: Log
    pipeline: Text128 | None = None
    step: Text128 | None = None
    branch: Text256 | None = None
    commit_sha: Text64 | None = None
    build_url: Url | None = None


class LogBody(msgspec.Struct, frozen=True, kw_only=True):
    """A job of any other service."""

    provider: Text128
    project: Text512
    status: Text32
    log: Log
    pipeline_id: Text128 | None = None
    job_id: Text128 | None = None
    job_name: Text256 | None = None
    branch: Text256 | None = None
    commit_sha: Text64 | None = None
    pipeline_url: Url | None = None
    build_number: Text64 | None = None


Body = JenkinsBody | CircleCiBody | TeamCityBody | DroneBody | LogBody
