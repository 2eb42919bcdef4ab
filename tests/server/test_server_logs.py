"""The server's own log."""

import io
import json
import logging
import threading
from typing import Any, BinaryIO, cast

import pytest

from exlogare_server.cli import operations
from exlogare_server.logs import BackgroundHandler, JsonFormatter


def record(message: str, **extra: object) -> logging.LogRecord:
    """A record of the logging module."""
    return logging.getLogger("x").makeRecord("x", logging.INFO, "f", 1, message, (), None, extra=extra)


def test_line_is_one_json_object() -> None:
    """Time, level, logger, event, and what was given beside."""
    line = json.loads(JsonFormatter().format(record("done\nreally", status=202, thing=Exception)))

    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "x",
        "event": "done\nreally",
        "status": 202,
        "thing": "<class 'Exception'>",
    }
    assert "\n" not in JsonFormatter().format(record("a\nb"))


def test_exception_is_left_out() -> None:
    """A traceback may quote what was sent."""
    error = ValueError("MARKER")
    made = logging.getLogger("x").makeRecord("x", logging.ERROR, "f", 1, "bad", (), (ValueError, error, None))

    assert "MARKER" not in JsonFormatter().format(made)


def test_lines_come_in_order() -> None:
    """All of them, when there is room."""
    stream = io.StringIO()
    handler = BackgroundHandler(stream)

    for number in range(100):
        handler.emit(record(str(number)))
    handler.close()

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == [str(n) for n in range(100)]


class _StuckStream(io.StringIO):
    """A stream that nobody reads, until somebody does."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.released = threading.Event(), threading.Event()

    def write(self, text: str) -> int:
        self.reached.set()
        self.released.wait(5)
        return super().write(text)


def test_stuck_reader_costs_lines_and_no_request() -> None:
    """Emitting never waits; how many lines were lost is told as soon as somebody reads again."""
    stream = _StuckStream()
    handler = BackgroundHandler(stream, lines_max=3)
    handler.emit(record("first"))
    assert stream.reached.wait(5)

    for number in range(10):
        handler.emit(record(str(number)))
    stream.released.set()
    while handler.waiting_lines:
        pass
    handler.close()

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["first", "lines lost", "0", "1", "2"]
    assert lines[1]["count"] == 7


def test_broken_stream_ends_nothing() -> None:
    """A closed standard error is no reason to stop."""
    stream = io.StringIO()
    stream.close()
    handler = BackgroundHandler(stream)

    handler.emit(record("x"))
    handler.close()

    assert handler.lost_lines == 1


class _Pieces(io.RawIOBase):
    """Notes each write."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)


def test_the_line_that_starters_wait_for_is_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where Python is unbuffered: no line of the log can come between it and its end."""
    pieces = _Pieces()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(cast("BinaryIO", pieces), encoding="utf-8", write_through=True))

    operations.print_line("listening on http://127.0.0.1:8080")

    assert [piece for piece in pieces.pieces if piece] == [b"listening on http://127.0.0.1:8080\n"]
