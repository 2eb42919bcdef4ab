"""Draw the pictures of the dashboard in ``docs/images/``, from a made-up team's month and a real browser.

    python scripts/screenshots.py [FOLDER]

The team is that of ``demo_team.py``; nothing is fetched from elsewhere. Chromium must be installed.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec
from playwright.sync_api import Page, ViewportSize

from exlogare_server.settings import load
from exlogare_server.store import opening
from scripts import browser, demo_team

IMAGES: Final = Path(__file__).resolve().parent.parent / "docs" / "images"
DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 860}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}


class Shot(msgspec.Struct, frozen=True):
    """One picture.

    Attributes:
        name: the file's, without ``.png``.
        address: the page; a ``text:`` before it opens the first link with these words on the page behind ``|``.
        theme: of the colours.
        size: of the window.
    """

    name: str
    address: str
    theme: Literal["light", "dark"] = "light"
    size: Literal["desktop", "phone"] = "desktop"


SHOTS: Final = (
    Shot("dashboard-overview", "/"),
    Shot("dashboard-overview-dark", "/", theme="dark"),
    Shot("dashboard-overview-phone", "/", size="phone"),
    Shot("dashboard-analysis", "text:test_refund|/analyses?text=refund"),
    Shot("dashboard-analysis-dark", "text:test_refund|/analyses?text=refund", theme="dark"),
    Shot("dashboard-recurring", "/clusters"),
)


def sign_in(page: Page, base: str, email: str) -> None:
    """Sign somebody of the team in, by the page that people use."""
    page.goto(f"{base}/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", demo_team.PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{base}/")


def open_page(page: Page, base: str, address: str) -> None:
    """Open an address as ``Shot`` writes it."""
    if address.startswith("text:"):
        words, _, address = address.removeprefix("text:").partition("|")
        page.goto(base + address)
        page.get_by_role("link", name=words).first.click()
    else:
        page.goto(base + address)
    page.wait_for_load_state("networkidle")


def main(arguments: Sequence[str]) -> None:
    """Draw them all."""
    target = Path(arguments[0]) if arguments else IMAGES
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        opening.migrate(f"sqlite:///{folder}/exlogare.db")
        env = {"EXLOGARE_INGEST_RATE_PER_MINUTE": "0"}
        application = demo_team.open_team(load(env, data_dir=Path(folder), dev=True))
        with browser.served(application.wsgi) as base, browser.chromium() as chromium:
            for shot in SHOTS:
                context = chromium.new_context(
                    viewport=DESKTOP if shot.size == "desktop" else PHONE,
                    color_scheme=shot.theme,
                    device_scale_factor=1.25 if shot.size == "desktop" else 2,
                    locale="en-GB",
                    timezone_id="UTC",
                )
                page = context.new_page()
                sign_in(page, base, demo_team.PEOPLE[1][0])
                open_page(page, base, shot.address)
                page.screenshot(path=target / f"{shot.name}.png")
                context.close()
                print(f"{target / shot.name}.png", flush=True)
        application.close()


if __name__ == "__main__":
    main(sys.argv[1:])
