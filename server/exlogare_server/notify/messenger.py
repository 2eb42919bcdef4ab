"""Sends messages through a process of its own; see ``messenger_child.py`` for why."""

import contextlib
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, BusyError
from exlogare_server.notify import messenger_child
from exlogare_server.notify.addresses import Network, Policy
from exlogare_server.notify.messenger_child import Done, Job
from exlogare_server.store.outbox import Attempt, Receiver
from exlogare_server.store.records import StoredAnalysis

# What the process may know of ours: where programs and certificates are, nothing else.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
_done = msgspec.json.Decoder(Done)


class Messenger:
    """A process for messages, started when it is first needed, one message at a time.

    Args:
        allow: networks that may be sent to although they are private.
        dev: allow every network.
    """

    def __init__(self, allow: Sequence[Network] = (), *, dev: bool = False) -> None:
        self._allow = [str(network) for network in allow]
        self._dev = dev
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def describe(self, url: str, policy: Policy) -> str:
        """Say what an apprise URL is, in words without its secrets.

        Raises:
            BadRequestError: it is none, or names a host that may not be sent to.
            BusyError: the process for messages does not answer.
        """
        done = self._ask(Job(url))
        if done is None:
            raise BusyError("The process that knows the messengers does not answer; try again.", limits.RETRY_AFTER_S)
        if not done.ok:
            raise BadRequestError(done.error or "This is no URL of a messenger.")
        # A first answer for people; what counts is the check of every connection at delivery.
        if "." in done.host or ":" in done.host or done.host == "localhost":
            policy.check_host(done.host, 443)
        return done.shown[: limits.RECEIVER_URL_CHARACTERS_MAX]

    def send(self, url: str, title: str, body: str) -> Attempt:
        """Send a message, once."""
        done = self._ask(Job(url, title, body))
        if done is None:
            return Attempt(None, f"The messenger did not answer within {limits.MESSAGE_S_MAX:g} s.")
        return Attempt(None, None if done.ok else (done.error or "The messenger did not take the message."))

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, job: Job) -> Done | None:
        with self._lock:
            deadline_s = time.monotonic() + limits.MESSAGE_S_MAX
            try:
                process = self._running()
                assert process.stdin is not None  # noqa: S101 - it is a pipe
                process.stdin.write(msgspec.json.encode(job) + b"\n")
                process.stdin.flush()
                line = _read_line(process, deadline_s)
                return _done.decode(line)
            except (OSError, msgspec.MsgspecError):
                # Too slow or dead: a plugin that hangs must not hold up the next message.
                self._end()
                return None

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._end()
            # By its path and isolated (-I): neither the folder we are in nor PYTHONPATH is looked into.
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(Path(messenger_child.__file__))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                cwd="/",
            )
            assert self._process.stdin is not None  # noqa: S101 - it is a pipe
            self._process.stdin.write(msgspec.json.encode({"allow": self._allow, "dev": self._dev}) + b"\n")
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _read_line(process: "subprocess.Popen[bytes]", deadline_s: float) -> bytes:
    """Read one line.

    Raises:
        TimeoutError: it did not come in time.
        BrokenPipeError: the process ended.
    """
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    line = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not line.endswith(b"\n"):
            if not selector.select(max(0.0, deadline_s - time.monotonic())):
                raise TimeoutError
            piece = os.read(process.stdout.fileno(), 65_536)
            if not piece:
                raise BrokenPipeError
            line += piece
    return line


def text_of(analysis: StoredAnalysis) -> tuple[str, str]:
    """Write the title and the text of a message about an analysis, plain and short."""
    where = " · ".join(part for part in (analysis.project, analysis.branch, analysis.job_name) if part)
    title = f"[{analysis.severity}] {analysis.root_cause}"[: limits.MESSAGE_TITLE_CHARACTERS_MAX]
    lines = [where, analysis.explanation, f"Fix: {analysis.fix_suggestion}"]
    lines += [f"{line.line}: {line.text}" for line in analysis.evidence[: limits.MESSAGE_EVIDENCE_LINES_MAX]]
    if analysis.job_url:
        lines.append(analysis.job_url)
    return title, "\n".join(lines)[: limits.MESSAGE_CHARACTERS_MAX]


def test_text(receiver: Receiver) -> tuple[str, str]:
    """Write the title and the text of a test message."""
    return "Exlogare test message", f"The channel {receiver.name!r} works."
