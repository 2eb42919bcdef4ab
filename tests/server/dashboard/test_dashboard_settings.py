"""The pages of the settings, without scripts: tokens, members, the own account, the plan, the audit log."""

import html
import re

import pytest

from exlogare_server.auth.tenants import Tenants
from exlogare_server.store.protocol import Role
from tests.server.dashboard.visiting import ON_SQLITE, Page, Visitor, visitor
from tests.server.harness import JENKINS, PASSWORD, Api

pytestmark = pytest.mark.usefixtures("quick_passwords")

TOKENS, MEMBERS, ACCOUNT = "/settings/tokens", "/settings/members", "/settings/account"
FOR_ADMINS = (TOKENS, MEMBERS, "/settings/channels", "/settings/webhooks", "/settings/audit")
FOR_EVERYBODY = (ACCOUNT, "/settings/plan")
HOSTILE = "<script>alert(1)</script>\"'&{{1234*4321}}"


def secret(page: Page, name: str) -> str:
    """What a page shows this once."""
    assert page.headers["cache-control"] == "no-store"
    return page.by_id[name].strip()


@pytest.mark.parametrize("role", ["owner", "admin", "member", "viewer"])
def test_settings_show_each_role_what_it_may(api: Api, role: Role) -> None:
    """The links are those pages that open; the others answer 403, in a sentence for people."""
    somebody = visitor(api, role)
    admin = role in ("owner", "admin")

    first = somebody.get("/settings")

    assert somebody.address == (TOKENS if admin else ACCOUNT)
    shown = {link for link in first.links if link.startswith("/settings/")}
    assert shown >= {*FOR_EVERYBODY, *(FOR_ADMINS if admin else ())}
    assert shown.isdisjoint(() if admin else FOR_ADMINS)
    for address in FOR_EVERYBODY:
        assert somebody.get(address).status == 200
    for address in FOR_ADMINS:
        page = somebody.get(address)
        assert page.status == (200 if admin else 403)
        assert ("Your role does not allow it. An owner or admin of your team can change that." in page.words) != admin


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_what_is_for_admins_is_refused_to_others(api: Api, role: Role) -> None:
    """Whatever form is sent, with a right CSRF token; and nothing is changed."""
    somebody, owner = visitor(api, role), visitor(api, "owner")
    me = api.store.user_by_email("owner@acme.example")
    assert me is not None
    csrf = dict(somebody.get("/").form("/logout").fields)["csrf_token"]
    before = len(api.store.audit_events(api.tenant.id, after=None, rows_max=100))
    some_id = str(api.store.tokens(api.tenant.id)[0].id)
    addresses = [
        TOKENS, f"{TOKENS}/{some_id}/revoke", MEMBERS, f"{MEMBERS}/{me.id}/role", f"{MEMBERS}/{me.id}/remove",
        f"{MEMBERS}/{me.id}/password-link", f"/settings/invitations/{some_id}/withdraw", "/settings/channels",
        f"/settings/channels/{some_id}", f"/settings/channels/{some_id}/delete", f"/settings/channels/{some_id}/test",
        "/settings/webhooks", f"/settings/webhooks/{some_id}", f"/settings/webhooks/{some_id}/delete",
        f"/settings/webhooks/{some_id}/rotate-secret", f"/settings/webhooks/{some_id}/test",
        f"/settings/webhooks/{some_id}/redeliver", "/welcome",
    ]  # fmt: skip

    statuses = {somebody.post(address, [("csrf_token", csrf)]).status_code for address in addresses}
    without = {owner.post(address, [("name", "x")]).status_code for address in addresses}

    assert statuses == {403}
    assert without == {403}
    assert len(api.store.audit_events(api.tenant.id, after=None, rows_max=100)) == before


def test_token_is_made_shown_once_and_revoked(api: Api) -> None:
    """It works at the API; after the page is left only its beginning is to be seen."""
    admin = visitor(api, "admin")

    made = admin.fill(admin.get(TOKENS).form(TOKENS), name="ci", scopes=["ingest", "read"])

    assert made.status == 201
    raw = secret(made, "new-token")
    assert re.fullmatch(r"exl_[A-Za-z0-9_-]{43}", raw)
    assert raw not in admin.address
    api.accepted("jenkins", JENKINS, token=raw)
    later = admin.get(TOKENS)
    assert (raw in later.text, raw[:12] in later.text) == (False, True)
    assert "just now" in later.words
    token = next(token for token in api.store.tokens(api.tenant.id) if token.name == "ci")
    page = admin.fill(later.form(f"{TOKENS}/{token.id}/revoke"))
    assert "Revoked. Whoever uses the token is refused from now on." in page.words
    assert "1 token revoked or expired" in page.words
    assert api.post("jenkins", JENKINS, token=raw).status_code == 401


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"name": ""}, 422, "Please fill this in."),
        ({"name": "x" * 129}, 422, "This is too long."),
        ({"name": "ci", "scopes": []}, 422, "Choose at least one: what may the token do?"),
        ({"name": "ci", "scopes": ["admin"]}, 422, "Scopes must be one or more of ingest, read; unknown: admin."),
        ({"name": "ci", "expires_at": "2026-11-23"}, 422, "A token must expire in the future."),
        ({"name": "ci", "expires_at": "tomorrow"}, 422, "This is no date."),
    ],
)
@ON_SQLITE
def test_token_form_says_what_is_wrong(api: Api, fields: dict[str, str | list[str]], status: int, words: str) -> None:
    """And keeps what was filled in; nothing is made."""
    admin = visitor(api, "admin")

    page = admin.fill(admin.get(TOKENS).form(TOKENS), fields)

    assert (page.status, words in page.words) == (status, True)
    assert dict(page.form(TOKENS).fields)["name"] == fields["name"]
    assert len(api.store.tokens(api.tenant.id)) == 1


def test_free_plan_and_its_cap_are_explained(api: Api) -> None:
    """Before the fourth token is tried, and when it is."""
    free = api.add_tenant("Free", "free")
    admin = visitor(api, "owner", free)
    for number in range(3):
        admin.fill(admin.get(TOKENS).form(TOKENS), name=str(number))

    full = admin.get(TOKENS)
    refused = admin.fill(full.form(TOKENS), name="4")
    plan = admin.get("/settings/plan")

    assert "3 of 3 of the Free plan" in full.words
    assert "Revoke one first" in full.words
    assert (refused.status, "The Free plan allows 3 active tokens" in refused.words) == (403, True)
    assert "This team is on the Free plan." in plan.words
    assert "exlogare-server tenant set-plan --data DIR free paid" in plan.words
    for address in ("/settings/channels", "/settings/webhooks"):
        page = admin.get(address)
        assert "need a paid plan" in page.words
        assert page.form(address).disabled


def test_member_is_invited_changed_and_removed(api: Api) -> None:
    """The link is shown once, and lets the person in; the list has the person then."""
    owner = visitor(api, "owner")
    made = owner.fill(owner.get(MEMBERS).form(MEMBERS), email="New@Acme.example", role="viewer")
    assert made.status == 201
    link = secret(made, "new-link")
    assert re.fullmatch(r"https://falconframework.org/join#exi_[A-Za-z0-9_-]{43}", link)
    waiting = owner.get(MEMBERS)
    assert (link.partition("#")[2] in waiting.text, "join as viewer" in waiting.words) == (False, True)

    person = Visitor(api)
    person.fill(person.get("/join").form("/join"), token=link, password="quite new words", again="quite new words")
    user = api.store.user_by_email("new@acme.example")
    assert user is not None
    changed = owner.fill(owner.get(MEMBERS).form(f"{MEMBERS}/{user.id}/role"), role="admin")
    may = person.get(TOKENS).status
    removed = owner.fill(changed.form(f"{MEMBERS}/{user.id}/remove"))

    assert "The role is changed; it holds at once." in changed.words
    assert may == 200
    assert ("Removed." in removed.words, "new@acme.example" in removed.words) == (True, False)
    person.get("/")
    assert person.address.startswith("/login")


def test_link_is_withdrawn(api: Api) -> None:
    """It leaves the list."""
    owner = visitor(api, "owner")
    made = owner.fill(owner.get(MEMBERS).form(MEMBERS), email="new@acme.example")
    (withdraw,) = [form for form in made.forms if form.action.endswith("/withdraw")]

    page = owner.fill(withdraw)

    assert ("Withdrawn." in page.words, "new@acme.example" in page.words) == (True, False)


@pytest.mark.parametrize(
    ("email", "status", "words"),
    [
        ("", 422, "Please fill this in."),
        ("nobody", 422, "The e-mail address has no name, no host"),
        ("owner@acme.example", 409, "There is a member with this e-mail address already."),
    ],
)
@ON_SQLITE
def test_invitation_form_says_what_is_wrong(api: Api, email: str, status: int, words: str) -> None:
    """And keeps what was filled in."""
    owner = visitor(api, "owner")

    page = owner.fill(owner.get(MEMBERS).form(MEMBERS), email=email)

    assert (page.status, words in page.words) == (status, True)
    assert dict(page.form(MEMBERS).fields)["email"] == email


def test_admin_is_offered_nothing_about_owners(api: Api) -> None:
    """And is refused in words when it is tried all the same; the last owner cannot leave."""
    owner, admin = visitor(api, "owner"), visitor(api, "admin")
    user = api.store.user_by_email("owner@acme.example")
    assert user is not None
    page = admin.get(MEMBERS)
    role, leave = f"{MEMBERS}/{user.id}/role", f"{MEMBERS}/{user.id}/remove"

    assert not {action for action in page.actions() if str(user.id) in action}
    assert '"owner"' not in page.text
    mine = owner.get(MEMBERS)
    stolen = mine.form(role)
    stolen.fields = [("csrf_token", dict(page.form(MEMBERS).fields)["csrf_token"]), ("role", "viewer")]
    refused = admin.fill(stolen)
    assert (refused.status, "Only an owner can make, change or remove an owner." in refused.words) == (403, True)
    last = owner.fill(mine.form(leave))
    assert (last.status, "This is the last owner; make somebody else an owner first." in last.words) == (409, True)


def test_member_who_forgot_the_password_gets_a_link(api: Api) -> None:
    """Shown once to whoever made it."""
    owner, member = visitor(api, "owner"), visitor(api, "member")
    user = api.store.user_by_email("member@acme.example")
    assert user is not None

    made = owner.fill(owner.get(MEMBERS).form(f"{MEMBERS}/{user.id}/password-link"))

    assert "Hand this link to member@acme.example" in made.words
    link = secret(made, "new-link")
    person = Visitor(api)
    person.fill(person.get("/join").form("/join"), token=link, password="quite new words", again="quite new words")
    member.get("/")
    assert (member.address.startswith("/login"), person.get("/").status) == (True, 200)


def test_own_password_and_sessions(api: Api) -> None:
    """The others end; each session is named by its program."""
    somebody, other = visitor(api, "viewer"), visitor(api, "viewer")
    page = somebody.get(ACCOUNT)
    assert page.words.count("falcon-client") == 2
    (end,) = [form for form in page.forms if form.action.endswith("/end")]
    ended = somebody.fill(end)
    other.get("/")
    assert ("That session has ended." in ended.words, other.address.startswith("/login")) == (True, True)

    third = visitor(api, "viewer")
    everywhere = somebody.fill(somebody.get(ACCOUNT).form(f"{ACCOUNT}/end-others"))
    third.get("/")
    assert ("You are signed out everywhere but here." in everywhere.words, third.address) == (True, "/login")

    form = somebody.get(ACCOUNT).form(f"{ACCOUNT}/password")
    changed = somebody.fill(form, old_password=PASSWORD, new_password="quite new words", again="quite new words")
    assert "Your password is changed" in changed.words
    assert Visitor(api).sign_in("viewer@acme.example", "quite new words").status == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "status", "words"),
    [
        ("wrong", "quite new words", "quite new words", 403, "The old password is wrong."),
        (PASSWORD, "quite new words", "others", 422, "The two new passwords differ."),
        (PASSWORD, "short", "short", 422, "This is too short."),
        (PASSWORD, "", "", 422, "Please fill this in."),
    ],
)
@ON_SQLITE
def test_password_form_says_what_is_wrong(api: Api, old: str, new: str, again: str, status: int, words: str) -> None:
    """And keeps no password."""
    somebody = visitor(api, "viewer")

    page = somebody.fill(
        somebody.get(ACCOUNT).form(f"{ACCOUNT}/password"), old_password=old, new_password=new, again=again
    )

    assert (page.status, words in page.words) == (status, True)
    assert {value for name, value in page.form(f"{ACCOUNT}/password").fields if "password" in name} == {""}


def test_audit_log_is_paged(api: Api) -> None:
    """Every line once, older ones behind a link; a cursor that is none is told."""
    owner = visitor(api, "owner")
    for number in range(60):
        api.clock.advance(seconds=1)
        Tenants(api.store, api.clock).set_plan("acme", "free" if number % 2 == 0 else "paid")

    first = owner.get("/settings/audit")
    (older,) = [link for link in first.links if "cursor=" in link]
    second = owner.get(html.unescape(older))

    lines = [page.words.count("tenant.set_plan") for page in (first, second)]
    assert lines == [50, 10]
    assert ("That is all." in first.words, "That is all." in second.words) == (False, True)
    assert owner.get("/settings/audit?cursor=x").status == 400
    assert "session.begin" in second.words


@ON_SQLITE
def test_hostile_names_stay_text(api: Api) -> None:
    """On every page that shows what somebody called something."""
    owner = visitor(api, "owner")
    owner.fill(owner.get(TOKENS).form(TOKENS), name=HOSTILE)
    owner.fill(owner.get("/settings/webhooks").form("/settings/webhooks"), name=HOSTILE, url="https://93.184.216.34/")
    (webhook,) = [link for link in owner.get("/settings/webhooks").links if link.startswith("/settings/webhooks/")]

    for address in (TOKENS, "/settings/webhooks", webhook, "/settings/audit"):
        page = owner.get(address)
        assert page.status == 200
        assert "<script>alert" not in page.text
        assert "5332114" not in page.text
        assert "alert(1)" in html.unescape(page.text)


def test_other_teams_do_not_exist(api: Api) -> None:
    """Ids of another one answer 404, with a page."""
    stranger = visitor(api, "owner", api.add_tenant("Other"))
    csrf = dict(stranger.get("/").form("/logout").fields)["csrf_token"]
    api.browser("owner")
    user = api.store.user_by_email("owner@acme.example")
    assert user is not None
    token = api.store.tokens(api.tenant.id)[0]

    for address in (f"{TOKENS}/{token.id}/revoke", f"{MEMBERS}/{user.id}/remove", f"{TOKENS}/x/revoke"):
        result = stranger.post(address, [("csrf_token", csrf)])
        assert (result.status_code, "There is nothing here" in result.text) == (404, True)
    assert stranger.get(f"/settings/webhooks/{token.id}").status == 404


@ON_SQLITE
def test_long_lists_have_pages(api: Api) -> None:
    """Of 40 members and 50 tokens; a number that is none is the nearest."""
    owner = visitor(api, "owner")
    for number in range(100):
        api.add_user(f"{number:03}@acme.example", "viewer")
        api.add_token()

    members = [owner.get(f"{MEMBERS}?page={number}") for number in ("1", "2", "3", "9", "0", "x", "-1", "9" * 30)]
    tokens = [owner.get(f"{TOKENS}?page={number}") for number in (1, 2, 3)]

    assert [sum("/remove" in form.action for form in page.forms) for page in members] == [
        40,
        40,
        21,
        21,
        40,
        40,
        40,
        40,
    ]
    assert "101 members" in members[1].words
    assert "Page 2 of 3" in members[1].words
    assert {f"{MEMBERS}?page=1", f"{MEMBERS}?page=3"} <= set(members[1].links)
    assert [sum("/revoke" in form.action for form in page.forms) for page in tokens] == [50, 50, 1]
    assert max(len(page.text) for page in (*members, *tokens)) < 100_000
