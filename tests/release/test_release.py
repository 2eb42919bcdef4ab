"""The release command: everything is there, the same twice, and the single file works by itself."""

import hashlib
import os
import pwd
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

import pytest

from exlogare_ci.__about__ import __version__
from scripts import release

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("release")]

TIME_S: Final = 1_700_000_000
LOG: Final = (
    "cart.c:3:5: error: 'total' undeclared (first use in this function)\nmake: *** [Makefile:2: cart.o] Error 1\n"
)
TOOLS: Final = ("build", "shiv", "cyclonedx-bom")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the tools that build a release."""
    folder = tmp_path_factory.mktemp("tools")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    found = folder / "bin" / "python"
    subprocess.run([found, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *TOOLS], check=True)
    return found


@pytest.fixture(scope="module")
def built(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with one single file and without images."""
    return build(python, tmp_path_factory.mktemp("release") / "dist")


def build(python: Path, out: Path) -> Path:
    """Build into a folder."""
    subprocess.run(
        [python, release.ROOT / "scripts" / "release.py", out, "--single-file", "exl.pyz", "--no-images"],
        env={"PATH": os.environ["PATH"], "HOME": str(out.parent), "SOURCE_DATE_EPOCH": str(TIME_S)},
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return out


def test_a_release_is_complete(built: Path) -> None:
    """Each file of the page is there, and the checksums are those of the files."""
    names = {path.name for path in built.iterdir()}
    assert names == {
        "SHA256SUMS", "exl.cdx.json", "exl.pyz", f"exlogare_ci-{__version__}-py3-none-any.whl",
        f"exlogare_ci-{__version__}.tar.gz", "exlogare-orb.yml",
        *(f"exlogare-{name}.tar.gz" for name in release.TREES),
    }  # fmt: skip
    lines = [line.split("  ") for line in (built / "SHA256SUMS").read_text().splitlines()]
    sums = {name: checksum for checksum, name in lines}
    files = [path for path in built.iterdir() if path.name != "SHA256SUMS"]
    assert sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_release_is_the_same_twice(built: Path, python: Path, tmp_path: Path) -> None:
    """Whoever builds the same commit gets the same bytes, in another folder and with another umask."""
    before = os.umask(0o077)
    try:
        again = build(python, tmp_path / "dist")
    finally:
        os.umask(before)
    assert (again / "SHA256SUMS").read_text() == (built / "SHA256SUMS").read_text()


def test_the_shared_library_brings_the_single_file(built: Path) -> None:
    """A Jenkins with no way to PyPI needs nothing but the library."""
    with tarfile.open(built / "exlogare-jenkins.tar.gz") as archive:
        inside = archive.extractfile("resources/exlogare/exl.pyz")
        assert inside is not None
        assert inside.read() == (built / "exl.pyz").read_bytes()


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment with nothing but a path and an empty home."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}


def test_the_single_file_needs_nothing_but_a_python(built: Path, home: dict[str, str], tmp_path: Path) -> None:
    """It finds a root cause with no package installed and its own name as the version."""
    (tmp_path / "build.log").write_text(LOG, encoding="utf-8")
    argv = [sys.executable, "-I", "-S", str(built / "exl.pyz")]
    version = subprocess.run([*argv, "--version"], env=home, capture_output=True, text=True, check=True)
    found = subprocess.run(
        [*argv, "analyze", "--format", "json", tmp_path / "build.log"], env=home, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert version.stdout == f"exl {__version__}\n"
    assert '"cause_line": 1' in found.stdout


@pytest.mark.parametrize("log", release.LOGS)
def test_a_first_start_compiles_nothing(log: str, built: Path, home: dict[str, str], tmp_path: Path) -> None:
    """The patterns came compiled, so that the first job in a fresh container does not wait for them."""
    if not release.can_compile():
        pytest.skip("the pinned hyperscan has no wheel for this Python")
    (tmp_path / "build.log").write_text(log, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-I", "-S", str(built / "exl.pyz"), "analyze", tmp_path / "build.log"],
        env={**home, "EXLOGARE_CACHE_DIR": str(tmp_path / "cache")}, check=True, capture_output=True,
    )  # fmt: skip
    names = [path.name.partition("-")[0] for path in (tmp_path / "cache").iterdir()]
    assert names == ["catalogue"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_the_single_file_is_found_and_works_where_there_is_no_home(built: Path, tmp_path: Path) -> None:
    """A container's user often has no home folder; the script that finds exl gives it another place."""
    package = tmp_path / "package"
    package.mkdir(mode=0o755)
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o055)
    (package / "exl.pyz").write_bytes((built / "exl.pyz").read_bytes())
    (package / "exl.pyz").chmod(0o755)
    script = (
        release.INTEGRATIONS / "common" / "find-exl.sh"
    ).read_text() + '\nfind_exl\n"$exl" --version || echo "$problem"\n'
    nobody = pwd.getpwnam("nobody")
    done = subprocess.run(
        ["/bin/sh", "-c", script], user=nobody.pw_uid, group=nobody.pw_gid, capture_output=True, text=True, check=False,
        cwd="/", env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "EXLOGARE_PACKAGE_DIR": str(package)},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == (f"exl {__version__}\n", "")
