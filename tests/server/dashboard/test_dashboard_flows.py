"""What people do, from end to end, in Chromium: from the first sign-in to an acknowledged failure, and the settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
import requests
from playwright.sync_api import Browser, Page, ViewportSize

from exlogare_ci.analysis import analyze
from exlogare_server.settings import Settings
from scripts import browser
from scripts.screenshots import DESKTOP, PHONE
from tests.plugins.axe import violations
from tests.server.harness import PASSWORD, Api
from tests.server.receiving import receiving

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.slow,
    pytest.mark.xdist_group("chromium"),
    pytest.mark.usefixtures("quick_passwords"),
]

OWNER = "owner@acme.example"
NEW = "quite new words"
LOG = "$ make\ncc -c main.c\nmain.c:3:5: error: expected ';' before 'return'\nmake: *** [Makefile:2: main.o] Error 1\n"
CAUSE = "main.c:3: expected ';' before 'return'"


class Place(msgspec.Struct, frozen=True):
    """A team without any log, with an owner, a member and a viewer, served at an address."""

    api: Api
    base: str


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def place(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Place]:
    """A server on each database."""
    with _place(request, settings, request.param) as found:
        yield found


@pytest.fixture
def one_place(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Place]:
    """A server on SQLite, for what has nothing to do with the database."""
    with _place(request, settings, "sqlite") as found:
        yield found


@contextmanager
def _place(request: pytest.FixtureRequest, settings: Settings, kind: str) -> Iterator[Place]:
    settings = msgspec.structs.replace(settings, dev=True)
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_server").database()
        settings = msgspec.structs.replace(settings, database_url=url, database_connections_max=8)
    api = Api(settings, engine=analyze)
    for email in (OWNER, "member@acme.example", "viewer@acme.example"):
        api.add_user(email, "owner" if email == OWNER else "member" if "member" in email else "viewer")
    with browser.served(api.application.wsgi) as base:
        yield Place(api, base)
    api.close()


@contextmanager
def opened(chromium: Browser, place: Place, *, refused: int = 0, **options: Any) -> Iterator[Page]:
    """A page that nobody is signed in to.

    At its end nothing may have gone wrong in the browser, but for ``refused`` answers that say no, which it notes.
    """
    context = chromium.new_context(**{"viewport": DESKTOP, "locale": "en-GB", **options})
    context.set_default_timeout(15_000)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.on("request", lambda asked: None if asked.url.startswith(place.base) else faults.append(f"asked {asked.url}"))
    yield page
    context.close()
    no = [fault for fault in faults if "the server responded with a status of 4" in fault]
    assert (len(no), [fault for fault in faults if fault not in no]) == (refused, [])


def sign_in(page: Page, place: Place, email: str = OWNER, password: str = PASSWORD) -> None:
    """By the page that people use."""
    page.goto(f"{place.base}/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def said(page: Page, words: str) -> None:
    """Wait until a message says so."""
    page.locator(".message").filter(has_text=words).wait_for()


def test_from_nothing_to_an_acknowledged_failure(chromium: Browser, place: Place) -> None:
    """Sign in, choose a CI, make a token, send a log with it, see why it failed, acknowledge it, sign out."""
    permissions = ["clipboard-read", "clipboard-write"]
    with opened(chromium, place, permissions=permissions) as page:
        sign_in(page, place)
        page.wait_for_url(f"{place.base}/welcome")
        page.get_by_role("link", name="GitLab CI").click()
        page.get_by_role("button", name="Make a token for GitLab CI").click()
        page.locator("#new-token").wait_for()
        page.locator(".snippet", has=page.locator("#new-token")).get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="Copied").wait_for()
        token = page.evaluate("navigator.clipboard.readText()")
        assert page.locator("#server-url").inner_text() == place.base
        assert token not in page.url

        body = {"provider": "gitlab", "project": "org/app", "status": "failed", "log": LOG}
        headers = {"Authorization": f"Bearer {token}"}
        assert requests.post(f"{place.base}/api/ingest/log", json=body, headers=headers, timeout=60).status_code == 202

        page.get_by_role("link", name="Has it arrived?").click()
        page.get_by_role("link", name=CAUSE).first.click()
        assert page.locator("h1").inner_text() == CAUSE
        assert "main.c:3:5: error" in page.locator(".log").first.inner_text()
        page.goto(f"{place.base}/clusters")
        page.get_by_role("link", name=CAUSE).first.click()
        page.get_by_role("button", name="Acknowledge", exact=True).click()
        said(page, "Acknowledged.")

        page.goto(f"{place.base}/settings/audit")
        assert f"{OWNER}" in page.locator("tr", has_text="cluster.acknowledge").inner_text()
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="Sign out").click()
        said(page, "You are signed out.")
        page.goto(f"{place.base}/analyses")
        page.wait_for_url(f"{place.base}/login?next=%2Fanalyses")


def test_settings_work_without_scripts(chromium: Browser, place: Place, tmp_path: Path) -> None:
    """A token is made and revoked, somebody invited who joins, a password changed, a log tried by its file."""
    (tmp_path / "build.log").write_text(LOG, encoding="utf-8")
    with opened(chromium, place, java_script_enabled=False) as page:
        sign_in(page, place)
        page.goto(f"{place.base}/settings")
        page.get_by_label("Name").fill("by hand")
        page.get_by_label("read analyses and figures").check()
        page.get_by_role("button", name="Make the token").click()
        raw = page.locator("#new-token").inner_text()
        headers = {"Authorization": f"Bearer {raw}"}
        assert requests.get(f"{place.base}/api/v1/analyses", headers=headers, timeout=60).status_code == 200
        page.get_by_role("row", name="by hand").get_by_role("button", name="Revoke").click()
        said(page, "Revoked.")
        assert requests.get(f"{place.base}/api/v1/analyses", headers=headers, timeout=60).status_code == 401

        page.get_by_role("link", name="Members").click()
        page.get_by_label("E-mail address").fill("new@acme.example")
        page.get_by_label("Role", exact=True).select_option("Viewer")
        page.get_by_role("button", name="Make a link").click()
        link = page.locator("#new-link").inner_text()
        assert link.startswith(f"{place.base}/join#exi_")

        page.goto(f"{place.base}/try")
        page.get_by_label("or choose a file").set_input_files(tmp_path / "build.log")
        page.get_by_role("button", name="Find the cause").click()
        assert page.locator("#cause").inner_text() == CAUSE

    with opened(chromium, place, java_script_enabled=False) as page:
        page.goto(link)
        assert page.get_by_label("Link").input_value() == ""
        page.get_by_label("Link").fill(link)
        page.get_by_label("Password", exact=True).fill(NEW)
        page.get_by_label("The password again").fill(NEW)
        page.get_by_role("button", name="Go on").click()
        page.goto(f"{place.base}/settings/account")
        page.get_by_label("Present password").fill(NEW)
        page.get_by_label("New password", exact=True).fill(NEW + "!")
        page.get_by_label("The new password again").fill(NEW + "!")
        page.get_by_role("button", name="Change the password").click()
        said(page, "Your password is changed")
    with opened(chromium, place, refused=1) as page:
        sign_in(page, place, "new@acme.example", NEW + "!")
        page.wait_for_url(f"{place.base}/")
        page.goto(f"{place.base}/settings/tokens")
        assert "Your role does not allow it." in page.locator("main").inner_text()


def test_link_leaves_the_address(chromium: Browser, one_place: Place) -> None:
    """A script moves its secret from behind the `#` into the form: no history and no neighbour has it."""
    made = one_place.api.browser("owner").send(
        "POST", "/api/invitations", {"email": "new@acme.example", "role": "member"}
    )
    with opened(chromium, one_place) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(one_place.base + made.json["link"])
        assert page.url == f"{one_place.base}/join"
        assert page.get_by_label("Link").input_value() == made.json["token"]
        page.get_by_label("Password", exact=True).fill(NEW)
        page.get_by_label("The password again").fill(NEW)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(f"{one_place.base}/")
        assert [url for url in asked if made.json["token"] in url.partition("#")[0]] == []


def test_keyboard_alone_is_enough(chromium: Browser, one_place: Place) -> None:
    """To sign in, wrong and right, and to make a token; every stop is to be seen."""
    with opened(chromium, one_place, refused=1) as page:
        page.goto(f"{one_place.base}/login")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type(OWNER)
        page.keyboard.press("Tab")
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        said(page, "That e-mail address and password do not go together.")
        page.get_by_label("Password").press_sequentially(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{one_place.base}/welcome")
        page.goto(f"{one_place.base}/settings/tokens")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == "name":
                break
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.type("keys")
        page.keyboard.press("Enter")
        page.locator("#new-token").wait_for()


def test_what_is_lost_is_asked_for(chromium: Browser, one_place: Place) -> None:
    """A no keeps the token; a dropped file is the chosen one."""
    with opened(chromium, one_place) as page:
        sign_in(page, one_place)
        page.wait_for_url(f"{one_place.base}/welcome")
        page.goto(f"{one_place.base}/settings/tokens")
        page.evaluate("window.confirm = (text) => { window.asked = text; return false; }")
        page.get_by_role("button", name="Revoke").click()
        assert "CI jobs that use it can send nothing any more." in page.evaluate("window.asked")
        assert page.get_by_role("button", name="Revoke").count() == 1
        page.goto(f"{one_place.base}/try")
        page.evaluate(
            """log => {
                const data = new DataTransfer();
                data.items.add(new File([log], "build.log"));
                document.querySelector("textarea").dispatchEvent(
                    new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
            }""",
            LOG,
        )
        assert page.locator("#said").inner_text() == "build.log is chosen."
        page.get_by_role("button", name="Find the cause").click()
        assert page.locator("#cause").inner_text() == CAUSE


class Eye(msgspec.Struct, frozen=True):
    """Looks at a page: axe finds nothing, and it is no wider than its window."""

    page: Page
    base: str
    width: int

    def see(self, what: str) -> None:
        """Look at the page as it is."""
        assert violations(self.page) == [], what
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, what

    def go(self, address: str) -> None:
        """Look at the page of an address."""
        self.page.goto(self.base + address)
        self.see(address)

    def press(self, button: str, until: str) -> None:
        """Press a button, and look at what it leads to once something is there."""
        self.page.get_by_role("button", name=button).first.click()
        self.page.locator(until).first.wait_for()
        self.see(f"{button}: {until}")


def look_at_tokens(eye: Eye) -> None:
    """A fault, a new one with an endless name, a revoked one."""
    eye.page.goto(f"{eye.base}/settings/tokens")
    eye.page.get_by_label("Name").fill("x" * 128)
    eye.page.get_by_label("send logs").uncheck()
    eye.press("Make the token", "#fault-scopes")
    eye.page.get_by_label("send logs").check()
    eye.press("Make the token", "#new-token")
    eye.press("Revoke", ".message:has-text('Revoked.')")
    eye.page.locator("summary", has_text="revoked or expired").click()
    eye.see("revoked tokens")


def look_at_people(eye: Eye) -> None:
    """A new link, a wrong password, the audit log of it."""
    eye.page.goto(f"{eye.base}/settings/members")
    eye.page.get_by_label("E-mail address").fill("new@acme.example")
    eye.press("Make a link", "#new-link")
    eye.go("/settings/account")
    for label in ("Present password", "New password", "The new password again"):
        eye.page.get_by_label(label, exact=True).fill("quite wrong")
    eye.press("Change the password", "#fault-old_password")
    eye.go("/settings/audit")


def look_at_receivers(eye: Eye) -> None:
    """A channel that arrives, a webhook with a fault, a new one, and one that fails."""
    with receiving() as receiver:
        eye.page.goto(f"{eye.base}/settings/channels?kind=apprise")
        eye.page.get_by_label("Name").fill("#builds")
        eye.page.get_by_label("Apprise URL").fill(receiver.url.replace("http://", "json://"))
        eye.press("Add the channel", ".message:has-text('Added.')")
        eye.press("Send a test", ".message:has-text('The test arrived.')")
        eye.page.goto(f"{eye.base}/settings/webhooks")
        eye.page.get_by_label("Name").fill("pager")
        eye.page.get_by_label("Address").fill("ftp://x")
        eye.press("Add the webhook", "[role=alert]")
        eye.page.get_by_label("Address").fill(receiver.url)
        eye.press("Add the webhook", "#new-secret")
        receiver.answer = lambda _: (500, {})
        eye.press("Send a test", ".message:has-text('The test did not arrive')")
        eye.go("/settings/webhooks")


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desk-light", "phone-dark"])
def test_settings_are_accessible(
    chromium: Browser, one_place: Place, size: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    """Empty, filled and with faults."""
    with opened(chromium, one_place, refused=5, viewport=size, color_scheme=scheme) as page:
        eye = Eye(page, one_place.base, size["width"])
        sign_in(page, one_place, password="wrong")
        said(page, "do not go together")
        eye.see("wrong password")
        eye.go("/join")
        sign_in(page, one_place)
        page.wait_for_url(f"{one_place.base}/welcome")
        for address in ("/welcome?ci=github-action", "/settings/channels", "/settings/webhooks", "/settings/plan"):
            eye.go(address)
        look_at_tokens(eye)
        look_at_people(eye)
        look_at_receivers(eye)
        eye.go("/settings/webhooks/x")
        eye.go("/try")
        page.get_by_label("Paste it here").fill(LOG)
        eye.press("Find the cause", "#cause")
