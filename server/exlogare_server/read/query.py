"""The parameters of a list of analyses, checked."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import get_args

import msgspec

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, FieldError, FieldsError
from exlogare_server.read import cursor, moments
from exlogare_server.store.protocol import AnalysisFilter, Position, Severity

_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


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


def parse(parameters: Mapping[str, str]) -> ListQuery:
    """Check the parameters of ``GET /api/v1/analyses``; unknown ones and empty ones are left aside.

    Raises:
        FieldsError: one cannot be read or is out of range; all of these are told.
        BadRequestError: an unknown severity, a bad cursor, a window that is empty or too long.
    """
    errors: list[FieldError] = []
    since = _moment(parameters, "since", errors)
    until = _moment(parameters, "until", errors)
    rows_max = _limit(parameters.get("limit"), errors)
    for name in ("project", "source"):
        if len(parameters.get(name, "")) > limits.FILTER_CHARACTERS_MAX or "\0" in parameters.get(name, ""):
            message = f"Expected at most {limits.FILTER_CHARACTERS_MAX} characters."
            errors.append(FieldError(("query", name), message, "string_too_long"))
    if errors:
        raise FieldsError(errors)
    if since is not None and until is not None:
        if since.start > until.last:
            raise BadRequestError("since is later than until.")
        if until.start - since.start > timedelta(days=limits.WINDOW_DAYS_MAX):
            raise BadRequestError(f"The window from since to until is over {limits.WINDOW_DAYS_MAX} days.")
    place = parameters.get("cursor")
    return ListQuery(
        where=AnalysisFilter(
            since=since.start if since else None,
            until=until.last if until else None,
            severity=_severity(parameters.get("severity")),
            project=parameters.get("project") or None,
            source=parameters.get("source") or None,
        ),
        after=cursor.read(place) if place else None,
        rows_max=rows_max,
    )


def _moment(parameters: Mapping[str, str], name: str, errors: list[FieldError]) -> moments.Moment | None:
    text = parameters.get(name)
    if not text:
        return None
    moment = moments.parse(text)
    if moment is None:
        errors.append(FieldError(("query", name), "Expected an ISO 8601 date or date-time.", "datetime_parsing"))
    return moment


def _limit(text: str | None, errors: list[FieldError]) -> int:
    if not text:
        return limits.PAGE_ROWS
    if not _INTEGER.fullmatch(text.strip()):
        errors.append(FieldError(("query", "limit"), "Expected a whole number.", "int_parsing"))
        return limits.PAGE_ROWS
    value = int(text)
    if not 1 <= value <= limits.PAGE_ROWS_MAX:
        kind = "greater_than_equal" if value < 1 else "less_than_equal"
        errors.append(FieldError(("query", "limit"), f"Expected 1 to {limits.PAGE_ROWS_MAX}.", kind))
    return value


def _severity(text: str | None) -> Severity | None:
    if not text:
        return None
    for severity in get_args(Severity):
        if severity == text:
            found: Severity = severity
            return found
    raise BadRequestError("Invalid severity")
