"""Mistakes that well-known tools make with the services we know; one test each, so that we do not."""

import itertools

import pytest

from exlogare_ci.adapters import detect, explain

SHA = "eba09b46064473a1d345da7abf28b477468e8dbd"
WOODPECKER = {"CI": "woodpecker", "CI_SYSTEM_VERSION": "3.17.0"}
GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.example.com",
    "GITHUB_REPOSITORY": "octocat/Hello-World",
    "GITHUB_RUN_ID": "1658821493",
}


def test_woodpecker_is_not_read_from_what_version_2_removed() -> None:
    """CI_BUILD_NUMBER, CI_BUILD_LINK and CI_JOB_NUMBER are gone since 2.0; the pipeline's own names count."""
    old = {"CI_BUILD_NUMBER": "1", "CI_BUILD_LINK": "https://old.example.com/1", "CI_JOB_NUMBER": "2"}
    new = {"CI_PIPELINE_NUMBER": "8", "CI_PIPELINE_URL": "https://ci.example.com/repos/7/pipeline/8"}

    context = detect({**WOODPECKER, **old, **new})

    assert (context.run_id, context.build_number) == ("8", "8")
    assert context.build_url == context.job_url == "https://ci.example.com/repos/7/pipeline/8"


def test_woodpecker_pull_request_does_not_hang_on_the_removed_event_name() -> None:
    """The number is there without CI_BUILD_EVENT."""
    assert detect({**WOODPECKER, "CI_COMMIT_PULL_REQUEST": "1"}).pull_request == "1"


@pytest.mark.parametrize("forced", [{}, {"EXLOGARE_CI": "drone"}], ids=["detected", "forced-to-drone"])
def test_drone_status_inside_woodpecker_is_never_believed(forced: dict[str, str]) -> None:
    """Woodpecker gives plugins DRONE_BUILD_STATUS=success whatever happened, even to who insists on Drone."""
    env = {**WOODPECKER, "DRONE_BUILD_STATUS": "success", "DRONE_REPO": "john-doe/my-repo", **forced}

    assert detect(env).status is None


@pytest.mark.parametrize(
    ("version", "status", "expected"),
    [
        ("2.7.0", "success", None),
        ("v1.0.5", "success", None),
        ("3.17.0", "success", "success"),
        ("3.17.0", "failure", "failure"),
        ("2.7.0", "failure", "failure"),
        ("next-4f2b1c", "failure", "failure"),
        ("3.17.0", "running", None),
    ],
)
def test_woodpecker_success_counts_only_from_servers_that_know(version: str, status: str, expected: str | None) -> None:
    """Before version 3 the pipeline's status was success from beginning to end."""
    env = {"CI": "woodpecker", "CI_SYSTEM_VERSION": version, "CI_PIPELINE_STATUS": status}

    assert detect(env).status == expected


def test_circleci_pull_request_of_the_own_repository_is_seen() -> None:
    """CIRCLE_PR_NUMBER is for forks only; the number is at the end of CIRCLE_PULL_REQUEST."""
    env = {"CIRCLECI": "true", "CIRCLE_PULL_REQUEST": "https://github.com/octocat/hello-world/pull/7324/"}

    assert detect(env).pull_request == "7324"


@pytest.mark.parametrize("provider", ["github", "gitHub", "GitHub"])
def test_appveyor_provider_is_compared_without_case(provider: str) -> None:
    """The page says ``github``, builds say ``gitHub``."""
    env = {"APPVEYOR": "True", "APPVEYOR_REPO_PROVIDER": provider, "APPVEYOR_REPO_NAME": "owner/repo"}

    assert detect(env).remote_url == "https://github.com/owner/repo.git"


def test_appveyor_page_has_the_account_in_it() -> None:
    """Project slugs are unique in an account only, so a page without it is somebody else's."""
    env = {
        "APPVEYOR": "True",
        "APPVEYOR_URL": "https://ci.appveyor.com",
        "APPVEYOR_ACCOUNT_NAME": "acme",
        "APPVEYOR_PROJECT_SLUG": "alpaga",
        "APPVEYOR_BUILD_ID": "16428432",
    }

    assert detect(env).build_url == "https://ci.appveyor.com/project/acme/alpaga/builds/16428432"


def test_gitlab_merge_request_is_the_number_that_people_see() -> None:
    """CI_MERGE_REQUEST_ID counts through the whole instance; links and people use the IID."""
    env = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_ID": "99031", "CI_MERGE_REQUEST_IID": "7"}

    assert detect(env).pull_request == "7"
    assert detect({"GITLAB_CI": "true", "CI_MERGE_REQUEST_ID": "99031"}).pull_request is None


def test_teamcity_configuration_name_is_no_project() -> None:
    """TEAMCITY_BUILDCONF_NAME is the display name of the build configuration."""
    env = {"TEAMCITY_VERSION": "2025.07", "TEAMCITY_BUILDCONF_NAME": "Build", "BUILD_NUMBER": "17"}

    context = detect(env)

    assert (context.project, context.job_name, context.build_number) == (None, "Build", "17")


def test_jenkins_pull_request_has_its_source_branch() -> None:
    """BRANCH_NAME is PR-24 there, CHANGE_BRANCH the branch."""
    env = {
        "JENKINS_URL": "http://j/",
        "BRANCH_NAME": "PR-24",
        "CHANGE_ID": "24",
        "CHANGE_BRANCH": "feature/x",
    }

    assert detect(env).branch == "feature/x"


@pytest.mark.parametrize(
    "env",
    [
        {"JENKINS_URL": "http://buildserver/jenkins/"},
        {"JENKINS_HOME": "/var/lib/jenkins"},
        {"HUDSON_URL": "http://buildserver/jenkins/"},
        {"BUILD_TAG": "jenkins-foo-153"},
    ],
    ids=lambda env: next(iter(env)),
)
def test_jenkins_is_seen_without_its_own_address(env: dict[str, str]) -> None:
    """JENKINS_URL is only there when an administrator entered it."""
    assert detect(env).ci == "jenkins"


@pytest.mark.parametrize("name", ["BUILD_ID", "BUILD_NUMBER", "BUILD_URL", "JOB_NAME", "BRANCH_NAME", "BUILD_TAG"])
def test_names_without_prefix_do_not_make_a_jenkins(name: str) -> None:
    """TeamCity, Google Cloud Build, Concourse and Netlify have them too."""
    assert detect({name: "42"}).ci == "local"


def test_choice_between_two_visible_services_never_varies() -> None:
    """A Jenkins agent inside a GitLab job is GitLab's, in whatever order the variables come."""
    env = {
        "JENKINS_HOME": "/var/lib/jenkins",
        "GITLAB_CI": "true",
        "CI_JOB_NAME": "rspec",
        "JOB_NAME": "foo",
    }

    chosen = {
        (explanation.context.ci, explanation.context.job_name, explanation.matched)
        for order in itertools.permutations(env.items())
        for explanation in [explain(dict(order))]
    }

    assert chosen == {("gitlab", "rspec", ("gitlab", "jenkins"))}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("origin/feature/origin/x", "feature/origin/x"),
        ("origin/origin/x", "origin/x"),
        ("refs/heads/origin/x", "origin/x"),
        ("refs/remotes/origin/x", "x"),
        ("detached", None),
        ("HEAD", None),
        ("refs/tags/v1", None),
    ],
)
def test_origin_is_taken_off_once_and_only_in_front(value: str, expected: str | None) -> None:
    """A branch may have ``origin/`` inside its name."""
    assert detect({"JENKINS_URL": "http://j/", "GIT_BRANCH": value}).branch == expected


def test_github_enterprise_keeps_its_own_host() -> None:
    """Links and remote go to GITHUB_SERVER_URL, not to github.com."""
    context = detect(GITHUB)

    assert context.build_url == "https://github.example.com/octocat/Hello-World/actions/runs/1658821493"
    assert context.remote_url == "https://github.example.com/octocat/Hello-World.git"


@pytest.mark.parametrize("marker", ["GITEA_ACTIONS", "FORGEJO_ACTIONS"])
def test_pages_of_githubs_imitators_go_by_the_number(marker: str) -> None:
    """Gitea's and Forgejo's run pages are not at the run's id."""
    env = {**GITHUB, marker: "true", "GITHUB_RUN_NUMBER": "57", "GITHUB_RUN_ATTEMPT": "1"}

    assert detect(env).build_url == "https://github.example.com/octocat/Hello-World/actions/runs/57"


def test_buildkite_commit_head_is_left_to_git() -> None:
    """BUILDKITE_COMMIT may be the word HEAD."""
    assert detect({"BUILDKITE": "true", "BUILDKITE_COMMIT": "HEAD"}).commit_sha is None
    assert detect({"BUILDKITE": "true", "BUILDKITE_COMMIT": SHA}).commit_sha == SHA


@pytest.mark.parametrize(
    ("marker", "name"),
    [
        ("BUILDKITE", "BUILDKITE_PULL_REQUEST"),
        ("DRONE", "DRONE_PULL_REQUEST"),
        ("GITLAB_CI", "CI_MERGE_REQUEST_IID"),
        ("APPVEYOR", "APPVEYOR_PULL_REQUEST_NUMBER"),
        ("CIRCLECI", "CIRCLE_PR_NUMBER"),
        ("JENKINS_URL", "CHANGE_ID"),
    ],
)
@pytest.mark.parametrize("value", ["false", "False", "", " ", "0"])
def test_false_and_empty_are_no_pull_request(marker: str, name: str, value: str) -> None:
    """The word ``false`` is true to a naive test."""
    assert detect({marker: "true", name: value}).pull_request is None


def test_branch_stays_when_the_pull_request_is_false() -> None:
    """A target-branch rule that stands back for pull requests does not stand back for ``false``."""
    env = {"DRONE": "true", "DRONE_BRANCH": "main", "DRONE_PULL_REQUEST": "false"}

    assert detect(env).branch == "main"
