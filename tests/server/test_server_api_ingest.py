"""The ingest endpoints, through the whole application without a network."""

import gzip
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import falcon.testing
import msgspec
import pytest
import zstandard

from exlogare_ci.analysis.model import Analysis
from exlogare_server import limits
from exlogare_server.errors import BusyError
from exlogare_server.ingest.flight import FlightBudget
from exlogare_server.settings import Settings
from tests.server.harness import JENKINS, NOON, Api, first_line_engine, settings_for

BODIES: dict[str, dict[str, Any]] = {
    "jenkins": JENKINS,
    "circleci": {"project_slug": "gh/org/app", "workflow_id": "w", "job_name": "test", "job_number": 3,
                 "status": "failed", "log": "boom"},
    "teamcity": {"build_type_id": "App_Test", "build_id": 9, "build_number": "1.2", "status": "FAILURE", "log": "boom"},
    "drone": {"repo": "org/app", "build_number": 5, "status": "failure", "log": "boom"},
    "log": {"provider": "Azure DevOps", "project": "org/app", "status": "failed", "log": "boom"},
}  # fmt: skip


PACK: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "zstd": zstandard.compress}


@pytest.fixture
def limited(tmp_path: Path, template: Path) -> Iterator[Api]:
    """An application with a rate limit of two a minute."""
    client = Api(settings_for(tmp_path / "limited", template, {"EXLOGARE_INGEST_RATE_PER_MINUTE": "2"}))
    yield client
    client.close()


def test_accepted_log_is_an_analysis(api: Api) -> None:
    """Everything that the contract has about an analysis, and ours, from a post with every field."""
    body = {
        "provider": "Azure DevOps", "project": "org/app", "status": "Failed", "log": "first line\nsecond\n",
        "pipeline_id": "p", "job_id": "j", "job_name": "test", "branch": "main", "commit_sha": "abc",
        "pipeline_url": "https://ci.example.org/p", "build_number": "12",
    }  # fmt: skip

    analysis_id = api.accepted("log", body)

    assert str(uuid.UUID(analysis_id)) == analysis_id
    result = api.get(f"/api/v1/analyses/{analysis_id}")
    assert result.status_code == 200
    assert result.json == {
        "id": analysis_id,
        "provider": "generic",
        "source": "generic_ingest",
        "ci_run_id": "p#j",
        "ci_job_id": "j",
        "project_id": "org/app",
        "project_path": "org/app",
        "project_web_url": None,
        "pipeline_url": "https://ci.example.org/p",
        "job_url": "https://ci.example.org/p",
        "mr_iid": None,
        "root_cause": "first line",
        "explanation": "The first line.",
        "fix_suggestion": "Read it.",
        "severity": "high",
        "confidence": 0.5,
        "created_at": "2026-11-23T12:00:00.250000+00:00",
        "provider_label": "azure_devops",
        "status": "Failed",
        "branch": "main",
        "commit_sha": "abc",
        "job_name": "test",
        "build_number": "12",
        "category": "code.test",
        "evidence": [{"line": 1, "text": "first line"}],
        "cluster_id": api.get("/api/v1/clusters").json["items"][0]["id"],
        "needs_more_context": False,
        "missing_context_hint": None,
        "updated_at": "2026-11-23T12:00:00.250000+00:00",
    }


@pytest.mark.parametrize("endpoint", BODIES)
def test_every_endpoint_takes_its_required_fields(api: Api, endpoint: str) -> None:
    """And nothing more is needed."""
    analysis_id = api.accepted(endpoint, BODIES[endpoint])

    assert [item["id"] for item in api.items()] == [analysis_id]


@pytest.mark.parametrize("endpoint", BODIES)
def test_each_required_field_is_required(api: Api, endpoint: str) -> None:
    """Without it the answer is a 422 that names it, and nothing is kept."""
    for name in BODIES[endpoint]:
        result = api.post(endpoint, {key: value for key, value in BODIES[endpoint].items() if key != name})
        assert (result.status_code, result.json) == (
            422,
            {"detail": [{"loc": ["body", name], "msg": "The field is required.", "type": "missing"}]},
        )
    assert api.items() == []


@pytest.mark.parametrize(
    ("endpoint", "sentence"),
    [
        ("jenkins", "Unknown Jenkins status: 'x'"),
        ("circleci", "Unknown CircleCI status: 'x'"),
        ("teamcity", "Unknown TeamCity status: 'x'"),
        ("drone", "Unknown Drone status: 'x'"),
    ],
)
def test_unknown_status_is_refused(api: Api, endpoint: str, sentence: str) -> None:
    """With the contract's words."""
    result = api.post(endpoint, {**BODIES[endpoint], "status": "x"})

    assert (result.status_code, result.json) == (400, {"detail": sentence})


def test_post_of_the_same_run_renews_it(api: Api) -> None:
    """The id and the time of creation stay, all else is of the last post."""
    first = api.accepted("jenkins", JENKINS)
    api.clock.advance(minutes=5)
    second = api.accepted("jenkins", {**JENKINS, "status": "SUCCESS", "log": "other"})

    (item,) = api.items()
    assert first == second == item["id"]
    assert (item["root_cause"], item["status"]) == ("other", "SUCCESS")
    assert item["created_at"] == NOON.isoformat()
    assert item["updated_at"] == (NOON + timedelta(minutes=5)).isoformat()


def test_nameless_post_is_always_new(api: Api) -> None:
    """Also twice within a second."""
    assert api.accepted("log", BODIES["log"]) != api.accepted("log", BODIES["log"])
    assert {item["ci_run_id"] for item in api.items()} == {"org/app#20261123T120000"}


def test_packed_bodies_are_announced(api: Api) -> None:
    """Without a token, as clients ask before they send a large log; with every answer of these routes."""
    client = falcon.testing.TestClient(api.application.wsgi)
    asked = client.simulate_options("/api/ingest/log")
    refused = client.simulate_post("/api/ingest/log")

    assert (asked.status_code, asked.headers["accept-encoding"]) == (200, "gzip, zstd")
    assert (refused.status_code, refused.headers["accept-encoding"]) == (401, "gzip, zstd")


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_packed_body_is_taken(api: Api, encoding: str) -> None:
    """The limits hold for what it unpacks to."""
    pack = PACK[encoding]
    headers = {"Content-Encoding": encoding}

    fits = api.post("jenkins", pack(msgspec.json.encode(JENKINS)), headers=headers)
    bomb = api.post("jenkins", pack(bytes(limits.BODY_BYTES_MAX + 1)), headers=headers)
    damaged = api.post("jenkins", b"no such stream", headers=headers)

    assert fits.status_code == 202
    assert (bomb.status_code, bomb.json) == (413, {"detail": f"The body is over {limits.BODY_BYTES_MAX} bytes."})
    assert (damaged.status_code, damaged.json) == (
        400,
        {"detail": f"The body is not a whole {encoding} stream."},
    )


@pytest.mark.slow
def test_log_of_ten_mebibytes_is_taken_and_no_byte_more(api: Api) -> None:
    """Counted after decoding: JSON needs two bytes for each of these."""
    log = "\n" * limits.LOG_BYTES_MAX

    assert api.post("jenkins", {**JENKINS, "log": log}).status_code == 202
    over = api.post("jenkins", {**JENKINS, "log": log + "x"})

    assert (over.status_code, over.json) == (413, {"detail": f"The log is over {limits.LOG_BYTES_MAX} bytes."})


def test_largest_log_fits_however_it_is_written() -> None:
    """The body's limit leaves room for a log of the largest size of which every byte is an escape."""
    assert len(msgspec.json.encode("\x1b" * 1000)) == 6 * 1000 + 2
    assert limits.BODY_BYTES_MAX > 6 * limits.LOG_BYTES_MAX + 5 * limits.FIELD_JSON_BYTES_MAX


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Content-Type": "application/json; charset=UTF-8"}, 202),
        ({"Content-Type": "Application/JSON"}, 202),
        ({"Content-Type": ""}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/json; charset=latin-1"}, 415),
        ({"Content-Type": "application/jsonp"}, 415),
        ({"Content-Encoding": "br"}, 415),
        ({"Content-Encoding": "gzip, gzip"}, 415),
        ({"Content-Encoding": "identity"}, 202),
    ],
)
def test_body_of_another_kind_is_refused(api: Api, headers: dict[str, str], code: int) -> None:
    """Only JSON, plain or packed."""
    assert api.post("jenkins", JENKINS, headers=headers).status_code == code


def test_post_without_content_type_is_refused(api: Api) -> None:
    """A missing header is as a wrong one."""
    result = api.request("POST", "/api/ingest/jenkins", body=b"{}", headers={"Authorization": f"Bearer {api.token}"})

    assert (result.status_code, result.json) == (415, {"detail": "Content-Type must be application/json."})


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b"\xff\xfe", b'{"job": "\\ud800"}'])
def test_malformed_json_is_a_bad_request(api: Api, body: bytes) -> None:
    """In one sentence that quotes nothing."""
    result = api.post("jenkins", body)

    assert (result.status_code, result.json) == (400, {"detail": "The body is not valid JSON in UTF-8."})


def test_length_that_is_no_number_is_a_bad_request(api: Api) -> None:
    """A web server should not pass it on, and one that does breaks nothing."""
    environ = falcon.testing.create_environ(
        path="/api/ingest/jenkins",
        method="POST",
        headers={"Authorization": f"Bearer {api.token}", "Content-Type": "application/json"},
    )
    started: list[str] = []

    answer = api.application.wsgi(
        {**environ, "CONTENT_LENGTH": "ten"}, lambda status, _headers, _error=None: started.append(status)
    )

    assert started == ["400 Bad Request"]
    assert b"".join(answer) == b'{"detail":"Content-Length is no number."}'


def test_declared_length_over_the_limit_is_refused_unread(api: Api) -> None:
    """Not a byte of such a body is read."""
    result = api.post("jenkins", b"", headers={"Content-Length": str(limits.BODY_BYTES_MAX + 1)})

    assert result.status_code == 413


def test_body_shorter_than_declared_is_a_bad_request(api: Api) -> None:
    """The client went away in the middle."""
    result = api.post("jenkins", b"{}", headers={"Content-Length": "10"})

    assert (result.status_code, result.json) == (400, {"detail": "The body ended after 2 of 10 bytes."})


def test_rate_is_limited_per_tenant_and_endpoint(limited: Api) -> None:
    """The third post of a minute waits, with the header that says how long; refused ones count as well."""
    limited.accepted("jenkins", JENKINS)
    assert limited.post("jenkins", b"{").status_code == 400

    refused = limited.post("jenkins", JENKINS)

    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json["detail"].startswith("Over the limit of 2 requests a minute here; try again in ")
    limited.accepted("drone", BODIES["drone"])
    other = limited.add_token(limited.add_tenant("Other"))
    limited.accepted("jenkins", JENKINS, token=other)


def test_posts_without_right_do_not_count(limited: Api) -> None:
    """Nobody can use up another's rate."""
    for _ in range(5):
        assert limited.post("jenkins", JENKINS, token="exl_" + "a" * 43).status_code == 401

    limited.accepted("jenkins", JENKINS)


def test_fault_of_the_engine_costs_no_post(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """The analysis says so, and neither it nor the server's log quotes the log."""

    def broken(log: bytes, *, known_failed: bool | None = None) -> Analysis:
        assert known_failed in (None, True)
        if log:
            raise ValueError(log.decode())
        return Analysis(failed=False, root_cause="", explanation="", fix_suggestion="")

    api = Api(settings, engine=broken)
    api.accepted("jenkins", {**JENKINS, "log": "MARKER"})

    (item,) = api.items()
    api.close()
    assert (item["root_cause"], item["category"], item["needs_more_context"]) == (
        "The log could not be analysed.",
        "unknown",
        True,
    )
    (record,) = [record for record in caplog.records if record.name == "exlogare_server.ingest"]
    assert (record.getMessage(), record.__dict__["error"], record.exc_info) == ("engine failed", "ValueError", None)
    assert "MARKER" not in str(item) + str(record.__dict__)


def test_full_server_says_when_to_come_back(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body for which there is no room is told so instead of being held."""
    monkeypatch.setattr("exlogare_server.ingest.flight.FlightBudget.take", _no_room)
    api = Api(settings)

    result = api.post("jenkins", JENKINS)

    assert (result.status_code, result.json) == (503, {"detail": "Full."})
    assert result.headers["retry-after"] == "2"
    assert api.items() == []
    api.close()


def _no_room(_budget: FlightBudget, _count_bytes: int) -> None:
    raise BusyError("Full.", 2)


def test_body_is_let_go_before_the_analysis(settings: Settings) -> None:
    """While the engine works, the request holds its log alone."""
    held: list[int] = []
    budgets: list[FlightBudget] = []
    make = FlightBudget.__init__

    def spy(budget: FlightBudget, *arguments: Any, **options: Any) -> None:
        make(budget, *arguments, **options)
        budgets.append(budget)

    def engine(log: bytes, *, known_failed: bool | None = None) -> Analysis:
        held.append(sum(budget.held_bytes for budget in budgets))
        return first_line_engine(log, known_failed=known_failed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FlightBudget, "__init__", spy)
        api = Api(settings, engine=engine)
    api.accepted("jenkins", {**JENKINS, "log": "x" * 3 * limits.MIB, "more": "y" * 9 * limits.MIB})
    api.close()

    assert held == [3 * limits.MIB]
    assert budgets[0].held_bytes == 0


@pytest.mark.parametrize(("status", "known_failed"), [("FAILURE", True), ("aborted", True), ("SUCCESS", None)])
def test_engine_is_told_that_the_job_failed(settings: Settings, status: str, known_failed: bool | None) -> None:
    """The service knows better than the log; of a job that did not fail the log alone says what there is."""
    told: list[bool | None] = []

    def engine(log: bytes, *, known_failed: bool | None = None) -> Analysis:
        told.append(known_failed)
        return first_line_engine(log)

    api = Api(settings, engine=engine)
    api.accepted("jenkins", {**JENKINS, "status": status})
    api.close()

    assert told == [known_failed]
