"""CSRF tokens through the whole application: whatever a browser's session changes needs the right one."""

import re
from typing import Any

import pytest

from exlogare_server.auth.sessions import csrf_of
from tests.server.harness import PASSWORD, Api
from tests.server.test_server_sessions import LOGIN, SECRET

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.mark.parametrize(
    ("cookie", "header", "detail"),
    [
        (None, None, "CSRF token missing"),
        ("a" * 43, None, "CSRF token missing"),
        (None, "a" * 43, "CSRF token missing"),
        ("", "", "CSRF token missing"),
        ("a" * 43, "b" * 43, "CSRF token mismatch"),
        ("a" * 43, "ä", "CSRF token mismatch"),
    ],
)
def test_login_needs_a_csrf_token(api: Api, cookie: str | None, header: str | None, detail: str) -> None:
    """Without it another site could log a browser into its own account."""
    api.add_user("a@b.example", "owner")
    browser = api.browser()
    browser.cookies = {} if cookie is None else {"csrf_token": cookie}

    result = browser.send(
        "POST",
        LOGIN,
        {"email": "a@b.example", "password": PASSWORD},
        csrf=False,
        headers={} if header is None else {"X-CSRF-Token": header},
    )

    assert (result.status_code, result.json) == (403, {"detail": detail})


CHANGES = [
    ("/api/auth/logout", None),
    ("/api/tokens", {"name": "ci"}),
    ("/api/tokens/5e0c3ad4-6f0b-4b0e-9a52-0f4f0ed9e1d2/revoke", None),
    ("/api/clusters/5e0c3ad4-6f0b-4b0e-9a52-0f4f0ed9e1d2/acknowledge", None),
    ("/api/clusters/5e0c3ad4-6f0b-4b0e-9a52-0f4f0ed9e1d2/resolve", None),
    ("/api/clusters/5e0c3ad4-6f0b-4b0e-9a52-0f4f0ed9e1d2/reopen", None),
]


@pytest.mark.parametrize(("path", "body"), CHANGES)
def test_every_change_by_cookie_needs_the_csrf_token(api: Api, path: str, body: Any) -> None:
    """Missing, wrong, or somebody else's pair of cookie and header, which is not the session's."""
    browser = api.browser("owner")
    own = browser.cookies["csrf_token"]

    missing = browser.send("POST", path, body, csrf=False)
    wrong = browser.send("POST", path, body, headers={"X-CSRF-Token": own[:-1]})
    browser.cookies["csrf_token"] = "a" * 43
    planted = browser.send("POST", path, body)
    del browser.cookies["csrf_token"]
    no_cookie = browser.send("POST", path, body, headers={"X-CSRF-Token": own})

    assert [(r.status_code, r.json["detail"]) for r in (missing, wrong, planted, no_cookie)] == [
        (403, "CSRF token missing"),
        (403, "CSRF token mismatch"),
        (403, "CSRF token mismatch"),
        (403, "CSRF token missing"),
    ]
    browser.cookies["csrf_token"] = own
    assert browser.send("POST", path, body).status_code in (200, 201, 404)


@pytest.mark.parametrize(("path", "body"), CHANGES)
def test_no_change_without_a_login(api: Api, path: str, body: Any) -> None:
    """401 for nobody and for a dead session; an API token is known, and has no such rights."""
    browser = api.browser()
    browser.get("/api/auth/csrf")
    nobody = browser.send("POST", path, body)
    browser.cookies["exlogare_session"] = "a" * 43
    dead = browser.send("POST", path, body)
    token = api.request("POST", path, headers={"Authorization": f"Bearer {api.token}"})

    for result in (nobody, dead):
        assert (result.status_code, result.headers["www-authenticate"]) == (401, "Bearer")
    assert token.status_code == 403


def test_csrf_token_is_kept_before_and_replaced_at_login(api: Api) -> None:
    """Before a login the browser's own is kept; the session's comes with it and is given again."""
    api.add_user("a@b.example", "owner")
    browser = api.browser()

    first = browser.get("/api/auth/csrf").json["csrf"]
    second = browser.get("/api/auth/csrf").json["csrf"]
    browser.login("a@b.example")
    third = browser.get("/api/auth/csrf").json["csrf"]

    assert re.fullmatch(SECRET, first)
    assert first == second != third
    assert third == browser.cookies["csrf_token"] == csrf_of(browser.cookies["exlogare_session"])


def test_csrf_token_that_somebody_planted_is_replaced(api: Api) -> None:
    """Only what has the form of ours is kept."""
    browser = api.browser()
    browser.cookies["csrf_token"] = "x"

    assert re.fullmatch(SECRET, browser.get("/api/auth/csrf").json["csrf"])
