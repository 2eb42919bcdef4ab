"""What the tests of the transport share: a transport to a scripted server, and a small post."""

from exlogare_ci.answers import Reply
from exlogare_ci.transport import Transport
from tests.client.scripted_server import FakeTime, ScriptedServer

TOKEN = "exl_made-up-for-tests-0123456789"


def transport(server: ScriptedServer | str, time_: FakeTime | None = None, **options: object) -> Transport:
    """Make a transport; with a fake time it waits for nothing and its jitter is always the longest."""
    url = server if isinstance(server, str) else server.url
    if time_ is not None:
        options |= {
            "clock": time_.clock,
            "sleep": time_.sleep,
            "random": lambda: 1.0,
            "wall_clock": time_.clock,
        }
    return Transport(url, TOKEN, **options)  # type: ignore[arg-type]


def post(to: Transport) -> Reply:
    """Send a small body."""
    return to.post("/api/ingest/log", lambda: [b'{"log":', b'"x"}'])
