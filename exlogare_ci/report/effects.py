"""What reporters do to the world, as one small interface, so that each of them can be read off in a test."""

from typing import Literal, Protocol

import msgspec

Stream = Literal["stdout", "stderr"]


class ReportError(Exception):
    """A result could not be put where it belongs.

    The message is half a sentence that says why, without a full stop, and may name what to change.
    """


class Answer(msgspec.Struct, frozen=True):
    """What a service answered.

    Attributes:
        status: the HTTP status.
        body: at most some MiB, content encoding undone.
    """

    status: int
    body: bytes = b""

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of successes


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP call of a service's API.

    Attributes:
        method: e.g. ``POST``.
        url: the whole address.
        body: JSON, encoded; ``None`` for none.
        token: sent as a bearer; ``None`` sends none.
        proxy: ``http://host:port`` on this machine that authenticates for us; ``None`` goes the usual way.
    """

    method: str
    url: str
    body: bytes | None = None
    token: str | None = None
    proxy: str | None = None

    def __repr__(self) -> str:
        return f"Call({self.method} {self.url})"  # never the token


class Effects(Protocol):
    """What a reporter may do. Each raises ``ReportError`` when it cannot be done."""

    def say(self, text: str, stream: Stream) -> None:
        """Print whole lines to the job's log."""

    def file_bytes(self, path: str) -> int:
        """Give a file's size; 0 when there is none."""

    def append(self, path: str, data: bytes) -> None:
        """Add to the end of a file, which is made where there is none."""

    def write(self, path: str, data: bytes) -> None:
        """Write a file anew, with the folders above it."""

    def run(self, argv: tuple[str, ...], stdin: bytes) -> None:
        """Run a program of the CI service to its end, its output not shown."""

    def call(self, call: Call) -> Answer:
        """Call a service; any status is an answer."""
