"""A harness that stands for a TeamCity server and its agent: parameters, properties files, execution policies, REST.

Written from TeamCity's documentation: https://www.jetbrains.com/help/teamcity/working-with-meta-runner.html,
https://www.jetbrains.com/help/teamcity/using-build-parameters.html (references, ``%%``),
https://www.jetbrains.com/help/teamcity/configuring-build-steps.html#Execution+Policy,
https://www.jetbrains.com/help/teamcity/predefined-build-parameters.html (properties files) and
https://www.jetbrains.com/help/teamcity/rest/build.html (status of a running build).
"""

import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import msgspec

from tests.client.scripted_server import Handler, ScriptedServer
from tests.integrations.snippets import ROOT
from tests.plugins.downloads import PATTERNS

ENGINE: Final = "harness of TeamCity's documented semantics"
PACKAGE: Final = ROOT / "integrations" / "teamcity"
EXAMPLES: Final = ROOT / "examples" / "teamcity"
TIMEOUT_S: Final = 120.0
BUILD_ID: Final = 99

_REFERENCE: Final = re.compile(r"%%|%([A-Za-z][A-Za-z0-9._*-]*)%")
_PASSWORD: Final = "made-up-build-password"


class NoAgentError(Exception):
    """A reference to a parameter that there is not: TeamCity finds no agent for such a build."""


class Outcome(msgspec.Struct, frozen=True):
    """How a build ended.

    Attributes:
        status: TeamCity's word.
        log: what the steps printed, passwords masked.
        messages: the service messages among it.
        asked: the paths that were asked of the TeamCity server.
        ran: the names of the steps that ran.
    """

    status: str
    log: str
    messages: list[str]
    asked: list[str]
    ran: list[str]


def resolved(text: str, parameters: Mapping[str, str]) -> str:
    """Put values in the places of ``%name%``; ``%%`` is a per cent sign.

    Raises:
        NoAgentError: there is no such parameter.
    """

    def value(hit: re.Match[str]) -> str:
        if hit[1] is None:
            return "%"
        if hit[1] not in parameters:
            raise NoAgentError(hit[1])
        return parameters[hit[1]]

    return _REFERENCE.sub(value, text)


def parse(path: Path) -> ET.Element:
    """Read one of our XML files."""
    return ET.parse(path).getroot()  # noqa: S314 - our own file


def settings_of(meta_runner: str) -> ET.Element:
    """The ``<settings>`` of one of our meta-runners."""
    settings = parse(PACKAGE / f"{meta_runner}.xml").find("settings")
    assert settings is not None
    return settings


def values_of(element: ET.Element) -> dict[str, str]:
    """Read ``<parameters>``: a value is an attribute, or the element's text."""
    found = {}
    for param in element.findall("./parameters/param"):
        value = param.get("value")
        found[str(param.get("name"))] = (param.text or "") if value is None else value
    return found


def script_of(meta_runner: str) -> str:
    """The script of one of our meta-runners, as TeamCity would write it for an agent."""
    (runner,) = settings_of(meta_runner).findall("./build-runners/runner")
    return resolved(values_of(runner)["script.content"], {})


def _escaped(value: str) -> str:
    """Write a value as Java's properties have it."""
    return re.sub(r"([\\=:#!])", r"\\\1", value)


class Build:
    """One build on an agent.

    Args:
        folder: an empty folder for it.
        parameters: parameters of the build configuration: ``env.NAME``, ``system.name``, others.
        branch: the logical name of the branch.
        exl: whether exl is on the agent's PATH.
        properties_file: whether the step may read the properties files.
        refuse: whether the server refuses the build's credentials.
    """

    def __init__(
        self,
        folder: Path,
        parameters: Mapping[str, str],
        *,
        branch: str = "main",
        exl: bool = True,
        properties_file: bool = True,
        refuse: bool = False,
    ) -> None:
        self._folder = folder
        self._parameters = dict(parameters)
        self._branch = branch
        self._exl = exl
        self._properties_file = properties_file
        self._refuse = refuse
        self._failed = False
        self._log: list[str] = []
        self._ran: list[str] = []

    def run(self, runners: ET.Element) -> Outcome:
        """Run the steps of a ``<build-runners>`` element."""
        checkout = self._folder / "checkout"
        shutil.copytree(ROOT / "examples" / "failing-build", checkout)
        with self._server() as server:
            self._write_properties(server.url)
            for runner in runners.findall("runner"):
                self._step(runner, self._parameters, checkout)
        text = "\n".join(self._log)
        for name, value in self._parameters.items():
            if "TOKEN" in name and value:
                text = text.replace(value, "*******")
        return Outcome(
            status="FAILURE" if self._failed else "SUCCESS",
            log=text,
            messages=[line for line in self._log if line.startswith("##teamcity[")],
            asked=[one.path for one in server.asked],
            ran=self._ran,
        )

    def _step(self, runner: ET.Element, outer: Mapping[str, str], checkout: Path) -> None:
        """Run a step where its policy allows; a meta-runner's own parameters hold in its steps alone."""
        own = values_of(runner)
        if own.get("teamcity.step.mode", "default") in ("default", "execute_if_success") and self._failed:
            return
        kind = str(runner.get("type"))
        if kind != "simpleRunner":
            settings = settings_of(kind)
            inner = {**outer, **values_of(settings), **own}
            for step in settings.findall("./build-runners/runner"):
                self._step(step, inner, checkout)
            return
        self._ran.append(str(runner.get("name")))
        env = {
            name.removeprefix("env."): resolved(value, outer)
            for name, value in outer.items()
            if name.startswith("env.")
        }
        self._execute(resolved(own["script.content"], outer), {**self._environment(), **env}, checkout)

    def _execute(self, script: str, env: Mapping[str, str], checkout: Path) -> None:
        file = self._folder / f"custom_script{len(self._ran)}"
        file.write_text(script if script.startswith("#!") else f"#!/bin/sh\n{script}", encoding="utf-8")
        file.chmod(0o700)
        done = subprocess.run(
            [str(file)],
            cwd=checkout,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        self._log += done.stdout.splitlines()
        if done.returncode != 0 or any(line.startswith("##teamcity[buildProblem") for line in done.stdout.splitlines()):
            self._log.append(f"Process exited with code {done.returncode}")
            self._failed = True

    def _environment(self) -> dict[str, str]:
        system = "/usr/local/bin:/usr/bin:/bin"
        env = {
            "BUILD_NUMBER": "12", "BUILD_VCS_NUMBER": "0123456789012345678901234567890123456789",
            "EXLOGARE_CACHE_DIR": str(PATTERNS), "HOME": str(self._folder), "PYTHON": sys.executable,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{system}" if self._exl else system,
            "TEAMCITY_BUILDCONF_NAME": "Test", "TEAMCITY_PROJECT_NAME": "Shop", "TEAMCITY_VERSION": "2025.07",
        }  # fmt: skip
        if self._properties_file:
            env["TEAMCITY_BUILD_PROPERTIES_FILE"] = str(self._folder / "build.properties")
        return env

    def _write_properties(self, server: str) -> None:
        """Write the two files as the agent does; the first names the second."""
        first = {
            "teamcity.auth.userId": f"TeamCityBuildId={BUILD_ID}",
            "teamcity.auth.password": _PASSWORD,
            "teamcity.buildType.id": f"Shop_{self._folder.name}",
            "teamcity.configuration.properties.file": str(self._folder / "config.properties"),
        }
        second = {
            "teamcity.build.branch": self._branch, "teamcity.build.id": str(BUILD_ID), "teamcity.serverUrl": server,
            **{name: value for name, value in self._parameters.items() if not name.startswith("env.")},
        }  # fmt: skip
        for name, entries in (("build", first), ("config", second)):
            lines = [f"{key}={_escaped(value)}" for key, value in entries.items()]
            (self._folder / f"{name}.properties").write_text("\n".join(lines) + "\n", encoding="utf-8")

    @contextlib.contextmanager
    def _server(self) -> Iterator[ScriptedServer]:
        wanted = "Basic " + base64.b64encode(f"TeamCityBuildId={BUILD_ID}:{_PASSWORD}".encode()).decode()

        def answer(handler: Handler) -> None:
            if self._refuse or handler.headers.get("Authorization") != wanted:
                handler.answer(401, b"Unauthorized")
            elif handler.path == f"/httpAuth/app/rest/builds/id:{BUILD_ID}?fields=status":
                body = json.dumps({"status": "FAILURE" if self._failed else "SUCCESS"})
                handler.answer(200, body.encode(), {"Content-Type": "application/json"})
            elif handler.path == f"/httpAuth/downloadBuildLog.html?buildId={BUILD_ID}":
                lines = [f"[10:00:0{number % 10}] :\t [Step 1/2] {line}" for number, line in enumerate(self._log)]
                handler.answer(200, "\n".join(lines).encode(), {"Content-Type": "text/plain; charset=utf-8"})
            else:
                handler.answer(404, b"Not found")

        server = ScriptedServer(answer)
        with server.running():
            yield server
