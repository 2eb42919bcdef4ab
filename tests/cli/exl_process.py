"""Run ``exl`` as a process of its own, in an environment that tells nothing of the machine."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

EXL = (sys.executable, "-m", "exlogare_ci")
TIMEOUT_S = 30.0


def clean_env(**extra: str) -> dict[str, str]:
    """An environment with a PATH and nothing that a CI service, a user or a proxy left."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", **extra}


def patched(code: str) -> tuple[str, ...]:
    """``exl`` after some code has been run in its process, to make a part of it fail."""
    return (sys.executable, "-c", f"{code}\nfrom exlogare_ci.cli import entry; entry()")


def run_exl(
    *arguments: str, exl: Sequence[str] = EXL, env: Mapping[str, str] | None = None, **options: Any
) -> "subprocess.CompletedProcess[bytes]":
    """Run ``exl`` to its end, without a terminal; its output is captured unless the options say otherwise."""
    if "stdout" not in options and "stderr" not in options:
        options["capture_output"] = True
    return subprocess.run(
        [*exl, *arguments],
        env=clean_env() if env is None else dict(env),
        timeout=TIMEOUT_S,
        check=False,
        start_new_session=True,
        **options,
    )


def start_exl(*arguments: str, exl: Sequence[str] = EXL, **options: Any) -> "subprocess.Popen[bytes]":
    """Start ``exl`` without a terminal and with no signal ignored, as one is under nohup."""
    options.setdefault("env", clean_env())
    options.setdefault("preexec_fn", _take_every_signal)
    return _Exl([*exl, *arguments], start_new_session=True, **options)


def _take_every_signal() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the others: see tests/conftest.py


class _Exl(subprocess.Popen[bytes]):
    """A process that a test's failure ends; the usual one would be waited for without an end."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        super().__exit__(kind, error, trace)
