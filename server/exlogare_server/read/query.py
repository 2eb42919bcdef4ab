"""The parameters of a list of analyses, checked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, get_args

import msgspec
from msgspec import Meta

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, FieldError, FieldsError
from exlogare_server.read import cursor, moments, parameters
from exlogare_server.store.protocol import SEVERITIES, AnalysisFilter, Position, Severity

Filter = Annotated[str, Meta(max_length=limits.FILTER_CHARACTERS_MAX)]
# What does not fit is told in the contract's own words, so the words are described, not checked, here.
SeverityName = Annotated[str, Meta(max_length=16, extra_json_schema={"enum": list(SEVERITIES)})]
MomentText = Annotated[
    str,
    Meta(
        max_length=limits.FILTER_CHARACTERS_MAX,
        description="A date or a date-time, included; UTC unless it says otherwise.",
        extra_json_schema={"anyOf": [{"format": "date-time"}, {"format": "date"}]},
    ),
]


class ListParameters(msgspec.Struct, frozen=True, kw_only=True):
    """A page of analyses, newest first; all conditions hold together."""

    since: MomentText | None = None
    until: MomentText | None = None
    severity: SeverityName | None = None
    project: Filter | None = None
    source: Filter | None = None
    cursor: Annotated[str, Meta(max_length=limits.FILTER_CHARACTERS_MAX)] | None = None
    limit: Annotated[int, Meta(ge=1, le=limits.PAGE_ROWS_MAX)] = limits.PAGE_ROWS


class LegacyParameters(msgspec.Struct, frozen=True, kw_only=True):
    """A page of analyses after ``offset``, newest first; both conditions hold together."""

    severity: SeverityName | None = None
    project_id: Filter | None = None
    limit: Annotated[int, Meta(ge=1, le=limits.LEGACY_PAGE_ROWS_MAX)] = limits.LEGACY_PAGE_ROWS
    offset: Annotated[int, Meta(ge=0, le=limits.OFFSET_MAX)] = 0


class ListQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of analyses is asked for.

    Attributes:
        where: which analyses.
        after: the place behind which the page begins.
        rows_max: how many rows a page has, 1 to 500.
    """

    where: AnalysisFilter
    after: Position | None
    rows_max: int


def parse(given: Mapping[str, str]) -> ListQuery:
    """Check the parameters of ``GET /api/v1/analyses``; unknown ones and empty ones are left aside.

    Raises:
        FieldsError: one cannot be read or is out of range; all of these are told.
        BadRequestError: an unknown severity, a bad cursor, a window that is empty or too long.
    """
    query = parameters.parse(given, ListParameters)
    errors: list[FieldError] = []
    since = _moment("since", query.since, errors)
    until = _moment("until", query.until, errors)
    if errors:
        raise FieldsError(errors)
    if since is not None and until is not None:
        if since.start > until.last:
            raise BadRequestError("since is later than until.")
        if until.start - since.start > timedelta(days=limits.WINDOW_DAYS_MAX):
            raise BadRequestError(f"The window from since to until is over {limits.WINDOW_DAYS_MAX} days.")
    return ListQuery(
        where=AnalysisFilter(
            since=since.start if since else None,
            until=until.last if until else None,
            severity=_severity(query.severity),
            project=query.project,
            source=query.source,
        ),
        after=cursor.read(query.cursor) if query.cursor else None,
        rows_max=query.limit,
    )


class LegacyQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What the legacy list is asked for."""

    where: AnalysisFilter
    offset: int
    rows_max: int


def parse_legacy(given: Mapping[str, str]) -> LegacyQuery:
    """Check the parameters of ``GET /api/analyses``; unknown ones and empty ones are left aside.

    Raises:
        FieldsError: one cannot be read or is out of range; all of these are told.
        BadRequestError: an unknown severity.
    """
    query = parameters.parse(given, LegacyParameters)
    where = AnalysisFilter(severity=_severity(query.severity), project=query.project_id)
    return LegacyQuery(where=where, offset=query.offset, rows_max=query.limit)


def _moment(name: str, text: str | None, errors: list[FieldError]) -> moments.Moment | None:
    if text is None:
        return None
    moment = moments.parse(text)
    if moment is None:
        errors.append(FieldError(("query", name), "Expected an ISO 8601 date or date-time.", "datetime_parsing"))
    return moment


def _severity(text: str | None) -> Severity | None:
    if not text:
        return None
    for severity in get_args(Severity):
        if severity == text:
            found: Severity = severity
            return found
    raise BadRequestError("Invalid severity")
