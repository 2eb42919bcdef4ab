"""Numbers, times and names as people read them; the templates use these as filters."""

import re
from collections.abc import Callable
from datetime import date, datetime, timezone
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup, escape

_MINUTE_S: Final = 60
_HOUR_S: Final = 3_600
_DAY_S: Final = 86_400
_AGO_DAYS_MAX: Final = 30
_THIN: Final = "\u202f"


def number(value: float) -> str:
    """Write a whole number in groups of three: 1 234 567."""
    return f"{round(value):,}".replace(",", _THIN)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: ``1 run``, ``2 runs``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """Write a share from 0 to 1 as a percentage."""
    return f"{round(share * 100)}{_THIN}%"


def duration(seconds: float | None) -> str:
    """Write a time span with two digits of worth; a dash for none."""
    if seconds is None:
        return "\u2013"
    if seconds < 1:
        return f"{max(1, round(seconds * 1000))}{_THIN}ms"
    if seconds < _MINUTE_S:
        return f"{seconds:.1f}{_THIN}s"
    if seconds < _HOUR_S:
        return f"{int(seconds // _MINUTE_S)}{_THIN}min {int(seconds % _MINUTE_S)}{_THIN}s"
    return f"{int(seconds // _HOUR_S)}{_THIN}h {int(seconds % _HOUR_S // _MINUTE_S)}{_THIN}min"


def moment(text: str) -> datetime:
    """Read a time as the use cases write it (ISO 8601 with an offset)."""
    return datetime.fromisoformat(text).astimezone(timezone.utc)


def stamp(text: str) -> str:
    """Write a time for people, in UTC: ``23 Nov 2026, 12:00 UTC``. A script puts it into the reader's zone."""
    found = moment(text)
    return f"{found.day} {found:%b %Y, %H:%M} UTC"


def machine_time(text: str) -> str:
    """Write a time for the attribute ``datetime``, to the second."""
    return moment(text).strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(text: str, now: datetime) -> str:
    """Write how long ago a time was, at most to 30 days; then its date."""
    found = moment(text)
    seconds = (now - found).total_seconds()
    if seconds < _MINUTE_S:
        return "just now"
    for unit_s, name in ((_DAY_S, "day"), (_HOUR_S, "hour"), (_MINUTE_S, "minute")):
        if seconds >= unit_s:
            if unit_s == _DAY_S and seconds >= _AGO_DAYS_MAX * _DAY_S:
                break
            return f"{plural(int(seconds // unit_s), name)} ago"
    return f"{found.day} {found:%b %Y}"


@lru_cache(maxsize=1_024)
def day(text: str) -> str:
    """Write a date (``2026-11-23``) for people: ``Mon 23 Nov``."""
    found = date.fromisoformat(text)
    return f"{found:%a} {found.day} {found:%b}"


def sentence(text: str, characters_max: int) -> str:
    """Give a text's first line, cut at a word when it is too long."""
    line = next((part.strip() for part in text.splitlines() if part.strip()), text.strip())
    if len(line) <= characters_max:
        return line
    cut = line[:characters_max]
    return (cut.rpartition(" ")[0] if " " in cut[characters_max // 2 :] else cut).rstrip(" ,;:") + "\u2026"


_COMMIT = re.compile(r"[0-9a-fA-F]{12,64}")


def commit(sha: str) -> str:
    """Shorten a commit's name as Git does; what is none stays whole."""
    return sha[:10] if _COMMIT.fullmatch(sha) else sha


def prose(text: str) -> Markup:
    """Set what stands between backticks as code; everything is escaped."""
    parts = text.split("`")
    if len(parts) < 3:  # noqa: PLR2004 - no pair of them
        return escape(text)
    if len(parts) % 2 == 0:  # the last one has no partner
        parts[-2:] = ["`".join(parts[-2:])]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "ago": ago,
    "commit": commit,
    "day": day,
    "duration": duration,
    "machine_time": machine_time,
    "number": number,
    "percent": percent,
    "plural": plural,
    "prose": prose,
    "sentence": sentence,
    "stamp": stamp,
}
