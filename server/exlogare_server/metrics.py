"""What the server counts, for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).

Nothing here names a tenant, a project or a word of a log, and no label takes what a client makes up. The
counts are this process's; each process of a server is asked by itself.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from exlogare_server.limits import KIB, MIB

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
# From a small log on an idle server to what a client waits for at most.
_INGEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_LOG_BYTES = (KIB, 10 * KIB, 100 * KIB, 500 * KIB, MIB, 2 * MIB, 5 * MIB, 10 * MIB)


class Metrics:
    """The counts of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "exlogare_requests", "Requests that were answered.", ["method", "route", "status"], registry=self._registry
        )
        self._request_s = Counter(
            "exlogare_request_seconds", "Time spent on requests.", ["method", "route"], registry=self._registry
        )
        self._ingest_s = Histogram(
            "exlogare_ingest_seconds",
            "From a post's head to the durable analysis.",
            ["endpoint"],
            buckets=_INGEST_S,
            registry=self._registry,
        )
        self._log_bytes = Histogram(
            "exlogare_log_bytes", "Sizes of logs, unpacked.", ["endpoint"], buckets=_LOG_BYTES, registry=self._registry
        )
        self._analyses = Counter(
            "exlogare_analyses", "Analyses that were kept.", ["category", "failure"], registry=self._registry
        )
        self._deliveries = Gauge(
            "exlogare_deliveries_owed", "Deliveries to receivers that are not settled.", registry=self._registry
        )
        self._held_bytes = Gauge(
            "exlogare_in_flight_bytes", "Bytes of request bodies in memory.", registry=self._registry
        )

        self._of_route: dict[tuple[str, str, int], tuple[Counter, Counter]] = {}

    def answered(self, method: str, route: str, status: int, duration_s: float) -> None:
        """Count a request.

        Args:
            method: as it was sent; one that is none counts as ``other``.
            route: the address's template, never the address.
            status: of the answer.
            duration_s: how long it took.
        """
        key = (method if method in _METHODS else "other", route, status)
        known = self._of_route.get(key)
        if known is None:
            # Kept: to find them by their labels costs more than to count.
            known = (self._requests.labels(key[0], route, str(status)), self._request_s.labels(key[0], route))
            self._of_route[key] = known
        known[0].inc()
        known[1].inc(duration_s)

    def ingested(self, endpoint: str, *, log_bytes: int, duration_s: float, category: str, failure: bool) -> None:
        """Count a log that was analysed and kept."""
        self._ingest_s.labels(endpoint).observe(duration_s)
        self._log_bytes.labels(endpoint).observe(log_bytes)
        self._analyses.labels(category, "true" if failure else "false").inc()

    def exposition(self, *, deliveries_owed: int | None, in_flight_bytes: int) -> bytes:
        """Give all counts.

        Args:
            deliveries_owed: the length of the queue; ``None`` when the database does not answer.
            in_flight_bytes: of request bodies.
        """
        self._deliveries.set(float("nan") if deliveries_owed is None else deliveries_owed)
        self._held_bytes.set(in_flight_bytes)
        return generate_latest(self._registry)
