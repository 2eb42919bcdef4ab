"""A PostgreSQL and a Redis of the tests' own, on loopback, gone with the session."""

import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from exlogare_server.store import opening
from tests.plugins.needs import find_program

START_S_MAX = 60.0


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def program(name: str) -> str:
    """Find a program that the test has declared to need."""
    found = find_program(name)
    assert found is not None, name
    return found


class Postgres:
    """A PostgreSQL server.

    Args:
        folder: for its data; made by ``start``, owned by the user ``postgres`` when the tests run as root,
            because PostgreSQL refuses to run as root.
        durable: whether a commit survives a kill of PostgreSQL (not of the machine).
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._commit = "on" if durable else "off"
        self.port = free_port()
        self._as: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
        self._has_template = False

    def start(self) -> None:
        """Make the cluster if there is none, and start it. Nothing is forced to the disk: tests are short."""
        if not (self._folder / "data").exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._as:
                shutil.chown(self._folder, "postgres")
            self._run("initdb", "-D", "data", "-U", "exl", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off "
            f"-c synchronous_commit={self._commit} -c full_page_writes=off -c max_connections=200"
        )
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it."""
        self._run("pg_ctl", "-D", "data", "-w", "-m", mode, "stop")

    def database(self, *, migrated: bool = True) -> str:
        """Make a fresh database, at the newest schema unless it is to be empty, and give its URL."""
        if migrated and not self._has_template:
            self._execute("CREATE DATABASE exl_template")
            opening.migrate(self.url("exl_template"))
            self._has_template = True
        name = f"t{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name}" + (" TEMPLATE exl_template" if migrated else ""))
        return self.url(name)

    def url(self, name: str) -> str:
        """Give the URL of a database."""
        return f"postgresql://exl@127.0.0.1:{self.port}/{name}"

    def _execute(self, statement: str) -> None:
        url = sa.make_url(self.url("postgres")).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def _run(self, name: str, *arguments: str) -> None:
        # Into a file and not a pipe: the server that pg_ctl leaves behind would keep the pipe open.
        said = self._folder / "said"
        with said.open("wb") as output:
            done = subprocess.run(
                [program(name), *arguments], cwd=self._folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, check=False, timeout=START_S_MAX, **self._as,
            )  # fmt: skip
        assert done.returncode == 0, said.read_text(encoding="utf-8")


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """Run a PostgreSQL server until the block ends."""
    server = Postgres(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Redis:
    """A Redis server without a file."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        self._process = subprocess.Popen(
            [
                program("redis-server"),
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ],
            stdout=subprocess.DEVNULL,
        )
        deadline_s = time.monotonic() + START_S_MAX
        while time.monotonic() < deadline_s:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("redis-server did not start")

    def stop(self) -> None:
        """Kill it; what it counted is gone."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
