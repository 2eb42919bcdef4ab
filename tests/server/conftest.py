"""Fixtures of the server's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from exlogare_server.settings import Settings
from exlogare_server.store import opening
from tests.server.harness import Api, settings_for


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "exlogare.db"
    opening.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    """Settings of a fresh database, without a rate limit."""
    return settings_for(tmp_path / "data", template)


@pytest.fixture
def api(settings: Settings) -> Iterator[Api]:
    """An application with one tenant and one token."""
    client = Api(settings)
    yield client
    client.close()
