"""The conformance suite of what people browse: ``store/browsing.py``, on each store that there is."""

import random
import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from exlogare_server import limits
from exlogare_server.store.browsing import KindCounts
from exlogare_server.store.protocol import AnalysisFilter, Position, Reason, Store, StoredAnalysis, Tenant
from exlogare_server.times import to_us
from tests.server.harness import NOON
from tests.server.test_server_store import add_tenant, new_analysis, open_again, store

__all__ = ["open_again", "store"]

TODAY = to_us(NOON) // 86_400_000_000
BRANCHES = ("main", "dev", None)


def fill(store: Store, count: int = 120) -> tuple[Tenant, list[StoredAnalysis]]:
    """Keep analyses of several projects, branches and causes, and some of another tenant; give them newest first."""
    tenant, other = add_tenant(store), add_tenant(store, "other")
    chance = random.Random(5)
    for number in range(count):
        changes: dict[str, Any] = {
            "project": f"org/p{chance.randrange(4)}",
            "branch": chance.choice(BRANCHES),
            "category": chance.choice(("code.test", "infra.oom", "deps.resolve")),
            "severity": chance.choice(("low", "medium", "high")),
            "provider_label": chance.choice(("jenkins", "gitlab")),
            "failure": chance.random() < 0.8,
            "fingerprint": f"v1:{chance.randrange(6)}",
        }
        changes["root_cause"] = f"Cause {changes['fingerprint']} of_100% it"
        # Two of each second: the id decides as well.
        at = NOON - timedelta(hours=count - number // 2)
        store.save_analysis(new_analysis(tenant, number, **changes), at)
        store.save_analysis(new_analysis(other, number, **{**changes, "project": "org/p0"}), at)
    return tenant, list(store.analyses(tenant.id, AnalysisFilter(), after=None, rows_max=1000))


def searched(
    store: Store, tenant: Tenant, where: AnalysisFilter, *, rows_max: int, examined_max: int
) -> list[uuid.UUID]:
    """The ids that a search gives, page by page to its end."""
    ids: list[uuid.UUID] = []
    after: Position | None = None
    while True:
        found = store.search(tenant.id, where, after=after, rows_max=rows_max, examined_max=examined_max)
        ids += [row.id for row in found.rows]
        if len(found.rows) == rows_max:
            assert found.stopped_at is None
            after = Position(found.rows[-1].created_at, found.rows[-1].id)
        elif found.stopped_at is None:
            return ids
        else:
            after = found.stopped_at


def fits(row: StoredAnalysis, where: AnalysisFilter) -> bool:
    """Say what a filter means, in the plainest way."""
    if where.since is not None and row.created_at < where.since:
        return False
    if where.cluster_ids is not None and row.cluster_id not in where.cluster_ids:
        return False
    names = ("project", "branch", "category", "severity", "provider_label", "source")
    return all(getattr(where, name) in (None, getattr(row, name)) for name in names)


def test_search_finds_what_fits_and_nothing_else(store: Store) -> None:
    """Whichever conditions hold together, and wherever the search stopped in between."""
    tenant, everything = fill(store)
    clusters = [cluster.id for cluster in store.clusters(tenant.id, None, offset=0, rows_max=10)]
    filters = [
        AnalysisFilter(),
        AnalysisFilter(branch="dev"),
        AnalysisFilter(category="infra.oom", severity="high"),
        AnalysisFilter(project="org/p1", branch="main", provider_label="gitlab"),
        AnalysisFilter(severity="low", since=NOON - timedelta(hours=80)),
        AnalysisFilter(source="generic_ingest", category="code.test"),
        AnalysisFilter(cluster_ids=(clusters[0],)),
        AnalysisFilter(cluster_ids=tuple(clusters[:3])),
        AnalysisFilter(cluster_ids=(clusters[1],), severity="medium"),
        AnalysisFilter(cluster_ids=tuple(clusters[:4]), project="org/p2"),
        AnalysisFilter(cluster_ids=(), project="org/p2"),
        AnalysisFilter(cluster_ids=()),
        AnalysisFilter(project="none", severity="low"),
    ]

    for where in filters:
        expected = [row.id for row in everything if fits(row, where)]
        for rows_max, examined_max in ((1000, 1000), (7, 10), (3, 1)):
            assert searched(store, tenant, where, rows_max=rows_max, examined_max=examined_max) == expected
        if expected:
            last = next(row for row in everything if row.id == expected[-1])
            newer = store.count_newer(tenant.id, where, than=Position(last.created_at, last.id), rows_max=99)
            assert newer == min(99, len(expected) - 1)


@pytest.mark.parametrize("few_rows", [1, 20, 1000])
def test_list_finds_what_fits_and_nothing_else(store: Store, monkeypatch: pytest.MonkeyPatch, few_rows: int) -> None:
    """The API's list, whichever of its conditions the database goes by."""
    monkeypatch.setattr(limits, "FEW_ROWS", few_rows)
    tenant, everything = fill(store)
    for project in ("org/p1", "none", None):
        for severity in ("high", None):
            for source in ("jenkins_ingest", "none", None):
                where = AnalysisFilter(project=project, severity=severity, source=source)
                expected = [row for row in everything if fits(row, where)]

                assert list(store.analyses(tenant.id, where, after=None, rows_max=1000)) == expected
                assert list(store.analyses_at(tenant.id, where, offset=2, rows_max=5)) == expected[2:7]


def test_counts_of_projects_follow_retention(store: Store) -> None:
    """Of all that is kept, whatever spans of days are left of it."""
    tenant = add_tenant(store)
    kept = []
    for number in range(80):
        severity = ("low", "medium", "high")[number % 3]
        at = NOON - timedelta(days=number)
        store.save_analysis(new_analysis(tenant, number, project=f"org/p{number % 2}", severity=severity), at)
        kept.append((at, f"org/p{number % 2}", severity))

    for days in (80, 61, 40, 3):
        before = NOON - timedelta(days=days)
        while store.forget(before, rows_max=10):
            pass
        kept = [row for row in kept if row[0] >= before]
        for project in ("org/p0", "org/p1", "none"):
            for wanted in ("high", None):
                count = sum(row[1] == project and wanted in (None, row[2]) for row in kept)
                assert store.count_analyses(tenant.id, severity=wanted, project=project) == count


def test_search_of_a_stranger_s_cluster_finds_nothing(store: Store) -> None:
    """A cluster's id of another tenant is no way to its analyses."""
    fill(store)
    stranger = add_tenant(store, "stranger")
    other = store.tenant_by_slug("other")
    assert other is not None
    ids = tuple(cluster.id for cluster in store.clusters(other.id, None, offset=0, rows_max=10))

    for where in (AnalysisFilter(cluster_ids=ids[:1]), AnalysisFilter(cluster_ids=ids)):
        assert searched(store, stranger, where, rows_max=10, examined_max=10) == []
        assert store.count_newer(stranger.id, where, than=Position(NOON - timedelta(9), ids[0]), rows_max=9) == 0
    assert store.cluster_days(stranger.id, ids, TODAY - 30, TODAY) == {cluster_id: {} for cluster_id in ids}


def test_counts_of_clusters_are_one_s_own(store: Store) -> None:
    """Each is how many runs failed of it; another tenant's cluster is left out."""
    tenant, everything = fill(store)
    mine = [row.cluster_id for row in everything if row.cluster_id is not None]
    other = store.tenant_by_slug("other")
    assert other is not None
    foreign = store.clusters(other.id, None, offset=0, rows_max=1)[0].id

    assert store.cluster_counts(tenant.id, [*sorted(set(mine)), foreign]) == Counter(mine)


def test_choices_are_the_values_there_are(store: Store) -> None:
    """Each once, sorted, and no more than are asked for."""
    tenant, everything = fill(store)

    assert store.choices(tenant.id, "category", rows_max=9) == ("code.test", "deps.resolve", "infra.oom")
    assert store.choices(tenant.id, "provider_label", rows_max=1) == ("gitlab",)
    assert store.choices(add_tenant(store, "empty").id, "source", rows_max=9) == ()
    names = sorted({row.project for row in everything})
    assert store.project_names(tenant.id, text="", after="", rows_max=9) == tuple(names)
    assert store.project_names(tenant.id, text="", after=names[1], rows_max=1) == (names[2],)
    assert store.project_names(tenant.id, text="P3", after="", rows_max=9) == ("org/p3",)
    assert store.project_names(tenant.id, text="%", after="", rows_max=9) == ()


def test_days_of_projects_and_clusters_add_up(store: Store) -> None:
    """The days are those of the analyses; what is before the first day is left out."""
    tenant, everything = fill(store)
    failed = [row for row in everything if row.failure]
    first = TODAY - 2

    def days_of(rows: list[StoredAnalysis]) -> dict[int, int]:
        found: dict[int, int] = {}
        for row in rows:
            day = to_us(row.created_at) // 86_400_000_000
            if day >= first:
                found[day] = found.get(day, 0) + 1
        return found

    shown = store.project_days(tenant.id, ("org/p1", "none", "org/p0"), first)
    assert [project.project for project in shown] == ["org/p1", "none", "org/p0"]
    for project in shown:
        mine = [row for row in everything if row.project == project.project]
        assert project.failures == days_of([row for row in mine if row.failure])
        assert project.last_at == (mine[0].created_at if mine else None)
    clusters = [cluster.id for cluster in store.clusters(tenant.id, None, offset=0, rows_max=10)]
    for cluster_id, days in store.cluster_days(tenant.id, clusters, first, TODAY).items():
        assert days == days_of([row for row in failed if row.cluster_id == cluster_id])
    kinds = store.failures_by_kind(tenant.id, first)
    recent = [row for row in failed if to_us(row.created_at) // 86_400_000_000 >= first]
    assert dict(kinds.categories) == Counter(row.category for row in recent)
    assert {(day, severity): count for day, severity, count in kinds.days} == Counter(
        (to_us(row.created_at) // 86_400_000_000, row.severity) for row in recent
    )
    assert [count for _, count in kinds.categories] == sorted((n for _, n in kinds.categories), reverse=True)


def test_kinds_follow_a_renewal_and_retention(store: Store) -> None:
    """A run counts once in the figures by kind, as what it is now."""
    tenant = add_tenant(store)
    store.save_analysis(new_analysis(tenant, 1), NOON)
    store.save_analysis(new_analysis(tenant, 1, category="infra.disk", severity="low"), NOON + timedelta(hours=1))
    store.save_analysis(new_analysis(tenant, 2, failure=False), NOON)
    assert store.failures_by_kind(tenant.id, TODAY) == KindCounts(((TODAY, "low", 1),), (("infra.disk", 1),))

    store.save_analysis(new_analysis(tenant, 1, failure=False), NOON + timedelta(hours=2))
    assert store.failures_by_kind(tenant.id, TODAY) == KindCounts((), ())

    store.save_analysis(new_analysis(tenant, 1), NOON + timedelta(hours=3))
    while store.forget(NOON.replace(hour=0) + timedelta(days=1), rows_max=10):
        pass
    assert store.failures_by_kind(tenant.id, 0) == KindCounts((), ())


def test_new_and_back_since(store: Store) -> None:
    """New is what was seen first since, back what failed again after it was resolved; the newest first."""
    tenant = add_tenant(store)
    for number in range(5):
        store.save_analysis(
            new_analysis(tenant, number, fingerprint=f"v1:{number}"), NOON - timedelta(days=9 - 2 * number)
        )
    week = NOON - timedelta(days=7)
    by_age = sorted(store.clusters(tenant.id, None, offset=0, rows_max=9), key=lambda cluster: cluster.first_seen_at)

    count, new = store.clusters_since(tenant.id, "new", week, rows_max=2)
    assert (count, [cluster.id for cluster in new]) == (4, [by_age[4].id, by_age[3].id])
    assert store.clusters_since(tenant.id, "back", week, rows_max=2) == (0, ())

    store.set_cluster_status(tenant.id, by_age[0].id, "resolved", NOON)
    store.save_analysis(new_analysis(tenant, 9, fingerprint="v1:0"), NOON + timedelta(hours=1))
    count, back = store.clusters_since(tenant.id, "back", week, rows_max=2)
    assert (count, [cluster.id for cluster in back]) == (1, [by_age[0].id])


@pytest.mark.parametrize(
    ("text", "count"), [("CAUSE V1:3", 1), ("of_100%", 6), ("of-100", 0), ("%", 6), ("_", 6), ("\\", 0)]
)
def test_clusters_are_found_by_words(store: Store, text: str, count: int) -> None:
    """In any case, and no letter stands for others."""
    tenant, _ = fill(store)

    found = store.clusters_like(tenant.id, text, None, offset=0, rows_max=100)

    assert len(found) == count
    active = store.clusters_like(tenant.id, text, "active", offset=1, rows_max=100)
    assert list(active) == list(found[1:])
    assert store.clusters_like(tenant.id, text, "resolved", offset=0, rows_max=100) == ()


def test_reasons_are_kept(store: Store) -> None:
    """Why the engine chose its cause comes back as it was."""
    tenant = add_tenant(store)
    reasons = (Reason("kind test", 6.0), Reason("its cause line is missing", -0.25))

    analysis_id = store.save_analysis(new_analysis(tenant, 1, reasons=reasons), NOON)

    found = store.analysis(tenant.id, analysis_id)
    assert found is not None
    assert found.reasons == reasons
