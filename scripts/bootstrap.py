"""Make the virtual environment that the Makefile works in, and install one set of packages into it.

Runs on the machine's own Python, before anything is installed, so it uses the standard library alone:
``bootstrap.py FOLDER server|tox|dev``. It leaves the stamp file ``FOLDER/.SET-ready`` that the Makefile
looks for.
"""

import importlib.util
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

# What each set holds, and what pip is given for it. The project is installed editable, so that a change in
# the checkout is seen without installing again.
PACKAGES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "server": ("the client and the server", ("--editable", ".[server]")),
    "tox": ("tox", ("tox>=4.22",)),
    "dev": ("the client, the server and the developer's tools", ("--editable", ".[dev]")),
}


def make_venv(folder: Path) -> Path:
    """Make the virtual environment, unless a working one is there.

    Args:
        folder: where it is, or will be.

    Returns:
        Its Python.

    Raises:
        SystemExit: with a sentence, when this Python has no ``venv`` or it failed.
    """
    python = folder / "bin" / "python"
    if python.exists() and subprocess.run([python, "-c", "import pip"], check=False).returncode == 0:
        return python
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit(
            f"{sys.executable} cannot make virtual environments: its modules venv and ensurepip are missing. "
            "On Debian and Ubuntu: apt-get install python3-venv. Then run make again."
        )
    print(f"Making a virtual environment in {folder} with {sys.executable}", flush=True)
    if subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=False).returncode != 0:
        sys.exit(f"The virtual environment could not be made; the reason stands above. Remove {folder} and retry.")
    return python


def install(python: Path, name: str) -> None:
    """Install one set of ``PACKAGES``, showing pip's output only when it fails.

    Raises:
        SystemExit: with pip's output and a sentence, when pip failed.
    """
    what, requirements = PACKAGES[name]
    print(f"Installing {what} (once; a minute or so, as the network goes) ... ", end="", flush=True)
    began_s = time.monotonic()
    pip = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if pip.returncode != 0:
        print("failed", flush=True)
        sys.exit(
            f"{pip.stdout}\npip could not install {what}; its reason stands above. Behind a proxy set "
            "HTTPS_PROXY, with a package index of your own set PIP_INDEX_URL, then run make again."
        )
    print(f"done in {time.monotonic() - began_s:.0f} s", flush=True)


def main(arguments: list[str]) -> None:
    """Make the environment, install the set, leave the stamp file.

    Raises:
        SystemExit: with a sentence, on bad arguments and where a step failed.
    """
    if len(arguments) != len(("folder", "set")) or arguments[1] not in PACKAGES:
        sys.exit(f"usage: bootstrap.py FOLDER {'|'.join(PACKAGES)}")
    folder, name = Path(arguments[0]), arguments[1]
    install(make_venv(folder), name)
    (folder / f".{name}-ready").touch()


if __name__ == "__main__":
    main(sys.argv[1:])
