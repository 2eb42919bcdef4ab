"""A real server for tests in a real browser: ``exlogare-server serve`` on one store, with a team for each test.

One server and one browser serve all tests of a store on a worker: starting them takes seconds, a team milliseconds.
"""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
import requests
from playwright.sync_api import Browser, Page, StorageState, ViewportSize

from exlogare_server.auth.tenants import Tenants
from exlogare_server.auth.tokens import Tokens
from exlogare_server.http.security import CSRF_COOKIE
from exlogare_server.store.protocol import Role, Store
from exlogare_server.times import utc_now
from scripts import demo_team
from scripts.screenshots import DESKTOP, PHONE
from tests.plugins.axe import COLOUR_RULES, violations
from tests.server.harness import PASSWORD

REFUSED = "the server responded with a status of"
ANSWER_S_MAX = 60
# What a page is looked at in, and by which rules; the order leaves it as most tests want it.
LOOKS: tuple[tuple[ViewportSize, Any, tuple[str, ...]], ...] = (
    (PHONE, "dark", ()),
    (PHONE, "light", COLOUR_RULES),
    (DESKTOP, "dark", COLOUR_RULES),
    (DESKTOP, "light", ()),
)


class Team(msgspec.Struct, frozen=True):
    """A team of its own on the server: its name in addresses, and a token that may send logs and read."""

    slug: str
    token: str

    def email(self, role: Role) -> str:
        """Name the one with a role."""
        return f"{role}@{self.slug}.example"


class Stage:
    """The server, and what tests do to it from outside.

    Args:
        base: its address.
        store: the same database, opened in this process.
        chromium: the browser.
    """

    def __init__(self, base: str, store: Store, chromium: Browser) -> None:
        self.base = base
        self.store = store
        self._chromium = chromium
        self._numbers = itertools.count(1)
        self._kept: dict[str, StorageState] = {}

    def add_team(self) -> Team:
        """Make a team with an owner, a member and a viewer."""
        tenants = Tenants(self.store, utc_now)
        tenant, _ = tenants.ensure(name=f"Team {next(self._numbers)}", plan="paid")
        roles: tuple[Role, ...] = ("owner", "member", "viewer")
        for role in roles:
            user, _ = tenants.ensure_user(email=f"{role}@{tenant.slug}.example", password=PASSWORD)
            tenants.ensure_role(tenant, user, role)
        return Team(tenant.slug, Tokens(self.store, utc_now).create(tenant, name="CI", scopes=("ingest", "read"))[1])

    def send(self, team: Team, log: str, **fields: str) -> None:
        """Send a failed build's log, as a CI does."""
        body = {"provider": "gitlab", "project": "org/app", "status": "failed", "log": log, **fields}
        headers = {"Authorization": f"Bearer {team.token}"}
        answer = requests.post(f"{self.base}/api/ingest/log", json=body, headers=headers, timeout=ANSWER_S_MAX)
        assert answer.status_code == 202, answer.text

    def client(self, email: str, password: str = PASSWORD) -> requests.Session:
        """Sign somebody in as a program does."""
        session = requests.Session()
        session.headers["X-Forwarded-For"] = self._address()
        csrf = session.get(f"{self.base}/api/auth/csrf", timeout=ANSWER_S_MAX).json()["csrf"]
        body = {"email": email, "password": password}
        answer = session.post(
            f"{self.base}/api/auth/login", json=body, headers={"X-CSRF-Token": csrf}, timeout=ANSWER_S_MAX
        )
        assert answer.status_code == 200, answer.text
        session.headers["X-CSRF-Token"] = session.cookies[CSRF_COOKIE]
        return session

    @contextmanager
    def opened(
        self, email: str | None = None, *, refused: int = 0, dialogs: bool = False, **options: Any
    ) -> Iterator[Page]:
        """Open a page, by somebody who is signed in or by nobody.

        At its end nothing may have gone wrong in the browser, nothing been asked of elsewhere, and nothing have
        opened a dialog unless ``dialogs`` are answered with yes; but for ``refused`` answers that say no.
        """
        context = self._chromium.new_context(
            viewport=DESKTOP,
            locale="en-GB",
            # Colours that are still on their way from light to dark would be measured.
            reduced_motion="reduce",
            # Each like a browser of its own: the tries to sign in are counted by address.
            extra_http_headers={"X-Forwarded-For": self._address()},
            storage_state=self._state_of(email) if email else None,
            **options,
        )
        context.set_default_timeout(20_000)
        faults: list[str] = []

        def answer(dialog: Any) -> None:
            if not dialogs:
                faults.append(f"dialog: {dialog.message}")
            dialog.accept()

        page = context.new_page()
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", answer)
        page.on(
            "request", lambda asked: None if asked.url.startswith(self.base) else faults.append(f"asked {asked.url}")
        )
        yield page
        context.close()
        no = [fault for fault in faults if REFUSED in fault]
        assert (len(no), [fault for fault in faults if fault not in no]) == (refused, [])

    def _address(self) -> str:
        number = next(self._numbers)
        return f"10.0.{number // 250}.{number % 250 + 1}"

    def _state_of(self, email: str) -> StorageState:
        if email not in self._kept:
            password = demo_team.PASSWORD if email.endswith("@lantern.example") else PASSWORD
            cookies: Any = [
                {
                    "name": cookie.name, "value": cookie.value, "domain": "127.0.0.1", "path": cookie.path,
                    "expires": cookie.expires or -1, "httpOnly": cookie.has_nonstandard_attr("HttpOnly"),
                    "secure": cookie.secure, "sameSite": "Lax",
                }
                for cookie in self.client(email, password).cookies
            ]  # fmt: skip
            self._kept[email] = {"cookies": cookies, "origins": []}
        return self._kept[email]


class Eye(msgspec.Struct, frozen=True):
    """Looks at pages, on desk and phone, light and dark: axe finds nothing, none is wider than its window."""

    page: Page
    base: str

    def see(self, what: str) -> None:
        """Look at the page as it is."""
        for size, scheme, rules in LOOKS:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=scheme)
            found = violations(self.page, rules)
            assert found == [], (found, what, size, scheme)
            assert self.page.evaluate("document.documentElement.scrollWidth") <= size["width"], (what, size, scheme)

    def go(self, address: str) -> None:
        """Look at the page of an address, with everything unfolded in it."""
        self.page.goto(self.base + address)
        for summary in self.page.locator("main summary").all():
            summary.click()
        self.see(address)

    def press(self, button: str, until: str) -> None:
        """Press a button, and look at what it leads to once something is there."""
        self.page.get_by_role("button", name=button).first.click()
        self.page.locator(until).first.wait_for()
        self.see(f"{button}: {until}")


def links_of(page: Page, base: str, lists: Mapping[str, str]) -> Iterator[str]:
    """Give the first link of each list that leads to a prefix."""
    for start, prefix in lists.items():
        page.goto(base + start)
        link = page.locator(f'a.title[href^="{prefix}"]').first.get_attribute("href")
        assert link is not None, start
        yield link
