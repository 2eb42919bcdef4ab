"""Members and the links that let people in, through the whole application."""

import sqlite3
import threading
from typing import Any

import pytest

from exlogare_server.errors import ConflictError
from exlogare_server.settings import Settings
from exlogare_server.store.protocol import AuditEvent, Role
from tests.server.harness import NOON, PASSWORD, Api, Browser

pytestmark = pytest.mark.usefixtures("quick_passwords")

NOW = "2026-11-23T12:00:00.250000+00:00"
NEW = "a new password"
NOBODY = "5e0c3ad4-6f0b-4b0e-9a52-0f4f0ed9e1d2"
OWNERS_ONLY = {"detail": "Only an owner can make, change or remove an owner."}


def id_of(api: Api, email: str) -> str:
    """The id of a user."""
    user = api.store.user_by_email(email)
    assert user is not None
    return str(user.id)


def join(api: Api, token: str, password: str = NEW) -> tuple[Browser, int, Any]:
    """Use a link, as our page does: the browser, the status, the answer."""
    browser = api.browser()
    browser.get("/api/auth/csrf")
    result = browser.send("POST", "/api/auth/join", {"token": token, "password": password})
    return browser, result.status_code, result.json


def actions(browser: Browser) -> list[tuple[str, str]]:
    """What the audit log says was done, and the words, newest first."""
    return [(item["action"], item["detail"]) for item in browser.get("/api/audit").json["items"]]


def test_members_are_listed(api: Api) -> None:
    """The oldest first, with their roles, and none of another tenant."""
    browser = api.browser("owner")
    api.clock.advance(seconds=1)
    api.add_user("v@acme.example", "viewer")
    api.browser("owner", api.add_tenant("Other"))

    listed = browser.get("/api/members").json

    assert listed == [
        {
            "user": {"id": id_of(api, "owner@acme.example"), "email": "owner@acme.example", "display_name": "owner"},
            "role": "owner", "joined_at": NOW,
        },
        {
            "user": {"id": id_of(api, "v@acme.example"), "email": "v@acme.example", "display_name": "v"},
            "role": "viewer", "joined_at": "2026-11-23T12:00:01.250000+00:00",
        },
    ]  # fmt: skip


def test_invited_person_joins(api: Api) -> None:
    """The link is shown once; who uses it sets a password, is logged in, and can log in later."""
    admin = api.browser("admin")

    made = admin.send("POST", "/api/invitations", {"email": " New@Acme.example", "role": "member"})

    assert made.status_code == 201
    token = made.json["token"]
    shown = {
        "id": made.json["id"], "kind": "invitation", "email": "new@acme.example", "role": "member",
        "created_by": "admin@acme.example", "created_at": NOW, "expires_at": "2026-11-30T12:00:00.250000+00:00",
    }  # fmt: skip
    assert made.json == {**shown, "token": token, "link": f"/join#{token}"}
    assert admin.get("/api/invitations").json == [shown]
    browser, status, answer = join(api, token)
    assert (status, answer["user"]["email"], answer["role"], answer["tenant"]["slug"]) == (
        200, "new@acme.example", "member", "acme",
    )  # fmt: skip
    assert browser.get("/api/auth/me").json["user"]["email"] == "new@acme.example"
    assert admin.get("/api/invitations").json == []
    assert api.browser().login("new@acme.example", NEW).status_code == 200
    assert ("member.join", "Joined as member.") in actions(admin)
    assert ("invitation.create", "Invited new@acme.example as member.") in actions(admin)


def test_link_lets_in_once(api: Api) -> None:
    """A second use, a withdrawn, replaced, expired or made-up link: one answer."""
    owner = api.browser("owner")

    def invite(email: str) -> Any:
        return owner.send("POST", "/api/invitations", {"email": email, "role": "viewer"}).json

    used, withdrawn, replaced, expired = (invite(f"{name}@x.example") for name in ("a", "b", "c", "d"))
    invite("c@x.example")
    assert join(api, used["token"])[1] == 200
    assert owner.send("DELETE", f"/api/invitations/{withdrawn['id']}").status_code == 204
    assert owner.send("DELETE", f"/api/invitations/{withdrawn['id']}").status_code == 404

    for made in (used, withdrawn, replaced):
        assert join(api, made["token"])[1] == 404
    for token in ("exi_" + "a" * 43, "exi_short", used["token"].removeprefix("exi_"), "é"):
        assert join(api, token)[1] == 404
    api.clock.advance(days=7)
    _, status, answer = join(api, expired["token"])
    assert status == 404
    assert answer["detail"].startswith("The link is not valid: it was used, withdrawn or has expired.")
    assert api.browser("owner").get("/api/invitations").json == []


def test_person_with_an_account_joins_with_its_password(api: Api) -> None:
    """An invitation from a stranger changes no password; a wrong one uses the link up as little as it lets in."""
    api.add_user("ann@x.example", "member", api.add_tenant("Other"))
    owner = api.browser("owner")
    made = owner.send("POST", "/api/invitations", {"email": "ann@x.example", "role": "admin"}).json

    assert join(api, made["token"])[1:] == (
        401, {"detail": "You have an account here already: give its password to join."},
    )  # fmt: skip
    assert join(api, made["token"], PASSWORD)[1] == 200
    tenants = {
        slug: api.browser().login("ann@x.example", more={"tenant": slug}).json["role"] for slug in ("other", "acme")
    }
    assert tenants == {"other": "member", "acme": "admin"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": "owner@acme.example", "role": "viewer"}, 409),
        ({"email": "nobody", "role": "viewer"}, 400),
        ({"email": "a@b.example*", "role": "viewer"}, 400),
        ({"email": "a b@c.example", "role": "viewer"}, 400),
        ({"email": "\u212aim@c.example", "role": "viewer"}, 400),
        ({"email": "o'neil+ci@mail.c.example ", "role": "viewer"}, 201),
        ({"email": "a@b.example", "role": "king"}, 422),
        ({"email": "a@b.example"}, 422),
        ({"role": "viewer"}, 422),
        ({"email": 1, "role": "viewer"}, 422),
        ({"email": "a@b.example", "role": "owner"}, 201),
    ],
)
def test_invitation_that_makes_no_sense_is_refused(api: Api, body: dict[str, Any], code: int) -> None:
    """Members already, addresses that are none, roles that do not exist."""
    assert api.browser("owner").send("POST", "/api/invitations", body).status_code == code


def test_there_are_so_many_links(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is told; expired ones do not count."""
    monkeypatch.setattr("exlogare_server.limits.INVITATIONS_MAX", 2)
    owner = api.browser("owner")
    codes = [
        owner.send("POST", "/api/invitations", {"email": f"{n}@x.example", "role": "viewer"}).status_code
        for n in range(3)
    ]
    api.clock.advance(days=7)

    assert codes == [201, 201, 400]
    late = api.browser("owner").send("POST", "/api/invitations", {"email": "3@x.example", "role": "viewer"})
    assert late.status_code == 201


@pytest.mark.parametrize("password", ["short", "x" * 1025, ""])
def test_new_password_has_a_length(api: Api, password: str) -> None:
    """At least eight characters, and the link stays good."""
    made = api.browser("owner").send("POST", "/api/invitations", {"email": "a@x.example", "role": "viewer"}).json

    assert join(api, made["token"], password)[1] in (400, 422)
    assert join(api, made["token"])[1] == 200


def test_role_is_changed_at_once(api: Api) -> None:
    """The member's session has the new one; the same again changes nothing."""
    owner, member = api.browser("owner"), api.browser("member")
    path = f"/api/members/{id_of(api, 'member@acme.example')}"

    changed = owner.send("PATCH", path, {"role": "admin"})

    assert (changed.status_code, changed.json["role"], changed.json["joined_at"]) == (200, "admin", NOW)
    assert member.get("/api/auth/me").json["role"] == "admin"
    assert owner.send("PATCH", path, {"role": "admin"}).status_code == 200
    assert actions(owner).count(("member.set_role", "Made member@acme.example admin, was member.")) == 1
    assert owner.send("PATCH", path, {"role": "king"}).status_code == 422


def test_member_is_removed(api: Api) -> None:
    """The sessions end, the account stays: it may be in other tenants."""
    owner, member = api.browser("owner"), api.browser("member")
    path = f"/api/members/{id_of(api, 'member@acme.example')}"

    assert owner.send("DELETE", path).status_code == 204

    assert member.get("/api/auth/me").status_code == 401
    assert api.browser().login("member@acme.example").status_code == 401
    assert owner.send("DELETE", path).status_code == 404
    assert ("member.remove", "Removed member@acme.example, was member.") in actions(owner)
    invited = owner.send("POST", "/api/invitations", {"email": "member@acme.example", "role": "viewer"}).json
    assert join(api, invited["token"], PASSWORD)[1] == 200


def test_admin_cannot_touch_an_owner(api: Api) -> None:
    """Neither change, remove, make nor invite one, nor get into an owner's account; an owner can."""
    admin, owner = api.browser("admin"), api.browser("owner")
    api.add_user("second@acme.example", "owner")
    path = f"/api/members/{id_of(api, 'second@acme.example')}"
    own = f"/api/members/{id_of(api, 'admin@acme.example')}"
    requests: list[tuple[str, str, object]] = [
        ("PATCH", path, {"role": "viewer"}),
        ("DELETE", path, None),
        ("POST", f"{path}/password-link", None),
        ("PATCH", own, {"role": "owner"}),
        ("POST", "/api/invitations", {"email": "x@acme.example", "role": "owner"}),
    ]

    for method, address, body in requests:
        refused = admin.send(method, address, body)
        assert (refused.status_code, refused.json) == (403, OWNERS_ONLY)
    assert owner.send("POST", f"{path}/password-link").status_code == 201
    assert owner.send("PATCH", path, {"role": "viewer"}).status_code == 200


def test_last_owner_stays(api: Api) -> None:
    """Whoever would demote or remove the last one is told to make another first."""
    owner = api.browser("owner")
    path = f"/api/members/{id_of(api, 'owner@acme.example')}"
    told = {"detail": "This is the last owner; make somebody else an owner first."}

    for refused in (owner.send("PATCH", path, {"role": "admin"}), owner.send("DELETE", path)):
        assert (refused.status_code, refused.json) == (409, told)
    api.add_user("second@acme.example", "owner")
    assert owner.send("PATCH", path, {"role": "admin"}).status_code == 200


def test_two_owners_cannot_remove_each_other_at_once(api: Api) -> None:
    """Whichever comes second finds itself the last."""
    users = []
    for number in range(2):
        api.add_user(f"{number}@acme.example", "owner")
        user = api.store.user_by_email(f"{number}@acme.example")
        assert user is not None
        users.append(user)
    event = AuditEvent(
        id=users[0].id, tenant_id=api.tenant.id, created_at=NOON, action="member.remove", actor_id=None, actor="x",
        target="x", detail="x",
    )  # fmt: skip
    ends: list[str] = []

    def remove(number: int) -> None:
        try:
            api.store.change_member(api.tenant.id, users[number].id, None, by_owner=True, audit=event)
            ends.append("removed")
        except ConflictError:
            ends.append("kept")

    threads = [threading.Thread(target=remove, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["kept", "removed"]
    assert [member.role for member in api.store.members(api.tenant.id)] == ["owner"]


@pytest.mark.parametrize(("role", "allowed"), [("owner", True), ("admin", True), ("member", False), ("viewer", False)])
def test_members_are_for_admins(api: Api, role: Role, allowed: bool) -> None:
    """Members and viewers are refused everywhere, and without a session there is nothing at all."""
    browser = api.browser(role)
    requests: list[tuple[str, str, object, int]] = [
        ("GET", "/api/members", None, 200),
        ("GET", "/api/invitations", None, 200),
        ("POST", "/api/invitations", {"email": "x@acme.example", "role": "viewer"}, 201),
        ("DELETE", f"/api/invitations/{NOBODY}", None, 404),
        ("PATCH", f"/api/members/{NOBODY}", {"role": "viewer"}, 404),
        ("DELETE", f"/api/members/{NOBODY}", None, 404),
        ("POST", f"/api/members/{NOBODY}/password-link", None, 404),
    ]
    for method, path, body, code in requests:
        assert browser.send(method, path, body).status_code == (code if allowed else 403)
        assert api.request(method, path).status_code == 401
        if method != "GET":
            assert browser.send(method, path, body, csrf=False).status_code == 403


def test_other_tenants_members_do_not_exist(api: Api) -> None:
    """Nor do their links, nor ids that are none."""
    other = api.add_tenant("Other")
    stranger, owner = api.browser("owner", other), api.browser("owner")
    theirs = id_of(api, "owner@other.example")
    link = stranger.send("POST", "/api/invitations", {"email": "x@other.example", "role": "viewer"}).json["id"]

    for member in (theirs, NOBODY, "x"):
        assert owner.send("PATCH", f"/api/members/{member}", {"role": "viewer"}).status_code == 404
        assert owner.send("DELETE", f"/api/members/{member}").status_code == 404
        assert owner.send("POST", f"/api/members/{member}/password-link").status_code == 404
    for wanted in (link, NOBODY, "x"):
        assert owner.send("DELETE", f"/api/invitations/{wanted}").status_code == 404
    assert [row["id"] for row in stranger.get("/api/invitations").json] == [link]
    assert len(stranger.get("/api/members").json) == 1


def test_member_who_forgot_the_password_gets_a_link(api: Api) -> None:
    """It lasts a day, and ends every session; the old password is void."""
    owner, member = api.browser("owner"), api.browser("member")
    path = f"/api/members/{id_of(api, 'member@acme.example')}/password-link"

    made = owner.send("POST", path)

    assert (made.status_code, made.json["kind"]) == (201, "password")
    assert made.json["expires_at"] == "2026-11-24T12:00:00.250000+00:00"
    assert member.get("/api/auth/me").status_code == 200
    browser, status, answer = join(api, made.json["token"])
    assert (status, answer["role"]) == (200, "member")
    assert browser.get("/api/auth/me").status_code == 200
    assert member.get("/api/auth/me").status_code == 401
    assert api.browser().login("member@acme.example").status_code == 401
    assert api.browser().login("member@acme.example", NEW).status_code == 200
    done = dict(actions(owner))
    assert done["member.password_link"] == "Made a link for a new password of member@acme.example."
    assert done["user.set_password"] == "Set a new password by a link; all sessions ended."


def test_password_link_opens_no_other_tenant(api: Api) -> None:
    """Who is in two tenants gets none; and one that was made before the second is void."""
    owner = api.browser("owner")
    api.add_user("ann@x.example", "member")
    path = f"/api/members/{id_of(api, 'ann@x.example')}/password-link"
    made = owner.send("POST", path).json
    api.add_user("ann@x.example", "member", api.add_tenant("Other"))

    assert join(api, made["token"])[1] == 409
    assert owner.send("POST", path).status_code == 409
    assert api.browser().login("ann@x.example").status_code == 200


@pytest.mark.parametrize("by", ["page", "command"])
def test_password_link_is_void_once_the_role_changes(api: Api, by: str) -> None:
    """Else an admin could keep a link to a member, who becomes an owner."""
    owner, admin = api.browser("owner"), api.browser("admin")
    api.add_user("ann@x.example", "member")
    path = f"/api/members/{id_of(api, 'ann@x.example')}"
    made = admin.send("POST", f"{path}/password-link").json

    if by == "page":
        owner.send("PATCH", path, {"role": "owner"})
    else:
        api.add_user("ann@x.example", "owner")

    assert join(api, made["token"])[1] == 404


def test_no_link_is_in_the_database(settings: Settings) -> None:
    """Only its digest."""
    api = Api(settings)
    token = (
        api.browser("owner").send("POST", "/api/invitations", {"email": "x@y.example", "role": "viewer"}).json["token"]
    )
    api.close()

    with sqlite3.connect(settings.data_dir / "exlogare.db") as connection:
        content = "\n".join(connection.iterdump())
    connection.close()

    assert "x@y.example" in content
    assert token not in content
    assert token.encode().hex() not in content.lower()
