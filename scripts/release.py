"""Build everything that a release is, into one folder: ``python scripts/release.py dist``; see docs/releasing.md.

The same sources give the same bytes: times are those of the newest commit, files are in order, and nothing of the
machine goes in. What needs the network is pip alone.
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from platform import machine
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
INTEGRATIONS: Final = ROOT / "integrations"
SHIPPED: Final = Path("exlogare_ci/analysis/shipped")
"""Where ``exlogare_ci.analysis.database_cache`` looks for compiled patterns."""

PYTHONS: Final = ("3.10", "3.11", "3.12", "3.13")
"""Those that the single file runs on: the ones with wheels of the pinned hyperscan."""
PLATFORMS: Final[dict[str, tuple[str, ...]]] = {
    "exl.pyz": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64"),
    "exl-linux-aarch64.pyz": ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64"),
    "exl-alpine-x86_64.pyz": ("musllinux_1_2_x86_64", "musllinux_1_1_x86_64"),
    "exl-macos-arm64.pyz": ("macosx_12_0_arm64", "macosx_11_0_arm64", "macosx_10_9_universal2"),
    "exl-windows-amd64.pyz": ("win_amd64",),
}
"""Single files, each with pip's names for the platform that it runs on."""
NATIVE: Final = ("hyperscan", "msgspec")
"""What has code for one Python and one platform; the files of all Pythons lie side by side, by their names' tags."""
PURE: Final = ("certifi", "charset-normalizer", "click", "idna", "markdown-it-py", "mdurl", "platformdirs", "pygments",
               "pyyaml", "requests", "rich", "urllib3")  # fmt: skip
"""The rest of what ``exl`` imports. Without the keychain: a CI job has its token in a variable."""
PIP: Final = (
    sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--no-deps", "--upgrade",
    "--disable-pip-version-check", "--only-binary=:all:", "--constraint", ROOT / "scripts" / "release-pins.txt",
)  # fmt: skip
LOGS: Final = ("E   assert 1 == 2\nFAILED tests/test_cart.py::test_total\n", "$ frobnicate\nit broke at cart.x:3\n")
"""Of a tool that the engine knows and of one that it does not: between them they need every database."""
TREES: Final = ("azure", "bitbucket", "buildbot", "buildkite", "circleci", "gitlab", "jenkins", "teamcity")
"""Packages that are given as an archive of their folder."""
IMAGES: Final = ("bitbucket", "drone", "generic")
"""Packages that are container images."""
LOCAL: Final = ("bin", "share", "**/__pycache__", "*.dist-info/RECORD", "*.dist-info/direct_url.json")
"""What pip adds that is of this machine, or of no use in a single file."""


def run(*argv: str | Path, env: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Run a program; its output is shown only when it fails.

    Raises:
        SystemExit: it failed; its output and its name stand on standard error.
    """
    done = subprocess.run(
        [str(part) for part in argv],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}release: {Path(str(argv[0])).name} failed, see above.")


def commit_time_s() -> str:
    """Give the newest commit's time, in seconds since 1970; ``SOURCE_DATE_EPOCH`` wins, as everywhere."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return given or subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()  # fmt: skip


def build_packages(out: Path, env: dict[str, str]) -> None:
    """Build the source distribution, and the wheel with the compiled patterns of the platform that builds it."""
    with tempfile.TemporaryDirectory() as scratch:
        sources = copy_sources(Path(scratch) / "sources")
        if can_compile():
            compile_patterns(sources, Path(scratch), env)
        run(sys.executable, "-m", "build", "--sdist", "--wheel", "--outdir", out, sources, env=env)


def copy_sources(folder: Path) -> Path:
    """Copy what git knows or would take, so that nothing that lies about gets in, and nothing is left behind."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def can_compile() -> bool:
    """Tell whether the pinned hyperscan has a wheel for the Python that runs this."""
    return f"{sys.version_info.major}.{sys.version_info.minor}" in PYTHONS


def compile_patterns(sources: Path, scratch: Path, env: dict[str, str]) -> None:
    """Put the databases that the engine makes into its sources, compiled by the library that users get."""
    site = scratch / "site"
    run(*PIP, "--target", site, *PURE, *NATIVE, env=env)
    logs = [scratch / f"{number}.log" for number in range(len(LOGS))]
    for path, text in zip(logs, LOGS, strict=True):
        path.write_text(text, encoding="utf-8")
    found_at = os.pathsep.join((str(sources), str(site)))
    run(
        sys.executable, "-m", "exlogare_ci", "analyze", "--format", "jsonl", *logs,
        env={**env, "PYTHONPATH": found_at, "EXLOGARE_CACHE_DIR": str(sources / SHIPPED)}, cwd=scratch,
    )  # fmt: skip
    drop(sources / SHIPPED, "catalogue-*")


def build_single_files(out: Path, env: dict[str, str], names: Sequence[str]) -> None:
    """Build one file a platform, with everything that ``exl`` needs but Python."""
    with tempfile.TemporaryDirectory() as scratch:
        pure = Path(scratch) / "pure"
        run(*PIP, "--target", pure, "--python-version", PYTHONS[0], next(out.glob("exlogare_ci-*.whl")), *PURE, env=env)
        drop(pure, *LOCAL, "exlogare_server", "**/*.so")
        for name in names:
            folder = Path(scratch) / name
            shutil.copytree(pure, folder)
            if not any(
                tag.startswith(("manylinux", "musllinux")) and tag.endswith(machine()) for tag in PLATFORMS[name]
            ):
                drop(folder, str(SHIPPED))  # compiled for this machine, of no use on that one
            platforms = [part for platform in PLATFORMS[name] for part in ("--platform", platform)]
            for python in PYTHONS:
                one = Path(scratch) / f"{name}-{python}"
                run(*PIP, "--target", one, "--python-version", python, *platforms, *NATIVE, env=env)
                drop(one, *LOCAL)
                shutil.copytree(one, folder, dirs_exist_ok=True)
            run(
                sys.executable, "-m", "shiv.cli", "--site-packages", folder, "--reproducible", "--compressed",
                "--python", "/usr/bin/env python3", "--entry-point", "exlogare_ci.cli:entry", "--output-file",
                out / name, env=env,
            )  # fmt: skip


def drop(folder: Path, *patterns: str) -> None:
    """Remove what the patterns name below a folder."""
    for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def build_archives(out: Path, time_s: int) -> None:
    """Pack the packages that are folders, each with what it needs of the single file."""
    shutil.copyfile(INTEGRATIONS / "circleci" / "orb.yml", out / "exlogare-orb.yml")
    for name in TREES:
        files = {path.relative_to(INTEGRATIONS / name): path for path in (INTEGRATIONS / name).rglob("*")}
        if name == "jenkins" and (out / "exl.pyz").is_file():  # not where only other platforms were asked for
            files[Path("resources/exlogare/exl.pyz")] = out / "exl.pyz"
        pack(out / f"exlogare-{name}.tar.gz", files, time_s)


def pack(target: Path, files: dict[Path, Path], time_s: int) -> None:
    """Write an archive that depends on the files' names, contents and executable bits alone."""

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
        info.mtime, info.uid, info.gid, info.uname, info.gname = time_s, 0, 0, "", ""
        info.mode = 0o755 if info.mode & 0o100 else 0o644
        return info

    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=time_s) if target.suffix == ".gz" else raw as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, path in sorted(files.items()):
            if path.is_file() and "__pycache__" not in name.parts:
                archive.add(path, str(name), recursive=False, filter=plain)


def build_images(out: Path, base: str | None, options: Sequence[str], time_s: int) -> None:
    """Build the container images as OCI archives, with buildah, on the base that is given or the files' own."""
    for name in ("generic", "drone", "bitbucket"):
        containerfile = INTEGRATIONS / name / "Containerfile"
        argv: list[str | Path] = ["buildah", "build", "--quiet", "--timestamp", str(time_s), "--file", containerfile]
        argv += options
        if base:
            argv += ["--build-arg", f"BASE={base}", "--pull=false"]
        with tempfile.TemporaryDirectory() as scratch:
            run(*argv, "--tag", f"oci:{scratch}", ROOT)
            files = {path.relative_to(scratch): path for path in Path(scratch).rglob("*")}
            pack(out / f"exlogare-{name}.oci.tar", files, time_s)


def write_sbom(out: Path) -> None:
    """List what is in the single files, as CycloneDX."""
    run(
        sys.executable, "-m", "cyclonedx_py", "requirements", ROOT / "scripts" / "release-pins.txt",
        "--output-reproducible", "--output-format", "JSON", "--output-file", out / "exl.cdx.json",
    )  # fmt: skip


def write_checksums(out: Path) -> None:
    """Write ``SHA256SUMS``, which ``sha256sum --check`` reads."""
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(out.iterdir())
        if path.is_file() and path.name != "SHA256SUMS"
    ]
    (out / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def main() -> int:
    """Build a release and say what was built."""
    parser = argparse.ArgumentParser(description="Build everything that a release is.")
    parser.add_argument("out", type=Path, help="the folder; it is made, or must be empty")
    parser.add_argument("--single-file", action="append", choices=PLATFORMS, help="only these single files")
    parser.add_argument("--no-images", action="store_true", help="without the container images, which need buildah")
    parser.add_argument("--base", help="the images' base image, where the usual one cannot be pulled")
    parser.add_argument("--buildah-option", action="append", help="handed on to buildah, e.g. --network=host")
    given = parser.parse_args()
    out: Path = given.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        parser.error(f"{given.out} is not empty; give a new folder, so that nothing old gets into the release.")
    os.umask(0o022)  # files' modes go into the archives
    time_s = int(commit_time_s())
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(time_s), "PYTHONDONTWRITEBYTECODE": "1"}
    steps: list[tuple[str, Callable[[], None]]] = [
        ("wheel and source distribution", lambda: build_packages(out, env)),
        ("single files", lambda: build_single_files(out, env, given.single_file or list(PLATFORMS))),
        ("packages for CI services", lambda: build_archives(out, time_s)),
    ]
    if not given.no_images:
        steps.append(("images", lambda: build_images(out, given.base, given.buildah_option or (), time_s)))
    steps += [("bill of materials", lambda: write_sbom(out)), ("checksums", lambda: write_checksums(out))]
    for what, step in steps:
        print(f"{what} ... ", end="", flush=True)
        step()
        print("done", flush=True)
    for path in sorted(out.iterdir()):
        print(f"  {path.stat().st_size / 1e6:8.2f} MB  {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
