"""Running a case: the project is laid out, the command is run, what it printed is kept."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts.record.case import Case
from scripts.record.normalise import leaks, normalise
from scripts.record.toolsets import environment

TIMEOUT_S: Final = 420
LOG_BYTES_MAX: Final = 200_000


@dataclass(frozen=True)
class Recording:
    """What running a case gave.

    Attributes:
        log: standard output and standard error as they came, normalised.
        version: the first line of the tool's own word on its version.
        exit_status: the command's, negative for a signal.
    """

    log: bytes
    version: str
    exit_status: int


def record(case: Case, work: Path) -> Recording:
    """Run a case in ``work/src``, which is made anew.

    Raises:
        ValueError: the command ended otherwise than the case says, printed nothing or too much, or a path of this
            machine is left in what it printed.
        subprocess.SubprocessError: a setup command failed, or the command ran for longer than ``TIMEOUT_S``.
    """
    source = work / "src"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for name, text in case.files.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)
    modules = work / "tools" / "node" / "node_modules"
    env = {**environment(work, case.needs), **case.env}
    if "node" in case.needs:
        modules.rename(source / "node_modules")
    try:
        for command in case.setup:
            _shell(command, source, env, check=True)
        status, raw = _shell(case.command, source, env)
        _, version = _shell(case.version, source, env)
    finally:
        if "node" in case.needs:
            (source / "node_modules").rename(modules)
    log = normalise(raw, _folders(work))
    _check(case, status, log)
    first = next((line for line in version.decode(errors="replace").splitlines() if line.strip()), "")
    return Recording(log, normalise(first.strip().encode(), _folders(work)).decode(), status)


def _shell(command: str, folder: Path, env: dict[str, str], *, check: bool = False) -> tuple[int, bytes]:
    """Run a command with bash in a session of its own, standard error into standard output."""
    process = subprocess.Popen(
        ["bash", "-c", command],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    if check and process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return process.returncode, output


def _folders(work: Path) -> list[tuple[str, str]]:
    """This machine's folders and what stands for them."""
    home = os.environ.get("HOME", "/nonexistent")
    toolchains = [(str(path), "/usr") for path in Path(home, ".pyenv", "versions").glob("*")]
    toolchains += [(str(path), "/usr/local/rust") for path in Path(home, ".rustup", "toolchains").glob("*")]
    return [
        (str(work / "src"), "/src"),
        (str(work / "tools" / "py"), "/src/.venv"),
        (str(work / "home"), "/home/ci"),
        (str(work / "tmp"), "/var/tmp"),  # noqa: S108 - a name in a log, no folder
        (str(work), "/builds"),
        *toolchains,
        (home + "/", "/home/ci/"),
        ("/opt/cni/", "/usr/lib/cni/"),
        ("/tmp/", "/var/tmp/"),  # noqa: S108 - some programs write there whatever TMPDIR says
    ]


def _check(case: Case, status: int, log: bytes) -> None:
    if case.fails != (status != 0):
        raise ValueError(
            f"{case.name}: exit status {status}, which the case does not expect\n{log.decode('utf-8', 'replace')}"
        )
    if not log.strip() or len(log) > LOG_BYTES_MAX:
        raise ValueError(f"{case.name}: {len(log)} bytes of log; 1 to {LOG_BYTES_MAX} are kept")
    here = [folder for folder in (str(Path.cwd()), os.environ.get("HOME", "")) if folder and folder.encode() in log]
    if found := leaks(log) + here:
        raise ValueError(f"{case.name}: paths of this machine are left in the log: {found}")
