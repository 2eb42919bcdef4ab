"""What people do, from end to end, in Chromium: from the first sign-in to an acknowledged failure, and the settings."""

from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page

from tests.server.dashboard.stage import Eye, Stage, Team
from tests.server.harness import PASSWORD
from tests.server.receiving import receiving

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

NEW = "quite new words"
LOG = "$ make\ncc -c main.c\nmain.c:3:5: error: expected ';' before 'return'\nmake: *** [Makefile:2: main.o] Error 1\n"
CAUSE = "main.c:3: expected ';' before 'return'"


def sign_in(page: Page, stage: Stage, email: str, password: str = PASSWORD) -> None:
    """By the page that people use."""
    page.goto(f"{stage.base}/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def said(page: Page, words: str) -> None:
    """Wait until a message says so."""
    page.locator(".message").filter(has_text=words).wait_for()


def test_from_nothing_to_an_acknowledged_failure(stage: Stage, team: Team) -> None:
    """Sign in, choose a CI, make a token, send a log with it, see why it failed, acknowledge it, sign out."""
    permissions = ["clipboard-read", "clipboard-write"]
    with stage.opened(dialogs=True, permissions=permissions) as page:
        sign_in(page, stage, team.email("owner"))
        page.wait_for_url(f"{stage.base}/welcome")
        page.get_by_role("link", name="GitLab CI").click()
        page.get_by_role("button", name="Make a token for GitLab CI").click()
        page.locator("#new-token").wait_for()
        page.locator(".snippet", has=page.locator("#new-token")).get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="Copied").wait_for()
        token = page.evaluate("navigator.clipboard.readText()")
        assert page.locator("#server-url").inner_text() == stage.base
        assert token not in page.url

        body = {"provider": "gitlab", "project": "org/app", "status": "failed", "log": LOG}
        headers = {"Authorization": f"Bearer {token}"}
        assert requests.post(f"{stage.base}/api/ingest/log", json=body, headers=headers, timeout=60).status_code == 202

        page.get_by_role("link", name="Has it arrived?").click()
        page.get_by_role("link", name=CAUSE).first.click()
        assert page.locator("h1").inner_text() == CAUSE
        assert "main.c:3:5: error" in page.locator(".log").first.inner_text()
        page.goto(f"{stage.base}/clusters")
        page.get_by_role("link", name=CAUSE).first.click()
        page.get_by_role("button", name="Acknowledge", exact=True).click()
        said(page, "Acknowledged.")

        page.goto(f"{stage.base}/settings/audit")
        assert team.email("owner") in page.locator("tr", has_text="cluster.acknowledge").inner_text()
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="Sign out").click()
        said(page, "You are signed out.")
        page.goto(f"{stage.base}/analyses")
        page.wait_for_url(f"{stage.base}/login?next=%2Fanalyses")


def test_settings_work_without_scripts(stage: Stage, team: Team, tmp_path: Path) -> None:
    """A token is made and revoked, somebody invited who joins, a password changed, a log tried by its file."""
    (tmp_path / "build.log").write_text(LOG, encoding="utf-8")
    with stage.opened(dialogs=True, java_script_enabled=False) as page:
        sign_in(page, stage, team.email("owner"))
        page.goto(f"{stage.base}/settings")
        page.get_by_label("Name").fill("by hand")
        page.get_by_label("read analyses and figures").check()
        page.get_by_role("button", name="Make the token").click()
        raw = page.locator("#new-token").inner_text()
        headers = {"Authorization": f"Bearer {raw}"}
        assert requests.get(f"{stage.base}/api/v1/analyses", headers=headers, timeout=60).status_code == 200
        page.get_by_role("row", name="by hand").get_by_role("button", name="Revoke").click()
        said(page, "Revoked.")
        assert requests.get(f"{stage.base}/api/v1/analyses", headers=headers, timeout=60).status_code == 401

        page.get_by_role("link", name="Members").click()
        page.get_by_label("E-mail address").fill(f"new@{team.slug}.example")
        page.get_by_label("Role", exact=True).select_option("Viewer")
        page.get_by_role("button", name="Make a link").click()
        link = page.locator("#new-link").inner_text()
        assert link.startswith(f"{stage.base}/join#exi_")

        page.goto(f"{stage.base}/try")
        page.get_by_label("or choose a file").set_input_files(tmp_path / "build.log")
        page.get_by_role("button", name="Find the cause").click()
        assert page.locator("#cause").inner_text() == CAUSE

    with stage.opened(dialogs=True, java_script_enabled=False) as page:
        page.goto(link)
        assert page.get_by_label("Link").input_value() == ""
        page.get_by_label("Link").fill(link)
        page.get_by_label("Password", exact=True).fill(NEW)
        page.get_by_label("The password again").fill(NEW)
        page.get_by_role("button", name="Go on").click()
        page.goto(f"{stage.base}/settings/account")
        page.get_by_label("Present password").fill(NEW)
        page.get_by_label("New password", exact=True).fill(NEW + "!")
        page.get_by_label("The new password again").fill(NEW + "!")
        page.get_by_role("button", name="Change the password").click()
        said(page, "Your password is changed")
    with stage.opened(dialogs=True, refused=1) as page:
        sign_in(page, stage, f"new@{team.slug}.example", NEW + "!")
        page.wait_for_url(f"{stage.base}/")
        page.goto(f"{stage.base}/settings/tokens")
        assert "Your role does not allow it." in page.locator("main").inner_text()


def test_link_leaves_the_address(stage: Stage, team: Team) -> None:
    """A script moves its secret from behind the `#` into the form: no history and no neighbour has it."""
    invited = {"email": f"new@{team.slug}.example", "role": "member"}
    made = stage.client(team.email("owner")).post(f"{stage.base}/api/invitations", json=invited, timeout=60).json()
    with stage.opened(dialogs=True) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(stage.base + made["link"])
        assert page.url == f"{stage.base}/join"
        assert page.get_by_label("Link").input_value() == made["token"]
        page.get_by_label("Password", exact=True).fill(NEW)
        page.get_by_label("The password again").fill(NEW)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(f"{stage.base}/")
        assert [url for url in asked if made["token"] in url.partition("#")[0]] == []


def test_keyboard_alone_is_enough(stage: Stage, team: Team) -> None:
    """To sign in, wrong and right, and to make a token; every stop is to be seen."""
    with stage.opened(dialogs=True, refused=1) as page:
        page.goto(f"{stage.base}/login")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type(team.email("owner"))
        page.keyboard.press("Tab")
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        said(page, "That e-mail address and password do not go together.")
        page.get_by_label("Password").press_sequentially(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{stage.base}/welcome")
        page.goto(f"{stage.base}/settings/tokens")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == "name":
                break
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.type("keys")
        page.keyboard.press("Enter")
        page.locator("#new-token").wait_for()


def test_what_is_lost_is_asked_for(stage: Stage, team: Team) -> None:
    """A no keeps the token; a dropped file is the chosen one."""
    with stage.opened(dialogs=True) as page:
        sign_in(page, stage, team.email("owner"))
        page.wait_for_url(f"{stage.base}/welcome")
        page.goto(f"{stage.base}/settings/tokens")
        page.evaluate("window.confirm = (text) => { window.asked = text; return false; }")
        page.get_by_role("button", name="Revoke").click()
        assert "CI jobs that use it can send nothing any more." in page.evaluate("window.asked")
        assert page.get_by_role("button", name="Revoke").count() == 1
        page.goto(f"{stage.base}/try")
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
    eye.page.get_by_label("E-mail address").fill("new@elsewhere.example")
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


def test_settings_are_accessible(stage: Stage, team: Team) -> None:
    """Empty, filled and with faults."""
    with stage.opened(dialogs=True, refused=5) as page:
        eye = Eye(page, stage.base)
        sign_in(page, stage, team.email("owner"), "wrong")
        said(page, "do not go together")
        eye.see("wrong password")
        eye.go("/join")
        sign_in(page, stage, team.email("owner"))
        page.wait_for_url(f"{stage.base}/welcome")
        for address in ("/welcome?ci=github-action", "/settings/channels", "/settings/webhooks", "/settings/plan"):
            eye.go(address)
        look_at_tokens(eye)
        look_at_people(eye)
        look_at_receivers(eye)
        eye.go("/settings/webhooks/x")
        eye.go("/try")
        page.get_by_label("Paste it here").fill(LOG)
        eye.press("Find the cause", "#cause")
