"""The tool sets that cases need and no distribution brings: installed once, under the recorder's own folder."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

PYTHON: Final = [
    "alembic",
    "awscli",
    "bandit",
    "behave",
    "black",
    "build",
    "coverage",
    "cython",
    "Django",
    "djlint",
    "doc8",
    "flake8",
    "import-linter",
    "isort",
    "lit",
    "meson",
    "mkdocs",
    "mypy",
    "nox",
    "pip-licenses",
    "poetry",
    "pre-commit",
    "pydocstyle",
    "pylint",
    "pyright",
    "pytest",
    "pytest-asyncio",
    "pytest-cov",
    "pytest-timeout",
    "pytest-xdist",
    "robotframework",
    "rstcheck",
    "ruff",
    "scons",
    "setuptools",
    "sphinx",
    "sqlfluff",
    "stestr",
    "tox",
    "twine",
    "uv",
    "vulture",
    "wheel",
]
NODE: Final = [
    "jest",
    "vitest@3",
    "vite@6",
    "mocha",
    "jasmine",
    "ava",
    "webpack",
    "webpack-cli",
    "rollup",
    "typescript@5",
    "eslint@9",
    "@eslint/js@9",
    "typescript-eslint@8",
    "prettier",
    "ts-jest",
    "@types/jest",
    "@types/node",
    "react@18",
    "@types/react@18",
    "yarn@1",
    "pnpm@9",
    "stylelint",
    "c8",
    "esbuild",
    "deno",
    "bun",
    "@biomejs/biome",
    "oxlint",
    "knip",
    "dependency-cruiser",
    "uvu",
    "@cucumber/cucumber",
    "cspell",
    "@commitlint/cli",
    "@commitlint/config-conventional",
    "parcel",
]


def environment(work: Path, needs: tuple[str, ...]) -> dict[str, str]:
    """What a recorded command sees: a CI job's plain environment, nothing of the person who records.

    Args:
        work: the recorder's folder.
        needs: the tool sets; ``py`` and ``node`` put their programs first in the search path.
    """
    path = [str(work / "src" / "node_modules" / ".bin")] if "node" in needs else []
    path += [str(work / "tools" / "py" / "bin")] if "py" in needs else []
    real_home = os.environ.get("HOME", "/")
    trust = {
        name: value for name, value in os.environ.items() if re.search(r"_CERTS?(_|$)|SSL|CA_BUNDLE|CA_CERTS", name)
    }
    return {
        **trust,
        "PATH": ":".join([*path, os.environ.get("PATH", "/usr/bin:/bin")]),
        "HOME": str(work / "home"),
        "TMPDIR": str(work / "tmp"),
        "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", f"{real_home}/.rustup"),
        "PYENV_ROOT": os.environ.get("PYENV_ROOT", f"{real_home}/.pyenv"),
        "MAVEN_OPTS": f"-Duser.home={work / 'home'}",
        "CI": "true",
        "LANG": "C.UTF-8",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "npm_config_update_notifier": "false",
        "DEBIAN_FRONTEND": "noninteractive",
    }


def prepare(work: Path) -> None:
    """Make the recorder's folder with its tool sets; nothing is done for those that are there.

    Raises:
        subprocess.CalledProcessError: an installation failed; its output is on the terminal.
    """
    for folder in ("home", "tmp", "tools"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    env = environment(work, ())
    python, node = work / "tools" / "py", work / "tools" / "node"
    if not python.exists():
        subprocess.run(["python3", "-m", "venv", python], check=True, env=env)
        subprocess.run([python / "bin" / "pip", "install", "-q", *PYTHON], check=True, env=env)
    if not node.exists():
        node.mkdir()
        subprocess.run(["npm", "init", "-y"], cwd=node, check=True, env=env, stdout=subprocess.DEVNULL)
        subprocess.run(["npm", "install", "--legacy-peer-deps", *NODE], cwd=node, check=True, env=env)
