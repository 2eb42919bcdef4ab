"""A harness that stands for CircleCI: it expands a configuration with an orb and runs the steps of its jobs.

Written from CircleCI's documentation: https://circleci.com/docs/reference/configuration-reference/#run (default shell,
``when``), https://circleci.com/docs/reference/reusing-config/ (parameters and their types) and
https://circleci.com/docs/guides/security/set-environment-variable/ (``BASH_ENV``, environment of a step).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from tests.integrations.snippets import ROOT
from tests.plugins.downloads import PATTERNS

ENGINE: Final = "harness of CircleCI's documented semantics"
ORB: Final = ROOT / "integrations" / "circleci" / "orb.yml"
EXAMPLES: Final = ROOT / "examples" / "circleci"
TIMEOUT_S: Final = 120.0

_REFERENCE: Final = re.compile(r"(?<!\\)<<\s*parameters\.([a-z][a-z0-9_-]*)\s*>>")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BUILT_IN: Final = frozenset({"checkout", "run"})
_TYPES: Final[Mapping[str, type]] = {"string": str, "boolean": bool, "integer": int, "env_var_name": str, "enum": str}


class ConfigError(Exception):
    """CircleCI would refuse the configuration."""


class Job(msgspec.Struct, frozen=True):
    """How a job ended.

    Attributes:
        passed: whether all steps passed.
        log: what the steps printed.
        ran: the names of the steps that ran.
    """

    passed: bool
    log: str
    ran: list[str]


class Definition(msgspec.Struct, frozen=True):
    """A command or a job with the scope that it was written in: the orb's own commands have no prefix there."""

    body: dict[str, Any]
    scope: str


def steps_of(config: Mapping[str, Any], orb: Mapping[str, Any], job: str) -> list[dict[str, Any]]:
    """Expand a job to plain ``checkout`` and ``run`` steps.

    Args:
        config: the pipeline's configuration; its workflow's one job is taken.
        orb: the packed orb, whatever the configuration calls its version.
        job: the job's name in the workflow.

    Raises:
        ConfigError: CircleCI would refuse it.
    """
    (prefix,) = config["orbs"]
    (entry,) = [one for workflow in config["workflows"].values() for one in workflow["jobs"]]
    ((called, arguments),) = entry.items() if isinstance(entry, dict) else ((entry, {}),)
    given = {name: value for name, value in arguments.items() if name not in ("context", "name")}
    assert arguments.get("name", called) == job
    if called.startswith(f"{prefix}/"):
        found = Definition(orb["jobs"][called.removeprefix(f"{prefix}/")], "orb")
    else:
        found = Definition(config["jobs"][called], "config")
    commands = {
        "orb": {name: Definition(body, "orb") for name, body in orb["commands"].items()},
        "config": {
            **{f"{prefix}/{name}": Definition(body, "orb") for name, body in orb["commands"].items()},
            **{name: Definition(body, "config") for name, body in config.get("commands", {}).items()},
        },
    }
    return list(_expanded(found, given, commands))


def _expanded(
    found: Definition, given: Mapping[str, Any], commands: Mapping[str, Mapping[str, Definition]]
) -> Iterator[dict[str, Any]]:
    values = _arguments(found.body.get("parameters", {}), given)
    for step in found.body["steps"]:
        ((name, body),) = step.items() if isinstance(step, dict) else ((step, {}),)
        body = _substituted(body, values)
        if name in _BUILT_IN:
            yield {name: {"command": body} if isinstance(body, str) else body}
        elif name in commands[found.scope]:
            yield from _expanded(commands[found.scope][name], body, commands)
        else:
            raise ConfigError(f"Cannot find a definition for command named {name}")


def _arguments(declared: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Check arguments against the declared parameters, as CircleCI does before anything runs."""
    unexpected = set(given) - set(declared)
    if unexpected:
        raise ConfigError(f"Unexpected argument(s): {', '.join(sorted(unexpected))}")
    values: dict[str, Any] = {}
    for name, parameter in declared.items():
        if name not in given and "default" not in parameter:
            raise ConfigError(f"Missing required argument(s): {name}")
        value = given.get(name, parameter.get("default"))
        kind = parameter["type"]
        if kind in _TYPES and type(value) is not _TYPES[kind]:
            raise ConfigError(f"Type error for argument {name}: expected type: {kind}")
        if kind == "env_var_name" and not _NAME.fullmatch(value):
            raise ConfigError(f"Type error for argument {name}: not the name of an environment variable")
        values[name] = value
    return values


def _substituted(value: Any, values: Mapping[str, Any]) -> Any:
    """Put arguments in the places of ``<< parameters.NAME >>``; the text that comes in is not read again."""
    if isinstance(value, dict):
        return {name: _substituted(inner, values) for name, inner in value.items()}
    if isinstance(value, list):
        return [_substituted(inner, values) for inner in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return values[whole[1]]
    return _REFERENCE.sub(lambda hit: str(values[hit[1]]), value)


def run_job(steps: list[dict[str, Any]], folder: Path, env: Mapping[str, str], program: str = "bash") -> Job:
    """Run a job's steps in a folder of its own.

    Args:
        steps: plain steps, from ``steps_of``.
        folder: an empty folder; the checkout goes below it.
        env: what the job's context and the project hold.
        program: the default shell: ``bash``, or ``sh`` where the image has no bash.
    """
    project = folder / "project"
    bash_env = folder / "bash.env"
    project.mkdir(parents=True)
    bash_env.touch()
    log, ran, failed = "", [], False
    for step in steps:
        if "checkout" in step:
            shutil.copytree(ROOT / "examples" / "failing-build", project, dirs_exist_ok=True)
            continue
        run = step["run"]
        if run.get("when", "on_success") not in ("always", "on_fail" if failed else "on_success"):
            continue
        ran.append(run.get("name", run["command"]))
        done = _run(run, project, {**variables(folder), "BASH_ENV": str(bash_env), **env}, program)
        log += done.stdout
        failed = failed or done.returncode != 0
    return Job(passed=not failed, log=log, ran=ran)


def _run(
    run: Mapping[str, Any], project: Path, env: Mapping[str, str], program: str
) -> "subprocess.CompletedProcess[str]":
    with tempfile.NamedTemporaryFile("w", suffix=".sh", encoding="utf-8") as script:
        script.write(run["command"])
        script.flush()
        words = run.get(
            "shell", f"{shutil.which(program)} -eo pipefail" if program == "bash" else f"{program} -e"
        ).split()
        return subprocess.run(
            [*words, script.name],
            cwd=project / run.get("working_directory", "."),
            env={**env, **{name: str(value) for name, value in run.get("environment", {}).items()}},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )


def variables(folder: Path) -> dict[str, str]:
    """A job's own variables (https://circleci.com/docs/reference/variables/)."""
    workflow = uuid.uuid5(uuid.NAMESPACE_URL, str(folder))
    return {
        "CI": "true", "CIRCLECI": "true", "CIRCLE_BRANCH": "main", "CIRCLE_BUILD_NUM": "7", "CIRCLE_JOB": "test",
        "CIRCLE_BUILD_URL": "https://circleci.com/gh/acme/shop/7", "CIRCLE_PROJECT_REPONAME": "shop",
        "CIRCLE_PROJECT_USERNAME": "acme", "CIRCLE_REPOSITORY_URL": "https://github.com/acme/shop.git",
        "CIRCLE_SHA1": "0123456789012345678901234567890123456789", "CIRCLE_WORKFLOW_ID": str(workflow),
        "EXLOGARE_CACHE_DIR": str(PATTERNS), "HOME": str(folder), "PYTHON": sys.executable,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}/usr/local/bin:/usr/bin:/bin",
    }  # fmt: skip


def load(path: Path) -> dict[str, Any]:
    """Read a configuration or an orb."""
    config: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return config
