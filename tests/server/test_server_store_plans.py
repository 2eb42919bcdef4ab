"""SQLite goes the way that each list is meant to go, although nobody made statistics for it."""

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from exlogare_server import limits
from exlogare_server.store import opening
from exlogare_server.store.protocol import AnalysisFilter, Position, StoredAnalysis, Tenant
from exlogare_server.store.sql.store import SqlStore
from tests.server.harness import NOON
from tests.server.test_server_store import add_tenant, new_analysis

FEW_ROWS = 5
FIRST_DAY = (NOON - timedelta(days=29)).toordinal() - 719_163


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[SqlStore, Tenant]]:
    """A store with three analyses from one source and many from another, and its tenant."""
    monkeypatch.setattr(limits, "FEW_ROWS", FEW_ROWS)
    url = f"sqlite:///{tmp_path / 'exlogare.db'}"
    opening.migrate(url)
    store = opening.open_store(url, threads=1)
    assert isinstance(store, SqlStore)
    tenant = add_tenant(store)
    chance = random.Random(3)
    for number in range(90):
        analysis = new_analysis(
            tenant, number, project=f"org/p{number % 3}", severity=chance.choice(("low", "high")),
            source="drone_ingest" if number % 30 == 0 else "jenkins_ingest", category=f"code.c{number % 2}",
            fingerprint=f"v1:{number % 4}",
        )  # fmt: skip
        store.save_analysis(analysis, NOON - timedelta(hours=90 - number))
    yield store, tenant
    store.close()


@contextmanager
def plans_of(store: SqlStore) -> Iterator[list[str]]:
    """The steps of the plans of all statements that are run in the block."""
    engine = store._readers  # noqa: SLF001 - there is no other way to see its statements
    steps: list[str] = []
    asked: list[str] = []
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
    driver.set_trace_callback(asked.append)
    try:
        yield steps
    finally:
        driver.set_trace_callback(None)
    for text in asked:
        if text.startswith(("SELECT", "WITH")):
            steps += [str(row[3]) for row in driver.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()]


def index_of(*columns: str) -> str:
    """The name of the index of analyses that ends in their time."""
    return "_".join(("ix_analyses", *columns, "created_at_us_id"))


def listed(**conditions: Any) -> Callable[[SqlStore, Tenant], object]:
    """Ask for a page of the API's list."""
    after = Position(NOON, uuid.UUID(int=0))
    return lambda store, tenant: store.analyses(tenant.id, AnalysisFilter(**conditions), after=after, rows_max=9)


def searched(**conditions: Any) -> Callable[[SqlStore, Tenant], object]:
    """Ask for a page of the dashboard's list."""
    return lambda store, tenant: store.search(
        tenant.id, AnalysisFilter(**conditions), after=None, rows_max=9, examined_max=50
    )


@pytest.mark.parametrize(
    ("ask", "wanted"),
    [
        (listed(), f"SEARCH analyses USING INDEX {index_of('tenant_id')} ("),
        (listed(project="org/p1"), f"SEARCH analyses USING INDEX {index_of('tenant_id', 'project')} ("),
        (
            listed(project="org/p1", severity="high"),
            f"SEARCH analyses USING INDEX {index_of('tenant_id', 'project', 'severity')} (",
        ),
        (
            listed(severity="high", source="jenkins_ingest"),
            f"SEARCH analyses USING INDEX {index_of('tenant_id', 'severity')} (",
        ),
        (
            listed(severity="high", source="drone_ingest"),
            f"SEARCH analyses USING INDEX {index_of('tenant_id', 'source')} (",
        ),
        (
            listed(project="org/p0", severity="low", source="drone_ingest"),
            f"SEARCH analyses USING INDEX {index_of('tenant_id', 'source')} (",
        ),
        (
            searched(project="org/p1", category="code.c1"),
            f"SEARCH analyses_1 USING COVERING INDEX {index_of('tenant_id', 'category')} (",
        ),
        (
            lambda store, tenant: store.count_analyses(tenant.id, severity=None, project="org/p1"),
            "SEARCH stats_project USING INDEX ix_stats_project_tenant_id_project_span_day (tenant_id=? AND project=?",
        ),
        (
            lambda store, tenant: store.project_days(tenant.id, ("org/p1", "org/p2"), FIRST_DAY),
            "SEARCH stats_project USING PRIMARY KEY (tenant_id=? AND span=? AND day=? AND project=?)",
        ),
    ],
)
def test_way(filled: tuple[SqlStore, Tenant], ask: Callable[[SqlStore, Tenant], object], wanted: str) -> None:
    """Along the index that is meant for it; nothing is read whole."""
    with plans_of(filled[0]) as steps:
        ask(*filled)

    assert [step for step in steps if step.startswith(wanted)], steps
    assert not [step for step in steps if step.startswith(("SCAN analyses", "SCAN stats_", "SCAN clusters"))]


@pytest.mark.parametrize("source", ["drone_ingest", "jenkins_ingest", "none"])
@pytest.mark.parametrize("severity", ["low", None])
def test_way_changes_nothing(filled: tuple[SqlStore, Tenant], source: str, severity: Any) -> None:
    """Whichever index is walked, what fits is found, from wherever."""
    store, tenant = filled
    where = AnalysisFilter(source=source, severity=severity, project="org/p0")
    everything = store.analyses(tenant.id, AnalysisFilter(), after=None, rows_max=100)

    def fits(row: StoredAnalysis) -> bool:
        return (row.source, row.project) == (source, "org/p0") and severity in (None, row.severity)

    expected = [row for row in everything if fits(row)]

    assert list(store.analyses(tenant.id, where, after=None, rows_max=100)) == expected
    assert list(store.analyses_at(tenant.id, where, offset=1, rows_max=100)) == expected[1:]
    for row in expected[:2]:
        after = Position(row.created_at, row.id)
        found = store.analyses(tenant.id, where, after=after, rows_max=100)
        assert list(found) == expected[expected.index(row) + 1 :]
