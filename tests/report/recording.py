"""Effects that are written down and not done, and a readable transcript of them."""

import json
from collections.abc import Sequence
from typing import Any

from exlogare_ci.report.effects import Answer, Call, ReportError, Stream
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.place import Place
from exlogare_ci.report.services import Service


class Recording:
    """Keeps what a reporter does.

    Args:
        answers: for the calls, in their order; the last one is repeated, and 200 with an empty list is given where
            there are none.
        sizes: of files that are there already.
    """

    def __init__(self, answers: Sequence[Answer] = (), sizes: dict[str, int] | None = None) -> None:
        self._answers = list(answers)
        self._sizes = sizes or {}
        self.said: dict[Stream, str] = {"stdout": "", "stderr": ""}
        self.files: dict[str, bytes] = {}
        self.ran: list[tuple[tuple[str, ...], bytes]] = []
        self.called: list[Call] = []

    def say(self, text: str, stream: Stream) -> None:
        """Keep the text."""
        self.said[stream] += text

    def file_bytes(self, path: str) -> int:
        """Give the size that the test set."""
        return self._sizes.get(path, 0)

    def append(self, path: str, data: bytes) -> None:
        """Keep the data."""
        self.files[path] = self.files.get(path, b"") + data

    def write(self, path: str, data: bytes) -> None:
        """Keep the data."""
        self.files[path] = data

    def run(self, argv: tuple[str, ...], stdin: bytes) -> None:
        """Keep the command."""
        self.ran.append((argv, stdin))

    def call(self, call: Call) -> Answer:
        """Keep the call and answer."""
        self.called.append(call)
        if not self._answers:
            return Answer(200, b"[]")
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def transcript(self) -> str:
        """Everything that was done, as a text for a golden file."""
        parts = [f"== printed on {stream}\n{text}" for stream, text in self.said.items() if text]
        parts += [f"== file {path}\n{data.decode()}" for path, data in self.files.items()]
        parts += [f"== command {' '.join(argv)}\n{stdin.decode()}" for argv, stdin in self.ran]
        parts += [_call(call) for call in self.called]
        return "".join(part if part.endswith("\n") else f"{part}\n" for part in parts).replace("\x1b", "<ESC>")

    def texts(self) -> list[str]:
        """What was printed, written or sent, each text by itself."""
        bodies = [call.body.decode() for call in self.called if call.body is not None]
        return [
            *self.said.values(),
            *(d.decode() for d in self.files.values()),
            *(i.decode() for _, i in self.ran),
            *bodies,
        ]


def record(service: Service, findings: Sequence[Finding], place: Place, *answers: Answer) -> Recording:
    """Report findings in one place, on paper."""
    done = Recording(answers)
    service.report(findings, place, done)
    return done


def failure_of(service: Service, findings: Sequence[Finding], place: Place, *answers: Answer) -> tuple[str, Recording]:
    """Report where it fails: why, and what was done until then."""
    done = Recording(answers)
    try:
        service.report(findings, place, done)
    except ReportError as error:
        return str(error), done
    return "", done


def _call(call: Call) -> str:
    body: Any = None if call.body is None else json.loads(call.body)
    shown = "" if body is None else json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    by = f" by {call.proxy}" if call.proxy else ""
    return f"== call {call.method} {call.url}{by}{' with the token' if call.token else ''}\n{shown}"
