"""The fingerprint: the same for the same cause in another run.

Made of the category, the tool, the tool's own code, the name of the test, symbol or package, the file and the message,
with everything that changes between runs taken out: numbers, times, addresses, ids, and the machine's part of paths.
"""

import re
from collections.abc import Iterator

from exlogare_ci.analysis.blocks import read_lines
from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.masking import mask_text
from exlogare_ci.analysis.sha256 import hex_digest
from exlogare_ci.analysis.text import CleanLog
from exlogare_ci.analysis.weights import LATE_KINDS
from exlogare_ci.analysis.words import message_in

VERSION = "v1"
MESSAGE_CHARS_MAX = 160
"""Of a message after normalising. Messages are cut before, at 300 characters, where a long path in front moves the cut;
so far from it the text is the same in each run."""

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?"
_CLOCK = r"\d\d?:\d\d(?::\d\d)?(?:[.,]\d+)?(?: ?[AaPp][Mm]\b)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?"
_UNIT = r"(?:ms|msec|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|[kKMGT]i?B|bytes|%)"
_NAME = r"[\w.@+~-]+"

_TIMES: tuple[tuple[re.Pattern[str], str], ...] = (
    (late(rf"\d{{4}}[-/]\d\d[-/]\d\d(?:[T ]{_CLOCK})?"), "<time>"),
    (late(rf"\b{_DAY}{_MONTH}\.? \d{{1,2}},?(?: \d{{4}})?,? {_CLOCK}(?: \d{{4}}\b)?"), "<time>"),  # C's ctime
    (late(rf"\b{_DAY}\d{{1,2}}[ -]{_MONTH}[ -]\d{{4}},? {_CLOCK}"), "<time>"),  # RFC 5322
    (late(rf"(?<![\w.:]){_CLOCK}"), "<time>"),
)
_IDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        late(r"(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])", re.IGNORECASE),
        "<uuid>",
    ),
    (late(r"\b0x[0-9a-f]+\b", re.IGNORECASE), "<address>"),
    (late(r"(?<![A-Za-z0-9])(?=[0-9a-f]*\d)(?:[0-9a-f]{7,128}|[0-9A-F]{7,128})(?![A-Za-z0-9])"), "<hash>"),
)
_TEMPORARY = rf"(?:(?:/private)?(?:/var)?/tmp|[A-Za-z]:(?:\\{_NAME})*\\Temp)[\\/]"
_PLACES = late(
    r"(?P<url>\b(?!file:)[a-z][a-z0-9+.-]{0,15}://[^\s'\"<>`]+)"
    # A file right in a folder for temporary files has a name of the run's own; its ending tells what it is.
    rf"|(?<![\w.@+~-])(?P<temporary>{_TEMPORARY}{_NAME}?(?P<end>\.\w{{1,4}})?)(?![\w.\\/@+~-])"
    rf"|(?<![\w.@+~-])(?:[A-Za-z]:)?(?:[\\/]{_NAME})+[\\/](?={_NAME})"
)
_ROOTS = late(
    rf"(?<![\w.@+~-])(?:[A-Za-z]:|/(?:home|Users|builds?|tmp|var|github|opt|root|workspace|__w|mnt|srv|private|usr/src))"
    rf"(?:[\\/]{_NAME})*[\\/](?={_NAME})"
)
_AMOUNT = late(rf"\b(?:\d+(?:[.,:]\d+){{0,5}}\s?{_UNIT}(?![A-Za-z_])[\s,]*)+")
_COUNTED = late(
    r"\b(gw|worker|thread|process|proc|pid|fork|node|runner|agent|executor|shard|host|job|build|run|attempt|retry|try)"
    r"[-_ #]?\d+\b",
    re.IGNORECASE,
)
# Digits behind a letter belong to a name (`utf8`, `E0425`) unless they are many.
_NUMBER = late(r"(?<![A-Za-z0-9])\d+|\d{5,}")
_SPACES = late(r"\s+")


def normalize(text: str) -> str:
    """Take out of a message what changes between runs of the same failure.

    Args:
        text: a message; paths below the checkout are kept where the tool printed them relative to it.

    Returns:
        The text in lower case, with marks such as ``<time>`` and ``<n>``.
    """
    text = _AMOUNT.sub("<amount> ", _without_ids(_PLACES.sub(_without_machine, text)))
    text = _NUMBER.sub("<n>", _COUNTED.sub(r"\1 <n>", text))
    return _SPACES.sub(" ", text).strip().lower()


def normalize_name(name: str) -> str:
    """Do as ``normalize`` for a name, in which numbers and routes tell one from another: ``GET /users/12``."""
    return _without_ids(_ROOTS.sub("<dir>/", name))


def fingerprint(alike: list[Candidate], log: CleanLog) -> str:
    """Return ``v1:`` and 32 hexadecimal digits.

    What ran side by side is reported in any order, so nothing of the first block alone may count: of several tests
    all names do, of several diagnostics the one whose names come first in the alphabet. A trace or a build tool's error
    is the last of its step, and those before it may be chatter.

    Args:
        alike: the cause, and the blocks of the same rule in the same step.
        log: the cleaned log, secrets masked.
    """
    best = alike[0]
    category = best.category if best.rule is None or best.kind in LATE_KINDS else best.rule.category
    names = {name for candidate in alike for name in candidate.tests}
    if len(names) > 1:
        parts: tuple[str, ...] = (best.groups.get("code", ""), *sorted(normalize_name(name) for name in names))
    else:
        test = next(iter(names), "")
        parts = min(_parts(groups, cause, test, log, best.kind) for groups, cause in _found(alike, log))
    whole = chr(0).join((category, best.tool, *parts))
    return f"{VERSION}:{hex_digest(whole.encode('utf-8', 'replace'))[:32]}"


def _found(alike: list[Candidate], log: CleanLog) -> Iterator[tuple[dict[str, str], int]]:
    """Return the names and the cause line of each diagnostic, in one block or in several."""
    best = alike[0]
    if best.rule is None or best.kind in LATE_KINDS or best.kind == "test":
        yield best.groups, best.cause
        return
    for candidate in alike:
        ends = [*(head - 1 for head, _ in candidate.heads[1:]), candidate.end]
        for (head, file), end in zip(candidate.heads, ends, strict=True):
            cause, _, groups = read_lines(log, head, end, head, best.rule)
            yield {"file": file, **groups}, cause


def _parts(groups: dict[str, str], cause: int, test: str, log: CleanLog, kind: str) -> tuple[str, ...]:
    named = groups.get("test") or test or groups.get("symbol") or groups.get("package") or ""
    message = mask_text(message_in(groups, log.text(cause), test=kind == "test"))
    file = _file(groups.get("file", ""))
    return (groups.get("code", ""), normalize_name(named), file, normalize(message)[:MESSAGE_CHARS_MAX])


def _without_ids(text: str) -> str:
    for pattern, mark in _TIMES + _IDS:
        text = pattern.sub(mark, text)
    return text


def _without_machine(place: re.Match[str]) -> str:
    if place["url"]:
        return place["url"]
    return f"<temp>{place['end'] or ''}" if place["temporary"] else "<dir>/"


def _file(path: str) -> str:
    """Return a file's path below the checkout, where the tool printed it so; else its name."""
    path = path.replace("\\", "/").removeprefix("./")
    if path.startswith(("/", "../", "~")) or path[1:2] == ":" or "://" in path:
        path = path.rsplit("/", 1)[-1]
    return normalize_name(path)
