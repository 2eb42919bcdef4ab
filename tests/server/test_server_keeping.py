"""Retention, backups and exports, on each database."""

import sqlite3
import stat
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from exlogare_server.errors import SettingsError
from exlogare_server.keeping import export
from exlogare_server.keeping.retention import Retention
from exlogare_server.store import copying, opening
from exlogare_server.store.opening import open_store
from exlogare_server.store.outbox import Attempt
from exlogare_server.store.protocol import AnalysisFilter, Store, Tenant, User
from tests.server.harness import NOON, settings_for
from tests.server.test_server_store import add_tenant, all_ids, new_analysis, new_token
from tests.server.test_server_store_outbox import add as add_receiver

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))]
NOON_DAY = (NOON - NOON.replace(year=1970, month=1, day=1, hour=12)).days
NewUrl = Callable[[str], str]


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path, template: Path) -> NewUrl:
    """Makes a fresh database of a kind."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return settings_for(tmp_path / uuid.uuid4().hex, template).database_url
        url: str = request.getfixturevalue("postgres_server").database()
        return url

    return make


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, new_url: NewUrl) -> str:
    """A fresh database of each kind."""
    return new_url(request.param)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open, empty store."""
    opened = open_store(url, threads=4)
    yield opened
    opened.close()


def fill(store: Store) -> Tenant:
    """Keep ten analyses, one a day up to noon's, the odd ones with another cause."""
    tenant = add_tenant(store)
    for number in range(10):
        analysis = new_analysis(tenant, number, fingerprint=f"v1:{number % 2}", project=f"p{number}")
        store.save_analysis(analysis, NOON - timedelta(days=9 - number))
    return tenant


def test_old_analyses_go_with_their_figures(store: Store) -> None:
    """What is left counts as if the others had never been; the other tenant's are looked at as well."""
    tenant, other = fill(store), add_tenant(store, "other")
    store.save_analysis(new_analysis(other), NOON - timedelta(days=400))
    pauses: list[float] = []

    deleted = Retention(store, lambda: NOON, 3, pause=pauses.append).run()

    assert (deleted, len(pauses)) == (7, 2)
    assert len(all_ids(store, tenant)) == 4
    assert store.has_analyses(other.id) is False
    days = store.failures_by_day(tenant.id, 0)
    assert {day: n for day, n in days.items() if n} == {NOON_DAY - back: 1 for back in range(4)}
    assert store.failures_by_day(other.id, 0) in ({}, {NOON_DAY - 400: 0})
    assert store.overview(tenant.id, 0).failures == 4
    assert {name for name, _ in store.top_projects(tenant.id, 0, 50)} == {"p6", "p7", "p8", "p9"}
    clusters = store.clusters(tenant.id, None, offset=0, rows_max=10)
    assert [(cluster.count, cluster.last_seen_at) for cluster in clusters] == [
        (2, NOON),
        (2, NOON - timedelta(days=1)),
    ]
    assert [cluster.first_seen_at for cluster in clusters] == [NOON - timedelta(days=2), NOON - timedelta(days=3)]
    assert store.clusters(other.id, None, offset=0, rows_max=10) == ()


def test_zero_days_keep_everything(store: Store) -> None:
    """The retention can be turned off."""
    tenant = fill(store)

    assert Retention(store, lambda: NOON + timedelta(days=9999), 0).run() == 0
    assert len(all_ids(store, tenant)) == 10


def test_little_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With pauses, and the same end."""
    monkeypatch.setattr("exlogare_server.limits.RETENTION_ROWS", 2)
    tenant = fill(store)
    pauses: list[float] = []

    assert Retention(store, lambda: NOON, 4, pause=pauses.append).run() == 5
    assert (len(pauses), len(all_ids(store, tenant)), store.overview(tenant.id, 0).failures) == (3, 5, 5)


def test_export_has_every_analysis_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Newest first, page by page, as the view shows it."""
    monkeypatch.setattr("exlogare_server.limits.PAGE_ROWS_MAX", 3)
    tenant = fill(store)

    found = list(export.lines(store, tenant.id, AnalysisFilter(), lambda row: {"project": row.project}))

    assert [msgspec.json.decode(line) for line in found] == [{"project": f"p{n}"} for n in range(9, -1, -1)]
    assert all(line.endswith(b"}\n") for line in found)


@pytest.mark.parametrize("into", KINDS)
def test_backup_is_restored_into_either_kind(
    url: str, store: Store, into: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """Made while the store is open; everything is there afterwards, with the same ids."""
    tenant = fill(store)
    user = User(id=uuid.uuid4(), email="a@b.c", display_name="a", password_hash="x", created_at=NOON)
    store.add_user(user)
    store.set_role(tenant.id, user.id, "admin", NOON)
    token = new_token(tenant, 1)
    store.add_token(token, active_max=None)
    store.set_plan(tenant.id, "paid")
    receiver = add_receiver(store, tenant)
    store.save_analysis(new_analysis(tenant, 99), NOON)
    store.note_attempt(receiver, uuid.uuid4(), Attempt(500, "x"), NOON)
    target = new_url(into)

    copying.backup(url, tmp_path / "backup")
    store.save_analysis(new_analysis(tenant, 100), NOON)
    copying.restore(tmp_path / "backup", target)

    restored = open_store(target, threads=1)
    paid = msgspec.structs.replace(tenant, plan="paid")
    assert restored.tenant_by_slug("acme") == paid
    assert restored.user_by_email("a@b.c") == user
    assert restored.role(tenant.id, user.id) == "admin"
    assert restored.token_by_sha256(token.sha256) == (token, paid)
    assert all_ids(restored, tenant) == all_ids(store, tenant, AnalysisFilter())[:0] + [
        row_id for row_id in all_ids(store, tenant) if restored.analysis(tenant.id, row_id) is not None
    ]
    assert len(all_ids(restored, tenant)) == 11
    for row_id in all_ids(restored, tenant):
        assert restored.analysis(tenant.id, row_id) == store.analysis(tenant.id, row_id)
    assert restored.overview(tenant.id, 0).failures == 11
    assert restored.receivers(tenant.id, ("webhook",)) == store.receivers(tenant.id, ("webhook",))
    assert restored.count_deliveries() == 1
    restored.close()
    assert sorted(path.name for path in tmp_path.iterdir() if not path.is_dir()) == ["backup"]
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600


def test_backup_of_an_older_version_is_restored(new_url: NewUrl, tmp_path: Path) -> None:
    """Its tables are brought up to date on the way; the backup itself stays as it is."""
    old = tmp_path / "old"
    opening.migrate(f"sqlite:///{old}", revision="0001")
    with sqlite3.connect(old) as connection:
        connection.execute("INSERT INTO tenants VALUES (?, 'acme', 'Acme', 'free', 0)", (uuid.uuid4().hex,))
    connection.close()
    target = new_url("sqlite")

    copying.restore(old, target)

    restored = open_store(target, threads=1)
    assert restored.ready() is None
    assert restored.tenant_by_slug("acme") is not None
    restored.close()
    with sqlite3.connect(old) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    connection.close()


def test_nothing_is_overwritten(url: str, store: Store, tmp_path: Path) -> None:
    """Neither a file by a backup nor a filled database by a restore."""
    fill(store)
    copying.backup(url, tmp_path / "backup")

    with pytest.raises(SettingsError, match="exists already"):
        copying.backup(url, tmp_path / "backup")
    with pytest.raises(SettingsError, match="is not empty"):
        copying.restore(tmp_path / "backup", url)


def test_what_is_no_backup_is_refused(new_url: NewUrl, tmp_path: Path) -> None:
    """With a sentence, and nothing is left behind."""
    (tmp_path / "text").write_text("hello" * 1000, encoding="utf-8")
    sqlite3.connect(tmp_path / "empty").close()
    target = new_url("sqlite")

    for name, sentence in (
        ("text", "no database"),
        ("empty", "no backup of this server"),
        ("gone", "There is no file"),
    ):
        with pytest.raises(SettingsError, match=sentence):
            copying.restore(tmp_path / name, target)
    with pytest.raises(SettingsError, match="cannot be written"):
        copying.backup(target, tmp_path / "no" / "backup")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
