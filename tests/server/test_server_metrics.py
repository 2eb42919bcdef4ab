"""The counts for Prometheus."""

import math
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from exlogare_server.errors import StoreUnavailableError
from tests.server.harness import JENKINS, Api


def counts(api: Api) -> dict[tuple[str, ...], float]:
    """All samples by name and the values of their labels."""
    result = api.request("GET", "/metrics")
    assert (result.status_code, result.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(result.text)
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_requests_are_counted(api: Api) -> None:
    """By method, template of the route and status: what clients make up makes no new line."""
    api.accepted("jenkins", JENKINS)
    api.get("/api/v1/analyses/5e0c3ad4-6f0b-4b0e-9a52-0f4f0ed9e1d2")
    api.get("/api/v1/analyses/x")
    api.get("/nowhere/1")
    api.request("TRACE", "/nowhere/2")

    found = counts(api)

    assert {key[1:]: value for key, value in found.items() if key[0] == "exlogare_requests_total"} == {
        ("POST", "/api/ingest/jenkins", "202"): 1,
        ("GET", "/api/v1/analyses/{analysis_id}", "404"): 2,
        ("GET", "-", "404"): 1,
        ("other", "-", "404"): 1,
    }
    assert found["exlogare_request_seconds_total", "POST", "/api/ingest/jenkins"] > 0


def test_logs_are_counted(api: Api) -> None:
    """Their sizes, how long they took, and the analyses by category; a refused one is none."""
    for number, (status, log) in enumerate([("FAILURE", "x" * 2000), ("SUCCESS", "y" * 10), ("odd", "z")]):
        api.post("jenkins", {**JENKINS, "build_number": number, "status": status, "log": log})

    found = counts(api)

    assert found["exlogare_log_bytes_sum", "jenkins"] == 2010
    assert found["exlogare_log_bytes_count", "jenkins"] == found["exlogare_ingest_seconds_count", "jenkins"] == 2
    assert found["exlogare_log_bytes_bucket", "jenkins", "1024.0"] == 1
    assert found["exlogare_ingest_seconds_sum", "jenkins"] > 0
    assert {key[1:]: value for key, value in found.items() if key[0] == "exlogare_analyses_total"} == {
        ("code.test", "true"): 1,
        ("code.test", "false"): 1,
    }
    assert found["exlogare_in_flight_bytes",] == 0
    assert found["exlogare_deliveries_owed",] == 0


def test_nothing_of_a_tenant_is_told(api: Api) -> None:
    """No name, no project, no word of a log: the page needs no credential."""
    api.accepted("jenkins", {**JENKINS, "job": "SECRETJOB", "log": "SECRETLOG"})

    text = api.request("GET", "/metrics").text

    assert not re.search("SECRET|acme|Acme", text)


def test_counts_are_there_without_the_database(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the length of the queue is not known then."""

    def away() -> int:
        raise StoreUnavailableError("away", 2)

    monkeypatch.setattr(api.store, "count_deliveries", away)

    owed = counts(api)["exlogare_deliveries_owed",]

    assert math.isnan(owed)
