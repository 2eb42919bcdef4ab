"""Fixtures of the server's tests."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from argon2 import PasswordHasher

from exlogare_server.auth import passwords
from exlogare_server.settings import Settings
from exlogare_server.store import opening
from tests.server.databases import Postgres, postgres
from tests.server.harness import Api, settings_for


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "exlogare.db"
    opening.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """A folder for PostgreSQL's servers."""
    # Not below pytest's own folder, which only its owner may enter: the server runs as another user.
    with tempfile.TemporaryDirectory(prefix="exl-postgres-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_server(postgres_folder: Path) -> Iterator[Postgres]:
    """A PostgreSQL server; the test needs ``postgresql``."""
    with postgres(postgres_folder / "server") as server:
        yield server


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cheapest argon2: hundreds of logins would take minutes."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "NOBODYS_HASH", quick.hash("nobody's"))


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    """Settings of a fresh database, without a rate limit."""
    return settings_for(tmp_path / "data", template)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def api(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Api]:
    """An application with one tenant and one token, on each database."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_server").database()
        settings = msgspec.structs.replace(settings, database_url=url, database_connections_max=4)
    client = Api(settings)
    yield client
    client.close()
