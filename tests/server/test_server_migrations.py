"""Migrations of filled databases: what was there before counts as if it had come in after."""

import random
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from exlogare_server.store import opening
from exlogare_server.store.protocol import AnalysisFilter, NewAnalysis, Store, Tenant
from exlogare_server.store.sql import rows, schema
from exlogare_server.times import to_us
from tests.server.harness import NOON
from tests.server.test_server_store import add_tenant, new_analysis

NewDatabase = Callable[[], str]
FIRST_DAY = to_us(NOON) // 86_400_000_000 - 40


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> NewDatabase:
    """A function that gives the URL of a further database without tables."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
    server = request.getfixturevalue("postgres_server")
    return lambda: str(server.database(migrated=False))


def analyses_of(tenant: Tenant) -> list[tuple[int, NewAnalysis]]:
    """Analyses of several days, causes, projects and statuses, with the seconds after noon of their arrival."""
    found = []
    for number in range(60):
        analysis = new_analysis(
            tenant,
            number,
            project=f"org/{number % 3}",
            severity=("low", "medium", "high")[number % 3],
            failure=number % 4 != 0,
            fingerprint="" if number % 7 == 0 else f"v1:{number % 5}",
            root_cause=f"cause {number % 2}",
            rca_ms=number * number,
        )
        found.append((-number * 40_000, analysis))
    return found


def fill_at_0001(url: str, tenant: Tenant) -> None:
    """Make a database of the first version and put rows into it, as that version did."""
    opening.migrate(url, revision="0001")
    engine = opening.engine_for_migrations(opening.parse_url(url))
    with engine.connect() as connection:
        values = msgspec.structs.asdict(tenant)
        values["created_at_us"] = to_us(values.pop("created_at"))
        connection.execute(sa.insert(schema.tenants).values(values))
        for seconds, analysis in analyses_of(tenant):
            at_us = to_us(NOON + timedelta(seconds=seconds))
            values = rows.analysis_values(analysis)
            del values["reasons"]  # a column that came later
            row = {**values, "created_at_us": at_us, "updated_at_us": at_us}
            connection.execute(sa.insert(schema.analyses).values(id=uuid.uuid4(), **row))
    engine.dispose()


def figures(store: Store, tenant: Tenant) -> dict[str, Any]:
    """Everything that is counted, without ids."""
    by_id = {row.id: row for row in store.analyses(tenant.id, AnalysisFilter(), after=None, rows_max=100)}
    clusters = store.clusters(tenant.id, None, offset=0, rows_max=100)
    members = {
        cluster.fingerprint_hash: sorted(row.run_key for row in by_id.values() if row.cluster_id == cluster.id)
        for cluster in clusters
    }
    assert all(by_id[cluster.last_analysis_id].cluster_id == cluster.id for cluster in clusters)
    return {
        "overview": store.overview(tenant.id, FIRST_DAY),
        "days": store.failures_by_day(tenant.id, FIRST_DAY),
        "kinds": store.failures_by_kind(tenant.id, FIRST_DAY),
        "projects": store.top_projects(tenant.id, FIRST_DAY, 50),
        "causes": sorted((c.root_cause, c.count) for c in store.top_causes(tenant.id, FIRST_DAY, 50)),
        "members": members,
        "clusters": sorted(
            (c.fingerprint_hash, c.count, c.last_root_cause, c.first_seen_at, c.last_seen_at, c.status, c.last_severity)
            for c in clusters
        ),
        "totals": [
            store.count_analyses(tenant.id, severity=severity, project=project)
            for severity in (None, "low", "high")
            for project in (None, "org/1", "none")
        ],
    }


def test_what_was_there_before_is_counted(new_database: NewDatabase) -> None:
    """The figures and clusters after a migration are those of a server that had kept them all along."""
    url, fresh_url = new_database(), new_database()
    opening.migrate(fresh_url)
    fresh = opening.open_store(fresh_url, threads=2, connections_max=2)
    tenant = add_tenant(fresh)
    for seconds, analysis in analyses_of(tenant):
        fresh.save_analysis(analysis, NOON + timedelta(seconds=seconds))
    expected = figures(fresh, tenant)
    fresh.close()
    fill_at_0001(url, tenant)

    opening.migrate(url)

    store = opening.open_store(url, threads=2, connections_max=2)
    assert store.ready() is None
    assert figures(store, tenant) == expected
    assert expected["overview"].failures == 45
    assert expected["totals"][0] == 60
    store.close()


def test_any_window_is_the_sum_of_its_days(new_database: NewDatabase) -> None:
    """Whichever spans a window is made of; also after retention took days away from under a span."""
    url = new_database()
    opening.migrate(url)
    store = opening.open_store(url, threads=2, connections_max=2)
    tenant = add_tenant(store)
    chance = random.Random(4)
    posts = [(chance.randrange(90), f"org/{chance.randrange(3)}", chance.randrange(9)) for _ in range(150)]
    today = to_us(NOON) // 86_400_000_000
    for number, (ago, project, rca_ms) in enumerate(posts):
        analysis = new_analysis(tenant, number, project=project, fingerprint=f"v1:{project}", rca_ms=rca_ms)
        store.save_analysis(analysis, NOON - timedelta(days=ago))

    def check(kept: list[tuple[int, str, int]]) -> None:
        for days in (1, 2, 6, 7, 8, 13, 20, 27, 28, 29, 35, 55, 56, 57, 80, 90, 180):
            projects = Counter(project for ago, project, _ in kept if ago < days)
            first_day = today - days + 1
            assert dict(store.top_projects(tenant.id, first_day, 50)) == projects
            assert Counter(c.count for c in store.top_causes(tenant.id, first_day, 50)) == Counter(projects.values())
            buckets = Counter(rca_ms for ago, _, rca_ms in kept if ago < days)
            assert dict(store.overview(tenant.id, first_day).rca_ms_buckets) == buckets

    check(posts)
    while store.forget(datetime(2026, 10, 14, tzinfo=timezone.utc), rows_max=1000):
        pass
    check([post for post in posts if post[0] <= 40])
    store.close()
