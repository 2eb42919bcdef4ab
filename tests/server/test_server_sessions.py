"""Logins through the whole application: sessions, cookies, CSRF tokens, roles, tries."""

import hashlib
import re
import sqlite3
import statistics
import time
from pathlib import Path
from typing import Any

import pytest

from exlogare_server.auth import passwords
from exlogare_server.auth.tenants import Tenants
from exlogare_server.errors import NotFoundError
from exlogare_server.settings import Settings, load
from exlogare_server.store.protocol import Role
from tests.server.harness import JENKINS, PASSWORD, Api, Browser, settings_for

# But for the test of its cost, which undoes it.
pytestmark = pytest.mark.usefixtures("quick_passwords")

LOGIN = "/api/auth/login"
SECRET = r"[A-Za-z0-9_-]{43}"


def test_login_gives_who_and_where(api: Api) -> None:
    """The contract's answer, and both cookies."""
    api.add_user("Ann@Example.org", "admin")
    browser = api.browser()

    result = browser.login(" ann@example.ORG")

    user = api.store.user_by_email("ann@example.org")
    assert user is not None
    assert result.status_code == 200
    assert re.fullmatch(f"exa_{SECRET}", browser.access_token)
    assert result.json == {
        "access_token": browser.access_token,
        "token_type": "bearer",
        "user": {"id": str(user.id), "email": "ann@example.org", "display_name": "ann"},
        "tenant": {"id": str(api.tenant.id), "name": "Acme", "slug": "acme"},
        "role": "admin",
    }
    assert set(browser.cookies) == {"exlogare_session", "csrf_token"}


def test_cookies_are_the_contracts(api: Api) -> None:
    """Both Secure and SameSite=Lax; no script reads the session's, our pages read the other."""
    api.add_user("a@b.example", "viewer")

    cookies = api.browser().login("a@b.example").cookies

    session, csrf = cookies["exlogare_session"], cookies["csrf_token"]
    assert (session.http_only, session.secure, session.same_site, session.path) == (True, True, "Lax", "/")
    assert (csrf.http_only, csrf.secure, csrf.same_site, csrf.path) == (False, True, "Lax", "/")
    assert session.max_age == csrf.max_age == 7 * 24 * 3600


def test_development_switch_allows_plain_http(tmp_path: Path, template: Path) -> None:
    """Only with --dev a cookie goes without Secure."""
    folder = tmp_path / "dev"
    settings_for(folder, template)
    api = Api(load({}, data_dir=folder, dev=True))
    api.add_user("a@b.example", "viewer")

    cookies = api.browser().login("a@b.example").cookies

    api.close()
    assert [cookies[name].secure for name in ("exlogare_session", "csrf_token")] == [False, False]


def test_who_am_i(api: Api) -> None:
    """By cookie and by access token; `onboarded` once a log has come."""
    browser = api.browser("member")

    before = browser.get("/api/auth/me")
    api.accepted("jenkins", JENKINS)
    after = api.get("/api/auth/me", token=browser.access_token)

    assert list(before.json) == ["user", "tenant", "role", "onboarded"]
    assert (before.json["user"]["email"], before.json["role"], before.json["onboarded"]) == (
        "member@acme.example", "member", False,
    )  # fmt: skip
    assert after.json == {**before.json, "onboarded": True}


def test_logout_ends_the_session_on_the_server(api: Api) -> None:
    """Both cookies go, and neither the old cookie nor the access token is worth anything any more."""
    browser = api.browser("owner")
    kept = dict(browser.cookies)

    result = browser.send("POST", "/api/auth/logout")

    assert (result.status_code, result.json, browser.cookies) == (200, {"status": "ok"}, {})
    browser.cookies = kept
    assert browser.get("/api/auth/me").status_code == 401
    assert api.get("/api/auth/me", token=browser.access_token).status_code == 401
    assert browser.send("POST", "/api/auth/logout").status_code == 401


def test_logout_by_access_token_needs_no_csrf_token(api: Api) -> None:
    """A bearer is never sent by a browser on its own."""
    browser = api.browser("owner")
    result = api.request("POST", "/api/auth/logout", headers={"Authorization": f"Bearer {browser.access_token}"})

    assert result.status_code == 200
    assert browser.get("/api/auth/me").status_code == 401


def test_session_is_new_at_login(api: Api) -> None:
    """A cookie that somebody planted before (fixation) is worth nothing after, and the old session ends."""
    browser = api.browser("owner")
    old = browser.cookies["exlogare_session"]

    browser.login("owner@acme.example")

    assert browser.cookies["exlogare_session"] != old
    thief = api.browser()
    thief.cookies["exlogare_session"] = old
    assert thief.get("/api/auth/me").status_code == 401
    planted = api.browser()
    planted.cookies["exlogare_session"] = "p" * 43
    planted.login("owner@acme.example")
    assert planted.cookies["exlogare_session"] != "p" * 43
    assert browser.get("/api/auth/me").status_code == 200


def test_wrong_password_and_unknown_address_look_alike(api: Api) -> None:
    """The same status, text and headers, also for a user who is in no tenant, or not in the one that is named."""
    api.add_user("a@b.example", "owner")
    Tenants(api.store, api.clock).ensure_user(email="no@where.example", password=PASSWORD)
    browser = api.browser()

    results = [
        browser.login("a@b.example", "wrong"),
        browser.login("nobody@b.example", "wrong"),
        browser.login("no@where.example"),
        browser.login("a@b.example", more={"tenant": "other"}),
        browser.login("a@b.example", "wrong", more={"tenant": "other"}),
    ]

    for result in results:
        assert (result.status_code, result.json) == (401, {"detail": "Invalid email or password"})
        assert result.headers["www-authenticate"] == "Bearer"
        assert "exlogare_session" not in result.cookies


@pytest.mark.slow
def test_unknown_address_costs_as_much_as_a_wrong_password(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured with the real argon2: the medians are within a fifth of each other."""
    monkeypatch.undo()
    api = Api(settings)
    api.add_user("a@b.example", "owner")
    took: dict[str, list[float]] = {"a@b.example": [], "nobody@b.example": []}
    browser = api.browser()
    for _ in range(7):
        for email, times in took.items():
            browser.get("/api/auth/csrf")
            start_s = time.process_time()
            browser.send("POST", LOGIN, {"email": email, "password": "wrong"})
            times.append(time.process_time() - start_s)
    api.close()

    wrong, unknown = (statistics.median(times) for times in took.values())
    assert wrong > 0.02
    assert abs(wrong - unknown) < 0.2 * wrong


def test_password_of_nobody_is_hashed_like_a_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in has the parameters of the hashes that are made, and matches nothing."""
    monkeypatch.undo()
    real, standin = passwords.hash_password("x"), passwords.NOBODYS_HASH

    assert standin.split("$")[:4] == real.split("$")[:4]
    assert [len(part) for part in standin.split("$")] == [len(part) for part in real.split("$")]
    assert not passwords.verify_password(None, "x")


def test_thirty_tries_an_hour(api: Api) -> None:
    """The 31st is told when to come back, right or wrong; tries without the CSRF token do not count."""
    api.add_user("a@b.example", "owner")
    browser = api.browser()
    for _ in range(40):
        assert browser.send("POST", LOGIN, {"email": "a@b.example", "password": "x"}, csrf=False).status_code == 403
    for number in range(30):
        assert browser.login("a@b.example", PASSWORD if number == 7 else "wrong").status_code in (200, 401)

    result = browser.login("a@b.example")

    assert result.status_code == 429
    assert 3500 < int(result.headers["retry-after"]) <= 3600
    assert browser.login("a@b.example", remote_addr="198.51.100.7").status_code == 200


def test_forwarded_address_counts_only_behind_a_trusted_proxy(tmp_path: Path, template: Path) -> None:
    """A client that writes the header itself does not get new tries by it; behind the proxy each has its own."""
    for env, expected in (({}, 429), ({"EXLOGARE_TRUSTED_PROXIES": "127.0.0.1"}, 401)):
        api = Api(settings_for(tmp_path / f"data{expected}", template, env))
        browser = api.browser()
        results = [
            browser.login("a@b.example", headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
            for number in range(31)
        ]
        api.close()
        assert (results[0], results[-1]) == (401, expected)


def wait_until_noted(api: Api, browser: Browser) -> None:
    """Wait for the note of a session's use, for which no request waits."""
    digest = hashlib.sha256(browser.cookies["exlogare_session"].encode()).digest()
    deadline_s = time.monotonic() + 10
    while time.monotonic() < deadline_s:
        member = api.store.member_by_cookie(digest)
        assert member is not None
        if member.session.last_used_at == api.clock.now:
            return
        time.sleep(0.001)
    raise AssertionError("the use of the session was not noted")


def test_session_ends(api: Api) -> None:
    """The access token after an hour, the session after a day without use, and after a week in any case."""
    browser = api.browser("owner")

    api.clock.advance(hours=1)
    assert api.get("/api/auth/me", token=browser.access_token).status_code == 401
    for _ in range(8):
        assert browser.get("/api/auth/me").status_code == 200
        wait_until_noted(api, browser)
        api.clock.advance(hours=20)
    api.clock.advance(hours=8)
    assert browser.get("/api/auth/me").status_code == 401

    idle = api.browser("owner")
    api.clock.advance(hours=24, microseconds=-1)
    assert idle.get("/api/auth/me").status_code == 200
    late = api.browser("owner")
    api.clock.advance(hours=24)
    assert late.get("/api/auth/me").status_code == 401


def test_role_that_was_taken_away_is_gone_at_once(api: Api) -> None:
    """A session has the role of the moment, not of its login."""
    browser = api.browser("admin")
    assert browser.get("/api/tokens").status_code == 200

    api.add_user("admin@acme.example", "viewer")

    assert browser.get("/api/tokens").status_code == 403
    assert browser.get("/api/auth/me").json["role"] == "viewer"


def test_all_sessions_of_a_user_can_be_ended(api: Api) -> None:
    """Wherever the user is logged in; the audit log says so."""
    browsers = [api.browser("owner"), api.browser("owner")]
    other = api.browser("admin")
    tenants = Tenants(api.store, api.clock)

    assert tenants.end_sessions(" Owner@acme.example ") == 2

    assert [browser.get("/api/auth/me").status_code for browser in (*browsers, other)] == [401, 401, 200]
    assert "user.end_sessions" in {item["action"] for item in other.get("/api/audit").json["items"]}
    assert tenants.end_sessions("owner@acme.example") == 0
    with pytest.raises(NotFoundError):
        tenants.end_sessions("nobody@acme.example")


def test_operator_s_new_password_ends_all_sessions(api: Api) -> None:
    """The old one is void."""
    browser = api.browser("owner")

    Tenants(api.store, api.clock).set_password(email="owner@acme.example", password="another")

    assert browser.get("/api/auth/me").status_code == 401
    assert [api.browser().login("owner@acme.example", text).status_code for text in (PASSWORD, "another")] == [401, 200]


@pytest.mark.parametrize(
    ("role", "admin", "writer"),
    [("owner", True, True), ("admin", True, True), ("member", False, True), ("viewer", False, False)],
)
@pytest.mark.parametrize("bearer", [False, True], ids=["cookie", "access-token"])
def test_what_each_role_may(api: Api, role: Role, admin: bool, writer: bool, bearer: bool) -> None:
    """Tokens and the audit log: owner and admin. Clusters: not viewers. Reading: everybody."""
    api.accepted("jenkins", JENKINS)
    cluster = api.get("/api/v1/clusters").json["items"][0]["id"]
    browser = api.browser(role)

    def send(method: str, path: str, body: object = None) -> int:
        if bearer:
            browser.cookies.clear()
        headers = {"Authorization": f"Bearer {browser.access_token}"} if bearer else {}
        return browser.send(method, path, body, headers=headers).status_code

    assert send("GET", "/api/tokens") == (200 if admin else 403)
    assert send("POST", "/api/tokens", {"name": "ci"}) == (201 if admin else 403)
    assert send("POST", "/api/tokens/5e0c3ad4-6f0b-4b0e-9a52-0f4f0ed9e1d2/revoke") == (404 if admin else 403)
    assert send("GET", "/api/audit") == (200 if admin else 403)
    for action in ("acknowledge", "resolve", "reopen"):
        assert send("POST", f"/api/clusters/{cluster}/{action}") == (200 if writer else 403)
    for path in ("analyses", "stats/overview", "clusters", f"clusters/{cluster}", "clusters/stats", "auth/me"):
        assert send("GET", f"/api/{path}") == 200


def test_access_token_reads_and_posts_no_logs(api: Api) -> None:
    """It has the person's rights; logs come from API tokens."""
    browser = api.browser("owner")

    assert api.get("/api/v1/analyses", token=browser.access_token).status_code == 200
    result = api.post("jenkins", JENKINS, token=browser.access_token)
    assert (result.status_code, result.json) == (403, {"detail": "Missing scope: ingest"})
    assert api.get("/api/v1/analyses", token="exa_" + "a" * 43).status_code == 401


def test_v1_takes_no_cookie(api: Api) -> None:
    """It is for programs."""
    assert api.browser("owner").get("/api/v1/analyses").status_code == 401


def test_user_of_two_tenants_says_which(api: Api) -> None:
    """Without saying so it is the one of the oldest membership."""
    other = api.add_tenant("Other")
    api.add_user("a@b.example", "viewer")
    api.clock.advance(seconds=1)
    api.add_user("a@b.example", "owner", other)
    browser = api.browser()

    assert [
        (found.json["tenant"]["slug"], found.json["role"])
        for found in (browser.login("a@b.example"), browser.login("a@b.example", more={"tenant": "other"}))
    ] == [("acme", "viewer"), ("other", "owner")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 422),
        ({"email": "a@b.example"}, 422),
        ({"email": 1, "password": "x"}, 422),
        ({"email": "x" * 255, "password": "x"}, 422),
        ({"email": "a", "password": "x" * 1025}, 422),
        ({"email": "a\0", "password": "x"}, 422),
        ([], 422),
        ({"email": "a", "password": "x" * 70_000}, 413),
    ],
)
def test_login_body_is_checked(api: Api, body: Any, code: int) -> None:
    """A misfit is told, and is no try."""
    browser = api.browser()
    browser.get("/api/auth/csrf")

    assert browser.send("POST", LOGIN, body).status_code == code


def test_no_secret_is_in_the_database(settings: Settings) -> None:
    """Neither the cookie nor the access token nor the CSRF token nor the password."""
    api = Api(settings)
    browser = api.browser("owner")
    secrets = [*browser.cookies.values(), browser.access_token, PASSWORD]
    api.close()

    with sqlite3.connect(settings.data_dir / "exlogare.db") as connection:
        content = "\n".join(connection.iterdump())
    connection.close()

    assert len(secrets) == 4
    assert not [secret for secret in secrets if secret in content or secret.encode().hex() in content.lower()]
