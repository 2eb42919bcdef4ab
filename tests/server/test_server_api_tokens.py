"""API tokens and the audit log through the whole application."""

import re
from typing import Any

import pytest

from exlogare_server.auth.tenants import Tenants
from tests.server.harness import JENKINS, Api

NOW = "2026-11-23T12:00:00.250000+00:00"


def test_token_is_made_and_works(api: Api) -> None:
    """The raw form is shown this once; by default it may post logs, and never expires."""
    browser = api.browser("admin")

    made = browser.send("POST", "/api/tokens", {"name": "ci"})

    assert made.status_code == 201
    raw = made.json["token"]
    assert re.fullmatch(r"exl_[A-Za-z0-9_-]{43}", raw)
    assert made.json == {
        "id": made.json["id"], "name": "ci", "prefix": raw[:12], "scopes": ["ingest"], "expires_at": None,
        "last_used_at": None, "revoked_at": None, "created_at": NOW, "token": raw,
    }  # fmt: skip
    api.accepted("jenkins", JENKINS, token=raw)
    assert api.get("/api/v1/analyses", token=raw).status_code == 403


def test_tokens_are_listed_newest_first(api: Api) -> None:
    """Without their raw forms."""
    browser = api.browser("owner")
    for name in ("second", "third"):
        api.clock.advance(seconds=1)
        browser.send("POST", "/api/tokens", {"name": name, "scopes": ["read", "ingest"]})

    listed = browser.get("/api/tokens").json

    assert [row["name"] for row in listed] == ["third", "second", "test"]
    assert list(listed[0]) == [
        "id", "name", "prefix", "scopes", "expires_at", "last_used_at", "revoked_at", "created_at",
    ]  # fmt: skip
    assert listed[0]["scopes"] == ["ingest", "read"]


@pytest.mark.parametrize("text", ["2026-11-24", "2026-11-24T00:00:00Z", "2026-11-24T02:00:00+02:00"])
def test_token_expires(api: Api, text: str) -> None:
    """At the given time, UTC unless it says otherwise."""
    browser = api.browser("owner")
    made = browser.send("POST", "/api/tokens", {"name": "ci", "scopes": ["read"], "expires_at": text}).json

    assert made["expires_at"] == "2026-11-24T00:00:00.000000+00:00"
    assert api.get("/api/v1/analyses", token=made["token"]).status_code == 200
    api.clock.advance(hours=12)
    assert api.get("/api/v1/analyses", token=made["token"]).status_code == 401


@pytest.mark.parametrize(
    ("change", "code", "loc"),
    [
        ({"name": None}, 422, "name"),
        ({"name": ""}, 422, "name"),
        ({"name": "x" * 129}, 422, "name"),
        ({"name": " "}, 400, None),
        ({"scopes": []}, 400, None),
        ({"scopes": ["admin"]}, 400, None),
        ({"scopes": ["read", "write"]}, 400, None),
        ({"scopes": "read"}, 422, "scopes"),
        ({"scopes": [1]}, 422, "scopes"),
        ({"expires_at": "tomorrow"}, 422, "expires_at"),
        ({"expires_at": 1}, 422, "expires_at"),
        ({"expires_at": "2026-11-23T12:00:00Z"}, 400, None),
    ],
)
def test_token_that_makes_no_sense_is_refused(api: Api, change: dict[str, Any], code: int, loc: str | None) -> None:
    """400 for scopes and times, 422 for fields that do not fit; nothing is made."""
    browser = api.browser("owner")

    result = browser.send("POST", "/api/tokens", {"name": "ci", **change})

    assert result.status_code == code
    if loc is not None:
        assert [field["loc"] for field in result.json["detail"]] == [["body", loc]]
    assert len(browser.get("/api/tokens").json) == 1


def test_token_is_revoked_once(api: Api) -> None:
    """The row is given each time, with the first time; the token is refused from then on."""
    browser = api.browser("admin")
    made = browser.send("POST", "/api/tokens", {"name": "ci", "scopes": ["read"]}).json
    path = f"/api/tokens/{made['id']}/revoke"

    first = browser.send("POST", path)
    api.clock.advance(hours=1)
    second = browser.send("POST", path)

    assert (first.status_code, first.json["revoked_at"]) == (200, NOW)
    assert (
        first.json
        == second.json
        == {name: value for name, value in made.items() if name != "token"} | {"revoked_at": NOW}
    )
    assert api.get("/api/v1/analyses", token=made["token"]).status_code == 401


def test_free_plan_has_three_tokens(api: Api) -> None:
    """The fourth is 403; a revoked one makes room."""
    free = api.add_tenant("Free", "free")
    browser = api.browser("owner", free)
    made = [browser.send("POST", "/api/tokens", {"name": str(number)}) for number in range(4)]

    assert [result.status_code for result in made] == [201, 201, 201, 403]
    browser.send("POST", f"/api/tokens/{made[0].json['id']}/revoke")
    assert browser.send("POST", "/api/tokens", {"name": "5"}).status_code == 201


def test_every_admin_action_is_in_the_audit_log(api: Api) -> None:
    """Newest first: who, when, what; a refused or repeated action leaves no line, a raw token is in none."""
    owner = api.browser("owner")
    made = owner.send("POST", "/api/tokens", {"name": "ci"}).json
    api.clock.advance(seconds=1)
    for _ in range(2):
        owner.send("POST", f"/api/tokens/{made['id']}/revoke")
    owner.send("POST", "/api/tokens", {"name": "ci", "scopes": ["no"]})
    api.clock.advance(seconds=1)
    Tenants(api.store, api.clock).set_plan("acme", "free")

    page = owner.get("/api/audit")

    user = api.store.user_by_email("owner@acme.example")
    assert user is not None
    items = page.json["items"]
    assert items[:2] == [
        {
            "id": items[0]["id"], "created_at": "2026-11-23T12:00:02.250000+00:00", "action": "tenant.set_plan",
            "actor_id": None, "actor": "command line", "target": "acme",
            "detail": "Changed the plan from paid to free.",
        },
        {
            "id": items[1]["id"], "created_at": "2026-11-23T12:00:01.250000+00:00", "action": "token.revoke",
            "actor_id": str(user.id), "actor": "owner@acme.example", "target": made["id"],
            "detail": "Revoked the token.",
        },
    ]  # fmt: skip
    assert sorted(item["action"] for item in items[2:]) == [
        "member.set_role", "session.begin", "token.create", "token.create",
    ]  # fmt: skip
    assert (page.json["next_cursor"], page.json["limit"]) == (None, 100)
    assert made["token"] not in page.text


def test_audit_log_is_paged(api: Api) -> None:
    """Every line once, though many have the same time."""
    browser = api.browser("owner")
    for number in range(6):
        browser.send("POST", "/api/tokens", {"name": str(number)})
    everything = [item["id"] for item in browser.get("/api/audit").json["items"]]

    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = browser.get("/api/audit", limit="3", **cursor).json
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert (len(everything), seen) == (9, everything)
    assert browser.get("/api/audit", limit="501").status_code == 422
    assert browser.get("/api/audit", cursor="x").status_code == 400
