"""Pipelines run against the shared library on this machine: JenkinsPipelineUnit with the real CPS transformer."""

import json
import os
import shutil
import subprocess
import sys
import zipapp
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from tests.integrations.snippets import ROOT
from tests.plugins.downloads import PATTERNS, fetched

HOST: Final = Path(__file__).parent / "jenkins_host"
LIBRARY: Final = ROOT / "integrations" / "jenkins"
EXAMPLES: Final = ROOT / "examples" / "jenkins"
ENGINE: Final = "JenkinsPipelineUnit 1.1, groovy-cps 1.31, Groovy 2.4"
CREDENTIALS: Final = "exlogare-token"
TIMEOUT_S: Final = 600.0

_CENTRAL: Final = "https://repo.maven.apache.org/maven2"
_JARS: Final = {
    "com/lesfurets/jenkins-pipeline-unit/1.1/jenkins-pipeline-unit-1.1.jar": (
        "db8c05a36b4ba6d480ea1dd9acc40411789ee5541cbcb9fe8eb12e2764898f4f"
    ),
    "com/cloudbees/groovy-cps/1.31/groovy-cps-1.31.jar": (
        "ecfd4e43d75ca8204e278ff01d27c10d4b0d7b3ee781a18d1c363fc04c5c3e7e"
    ),
    "com/google/guava/guava/11.0.1/guava-11.0.1.jar": (
        "aa7cef9d2ba0110a2db7be0fb6e679cd71f6a26fc3ba9da7715f41d3300def1d"
    ),
    "commons-io/commons-io/2.5/commons-io-2.5.jar": "a10418348d234968600ccb1d988efcbbd08716e1d96936ccc1880e7d22513474",
}

# The last groovy-cps that goes with the last groovy-sandbox on Maven Central; later ones are in Jenkins' own registry.
_SANDBOX_JARS: Final = {
    "com/cloudbees/groovy-cps/1.24/groovy-cps-1.24.jar": (
        "a2176d9e2d27a34ea74d3d55db51b76003c2fa21c84a402af157d6a0e870d661"
    ),
    "org/kohsuke/groovy-sandbox/1.19/groovy-sandbox-1.19.jar": (
        "606b2fe4bab1fc40f5816d81c9daa31348df7de0e3ad97c3031a786f0fcd12da"
    ),
    "com/google/guava/guava/11.0.1/guava-11.0.1.jar": (
        "aa7cef9d2ba0110a2db7be0fb6e679cd71f6a26fc3ba9da7715f41d3300def1d"
    ),
}
_CONTROL: Final = "def call() { return [3, 1, 2].sort { a, b -> a <=> b } }\n"
"""Right in plain Groovy; under CPS the closure's answer takes the place of the sorted list."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One build.

    Attributes:
        pipeline: the Jenkinsfile's text, without the line that names the library if it lacks it.
        env: further variables of Jenkins' global environment.
        credentials: id to secret, or to user and secret.
        missing: steps whose plugin is not installed.
        windows: the agent's system.
        trusted: whether the library is a global trusted one.
        exl: how exl comes to the agent: ``path``, ``pyz`` (of the library), or ``none``.
        files: further files of the workspace.
    """

    pipeline: str
    env: dict[str, str] = {}
    credentials: dict[str, Any] = {}
    missing: list[str] = []
    windows: bool = False
    trusted: bool = False
    exl: str = "path"
    files: dict[str, str] = {}


class Outcome(msgspec.Struct, frozen=True):
    """How a build ended.

    Attributes:
        result: Jenkins' word for it.
        console: what it printed.
        steps: the steps that ran, in order.
        folder: the build's own folder, with the workspace ``ws`` in it.
    """

    result: str
    console: str
    steps: list[str]
    folder: Path


def freestyle(folder: Path, env: Mapping[str, str]) -> Outcome:
    """Run the example for freestyle jobs as the build step *Execute shell* does: ``sh -xe`` on a file."""
    spec = _spec("freestyle", Case(pipeline="", env=dict(env)), folder, LIBRARY)
    done = subprocess.run(
        ["sh", "-xe", str(EXAMPLES / "freestyle.sh")],
        cwd=spec["workspace"],
        env=spec["env"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    result = "FAILURE" if done.returncode else "SUCCESS"
    return Outcome(result=result, console=done.stdout, steps=[], folder=folder / "jobs" / "freestyle")


def asked_of_the_sandbox() -> dict[str, Any]:
    """What the library asks of Groovy and Java: ``asked``; and the steps of each of some pipelines: ``steps``."""
    done = _groovy(_SANDBOX_JARS, "sandbox.groovy", str(LIBRARY / "vars"))
    assert done.returncode == 0, done.stdout + done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _groovy(jars: Mapping[str, str], script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run one of the Groovy programs beside this file, with jars from Maven Central."""
    classpath = os.pathsep.join(str(fetched(f"{_CENTRAL}/{path}", sha256)) for path, sha256 in jars.items())
    return subprocess.run(
        ["groovy", "-cp", classpath, str(HOST / script), *arguments],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def build_all(cases: dict[str, Case], folder: Path) -> dict[str, Outcome]:
    """Run builds one after the other in one JVM, each the first of a job named as the case.

    Raises:
        AssertionError: the host itself failed.
    """
    with_pyz = folder / "with-pyz"
    plain = folder / "plain"
    for libraries in (plain, with_pyz):
        shutil.copytree(LIBRARY, libraries / "exlogare@local")
        (libraries / "exlogare@local" / "vars" / "control.groovy").write_text(_CONTROL, encoding="utf-8")
        (libraries / "exlogare@local" / "resources" / "exlogare" / "exl.pyz").unlink(missing_ok=True)
    make_pyz(with_pyz / "exlogare@local" / "resources" / "exlogare" / "exl.pyz")
    specs = [_spec(name, case, folder, with_pyz if case.exl == "pyz" else plain) for name, case in cases.items()]
    (folder / "cases.json").write_text(json.dumps(specs), encoding="utf-8")
    done = _groovy(_JARS, "pipelines.groovy", str(folder / "cases.json"), str(folder / "results.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return {name: Outcome(folder=folder / "jobs" / name, **result) for name, result in zip(cases, results, strict=True)}


def make_pyz(target: Path) -> None:
    """A stand-in for the release's exl.pyz: one executable file that is exl."""
    source = target.parent / "pyz"
    source.mkdir()
    (source / "__main__.py").write_text(
        f"import sys\nsys.path[:0] = {[*sys.path[1:], str(ROOT)]!r}\nfrom exlogare_ci.cli import entry\nentry()\n",
        encoding="utf-8",
    )
    zipapp.create_archive(source, target, interpreter=sys.executable, compressed=True)
    shutil.rmtree(source)


def _spec(name: str, case: Case, folder: Path, libraries: Path) -> dict[str, Any]:
    job = folder / "jobs" / name
    shutil.copytree(ROOT / "examples" / "failing-build", job / "ws")
    for path, text in case.files.items():
        (job / "ws" / path).write_text(text, encoding="utf-8")
    (job / "jenkins").mkdir()
    pipeline = case.pipeline if "@Library" in case.pipeline else f"@Library('exlogare') _\n{case.pipeline}"
    (job / "jenkins" / "Jenkinsfile").write_text(pipeline, encoding="utf-8")
    system = "/usr/local/bin:/usr/bin:/bin"
    env = {
        "BUILD_NUMBER": "1",
        "BUILD_TAG": f"jenkins-{name}-1",
        "BUILD_URL": f"https://jenkins.example.org/job/{name}/1/",
        "EXLOGARE_CACHE_DIR": str(PATTERNS),
        "HOME": str(job),
        "JENKINS_HOME": str(folder),
        "JOB_NAME": name,
        "PATH": f"{Path(sys.executable).parent}:{system}" if case.exl == "path" else system,
        **({"EXLOGARE_EXL": "/nowhere/exl"} if case.exl == "none" else {}),
        "PYTHON": sys.executable,  # what the example's Makefile runs its tests with
        "WORKSPACE": str(job / "ws"),
    }
    return {
        "folder": str(job / "jenkins"), "pipeline": "Jenkinsfile", "workspace": str(job / "ws"),
        "libraries": str(libraries), "env": {**env, **case.env}, "credentials": case.credentials,
        "missing": case.missing, "windows": case.windows, "trusted": case.trusted,
    }  # fmt: skip
