"""CI engines that are built from Go modules: pinned, checked by Go's checksum database, kept in the user's cache."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import msgspec
import platformdirs
import pytest

BUILD_TIMEOUT_S: Final = 480
_CACHE: Final = Path(platformdirs.user_cache_dir("exlogare-ci-tests")) / "go"


class GoEngine(msgspec.Struct, frozen=True, kw_only=True):
    """A program and the module that it is in.

    Attributes:
        name: the program.
        module: the module's path.
        version: its version.
        package: the program's package below the module; the module itself when empty.
        replace: lines for go.mod that the module has in its own, where they count only when it is the main module.
    """

    name: str
    module: str
    version: str
    package: str = ""
    replace: str = ""


DRONE: Final = GoEngine(
    name="drone-runner-docker",
    module="github.com/drone-runners/drone-runner-docker",
    version="v1.8.3",
    replace="replace github.com/docker/docker => "
    "github.com/docker/engine v17.12.0-ce-rc1.0.20200309214505-aa6a9891b09c+incompatible",
)
BUILDKITE: Final = GoEngine(name="buildkite-agent", module="github.com/buildkite/agent/v3", version="v3.46.1")
"""The newest whose dependencies the module proxy has."""
ACTIONLINT: Final = GoEngine(
    name="actionlint", module="github.com/rhysd/actionlint", version="v1.7.7", package="/cmd/actionlint"
)


def built(engine: GoEngine) -> Path:
    """Build an engine, or take it from the cache.

    Args:
        engine: which.

    Returns:
        The program.

    Raises:
        Skipped: it cannot be built here; with ``CI=true`` that is a failure, like every want of a test.
    """
    target = _CACHE / f"{engine.name}-{engine.version}"
    if target.is_file():
        return target
    with tempfile.TemporaryDirectory() as scratch:
        lines = ("module example.org/engines", "go 1.19", f"require {engine.module} {engine.version}", engine.replace)
        (Path(scratch) / "go.mod").write_text("\n".join(lines) + "\n", encoding="utf-8")
        program = Path(scratch) / engine.name
        done = subprocess.run(
            ["go", "build", "-mod=mod", "-buildvcs=false", "-o", str(program), engine.module + engine.package],
            cwd=scratch,
            env={**os.environ, "CGO_ENABLED": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=BUILD_TIMEOUT_S,
        )
        if done.returncode != 0:
            reason = f"{engine.name} {engine.version} cannot be built: {done.stdout.strip().splitlines()[-1]}"
            if os.environ.get("CI", "").lower() == "true":
                pytest.fail(f"with CI=true a test may not be skipped; {reason}", pytrace=False)
            pytest.skip(reason)
        _CACHE.mkdir(parents=True, exist_ok=True)
        part = _CACHE / f".{engine.name}-{os.getpid()}"
        shutil.copy2(program, part)
        part.replace(target)  # never seen by half, by whatever runs at the same time
    return target
