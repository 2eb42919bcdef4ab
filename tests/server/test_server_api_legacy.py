"""The dashboard's list, and that no tenant sees or changes anything of another."""

import uuid
from typing import Any

import pytest

from tests.server.harness import Api, Browser
from tests.server.test_server_statistics import post


def page(browser: Browser, **parameters: str) -> tuple[list[str], int, int, int]:
    """The build numbers of a page, and its figures."""
    found = browser.get("/api/analyses", **parameters).json
    return [item["build_number"] for item in found["items"]], found["total"], found["limit"], found["offset"]


def test_list_by_offset(api: Api) -> None:
    """Newest first, with the number of all that fit."""
    for number, (log, project) in enumerate([("low", "a"), ("high", "a"), ("low", "b"), ("low", "a"), ("x", "c")]):
        api.clock.advance(seconds=1)
        post(api, number, log, project=project)
    browser = api.browser("viewer")

    assert page(browser) == (["4", "3", "2", "1", "0"], 5, 25, 0)
    assert page(browser, limit="2", offset="1") == (["3", "2"], 5, 2, 1)
    assert page(browser, offset="5") == ([], 5, 25, 5)
    assert page(browser, severity="low") == (["3", "2", "0"], 3, 25, 0)
    assert page(browser, project_id="a") == (["3", "1", "0"], 3, 25, 0)
    assert page(browser, severity="low", project_id="a", limit="1") == (["3"], 2, 1, 0)
    assert page(browser, project_id="none") == ([], 0, 25, 0)


def test_one_is_the_same_as_by_v1(api: Api) -> None:
    """By cookie, by access token and by an API token with `read`."""
    analysis_id = post(api, 1)
    browser = api.browser("viewer")

    expected = api.get(f"/api/v1/analyses/{analysis_id}").json
    assert browser.get(f"/api/analyses/{analysis_id}").json == expected
    assert api.get(f"/api/analyses/{analysis_id}").json == expected
    assert api.get(f"/api/analyses/{analysis_id}", token=browser.access_token).json == expected
    assert api.get("/api/analyses", token=api.add_token(None, "ingest")).status_code == 403
    assert api.request("GET", "/api/analyses").status_code == 401


@pytest.mark.parametrize(
    ("parameters", "code"),
    [({"limit": "101"}, 422), ({"limit": "0"}, 422), ({"offset": "-1"}, 422), ({"severity": "x"}, 400),
     ({"project_id": "x" * 513}, 422)],
)  # fmt: skip
def test_parameters_out_of_range(api: Api, parameters: dict[str, str], code: int) -> None:
    """The legacy list has limits of its own."""
    assert api.browser("viewer").get("/api/analyses", **parameters).status_code == code


def test_another_tenant_sees_and_changes_nothing(api: Api) -> None:
    """An id of another tenant is answered like one that never was, by every credential; every figure is zero."""
    analysis_id = post(api, 1)
    owner = api.browser("owner")
    cluster_id = owner.get("/api/clusters").json["items"][0]["id"]
    token_id = owner.get("/api/tokens").json[0]["id"]
    other = api.add_tenant("Other")
    stranger = api.browser("owner", other)
    stranger_token = api.add_token(other)

    def answers(analysis: str, cluster: str, token: str) -> list[tuple[int, Any]]:
        results = [
            api.get(f"/api/v1/analyses/{analysis}", token=stranger_token),
            api.get(f"/api/v1/clusters/{cluster}", token=stranger_token),
            api.get(f"/api/analyses/{analysis}", token=stranger.access_token),
            stranger.get(f"/api/analyses/{analysis}"),
            stranger.get(f"/api/clusters/{cluster}"),
            stranger.send("POST", f"/api/tokens/{token}/revoke"),
            *(stranger.send("POST", f"/api/clusters/{cluster}/{a}") for a in ("acknowledge", "resolve", "reopen")),
        ]
        return [(result.status_code, result.json) for result in results]

    theirs = answers(analysis_id, cluster_id, token_id)
    unknown = answers(*(str(uuid.uuid4()) for _ in range(3)))
    assert theirs == unknown
    assert {code for code, _ in theirs} == {404}

    assert stranger.get("/api/clusters/badges", analysis_id=analysis_id).json == {"badges": {}}
    assert stranger.get("/api/clusters").json["total"] == stranger.get("/api/analyses").json["total"] == 0
    assert stranger.get("/api/stats/overview").json["analyses_completed"] == 0
    assert stranger.get("/api/stats/top-projects").json == stranger.get("/api/stats/top-root-causes").json == []
    assert {day["failures"] for day in stranger.get("/api/stats/timeseries").json} == {0}
    assert [row["name"] for row in stranger.get("/api/tokens").json] == ["test"]
    assert {item["action"] for item in stranger.get("/api/audit").json["items"]} == {
        "member.set_role", "session.begin", "token.create",
    }  # fmt: skip
    assert stranger.get("/api/auth/me").json["onboarded"] is False

    assert owner.get(f"/api/clusters/{cluster_id}").json["status"] == "active"
    assert [row["revoked_at"] for row in owner.get("/api/tokens").json] == [None]


def test_same_cause_in_two_tenants_is_two_clusters(api: Api) -> None:
    """A fingerprint means nothing beyond its tenant."""
    post(api, 1)
    other = api.add_token(api.add_tenant("Other"))
    api.accepted("jenkins", {"job": "j", "build_number": 1, "status": "FAILURE", "log": "boom"}, token=other)

    mine, theirs = (api.get("/api/v1/clusters", token=token).json["items"] for token in (api.token, other))

    assert [row["count"] for row in (*mine, *theirs)] == [1, 1]
    assert mine[0]["id"] != theirs[0]["id"]
