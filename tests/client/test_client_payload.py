"""The five bodies: whole results, fallbacks, statuses, and the contract's limits for any input."""

import re
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exlogare_ci.context import RunContext
from exlogare_ci.errors import EmptyLogError, PayloadError
from exlogare_ci.payload import ENDPOINT_BY_PROVIDER, FIELDS, Payload, build, slug
from exlogare_ci.shorten import LOG_BYTES_MAX
from exlogare_ci.statuses import KINDS, VOCABULARY, WORDS, kind_of, to_endpoint

JENKINS = RunContext(
    ci="jenkins", project="org/app", run_id="jenkins-app-7", build_number="7", job_name="folder/app/main",
    branch="main", commit_sha="a" * 40, build_url="https://user:pw@ci.example.org/job/app/7/",
    status="FAILURE",
)  # fmt: skip
CIRCLECI = RunContext(
    ci="circleci", project="gh/org/app", run_id="3fa85f64-5717-4562-b3fc-2c963f66afa6", build_number="42",
    job_name="test", job_id="e1", branch="main", commit_sha="b" * 40,
    job_url="https://circleci.com/gh/org/app/42",
)  # fmt: skip
TEAMCITY = RunContext(
    ci="teamcity", project="App", run_id="991", build_number="1.0.7", job_name="Unit tests",
    job_id="App_Unit",
    branch="main", commit_sha="c" * 40, build_url="https://tc.example.org/viewLog.html?buildId=991",
)  # fmt: skip
DRONE = RunContext(
    ci="drone", project="org/app", run_id="12", build_number="12", job_name="default", job_id="1",
    step="test",
    branch="main", commit_sha="d" * 40, build_url="https://drone.example.org/org/app/12", status="failure",
)  # fmt: skip
GITHUB = RunContext(
    ci="github", project="org/app", run_id="555", build_number="9", job_name="build", branch="main",
    commit_sha="e" * 40, job_url="https://github.com/org/app/actions/runs/555",
)  # fmt: skip


@pytest.mark.parametrize(
    ("context", "endpoint", "fields"),
    [
        (JENKINS, "jenkins", {"job": "folder/app/main", "build_number": 7, "project": "org/app",
                              "build_url": "https://ci.example.org/job/app/7/", "status": "FAILURE"}),
        (CIRCLECI, "circleci", {"project_slug": "gh/org/app", "workflow_id": CIRCLECI.run_id,
        "job_name": "test",
                                "job_number": 42, "branch": "main", "commit_sha": "b" * 40,
                                "pipeline_url": "https://circleci.com/gh/org/app/42",
                                "workflow_name": "build-all",
                                "status": "failed"}),
        (TEAMCITY, "teamcity", {"build_type_id": "App_Unit", "build_id": 991, "build_number": "1.0.7",
                                "branch": "main", "commit_sha": "c" * 40, "build_url": TEAMCITY.build_url,
                                "project_name": "App", "status": "failure"}),
        (DRONE, "drone", {"repo": "org/app", "build_number": 12, "pipeline": "default", "step": "test",
                          "branch": "main", "commit_sha": "d" * 40, "build_url": DRONE.build_url,
                          "status": "failure"}),
        (msgspec.structs.replace(DRONE, ci="woodpecker"), "drone",
         {"repo": "org/app", "build_number": 12, "pipeline": "default", "step": "test", "branch": "main",
          "commit_sha": "d" * 40, "build_url": DRONE.build_url, "status": "failure"}),
        (GITHUB, "log", {"provider": "github", "project": "org/app", "pipeline_id": "555", "job_id": "build",
                         "job_name": "build", "branch": "main", "commit_sha": "e" * 40,
                         "pipeline_url": "https://github.com/org/app/actions/runs/555", "build_number": "9",
                         "status": "unknown"}),
    ],
    ids=["jenkins", "circleci", "teamcity", "drone", "woodpecker", "github"],
)  # fmt: skip
def test_each_service_gets_its_endpoint(context: RunContext, endpoint: str, fields: dict[str, str | int]) -> None:
    """A whole context becomes a whole body."""
    payload = build(context, b"boom\n", workflow_name="build-all")

    assert payload == Payload(endpoint=endpoint, fields=fields, log=b"boom\n")
    assert payload.path == f"/api/ingest/{endpoint}"


@pytest.mark.parametrize(
    ("context", "change"),
    [
        (JENKINS, {"build_number": None}), (JENKINS, {"build_number": "7a"}), (JENKINS, {"job_name": None}),
        (JENKINS, {"build_number": "9" * 19}), (JENKINS, {"build_number": "-1"}),
        (CIRCLECI, {"run_id": None}), (CIRCLECI, {"project": "org/app"}), (CIRCLECI, {"build_number": None}),
        (TEAMCITY, {"run_id": None}), (TEAMCITY, {"job_id": " "}), (TEAMCITY, {"build_number": None}),
        (DRONE, {"build_number": "x"}), (DRONE, {"project": "app"}),
    ],
)  # fmt: skip
def test_a_missing_required_field_falls_back_to_the_generic_endpoint(
    context: RunContext, change: dict[str, str | None]
) -> None:
    """The upload is not lost; the service's name stays as the provider."""
    payload = build(msgspec.structs.replace(context, **change), b"boom", status="failed")

    assert payload.endpoint == "log"
    assert payload.fields["provider"] == context.ci


def test_circleci_project_of_a_github_remote_gets_its_prefix() -> None:
    """A plain org/repo is completed where the remote tells the version control system."""
    context = msgspec.structs.replace(CIRCLECI, project="org/app", remote_url="https://github.com/org/app.git")

    assert build(context, b"x").fields["project_slug"] == "gh/org/app"


def test_an_explicit_endpoint_is_not_replaced() -> None:
    """Who asks for an endpoint hears what it lacks."""
    with pytest.raises(PayloadError, match="build number is not known or not usable, and the jenkins endpoint"):
        build(msgspec.structs.replace(JENKINS, build_number=None), b"x", endpoint="jenkins")
    with pytest.raises(PayloadError, match="There is no endpoint 'travis'"):
        build(JENKINS, b"x", endpoint="travis")


def test_a_run_without_any_name_is_an_error() -> None:
    """The generic endpoint needs a project, and the sentence says how to give it."""
    with pytest.raises(PayloadError, match="--project ORG/REPO"):
        build(RunContext(), b"x")

    assert build(RunContext(workspace="/home/me/app/"), b"x").fields["project"] == "app"


@pytest.mark.parametrize("log", [b"", b" \n\t\r\n"])
def test_an_empty_log_is_said_so(log: bytes) -> None:
    """No log, no request, and a sentence."""
    with pytest.raises(EmptyLogError, match="The log is empty, so there is nothing to analyse"):
        build(GITHUB, log)


def test_long_and_odd_values_never_cost_the_upload() -> None:
    """What is too long is cut, what is no URL is left out, what is no character is taken out."""
    context = msgspec.structs.replace(
        GITHUB, branch="b" * 300, commit_sha="c" * 70, job_name="\x00a\x1bb\udcff" + "j" * 300,
        job_url="ftp://x/y",
        build_url="https://", project="p" * 600, run_id="r" * 200, build_number="n" * 80,
    )  # fmt: skip

    assert build(context, b"x", status="s" * 40).fields == {
        "provider": "github", "project": "p" * 512, "pipeline_id": "r" * 128,
        "job_id": "a b?" + "j" * 124, "job_name": "a b?" + "j" * 252, "branch": "b" * 256,
        "commit_sha": "c" * 64, "build_number": "n" * 64, "status": "s" * 32,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [("GitHub Actions", "github_actions"), ("__x..", "x"), ("Ünï", "n"), ("a" * 31 + "_b", "a" * 31), ("!!!",
    ""),
     ("a__b  c", "a_b_c"), ("-9.z", "9.z")],
)  # fmt: skip
def test_provider_slug(name: str, expected: str) -> None:
    """The contract's slug, trimmed again after the cut."""
    assert slug(name) == expected


@pytest.mark.parametrize(
    ("endpoint", "status", "expected"),
    [
        ("jenkins", "failed", "FAILURE"), ("jenkins", "Timed out", "ABORTED"), ("jenkins", "skipped",
        "NOT_BUILT"),
        ("circleci", "FAILURE", "failed"), ("circleci", "errored", "errored"), ("circleci", "no idea",
        "failed"),
        ("teamcity", "aborted", "canceled"), ("drone", "Canceled", "killed"), ("drone", "Failing", "failure"),
        ("log", "Succeeded", "success"), ("log", "Deployed", "Deployed"), ("log", "TimedOut", "timedout"),
    ],
)  # fmt: skip
def test_statuses_speak_each_endpoints_words(endpoint: str, status: str, expected: str) -> None:
    """A word of anybody's becomes the endpoint's nearest one."""
    assert to_endpoint(endpoint, status) == expected


NO_FAILURE = {
    "success",
    "passed",
    "ok",
    "skipped",
    "running",
    "pending",
    "queued",
    "blocked",
    "declined",
    "not_built",
}


@pytest.mark.parametrize("endpoint", sorted(WORDS))
def test_a_failure_stays_a_failure(endpoint: str) -> None:
    """Every kind has a word at every endpoint, in its vocabulary, on the same side of failing."""
    assert set(WORDS[endpoint]) == set(KINDS)
    harmless = {"success", "skipped", "running", "pending", "blocked", "declined"}
    for kind, words in KINDS.items():
        for word in words:
            sent = to_endpoint(endpoint, word).lower()
            assert sent in VOCABULARY[endpoint] or endpoint == "log"
            assert (sent in NO_FAILURE) == (kind in harmless), (word, sent)
            assert kind_of(word) == kind


class _Limits(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The contract's table, written down again by hand."""

    log: Annotated[str, msgspec.Meta(min_length=1)]
    status: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    branch: Annotated[str, msgspec.Meta(min_length=1, max_length=256)] | None = None
    commit_sha: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None


_Number = Annotated[int, msgspec.Meta(ge=0)]
_Url = Annotated[str, msgspec.Meta(max_length=2048, pattern="^https?://[^/]")]
_Text64 = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Text128 = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
_Text256 = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
_Text512 = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
_Slug = Annotated[str, msgspec.Meta(min_length=3, max_length=512)]


class _Jenkins(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    job: _Text512
    build_number: _Number
    status: Literal["SUCCESS", "FAILURE", "UNSTABLE", "ABORTED", "NOT_BUILT"]
    log: str
    project: _Text512 | None = None
    build_url: _Url | None = None


class _Circleci(_Limits, forbid_unknown_fields=True, kw_only=True):
    project_slug: _Slug
    workflow_id: _Text128
    job_name: _Text256
    job_number: _Number
    pipeline_url: _Url | None = None
    workflow_name: _Text128 | None = None


class _Teamcity(_Limits, forbid_unknown_fields=True, kw_only=True):
    build_type_id: _Text256
    build_id: _Number
    build_number: _Text64
    build_url: _Url | None = None
    project_name: _Text256 | None = None


class _Drone(_Limits, forbid_unknown_fields=True, kw_only=True):
    repo: _Slug
    build_number: _Number
    pipeline: _Text128 | None = None
    step: _Text128 | None = None
    build_url: _Url | None = None


class _Log(_Limits, forbid_unknown_fields=True, kw_only=True):
    provider: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9_.-]{0,31}$")]
    project: _Text512
    pipeline_id: _Text128 | None = None
    job_id: _Text128 | None = None
    job_name: _Text256 | None = None
    pipeline_url: _Url | None = None
    build_number: _Text64 | None = None


CONTRACT: dict[str, type[msgspec.Struct]] = {
    "jenkins": _Jenkins, "circleci": _Circleci, "teamcity": _Teamcity, "drone": _Drone, "log": _Log,
}  # fmt: skip

_ANY_TEXT = st.one_of(
    st.none(), st.text(max_size=20), st.text("ab/", min_size=200, max_size=700), st.integers().map(str),
    st.from_regex(r"https?://[a-z:@\[\]/ ]{0,20}", fullmatch=True), st.text(st.characters(categories=["Cs",
    "Cc"])),
)  # fmt: skip
_CONTEXTS = st.builds(
    RunContext,
    ci=st.one_of(st.sampled_from([*ENDPOINT_BY_PROVIDER, "github"]), st.text(max_size=40)),
    **dict.fromkeys(
        ("project", "run_id", "build_number", "job_name", "job_id", "step", "stage", "branch", "tag",
        "commit_sha",
         "build_url", "job_url", "remote_url", "status", "workspace"),
        _ANY_TEXT,
    ),
)  # fmt: skip


@given(_CONTEXTS, st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=40)), _ANY_TEXT)
@settings(deadline=None, max_examples=200)
def test_whatever_the_input_the_body_is_within_the_contract(
    context: RunContext, log: bytes, status: str | None, workflow_name: str | None
) -> None:
    """Any context and log give a valid body, or a sentence."""
    try:
        payload = build(context, log, status=status, workflow_name=workflow_name)
    except PayloadError:
        return
    body = b"".join(payload.chunks())

    assert msgspec.json.decode(body, type=CONTRACT[payload.endpoint])
    assert msgspec.json.decode(body)["log"] == log.decode("utf-8", "replace")


def test_a_body_is_encoded_piece_by_piece() -> None:
    """A log of several pieces with characters of all lengths comes out whole, and within the limit."""
    log = 'aé€\U0001f600\x00"\\\n'.encode() * 900_000
    payload = build(GITHUB, log)
    decoded = msgspec.json.decode(b"".join(payload.chunks()))

    assert decoded["log"].encode() == payload.log
    assert LOG_BYTES_MAX - 200 < len(payload.log) <= LOG_BYTES_MAX
    assert re.search(rb"\[exlogare: \d+ bytes of this log are left out here", payload.log)
    assert len(payload.halved().log) <= LOG_BYTES_MAX // 2


def test_every_provider_leads_to_an_endpoint() -> None:
    """The tables agree with each other."""
    assert set(ENDPOINT_BY_PROVIDER.values()) | {"log"} == set(FIELDS) == set(WORDS) == set(VOCABULARY)
