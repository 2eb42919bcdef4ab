"""A job's result in the words of each ingest endpoint. Imports nothing of ours."""

import re
from collections.abc import Mapping

STATUS_CHARS_MAX = 32

KINDS: Mapping[str, tuple[str, ...]] = {
    "success": ("success", "succeeded", "successful", "passed", "pass", "ok", "green", "fixed", "stable",
                "completed", "aborted_with_success"),
    "failed": ("failed", "failure", "fail", "failing", "broken", "red", "test_failed"),
    "error": ("error", "errored", "infrastructure_fail", "infra_failed", "startup_failure", "system_failure",
              "internal_error", "fault"),
    "unstable": ("unstable", "succeededwithissues", "succeeded_with_issues", "partially_succeeded",
                 "partiallysucceeded", "warning"),
    "cancelled": ("cancelled", "canceled", "aborted", "killed", "stopped", "interrupted", "terminated", "abandoned",
                  "cancelling", "canceling", "stopping", "halted"),
    "timeout": ("timeout", "timedout", "timed_out", "expired"),
    "skipped": ("skipped", "not_built", "notbuilt", "not_run", "notrun", "neutral", "not_executed"),
    "running": ("running", "in_progress", "inprogress", "started", "executing", "building", "working", "starting",
                "booting"),
    "pending": ("pending", "queued", "created", "waiting", "scheduled", "preparing", "on_hold", "enqueued",
                "initial", "triggered", "received", "waiting_for_resource"),
    "blocked": ("blocked", "manual", "action_required", "paused", "needs_approval"),
    "declined": ("declined", "rejected", "denied"),
    "unauthorized": ("unauthorized",),
}  # fmt: skip
"""What CI services call each kind of result. A word in none of them counts as failed."""

VOCABULARY: Mapping[str, frozenset[str]] = {
    "jenkins": frozenset({"success", "failure", "unstable", "aborted", "not_built"}),
    "circleci": frozenset(
        {
            "success", "failed", "failing", "error", "errored", "canceled", "cancelled", "timedout",
            "unauthorized",
            "blocked", "running",
        }
    ),
    "teamcity": frozenset({"success", "failure", "failed", "error", "canceled", "cancelled", "running"}),
    "drone": frozenset(
        {
            "success", "failure", "failed", "error", "errored", "killed", "skipped", "blocked", "declined",
            "running", "pending",
        }
    ),
    "log": frozenset(
        {
            "success", "passed", "ok", "failed", "failure", "error", "errored", "cancelled", "canceled",
            "timeout",
            "timedout", "aborted", "killed", "running", "pending", "queued", "skipped", "blocked", "declined",
            "not_built",
        }
    ),
}  # fmt: skip
"""What each endpoint of the contract knows. The generic one takes any other word, too, as a failure."""

# Where an endpoint has no word of a kind: no failure stays none, a failure stays one.
WORDS: Mapping[str, Mapping[str, str]] = {
    "jenkins": {
        "success": "SUCCESS", "failed": "FAILURE", "error": "FAILURE", "unstable": "UNSTABLE",
        "cancelled": "ABORTED", "timeout": "ABORTED", "skipped": "NOT_BUILT", "running": "NOT_BUILT",
        "pending": "NOT_BUILT", "blocked": "NOT_BUILT", "declined": "NOT_BUILT", "unauthorized": "FAILURE",
    },
    "circleci": {
        "success": "success", "failed": "failed", "error": "error", "unstable": "failed",
        "cancelled": "canceled",
        "timeout": "timedout", "skipped": "blocked", "running": "running", "pending": "running",
        "blocked": "blocked", "declined": "blocked", "unauthorized": "unauthorized",
    },
    "teamcity": {
        "success": "success", "failed": "failure", "error": "error", "unstable": "failure",
        "cancelled": "canceled", "timeout": "failure", "skipped": "success", "running": "running",
        "pending": "running", "blocked": "running", "declined": "success", "unauthorized": "failure",
    },
    "drone": {
        "success": "success", "failed": "failure", "error": "error", "unstable": "failure",
        "cancelled": "killed",
        "timeout": "error", "skipped": "skipped", "running": "running", "pending": "pending",
        "blocked": "blocked", "declined": "declined", "unauthorized": "failure",
    },
    "log": {
        "success": "success", "failed": "failed", "error": "error", "unstable": "unstable",
        "cancelled": "cancelled",
        "timeout": "timeout", "skipped": "skipped", "running": "running", "pending": "pending",
        "blocked": "blocked", "declined": "declined", "unauthorized": "unauthorized",
    },
}  # fmt: skip

_KIND_BY_WORD = {word: kind for kind, words in KINDS.items() for word in words}


def kind_of(status: str) -> str:
    """Tell which kind of result a word means; ``failed`` for a word that nobody knows.

    Args:
        status: any text, any case; ``-`` and spaces count as ``_``.
    """
    return _KIND_BY_WORD.get(_plain(status), "failed")


def to_endpoint(endpoint: str, status: str) -> str:
    """Put a status into an endpoint's own words.

    Args:
        endpoint: a key of ``VOCABULARY``.
        status: not empty.

    Returns:
        The word itself where the endpoint knows it, else its nearest one; at most 32 characters.
    """
    word = _plain(status)
    if word in VOCABULARY[endpoint]:
        return word.upper() if endpoint == "jenkins" else word
    if endpoint == "log" and word not in _KIND_BY_WORD:
        return status[:STATUS_CHARS_MAX]
    return WORDS[endpoint][kind_of(status)]


def _plain(status: str) -> str:
    return re.sub(r"[\s-]+", "_", status.strip().lower())
