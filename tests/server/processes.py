"""Real servers as processes of their own: the command itself, and the application under other WSGI servers."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import requests

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "server.md"
BIN = Path(sys.executable).parent
START_S_MAX = 60.0
STOP_S_MAX = 30.0


class Server:
    """A running server and a token for it.

    Args:
        process: started; its output goes to files.
        url: where it listens.
        token: of a tenant on the paid plan, with both scopes.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", url: str, token: str) -> None:
        self.process = process
        self.url = url
        self.token = token
        host, port = url.removeprefix("http://").rsplit(":", 1)
        self.address = (host, int(port))

    def post(self, endpoint: str, **options: Any) -> requests.Response:
        """Post to an ingest endpoint."""
        return self.request("POST", f"/api/ingest/{endpoint}", **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """Get an address."""
        return self.request("GET", path, **options)

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request with the token."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return requests.request(method, self.url + path, headers=headers, timeout=60, **options)


def command(data: Path, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None) -> str:
    """Run an ``exlogare-server`` command to its end and give its standard output."""
    name, *rest = arguments
    done = subprocess.run(
        [
            str(BIN / "exlogare-server"),
            name,
            *rest[: _subcommands(name)],
            "--data",
            str(data),
            *rest[_subcommands(name) :],
        ],
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
        env=clean_env(env),
        timeout=60,
    )
    return done.stdout.strip()


def _subcommands(name: str) -> int:
    return 1 if name in ("tenant", "token", "user") else 0


def clean_env(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without settings of the server, without a rate limit unless one is given.

    Nor is Python unbuffered, as it is not for users: that hides what waits for a pipe that nobody reads.
    """
    hidden = ("EXLOGARE_", "PYTHONUNBUFFERED")
    env = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return {**env, "EXLOGARE_INGEST_RATE_PER_MINUTE": "0", **(more or {})}


def prepare(data: Path, env: Mapping[str, str] | None = None) -> str:
    """Make a database with a tenant on the paid plan, and give a token."""
    command(
        data, "init", "--email", "a@example.org", "--password-stdin", "--tenant", "Acme", "--plan", "paid",
        stdin="pw\n", env=env,
    )  # fmt: skip
    return command(data, "token", "create", "--tenant", "acme", "--name", "test", "--scopes", "ingest,read", env=env)


@contextmanager
def running(
    kind: str, data: Path, token: str, *, env: Mapping[str, str] | None = None, options: Sequence[str] = ()
) -> Iterator[Server]:
    """Run a server of a kind (``granian``, ``gunicorn`` or ``waitress``) until the block ends.

    ``options`` go to ``serve``, which is what runs on granian. The output goes to ``<data>.out`` and ``<data>.err``
    beside the data folder.
    """
    with open_outputs(data) as (out, err):
        arguments, full_env = _start_of(kind, data, clean_env(env))
        process = subprocess.Popen([*arguments, *options], stdout=out, stderr=err, env=full_env, cwd=data.parent)
        try:
            yield Server(process, _url(kind, process, data, arguments), token)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_S_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


@contextmanager
def open_outputs(data: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open the files that take a server's output; what an earlier one wrote goes."""
    with data.with_suffix(".out").open("wb") as out, data.with_suffix(".err").open("wb") as err:
        yield out, err


def _start_of(kind: str, data: Path, env: dict[str, str]) -> tuple[Sequence[str], dict[str, str]]:
    if kind == "granian":
        arguments = [str(BIN / "exlogare-server"), "serve", "--data", str(data), "--listen", "127.0.0.1:0"]
        return arguments, env
    page = REFERENCE.read_text(encoding="utf-8")
    script = re.search(r"```python\n(# wsgi\.py\n.*?)```", page, re.DOTALL)
    start = re.search(rf"^({kind}(?:-serve)? .*) wsgi:app$", page, re.MULTILINE)
    assert script is not None
    assert start is not None
    (data.parent / "wsgi.py").write_text(script[1], encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program, *options = start[1].replace("8080", str(port)).split()
    return [str(BIN / program), *options, "wsgi:app"], {**env, "EXLOGARE_DATA": str(data)}


def _url(kind: str, process: "subprocess.Popen[bytes]", data: Path, arguments: Sequence[str]) -> str:
    """Wait until the server answers, and give its address."""
    deadline_s = time.monotonic() + START_S_MAX
    while time.monotonic() < deadline_s:
        assert process.poll() is None, data.with_suffix(".err").read_text(encoding="utf-8")
        if kind == "granian":
            said = re.findall(r"listening on (http://\S+)", data.with_suffix(".out").read_text(encoding="utf-8"))
            if said:
                return str(said[-1])
        else:
            address = next(text for text in arguments if "127.0.0.1" in text).rpartition("=")[2]
            try:
                if requests.get(f"http://{address}/healthz", timeout=5).ok:
                    return f"http://{address}"
            except requests.RequestException:  # not there yet, or there and still loading
                pass
        time.sleep(0.02)
    raise AssertionError(f"{kind} did not answer in {START_S_MAX} s")
