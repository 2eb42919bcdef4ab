"""Every class of error in the contract has the one shape, and no request whatever brings out a fault of ours."""

import logging
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from exlogare_server.errors import StoreUnavailableError
from exlogare_server.http.middleware import Guard
from tests.server.harness import JENKINS, Api
from tests.server.test_server_api_ingest import BODIES

ROUTES = [
    ("POST", "/api/ingest/jenkins", "ingest"),
    ("POST", "/api/ingest/circleci", "ingest"),
    ("POST", "/api/ingest/teamcity", "ingest"),
    ("POST", "/api/ingest/drone", "ingest"),
    ("POST", "/api/ingest/log", "ingest"),
    ("GET", "/api/v1/analyses", "read"),
    ("GET", "/api/v1/analyses/5e0c3ad4-6f0b-4b0e-9a52-0f4f0ed9e1d2", "read"),
]
SHARED = hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def is_detail(body: Any) -> bool:
    """Whether a decoded body is an error body: one sentence, or a list of fields with loc, msg and type."""
    if not (isinstance(body, dict) and list(body) == ["detail"]):
        return False
    detail = body["detail"]
    if isinstance(detail, str):
        return bool(detail)
    return bool(detail) and all(
        set(field) == {"loc", "msg", "type"} and field["loc"][0] in ("body", "query") and field["msg"]
        for field in detail
    )


@pytest.mark.parametrize(("method", "path", "scope"), ROUTES)
def test_request_without_credential_is_refused(api: Api, method: str, path: str, scope: str) -> None:
    """401 with the header that says what is wanted; a right credential without the scope is 403 with its name."""
    other = {"ingest": "read", "read": "ingest"}[scope]

    nobody = api.request(method, path)
    stranger = api.request(method, path, headers={"Authorization": "Bearer exl_" + "a" * 43})
    wrong_scope = api.request(method, path, headers={"Authorization": f"Bearer {api.add_token(None, other)}"})

    for result in (nobody, stranger):
        assert (result.status_code, result.headers["www-authenticate"]) == (401, "Bearer")
        assert is_detail(result.json)
    assert (wrong_scope.status_code, wrong_scope.json) == (403, {"detail": f"Missing scope: {scope}"})


@pytest.mark.parametrize(("method", "path", "_scope"), ROUTES)
def test_other_method_is_refused(api: Api, method: str, path: str, _scope: str) -> None:
    """405 with the methods that are there."""
    for other in {"GET", "POST", "PUT", "PATCH", "DELETE"} - {method}:
        result = api.request(other, path)
        assert (result.status_code, result.json) == (405, {"detail": "This address does not take the method."})
        assert method in result.headers["allow"]


@pytest.mark.parametrize(
    "path", ["/static", "/api", "/api/ingest", "/api/ingest/travis", "/api/v2/analyses", "/%ff%00", "/☃"]
)
def test_other_address_is_not_found(api: Api, path: str) -> None:
    """404 in the one shape, with or without a credential."""
    for method in ("GET", "POST"):
        result = api.request(method, path)
        assert (result.status_code, result.json) == (404, {"detail": "There is nothing at this address."})


def test_every_answer_has_an_id(api: Api) -> None:
    """A sane one of the caller's comes back; another is replaced, so that it cannot end a line of a log."""
    for sane in ("abc-1", "01J0:x/y+z=", "a" * 128):
        assert api.request("GET", "/healthz", headers={"X-Request-ID": sane}).headers["x-request-id"] == sane
    for other in ("", "a b", "a" * 129, "é", "a\tb", '"'):
        got = api.request("GET", "/nowhere", headers={"X-Request-ID": other}).headers["x-request-id"]
        assert len(got) == 36


def test_fault_of_ours_is_told_without_its_text(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A 500 in the one shape; the log has the kind, the place and the request's id, never the message."""
    monkeypatch.setattr("exlogare_server.ingest.service.decode", _broken)

    result = api.post("jenkins", {**JENKINS, "log": "MARKER"}, headers={"X-Request-ID": "req-1"})

    assert result.status_code == 500
    assert is_detail(result.json)
    (record,) = [record for record in caplog.records if record.name == "exlogare_server.http"]
    assert (record.__dict__["error"], record.__dict__["request_id"]) == ("RuntimeError", "req-1")
    assert record.__dict__["at"].startswith("test_server_api_errors.py:")
    assert record.exc_info is None
    assert "MARKER" not in result.text + caplog.text + str(record.__dict__)


def _broken(body: bytearray, _kind: object) -> None:
    raise RuntimeError(bytes(body).decode())


def test_fault_outside_of_everything_is_told_as_well(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing gets past the outermost layer to the web server, which would print it."""

    def failing(_environ: dict[str, Any], _start: object) -> None:
        raise RuntimeError("MARKER")

    started: list[str] = []
    answer = Guard(failing)({}, lambda status, _headers: started.append(status))

    assert started == ["500 Internal Server Error"]
    assert is_detail(msgspec.json.decode(b"".join(answer)))
    assert "MARKER" not in caplog.text + repr(answer)


def test_database_that_is_away_is_told(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with the time to come back: nothing was accepted."""

    def away(*_arguments: object, **_options: object) -> None:
        raise StoreUnavailableError("The database does not answer right now; try again.", 2)

    monkeypatch.setattr(api.store, "save_analysis", away)

    result = api.post("jenkins", JENKINS)

    assert (result.status_code, result.headers["retry-after"]) == (503, "2")
    assert is_detail(result.json)


def test_request_is_logged_without_its_content(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """One line a request: what was asked and how it ended."""
    with caplog.at_level(logging.INFO, "exlogare_server.request"):
        api.accepted("jenkins", {**JENKINS, "log": "MARKER"})
        api.request("GET", "/MARKER?MARKER=MARKER")

    lines = [
        {name: record.__dict__[name] for name in ("method", "route", "status", "tenant")} for record in caplog.records
    ]
    assert lines == [
        {"method": "POST", "route": "/api/ingest/jenkins", "status": 202, "tenant": "acme"},
        {"method": "GET", "route": "-", "status": 404, "tenant": ""},
    ]
    assert "MARKER" not in str([record.__dict__ for record in caplog.records])


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@SHARED
@given(endpoint=st.sampled_from(sorted(BODIES)), data=st.data())
def test_any_field_may_hold_anything(api: Api, endpoint: str, data: st.DataObject) -> None:
    """Whatever JSON stands in the fields, the answer is 202, 400 or 422, in the contract's shape."""
    names = [*BODIES[endpoint], "branch", "build_url", "pipeline_url", "project", "step", "job_id"]
    changes = data.draw(st.dictionaries(st.sampled_from(names), JSON_VALUES, min_size=1, max_size=4))

    result = api.post(endpoint, {**BODIES[endpoint], **changes})

    assert result.status_code in (202, 400, 422)
    assert result.status_code == 202 or is_detail(result.json)


@SHARED
@given(
    body=st.binary(max_size=300)
    | st.builds(
        lambda body, place, junk: body[:place] + junk + body[place + len(junk) :],
        st.sampled_from([msgspec.json.encode(body) for body in BODIES.values()]),
        st.integers(0, 120),
        st.binary(max_size=6),
    ),
    endpoint=st.sampled_from(sorted(BODIES)),
    encoding=st.sampled_from(["", "gzip", "zstd"]),
)
def test_any_bytes_may_be_a_body(api: Api, body: bytes, endpoint: str, encoding: str) -> None:
    """Random bytes and damaged JSON never bring out a fault."""
    result = api.post(endpoint, body, headers={"Content-Encoding": encoding} if encoding else {})

    assert result.status_code in (202, 400, 422)
    assert result.status_code == 202 or is_detail(result.json)


@SHARED
@given(
    parameters=st.dictionaries(
        st.sampled_from(["since", "until", "severity", "project", "source", "cursor", "limit", "x"]),
        st.text(max_size=40) | st.sampled_from(["low", "2026-11-23", "2026-11-23T10:00Z", "5", "-1"]),
        max_size=5,
    )
)
def test_any_text_may_be_a_parameter(api: Api, parameters: dict[str, str]) -> None:
    """Whatever stands in the query, the answer is 200, 400 or 422, in the contract's shape."""
    result = api.get("/api/v1/analyses", **parameters)

    assert result.status_code in (200, 400, 422)
    assert result.status_code == 200 or is_detail(result.json)


@SHARED
@given(
    headers=st.dictionaries(
        st.sampled_from(["Authorization", "Content-Type", "Content-Encoding", "X-Request-ID", "Accept", "Expect",
                         "Range", "If-None-Match", "Cookie", "Forwarded", "X-Forwarded-For"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
    ),
)  # fmt: skip
def test_any_text_may_be_a_header(api: Api, headers: dict[str, str]) -> None:
    """Strange headers are the client's fault, never ours."""
    for method, path, _ in (ROUTES[0], ROUTES[5]):
        result = api.request(method, path, headers=headers, body=b"{}")
        assert 400 <= result.status_code < 500
        assert is_detail(result.json)
