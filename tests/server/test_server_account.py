"""One's own account, through the whole application: password, sessions, and what the audit log says of logins."""

import time
from typing import Any

import pytest

from exlogare_server.http.clients import client_of
from tests.server.harness import JENKINS, PASSWORD, Api, Browser

pytestmark = pytest.mark.usefixtures("quick_passwords")

NEW = "another password"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WEBKIT = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko)"


def lines(browser: Browser) -> list[dict[str, Any]]:
    """The audit log, newest first."""
    items: list[dict[str, Any]] = browser.get("/api/audit").json["items"]
    return items


def lines_of(browser: Browser, action: str, count: int) -> list[dict[str, Any]]:
    """The lines of an action, as soon as there are so many: some are written a moment later."""
    deadline_s = time.monotonic() + 10
    while time.monotonic() < deadline_s:
        found = [line for line in lines(browser) if line["action"] == action]
        if len(found) >= count:
            return found
        time.sleep(0.005)
    raise AssertionError(f"the audit log has no {count} lines of {action}")


def test_password_is_changed(api: Api) -> None:
    """This session stays, the others end; the old password is void."""
    browser, other = api.browser("viewer"), api.browser("viewer")

    result = browser.send("POST", "/api/auth/password", {"old_password": PASSWORD, "new_password": NEW})

    assert (result.status_code, result.json) == (200, {"status": "ok"})
    assert (browser.get("/api/auth/me").status_code, other.get("/api/auth/me").status_code) == (200, 401)
    assert api.browser().login("viewer@acme.example").status_code == 401
    assert api.browser().login("viewer@acme.example", NEW).status_code == 200
    found = lines_of(api.browser("owner"), "user.set_password", 1)
    assert [(line["actor"], line["detail"]) for line in found] == [
        ("viewer@acme.example", "Changed the own password; all other sessions ended.")
    ]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("wrong", NEW, 403), (PASSWORD, "short", 422), (PASSWORD, "", 422), ("", NEW, 422), (PASSWORD, "x" * 1025, 422)],
)
def test_password_is_changed_by_its_owner_only(api: Api, old: str, new: str, code: int) -> None:
    """With the old one, and to one that is long enough."""
    browser = api.browser("viewer")

    result = browser.send("POST", "/api/auth/password", {"old_password": old, "new_password": new})

    assert result.status_code == code
    assert api.browser().login("viewer@acme.example").status_code == 200


def test_guesses_at_the_old_password_count_as_tries(api: Api) -> None:
    """Whoever found an open browser has thirty tries an hour."""
    browser = api.browser("viewer")
    body = {"old_password": "wrong", "new_password": NEW}

    codes = [browser.send("POST", "/api/auth/password", body).status_code for _ in range(30)]

    assert codes == [403] * 29 + [429]


def test_links_are_tried_thirty_times_an_hour(api: Api) -> None:
    """As logins are."""
    browser = api.browser()
    browser.get("/api/auth/csrf")
    body = {"token": "exi_" + "a" * 43, "password": NEW}

    codes = [browser.send("POST", "/api/auth/join", body).status_code for _ in range(31)]

    assert codes == [404] * 30 + [429]
    assert browser.send("POST", "/api/auth/join", body, csrf=False).status_code == 403


def test_own_sessions_are_listed(api: Api) -> None:
    """Each with its program and times; nobody else's, and none that is over."""
    api.add_user("a@x.example", "viewer")
    api.browser("owner")
    idle, browser = api.browser(), api.browser()
    idle.login("a@x.example", headers={"User-Agent": "curl/8.5"})
    api.clock.advance(hours=23)
    browser.login("a@x.example", headers={"User-Agent": FIREFOX})

    both = browser.get("/api/auth/sessions").json
    api.clock.advance(hours=1)
    left = browser.get("/api/auth/sessions").json

    assert both == [
        {
            "id": both[0]["id"], "tenant": "acme", "client": "Firefox on Linux",
            "created_at": "2026-11-24T11:00:00.250000+00:00", "last_used_at": "2026-11-24T11:00:00.250000+00:00",
            "expires_at": "2026-12-01T11:00:00.250000+00:00", "current": True,
        },
        {
            "id": both[1]["id"], "tenant": "acme", "client": "curl",
            "created_at": "2026-11-23T12:00:00.250000+00:00", "last_used_at": "2026-11-23T12:00:00.250000+00:00",
            "expires_at": "2026-11-30T12:00:00.250000+00:00", "current": False,
        },
    ]  # fmt: skip
    assert [row["client"] for row in left] == ["Firefox on Linux"]


def test_own_session_is_ended(api: Api) -> None:
    """Another person's does not exist."""
    browser, other, stranger = api.browser("viewer"), api.browser("viewer"), api.browser("owner")
    (wanted,) = (row["id"] for row in browser.get("/api/auth/sessions").json if not row["current"])

    assert stranger.send("DELETE", f"/api/auth/sessions/{wanted}").status_code == 404
    assert browser.send("DELETE", f"/api/auth/sessions/{wanted}").status_code == 204
    assert browser.send("DELETE", f"/api/auth/sessions/{wanted}").status_code == 404
    assert browser.send("DELETE", "/api/auth/sessions/x").status_code == 404
    assert [page.get("/api/auth/me").status_code for page in (browser, other)] == [200, 401]


def test_all_other_sessions_are_ended(api: Api) -> None:
    """The one that asks stays."""
    browser, others = api.browser("viewer"), [api.browser("viewer"), api.browser("viewer")]

    result = browser.send("POST", "/api/auth/sessions/end-others")

    assert result.json == {"status": "ok", "ended": 2}
    assert [page.get("/api/auth/me").status_code for page in (browser, *others)] == [200, 401, 401]
    assert browser.send("POST", "/api/auth/sessions/end-others").json == {"status": "ok", "ended": 0}


def test_logins_and_logouts_are_in_the_audit_log(api: Api) -> None:
    """From where, with what; a refused one under the user's address, without what was typed."""
    owner = api.browser("owner")
    api.add_user("a@x.example", "viewer")
    browser = api.browser()
    browser.login("a@x.example", "not the password", headers={"User-Agent": FIREFOX})
    browser.login("nobody@x.example", "not the password")
    browser.login("a@x.example", headers={"User-Agent": FIREFOX})
    browser.send("POST", "/api/auth/logout")

    refused = lines_of(owner, "session.refuse", 1)
    begun = lines_of(owner, "session.begin", 2)
    ended = lines_of(owner, "session.end", 1)

    user = api.store.user_by_email("a@x.example")
    assert user is not None
    assert [(line["actor_id"], line["actor"], line["target"], line["detail"]) for line in refused] == [
        (None, "unknown", "a@x.example", "Refused a sign-in from 127.0.0.1 with Firefox on Linux.")
    ]
    mine = [line for line in begun if line["actor"] == "a@x.example"]
    assert [(line["actor_id"], line["detail"]) for line in mine] == [
        (str(user.id), "Signed in from 127.0.0.1 with Firefox on Linux.")
    ]
    assert [(line["actor_id"], line["target"], line["detail"]) for line in ended] == [
        (str(user.id), mine[0]["target"], "Signed out.")
    ]
    assert "not the password" not in owner.get("/api/audit").text
    assert "nobody@x.example" not in owner.get("/api/audit").text


def test_what_is_done_to_clusters_is_in_the_audit_log(api: Api) -> None:
    """By whom; the same again leaves no line."""
    api.accepted("jenkins", JENKINS)
    cluster = api.get("/api/v1/clusters").json["items"][0]["id"]
    member, owner = api.browser("member"), api.browser("owner")
    for action in ("acknowledge", "acknowledge", "resolve", "reopen"):
        api.clock.advance(seconds=1)
        member.send("POST", f"/api/clusters/{cluster}/{action}")

    found = [line for line in lines(owner) if line["action"].startswith("cluster.")]

    assert [(line["action"], line["actor"], line["target"], line["detail"]) for line in found] == [
        ("cluster.reopen", "member@acme.example", cluster, "The failure is now active."),
        ("cluster.resolve", "member@acme.example", cluster, "The failure is now resolved."),
        ("cluster.acknowledge", "member@acme.example", cluster, "The failure is now acknowledged."),
    ]


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            f"{WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0".format("Windows NT 10.0; Win64; x64"),
            "Edge on Windows",
        ),
        (f"{WEBKIT} Version/18.6 Safari/605.1.15".format("Macintosh; Intel Mac OS X 10_15_7"), "Safari on macOS"),
        (f"{WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36".format("Linux; Android 10; K"), "Chrome on Android"),
        ("python-requests/2.32.5", "python-requests"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_program_is_named_for_people(user_agent: str | None, name: str) -> None:
    """A browser and its system, or the program's own first word; nothing else of the header is kept."""
    assert client_of(user_agent) == name
