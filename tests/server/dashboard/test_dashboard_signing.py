"""Signing in and out, and the links that let people in, without scripts."""

import re
from typing import Any

import pytest

from tests.server.dashboard.visiting import ON_SQLITE, Visitor, visitor
from tests.server.harness import JENKINS, PASSWORD, Api

pytestmark = pytest.mark.usefixtures("quick_passwords")

WRONG = "That e-mail address and password do not go together."


def test_stranger_is_led_to_the_sign_in_page_and_back(api: Api) -> None:
    """To the page that was asked for; the form says nothing else of it."""
    api.accepted("jenkins", JENKINS)
    api.add_user("a@b.example", "member")
    somebody = Visitor(api)

    page = somebody.get("/settings/account?x=1")
    assert (page.status, somebody.address) == (200, "/login?next=%2Fsettings%2Faccount%3Fx%3D1")
    after = somebody.fill(page.form("/login"), email="a@b.example", password=PASSWORD)

    assert (after.status, somebody.address, after.title) == (
        200, "/settings/account?x=1", "Your account · Exlogare CI",
    )  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\/evil.example", "evil", "javascript:alert(1)",
     "/%0d%0aX-Evil: 1", "/\r\nX-Evil: 1", "/é"],
)  # fmt: skip
@ON_SQLITE
def test_next_leads_nowhere_else(api: Api, address: str) -> None:
    """Neither by the address nor by the form's hidden field."""
    api.accepted("jenkins", JENKINS)
    api.add_user("a@b.example", "member")
    somebody = Visitor(api)
    form = somebody.get("/login").form("/login")

    result = somebody.post(
        "/login", [*form.fields[:1], ("next", address), ("email", "a@b.example"), ("password", PASSWORD)]
    )

    assert result.status_code == 303
    location = result.headers["location"]
    assert location == "/" or (location.startswith("/%0d%0a") and "\r" not in location)
    assert "x-evil" not in {name.lower() for name in result.headers}


def test_wrong_password_and_unknown_address_look_alike(api: Api) -> None:
    """One sentence; the address is kept in the form, the password is not."""
    api.add_user("a@b.example", "owner")
    pages = [Visitor(api).sign_in(email, "wrong") for email in ("a@b.example", "nobody@b.example")]

    for page, email in zip(pages, ("a@b.example", "nobody@b.example"), strict=True):
        assert (page.status, WRONG in page.words) == (401, True)
        assert dict(page.form("/login").fields)["email"] == email
        assert "wrong" not in page.text
    texts = [re.sub(r'value="[^"]*"', "", page.text) for page in pages]
    assert texts[0] == texts[1]


def test_team_can_be_named(api: Api) -> None:
    """For whoever is in several."""
    other = api.add_tenant("Other")
    api.add_user("a@b.example", "viewer")
    api.clock.advance(seconds=1)
    api.add_user("a@b.example", "viewer", other)
    somebody = Visitor(api)

    page = somebody.fill(somebody.get("/login").form("/login"), email="a@b.example", password=PASSWORD, tenant="other")

    assert "Other · viewer" in page.words


def test_too_many_tries_are_told_in_words(api: Api) -> None:
    """With when to come back."""
    somebody = Visitor(api)
    for _ in range(30):
        somebody.sign_in("a@b.example", "wrong")

    page = somebody.sign_in("a@b.example", "wrong")

    assert page.status == 429
    assert "Wait 60 min, then try again" in page.words
    assert int(page.headers["retry-after"]) > 3000


@pytest.mark.parametrize("token", [None, "", "a" * 43])
@ON_SQLITE
def test_sign_in_needs_the_forms_token(api: Api, token: str | None) -> None:
    """Else another site could sign a browser in to its own account."""
    api.add_user("a@b.example", "owner")
    somebody = Visitor(api)
    somebody.get("/login")
    fields = [("email", "a@b.example"), ("password", PASSWORD)]

    result = somebody.post("/login", [*fields, ("csrf_token", token)] if token is not None else fields)

    assert result.status_code == 403
    assert "exlogare_session" not in somebody.cookies


@ON_SQLITE
def test_browser_without_cookies_is_told(api: Api) -> None:
    """As one is that comes by plain HTTP from elsewhere: nothing else would say why it cannot sign in."""
    for address in ("/login", "/join"):
        somebody = Visitor(api)
        form = somebody.get(address).form(address)
        somebody.cookies.clear()

        page = somebody.fill(form, password=PASSWORD)

        assert (page.status, "Your browser sent no cookie" in page.words) == (403, True)


def test_signing_out_ends_the_session(api: Api) -> None:
    """On the server as well; whoever is signed in sees no sign-in page."""
    somebody = visitor(api, "viewer")
    kept = dict(somebody.cookies)
    somebody.get("/login")
    assert somebody.address == "/"

    page = somebody.fill(somebody.get("/").form("/logout"))

    assert (somebody.address, "You are signed out." in page.words) == ("/login", True)
    somebody.cookies = kept
    somebody.get("/")
    assert somebody.address.startswith("/login")


@ON_SQLITE
def test_signing_out_needs_the_forms_token(api: Api) -> None:
    """No other site signs people out."""
    somebody = visitor(api, "viewer")

    assert somebody.post("/logout", []).status_code == 403
    assert somebody.get("/").status == 200


def test_new_team_is_led_to_its_first_steps(api: Api) -> None:
    """Owners and admins, as long as nothing was sent, unless they wanted to go elsewhere."""
    api.add_user("o@b.example", "owner")
    api.add_user("v@b.example", "viewer")
    addresses = []
    for email, address in (("o@b.example", "/login"), ("v@b.example", "/login"), ("o@b.example", "/login?next=/try")):
        somebody = Visitor(api)
        somebody.sign_in(email, address=address)
        addresses.append(somebody.address)
    api.accepted("jenkins", JENKINS)
    late = Visitor(api)
    late.sign_in("o@b.example")

    assert [*addresses, late.address] == ["/welcome", "/", "/try", "/"]


def invite(api: Api, email: str, role: str = "member") -> dict[str, Any]:
    """An invitation."""
    made: dict[str, Any] = api.browser("owner").send("POST", "/api/invitations", {"email": email, "role": role}).json
    return made


def test_invited_person_joins(api: Api) -> None:
    """By pasting the whole link, where no script takes it from the address."""
    api.accepted("jenkins", JENKINS)
    made = invite(api, "new@b.example")
    somebody = Visitor(api)
    form = somebody.get(made["link"]).form("/join")
    link = f"https://ci.example{made['link']}"

    page = somebody.fill(form, token=link, password="quite new words", again="quite new words")

    assert (page.status, somebody.address) == (200, "/")
    assert "Acme · member" in page.words
    assert Visitor(api).sign_in("new@b.example", "quite new words").status == 200


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"password": "quite new words", "again": "another"}, 422, "The two passwords differ"),
        ({"password": "short", "again": "short"}, 422, "at least 8 characters"),
        ({"token": "exi_" + "a" * 43, "password": "quite new words", "again": "quite new words"}, 404,
         "The link is not valid"),
        ({"token": "", "password": "quite new words", "again": "quite new words"}, 404, "The link is not valid"),
    ],
)  # fmt: skip
@ON_SQLITE
def test_join_page_says_what_is_wrong(api: Api, fields: dict[str, str], status: int, words: str) -> None:
    """In the form, which keeps the link and never a password."""
    made = invite(api, "new@b.example")
    somebody = Visitor(api)

    page = somebody.fill(somebody.get("/join").form("/join"), {"token": made["token"], **fields})

    assert (page.status, words in page.words) == (status, True)
    assert dict(page.form("/join").fields)["token"] == fields.get("token", made["token"])
    assert "quite new words" not in page.text
    assert page.headers["cache-control"] == "no-store"


def test_person_with_an_account_joins_with_its_password(api: Api) -> None:
    """Another one is told to be wrong, in words that say which is meant."""
    api.accepted("jenkins", JENKINS)
    api.add_user("ann@x.example", "member", api.add_tenant("Other"))
    made = invite(api, "ann@x.example")
    somebody = Visitor(api)

    page = somebody.fill(
        somebody.get("/join").form("/join"), token=made["token"], password="another one", again="another one"
    )
    assert (page.status, "You have an account here already" in page.words) == (401, True)
    page = somebody.fill(page.form("/join"), password=PASSWORD, again=PASSWORD)
    assert (page.status, "Acme · member" in page.words) == (200, True)


@ON_SQLITE
def test_pages_of_strangers_are_never_kept(api: Api) -> None:
    """Nor framed, nor with scripts of others; whoever is signed in can open the link of a second team."""
    somebody = Visitor(api)
    for address in ("/login", "/join"):
        page = somebody.get(address)
        assert page.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    signed_in = visitor(api, "viewer")
    csrf = signed_in.cookies["csrf_token"]
    signed_in.get("/join")
    assert signed_in.cookies["csrf_token"] == csrf
