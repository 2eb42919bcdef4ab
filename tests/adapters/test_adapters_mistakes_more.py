"""Mistakes that well-known tools make with the services that came second; one test each."""

import pytest

from exlogare_ci.adapters import detect, explain

SHA = "eba09b46064473a1d345da7abf28b477468e8dbd"
AZURE = {
    "TF_BUILD": "True",
    "BUILD_BUILDID": "1200",
    "BUILD_BUILDNUMBER": "20261123.4",
    "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI": "https://dev.azure.com/acme/",
    "SYSTEM_TEAMPROJECT": "Fiber Web",
}
HARNESS = {"DRONE": "true", "HARNESS_BUILD_ID": "42"}


@pytest.mark.parametrize(
    ("env", "ci"),
    [
        pytest.param({"DRONE": "true", "HARNESS_BUILD_ID": "1", "CI": "true"}, "harness", id="harness-sets-drone"),
        pytest.param(
            {"GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true", "FORGEJO_ACTIONS": "true"}, "forgejo", id="forgejo"
        ),
        pytest.param({"GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true"}, "gitea", id="gitea"),
        pytest.param({"JENKINS_URL": "http://j/", "TF_BUILD": "True"}, "azure", id="jenkins-agent-on-azure"),
        pytest.param({"JENKINS_HOME": "/j", "BUILD_ID": "153", "PROJECT_ID": "x"}, "jenkins", id="jenkins-on-google"),
        pytest.param({"CF_PAGES": "1", "CF_PAGES_BRANCH": "main"}, "local", id="cloudflare-pages"),
        pytest.param({"BUILD_ID": "8211", "BUILD_URL": "https://x/"}, "local", id="names-of-nobody"),
        pytest.param({"GO_PIPELINE_NAME": "main"}, "local", id="half-of-gocd"),
        pytest.param({"BUILDER_OUTPUT": "build/out"}, "local", id="somebody-else's-builder"),
        pytest.param({"TRAVIS": "false", "SEMAPHORE": "false", "BUDDY": "false"}, "local", id="switched-off"),
        pytest.param(
            {"CIRCLECI": "true", "TRAVIS": "true", "BITRISE_IO": "true", "JENKINS_HOME": "/j"}, "circleci", id="four"
        ),
    ],
)
def test_the_more_specific_service_wins(env: dict[str, str], ci: str) -> None:
    """Imitated markers, leaked variables and unprefixed names do not lead astray."""
    assert detect(env).ci == ci


def test_azure_number_is_not_the_id() -> None:
    """BUILD_BUILDID is the id in pages; what people see is BUILD_BUILDNUMBER, free text."""
    context = detect(AZURE)

    assert (context.run_id, context.build_number) == ("1200", "20261123.4")


def test_azure_project_is_encoded_in_pages() -> None:
    """Project names have spaces."""
    assert detect(AZURE).build_url == "https://dev.azure.com/acme/Fiber%20Web/_build/results?buildId=1200"


def test_azure_branch_keeps_its_folders() -> None:
    """BUILD_SOURCEBRANCHNAME is only the last part of feature/tools."""
    env = {**AZURE, "BUILD_SOURCEBRANCH": "refs/heads/feature/tools", "BUILD_SOURCEBRANCHNAME": "tools"}

    assert detect(env).branch == "feature/tools"


def test_azure_pull_request_of_github_is_its_number() -> None:
    """The id that Azure hands on counts through all of GitHub."""
    env = {
        **AZURE,
        "SYSTEM_PULLREQUEST_PULLREQUESTID": "1184730229",
        "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "42",
    }

    assert detect(env).pull_request == "42"
    assert detect({**AZURE, "SYSTEM_PULLREQUEST_PULLREQUESTID": "1184730229"}).pull_request is None


def test_semaphore_pull_request_is_not_read_from_classic() -> None:
    """PULL_REQUEST_NUMBER was Semaphore Classic's."""
    env = {"SEMAPHORE": "true", "PULL_REQUEST_NUMBER": "9"}

    assert detect(env).pull_request is None
    assert detect({**env, "SEMAPHORE_GIT_PR_NUMBER": "4"}).pull_request == "4"


@pytest.mark.parametrize(
    ("env", "branch"),
    [
        ({"SEMAPHORE": "true", "SEMAPHORE_GIT_BRANCH": "main", "SEMAPHORE_GIT_WORKING_BRANCH": "fix"}, "fix"),
        ({"TRAVIS": "true", "TRAVIS_PULL_REQUEST": "7", "TRAVIS_BRANCH": "main"}, None),
        ({"CIRRUS_CI": "true", "CIRRUS_PR": "7", "CIRRUS_BRANCH": "pull/7", "CIRRUS_BASE_BRANCH": "main"}, None),
        ({"HARNESS_BUILD_ID": "1", "DRONE_PULL_REQUEST": "7", "DRONE_BRANCH": "main"}, None),
        ({"BITRISE_IO": "true", "BITRISEIO_GIT_BRANCH_DEST": "main"}, None),
        ({"CF_BUILD_ID": "1", "CF_PULL_REQUEST_TARGET": "main", "CF_BRANCH": "fix"}, "fix"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_target_branch_of_a_pull_request_is_not_its_branch(env: dict[str, str], branch: str | None) -> None:
    """Nor is pull/7, which is a ref."""
    assert detect(env).branch == branch


def test_codebuild_of_bitbucket_has_the_repository() -> None:
    """The host is bitbucket.org; nothing is cut by a wrong one."""
    env = {"CODEBUILD_BUILD_ID": "p:1", "CODEBUILD_SOURCE_REPO_URL": "https://bitbucket.org/acme/shop.git"}

    assert detect(env).project == "acme/shop"


@pytest.mark.parametrize(
    ("arn", "page"),
    [
        (
            "arn:aws-cn:codebuild:cn-north-1:1:build/a:0",
            "https://cn-north-1.console.amazonaws.cn/codesuite/codebuild/1/projects/a/build/a%3A0/?region=cn-north-1",
        ),
        ("arn:aws-iso:codebuild:us-iso-east-1:1:build/a:0", None),
        ("arn:aws:codebuild:us-east-1:1:build/a", None),
        ("arn:aws:s3:::bucket", None),
    ],
)
def test_codebuild_page_is_the_one_of_its_partition(arn: str, page: str | None) -> None:
    """The build's id has a colon, which is encoded; an unknown partition has no page."""
    assert detect({"CODEBUILD_BUILD_ARN": arn}).build_url == page


def test_codebuild_outside_codepipeline_is_seen() -> None:
    """The initiator says who started it, not where it runs."""
    assert detect({"CODEBUILD_BUILD_ID": "p:1", "CODEBUILD_INITIATOR": "MyUserName"}).ci == "codebuild"


def test_bitbucket_braces_go_and_are_encoded_in_pages() -> None:
    """UUIDs come in braces, which are no part of an id and not allowed in an address."""
    env = {
        "BITBUCKET_BUILD_NUMBER": "253",
        "BITBUCKET_REPO_FULL_NAME": "acme/shop",
        "BITBUCKET_PIPELINE_UUID": "{3c2d}",
        "BITBUCKET_STEP_UUID": "{9b1c}",
    }

    context = detect(env)

    assert (context.run_id, context.job_id) == ("3c2d", "9b1c")
    assert context.job_url == "https://bitbucket.org/acme/shop/pipelines/results/253/steps/%7B9b1c%7D"


def test_bitbucket_commit_may_be_abbreviated() -> None:
    """Twelve digits are a commit, too."""
    assert detect({"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_COMMIT": SHA[:12]}).commit_sha == SHA[:12]


@pytest.mark.parametrize(
    ("value", "status"),
    [("failed", "failed"), ("false", "failed"), ("success", "success"), ("true", "success"), ("running", None)],
)
def test_harness_stage_status_has_two_vocabularies(value: str, status: str | None) -> None:
    """DRONE_STAGE_STATUS is ``failed`` or ``false``."""
    assert detect({**HARNESS, "DRONE_STAGE_STATUS": value}).status == status


def test_harness_tag_in_the_branch_is_no_branch() -> None:
    """A tag's build has refs/tags/v1 in DRONE_BRANCH."""
    context = detect({**HARNESS, "DRONE_BRANCH": "refs/tags/v1", "DRONE_SOURCE_BRANCH": "refs/tags/v1"})

    assert (context.branch, context.tag) == (None, "v1")


@pytest.mark.parametrize(
    ("env", "status"),
    [
        ({"SEMAPHORE": "true", "SEMAPHORE_JOB_RESULT": "none"}, None),
        ({"TRAVIS": "true", "TRAVIS_TEST_RESULT": ""}, None),
        ({"TRAVIS": "true", "TRAVIS_TEST_RESULT": "?"}, None),
        ({"BITRISE_IO": "true", "BITRISE_BUILD_STATUS": "1"}, "error"),
        ({"CODEBUILD_BUILD_ID": "p:1", "CODEBUILD_BUILD_SUCCEEDING": "0"}, "FAILED"),
        ({"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_EXIT_CODE": "137"}, "FAILED"),
    ],
)
def test_flags_become_words_and_nothing_becomes_success(env: dict[str, str], status: str | None) -> None:
    """A status that is not there is not there."""
    assert detect(env).status == status


def test_bitrise_commit_is_the_head_not_the_merge() -> None:
    """GIT_CLONE_COMMIT_HASH is what was checked out: on a pull request the merge with the target branch."""
    env = {"BITRISE_IO": "true", "BITRISE_GIT_COMMIT": SHA, "GIT_CLONE_COMMIT_HASH": "0" * 39 + "1"}

    assert detect(env).commit_sha == SHA


def test_buddy_runs_of_two_pipelines_do_not_meet() -> None:
    """A run's number counts in its pipeline."""
    first, second = (
        detect({"BUDDY": "true", "BUDDY_PIPELINE_ID": pipeline, "BUDDY_RUN_ID": "1"}) for pipeline in ("456", "457")
    )

    assert (first.run_id, second.run_id) == ("456/1", "457/1")
    assert first.build_number == second.build_number == "1"


def test_concourse_task_is_concourse_without_a_build() -> None:
    """Tasks get nothing but the server's address, on purpose; git tells what it can."""
    explanation = explain({"ATC_EXTERNAL_URL": "https://ci.example.com"})

    assert (explanation.context.ci, set(explanation.fields)) == ("concourse", {"ci"})


def test_bamboo_on_windows_has_its_names_in_capitals() -> None:
    """Python gives every name in capitals there; so do Jenkins plugins' and GitLab's small ones."""
    assert detect({"BAMBOO_BUILDKEY": "SHOP-WEB-JOB1", "BAMBOO_BUILDNUMBER": "7"}).build_number == "7"
    assert detect({"JENKINS_URL": "http://j/", "GHPRBPULLID": "24"}).pull_request == "24"


@pytest.mark.parametrize(
    ("marker", "name"),
    [
        ("TRAVIS", "TRAVIS_PULL_REQUEST"),
        ("BITRISE_IO", "BITRISE_PULL_REQUEST"),
        ("SEMAPHORE", "SEMAPHORE_GIT_PR_NUMBER"),
        ("CIRRUS_CI", "CIRRUS_PR"),
        ("CF_BUILD_ID", "CF_PULL_REQUEST_NUMBER"),
        ("BUDDY", "BUDDY_RUN_PR_NO"),
        ("BITBUCKET_BUILD_NUMBER", "BITBUCKET_PR_ID"),
        ("HARNESS_BUILD_ID", "DRONE_PULL_REQUEST"),
    ],
)
@pytest.mark.parametrize("value", ["false", "False", "", " ", "0"])
def test_false_and_empty_are_no_pull_request(marker: str, name: str, value: str) -> None:
    """The word ``false`` is true to a naive test."""
    assert detect({marker: "1", name: value}).pull_request is None


def test_gocd_of_several_materials_names_no_commit() -> None:
    """With two repositories neither is the one that was built."""
    env = {"GO_PIPELINE_NAME": "main", "GO_SERVER_URL": "http://g/go", "GO_REVISION_A": SHA, "GO_REVISION_B": SHA[::-1]}

    assert detect(env).commit_sha is None
