"""Clusters through the whole application."""

import uuid
from typing import Any

import pytest

from tests.server.harness import NOON, Api
from tests.server.test_server_statistics import post

NOW = NOON.isoformat(timespec="microseconds")


def only(api: Api) -> dict[str, Any]:
    """The one cluster that there is."""
    (cluster,) = api.get("/api/v1/clusters").json["items"]
    return dict(cluster)


def test_failures_with_the_same_cause_are_a_cluster(api: Api) -> None:
    """The row has the contract's fields; the words are the newest failure's."""
    first = post(api, 1, "boom in line 1")
    api.clock.advance(seconds=5)
    second = post(api, 2, "boom in line 2", project="other")
    post(api, 3, "boom", status="SUCCESS")

    cluster = only(api)

    assert cluster == {
        "id": cluster["id"], "fingerprint_hash": cluster["fingerprint_hash"], "last_root_cause": "boom in line 2",
        "last_severity": "high", "count": 2, "first_seen_at": NOW,
        "last_seen_at": "2026-11-23T12:00:05.250000+00:00", "status": "active", "last_analysis_id": second,
        "acknowledged_at": None, "resolved_at": None, "regressed_at": None,
    }  # fmt: skip
    assert api.get(f"/api/v1/clusters/{cluster['id']}").json == cluster
    ids = {item["id"]: item["cluster_id"] for item in api.items()}
    assert (ids.pop(first), ids.pop(second), *ids.values()) == (cluster["id"], cluster["id"], None)


def test_clusters_are_listed_and_counted_by_status(api: Api) -> None:
    """The one that failed last first."""
    browser = api.browser("member")
    for number, log in enumerate(["a", "b", "c", "d", "a"]):
        api.clock.advance(seconds=1)
        post(api, number, log)
    ids = {row["last_root_cause"]: row["id"] for row in browser.get("/api/clusters").json["items"]}
    browser.send("POST", f"/api/clusters/{ids['b']}/acknowledge")
    browser.send("POST", f"/api/clusters/{ids['c']}/resolve")

    def listed(**parameters: str) -> tuple[list[str], int, int, int]:
        page = browser.get("/api/clusters", **parameters).json
        assert page == api.get("/api/v1/clusters", **parameters).json
        return [row["last_root_cause"] for row in page["items"]], page["total"], page["limit"], page["offset"]

    assert listed() == (["a", "d", "c", "b"], 4, 100, 0)
    assert listed(limit="2", offset="1") == (["d", "c"], 4, 2, 1)
    assert listed(offset="4") == ([], 4, 100, 4)
    assert listed(status="active") == (["a", "d"], 2, 100, 0)
    assert listed(status="acknowledged") == (["b"], 1, 100, 0)
    assert listed(status="resolved") == (["c"], 1, 100, 0)
    assert browser.get("/api/clusters/stats").json == {"active": 2, "acknowledged": 1, "resolved": 1}


@pytest.mark.parametrize(
    ("parameters", "code"),
    [({"status": "open"}, 400), ({"limit": "0"}, 422), ({"limit": "501"}, 422), ({"offset": "-1"}, 422),
     ({"offset": "99999999999999999999"}, 422)],
)  # fmt: skip
def test_parameters_out_of_range(api: Api, parameters: dict[str, str], code: int) -> None:
    """400 for an unknown status, 422 for numbers."""
    assert api.get("/api/v1/clusters", **parameters).status_code == code


def test_statuses_and_their_times(api: Api) -> None:
    """Each action gives the row; the same again keeps the first time; reopening forgets both."""
    post(api, 1)
    browser = api.browser("member")
    path = f"/api/clusters/{only(api)['id']}"

    seen = []
    for action in ("acknowledge", "acknowledge", "resolve", "resolve", "reopen"):
        result = browser.send("POST", f"{path}/{action}")
        assert (result.status_code, result.json) == (200, browser.get(path).json)
        seen.append(tuple(result.json[name] for name in ("status", "acknowledged_at", "resolved_at")))
        api.clock.advance(hours=1)

    two = "2026-11-23T14:00:00.250000+00:00"
    assert seen == [
        ("acknowledged", NOW, None), ("acknowledged", NOW, None), ("resolved", NOW, two), ("resolved", NOW, two),
        ("active", None, None),
    ]  # fmt: skip


def test_resolved_cluster_that_fails_again_is_active(api: Api) -> None:
    """A regression; an acknowledged one stays what it is."""
    post(api, 1)
    browser = api.browser("member")
    path = f"/api/clusters/{only(api)['id']}"
    browser.send("POST", f"{path}/acknowledge")
    post(api, 2)
    assert only(api)["status"] == "acknowledged"
    browser.send("POST", f"{path}/resolve")
    api.clock.advance(seconds=1)

    post(api, 3)

    cluster = only(api)
    assert (cluster["status"], cluster["resolved_at"], cluster["acknowledged_at"], cluster["count"]) == (
        "active", None, None, 3,
    )  # fmt: skip
    assert cluster["regressed_at"] == "2026-11-23T12:00:01.250000+00:00"


@pytest.mark.parametrize("log", ["boom", "other"])
def test_renewal_reopens_nothing(api: Api, log: str) -> None:
    """Neither its own cluster nor the one that its new cause belongs to."""
    post(api, 1, "boom")
    post(api, 2, "other")
    browser = api.browser("member")
    for row in browser.get("/api/clusters").json["items"]:
        browser.send("POST", f"/api/clusters/{row['id']}/resolve")

    post(api, 1, log)

    assert {row["status"] for row in api.get("/api/v1/clusters").json["items"]} == {"resolved"}


def test_renewal_takes_a_run_out_of_its_cluster(api: Api) -> None:
    """The cluster that it was the newest of has the older one's words again; one that is empty goes."""
    first = post(api, 1, "boom one")
    api.clock.advance(seconds=1)
    post(api, 2, "boom two")
    assert only(api)["last_root_cause"] == "boom two"

    post(api, 2, "fine", status="SUCCESS")
    cluster = only(api)
    assert (cluster["count"], cluster["last_root_cause"], cluster["last_seen_at"], cluster["last_analysis_id"]) == (
        1, "boom one", NOW, first,
    )  # fmt: skip

    post(api, 1, "fine", status="SUCCESS")
    assert api.get("/api/v1/clusters").json == {"items": [], "total": 0, "limit": 100, "offset": 0}
    assert api.get(f"/api/v1/clusters/{cluster['id']}").status_code == 404


def test_renewal_renews_the_words(api: Api) -> None:
    """Of the cluster whose newest failure it is."""
    post(api, 1, "boom one")
    post(api, 1, "boom two")

    assert (only(api)["last_root_cause"], only(api)["count"]) == ("boom two", 1)


def test_badges(api: Api) -> None:
    """The clusters of the analyses that have one, in short."""
    browser = api.browser("viewer")
    failed = [post(api, number) for number in range(2)]
    fine = post(api, 9, status="SUCCESS")

    result = browser.get("/api/clusters/badges", analysis_id=[*failed, fine, str(uuid.uuid4()), "x"])

    badge = {"cluster_id": only(api)["id"], "count": 2, "status": "active"}
    assert result.json == {"badges": dict.fromkeys(failed, badge)}
    assert browser.get("/api/clusters/badges", analysis_id=failed[0]).json == {"badges": {failed[0]: badge}}
    assert browser.get("/api/clusters/badges").json == {"badges": {}}
    assert browser.get("/api/clusters/badges", analysis_id=[failed[0]] * 200).status_code == 200
    assert browser.get("/api/clusters/badges", analysis_id=[failed[0]] * 201).status_code == 422


@pytest.mark.parametrize("action", ["acknowledge", "resolve", "reopen"])
def test_unknown_cluster(api: Api, action: str) -> None:
    """404 for an unknown id and for what is no id."""
    browser = api.browser("owner")
    for wanted in (str(uuid.uuid4()), "x"):
        assert browser.send("POST", f"/api/clusters/{wanted}/{action}").status_code == 404
        assert browser.get(f"/api/clusters/{wanted}").status_code == 404


def test_cause_without_a_fingerprint_is_told_by_its_sentence(api: Api) -> None:
    """An analysis that the engine could not finish belongs to the cluster of such ones."""
    post(api, 1, " odd")
    post(api, 2, " odd")

    assert only(api)["count"] == 2
