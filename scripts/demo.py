"""Show the whole way once: a build fails, and its root cause appears in the job and on a server of one's own.

``demo.py`` runs ``examples/failing-build`` through ``exl run``; ``demo.py --log FILE`` sends a log of the
user's instead. The server and its data live in a temporary folder and on a loopback port, and are gone at the
end. Exit code 0 when all went as it should (the build is meant to fail), else 1, ^C 130.
"""

import argparse
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
BUILD: Final = ROOT / "examples" / "failing-build"
BUILD_COMMAND: Final = ("make", "test")
START_TIMEOUT_S: Final = 20.0
STOP_TIMEOUT_S: Final = 10.0
COMMAND_TIMEOUT_S: Final = 60.0
TENANT: Final = "Demo"
TENANT_SLUG: Final = "demo"
TOKEN_PREFIX_CHARS: Final = 12
"""As much of a token as the server itself shows again later."""


class DemoError(Exception):
    """A step of the demo did not do what it should; the text is a sentence for the user."""


class Screen:
    """Headings and commands, in colour on a terminal."""

    def __init__(self, stream: IO[str], environ: Mapping[str, str]) -> None:
        self._stream = stream
        self._colour = stream.isatty() and "NO_COLOR" not in environ

    def heading(self, text: str) -> None:
        """Start a part of the demo."""
        self._write(f"\n{self._in('1;36', text)}\n{self._in('36', '-' * len(text))}")

    def command(self, argv: Sequence[str]) -> None:
        """Show a command as it would be typed."""
        self._write(self._in("1", f"$ {shlex.join(argv)}"))

    def note(self, text: str) -> None:
        """Say what just happened or what comes."""
        self._write(self._in("2", text))

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text

    def _write(self, text: str) -> None:
        print(text, file=self._stream, flush=True)


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for the demo's programs: theirs first in PATH, no trace of make or of other settings.

    ``MAKEFLAGS`` and its kin are of the ``make demo`` around us, and would be inherited by the build. A proxy
    must not see loopback.
    """
    env = {name: value for name, value in environ.items() if not name.startswith(("EXLOGARE_", "MAKE", "MFLAGS"))}
    env["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), environ.get("PATH", os.defpath)))
    env["PYTHON"] = sys.executable
    env["NO_PROXY"] = env["no_proxy"] = ",".join(filter(None, (environ.get("NO_PROXY"), "127.0.0.1")))
    return env


def run(argv: Sequence[str], env: Mapping[str, str], *, cwd: Path = ROOT, stdin: str | None = None) -> str:
    """Run a command whose output the demo needs, and return its standard output.

    Raises:
        DemoError: with the command and what it said, when it does not end with 0 or takes over a minute.
    """
    try:
        done = subprocess.run(
            argv,
            env=env,
            cwd=cwd,
            input=stdin,
            capture_output=True,
            text=True,
            check=True,
            timeout=COMMAND_TIMEOUT_S,
        )
    except subprocess.CalledProcessError as error:
        raise DemoError(
            f"`{shlex.join(argv)}` ended with exit code {error.returncode} and said:\n{error.stdout}{error.stderr}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise DemoError(f"`{shlex.join(argv)}` was not done after {COMMAND_TIMEOUT_S:.0f} s.") from error
    return done.stdout


def show(argv: Sequence[str], env: Mapping[str, str], *, cwd: Path = ROOT) -> int:
    """Run a command on the user's terminal and return its exit code."""
    return subprocess.run(argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, check=False).returncode


def server_command(data: Path) -> tuple[str, ...]:
    """The command that serves a data folder on a free loopback port, over plain HTTP."""
    return ("exlogare-server", "serve", "--data", str(data), "--listen", "127.0.0.1:0", "--dev")


@contextmanager
def running(
    argv: Sequence[str],
    output_path: Path,
    env: Mapping[str, str],
    *,
    start_timeout_s: float = START_TIMEOUT_S,
) -> Iterator[str]:
    """Start a server, give its URL once it says that it is listening, and stop it on leaving the block.

    Args:
        argv: the server's command.
        output_path: where its output goes.
        env: its environment.
        start_timeout_s: how long it may take until it listens.

    Yields:
        The URL that it printed.

    Raises:
        DemoError: it ended, or said nothing in time; with what it printed.
    """
    with output_path.open("wb") as output:
        process = subprocess.Popen(
            argv,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield _wait_until_listening(process, output_path, start_timeout_s)
    finally:
        _stop(process)


def _wait_until_listening(process: "subprocess.Popen[bytes]", output_path: Path, timeout_s: float) -> str:
    deadline_s = time.monotonic() + timeout_s
    while True:
        code = process.poll()
        output = output_path.read_text(encoding="utf-8", errors="replace")
        listening = re.search(r"listening on (\S+?)[.,]?\s", output)
        if listening is not None:
            return listening[1]
        if code is not None:
            raise DemoError(f"The server ended with exit code {code} before it listened. It said:\n{output}")
        if time.monotonic() > deadline_s:
            raise DemoError(f"The server did not listen within {timeout_s:g} s. It said:\n{output}")
        time.sleep(0.05)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        # The group, because the server may have worker processes that would outlive it.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def prepare_server(screen: Screen, data: Path, env: Mapping[str, str]) -> str:
    """Initialise a server's data and make a token; return the token."""
    init = ["exlogare-server", "init", "--data", str(data), "--email", "you@example.org", "--password-stdin"]
    init += ["--tenant", TENANT, "--plan", "free"]
    screen.command(init)
    run(init, env, stdin=secrets.token_urlsafe(16) + "\n")
    create = ["exlogare-server", "token", "create", "--data", str(data), "--tenant", TENANT_SLUG]
    create += ["--name", "demo", "--scopes", "ingest,read"]
    screen.command(create)
    token = run(create, env).strip()
    if not token.startswith("exl_"):
        raise DemoError("`exlogare-server token create` did not print a token that begins with exl_.")
    screen.note(f"{token[:TOKEN_PREFIX_CHARS]}… (shown once; the server keeps only its hash)")
    return token


def fail_a_build(screen: Screen, env: Mapping[str, str]) -> None:
    """Run the failing build under ``exl run`` and compare its exit code with that of the build alone.

    Raises:
        DemoError: the build did not fail, or ``exl run`` changed its exit code.
    """
    alone = subprocess.run(BUILD_COMMAND, env=env, cwd=BUILD, capture_output=True, check=False).returncode
    if alone == 0:
        raise DemoError(f"The build in {BUILD.relative_to(ROOT)} is meant to fail, but it passed.")
    argv = ("exl", "run", "--", *BUILD_COMMAND)
    screen.command(("cd", str(BUILD.relative_to(ROOT))))
    screen.command(argv)
    code = show(argv, env, cwd=BUILD)
    if code != alone:
        raise DemoError(f"`{shlex.join(argv)}` ended with exit code {code}, the build alone with {alone}.")
    screen.note(f"exit code {code}: the build's own, which exl never changes")


def send_a_log(screen: Screen, log: Path, env: Mapping[str, str]) -> None:
    """Analyse a log offline, then send it to the server.

    Raises:
        DemoError: one of the two commands failed.
    """
    ingest = ("exl", "ingest", "--strict", "--no-git", "--provider", "demo", "--project", "demo/your-log")
    for argv in (("exl", "analyze", str(log)), (*ingest, "--status", "failed", "--log-file", str(log))):
        screen.command(argv)
        code = show(argv, env)
        if code != 0:
            raise DemoError(f"`{shlex.join(argv)}` ended with exit code {code}; its reason stands above.")


def read_back(screen: Screen, env: Mapping[str, str]) -> None:
    """Show what the server now knows.

    Raises:
        DemoError: the server has no analysis, or cannot be read.
    """
    listing = ("exl", "analyses", "list")
    screen.command(listing)
    code = show(listing, env)
    items: list[dict[str, Any]] = json.loads(run((*listing, "--format", "json"), env))["items"]
    if code != 0 or not items:
        raise DemoError("The server has no analysis, although one was sent to it.")
    detail = ("exl", "analyses", "show", items[0]["id"])
    print()
    screen.command(detail)
    if show(detail, env) != 0:
        raise DemoError(f"`{shlex.join(detail)}` failed; its reason stands above.")


def look_further(screen: Screen) -> None:
    """Say what to try next."""
    exl = os.path.relpath(Path(sys.executable).parent / "exl")
    screen.heading("Look further")
    for what, command in (
        ("a log of yours, the same way", "make demo LOG=path/to/build.log"),
        ("a log of yours, with no server at all", f"{exl} analyze path/to/build.log"),
        ("your own build", f"{exl} run -- make test"),
        ("what exl knows of a CI run, and from which variable", f"{exl} env --explain"),
    ):
        print(f"  {command:<42} {what}")
    print("  README.md, ARCHITECTURE.md                 each CI service; how a log becomes a root cause")


def demo(log: Path | None) -> None:
    """Run all of it.

    Raises:
        DemoError: a step did not do what it should.
    """
    if log is not None and not log.is_file():
        raise DemoError(f"There is no file {log}. Give the path of a log: make demo LOG=path/to/build.log")
    screen = Screen(sys.stdout, os.environ)
    env = clean_environment(os.environ)
    missing = [program for program in ("exl", "exlogare-server") if shutil.which(program, path=env["PATH"]) is None]
    if missing:
        raise DemoError(f"{' and '.join(missing)} not found beside {sys.executable}. Run `make demo` instead.")
    with tempfile.TemporaryDirectory(prefix="exlogare-demo-") as folder:
        data = Path(folder) / "data"
        screen.heading("1. A server of your own")
        token = prepare_server(screen, data, env)
        serve = server_command(data)
        screen.command(serve)
        with running(serve, Path(folder) / "server.log", env) as url:
            screen.note(f"listening on {url}")
            env |= {"EXLOGARE_URL": url, "EXLOGARE_TOKEN": token}
            if log is None:
                screen.heading("2. A build that really fails, and what the developer sees in the job")
                fail_a_build(screen, env)
            else:
                screen.heading("2. Your log: its root cause, found here and then on the server")
                send_a_log(screen, log, env)
            screen.heading("3. What the server knows of it")
            read_back(screen, env)
        look_further(screen)
    print("\nThe server is stopped and its folder is gone.")


def main(arguments: Sequence[str]) -> int:
    """Parse the arguments, run the demo, return the exit code."""
    parser = argparse.ArgumentParser(prog="make demo", description="A failing build turns into a root cause.")
    parser.add_argument("--log", type=Path, help="a log of yours, instead of the build that comes with the demo")
    log: Path | None = parser.parse_args(arguments).log
    # A plain SIGTERM would skip the `with` blocks, and leave the server running; SIGINT may be inherited as ignored.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        demo(log.resolve() if log is not None else None)
    except DemoError as error:
        print(f"\nThe demo stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the server is stopped.", file=sys.stderr)
        return 128 + signal.SIGINT
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
