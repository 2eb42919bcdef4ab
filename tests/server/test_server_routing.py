"""The contract's table of endpoints: which run a post belongs to."""

import uuid
from datetime import datetime, timezone
from typing import Any

import pytest

from exlogare_server.errors import BadRequestError, FieldsError
from exlogare_server.ingest import statuses
from exlogare_server.ingest.routing import ENDPOINTS, Run

NOW = datetime(2026, 11, 23, 12, 0, 5, 999_999, tzinfo=timezone.utc)
SALT = uuid.UUID(int=1)
_BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}


def route(name: str, **fields: Any) -> Run:
    """The run of a body of an endpoint."""
    endpoint = _BY_NAME[name]
    return endpoint.route(endpoint.body_type(log="", **fields), NOW)


def jenkins(**changes: Any) -> Run:
    """A Jenkins run."""
    return route("jenkins", **{"job": "team/app", "build_number": 7, "status": "FAILURE", **changes})


def generic(**changes: Any) -> Run:
    """A run of the generic endpoint."""
    return route("log", **{"provider": "Azure DevOps", "project": "org/app", "status": "failed", **changes})


def test_endpoints_are_the_contracts() -> None:
    """The five endpoints are there, and no other."""
    assert [endpoint.name for endpoint in ENDPOINTS] == ["jenkins", "circleci", "teamcity", "drone", "log"]


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        pytest.param(
            jenkins(project="App", build_url="https://ci/7"),
            Run(provider="jenkins", provider_label="jenkins", source="jenkins_ingest", ci_run_id="team/app#7",
                ci_job_id=None, project="App", status="FAILURE", job_name="team/app", build_number="7",
                url="https://ci/7"),
            id="jenkins",
        ),
        pytest.param(
            jenkins(),
            Run(provider="jenkins", provider_label="jenkins", source="jenkins_ingest", ci_run_id="team/app#7",
                ci_job_id=None, project="team/app", status="FAILURE", job_name="team/app", build_number="7"),
            id="jenkins-without-project",
        ),
        pytest.param(
            route("circleci", project_slug="gh/org/app", workflow_id="w", job_name="test", job_number=3,
                  status="failed", branch="main", commit_sha="abc", pipeline_url="https://ci/p", workflow_name="all"),
            Run(provider="circleci", provider_label="circleci", source="circleci_ingest", ci_run_id="w#3",
                ci_job_id="3", project="gh/org/app", status="failed", job_name="test", build_number="3",
                branch="main", commit_sha="abc", url="https://ci/p"),
            id="circleci",
        ),
        pytest.param(
            route("circleci", project_slug="gh/org/app", workflow_id="w", job_name="test", job_number=0, status="x"),
            Run(provider="circleci", provider_label="circleci", source="circleci_ingest", ci_run_id="w#0",
                ci_job_id=None, project="gh/org/app", status="x", job_name="test", build_number="0"),
            id="circleci-without-number",
        ),
        pytest.param(
            route("teamcity", build_type_id="App_Test", build_id=99, build_number="1.2.3", status="FAILURE",
                  branch="main", commit_sha="abc", build_url="https://ci/b", project_name="App"),
            Run(provider="teamcity", provider_label="teamcity", source="teamcity_ingest", ci_run_id="App_Test#99",
                ci_job_id="99", project="App", status="FAILURE", job_name="App_Test", build_number="1.2.3",
                branch="main", commit_sha="abc", url="https://ci/b"),
            id="teamcity",
        ),
        pytest.param(
            route("teamcity", build_type_id="App_Test", build_id=0, build_number="1", status="FAILURE"),
            Run(provider="teamcity", provider_label="teamcity", source="teamcity_ingest", ci_run_id="App_Test#0",
                ci_job_id="0", project="App_Test", status="FAILURE", job_name="App_Test", build_number="1"),
            id="teamcity-without-project",
        ),
        pytest.param(
            route("drone", repo="org/app", build_number=5, status="failure", pipeline="default", step="test"),
            Run(provider="drone", provider_label="drone", source="drone_ingest", ci_run_id="org/app#5",
                ci_job_id="test", project="org/app", status="failure", job_name="test", build_number="5"),
            id="drone",
        ),
        pytest.param(
            route("drone", repo="org/app", build_number=5, status="failure", pipeline="default"),
            Run(provider="drone", provider_label="drone", source="drone_ingest", ci_run_id="org/app#5",
                ci_job_id="default", project="org/app", status="failure", job_name="default", build_number="5"),
            id="drone-without-step",
        ),
        pytest.param(
            generic(pipeline_id="p", job_id="j", job_name="test", build_number="8", branch="main", commit_sha="abc",
                    pipeline_url="https://ci/p"),
            Run(provider="generic", provider_label="azure_devops", source="generic_ingest", ci_run_id="p#j",
                ci_job_id="j", project="org/app", status="failed", job_name="test", build_number="8", branch="main",
                commit_sha="abc", url="https://ci/p"),
            id="log",
        ),
    ],
)  # fmt: skip
def test_run_is_the_contracts_row(run: Run, expected: Run) -> None:
    """Every field of a run comes from where the table says."""
    assert expected == run


@pytest.mark.parametrize(
    ("fields", "run_id", "job_id", "always_new"),
    [
        ({"pipeline_id": "p", "job_id": "j", "build_number": "8"}, "p#j", "j", False),
        ({"pipeline_id": "p", "build_number": "8"}, "p", None, False),
        ({"job_id": "j", "build_number": "8"}, "8", "j", False),
        ({"build_number": "8"}, "8", None, False),
        ({"job_id": "j"}, "org/app#20261123T120005", "j", False),
        ({}, "org/app#20261123T120005", None, True),
    ],
)
def test_generic_run_id_follows_the_order(
    *, fields: dict[str, str], run_id: str, job_id: str | None, always_new: bool
) -> None:
    """The first of the four forms that the fields allow is the run's id."""
    run = generic(**fields)

    assert (run_id, job_id, always_new) == (run.ci_run_id, run.ci_job_id, run.always_new)


def test_generic_provider_without_slug_is_told() -> None:
    """A service's name of which nothing is left does not fit."""
    with pytest.raises(FieldsError) as caught:
        generic(provider="日本")

    assert caught.value.errors[0].loc == ("body", "provider")


def test_same_run_has_the_same_key() -> None:
    """The status, the branch and the names for people do not change which run it is."""
    assert jenkins().key(salt=lambda: SALT) == jenkins(status="SUCCESS", build_url="https://x").key(salt=uuid.uuid4)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(jenkins(), jenkins(build_number=8), id="number"),
        pytest.param(jenkins(project="a"), jenkins(project="b"), id="project"),
        pytest.param(generic(build_number="1"), generic(build_number="1", provider="other"), id="service"),
        pytest.param(generic(build_number="1"), generic(build_number="1", job_id="j"), id="job"),
        pytest.param(
            generic(provider="drone", project="org/app", pipeline_id="org/app#5"),
            route("drone", repo="org/app", build_number=5, status="failure"),
            id="endpoint",
        ),
    ],
)
def test_other_run_has_another_key(one: Run, other: Run) -> None:
    """Two runs that differ in any part of the identity never meet."""
    assert one.key(salt=lambda: SALT) != other.key(salt=lambda: SALT)


def test_nameless_run_is_always_new() -> None:
    """A generic post that names no run differs from the same post a moment later."""
    assert generic().key(salt=lambda: SALT) != generic().key(salt=lambda: uuid.UUID(int=2))


@pytest.mark.parametrize(
    ("endpoint", "name", "words"),
    [
        ("jenkins", "Jenkins", "SUCCESS FAILURE UNSTABLE ABORTED NOT_BUILT"),
        ("circleci", "CircleCI",
         "success failed failing error errored canceled cancelled timedout unauthorized blocked running"),
        ("teamcity", "TeamCity", "success failure failed error canceled cancelled running"),
        ("drone", "Drone", "success failure failed error errored killed skipped blocked declined running pending"),
    ],
)  # fmt: skip
def test_statuses_are_the_contracts(endpoint: str, name: str, words: str) -> None:
    """Each word of the service passes in any case, and another is refused by name."""
    for word in words.split():
        statuses.check(endpoint, word.swapcase())
    assert len(words.split()) == len(statuses.VOCABULARIES[endpoint][1])
    with pytest.raises(BadRequestError) as caught:
        statuses.check(endpoint, "passed")
    assert str(caught.value) == f"Unknown {name} status: 'passed'"


def test_generic_endpoint_takes_any_status() -> None:
    """A service may call its end what it likes."""
    statuses.check("log", "went sideways")


@pytest.mark.parametrize(
    "word", ["success", "passed", "ok", "skipped", "running", "pending", "queued", "blocked", "declined", "not_built"]
)
def test_status_is_no_failure(word: str) -> None:
    """The contract's list of words that are no failures, in any case."""
    assert not statuses.is_failure(word)
    assert not statuses.is_failure(word.upper())


@pytest.mark.parametrize("word", ["failed", "UNSTABLE", "ABORTED", "cancelled", "killed", "timeout", "went sideways"])
def test_every_other_status_is_a_failure(word: str) -> None:
    """Unknown words included."""
    assert statuses.is_failure(word)
