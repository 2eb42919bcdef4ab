"""How fast the server reads from a large database: percentiles of every list and figure.

Makes a database with analyses of a year (200,000 by default) that belong to one large tenant and nine small ones,
then asks the store for what each address of the API and each page of the dashboard asks it for. It is an SQLite file in
the temporary folder, or the database that is named, which is filled when it is empty and left there to be used again.
Five million analyses are 7 GB.

    python benchmarks/server_reads.py [--analyses 200000] [--asks 200] [--database postgresql://exl@127.0.0.1/reads]
"""

import argparse
import gc
import random
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from exlogare_server import limits
from exlogare_server.store import durations, opening
from exlogare_server.store.protocol import AnalysisFilter, ClusterStatus, Position, Store
from exlogare_server.store.sql import rollups

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
NOW_US = int(NOW.timestamp()) * 1_000_000
DAY_US = 86_400_000_000
DAYS = 365
PROJECTS = 200
CAUSES = 2_000
TENANTS = [uuid.UUID(int=number + 1) for number in range(10)]
BATCH_ROWS = 50_000
# Of the processor, so that other work on the machine does not count.
P99_MS_MAX = 10.0
# Most runs are of one branch, most failures of a few kinds; some are rare.
BRANCHES = ("main", *(f"feature/{number}" for number in range(300)))
CATEGORIES = tuple(
    f"{domain}.{kind}"
    for domain in ("code", "deps", "config", "infra", "network")
    for kind in ("a", "b", "c", "d", "e")
)
PROVIDERS = ("jenkins", "gitlab", "github_actions", "circleci", "drone")
EVIDENCE = "[" + ",".join(['{"line":7,"text":"assert 1 == 2"}'] * 3) + "]"


class Figures:
    """Counts what is inserted, as the server would."""

    def __init__(self) -> None:
        self.daily: defaultdict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
        self.projects: defaultdict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
        self.causes: Counter[tuple[Any, ...]] = Counter()
        self.kinds: Counter[tuple[Any, ...]] = Counter()
        self.durations: Counter[tuple[Any, ...]] = Counter()
        self.clusters: dict[tuple[str, int], list[Any]] = {}


def rows(count: int, figures: Figures) -> Iterator[tuple[Any, ...]]:
    """Give the columns of analyses, oldest first; most belong to the first tenant."""
    chance = random.Random(1)
    for number in range(count):
        tenant = TENANTS[0 if chance.random() < 0.8 else chance.randrange(1, 10)].hex
        at_us = NOW_US - DAYS * DAY_US + number * (DAYS * DAY_US // count)
        project = f"group/project-{int(PROJECTS * chance.random() ** 2)}"
        cause = int(CAUSES * chance.random() ** 3)
        severity = ("low", "medium", "high")[min(2, int(chance.expovariate(1.2)))]
        failure = chance.random() < 0.9
        branch = BRANCHES[int(len(BRANCHES) * chance.random() ** 12)]
        # A cause is of one category.
        category = CATEGORIES[cause % len(CATEGORIES)]
        provider = PROVIDERS[int(len(PROVIDERS) * chance.random() ** 3)]
        rca_ms = int(chance.lognormvariate(4, 1))
        day = at_us // DAY_US
        row_id = uuid.UUID(int=chance.getrandbits(128)).hex
        counted = {"failures": int(failure), severity: 1}
        figures.daily[tenant, day].update({**counted, "rca_ms_sum": rca_ms})
        for span in rollups.SPANS:
            figures.projects[tenant, span, day - day % span, project].update(counted)
            figures.durations[tenant, span, day - day % span, durations.bucket_of(rca_ms)] += 1
        cluster_id = None
        if failure:
            cluster = figures.clusters.setdefault(
                (tenant, cause), [uuid.UUID(int=chance.getrandbits(128)).hex, 0, at_us, at_us, row_id]
            )
            cluster_id = cluster[0]
            cluster[1], cluster[3], cluster[4] = cluster[1] + 1, at_us, row_id
            figures.kinds[tenant, day, category, severity] += 1
            for span in rollups.SPANS:
                figures.causes[tenant, span, day - day % span, cluster_id] += 1
        yield (
            row_id, tenant, number.to_bytes(32, "big"), "jenkins", provider, "jenkins_ingest", f"job#{number}",
            project, branch, "FAILURE" if failure else "SUCCESS", failure, f"Cause {cause} of the failure.",
            "Because. " * 12, "Do this. " * 8, severity, 0.8, category, EVIDENCE, f"v1:{cause}",
            False, rca_ms, at_us, at_us, cluster_id,
        )  # fmt: skip


COLUMNS = (
    "id, tenant_id, run_key, provider, provider_label, source, ci_run_id, project, branch, status, failure, "
    "root_cause, explanation, fix_suggestion, severity, confidence, category, evidence, fingerprint, "
    "needs_more_context, rca_ms, created_at_us, updated_at_us, cluster_id"
)


def tables(figures: Figures) -> dict[str, list[tuple[Any, ...]]]:
    """Give the rows of the tables that follow from the analyses."""
    daily, projects = figures.daily.items(), figures.projects.items()
    return {
        "stats_daily": [(*k, c["failures"], c["low"], c["medium"], c["high"], c["rca_ms_sum"]) for k, c in daily],
        "stats_project": [(*k, c["failures"], c["low"], c["medium"], c["high"]) for k, c in projects],
        "stats_rca": [(*k, n) for k, n in figures.durations.items()],
        "stats_kind": [(*k, n) for k, n in figures.kinds.items()],
        "stats_cause": [(*k, n) for k, n in figures.causes.items()],
        "clusters": [
            (c[0], tenant, f"{cause:064x}", f"Cause {cause}.", "high", c[1], c[2], c[3],
             ("active", "acknowledged", "resolved")[cause % 3], c[4], None, None, None)
            for (tenant, cause), c in figures.clusters.items()
        ],
    }  # fmt: skip


TENANT_ROWS = [(t.hex, f"t{n}", f"T{n}", "paid", 0) for n, t in enumerate(TENANTS)]


def fill_sqlite(path: Path, count: int) -> None:
    """Put analyses and their figures into a migrated SQLite file; indexes are made after the rows."""
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -500000;")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'analyses' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")

    def insert(table: str, some: list[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(some[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", some)  # noqa: S608

    insert("tenants", TENANT_ROWS)
    figures = Figures()
    generated = rows(count, figures)
    marks = ", ".join("?" * len(COLUMNS.split(",")))
    while batch := list(islice(generated, BATCH_ROWS)):
        connection.executemany(f"INSERT INTO analyses ({COLUMNS}) VALUES ({marks})", batch)  # noqa: S608
    for _, statement in indexes:
        connection.execute(statement)
    for table, some in tables(figures).items():
        insert(table, some)
    # No ANALYZE: a server never does it, and the queries must be fast without.
    connection.commit()
    connection.close()


def fill_postgresql(url: str, count: int) -> None:
    """Do the same for an empty PostgreSQL database."""
    with psycopg.connect(url, autocommit=True) as connection:
        # Those that belong to no constraint.
        indexes = connection.execute(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = 'analyses'"
            " AND i.indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))

        def insert(table: str, some: Iterable[tuple[Any, ...]]) -> None:
            with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                for row in some:
                    copy.write_row(row)

        insert("tenants", TENANT_ROWS)
        figures = Figures()
        insert(f"analyses ({COLUMNS})", rows(count, figures))
        for _, statement in indexes:
            connection.execute(statement.encode())
        for table, some in tables(figures).items():
            insert(table, some)
        connection.execute("VACUUM ANALYZE")


def questions(store: Store, tenant: uuid.UUID, chance: random.Random) -> dict[str, Callable[[], object]]:
    """Give what the API's addresses ask for, each with fresh arguments."""
    today = NOW_US // DAY_US

    def listed(**conditions: Any) -> Callable[[], object]:
        def ask() -> object:
            after = Position(NOW - timedelta(seconds=chance.randrange(DAYS * 86_400)), uuid.UUID(int=0))
            return store.analyses(tenant, AnalysisFilter(**conditions), after=after, rows_max=101)

        return ask

    def legacy(**conditions: Any) -> Callable[[], object]:
        def ask() -> object:
            store.count_analyses(tenant, severity=conditions.get("severity"), project=conditions.get("project"))
            return store.analyses_at(tenant, AnalysisFilter(**conditions), offset=25, rows_max=25)

        return ask

    sample = store.analyses(tenant, AnalysisFilter(), after=None, rows_max=100)
    ids = [row.id for row in sample]
    cluster = next(row.cluster_id for row in sample if row.cluster_id)
    return {
        "v1 list": listed(),
        "v1 list by severity": listed(severity="high"),
        "v1 list by project": listed(project="group/project-150"),
        "v1 list by source": listed(source="jenkins_ingest"),
        "v1 list by project and severity": listed(project="group/project-3", severity="high"),
        "one analysis": lambda: store.analysis(tenant, chance.choice(ids)),
        "legacy list": legacy(),
        "legacy list by severity": legacy(severity="high"),
        "legacy list by project": legacy(project="group/project-3"),
        "overview 30": lambda: store.overview(tenant, today - 29),
        "overview 365": lambda: store.overview(tenant, today - 364),
        "timeseries 180": lambda: store.failures_by_day(tenant, today - 179),
        "top projects 30": lambda: store.top_projects(tenant, today - 29, 10),
        "top projects 180": lambda: store.top_projects(tenant, today - 179, 10),
        "top causes 30": lambda: store.top_causes(tenant, today - 29, 10),
        "top causes 180": lambda: store.top_causes(tenant, today - 179, 10),
        "clusters": lambda: (store.count_clusters(tenant), store.clusters(tenant, None, offset=0, rows_max=100)),
        "clusters active": lambda: store.clusters(tenant, "active", offset=200, rows_max=100),
        "one cluster": lambda: store.cluster(tenant, cluster),
        "badges": lambda: store.clusters_of(tenant, ids),
        **pages(store, tenant, chance),
    }


def pages(store: Store, tenant: uuid.UUID, chance: random.Random) -> dict[str, Callable[[], object]]:  # noqa: C901 - a list of small functions
    """Give what the dashboard's pages ask for beyond that."""
    today, rows_max = NOW_US // DAY_US, limits.BROWSE_ROWS
    known = [cluster.id for cluster in store.clusters(tenant, None, offset=0, rows_max=500)]

    def place() -> Position:
        return Position(NOW - timedelta(seconds=chance.randrange(DAYS * 86_400)), uuid.UUID(int=0))

    def searched(**conditions: Callable[[], Any]) -> Callable[[], object]:
        def ask() -> object:
            where = AnalysisFilter(**{name: made() for name, made in conditions.items()})
            examined_max = limits.BROWSE_EXAMINED_MAX
            return store.search(tenant, where, after=place(), rows_max=rows_max + 1, examined_max=examined_max)

        return ask

    def project() -> str:
        return f"group/project-{chance.randrange(PROJECTS)}"

    def category() -> str:
        return chance.choice(CATEGORIES)

    def severity() -> str:
        return chance.choice(("low", "medium", "high"))

    def branch() -> str:
        return chance.choice(BRANCHES)

    def clusters(count: int) -> Callable[[], tuple[uuid.UUID, ...]]:
        return lambda: tuple(chance.sample(known, count))

    def news() -> object:
        than = Position(NOW - timedelta(minutes=chance.randrange(600)), uuid.UUID(int=0))
        return store.count_newer(tenant, AnalysisFilter(severity="high"), than=than, rows_max=limits.NEWS_MAX + 1)

    def words(status: ClusterStatus | None) -> object:
        text = f"cause {chance.randrange(CAUSES)}"
        return store.clusters_like(tenant, text, status, offset=0, rows_max=limits.BROWSE_CLUSTERS_MAX)

    def project_rows(text: str, after: str) -> object:
        names = store.project_names(tenant, text=text, after=after, rows_max=rows_max + 1)
        return store.project_days(tenant, names[:rows_max], today - 29)

    return {
        "search": searched(),
        "search by project": searched(project=project),
        "search by branch": searched(branch=branch),
        "search by category": searched(category=category),
        "search by provider": searched(provider_label=lambda: chance.choice(PROVIDERS)),
        "search by project and severity": searched(project=project, severity=severity),
        "search by three filters": searched(project=project, severity=severity, category=category),
        "search by filters that fit nothing": searched(branch=lambda: "main", category=lambda: "none"),
        "search by cluster": searched(cluster_ids=clusters(1)),
        "search by 40 clusters": searched(cluster_ids=clusters(limits.BROWSE_CLUSTERS_MAX)),
        "search by 40 clusters and severity": searched(
            cluster_ids=clusters(limits.BROWSE_CLUSTERS_MAX), severity=severity
        ),
        "what came since": news,
        "filters: categories": lambda: store.choices(tenant, "category", rows_max=limits.CHOICES_MAX),
        "filters: providers": lambda: store.choices(tenant, "provider_label", rows_max=limits.CHOICES_MAX),
        "filters: sources": lambda: store.choices(tenant, "source", rows_max=limits.CHOICES_MAX),
        "filters: projects": lambda: store.project_names(tenant, text="", after="", rows_max=limits.CHOICES_MAX),
        "failures by kind 30": lambda: store.failures_by_kind(tenant, today - 29),
        "failures by kind 90": lambda: store.failures_by_kind(tenant, today - 89),
        "new clusters": lambda: store.clusters_since(tenant, "new", NOW - timedelta(days=7), rows_max=6),
        "clusters that are back": lambda: store.clusters_since(tenant, "back", NOW - timedelta(days=7), rows_max=6),
        "clusters by words": lambda: words(None),
        "clusters by words, active": lambda: words("active"),
        "days of 25 clusters": lambda: store.cluster_days(tenant, clusters(rows_max)(), today - 29, today),
        "days of a cluster, 90": lambda: store.cluster_days(tenant, clusters(1)(), today - 89, today),
        "counts of 25 clusters": lambda: store.cluster_counts(tenant, clusters(rows_max)()),
        "projects by name": lambda: project_rows("", project()),
        "projects by words": lambda: project_rows(f"t-{chance.randrange(20)}", ""),
        "one project, 90": lambda: store.project_days(tenant, (project(),), today - 89),
        "any analysis": lambda: store.has_analyses(tenant),
    }


def make(url: str, analyses: int) -> str:
    """Make and fill a database unless it is filled, and say how large it is."""
    opening.migrate(url)
    if opening.is_postgresql(opening.parse_url(url)):
        with psycopg.connect(url) as connection:
            is_empty = connection.execute("SELECT 1 FROM tenants LIMIT 1").fetchone() is None
        if is_empty:
            fill_postgresql(url, analyses)
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        size_bytes = found[0] if found else 0
    else:
        path = Path(url.removeprefix("sqlite:///"))
        with closing(sqlite3.connect(path)) as file:
            is_empty = file.execute("SELECT 1 FROM tenants LIMIT 1").fetchone() is None
        if is_empty:
            fill_sqlite(path, analyses)
        size_bytes = path.stat().st_size
    return f"{f'{analyses:,} analyses' if is_empty else 'filled before'}, {size_bytes / 2**20:,.0f} MiB"


def backends(url: str) -> list[Path]:
    """Give the kernel's accounts of PostgreSQL's processes that serve this one; none for SQLite."""
    if not opening.is_postgresql(opening.parse_url(url)):
        return []
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return [path for (pid,) in found if (path := Path(f"/proc/{pid}/schedstat")).exists()]


def cpu_s(accounts: list[Path]) -> float:
    """Give the time of the processor of this thread and of some processes, in seconds."""
    return time.thread_time() + sum(int(path.read_text(encoding="ascii").split()[0]) for path in accounts) / 1e9


def percentiles(times_ms: list[float]) -> str:
    """Write times as three of their percentiles."""
    cuts = statistics.quantiles(times_ms, n=100)
    return "   ".join(f"p{place} {cuts[place - 1]:6.2f} ms" for place in (50, 95, 99))


def ask_all(url: str, asks: int) -> list[str]:
    """Ask every question so often, print how long it took, and give the names of the slow ones."""
    slow: list[str] = []
    store = opening.open_store(url, threads=1, connections_max=1)
    try:
        asked = questions(store, TENANTS[0], random.Random(2))
        accounts = backends(url)
        gc.freeze()  # as the server does before its first request
        for name, ask in asked.items():
            times_ms: list[float] = []
            cpu_ms: list[float] = []
            for _ in range(asks):
                cpu_before_s, start_s = cpu_s(accounts), time.perf_counter()
                ask()
                times_ms.append((time.perf_counter() - start_s) * 1000)
                cpu_ms.append((cpu_s(accounts) - cpu_before_s) * 1000)
            print(f"{name:34}  {percentiles(times_ms)}   of the processor: {percentiles(cpu_ms)}", flush=True)
            slow += [name] if statistics.quantiles(cpu_ms, n=100)[98] > P99_MS_MAX else []
    finally:
        store.close()
    return slow


def main() -> None:
    """Make the database, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--analyses", type=int, default=200_000)
    parser.add_argument("--asks", type=int, default=200)
    parser.add_argument("--database", help="URL of a database; a temporary SQLite file by default")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = chosen.database or f"sqlite:///{folder}/exlogare.db"
        print(make(url, chosen.analyses), flush=True)
        slow = ask_all(url, chosen.asks)
    if slow:
        sys.exit(f"over {P99_MS_MAX} ms of the processor: {', '.join(slow)}")


if __name__ == "__main__":
    main()
