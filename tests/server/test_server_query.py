"""The parameters of a list of analyses, and its cursor."""

import base64
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exlogare_server.errors import BadRequestError, FieldsError
from exlogare_server.read import cursor, moments, query
from exlogare_server.store.protocol import AnalysisFilter, Position

UTC = timezone.utc


@pytest.mark.parametrize(
    ("text", "start", "last"),
    [
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 23, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2026-11-23T10:20", datetime(2026, 11, 23, 10, 20, tzinfo=UTC), None),
        ("2026-11-23T10:20:30", datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC), None),
        ("2026-11-23 10:20:30.5", datetime(2026, 11, 23, 10, 20, 30, 500_000, tzinfo=UTC), None),
        ("2026-11-23T10:20:30,123456789Z", datetime(2026, 11, 23, 10, 20, 30, 123_456, tzinfo=UTC), None),
        ("2026-11-23t10:20:30z", datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC), None),
        ("2026-11-23T10:20:30+02:00", datetime(2026, 11, 23, 8, 20, 30, tzinfo=UTC), None),
        ("2026-11-23T10:20:30 02:00", datetime(2026, 11, 23, 8, 20, 30, tzinfo=UTC), None),
        ("2026-11-23T10:20:30-0530", datetime(2026, 11, 23, 15, 50, 30, tzinfo=UTC), None),
        ("2026-11-23T10:20:30+01", datetime(2026, 11, 23, 9, 20, 30, tzinfo=UTC), None),
    ],
)
def test_moment_is_read(text: str, start: datetime, last: datetime | None) -> None:
    """Dates, times with and without offset, and the blank that an unescaped plus becomes."""
    moment = moments.parse(text)

    assert moment is not None
    assert (start, last or start) == (moment.start, moment.last)


@pytest.mark.parametrize(
    "text",
    ["yesterday", "2026-13-01", "2026-02-30", "2026-11-23T25:00", "2026-11-23T10:60", "2026-11-23T10:20:61",
     "20261123", "2026-W01", "2026-11-23T", "2026-11-23Z", "2026-11-23T10:20+25:00", "2026-11-23T10:20+01:60",
     "0001-01-01T00:00+01", "9999-12-31", "0000-01-01", "٢٠٢٦-11-23", "1700000000"],
)  # fmt: skip
def test_other_text_is_no_moment(text: str) -> None:
    """What is no date of the years 1 to 9999 is none, in every Python version."""
    assert moments.parse(text) is None


@given(st.datetimes(timezones=st.just(UTC), max_value=datetime(9998, 1, 1)))  # noqa: DTZ001 - the strategy adds it
def test_moment_that_was_shown_is_read_again(moment: datetime) -> None:
    """A time as the API writes it comes back exactly."""
    assert moments.parse(moment.isoformat(timespec="microseconds")) == moments.Moment(moment, is_date=False)


@given(
    st.builds(
        Position,
        st.datetimes(timezones=st.just(UTC), min_value=datetime(1971, 1, 1)),  # noqa: DTZ001 - the strategy adds it
        st.uuids(),
    )
)
def test_cursor_comes_back(position: Position) -> None:
    """A cursor is the place that it was made of, and safe in a URL."""
    text = cursor.write(position)

    assert cursor.read(text) == position
    assert text.replace("-", "").replace("_", "").isalnum()


@given(
    st.text(max_size=200)
    | st.binary(max_size=40)
    .filter(lambda raw: (len(raw), raw[:1]) != (25, b"\x01"))
    .map(lambda raw: base64.urlsafe_b64encode(raw).decode())
)
def test_other_text_is_no_cursor(text: str) -> None:
    """Anything that was not written as a cursor is refused with the contract's words, whatever it is."""
    with pytest.raises(BadRequestError, match=r"^Invalid cursor$"):
        cursor.read(text)


def test_all_parameters_are_read() -> None:
    """Each one lands where it belongs."""
    position = Position(datetime(2026, 11, 1, tzinfo=UTC), uuid.UUID(int=5))

    wanted = query.parse({
        "since": "2026-11-01", "until": "2026-11-02", "severity": "low", "project": "org/app",
        "source": "drone_ingest", "cursor": cursor.write(position), "limit": "7", "unknown": "x",
    })  # fmt: skip

    assert wanted == query.ListQuery(
        where=AnalysisFilter(
            since=datetime(2026, 11, 1, tzinfo=UTC),
            until=datetime(2026, 11, 3, tzinfo=UTC) - timedelta(microseconds=1),
            severity="low",
            project="org/app",
            source="drone_ingest",
        ),
        after=position,
        rows_max=7,
    )


def test_no_parameters_are_the_newest_hundred() -> None:
    """The default page."""
    assert query.parse({}) == query.ListQuery(where=AnalysisFilter(), after=None, rows_max=100)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"severity": "fatal"}, "Invalid severity"),
        ({"severity": "LOW"}, "Invalid severity"),
        ({"cursor": "x"}, "Invalid cursor"),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "since is later than until."),
        ({"since": "2025-01-01", "until": "2026-01-02"}, "The window from since to until is over 365 days."),
    ],
)
def test_parameters_that_make_no_sense_are_refused(parameters: dict[str, str], sentence: str) -> None:
    """The contract's 400s."""
    with pytest.raises(BadRequestError) as caught:
        query.parse(parameters)

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "parameters",
    [
        {"since": "2025-01-01", "until": "2026-01-01"},
        {"since": "2026-11-23T12:00", "until": "2026-11-23"},
        {"since": "2001-01-01"},
        {"until": "2001-01-01"},
    ],
)
def test_windows_up_to_a_year_are_fine(parameters: dict[str, str]) -> None:
    """365 days exactly, a time of a day until that day, and one end alone."""
    query.parse(parameters)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"limit": "0"}, [("limit", "greater_than_equal")]),
        ({"limit": "-5"}, [("limit", "greater_than_equal")]),
        ({"limit": "501"}, [("limit", "less_than_equal")]),
        ({"limit": "9" * 30}, [("limit", "int_parsing")]),
        ({"limit": "ten"}, [("limit", "int_parsing")]),
        ({"limit": "1_0"}, [("limit", "int_parsing")]),
        ({"since": "x", "until": "y"}, [("since", "datetime_parsing"), ("until", "datetime_parsing")]),
        ({"project": "x" * 513}, [("project", "string_too_long")]),
    ],
)
def test_parameter_out_of_range_is_told(parameters: dict[str, str], told: list[tuple[str, str]]) -> None:
    """The contract's 422s, with the parameter's name."""
    with pytest.raises(FieldsError) as caught:
        query.parse(parameters)

    assert [(("query", name), kind) for name, kind in told] == [(e.loc, e.type) for e in caught.value.errors]
