"""The reading pages in Chromium, on each store: no violation of axe, no error, on desk and phone, light and dark."""

import re
from urllib.parse import quote

import pytest
import requests
from playwright.sync_api import Page

from exlogare_server.http.pages.table import PAGES
from scripts import demo_team
from tests.server.dashboard.stage import Eye, Stage, Team, links_of
from tests.server.dashboard.test_dashboard_pages import HOSTILE
from tests.server.receiving import receiving

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

OWNER, MEMBER, VIEWER = (email for email, _ in demo_team.PEOPLE)
LISTS = {"/analyses": "/analyses/", "/clusters?status=active": "/clusters/", "/projects": "/projects/"}
FIXED = (
    "/", "/?days=90", "/analyses", "/analyses?severity=high&days=30", "/analyses?text=zzz", "/clusters",
    "/clusters?status=resolved", "/clusters?text=zzz", "/projects", "/projects?order=name", "/projects?text=zzz",
    "/try", "/welcome?ci=github-action", "/settings/tokens", "/settings/members", "/settings/channels?kind=slack",
    "/settings/webhooks", "/settings/audit", "/settings/account", "/settings/plan",
)  # fmt: skip
OUTSIDE = ("/login", "/join")
# Answers for programs, pictures, and addresses that only lead elsewhere.
NO_PAGES = {"/static/{name}", "/analyses/news", "/charts/failures.svg", "/charts/badge.svg", "/logout", "/settings"}


def addresses(page: Page, base: str) -> list[str]:
    """Every page that somebody who is signed in can read, with one thing of each list."""
    return [*FIXED, *links_of(page, base, LISTS)]


def covers(address: str, visited: list[str]) -> bool:
    """Say whether an address of the table was visited."""
    pattern = re.sub(r"\{[a-z_]+\}", "[^/?]+", re.sub(r"\{[a-z_]+:path\}", ".+", address))
    return any(re.fullmatch(pattern + r"(\?.*)?", one) for one in visited)


def webhook_of(stage: Stage, email: str) -> str:
    """Make a webhook whose test arrived, and one whose test did not; give the page of the second."""
    client, address = stage.client(email), f"{stage.base}/api/integrations/outbound-webhooks"
    with receiving() as receiver:
        for name, status in (("pager", 204), ("wall", 500)):
            receiver.answer = lambda _, status=status: (status, {})  # type: ignore[misc]
            made = client.post(
                address, json={"name": name, "url": receiver.url, "event_types": ["analysis.completed"]}, timeout=60
            )
            assert made.status_code == 201, made.text
            client.post(f"{address}/{made.json()['id']}/test", timeout=60)
    return f"/settings/webhooks/{made.json()['id']}"


def test_every_page_is_accessible(stage: Stage) -> None:
    """Axe finds nothing, on desk and phone, light and dark, with tables behind plots open; no page is left out."""
    webhook = webhook_of(stage, OWNER)
    with stage.opened(OWNER) as page:
        visited = [*addresses(page, stage.base), webhook]
        for address in visited:
            Eye(page, stage.base).go(address)
    with stage.opened() as page:
        for address in OUTSIDE:
            Eye(page, stage.base).go(address)
    known = {address for address, made in PAGES if hasattr(made, "on_get")} - NO_PAGES
    assert {address for address in known if not covers(address, [*visited, *OUTSIDE])} == set()


def test_what_is_refused_is_a_page_for_people(stage: Stage) -> None:
    """What is not there, what cannot be read, what the role does not allow: accessible, with a way on."""
    with stage.opened(VIEWER, refused=4) as page:
        for address, words in (
            ("/nowhere", "There is nothing here"), ("/analyses/x", "There is nothing here"),
            ("/analyses?severity=x", "severity"), ("/settings/tokens", "Your role does not allow it."),
        ):  # fmt: skip
            Eye(page, stage.base).go(address)
            assert words.lower() in page.locator("main").inner_text().lower()
            assert page.locator("main a").count()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_pages_read_without_scripts(stage: Stage, size: str) -> None:
    """Everything is there, buttons that need a script are not, and forms work."""
    viewport = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 844}}[size]
    with stage.opened(OWNER, java_script_enabled=False) as page:
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        for address in addresses(page, stage.base):
            page.goto(stage.base + address)
            assert page.locator("h1").count() == 1
            assert not page.locator("[data-copy]:visible, [data-theme-toggle]:visible, [data-news]:visible").count()
        page.goto(f"{stage.base}/analyses")
        page.fill("#f-text", "discountCode")
        page.get_by_role("button", name="Filter").click()
        assert "text=discountCode" in page.url
        page.locator("a.title").first.click()
        assert "discountCode" in page.locator("h1").inner_text()
        assert page.locator("dt:text-is('Arrived') + dd").inner_text().endswith(" UTC")


def test_times_are_the_reader_s(stage: Stage) -> None:
    """The server writes UTC; the reader sees the own zone, here nine hours later."""
    with stage.opened(MEMBER, timezone_id="Asia/Tokyo") as page:
        page.goto(f"{stage.base}/analyses")
        page.locator("a.title").first.click()
        arrived = page.locator("dt:text-is('Arrived') + dd time")
        utc = arrived.get_attribute("datetime")
        assert utc is not None
        shown = page.evaluate("text => new Date(text).getTime()", utc)
        assert page.evaluate(
            "text => Date.parse(text.replace(',', '') + ' GMT+0900')", arrived.inner_text()
        ) // 60000 == (shown // 60000)


def test_theme_is_remembered(stage: Stage) -> None:
    """The button turns the colours round, at once and on the next page from its first byte."""
    with stage.opened(MEMBER, color_scheme="light") as page:
        page.goto(f"{stage.base}/")
        ground = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(ground)
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="Dark colours").click()
        dark = page.evaluate(ground)
        assert light != dark
        page.goto(f"{stage.base}/projects")
        assert page.evaluate(ground) == dark
        assert page.locator("html").get_attribute("data-theme") == "dark"
        page.locator("details.menu summary").click()
        page.keyboard.press("Escape")
        assert not page.locator(".menu-body").is_visible()


def test_keyboard_reaches_everything(stage: Stage) -> None:
    """The first key leads past the navigation; each stop is visible; a table opens by a key."""
    with stage.opened(MEMBER) as page:
        page.goto(f"{stage.base}/")
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


def test_copy_button_gives_markdown(stage: Stage) -> None:
    """What is copied is the cause, the run, the lines and what to do."""
    with stage.opened(MEMBER, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{stage.base}/analyses?text=discountCode")
        page.locator("a.title").first.click()
        page.get_by_role("button", name="Copy as Markdown").click()
        page.get_by_role("button", name="Copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(
            "**src/checkout/CartSummary.tsx:58: Property 'discountCode' does not exist on type 'Cart'.**"
        )
        assert "    4 | src/checkout/CartSummary.tsx(58,23): error TS2339" in copied
        assert "To do: Correct" in copied


def test_news_come_without_moving_the_page(stage: Stage, team: Team) -> None:
    """A bar counts what is new; the list stays as it is until it is asked for."""
    stage.send(team, "make: *** No rule to make target 'a'.  Stop.\n", pipeline_id="1")
    with stage.opened(team.email("viewer")) as page:
        page.clock.install()
        page.goto(f"{stage.base}/analyses")
        first = page.locator("a.title").first.get_attribute("href")
        for number in ("2", "3"):
            stage.send(team, f"make: *** No rule to make target 'a{number}'.  Stop.\n", pipeline_id=number)
        page.clock.run_for(6_000)
        bar = page.get_by_role("link", name="2 new analyses")
        bar.wait_for()
        assert page.locator("a.title").first.get_attribute("href") == first
        bar.click()
        page.wait_for_url(f"{stage.base}/analyses")
        assert page.locator(".feed a.title").count() == 3


def test_members_act_and_viewers_do_not(stage: Stage, team: Team) -> None:
    """A click resolves and says so; it is back when it fails again; a viewer has no such button."""
    log = "cc -c main.c\nmain.c:3:5: error: expected ';' before 'return'\n"
    stage.send(team, log, pipeline_id="1")
    with stage.opened(team.email("member")) as page:
        page.goto(f"{stage.base}/clusters")
        page.locator("a.title").first.click()
        address = page.url
        for button, words in (("Acknowledge", "Acknowledged."), ("Resolve", "Resolved."), ("Reopen", "Reopened.")):
            page.get_by_role("button", name=button, exact=True).click()
            page.get_by_role("status").filter(has_text=words).wait_for()
            Eye(page, stage.base).see(words)
        page.get_by_role("button", name="Resolve", exact=True).click()
        page.get_by_role("status").filter(has_text="Resolved.").wait_for()
        stage.send(team, log, pipeline_id="2")
        page.goto(address)
        assert "back again" in page.locator("main").inner_text()
        page.goto(f"{stage.base}/")
        assert "1 cause failed again after it was resolved" in page.locator("main").inner_text()
        page.locator("a.title").first.click()
    with stage.opened(team.email("viewer")) as page:
        page.goto(address)
        assert page.get_by_role("button", name="Resolve").count() == 0
        assert "As a viewer you can read this" in page.locator("main").inner_text()


def test_hostile_names_are_inert(stage: Stage, team: Team) -> None:
    """Nothing that a log or a name holds runs, loads, or leaves its place; on no page."""
    stage.send(
        team, f"error: {HOSTILE}\n", project=f"a/{HOSTILE}", branch=HOSTILE, job_name=HOSTILE, pipeline_id="1",
        commit_sha=HOSTILE[:60], build_number=HOSTILE[:60],
    )  # fmt: skip
    with stage.opened(team.email("owner")) as page:
        searches = [f"{start}?text={quote(HOSTILE)}" for start in ("/analyses", "/clusters", "/projects")]
        for address in [*addresses(page, stage.base), *searches]:
            page.goto(stage.base + address)
            assert page.locator("main script, main img, main iframe").count() == 0, address
        page.goto(f"{stage.base}/analyses")
        page.locator("a.title").first.click()
        assert HOSTILE.split("'")[0] in page.locator(".log").inner_text()
        Eye(page, stage.base).see("hostile analysis")
        Eye(page, stage.base).go("/projects")


def test_badge_and_plot_are_seen_without_signing_in(stage: Stage) -> None:
    """The addresses for a README, as the project's page gives them, are pictures for everybody who has them."""
    with stage.opened(MEMBER) as page:
        (project,) = links_of(page, stage.base, {"/projects": "/projects/"})
        page.goto(stage.base + project)
        snippets = [page.locator(name).inner_text() for name in ("#badge", "#plot-snippet")]
    for snippet in snippets:
        (address,) = re.findall(r"!\[[^]]*\]\(([^)]+)\)", snippet)
        answer = requests.get(address, timeout=60)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    with stage.opened() as page:
        page.goto(address)
        assert page.locator("svg title").first.inner_html().startswith("Failures a day of ")


def test_print_shows_the_whole_log(stage: Stage) -> None:
    """On paper there is no navigation, and long lines are not cut."""
    with stage.opened(MEMBER, color_scheme="dark") as page:
        page.goto(f"{stage.base}/analyses?text=discountCode")
        page.locator("a.title").first.click()
        page.emulate_media(media="print")
        assert not page.locator("header.top").is_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('.line-text')).whiteSpace") == "pre-wrap"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
