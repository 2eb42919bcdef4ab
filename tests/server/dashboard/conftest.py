"""Fixtures of the tests in a real browser: a server on each store, Chromium, teams."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser

from exlogare_server.auth import passwords
from exlogare_server.store.opening import open_store
from exlogare_server.times import utc_now
from scripts import browser, demo_team
from tests.server.dashboard.stage import Stage, Team
from tests.server.harness import settings_for
from tests.server.processes import running

# A worker for each store: a browser, a server and a team's story are dear.
STORES = (
    pytest.param("sqlite", marks=pytest.mark.xdist_group("chromium-sqlite")),
    pytest.param("postgresql", marks=[pytest.mark.needs("postgresql"), pytest.mark.xdist_group("chromium-postgresql")]),
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own browser; the test needs ``chromium``."""
    with browser.chromium() as found:
        yield found


@pytest.fixture(scope="session", params=STORES)
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, template: Path, chromium: Browser
) -> Iterator[Stage]:
    """``exlogare-server serve`` on each store; one of its teams is that of ``scripts/demo_team.py``."""
    settings = msgspec.structs.replace(settings_for(tmp_path_factory.mktemp("stage") / "data", template), dev=True)
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_server").database()
        settings = msgspec.structs.replace(settings, database_url=url, database_connections_max=8)
    with pytest.MonkeyPatch.context() as patch:
        _hash_quickly(patch)
        demo_team.open_team(settings, days=20, later=utc_now() - demo_team.NOW).close()
    env = {
        "EXLOGARE_DATABASE_URL": settings.database_url, "EXLOGARE_DATABASE_CONNECTIONS_MAX": "8",
        "EXLOGARE_TRUSTED_PROXIES": "127.0.0.1", "EXLOGARE_SERVER_ENGINES": "1",
    }  # fmt: skip
    with (
        running("granian", settings.data_dir, "", env=env, options=("--dev",)) as server,
        closing(open_store(settings.database_url, threads=2, connections_max=2)) as store,
    ):
        yield Stage(server.url, store, chromium)


def _hash_quickly(patch: pytest.MonkeyPatch) -> None:
    """The parameters stand in each hash, so the server checks what is made here as quickly."""
    patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(autouse=True)
def _quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the people of a test's own team, and for no other test."""
    if "stage" in request.fixturenames:
        _hash_quickly(monkeypatch)


@pytest.fixture
def team(stage: Stage) -> Team:
    """A team without any log."""
    return stage.add_team()
