"""The conformance suite of every store: what ``store/protocol.py`` promises, on each one that there is."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from exlogare_server.errors import ConflictError, ForbiddenError, NotFoundError
from exlogare_server.store.opening import open_store
from exlogare_server.store.protocol import (
    AnalysisFilter,
    ApiToken,
    Evidence,
    NewAnalysis,
    Position,
    Store,
    StoredAnalysis,
    Tenant,
    User,
)
from tests.server.harness import NOON, settings_for

OpenStore = Callable[[], Store]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def open_again(request: pytest.FixtureRequest, tmp_path: Path, template: Path) -> OpenStore:
    """A function that opens the same database, as a new process would."""
    if request.param == "sqlite":
        url = settings_for(tmp_path / "data", template).database_url
    else:
        url = request.getfixturevalue("postgres_server").database()
    return lambda: open_store(url, threads=8)


@pytest.fixture
def store(open_again: OpenStore) -> Iterator[Store]:
    """An open, empty store."""
    opened = open_again()
    yield opened
    opened.close()


def add_tenant(store: Store, slug: str = "acme") -> Tenant:
    """Keep a tenant."""
    tenant = Tenant(id=uuid.uuid4(), slug=slug, name=slug.title(), plan="free", created_at=NOON)
    store.add_tenant(tenant)
    return tenant


def new_token(tenant: Tenant, number: int, **changes: Any) -> ApiToken:
    """A token."""
    fields: dict[str, Any] = {
        "id": uuid.uuid4(), "tenant_id": tenant.id, "name": f"token {number}", "prefix": "exl_12345678",
        "sha256": number.to_bytes(32, "big"), "scopes": ("ingest", "read"), "created_at": NOON, **changes,
    }  # fmt: skip
    return ApiToken(**fields)


def new_analysis(tenant: Tenant, number: int = 1, **changes: Any) -> NewAnalysis:
    """An analysis of the run with a number; every field holds something."""
    fields: dict[str, Any] = {
        "tenant_id": tenant.id, "run_key": number.to_bytes(32, "big"), "provider": "generic",
        "provider_label": "azure", "source": "generic_ingest", "ci_run_id": f"p#{number}", "ci_job_id": "j",
        "project": "org/app", "pipeline_url": "https://ci/p", "job_url": "https://ci/j", "job_name": "test 漢字",
        "build_number": "7", "branch": "main", "commit_sha": "abc", "status": "Failed", "failure": True,
        "root_cause": "Cause 😀", "explanation": "Because.\nReally.", "fix_suggestion": "Do.", "severity": "high",
        "confidence": 0.1, "category": "code.test", "evidence": (Evidence(3, 'a "line"'), Evidence(4, "ß")),
        "fingerprint": "v1:aa", "tool": "pytest", "cause_line": 3, "needs_more_context": True,
        "missing_context_hint": "More.", "rca_ms": 12, **changes,
    }  # fmt: skip
    return NewAnalysis(**fields)


def fields_of(record: NewAnalysis) -> dict[str, Any]:
    """The fields of a new analysis, also of a stored one."""
    return {name: getattr(record, name) for name in NewAnalysis.__struct_fields__}


def all_ids(store: Store, tenant: Tenant, where: AnalysisFilter | None = None, rows_max: int = 100) -> list[uuid.UUID]:
    """The ids of a list, page by page."""
    ids: list[uuid.UUID] = []
    after: Position | None = None
    while page := store.analyses(tenant.id, where or AnalysisFilter(), after=after, rows_max=rows_max):
        assert len(page) <= rows_max
        ids += [row.id for row in page]
        after = Position(page[-1].created_at, page[-1].id)
    return ids


def test_store_is_ready(store: Store) -> None:
    """A migrated database needs nothing."""
    assert store.ready() is None


def test_everything_is_there_after_a_restart(open_again: OpenStore) -> None:
    """What a write returned for is in the database, whole."""
    first = open_again()
    tenant = add_tenant(first)
    user = User(id=uuid.uuid4(), email="a@b.c", display_name="a", password_hash="$argon2id$x", created_at=NOON)
    first.add_user(user)
    first.set_role(tenant.id, user.id, "admin", NOON)
    token = new_token(tenant, 1, expires_at=NOON + timedelta(days=1), last_used_at=NOON)
    first.add_token(token, active_max=None)
    analysis = new_analysis(tenant)
    analysis_id = first.save_analysis(analysis, NOON)
    first.close()

    second = open_again()
    try:
        assert second.tenant_by_slug("acme") == tenant
        assert second.user_by_email("a@b.c") == user
        assert second.role(tenant.id, user.id) == "admin"
        assert second.token_by_sha256(token.sha256) == (token, tenant)
        (cluster,) = second.clusters(tenant.id, None, offset=0, rows_max=10)
        assert second.analysis(tenant.id, analysis_id) == StoredAnalysis(
            id=analysis_id, created_at=NOON, updated_at=NOON, cluster_id=cluster.id, **fields_of(analysis)
        )
    finally:
        second.close()


def test_what_is_not_there_is_none(store: Store) -> None:
    """Nothing is found in an empty store, and nothing is raised."""
    nobody = uuid.uuid4()

    assert store.tenant_by_slug("x") is None
    assert store.user_by_email("x") is None
    assert store.role(nobody, nobody) is None
    assert store.token_by_sha256(bytes(32)) is None
    assert store.analysis(nobody, nobody) is None
    assert store.tokens(nobody) == ()
    assert store.analyses(nobody, AnalysisFilter(), after=None, rows_max=5) == ()


def test_slug_and_address_are_taken_once(store: Store) -> None:
    """The second one is a conflict, and the first stays."""
    tenant = add_tenant(store)
    with pytest.raises(ConflictError, match="'acme'"):
        add_tenant(store)
    assert store.tenant_by_slug("acme") == tenant

    user = User(id=uuid.uuid4(), email="a@b.c", display_name="a", password_hash="x", created_at=NOON)
    store.add_user(user)
    with pytest.raises(ConflictError):
        store.add_user(User(id=uuid.uuid4(), email="a@b.c", display_name="b", password_hash="y", created_at=NOON))
    assert store.user_by_email("a@b.c") == user


def test_change_of_nothing_is_told(store: Store) -> None:
    """A plan of no tenant, and a token that is not this tenant's."""
    tenant, other = add_tenant(store), add_tenant(store, "other")
    token = new_token(tenant, 1)
    store.add_token(token, active_max=None)

    with pytest.raises(NotFoundError):
        store.set_plan(uuid.uuid4(), "paid")
    with pytest.raises(NotFoundError):
        store.revoke_token(other.id, token.id, NOON)
    assert store.tokens(tenant.id)[0].revoked_at is None


def test_tokens_are_listed_newest_first(store: Store) -> None:
    """Only the tenant's own."""
    tenant, other = add_tenant(store), add_tenant(store, "other")
    for number in range(3):
        token = new_token(tenant, number, created_at=NOON + timedelta(seconds=number))
        store.add_token(token, active_max=None)
    store.add_token(new_token(other, 9), active_max=None)

    assert [token.name for token in store.tokens(tenant.id)] == ["token 2", "token 1", "token 0"]


def test_last_token_is_made_once(store: Store) -> None:
    """Of many that are made at the same time, no more pass than may be active."""
    tenant = add_tenant(store)
    refused = []

    def add(number: int) -> None:
        try:
            store.add_token(new_token(tenant, number), active_max=3)
        except ForbiddenError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(store.tokens(tenant.id)) == 3
    assert refused == ["The Free plan allows 3 active tokens; revoke one, or change to a paid plan."] * 9


def test_run_is_kept_once(store: Store) -> None:
    """A second analysis of a run has the same id and the first one's time of creation, and everything else is new."""
    tenant = add_tenant(store)
    later = NOON + timedelta(minutes=1)
    first = store.save_analysis(new_analysis(tenant), NOON)
    renewed = new_analysis(tenant, root_cause="Other", evidence=(), status="ok", failure=False, branch=None)

    second = store.save_analysis(renewed, later)

    assert first == second
    assert store.analysis(tenant.id, first) == StoredAnalysis(
        id=first, created_at=NOON, updated_at=later, **fields_of(renewed)
    )
    assert len(all_ids(store, tenant)) == 1


def test_run_of_another_tenant_is_another(store: Store) -> None:
    """The same run key in two tenants is two analyses, and neither sees the other's."""
    one, other = add_tenant(store), add_tenant(store, "other")

    first = store.save_analysis(new_analysis(one), NOON)
    second = store.save_analysis(new_analysis(other), NOON)

    assert first != second
    assert store.analysis(other.id, first) is None
    assert all_ids(store, one) == [first]


def test_same_run_at_once_is_kept_once(store: Store) -> None:
    """Eight posts of one run at the same time are one analysis."""
    tenant = add_tenant(store)
    ids: list[uuid.UUID] = []

    def save() -> None:
        ids.append(store.save_analysis(new_analysis(tenant), NOON))

    threads = [threading.Thread(target=save) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 8
    assert len(set(ids)) == 1
    assert all_ids(store, tenant) == ids[:1]


@pytest.mark.parametrize("rows_max", [1, 3, 7, 100])
def test_pages_have_every_row_once(store: Store, rows_max: int) -> None:
    """Newest first by time, then by id: rows of the same microsecond are not lost between two pages."""
    tenant = add_tenant(store)
    kept: list[tuple[datetime, uuid.UUID]] = []
    for number in range(14):
        moment = NOON + timedelta(microseconds=number // 5)
        kept.append((moment, store.save_analysis(new_analysis(tenant, number), moment)))

    assert all_ids(store, tenant, rows_max=rows_max) == [row_id for _, row_id in sorted(kept, reverse=True)]


def test_rows_that_arrive_meanwhile_disturb_no_page(store: Store) -> None:
    """A reader who pages through sees each row that was there, once, whatever is posted or renewed meanwhile."""
    tenant = add_tenant(store)
    before = [store.save_analysis(new_analysis(tenant, number), NOON) for number in range(6)]
    page = store.analyses(tenant.id, AnalysisFilter(), after=None, rows_max=3)
    later = NOON + timedelta(seconds=1)
    store.save_analysis(new_analysis(tenant, 100), later)
    store.save_analysis(new_analysis(tenant, 5), later)

    rest = store.analyses(tenant.id, AnalysisFilter(), after=Position(page[-1].created_at, page[-1].id), rows_max=100)

    assert sorted(before) == sorted(row.id for row in (*page, *rest))


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        (AnalysisFilter(), [3, 2, 1, 0]),
        (AnalysisFilter(since=NOON + timedelta(seconds=1)), [3, 2, 1]),
        (AnalysisFilter(until=NOON + timedelta(seconds=1)), [1, 0]),
        (AnalysisFilter(since=NOON + timedelta(seconds=1), until=NOON + timedelta(seconds=2)), [2, 1]),
        (AnalysisFilter(severity="low"), [2, 0]),
        (AnalysisFilter(project="org/1"), [1]),
        (AnalysisFilter(project="ORG/1"), []),
        (AnalysisFilter(source="drone_ingest"), [3]),
        (AnalysisFilter(severity="low", since=NOON + timedelta(seconds=1)), [2]),
    ],
)
def test_filters(store: Store, where: AnalysisFilter, numbers: list[int]) -> None:
    """Both ends of the time belong to it; all conditions hold together."""
    tenant = add_tenant(store)
    for number in range(4):
        analysis = new_analysis(
            tenant,
            number,
            severity=("low", "high")[number % 2],
            project=f"org/{number}",
            source="drone_ingest" if number == 3 else "generic_ingest",
        )
        store.save_analysis(analysis, NOON + timedelta(seconds=number))

    rows = store.analyses(tenant.id, where, after=None, rows_max=10)

    assert numbers == [int(row.project.removeprefix("org/")) for row in rows]
