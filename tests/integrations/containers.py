"""Building and running a container image with Debian's packages alone: no registry of images, no daemon.

Everything lives in one folder: images, containers and the engine's configuration, so that a test neither sees
nor leaves anything on the machine.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

# What `python:3.12-slim` has and we use: Python with pip, a shell, the C++ runtime, the tools of a Debian base.
_BASE_PACKAGES: Final = (
    "base-files", "bash", "ca-certificates", "coreutils", "dash", "findutils", "grep", "gzip", "libc-bin",
    "libpython3.11-stdlib", "libstdc++6", "python3", "python3-pip", "python3.11", "sed", "tar",
)  # fmt: skip

# runc and cgroupfs work inside other containers and virtual machines, where crun and systemd often do not;
# the limits are ones that may be set there too. The network is the host's, where the tests' servers listen.
_CONTAINERS_CONF: Final = """\
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
netns = "host"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""

_STORAGE_CONF: Final = """\
[storage]
driver = "overlay"
runroot = "{folder}/run"
graphroot = "{folder}/graph"
"""

_HOST_CERTIFICATES: Final = "/etc/ssl/certs"
BASE_IMAGE: Final = "localhost/exlogare-test-base"
TIMEOUT_S: Final = 300.0


class Done(msgspec.Struct, frozen=True):
    """How a command ended.

    Attributes:
        code: its exit code.
        output: its standard output and standard error, as they came.
    """

    code: int
    output: str


class Engine:
    """A container engine with a home of its own.

    Args:
        folder: where everything is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        conf, storage = folder / "containers.conf", folder / "storage.conf"
        conf.write_text(_CONTAINERS_CONF, encoding="utf-8")
        storage.write_text(_STORAGE_CONF.format(folder=folder), encoding="utf-8")
        self._env = {**os.environ, "CONTAINERS_CONF": str(conf), "CONTAINERS_STORAGE_CONF": str(storage)}

    def call(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, stdin: str = "") -> Done:
        """Run one of the engine's commands; ``env`` is added to its environment."""
        done = subprocess.run(
            argv,
            env={**self._env, **(env or {})},
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
        )
        return Done(done.returncode, done.stdout)

    def must(self, argv: Sequence[str]) -> None:
        """Run a command that the tests cannot do without.

        Raises:
            AssertionError: it failed; with what it said.
        """
        done = self.call(argv)
        assert done.code == 0, f"{' '.join(argv)}\n{done.output}"

    def make_base(self) -> None:
        """Make ``BASE_IMAGE`` from Debian packages, in place of a base image from a registry."""
        archive = self._folder / "base.tar"
        include = "--include=" + ",".join(_BASE_PACKAGES)
        self.must(["mmdebstrap", "--quiet", "--variant=extract", include, "bookworm", str(archive)])
        self.must(["podman", "import", "--quiet", str(archive), BASE_IMAGE])
        archive.unlink()

    def build(self, containerfile: Path, context: Path, tag: str) -> None:
        """Build an image on ``BASE_IMAGE``; the host's certificates are lent to it while it builds."""
        self.must(
            [
                "buildah", "build", "--layers", "--isolation", "chroot", "--network", "host",
                "--volume", f"{_HOST_CERTIFICATES}:{_HOST_CERTIFICATES}:ro",
                "--build-arg", f"BASE={BASE_IMAGE}", "--file", str(containerfile), "--tag", tag, str(context),
            ]
        )  # fmt: skip

    @contextmanager
    def service(self) -> Iterator[str]:
        """Answer Docker's API until the block ends, and give its address, as ``DOCKER_HOST`` takes it.

        Raises:
            AssertionError: it did not come up.
        """
        socket = self._folder / "api.sock"
        address = f"unix://{socket}"
        with (
            (self._folder / "service.log").open("wb") as log,
            subprocess.Popen(
                ["podman", "system", "service", "--time", "0", address], env=self._env, stdout=log, stderr=log
            ) as process,
        ):
            try:
                deadline = time.monotonic() + 20
                while not socket.exists():
                    assert process.poll() is None, "the service ended at once"
                    assert time.monotonic() < deadline, "the service did not come up"
                    time.sleep(0.05)
                yield address
            finally:
                process.terminate()

    def remove_everything(self) -> None:
        """Free the storage: the engine leaves its folder of layers mounted, so a plain removal would fail.

        Not by ``podman system reset``, which would also remove networks that are not ours.
        """
        self.call(["podman", "rmi", "--all", "--force"])
        self.call(["umount", str(self._folder / "graph" / "overlay")])
        shutil.rmtree(self._folder, ignore_errors=True)
