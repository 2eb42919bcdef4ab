"""``explain``: where each field came from, what was passed over, which services show themselves."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exlogare_ci.adapters import ADAPTERS, Adapter, PassedOver, Source, UnknownServiceError, detect, explain
from exlogare_ci.adapters.teamcity import secret_values

JENKINS_PR = {
    "JENKINS_URL": "http://buildserver/jenkins/",
    "BUILD_TAG": "jenkins-shop-PR-24-153",
    "JOB_URL": "http://buildserver/jenkins/job/shop/job/PR-24/",
    "BUILD_URL": "",
    "BRANCH_NAME": "PR-24",
    "CHANGE_BRANCH": "feature/login",
    "CHANGE_ID": "24",
    "GIT_COMMIT": "HEAD",
}

HOSTILE = st.one_of(
    st.sampled_from(
        [
            "", " ", "false", "true", "0", "-", "/", "\n", "a\nb", "'", '"', "$(id)", "`id`", "a" * 300,
            "%00", "\\", "refs/heads/", "refs/tags/", "origin/", "~", "~/x", "https://", "https://u:p@h/x",
            "git@h:x", "git@:x", "://", "[", "https://[::1", "\udcff", "\x1b[31m", "##vso[task]", "<default>",
            "{}", "[1", "null", "[" * 5000, '{"pull_request":{"number":1e999}}',
            '{"pull_request":{"number":true,"head":{"sha":5}}}',
        ]
    ),
    st.text(max_size=40),
)  # fmt: skip


def test_every_field_names_its_variable() -> None:
    """Fields, what was passed over and why, and the matching services, for one Jenkins pull request."""
    explanation = explain(JENKINS_PR)

    assert explanation.fields == {
        "ci": Source("jenkins", "JENKINS_URL"),
        "run_id": Source("jenkins-shop-PR-24-153", "BUILD_TAG"),
        "branch": Source("feature/login", "CHANGE_BRANCH"),
        "pull_request": Source("24", "CHANGE_ID"),
    }
    assert explanation.passed_over == (
        PassedOver(
            "branch",
            "BRANCH_NAME",
            "not used while CHANGE_ID is set (then it is PR-N, or the target branch)",
        ),
        PassedOver("commit_sha", "GIT_COMMIT", "its value is of no use here"),
        PassedOver("build_url", "BUILD_URL", "it is empty"),
        PassedOver("job_url", "BUILD_URL", "it is empty"),
        PassedOver("job_url", "JOB_URL", "it is the page of the job's definition, not of this build"),
    )
    assert explanation.matched == ("jenkins",)


def test_later_sources_of_a_field_are_passed_over() -> None:
    """The winner is named where a second variable would have done as well."""
    env = {"DRONE": "true", "DRONE_SOURCE_BRANCH": "x", "DRONE_BRANCH": "main"}

    assert explain(env).passed_over == (PassedOver("branch", "DRONE_BRANCH", "DRONE_SOURCE_BRANCH comes first"),)


def test_missing_part_of_a_composed_value_is_named() -> None:
    """A value made of several variables says which one is missing, where nothing else gave it."""
    part = {"BUILDKITE": "true", "BUILDKITE_ORGANIZATION_SLUG": "acme-inc"}
    origin = "BUILDKITE_ORGANIZATION_SLUG + BUILDKITE_PIPELINE_SLUG"

    assert explain(part).passed_over == (PassedOver("project", origin, "BUILDKITE_PIPELINE_SLUG is not set"),)
    assert explain({**part, "BUILDKITE_REPO": "git@github.com:acme-inc/shop.git"}).passed_over == ()


def test_branch_that_is_the_tags_name_is_dropped() -> None:
    """Buildkite puts the tag into the branch's variable; that is no branch."""
    explanation = explain({"BUILDKITE": "true", "BUILDKITE_BRANCH": "v1", "BUILDKITE_TAG": "v1"})

    assert (explanation.context.branch, explanation.context.tag) == (None, "v1")
    assert explanation.passed_over == (
        PassedOver("branch", "BUILDKITE_BRANCH", "it is the name of the tag that was built"),
    )


def test_json_has_the_documented_names() -> None:
    """The variable stands under ``from``."""
    encoded = json.loads(msgspec.json.encode(explain({"DRONE": "true", "DRONE_TAG": ""})))

    assert set(encoded) == {"context", "fields", "passed_over", "matched"}
    assert encoded["fields"] == {"ci": {"value": "drone", "from": "DRONE"}}
    assert encoded["passed_over"] == [{"field": "tag", "from": "DRONE_TAG", "reason": "it is empty"}]


@pytest.mark.parametrize("forced", ["circleci", " CircleCI "])
def test_service_can_be_forced(forced: str) -> None:
    """EXLOGARE_CI wins over what is visible, which is still reported."""
    explanation = explain({"GITHUB_ACTIONS": "true", "CIRCLE_JOB": "build", "EXLOGARE_CI": forced})

    assert explanation.fields == {
        "ci": Source("circleci", "EXLOGARE_CI"),
        "job_name": Source("build", "CIRCLE_JOB"),
    }
    assert explanation.matched == ("github",)


def test_unknown_service_is_refused_with_the_names() -> None:
    """The sentence says what is wrong, which names there are, and what to do."""
    with pytest.raises(UnknownServiceError) as caught:
        detect({"EXLOGARE_CI": "hudson"})

    assert isinstance(caught.value, ValueError)
    assert str(caught.value) == (
        "EXLOGARE_CI='hudson' is no CI service that exl knows. Set it to one of harness, woodpecker, drone, forgejo, "
        "gitea, github, gitlab, circleci, buildkite, teamcity, azure, appveyor, bitbucket, travis, semaphore, cirrus, "
        "codefresh, bitrise, buddy, codebuild, gocd, bamboo, concourse, cloudbuild, jenkins, local, or unset it to "
        "have the service detected."
    )


def test_empty_force_variable_forces_nothing() -> None:
    """A CI system that passes the setting on empty does not break the build."""
    assert detect({"EXLOGARE_CI": "", "DRONE": "true"}).ci == "drone"


def test_no_service_is_local_use() -> None:
    """Nothing is known, nothing is claimed."""
    explanation = explain({})

    assert explanation.fields == {"ci": Source("local", "no CI service's variables")}
    assert (explanation.passed_over, explanation.matched) == ((), ("local",))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "the file cannot be read"),
        ("not json", "the file is no event that can be understood"),
        ('{"pull_request": 7}', "the file is no event that can be understood"),
        ("[" * 100_000, "the file is no event that can be understood"),
    ],
    ids=["unreadable", "no-json", "wrong-shape", "too-deep"],
)
def test_github_event_that_cannot_be_used_is_reported(content: str | None, reason: str) -> None:
    """The run goes on with what the variables tell."""
    env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": "/event.json", "GITHUB_REF": "refs/pull/2/merge"}

    explanation = explain(env, read_text=lambda _: content)

    assert explanation.context.pull_request == "2"
    assert explanation.passed_over == (PassedOver("pull_request", "GITHUB_EVENT_PATH", reason),)


@pytest.mark.parametrize("content", ["{}", '{"pull_request": null}', '{"pull_request": {"head": null}}'])
def test_github_event_without_pull_request_tells_nothing(content: str) -> None:
    """An event about something else is no fault."""
    explanation = explain({"GITHUB_ACTIONS": "1", "GITHUB_EVENT_PATH": "e"}, read_text=lambda _: content)

    assert set(explanation.fields) == {"ci"}
    assert explanation.passed_over == ()


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        ({}, "TEAMCITY_BUILD_PROPERTIES_FILE"),
        ({"b": "teamcity.configuration.properties.file=c"}, "teamcity.configuration.properties.file"),
    ],
    ids=["first", "second"],
)
def test_teamcity_file_that_cannot_be_read_is_reported(files: dict[str, str], missing: str) -> None:
    """Which of the two files is missing is said."""
    env = {"TEAMCITY_VERSION": "2025.07", "TEAMCITY_BUILD_PROPERTIES_FILE": "b"}

    passed_over = explain(env, read_text=files.get).passed_over

    assert [(one.origin, one.reason) for one in passed_over] == [(missing, "the file cannot be read")]


@pytest.mark.parametrize(
    ("revisions", "expected"),
    [
        ({"BUILD_VCS_NUMBER_Root": "4711"}, "4711"),
        ({"BUILD_VCS_NUMBER_A": "4711", "BUILD_VCS_NUMBER_B": "4712"}, None),
        ({"BUILD_VCS_NUMBER": "4710", "BUILD_VCS_NUMBER_A": "4711"}, "4710"),
    ],
)
def test_teamcity_revision_of_one_root_only(revisions: dict[str, str], expected: str | None) -> None:
    """With several roots none is the commit that was built."""
    assert detect({"TEAMCITY_VERSION": "2025.07", **revisions}).commit_sha == expected


@pytest.mark.parametrize(
    ("branch", "expected"),
    [
        ("27", (None, "27", None)),
        ("pull/27", (None, "27", None)),
        ("27/merge", (None, "27", None)),
        ("pull-requests/27/from", (None, "27", None)),
        ("<default>", ("main", None, None)),
        ("refs/heads/x", ("x", None, None)),
        ("refs/tags/v1", (None, None, "v1")),
        ("release-27", ("release-27", None, None)),
    ],
)
def test_teamcity_logical_branch(branch: str, expected: tuple[str | None, ...]) -> None:
    """The logical name may be a branch, the default branch, a pull request or a ref."""
    files = {"b": f"teamcity.build.branch={branch}\nvcsroot.branch=refs/heads/main"}
    env = {"TEAMCITY_VERSION": "2025.07", "TEAMCITY_BUILD_PROPERTIES_FILE": "b"}

    context = detect(env, read_text=files.get)

    assert (context.branch, context.pull_request, context.tag) == expected


def test_teamcity_secrets_are_given_for_masking_and_nothing_else() -> None:
    """The build's own password is in the files; the explanation has none of it."""
    files = {
        "b": "teamcity.auth.password=build-scoped\nteamcity.auth.userId=TeamCityBuildId\\=6\n"
        "teamcity.configuration.properties.file=c",
        "c": "env.DEPLOY_TOKEN=from-config\nteamcity.build.branch=main\nsystem.empty.secret=",
    }
    env = {"TEAMCITY_VERSION": "2025.07", "TEAMCITY_BUILD_PROPERTIES_FILE": "b"}

    assert secret_values(env, files.get) == {"build-scoped", "from-config"}
    shown = repr(explain(env, read_text=files.get))
    assert "build-scoped" not in shown
    assert "from-config" not in shown


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.NAME)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_value_of_any_variable_breaks_detection(adapter: Adapter, data: st.DataObject) -> None:
    """Whatever the variables and files hold, there is a context of trimmed, encodable values."""
    names = {name for rules in adapter.FIELDS.values() for rule in rules for name in rule.names}
    names |= {"GITHUB_EVENT_PATH", "TEAMCITY_BUILD_PROPERTIES_FILE", *(one.name for one in adapter.MARKERS)}
    env = data.draw(st.dictionaries(st.sampled_from(sorted(names)), HOSTILE))
    content = data.draw(st.one_of(st.none(), HOSTILE))

    explanation = explain({**env, "EXLOGARE_CI": adapter.NAME}, read_text=lambda _: content)

    assert explanation.context.ci == adapter.NAME
    assert msgspec.json.decode(msgspec.json.encode(explanation))["context"]["ci"] == adapter.NAME
    known = msgspec.structs.asdict(explanation.context)
    assert {name: value for name, value in known.items() if value is not None} == {
        name: source.value for name, source in explanation.fields.items()
    }
    assert all(value == value.strip() != "" for value in known.values() if value is not None)


@settings(max_examples=100, deadline=None)
@given(env=st.dictionaries(st.text(max_size=20), HOSTILE, max_size=8))
def test_detection_never_raises(env: dict[str, str]) -> None:
    """Any environment gives a context."""
    env.pop("EXLOGARE_CI", None)

    assert detect(env, read_text=lambda _: None).ci in {adapter.NAME for adapter in ADAPTERS}
