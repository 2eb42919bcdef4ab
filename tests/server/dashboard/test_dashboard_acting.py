"""Recurring failures, and what people do to them: with a right, a token, and a word afterwards."""

import re

import pytest

from exlogare_server.store.protocol import Role
from tests.server.dashboard.test_dashboard_pages import cluster_of, post
from tests.server.dashboard.visiting import visitor
from tests.server.dashboard.well_formed import faults_of
from tests.server.harness import Api

pytestmark = pytest.mark.usefixtures("quick_passwords")


def test_failure_is_acknowledged_resolved_and_comes_back(api: Api) -> None:
    """Each step is said once, and seen by everybody."""
    cluster = cluster_of(api, post(api, 1))
    somebody, other = visitor(api, "member"), visitor(api, "viewer")
    page = somebody.get(f"/clusters/{cluster}")
    assert "Nobody is on it" in page.words

    page = somebody.fill(page.form(f"/clusters/{cluster}/acknowledge"))
    assert somebody.address == f"/clusters/{cluster}"
    assert "Acknowledged. Everybody sees that somebody is on it." in page.words
    assert "Everybody sees" not in somebody.get(f"/clusters/{cluster}").words
    assert "acknowledged" in other.get("/clusters").words

    page = somebody.fill(page.form(f"/clusters/{cluster}/resolve"))
    assert page.actions() == {f"/clusters/{cluster}/reopen"}
    assert "high it broke" in other.get("/clusters?status=resolved").words

    api.clock.advance(hours=1)
    post(api, 2)
    page = other.get(f"/clusters/{cluster}")
    assert "It is back." in page.words
    assert "back again" in other.get("/clusters").words


def test_viewers_read_only(api: Api) -> None:
    """There is no button for them, and a form that they make up is refused with a page that says why."""
    cluster = cluster_of(api, post(api, 1))
    somebody = visitor(api, "viewer")

    for address in ("/clusters", f"/clusters/{cluster}", "/"):
        assert somebody.get(address).actions() <= {"/clusters"}  # the search
    csrf = dict(somebody.get("/").form("/logout").fields)["csrf_token"]
    done = somebody.post(f"/clusters/{cluster}/resolve", [("csrf_token", csrf)])

    assert done.status_code == 403
    assert faults_of(done.text) == []
    assert "Your role does not allow it" in done.text
    assert "active" in somebody.get(f"/clusters/{cluster}").words


@pytest.mark.parametrize("token", [None, "", "x", "a" * 43])
def test_forms_need_the_session_s_token(api: Api, token: str | None) -> None:
    """A form that another site's page sends, with the browser's cookies, changes nothing."""
    cluster = cluster_of(api, post(api, 1))
    somebody = visitor(api, "owner")

    done = somebody.post(f"/clusters/{cluster}/resolve", [] if token is None else [("csrf_token", token)])

    assert done.status_code == 403
    assert "The page was too old" in done.text
    assert "active" in somebody.get(f"/clusters/{cluster}").words


def test_token_of_another_session_is_refused(api: Api) -> None:
    """Also where the cookie was planted with it."""
    cluster = cluster_of(api, post(api, 1))
    somebody, other = visitor(api, "owner"), visitor(api, "admin")
    theirs = dict(other.get("/").form("/logout").fields)["csrf_token"]
    somebody.cookies["csrf_token"] = theirs

    done = somebody.post(f"/clusters/{cluster}/resolve", [("csrf_token", theirs)])

    assert done.status_code == 403
    # The next page mends the cookie, so that its forms work again.
    page = somebody.get(f"/clusters/{cluster}")
    assert somebody.fill(page.form(f"/clusters/{cluster}/resolve")).status == 200


@pytest.mark.parametrize(
    ("role", "content_type", "body", "status"),
    [
        ("owner", "application/json", b"{}", 415),
        ("owner", "application/x-www-form-urlencoded", b"csrf_token=%ff", 400),
        ("owner", "application/x-www-form-urlencoded", b"a=%00", 400),
        ("owner", "application/x-www-form-urlencoded", b"a=1&" * 500, 400),
        ("owner", "application/x-www-form-urlencoded", b"a=" + b"1" * 70_000, 413),
        ("owner", "application/x-www-form-urlencoded", "ä".encode(), 400),
    ],
)
def test_odd_forms_are_refused_with_a_page(api: Api, role: Role, content_type: str, body: bytes, status: int) -> None:
    """Other types, broken ones, endless ones."""
    cluster = cluster_of(api, post(api, 1))
    somebody = visitor(api, role)

    done = somebody.send("POST", f"/clusters/{cluster}/resolve", body=body, headers={"Content-Type": content_type})

    assert (done.status_code, faults_of(done.text)) == (status, [])


def test_buttons_of_a_list_lead_back_to_it(api: Api) -> None:
    """With the filters that were on; never to another server."""
    cluster = cluster_of(api, post(api, 1))
    somebody = visitor(api, "member")
    page = somebody.get("/clusters?status=active&text=broke")

    somebody.fill(page.form(f"/clusters/{cluster}/acknowledge"))
    assert somebody.address == "/clusters?status=active&text=broke"

    form = somebody.get(f"/clusters/{cluster}").form(f"/clusters/{cluster}/resolve")
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "evil"):
        done = somebody.post(form.action, [*form.fields, ("back", back)])
        assert (done.status_code, done.headers["location"]) == (303, "/")


def test_get_changes_nothing(api: Api) -> None:
    """An address that acts takes forms only."""
    cluster = cluster_of(api, post(api, 1))
    page = visitor(api, "owner").get(f"/clusters/{cluster}/resolve")

    assert (page.status, faults_of(page.text)) == (405, [])
    assert re.search("does not work that way", page.words)
