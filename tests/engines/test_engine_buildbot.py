"""The Buildbot step in a real master with a worker of its own: the examples' builds, all in one run of the master."""

import json
import os
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from tests.engines.builds import BUILD, FAILED_TEST, HOSTILE, HOSTILE_BRANCH, SERVER, example, failing_build
from tests.engines.conftest import DEAD_URL, Inbox
from tests.integrations.snippets import ROOT
from tests.plugins.engines import Record
from tests.plugins.pypi_engines import BUILDBOT, installed
from tests.server.processes import Server

# One master runs every build.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("buildbot")]

ENGINE: Final = "Buildbot 4.3.0"
SUCCESS, FAILURE = 0, 2
TIMEOUT_S: Final = 120.0
REPOSITORY: Final = "https://git.example.com/acme/shop.git"
# The examples' builders, under other names, in one master.
MASTER: Final = """
import json
from buildbot.plugins import schedulers, util

EXAMPLES = {}
for name, text in json.load(open("examples.json", encoding="utf-8")).items():
    exec(text, EXAMPLES.setdefault(name, {}))
BuildmasterConfig = EXAMPLES["failing"]["BuildmasterConfig"]
BuildmasterConfig["builders"] = [
    util.BuilderConfig(name=name, workernames=["local"], factory=one["factory"]) for name, one in EXAMPLES.items()
]
BuildmasterConfig["schedulers"] = [
    schedulers.Periodic(name="hourly", builderNames=list(EXAMPLES), periodicBuildTimer=3600)
]
"""


class Build(msgspec.Struct, frozen=True):
    """How a build ended: its result, and what its steps printed."""

    result: int
    log: str


def examples(url: str, repository: Path) -> dict[str, str]:
    """Each builder's configuration: the page's, with the server here and another command."""
    same = {REPOSITORY: str(repository), 'branch="main"': f'branch="{HOSTILE_BRANCH}"'}
    wrap, log = "buildbot/master.cfg", "buildbot/log_file.cfg"

    def project(name: str) -> dict[str, str]:
        return {"acme/shop": f"acme/{name}"}

    here, away = {SERVER: url}, {SERVER: DEAD_URL}
    return {
        "failing": example(wrap, {**same, **here, **project("failing")}),
        "failing-log": example(log, {**same, **here, **project("failing-log")}),
        "passing": example(wrap, {**same, **here, f'"{BUILD}"': '"echo fine"'}),
        "passing-log": example(log, {**same, **here, f'"{BUILD} >build.log 2>&1"': '"echo fine >build.log"'}),
        "outage": example(wrap, {**same, **away, f'"{BUILD}"': '"exit 42"'}),
        "outage-passing": example(wrap, {**same, **away, f'"{BUILD}"': '"echo fine"'}),
        "hostile": example(wrap, {**same, **here, f'"{BUILD}"': '"cat hostile; exit 3"', '"acme/shop"': repr(HOSTILE)}),
    }


@pytest.fixture(scope="module")
def builds(_server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Build]:
    """Every example's build, run to its end."""
    folder = tmp_path_factory.mktemp("buildbot")
    repository = failing_build(folder / "repository")
    (repository / "hostile").write_text(f"error: {HOSTILE}\n", encoding="utf-8")
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    for argv in (
        ("init", "--quiet", f"--initial-branch={HOSTILE_BRANCH}"),
        ("add", "--all"),
        (*identity, "commit", "--quiet", "--message=All"),
    ):
        subprocess.run(["git", *argv], cwd=repository, check=True, capture_output=True)
    master = folder / "master"
    programs = installed(BUILDBOT)
    env = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(folder)}
    create = [str(programs / "buildbot"), "create-master", "--relocatable", str(master)]
    subprocess.run(create, env=env, check=True, capture_output=True, timeout=TIMEOUT_S)
    (master / "exlogare_buildbot.py").write_bytes(
        (ROOT / "integrations" / "buildbot" / "exlogare_buildbot.py").read_bytes()
    )
    (master / "secrets").mkdir()
    (master / "secrets" / "exlogare_token").write_text(_server.token, encoding="ascii")
    (master / "secrets" / "exlogare_token").chmod(0o600)
    (master / "examples.json").write_text(json.dumps(examples(_server.url, repository)), encoding="utf-8")
    (master / "master.cfg").write_text(MASTER, encoding="utf-8")
    log = (folder / "log").open("wb")
    with log, subprocess.Popen(
        [str(programs / "buildbot"), "start", "--nodaemon", "."], cwd=master, env=env, stdout=log, stderr=log
    ) as process:  # fmt: skip
        try:
            deadline = time.monotonic() + TIMEOUT_S
            while len(done := finished(master / "state.sqlite")) < len(examples(_server.url, repository)):
                assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
                assert time.monotonic() < deadline, (folder / "log").read_text(encoding="utf-8")
                time.sleep(0.3)
        finally:
            process.terminate()
    assert list(folder.rglob("pwned")) == []
    return done


def finished(state: Path) -> dict[str, Build]:
    """Read the builds that have ended out of the master's database."""
    found: dict[str, Build] = {}
    with sqlite3.connect(f"file:{state}?mode=ro", uri=True, timeout=10) as database:
        rows = database.execute(
            "select builders.name, builds.id, builds.results from builds join builders on builders.id = builderid "
            "where builds.complete_at is not null"
        ).fetchall()
        for name, number, result in rows:
            chunks = database.execute(
                "select content, compressed from logchunks join logs on logs.id = logid "
                "join steps on steps.id = stepid where buildid = ? order by logs.id, first_line", (number,)
            )  # fmt: skip
            log = "\n".join(_text(content, compressed) for content, compressed in chunks)
            # Every line begins with its stream: output, error, or header.
            found[name] = Build(result, "\n".join(line[1:] for line in log.splitlines()))
    return found


def _text(content: Any, compressed: int) -> str:
    raw = content if isinstance(content, bytes) else content.encode()
    return (zlib.decompress(raw) if compressed else raw).decode("utf-8", "replace")


def stored(server: Server, project: str) -> list[Mapping[str, Any]]:
    """What the server has of a project."""
    answer = server.get("/api/v1/analyses", params={"project": project, "limit": "500"})
    answer.raise_for_status()
    return [item for item in answer.json()["items"] if item["provider_label"] == "buildbot"]


@pytest.mark.parametrize("name", ["failing", "failing-log"])
def test_failing_build(name: str, builds: dict[str, Build], inbox: Inbox, record: Record) -> None:
    """The page's builds fail as their command does, and the root cause is stored, with the checkout's branch."""
    [analysis] = stored(inbox.server, f"acme/{name}")

    assert builds[name].result == FAILURE
    assert (FAILED_TEST in analysis["root_cause"], analysis["status"]) == (True, "failed")
    assert inbox.token not in builds[name].log
    record("buildbot", ENGINE, True, failing=analysis["root_cause"])


def test_passing_build(builds: dict[str, Build], inbox: Inbox, record: Record) -> None:
    """Of a build that passes nothing is sent, and the step behind it does not run."""
    results = (builds["passing"].result, builds["passing-log"].result)

    assert (results, stored(inbox.server, "acme/shop")) == ((SUCCESS, SUCCESS), [])
    record("buildbot", ENGINE, True, passing="sent nothing")


def test_outage_of_the_server(builds: dict[str, Build], record: Record) -> None:
    """With the server away the build ends as its command does."""
    failing, passing = builds["outage"], builds["outage-passing"]

    assert (failing.result, passing.result) == (FAILURE, SUCCESS)
    assert "program finished with exit code 42" in failing.log
    assert failing.log.count("exl: not uploaded: ") == 1
    record("buildbot", ENGINE, True, outage="exit code kept")


def test_hostile_log_and_settings(builds: dict[str, Build], inbox: Inbox, record: Record) -> None:
    """Neither a setting nor what a build prints is executed."""
    assert builds["hostile"].result == FAILURE
    assert len(stored(inbox.server, HOSTILE)) == 1
    record("buildbot", ENGINE, True, hostile="only text")
