"""A case of a fixture: a job's environment, how the service answers, and what must come of it.

The fixtures are one JSON file a source. ``{ci}`` in a value stands for the service's address on loopback,
``{store}`` for that of a second server, where a service keeps logs, and ``{tmp}`` for a folder with the case's
files.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from exlogare_ci.adapters import properties, read_small_file
from exlogare_ci.sources.ci import SOURCES, Access, Found, find_log
from tests.client.scripted_server import Asked, FakeTime, Handler, ScriptedServer, Step

FIXTURES = Path(__file__).parent / "fixtures"
CREDENTIALS = ("authorization", "private-token", "circle-token")


class Answer(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One answer of the service; ``json`` or ``text``, ``server`` is ``ci`` or ``store``."""

    path: str
    server: str = "ci"
    status: int = 200
    headers: dict[str, str] = {}
    text: str = ""
    json: Any = None


class Expected(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The whole result: a log, or the words of an error."""

    log: str | None = None
    what: str | None = None
    fields: dict[str, str] = {}
    error: str | None = None


class Case(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One case. ``headers`` are those that each request to the service has to have."""

    env: dict[str, str]
    answers: list[Answer] = []
    headers: dict[str, str] = {}
    files: dict[str, str] = {}
    expect: Expected = Expected()


class Fixture(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A source's cases, and the vendor's pages that they were written from."""

    pages: list[str]
    cases: dict[str, Case]


def load(name: str) -> Fixture:
    """Read a source's fixture."""
    return msgspec.json.decode((FIXTURES / f"{name}.json").read_bytes(), type=Fixture)


def every_case() -> list[tuple[str, str]]:
    """Name all cases of all fixtures."""
    found = []
    for path in sorted(FIXTURES.glob("*.json")):
        found += [(path.stem, case) for case in load(path.stem).cases]
    return found


def first_case(source: str) -> Case:
    """Give a source's main case: the first one of its fixture."""
    return next(iter(load(source).cases.values()))


def api_sources() -> list[str]:
    """Name the sources that ask a server."""
    return [source.NAME for source in SOURCES if source.TOKENS]


class Service:
    """A CI service on loopback, and a store beside it.

    Args:
        answers: how they answer; anything else is 404. Of several for one path the last is repeated.
        tmp: a folder for the case's files.
        instead: answers every request to the service, if given.
    """

    def __init__(self, answers: list[Answer], tmp: Path, instead: Step | None = None) -> None:
        self.tmp = tmp
        self.ci = ScriptedServer(instead or self._by_path("ci"))
        self.store = ScriptedServer(self._by_path("store"))
        self._answers = list(answers)

    @contextlib.contextmanager
    def running(self) -> Iterator["Service"]:
        """Serve until the block ends."""
        with self.ci.running(), self.store.running():
            yield self

    def fill(self, value: str) -> str:
        """Put addresses and paths into a value."""
        return value.replace("{ci}", self.ci.url).replace("{store}", self.store.url).replace("{tmp}", str(self.tmp))

    def find(self, case: Case, env: Mapping[str, str] | None = None, **options: Any) -> Found:
        """Get the case's log; ``options`` are those of ``Access``, and ``ci`` and ``forced`` of ``find_log``."""
        for name, text in case.files.items():
            (self.tmp / name).write_text(self.fill(text), encoding="utf-8")
        time = FakeTime()
        ci, forced = options.pop("ci", "none"), options.pop("forced", None)
        access = Access(
            read_text=read_small_file,
            read_properties=lambda path: properties.parse(read_small_file(path) or ""),
            **{"sleep": time.sleep, **options},
        )
        filled = {name: self.fill(value) for name, value in {**case.env, **(env or {})}.items()}
        return find_log(filled, ci, access, forced=forced)

    def credentials(self, asked: list[Asked]) -> list[str]:
        """Give every credential in some requests: in a header, and in the path."""
        return [one.headers[name] for one in asked for name in CREDENTIALS if name in one.headers]

    def _by_path(self, server: str) -> Step:
        def step(handler: Handler) -> None:
            mine = [one for one in self._answers if (one.server, one.path) == (server, handler.path)]
            if not mine:
                handler.answer(404, json.dumps({"message": f"no {handler.path} here"}).encode())
                return
            found = mine[0]
            if len(mine) > 1:
                self._answers.remove(found)
            body = found.text if found.json is None else json.dumps(found.json)
            headers = {name: self.fill(value) for name, value in found.headers.items()}
            kind = "text/plain; charset=utf-8" if found.json is None else "application/json"
            handler.answer(found.status, self.fill(body).encode(), {"Content-Type": kind, **headers})

        return step
