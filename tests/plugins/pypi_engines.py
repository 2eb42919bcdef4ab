"""CI engines from PyPI: pinned, each in an environment of its own in the user's cache, beside the project's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import platformdirs
import pytest

INSTALL_TIMEOUT_S: Final = 300
BUILDBOT: Final = ("buildbot==4.3.0", "buildbot-worker==4.3.0")
_CACHE: Final = Path(platformdirs.user_cache_dir("exlogare-ci-tests")) / "pypi"


def installed(requirements: tuple[str, ...]) -> Path:
    """Install an engine, or take it from the cache.

    Args:
        requirements: the engine's pinned package first.

    Returns:
        The folder of its programs.

    Raises:
        Skipped: it cannot be installed here; with ``CI=true`` that is a failure, like every want of a test.
    """
    target = _CACHE / f"{requirements[0].replace('==', '-')}-{sys.version_info.major}.{sys.version_info.minor}"
    ready = target / "ready"  # an environment cannot be moved, so a file says that it is whole
    if ready.is_file():
        return target / "bin"
    shutil.rmtree(target, ignore_errors=True)
    for argv in (
        [sys.executable, "-m", "venv", str(target)],
        [str(target / "bin" / "python"), "-m", "pip", "install", "--quiet", *requirements],
    ):
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=INSTALL_TIMEOUT_S
        )
        if done.returncode != 0:
            reason = f"{requirements[0]} cannot be installed: {done.stderr.strip()[-300:]}"
            if os.environ.get("CI", "").lower() == "true":
                pytest.fail(f"with CI=true a test may not be skipped; {reason}", pytrace=False)
            pytest.skip(reason)
    ready.touch()
    return target / "bin"
