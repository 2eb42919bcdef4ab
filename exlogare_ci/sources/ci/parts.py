"""Put the logs of several steps together, within a fixed size."""

import io
from collections.abc import Iterable, Sequence

from exlogare_ci.sources.excerpt import MIB, Excerpt
from exlogare_ci.sources.spool import Spool

HEAD_BYTES_MAX = 1 * MIB
TAIL_BYTES_MAX = 9 * MIB
"""Together what the server takes of one log; the failure is nearly always at the end."""
_HEADING_CHARS_MAX = 200


def open_spool() -> Spool:
    """Give a spool in memory that keeps what is kept of one log."""
    return Spool(io.BytesIO, head_bytes_max=HEAD_BYTES_MAX, tail_bytes_max=TAIL_BYTES_MAX)


def of_text(lines: Iterable[str | bytes]) -> Excerpt:
    """Make a log of lines or pieces as an API gives them.

    Args:
        lines: each gets a line feed at its end unless it has one.

    Returns:
        The log, bounded.
    """
    spool = open_spool()
    for line in lines:
        data = line.encode("utf-8", "replace") if isinstance(line, str) else line
        if data:
            spool.write(data if data.endswith(b"\n") else data + b"\n")
    return spool.read()


def of_messages(messages: Iterable[str]) -> Excerpt:
    """Make a log of pieces that are to be joined as they are."""
    spool = open_spool()
    for message in messages:
        spool.write(message.encode("utf-8", "replace"))
    return spool.read()


def concatenate(parts: Sequence[Excerpt]) -> Excerpt:
    """Join the pieces of one log, within the size of one."""
    if len(parts) == 1:
        return parts[0]
    spool = open_spool()
    for part in parts:
        spool.write(part.data)
    return _with_omitted(spool.read(), parts)


def join(parts: Iterable[tuple[str, Excerpt]]) -> Excerpt:
    """Join the logs of several steps.

    Args:
        parts: each step's name and log.

    Returns:
        The only one as it is; of several each under a line with its name; bounded.
    """
    named = [(name, part) for name, part in parts if part.data]
    if not named:
        return Excerpt(data=b"", bytes_total=0)
    if len(named) == 1:
        return named[0][1]
    spool = open_spool()
    for name, part in named:
        if spool.ends_inside_line:
            spool.write(b"\n")
        spool.write(f"[exl: log of {plain(name)}]\n".encode("utf-8", "replace"))
        spool.write(part.data)
    return _with_omitted(spool.read(), [part for _, part in named])


def _with_omitted(whole: Excerpt, parts: Sequence[Excerpt]) -> Excerpt:
    """Count what was missing in the parts already."""
    omitted = sum(part.bytes_omitted for part in parts)
    return whole._replace(bytes_total=whole.bytes_total + omitted, bytes_omitted=whole.bytes_omitted + omitted)


def names(found: Iterable[str]) -> str:
    """Put the names of a few steps into words: at most three, and how many more there are."""
    every = [plain(name) for name in found]
    more = f" and {len(every) - 3} more" if len(every) > 3 else ""  # noqa: PLR2004 - what fits in a line
    return ", ".join(every[:3]) + more


def plain(name: str) -> str:
    """Make a name of somebody else's fit for one line."""
    return "".join(letter if letter.isprintable() else " " for letter in name[:_HEADING_CHARS_MAX])
