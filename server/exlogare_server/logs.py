"""The server's own log: one JSON object a line on standard error, written by a thread of its own.

A reader that has stopped reading (a pipe that nobody empties) would otherwise stop every request that logs.
Lines that find no room are counted, and the count is told when there is room again.
"""

import contextlib
import io
import logging
import logging.handlers
import os
import queue
import sys
import threading
import time
from datetime import datetime, timezone
from typing import Any, TextIO

import msgspec

from exlogare_server import limits

# What a LogRecord has anyway; anything else was given with `extra` and belongs to the line.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_FLUSH_S_MAX = 2.0


class JsonFormatter(logging.Formatter):
    """Writes a record as one JSON object: time, level, logger, event, and what was given with ``extra``.

    Exceptions are left out on purpose: a traceback may quote what was sent.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line.update({name: value for name, value in record.__dict__.items() if name not in _STANDARD})
        return msgspec.json.encode(line, enc_hook=str).decode()


class BackgroundHandler(logging.Handler):
    """Hands lines to a thread that writes them.

    Args:
        stream: where they go.
        lines_max: how many may wait.
    """

    def __init__(self, stream: TextIO, lines_max: int = limits.SERVER_LOG_LINES_MAX) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self._stream = stream
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._lines_max = lines_max
        self._lost_lines = 0
        self._thread = threading.Thread(target=self._loop, name="exlogare-log", daemon=True)
        self._thread.start()

    @property
    def waiting_lines(self) -> int:
        """How many lines are not written yet."""
        return self._lines.qsize()

    @property
    def lost_lines(self) -> int:
        """How many lines found no room since that was told last."""
        return self._lost_lines

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a line; never blocks."""
        if self._lines.qsize() >= self._lines_max:
            self._lost_lines += 1
            return
        try:
            self._lines.put(self.format(record))
        except Exception:  # noqa: BLE001 - a log line must never cost a request
            self._lost_lines += 1

    def close(self) -> None:
        """Write what waits, for a moment at most."""
        self._lines.put(None)
        self._thread.join(_FLUSH_S_MAX)
        super().close()

    def _loop(self) -> None:
        ended = False
        while not ended:
            waiting = [self._lines.get()]
            # To wake a thread costs as much as to write the line: what follows soon goes with it.
            time.sleep(limits.SERVER_LOG_WAIT_S)
            with contextlib.suppress(queue.Empty):
                while True:
                    waiting.append(self._lines.get_nowait())
            self._write([line for line in waiting if line is not None])
            ended = None in waiting

    def _write(self, lines: list[str]) -> None:
        if self._lost_lines:
            dropped, self._lost_lines = self._lost_lines, 0
            lines = [msgspec.json.encode({"event": "lines lost", "count": dropped}).decode(), *lines]
        try:
            self._stream.write("".join(f"{line}\n" for line in lines))
            self._stream.flush()
        except (OSError, ValueError):  # the reader went away
            self._lost_lines += len(lines)


def set_up() -> None:
    """Send the server's log to standard error, at level INFO, and the web server's from WARNING on.

    ``logging`` closes the handler when the process ends. The lines do not go through ``sys.stderr``: Python
    flushes that at its end and would wait for ever for the lock that a stuck write holds.
    """
    # What no line tells need not be found out (https://docs.python.org/3/howto/logging.html#optimization).
    logging._srcfile = None  # noqa: SLF001 - documented there
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    raw = io.FileIO(os.dup(sys.stderr.fileno()), "w")
    handler = BackgroundHandler(io.TextIOWrapper(raw, encoding="utf-8", write_through=True))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("exlogare_server").setLevel(logging.INFO)
