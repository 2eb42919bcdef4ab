"""The two ends of a window of time, as people and programs write them."""

import re
from datetime import MAXYEAR, datetime, timedelta, timezone

import msgspec

# Written out instead of left to `datetime.fromisoformat`, which takes other forms in every Python version.
_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(?P<offset>Z|[+ -]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)


class Moment(msgspec.Struct, frozen=True):
    """A date or a date and time.

    Attributes:
        start: the time itself; of a date its first microsecond. Aware, in UTC.
        is_date: only a date was given.
    """

    start: datetime
    is_date: bool

    @property
    def last(self) -> datetime:
        """The last microsecond that belongs to it: of a date its last one, else the time itself."""
        return self.start + timedelta(days=1, microseconds=-1) if self.is_date else self.start


def parse(text: str) -> Moment | None:
    """Read an ISO 8601 date or date-time; one without an offset is in UTC.

    A blank in the place of the offset's plus sign is read as one: that is what an URL's unescaped ``+``
    becomes.

    Returns:
        The moment; ``None`` when the text is none, or lies outside the years 1 to 9999.
    """
    match = _ISO.fullmatch(text.strip())
    if match is None:
        return None
    date, time, offset = match["date"], match["time"], match["offset"]
    try:
        if time is None:
            moment = datetime.fromisoformat(date).replace(tzinfo=timezone.utc)
            return Moment(moment, is_date=True) if moment.year < MAXYEAR else None
        seconds, _, fraction = time.replace(",", ".").partition(".")
        moment = datetime.fromisoformat(f"{date}T{seconds}").replace(
            microsecond=int(fraction.ljust(6, "0")[:6]) if fraction else 0
        )
        return Moment((moment - _offset(offset)).replace(tzinfo=timezone.utc), is_date=False)
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None) -> timedelta:
    """Read ``Z``, ``+02:00``, ``+0200`` or ``+02``.

    Raises:
        ValueError: it is a day or more.
    """
    if text is None or text in "Zz":
        return timedelta()
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:  # noqa: PLR2004 - a day's hours, an hour's minutes
        raise ValueError
    amount = timedelta(hours=hours, minutes=minutes)
    return -amount if text[0] == "-" else amount
