"""A real server for the packages for CI services to send to."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pytest

from tests.server.processes import Server, prepare, running

DEAD_URL: Final = "http://127.0.0.1:9"
"""The port of the discard service, which nobody runs: a server that is away."""


class Inbox(msgspec.Struct, frozen=True):
    """What one test sends to the server.

    Attributes:
        url: the server's root.
        token: a token that may send and read.
        server: the running server.
        before: the ids of what was there already.
    """

    url: str
    token: str
    server: Server
    before: frozenset[str]

    def arrived(self) -> list[dict[str, Any]]:
        """Read what has come since the test began, newest first, as the server tells it."""
        return [item for item in _items(self.server) if item["id"] not in self.before]

    def only(self) -> dict[str, Any]:
        """The one analysis that has come.

        Raises:
            AssertionError: none has come, or more than one.
        """
        items = self.arrived()
        assert len(items) == 1, f"expected one analysis, got {[item['root_cause'] for item in items]}"
        return items[0]


def _items(server: Server) -> list[dict[str, Any]]:
    answer = server.get("/api/v1/analyses?limit=500")
    answer.raise_for_status()
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.fixture(scope="session")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("engines") / "data"
    with running("granian", data, prepare(data)) as server:
        yield server


@pytest.fixture
def inbox(_server: Server) -> Inbox:
    """A real server's inbox: its address, a token, and what has come since the test began."""
    return Inbox(
        url=_server.url, token=_server.token, server=_server,
        before=frozenset(item["id"] for item in _items(_server)),
    )  # fmt: skip
