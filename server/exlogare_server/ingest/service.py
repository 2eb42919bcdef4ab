"""The use case: take a body, find the root cause, keep the analysis, say its id."""

import logging
import time
import uuid
from typing import Protocol

from exlogare_ci.analysis.model import Analysis
from exlogare_server import limits
from exlogare_server.errors import BusyError
from exlogare_server.ingest import outcome, statuses
from exlogare_server.ingest.decoding import decode
from exlogare_server.ingest.engines import EngineFaultError
from exlogare_server.ingest.flight import FlightBudget, Lease, Slots
from exlogare_server.ingest.looking import RATE_NAME, Look, look_of
from exlogare_server.ingest.rate import IngestRate
from exlogare_server.ingest.routing import Endpoint, Run
from exlogare_server.metrics import Metrics
from exlogare_server.store.protocol import NewAnalysis, Store
from exlogare_server.times import Clock


class Engine(Protocol):
    """Finds the root cause in a raw log; safe to call from several threads at once."""

    def __call__(self, log: bytes | bytearray, *, known_failed: bool | None = None) -> Analysis:
        """Analyse a log; ``known_failed`` is true where the job is known to have failed, else ``None``."""


class EngineOfBytes(Protocol):
    """An engine that wants its log as ``bytes``, such as ``analyze`` itself."""

    def __call__(self, log: bytes, *, known_failed: bool | None = None) -> Analysis:
        """See ``Engine``."""


_log = logging.getLogger("exlogare_server.ingest")


class Ingest:
    """Takes logs in.

    Args:
        store: where the analyses go.
        engine: finds the root cause in a raw log.
        engines: how many logs may be at the engine at once.
        clock: gives the present time.
        rate: how often a tenant may post.
        budget: how many bytes of bodies may be in memory.
        metrics: counts what was taken.
    """

    def __init__(
        self,
        *,
        store: Store,
        engine: Engine,
        engines: int,
        clock: Clock,
        rate: IngestRate,
        budget: FlightBudget,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._engine = engine
        self._clock = clock
        self._rate = rate
        self._budget = budget
        self._metrics = metrics
        self._slots = Slots(engines)

    def admit(self, tenant_id: uuid.UUID, endpoint: Endpoint) -> Lease:
        """Let a request in before its body is read.

        Returns:
            What the request may hold in memory; use it in a ``with`` statement.

        Raises:
            RateLimitedError: the tenant posts too often.
        """
        self._rate.check(tenant_id, endpoint.name)
        return self._budget.lease()

    def admit_look(self, tenant_id: uuid.UUID) -> Lease:
        """Let in a request with a log that is only to be looked at; as ``admit``, with a rate of its own.

        Raises:
            RateLimitedError: the tenant looks too often.
        """
        self._rate.check(tenant_id, RATE_NAME)
        return self._budget.lease()

    def look(self, log: bytes) -> Look:
        """Analyse a log; nothing of it is kept, counted or sent.

        Raises:
            BusyError: the server holds all it can.
        """
        return look_of(self._analyse(log, known_failed=None))

    def accept(
        self, tenant_id: uuid.UUID, endpoint: Endpoint, body: bytearray, *, lease: Lease, started_s: float
    ) -> uuid.UUID:
        """Analyse a body's log and keep the result. The body is emptied as soon as the log is out of it.

        Args:
            tenant_id: whose it is.
            endpoint: where it was posted.
            body: JSON text, unpacked.
            lease: holds the body's bytes already.
            started_s: when the request began, by ``time.perf_counter``.

        Returns:
            The analysis's id. It is durable: a kill of the server at any later moment does not lose it.

        Raises:
            BadRequestError: no JSON, or an unknown status.
            FieldsError: fields do not fit.
            TooLargeError: the log is over its limit.
            BusyError: the server holds all it can.
            StoreUnavailableError: the database does not take it.
        """
        # The log is cut out of the body while both are held.
        lease.hold(len(body) + min(len(body), limits.LOG_BYTES_MAX))
        fields, log = decode(body, endpoint.body_type)
        body.clear()
        lease.hold(len(log))
        now = self._clock()
        run = endpoint.route(fields, now)
        statuses.check(endpoint.name, run.status)
        analysis = self._analyse(log, known_failed=True if run.failure else None)
        log_bytes = len(log)
        del log
        rca_ms = round((time.perf_counter() - started_s) * 1000)
        record = _record(tenant_id, run, analysis, rca_ms)
        analysis_id = self._store.save_analysis(record, now)
        self._metrics.ingested(
            endpoint.name,
            log_bytes=log_bytes,
            duration_s=time.perf_counter() - started_s,
            category=record.category,
            failure=record.failure,
        )
        return analysis_id

    def _analyse(self, log: bytes | bytearray, known_failed: bool | None) -> Analysis:
        with self._slots:
            try:
                return self._engine(log, known_failed=known_failed)
            except BusyError:
                raise
            except Exception as error:  # noqa: BLE001 - an engine's fault must not cost the post, nor quote the log
                _log.error("engine failed", extra={"error": _kind_of(error), "log_bytes": len(log)})
                return outcome.engine_failed()


def _kind_of(error: Exception) -> str:
    return error.kind if isinstance(error, EngineFaultError) else type(error).__name__


def _record(tenant_id: uuid.UUID, run: Run, analysis: Analysis, rca_ms: int) -> NewAnalysis:
    return NewAnalysis(
        tenant_id=tenant_id,
        run_key=run.key(),
        provider=run.provider,
        provider_label=run.provider_label,
        source=run.source,
        ci_run_id=run.ci_run_id,
        ci_job_id=run.ci_job_id,
        project=run.project,
        pipeline_url=run.url,
        job_url=run.url,
        job_name=run.job_name,
        build_number=run.build_number,
        branch=run.branch,
        commit_sha=run.commit_sha,
        status=run.status,
        failure=run.failure,
        root_cause=outcome.text(analysis.root_cause, "The cause is unknown.", limits.ROOT_CAUSE_CHARACTERS_MAX),
        explanation=outcome.text(analysis.explanation, "Nothing more is known.", limits.EXPLANATION_CHARACTERS_MAX),
        fix_suggestion=outcome.text(analysis.fix_suggestion, "Read the failing lines.", limits.FIX_CHARACTERS_MAX),
        severity=outcome.severity(analysis),
        confidence=outcome.confidence(analysis),
        category=outcome.category(analysis),
        evidence=outcome.evidence(analysis),
        fingerprint=outcome.text(analysis.fingerprint, "", limits.FINGERPRINT_CHARACTERS_MAX),
        tool=outcome.text(analysis.tool, "", limits.TOOL_CHARACTERS_MAX) or None if analysis.tool else None,
        cause_line=analysis.cause_line,
        needs_more_context=analysis.needs_more_context,
        missing_context_hint=outcome.hint(analysis),
        rca_ms=rca_ms,
        reasons=outcome.reasons(analysis),
    )
