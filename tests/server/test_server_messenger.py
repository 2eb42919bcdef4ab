"""The process for messages: what it may do, and what happens when it does not answer."""

import os
import socket
import time

import pytest

from exlogare_server import limits
from exlogare_server.notify.addresses import Policy
from exlogare_server.notify.messenger import Messenger
from exlogare_server.notify.messenger_child import Guard
from exlogare_server.store.outbox import Attempt
from tests.server.receiving import receiving


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.connect", (None, ("10.0.0.1", 443))),
        ("socket.connect", (None, ("::ffff:127.0.0.1", 443, 0, 0))),
        ("socket.connect", (None, "/run/docker.sock")),
        ("socket.connect", (None, ("localhost", 80))),
        ("socket.sendto", (None, ("169.254.169.254", 53))),
        ("open", ("/etc/passwd", "r", 0)),
        ("open", ("/ok/../etc/passwd", "r", 0)),
        ("open", ("/okay", "r", 0)),
        ("open", ("/ok/file", "w", 0)),
        ("open", ("/ok/file", None, os.O_RDWR)),
        ("subprocess.Popen", ("sh", [], None, None)),
        ("os.system", ("sh",)),
        ("os.exec", ("sh", [], None)),
    ],
)
def test_guard_refuses(event: str, arguments: tuple[object, ...]) -> None:
    """Addresses of our own network, files but for a few, programs."""
    with pytest.raises(PermissionError):
        Guard(Policy(), ("/ok",))(event, arguments)


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.connect", (None, ("93.184.216.34", 443))),
        ("open", ("/ok/file", "r", 0)),
        ("open", (b"/ok", "rb", 0)),
        ("open", (3, "w", 0)),
        ("import", ("x",)),
    ],
)
def test_guard_lets_through(event: str, arguments: tuple[object, ...]) -> None:
    """What sending a message needs."""
    Guard(Policy(), ("/ok",))(event, arguments)


@pytest.mark.slow
def test_redirect_is_not_followed() -> None:
    """A messenger that answers with one has not taken the message."""
    messenger = Messenger(dev=True)
    with receiving() as receiver:
        receiver.answer = lambda _: (307, {"Location": f"{receiver.url}/elsewhere"})
        attempt = messenger.send(receiver.url.replace("http", "json") + "/x", "title", "text")
    messenger.close()

    assert attempt == Attempt(None, "The messenger did not take the message (refused or not reachable).")
    assert {arrived.path for arrived in receiver.arrived} == {"/x"}


@pytest.mark.slow
def test_messenger_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process is ended, and the next message goes through a new one."""
    messenger = Messenger(dev=True)
    with socket.create_server(("127.0.0.1", 0)) as silent, receiving() as receiver:
        url = receiver.url.replace("http", "json") + "/x"
        assert messenger.send(url, "title", "text") == Attempt(None, None)
        monkeypatch.setattr(limits, "MESSAGE_S_MAX", 0.5)
        began_s = time.monotonic()
        hung = messenger.send(f"json://127.0.0.1:{silent.getsockname()[1]}/", "title", "text")
        took_s = time.monotonic() - began_s
        monkeypatch.setattr(limits, "MESSAGE_S_MAX", 20.0)
        assert messenger.send(url, "title", "text") == Attempt(None, None)
    messenger.close()

    assert hung == Attempt(None, "The messenger did not answer within 0.5 s.")
    assert took_s < 2
