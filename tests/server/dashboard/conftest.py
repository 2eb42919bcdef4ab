"""Fixtures of the tests in a real browser: a team with a story, a server on loopback, Chromium."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser

from exlogare_server.app import Application
from exlogare_server.settings import Settings
from scripts import browser, demo_team
from tests.server.harness import settings_for


class Team(msgspec.Struct, frozen=True):
    """The made-up team's server: its address, and what runs behind it."""

    base: str
    application: Application


@pytest.fixture(scope="session")
def team_settings(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Settings:
    """Settings of a fresh database for the team; cookies go over plain HTTP on loopback."""
    settings = settings_for(tmp_path_factory.mktemp("team") / "data", template)
    return msgspec.structs.replace(settings, dev=True)


@pytest.fixture(scope="session")
def team(team_settings: Settings) -> Iterator[Team]:
    """The team on SQLite, served."""
    application = demo_team.open_team(team_settings, days=20)
    with browser.served(application.wsgi) as base:
        yield Team(base, application)
    application.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own browser; the test needs ``chromium``."""
    with browser.chromium() as found:
        yield found
