"""Running a workflow in a real engine on this machine: act, on the host, with nothing fetched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from tests.integrations.snippets import ROOT
from tests.plugins.needs import find_program

REPOSITORY: Final = "exlogare/exlogare-ci"
ACTION: Final = f"{REPOSITORY}/integrations/github-action@main"
TIMEOUT_S: Final = 120.0


class Run(msgspec.Struct, frozen=True):
    """How a workflow ended.

    Attributes:
        passed: whether its job passed.
        log: what the engine printed.
    """

    passed: bool
    log: str


def commit(project: Path, workflow: str, *, branch: str = "main") -> None:
    """Make a folder a repository with a workflow in it, on a branch of any name."""
    (project / ".github" / "workflows").mkdir(parents=True)
    (project / ".github" / "workflows" / "ci.yml").write_text(workflow, encoding="utf-8")
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    for argv in (
        ("init", "--quiet", f"--initial-branch={branch}"),
        ("remote", "add", "origin", "https://github.com/acme/shop.git"),
        ("add", "--all"),
        (*identity, "commit", "--quiet", "--message=All"),
    ):
        subprocess.run(["git", *argv], cwd=project, check=True, capture_output=True)


def publish(folder: Path) -> Path:
    """Copy what a user of the action gets: the sources, without what is built beside them."""
    published = folder / "published"
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("exlogare_ci", "integrations", "server"):
        shutil.copytree(ROOT / name, published / name, ignore=ignore)
    for name in ("LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, published / name)
    return published


def run_workflow(
    project: Path,
    *,
    path: str,
    secrets: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a repository's workflow for a push.

    Args:
        project: the repository.
        path: the steps' ``PATH``.
        secrets: the repository's secrets.
        variables: the repository's variables.
        environment: further variables of the steps' environment, as another runner sets them.
    """
    home = project.parent / "home"
    home.mkdir()
    published = publish(project.parent)
    argv = [
        str(find_program("act")), "push", "--platform", "ubuntu-latest=-self-hosted", "--no-cache-server",
        "--action-offline-mode", "--local-repository", f"{REPOSITORY}@main={published}",
    ]  # fmt: skip
    for option, values in (("--secret", secrets), ("--var", variables), ("--env", environment)):
        for name, value in (values or {}).items():
            argv += [option, f"{name}={value}"]
    env = {"HOME": str(home), "PATH": path, "PYTHON": sys.executable}
    # A private package index or certificate of the machine's, for the test that installs.
    env |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    done = subprocess.run(
        argv,
        cwd=project,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    return Run(passed=done.returncode == 0, log=done.stdout)
