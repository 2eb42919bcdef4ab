"""Analyses read back from the server."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from exlogare_ci.answers import Reply
from exlogare_ci.errors import ProtocolError, SettingsError
from exlogare_ci.transport import Transport

PAGE_ITEMS_MAX = 500
"""The contract's upper limit of ``limit``."""
_PATH = "/api/v1/analyses"


class Evidence(msgspec.Struct, frozen=True):
    """A failing line: its number in the log that was sent, and its text."""

    line: int
    text: str


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line shows of an analysis; the contract's fields, the optional ones maybe ``None``."""

    id: str
    root_cause: str
    explanation: str = ""
    fix_suggestion: str = ""
    severity: str = ""
    confidence: float | None = None
    created_at: str = ""
    provider: str | None = None
    provider_label: str | None = None
    project_path: str | None = None
    status: str | None = None
    branch: str | None = None
    commit_sha: str | None = None
    job_name: str | None = None
    build_number: str | None = None
    pipeline_url: str | None = None
    job_url: str | None = None
    category: str | None = None
    evidence: list[Evidence] | None = None
    needs_more_context: bool | None = None
    missing_context_hint: str | None = None


def list_analyses(transport: Transport, params: Mapping[str, str], limit: int) -> list[dict[str, Any]]:
    """Read the newest analyses, page by page.

    Args:
        transport: speaks to the server with a token of scope ``read``.
        params: the contract's filters.
        limit: how many at most.

    Returns:
        The items as the server gave them, newest first.

    Raises:
        UploadError: see ``Transport.get``; ``ProtocolError`` when the answer is not the contract's.
    """
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while len(items) < limit:
        query = {**params, "limit": str(min(PAGE_ITEMS_MAX, limit - len(items)))}
        if cursor is not None:
            query["cursor"] = cursor
        page = _decoded(transport.get(_PATH, query), transport)
        rows, next_cursor = page.get("items"), page.get("next_cursor")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise _not_ours(transport)
        items += rows
        if not rows or not isinstance(next_cursor, str) or next_cursor == cursor:
            break
        cursor = next_cursor
    return items[:limit]


def read_analysis(transport: Transport, analysis_id: str) -> dict[str, Any]:
    """Read one analysis.

    Args:
        transport: see ``list_analyses``.
        analysis_id: its id.

    Returns:
        The object as the server gave it.

    Raises:
        SettingsError: the id cannot be one.
        UploadError: see ``list_analyses``; ``RefusedError`` with status 404 for an unknown id.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", analysis_id):
        raise SettingsError(f"{analysis_id!r} is no analysis id.", "Take one from `exl analyses list`.")
    return _decoded(transport.get(f"{_PATH}/{quote(analysis_id)}"), transport)


def to_analysis(item: Mapping[str, Any]) -> Analysis:
    """Check an item's types.

    Raises:
        ProtocolError: it is not the contract's.
    """
    try:
        return msgspec.convert(item, Analysis)
    except msgspec.ValidationError as error:
        raise ProtocolError(f"The server sent an analysis that is not the contract's: {error}.") from None


def _decoded(reply: Reply, transport: Transport) -> dict[str, Any]:
    try:
        return msgspec.json.decode(reply.body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _not_ours(transport) from None


def _not_ours(transport: Transport) -> ProtocolError:
    return ProtocolError(
        f"{transport.server} does not answer as an Exlogare server does.",
        "Check the server's URL in EXLOGARE_URL.",
    )
