"""Figures through the whole application: by v1 for programs, by cookie for the dashboard."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from exlogare_server.settings import Settings
from exlogare_server.store import durations
from exlogare_server.store.sql import rollups
from tests.server.harness import JENKINS, Api

EMPTY = {
    "failures_detected": 0, "analyses_completed": 0, "rca_count": 0,
    "severity_counts": {"low": 0, "medium": 0, "high": 0}, "avg_time_to_rca_seconds": None,
    "p50_time_to_rca_seconds": None, "p90_time_to_rca_seconds": None, "window_days": 30,
}  # fmt: skip


def post(api: Api, number: int, log: str = "boom", *, status: str = "FAILURE", project: str = "app") -> str:
    """Post a Jenkins build."""
    return api.accepted(
        "jenkins", {**JENKINS, "build_number": number, "log": log, "status": status, "project": project}
    )


def stats(api: Api, name: str, **parameters: str) -> Any:
    """Get figures."""
    result = api.get(f"/api/v1/stats/{name}", **parameters)
    assert result.status_code == 200, result.text
    return result.json


def everything(api: Api) -> dict[str, Any]:
    """All figures, without times, which differ from run to run."""
    overview = stats(api, "overview")
    return {
        "overview": {name: value for name, value in overview.items() if "time_to" not in name},
        "days": {day["date"]: day["failures"] for day in stats(api, "timeseries") if day["failures"]},
        "projects": stats(api, "top-projects"),
        "causes": sorted(stats(api, "top-root-causes"), key=lambda row: str(row["root_cause"])),
        "clusters": {row["last_root_cause"]: row["count"] for row in api.get("/api/v1/clusters").json["items"]},
        "total": api.get("/api/analyses").json["total"],
    }


def test_nothing_there(api: Api) -> None:
    """Zeros, and no times."""
    assert stats(api, "overview") == EMPTY
    assert stats(api, "top-projects") == stats(api, "top-root-causes") == []
    assert {day["failures"] for day in stats(api, "timeseries")} == {0}


def test_overview(api: Api) -> None:
    """A success counts as an analysis and not as a failure; times are between request and analysis."""
    post(api, 1, "low x")
    post(api, 2, "low y")
    post(api, 3, "medium")
    post(api, 4, "high", status="SUCCESS")

    found = stats(api, "overview")

    times = [found.pop(f"{kind}_time_to_rca_seconds") for kind in ("avg", "p50", "p90")]
    assert found == {
        "failures_detected": 3, "analyses_completed": 4, "rca_count": 4,
        "severity_counts": {"low": 2, "medium": 1, "high": 1}, "window_days": 30,
    }  # fmt: skip
    assert all(0 <= seconds < 60 for seconds in times)
    assert times[1] <= times[2]


def test_timeseries_has_every_day(api: Api) -> None:
    """Ascending, today included; a day ends at midnight UTC."""
    post(api, 1)
    api.clock.advance(hours=11, minutes=59, seconds=59)
    post(api, 2)
    api.clock.advance(seconds=1)
    post(api, 3)
    post(api, 4, status="SUCCESS")
    api.clock.advance(days=1)

    assert stats(api, "timeseries", days="4") == [
        {"date": "2026-11-22", "failures": 0},
        {"date": "2026-11-23", "failures": 2},
        {"date": "2026-11-24", "failures": 1},
        {"date": "2026-11-25", "failures": 0},
    ]
    assert len(stats(api, "timeseries")) == 30
    assert len(stats(api, "timeseries", days="5.0")) == 5
    assert stats(api, "timeseries", days="1") == [{"date": "2026-11-25", "failures": 0}]


def test_window_is_whole_days(api: Api) -> None:
    """What lies before it counts nowhere."""
    post(api, 1)
    api.clock.advance(days=2)
    post(api, 2, "other", project="lib")

    assert stats(api, "overview", days="2")["failures_detected"] == 1
    assert stats(api, "overview", days="3")["failures_detected"] == 2
    assert [row["project_id"] for row in stats(api, "top-projects", days="2")] == ["lib"]
    assert [row["root_cause"] for row in stats(api, "top-root-causes", days="2")] == ["other"]


def test_top_projects(api: Api) -> None:
    """Most failures first, then by name; a project without a failure is in no top list."""
    for number, project in enumerate(["b", "a", "c", "c"]):
        post(api, number, project=project)
    post(api, 9, project="d", status="SUCCESS")
    post(api, 10, project="c", status="SUCCESS")

    assert stats(api, "top-projects") == [
        {"project_id": name, "project_path": name, "failures": count, "analyses": count}
        for name, count in (("c", 2), ("a", 1), ("b", 1))
    ]
    assert [row["project_id"] for row in stats(api, "top-projects", limit="1")] == ["c"]


def test_top_root_causes(api: Api) -> None:
    """Grouped by what is the same cause, in the words of the newest one."""
    post(api, 1, "boom in line 1")
    api.clock.advance(seconds=1)
    post(api, 2, "boom in line 2", project="other")
    post(api, 3, "low on memory")
    post(api, 4, "fine", status="SUCCESS")

    assert stats(api, "top-root-causes") == [
        {"root_cause": "boom in line 2", "severity": "high", "count": 2},
        {"root_cause": "low on memory", "severity": "low", "count": 1},
    ]


@pytest.mark.parametrize(
    ("name", "parameters", "loc"),
    [
        ("overview", {"days": "0"}, "days"),
        ("overview", {"days": "366"}, "days"),
        ("timeseries", {"days": "181"}, "days"),
        ("timeseries", {"days": "x"}, "days"),
        ("top-projects", {"days": "181"}, "days"),
        ("top-projects", {"limit": "51"}, "limit"),
        ("top-root-causes", {"days": "0"}, "days"),
        ("top-root-causes", {"limit": "0"}, "limit"),
    ],
)
def test_parameters_out_of_range(api: Api, name: str, parameters: dict[str, str], loc: str) -> None:
    """422 that names the parameter, on both addresses."""
    browser = api.browser("viewer")
    for result in (api.get(f"/api/v1/stats/{name}", **parameters), browser.get(f"/api/stats/{name}", **parameters)):
        assert result.status_code == 422
        assert [field["loc"] for field in result.json["detail"]] == [["query", loc]]


@pytest.mark.parametrize("name", ["overview", "timeseries", "top-projects", "top-root-causes"])
def test_same_figures_by_cookie(api: Api, name: str) -> None:
    """And by a bearer at the same address; nothing without a credential."""
    post(api, 1)
    browser = api.browser("viewer")

    assert browser.get(f"/api/stats/{name}").json == stats(api, name) == api.get(f"/api/stats/{name}").json
    assert api.request("GET", f"/api/stats/{name}").status_code == 401
    assert api.request("GET", f"/api/v1/stats/{name}").status_code == 401
    only_ingest = api.add_token(None, "ingest")
    assert api.get(f"/api/v1/stats/{name}", token=only_ingest).json == {"detail": "Missing scope: read"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("boom", "FAILURE"), ("boom", "FAILURE")),
        (("boom", "FAILURE"), ("low memory", "FAILURE")),
        (("boom", "FAILURE"), ("boom", "SUCCESS")),
        (("boom", "SUCCESS"), ("boom", "FAILURE")),
        (("boom", "SUCCESS"), ("medium", "SUCCESS")),
        (("boom", "FAILURE"), ("shared", "FAILURE")),
        (("shared", "FAILURE"), ("boom", "FAILURE")),
        (("shared", "FAILURE"), ("shared", "SUCCESS")),
    ],
)
def test_renewed_run_counts_once(settings: Settings, before: tuple[str, str], after: tuple[str, str]) -> None:
    """All figures are those of a server that only ever got the last post, a day later or not."""
    figures = []
    for posts in ((before, after), (after,)):
        api = Api(settings_copy(settings, len(posts)))
        post(api, 1, "shared cause")
        for log, status in posts:
            post(api, 2, log, status=status)
        figures.append(everything(api))
        api.clock.advance(days=1)
        post(api, 2, after[0], status=after[1])
        figures.append(everything(api))
        api.close()

    assert figures[0] == figures[1] == figures[2] == figures[3]


def settings_copy(settings: Settings, number: int) -> Settings:
    """Settings of a further database, a copy of the first."""
    from tests.server.harness import settings_for  # noqa: PLC0415

    return settings_for(settings.data_dir.parent / f"copy{number}", settings.data_dir / "exlogare.db")


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 4), st.sampled_from(["boom", "low x", "medium y"]), st.sampled_from(["FAILURE", "SUCCESS"]),
        ),
        max_size=14,
    )
)  # fmt: skip
def test_figures_follow_any_posts(settings: Settings, posts: list[tuple[int, str, str]]) -> None:
    """Whatever is posted again and again, the figures are those of the last post of each run."""
    (settings.data_dir / "exlogare.db-wal").unlink(missing_ok=True)
    api = Api(settings_copy(settings, 0))
    last: dict[int, tuple[str, str]] = {}
    for number, log, status in posts:
        post(api, number, log, status=status)
        last[number] = (log, status)

    found = everything(api)
    api.close()

    failed = [log for log, status in last.values() if status == "FAILURE"]
    assert found["overview"]["failures_detected"] == len(failed)
    assert found["overview"]["analyses_completed"] == found["total"] == len(last)
    by_severity = {"low": "low x", "medium": "medium y", "high": "boom"}
    assert found["overview"]["severity_counts"] == {
        name: sum(log == text for log, _ in last.values()) for name, text in by_severity.items()
    }
    assert found["days"] == ({"2026-11-23": len(failed)} if failed else {})
    assert sum(row["failures"] for row in found["projects"]) == len(failed)
    counts = {log: failed.count(log) for log in set(failed)}
    assert {row["root_cause"]: row["count"] for row in found["causes"]} == counts == found["clusters"]


@given(st.integers(0, 10**9))
def test_bucket_holds_its_duration(duration_ms: int) -> None:
    """Each duration lies in the bucket that it is put in, and buckets are narrow."""
    low, high = durations.bounds_ms(durations.bucket_of(duration_ms))

    assert low <= duration_ms < high
    assert high - low <= max(1, low / 8)


@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=60), st.sampled_from([0.5, 0.9]))
def test_percentile_is_near(times_ms: list[int], share: float) -> None:
    """Within a bucket's width of the duration of that rank."""
    buckets: dict[int, int] = {}
    for value in times_ms:
        buckets[durations.bucket_of(value)] = buckets.get(durations.bucket_of(value), 0) + 1
    rank = max(1, -int(-share * len(times_ms) // 1))
    exact = sorted(times_ms)[rank - 1]

    found = durations.percentile_ms(sorted(buckets.items()), share)

    assert found is not None
    low, high = durations.bounds_ms(durations.bucket_of(exact))
    assert low <= found < high or share * len(times_ms) != rank


def test_percentile_of_nothing() -> None:
    """There is none."""
    assert durations.percentile_ms([], 0.5) is None


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 60))
def test_parts_are_the_days_once(first: int, oldest: int, later: int) -> None:
    """Whole spans, none of which retention has let go of, that together count each day from the first one on once."""
    base = 20_000
    first_day, oldest_day = base + max(first, oldest), base + oldest
    end = (first_day + later) // rollups.SPANS[-1] * rollups.SPANS[-1] + rollups.SPANS[-1]
    counted: Counter[int] = Counter()
    parts = rollups.parts_since(first_day, oldest_day)
    for span, start, stop, sign in parts:
        days = range(start, end if stop is None else stop)
        assert start % span == 0
        assert len(days) % span == 0
        assert start >= oldest_day
        for day in days:
            counted[day] += sign

    assert +counted == Counter(range(first_day, end))
    assert min(counted.values()) >= 0
    assert sum((stop - start) // span for span, start, stop, _ in parts if stop is not None) <= 3 + 2 + (
        6 + 3 if first_day - oldest_day < rollups.SPANS[-1] else 0
    )
