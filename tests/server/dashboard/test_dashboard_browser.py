"""The reading pages in Chromium: without violations of axe, without errors, on desk and phone, light and dark."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import falcon.testing
import msgspec
import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from exlogare_server.app import Application
from exlogare_server.auth.tokens import Tokens
from exlogare_server.times import utc_now
from scripts import browser, demo_team
from scripts.screenshots import DESKTOP, PHONE, sign_in
from tests.plugins.axe import violations
from tests.server.dashboard.conftest import Team
from tests.server.dashboard.test_dashboard_pages import HOSTILE
from tests.server.harness import settings_for

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.slow,
    # One worker runs them all: a browser and a team's story are dear.
    pytest.mark.xdist_group("chromium"),
]

SIZES: dict[str, ViewportSize] = {"desktop": DESKTOP, "phone": PHONE}
OWNER, MEMBER, VIEWER = (email for email, _ in demo_team.PEOPLE)


@contextmanager
def reading(chromium: Browser, team: Team, email: str = MEMBER, **options: Any) -> Iterator[Page]:
    """A page of somebody who is signed in; at its end nothing may have gone wrong in the browser."""
    context = chromium.new_context(**{"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Asia/Tokyo", **options})
    page, faults = context.new_page(), []
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
    page.on("request", lambda asked: None if asked.url.startswith(team.base) else faults.append(f"asked {asked.url}"))
    sign_in(page, team.base, email)
    yield page
    context.close()
    assert faults == []


def addresses(page: Page, base: str) -> list[str]:
    """Every reading page, with one analysis, one cluster and one project that the lists lead to."""
    found = ["/", "/?days=90", "/analyses", "/analyses?severity=high&days=30", "/analyses?text=zzz", "/clusters"]
    for start, prefix in (
        ("/analyses", "/analyses/"),
        ("/clusters?status=active", "/clusters/"),
        ("/projects", "/projects/"),
    ):
        page.goto(base + start)
        link = page.locator(f'a.title[href^="{prefix}"]').first.get_attribute("href")
        assert link is not None
        found.append(link)
    return [*found, "/clusters?status=resolved", "/projects", "/projects?order=name"]


def send(application: Application, body: dict[str, str]) -> None:
    """Post a log as the team's CI."""
    tenant = application.store.tenant_by_slug(demo_team.TEAM.lower())
    assert tenant is not None
    raw = Tokens(application.store, utc_now).create(tenant, name="test", scopes=("ingest",))[1]
    client = falcon.testing.TestClient(application.wsgi)
    result = client.simulate_post("/api/ingest/log", json=body, headers={"Authorization": f"Bearer {raw}"})
    assert result.status_code == 202, result.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_pages_are_accessible(chromium: Browser, team: Team, size: str, scheme: Literal["light", "dark"]) -> None:
    """Axe finds nothing, the page is no wider than its window, and tables behind plots open."""
    with reading(chromium, team, viewport=SIZES[size], color_scheme=scheme) as page:
        for address in addresses(page, team.base):
            page.goto(team.base + address)
            for summary in page.locator("main summary").all():
                summary.click()
            assert violations(page) == [], address
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= SIZES[size]["width"], (address, width)


def test_pages_read_without_scripts(chromium: Browser, team: Team) -> None:
    """Everything is there, buttons that need a script are not, and forms work."""
    with reading(chromium, team, java_script_enabled=False) as page:
        for address in addresses(page, team.base):
            page.goto(team.base + address)
            assert page.locator("h1").count() == 1
            assert not page.locator("[data-copy]:visible, [data-theme-toggle]:visible, [data-news]:visible").count()
        page.goto(f"{team.base}/analyses")
        page.fill("#f-text", "discountCode")
        page.get_by_role("button", name="Filter").click()
        assert "text=discountCode" in page.url
        page.locator("a.title").first.click()
        assert "discountCode" in page.locator("h1").inner_text()
        assert page.locator("dt:text-is('Arrived') + dd").inner_text().endswith(" UTC")


def test_times_are_the_reader_s(chromium: Browser, team: Team) -> None:
    """The server writes UTC; the reader sees the own zone, here nine hours later."""
    with reading(chromium, team) as page:
        page.goto(f"{team.base}/analyses")
        page.locator("a.title").first.click()
        arrived = page.locator("dt:text-is('Arrived') + dd time")
        utc = arrived.get_attribute("datetime")
        assert utc is not None
        shown = page.evaluate("text => new Date(text).getTime()", utc)
        assert page.evaluate(
            "text => Date.parse(text.replace(',', '') + ' GMT+0900')", arrived.inner_text()
        ) // 60000 == (shown // 60000)


def test_theme_is_remembered(chromium: Browser, team: Team) -> None:
    """The button turns the colours round, at once and on the next page from its first byte."""
    with reading(chromium, team, color_scheme="light") as page:
        ground = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(ground)
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="Dark colours").click()
        dark = page.evaluate(ground)
        assert light != dark
        page.goto(f"{team.base}/projects")
        assert page.evaluate(ground) == dark
        assert page.locator("html").get_attribute("data-theme") == "dark"
        page.locator("details.menu summary").click()
        page.keyboard.press("Escape")
        assert not page.locator(".menu-body").is_visible()


def test_keyboard_reaches_everything(chromium: Browser, team: Team) -> None:
    """The first key leads past the navigation; each stop is visible; a table opens by a key."""
    with reading(chromium, team) as page:
        page.goto(f"{team.base}/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.tagName") == "SUMMARY":
                break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Enter")
        assert page.get_by_role("columnheader", name="Medium").is_visible()


def test_copy_button_gives_markdown(chromium: Browser, team: Team) -> None:
    """What is copied is the cause, the run, the lines and what to do."""
    with reading(chromium, team, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{team.base}/analyses?text=discountCode")
        page.locator("a.title").first.click()
        page.get_by_role("button", name="Copy as Markdown").click()
        page.get_by_role("button", name="Copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(
            "**src/checkout/CartSummary.tsx:58: Property 'discountCode' does not exist on type 'Cart'.**"
        )
        assert "    4 | src/checkout/CartSummary.tsx(58,23): error TS2339" in copied
        assert "To do: Correct" in copied


def test_news_come_without_moving_the_page(chromium: Browser, team: Team) -> None:
    """A bar counts what is new; the list stays as it is until it is asked for."""
    with reading(chromium, team) as page:
        page.clock.install()
        page.goto(f"{team.base}/analyses")
        first = page.locator("a.title").first.get_attribute("href")
        page.route("**/analyses/news?*", lambda route: route.fulfill(json={"count": 3, "more": False}))
        page.clock.run_for(6_000)
        bar = page.get_by_role("link", name="3 new analyses")
        bar.wait_for()
        assert page.locator("a.title").first.get_attribute("href") == first
        bar.click()
        assert page.url == f"{team.base}/analyses"


def test_members_act_and_viewers_do_not(chromium: Browser, team: Team) -> None:
    """A click resolves and says so; a viewer has no such button."""
    with reading(chromium, team) as page:
        page.goto(f"{team.base}/clusters?text=TestWindowCloses")
        page.locator("a.title").first.click()
        page.get_by_role("button", name="Resolve", exact=True).click()
        page.get_by_role("status").filter(has_text="Resolved.").wait_for()
        address = page.url
        assert violations(page) == []
    with reading(chromium, team, VIEWER) as page:
        page.goto(address)
        assert page.get_by_role("button", name="Reopen").count() == 0
        assert "As a viewer you can read this" in page.locator("main").inner_text()


def test_hostile_names_are_inert(chromium: Browser, tmp_path_factory: pytest.TempPathFactory, template: Any) -> None:
    """Nothing that a log or a name holds runs, loads, or leaves its place."""
    settings = settings_for(tmp_path_factory.mktemp("hostile") / "data", template)
    application = demo_team.open_team(msgspec.structs.replace(settings, dev=True), days=2)
    send(
        application, {"provider": "gitlab", "project": f"a/{HOSTILE}", "status": "failed", "log": f"error: {HOSTILE}\n",
                      "branch": HOSTILE, "job_name": HOSTILE, "pipeline_id": "1"}
    )  # fmt: skip
    with browser.served(application.wsgi) as base, reading(chromium, Team(base, application)) as page:
        for address in ("/", "/analyses", "/clusters", "/projects"):
            page.goto(base + address)
            assert page.locator("main script, main img, main iframe").count() == 0
        page.goto(f"{base}/analyses")
        page.locator("a.title").first.click()
        assert HOSTILE.split("'")[0] in page.locator(".log").inner_text()
        assert violations(page) == []
    application.close()


def test_print_shows_the_whole_log(chromium: Browser, team: Team) -> None:
    """On paper there is no navigation, and long lines are not cut."""
    with reading(chromium, team, color_scheme="dark") as page:
        page.goto(f"{team.base}/analyses?text=discountCode")
        page.locator("a.title").first.click()
        page.emulate_media(media="print")
        assert not page.locator("header.top").is_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('.line-text')).whiteSpace") == "pre-wrap"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.needs("postgresql")
def test_pages_on_postgresql(
    chromium: Browser, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, template: Any
) -> None:
    """The same pages of the same team on the other database."""
    settings = msgspec.structs.replace(
        settings_for(tmp_path_factory.mktemp("team-pg") / "data", template),
        dev=True, database_url=request.getfixturevalue("postgres_server").database(), database_connections_max=8,
    )  # fmt: skip
    application = demo_team.open_team(settings, days=8)
    with browser.served(application.wsgi) as base, reading(chromium, Team(base, application), OWNER) as page:
        for address in addresses(page, base):
            page.goto(base + address)
            assert violations(page) == [], address
    application.close()
