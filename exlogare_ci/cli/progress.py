"""How much of an upload is sent, on one line of a terminal; nothing in a job's log."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from exlogare_ci.attempt import Progress

BYTES_MIN: Final = 256 * 1024
"""Less is sent before anybody could read the line."""
INTERVAL_S: Final = 0.1


@contextlib.contextmanager
def shown_progress(stream: TextIO | None, env: Mapping[str, str]) -> "Iterator[Progress | None]":
    """Show progress while the block runs, and take the line away behind it.

    Args:
        stream: standard error.
        env: the environment; a ``dumb`` terminal cannot take a line away.

    Yields:
        What to hand to the upload; ``None`` where nobody looks.
    """
    if stream is None or not stream.isatty() or env.get("TERM", "dumb") == "dumb":
        yield None
        return
    state = {"is_open": True, "shown_s": 0.0}

    def show(sent: int, total: int) -> None:
        now_s = time.monotonic()
        if total < BYTES_MIN or not state["is_open"] or (sent < total and now_s - state["shown_s"] < INTERVAL_S):
            return
        state["shown_s"] = now_s
        what = "waiting for the server" if sent >= total else f"sending {sent * 100 // total} % of {total // 1024} KiB"
        with contextlib.suppress(OSError, ValueError):
            stream.write(f"\r\x1b[Kexl: {what}")
            stream.flush()

    try:
        yield show
    finally:
        state["is_open"] = False  # a request that took too long may still be going on in its thread
        if state["shown_s"]:
            with contextlib.suppress(OSError, ValueError):
                stream.write("\r\x1b[K")
                stream.flush()
