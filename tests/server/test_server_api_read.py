"""Reading, through the whole application without a network."""

import sqlite3
import uuid
from datetime import timedelta
from typing import Any

import pytest

from exlogare_server.settings import Settings
from tests.server.harness import JENKINS, Api


@pytest.fixture
def filled(api: Api) -> Api:
    """Five Jenkins builds, a second apart, the last one in another project."""
    for number in range(5):
        api.accepted("jenkins", {**JENKINS, "build_number": number, "project": "last" if number == 4 else "app"})
        api.clock.advance(seconds=1)
    return api


def numbers(items: list[dict[str, Any]]) -> list[str]:
    """The build numbers of a list."""
    return [item["build_number"] for item in items]


def test_empty_list(api: Api) -> None:
    """Nothing there is no error."""
    assert api.get("/api/v1/analyses").json == {"items": [], "next_cursor": None, "limit": 100}


def test_list_is_paged_by_cursor(filled: Api) -> None:
    """Newest first; the last page has no cursor; a row that arrives meanwhile is on no further page."""
    seen: list[str] = []
    cursor = None
    for page_number in range(10):
        page = filled.get("/api/v1/analyses", limit="2", **({"cursor": cursor} if cursor else {})).json
        seen += numbers(page["items"])
        filled.accepted("jenkins", {**JENKINS, "build_number": 100 + page_number})
        cursor = page["next_cursor"]
        assert page["limit"] == 2
        if cursor is None:
            break

    assert seen == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"since": "2026-11-23T12:00:02.250"}, ["4", "3", "2"]),
        ({"until": "2026-11-23T14:00:02.250+02:00"}, ["2", "1", "0"]),
        ({"since": "2026-11-23", "until": "2026-11-23"}, ["4", "3", "2", "1", "0"]),
        ({"since": "2026-11-24"}, []),
        ({"severity": "high", "source": "jenkins_ingest", "project": "last"}, ["4"]),
        ({"severity": "low"}, []),
        ({"project": "las"}, []),
        ({"project": "a,b"}, []),
        ({"severity": "", "cursor": ""}, ["4", "3", "2", "1", "0"]),
    ],
)
def test_list_is_filtered(filled: Api, parameters: dict[str, str], expected: list[str]) -> None:
    """By time, severity, project and source, all of which must hold; an empty parameter is as none."""
    assert numbers(filled.items(**parameters)) == expected


def test_time_that_was_shown_is_included(filled: Api) -> None:
    """Both ends of a window belong to it, to the microsecond, also with a plus that nobody escaped."""
    moment = filled.items()[2]["created_at"]

    result = filled.request(
        "GET",
        "/api/v1/analyses",
        query_string=f"since={moment}&until={moment}",
        headers={"Authorization": f"Bearer {filled.token}"},
    )

    assert numbers(result.json["items"]) == ["2"]


@pytest.mark.parametrize(
    ("parameters", "code", "detail"),
    [
        ({"severity": "fatal"}, 400, "Invalid severity"),
        ({"cursor": "x"}, 400, "Invalid cursor"),
        ({"since": "2026-11-02", "until": "2026-11-01"}, 400, "since is later than until."),
        ({"since": "2020-01-01", "until": "2026-11-01"}, 400, "The window from since to until is over 365 days."),
        ({"limit": "0"}, 422,
         [{"loc": ["query", "limit"], "msg": "Expected 1 to 500.", "type": "greater_than_equal"}]),
        ({"limit": "x"}, 422, [{"loc": ["query", "limit"], "msg": "Expected a whole number.", "type": "int_parsing"}]),
        ({"since": "x"}, 422,
         [{"loc": ["query", "since"], "msg": "Expected an ISO 8601 date or date-time.", "type": "datetime_parsing"}]),
    ],
)  # fmt: skip
def test_parameters_that_do_not_fit_are_told(api: Api, parameters: dict[str, str], code: int, detail: object) -> None:
    """The contract's 400s and 422s."""
    result = api.get("/api/v1/analyses", **parameters)

    assert (result.status_code, result.json) == (code, {"detail": detail})


def test_repeated_parameter_is_told(filled: Api) -> None:
    """Nobody can know which of the two is meant."""
    result = filled.request(
        "GET", "/api/v1/analyses?limit=1&limit=2", headers={"Authorization": f"Bearer {filled.token}"}
    )

    detail = {"loc": ["query", "limit"], "msg": "The parameter is there more than once.", "type": "value_error"}
    assert (result.status_code, result.json) == (422, {"detail": [detail]})


def test_another_tenant_sees_nothing(filled: Api) -> None:
    """Not in a list, not by id, not with a cursor, and the answer is that of an id that never was."""
    mine = filled.items()[0]["id"]
    cursor = filled.get("/api/v1/analyses", limit="1").json["next_cursor"]
    other = filled.add_token(filled.add_tenant("Other"))

    theirs = filled.get(f"/api/v1/analyses/{mine}", token=other)
    unknown = filled.get(f"/api/v1/analyses/{uuid.uuid4()}", token=other)

    assert filled.get("/api/v1/analyses", token=other).json["items"] == []
    assert filled.get("/api/v1/analyses", token=other, cursor=cursor).json["items"] == []
    assert (theirs.status_code, theirs.json) == (unknown.status_code, unknown.json)
    assert (unknown.status_code, unknown.json) == (404, {"detail": "There is no such analysis."})


@pytest.mark.parametrize("form", ["{}x", "x", "{{{}}}", "urn:uuid:{}", "%20{}", "{}%00", "%ff"])
def test_other_text_is_no_id(filled: Api, form: str) -> None:
    """What is no id of ours is an unknown one, even if it could be read as one."""
    mine = filled.items()[0]["id"]

    assert filled.get(f"/api/v1/analyses/{form.format(mine)}").status_code == 404
    assert filled.get(f"/api/v1/analyses/{mine.upper()}").status_code == 200


def test_health_needs_no_credential(api: Api) -> None:
    """Load balancers have none."""
    alive, ready = api.request("GET", "/healthz"), api.request("GET", "/readyz")

    assert (alive.status_code, alive.json) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json) == (200, {"status": "ready"})


def test_server_with_another_schema_is_not_ready(settings: Settings) -> None:
    """It lives, and says what is wrong."""
    api = Api(settings)
    with sqlite3.connect(settings.data_dir / "exlogare.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()

    assert api.request("GET", "/healthz").status_code == 200
    ready = api.request("GET", "/readyz")
    api.close()
    assert ready.status_code == 503
    assert ready.json["detail"].endswith("run 'exlogare-server migrate'.")


def test_credential_that_expires_meanwhile_is_refused(api: Api) -> None:
    """Every request asks again."""
    token = api.add_token(None, "read", expires_at=api.clock.now + timedelta(minutes=1))
    assert api.get("/api/v1/analyses", token=token).status_code == 200

    api.clock.advance(minutes=1)

    assert api.get("/api/v1/analyses", token=token).status_code == 401
