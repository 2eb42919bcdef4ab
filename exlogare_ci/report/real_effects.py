"""What reporters do, done: printed, written, run and called, each within the time that is left."""

import http.client
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from exlogare_ci.__about__ import __version__
from exlogare_ci.report.effects import Answer, Call, ReportError, Stream

TIMEOUT_S_MAX: Final = 10.0
"""For one call or program; services answer within one or two seconds."""
ANSWER_BYTES_MAX: Final = 8 * 1024 * 1024
"""A page of a hundred comments at their longest is about 6.5 MiB."""


class RealEffects:
    """The effects on the real world.

    Args:
        budget_s: how long all of them together may take.
        ca_bundle: a file of certificates to trust instead of the system's.
        inside_line: whether standard output may stand in the middle of a line, where a service overlooks commands.
        clock: a monotonic time in seconds.
    """

    def __init__(
        self,
        budget_s: float,
        *,
        ca_bundle: str | None = None,
        inside_line: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._deadline_s = clock() + budget_s
        self._ca_bundle = ca_bundle
        self._inside_line = inside_line
        self._clock = clock

    def say(self, text: str, stream: Stream) -> None:
        """Print; see ``Effects``."""
        target = sys.stdout if stream == "stdout" else sys.stderr
        if target is None:
            return
        if stream == "stdout" and self._inside_line and text:
            text = f"\n{text}"
            self._inside_line = False
        try:
            target.write(text)
            target.flush()
        except (OSError, ValueError) as error:
            raise ReportError(f"standard {'output' if stream == 'stdout' else 'error'} is closed") from error

    def file_bytes(self, path: str) -> int:
        """Give a file's size; see ``Effects``."""
        try:
            return Path(path).stat().st_size
        except (OSError, ValueError):
            return 0

    def append(self, path: str, data: bytes) -> None:
        """Append; see ``Effects``."""
        try:
            with Path(path).open("ab") as file:
                file.write(data)
        except (OSError, ValueError) as error:
            raise _unwritable(path, error) from error

    def write(self, path: str, data: bytes) -> None:
        """Write; see ``Effects``."""
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(data)
        except (OSError, ValueError) as error:
            raise _unwritable(path, error) from error

    def run(self, argv: tuple[str, ...], stdin: bytes) -> None:
        """Run; see ``Effects``."""
        try:
            done = subprocess.run(argv, input=stdin, capture_output=True, timeout=self._left_s(), check=False)
        except FileNotFoundError:
            raise ReportError(f"{argv[0]} is not in PATH") from None
        except OSError as error:
            raise ReportError(f"{argv[0]} cannot be run: {error.strerror}") from error
        except subprocess.TimeoutExpired:
            raise ReportError(f"{argv[0]} took too long") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ReportError(f"{argv[0]} ended with {done.returncode}{f': {said[-1][:200]}' if said else ''}")

    def call(self, call: Call) -> Answer:
        """Call; see ``Effects``."""
        parts = urlsplit(call.url)
        if call.proxy is not None or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")):
            return self._call_this_machine(call)
        from exlogare_ci.attempt import Body, Request, attempt  # noqa: PLC0415 - loads requests
        from exlogare_ci.errors import ClientError  # noqa: PLC0415

        body = call.body
        request = Request(
            method=call.method,
            url=call.url,
            headers=_headers(call),
            body=None if body is None else Body(lambda: (body,)),
            token=call.token,
            ca_bundle=self._ca_bundle,
        )
        try:
            reply = attempt(request, self._left_s())
        except ClientError as error:
            raise ReportError(error.cause.rstrip(".")) from error
        return Answer(reply.status, reply.body)

    def _call_this_machine(self, call: Call) -> Answer:
        """Speak plain HTTP to an agent or a proxy on this machine, past all proxies of the environment."""
        parts = urlsplit(call.proxy or call.url)
        target = call.url if call.proxy else parts.path + (f"?{parts.query}" if parts.query else "")
        headers = _headers(call) | ({"Authorization": f"Bearer {call.token}"} if call.token else {})
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=self._left_s())
        try:
            connection.request(call.method, target, body=call.body, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, response.read(ANSWER_BYTES_MAX))
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise ReportError(f"{parts.netloc} cannot be reached: {reason}") from error
        finally:
            connection.close()

    def _left_s(self) -> float:
        left_s = self._deadline_s - self._clock()
        if left_s <= 0:
            raise ReportError("the time for reports is used up")
        return min(TIMEOUT_S_MAX, left_s)


def _headers(call: Call) -> dict[str, str]:
    headers = {"User-Agent": f"exlogare-ci/{__version__}", "Accept": "application/json"}
    return headers | ({"Content-Type": "application/json"} if call.body is not None else {})


def _unwritable(path: str, error: Exception) -> ReportError:
    return ReportError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}")
