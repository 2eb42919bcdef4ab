"""Every service's own words for a result, as the generic endpoint gets them."""

import pytest

from exlogare_ci.adapters import ADAPTERS
from exlogare_ci.context import RunContext
from exlogare_ci.payload import ENDPOINT_BY_PROVIDER, build
from exlogare_ci.statuses import VOCABULARY, kind_of, to_endpoint

WORDS = {
    # service: its words for a job or a run, and what kind each is; the vendor's page that lists them
    "azure": (
        "https://learn.microsoft.com/en-us/rest/api/azure/devops/build/builds/list#buildresult",
        (
            "Succeeded=success SucceededWithIssues=unstable partiallySucceeded=unstable Failed=failed "
            "Canceled=cancelled Skipped=skipped Abandoned=cancelled"
        ),
    ),
    "bamboo": (
        "https://developer.atlassian.com/server/bamboo/rest/",
        "Successful=success Failed=failed NotBuilt=skipped InProgress=running Queued=pending Pending=pending",
    ),
    "bitbucket": (
        "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pipelines/",
        (
            "SUCCESSFUL=success FAILED=failed ERROR=error STOPPED=cancelled NOT_RUN=skipped EXPIRED=timeout "
            "IN_PROGRESS=running PENDING=pending PAUSED=blocked HALTED=cancelled"
        ),
    ),
    "bitrise": (
        "https://api-docs.bitrise.io/",
        (
            "success=success error=error aborted=cancelled on-hold=pending in-progress=running "
            "aborted-with-success=success"
        ),
    ),
    "buddy": (
        "https://buddy.works/docs/api/pipelines/executions/get-execution",
        (
            "SUCCESSFUL=success FAILED=failed INPROGRESS=running ENQUEUED=pending SKIPPED=skipped "
            "TERMINATED=cancelled NOT_EXECUTED=skipped INITIAL=pending"
        ),
    ),
    "cirrus": (
        "https://github.com/cirruslabs/cirrus-ci-web/blob/master/schema.gql",
        (
            "COMPLETED=success FAILED=failed ERRORED=error ABORTED=cancelled SKIPPED=skipped EXECUTING=running "
            "CREATED=pending TRIGGERED=pending SCHEDULED=pending PAUSED=blocked NEEDS_APPROVAL=blocked"
        ),
    ),
    "cloudbuild": (
        "https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds#Build.Status",
        (
            "SUCCESS=success FAILURE=failed INTERNAL_ERROR=error TIMEOUT=timeout CANCELLED=cancelled "
            "EXPIRED=timeout QUEUED=pending PENDING=pending WORKING=running"
        ),
    ),
    "codebuild": (
        "https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html",
        "SUCCEEDED=success FAILED=failed FAULT=error TIMED_OUT=timeout IN_PROGRESS=running STOPPED=cancelled",
    ),
    "codefresh": (
        "https://g.codefresh.io/api/",
        "success=success error=error terminated=cancelled running=running pending=pending denied=declined",
    ),
    "concourse": (
        "https://concourse-ci.org/docs/builds/",
        "succeeded=success failed=failed errored=error aborted=cancelled started=running pending=pending",
    ),
    "forgejo": (
        "https://forgejo.org/docs/latest/user/actions/reference/",
        (
            "success=success failure=failed cancelled=cancelled skipped=skipped waiting=pending running=running "
            "blocked=blocked"
        ),
    ),
    "gitea": (
        "https://docs.gitea.com/api/",
        (
            "success=success failure=failed cancelled=cancelled skipped=skipped waiting=pending running=running "
            "blocked=blocked"
        ),
    ),
    "gocd": (
        "https://api.gocd.org/current/#the-stage-instance-object",
        "Passed=success Failed=failed Cancelled=cancelled Building=running",
    ),
    "harness": (
        "https://developer.harness.io/docs/continuous-integration/troubleshoot-ci/ci-env-var/",
        "success=success failed=failed failure=failed killed=cancelled running=running",
    ),
    "semaphore": (
        "https://docs.semaphore.io/reference/env-vars#job-result",
        "passed=success failed=failed stopped=cancelled canceled=cancelled",
    ),
    "travis": (
        "https://developer.travis-ci.com/resource/build",
        (
            "passed=success failed=failed errored=error canceled=cancelled created=pending received=pending "
            "started=running"
        ),
    ),
}
PASSING = frozenset({"success", "skipped", "running", "pending", "blocked", "declined"})
"""Kinds that are no failure for the server, see the contract."""


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        pytest.param(*pair.split("="), id=f"{service}-{pair}")
        for service, (_, words) in WORDS.items()
        for pair in words.split()
    ],
)
def test_a_services_word_has_its_kind(word: str, kind: str) -> None:
    """The generic endpoint gets a word that it knows, and a failure stays one."""
    sent = to_endpoint("log", word)

    assert kind_of(word) == kind
    assert (sent in VOCABULARY["log"]) == (kind != "unstable")
    assert (kind_of(sent) in PASSING) == (kind in PASSING)


def test_every_service_with_the_generic_endpoint_is_in_the_table() -> None:
    """Nobody adds a service without its words."""
    others = {"github", "gitlab", "buildkite", "appveyor", "local"}  # checked with the adapters' own fixtures

    assert {adapter.NAME for adapter in ADAPTERS} == {*WORDS, *ENDPOINT_BY_PROVIDER, *others}


@pytest.mark.parametrize("service", sorted(WORDS))
def test_services_without_an_endpoint_of_their_own_use_the_generic_one(service: str) -> None:
    """The provider's name says which service it was."""
    payload = build(RunContext(ci=service, project="org/app", run_id="7"), b"boom", status="failed")

    assert payload.path == "/api/ingest/log"
    assert payload.fields == {"provider": service, "project": "org/app", "pipeline_id": "7", "status": "failed"}
