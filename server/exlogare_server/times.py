"""Times: aware UTC inside, microseconds since 1970 in the database, ISO 8601 with offset outside."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

Clock = Callable[[], datetime]

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


def utc_now() -> datetime:
    """Give the present time, aware, in UTC."""
    return datetime.now(timezone.utc)


def to_text(moment: datetime) -> str:
    """Write a time as ISO 8601; with +00:00 and not with Z, which Python 3.10's `fromisoformat` does not read."""
    return moment.isoformat(timespec="microseconds")


def to_us(moment: datetime) -> int:
    """Turn an aware time into microseconds since 1970, exactly.

    A float of seconds would lose the last digit, and with it the order of rows within a microsecond.
    """
    return (moment - EPOCH) // _MICROSECOND


def from_us(value_us: int) -> datetime:
    """Turn microseconds since 1970 into an aware time in UTC."""
    return EPOCH + timedelta(microseconds=value_us)
