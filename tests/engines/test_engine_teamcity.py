"""TeamCity's meta-runners: their shape, and their steps run by a harness against a real server."""

import re
import subprocess
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from tests.engines import teamcity
from tests.engines.conftest import DEAD_URL, Inbox
from tests.engines.teamcity import ENGINE, EXAMPLES, PACKAGE, NoAgentError, Outcome
from tests.plugins.engines import Record

NAME: Final = "teamcity"
FAILED_TEST: Final = "test_discount_holds_for_every_piece"
HOSTILE: Final = "feat/$(touch${IFS}pwned)`touch pwned`\";touch pwned;'%env.HOME%|n##teamcity[buildProblem]"
META_RUNNERS: Final = ("ExlogareRun", "ExlogareIngest")


def build(folder: Path, inbox: Inbox | None, example: str, command: str = "make test", **options: Any) -> Outcome:
    """Run an example's steps with another command; ``parameters`` are further ones of the build configuration."""
    folder.mkdir(exist_ok=True)
    steps = teamcity.parse(EXAMPLES / f"{example}.xml")
    for param in steps.iter("param"):
        if param.get("value") == "make test":
            param.set("value", command)
    server = {} if inbox is None else {"env.EXLOGARE_URL": inbox.url, "env.EXLOGARE_TOKEN": inbox.token}
    parameters = {**server, **options.pop("parameters", {})}
    return teamcity.Build(folder, parameters, **options).run(steps)


@pytest.mark.slow
@pytest.mark.parametrize(("example", "status"), [("run", "failed"), ("ingest", "failure")])
def test_examples_fail_as_before_and_are_explained(
    example: str, status: str, tmp_path: Path, inbox: Inbox, record: Record
) -> None:
    """The build fails as it would, its status text names the root cause, and so does the server's analysis."""
    done = build(tmp_path, inbox, example)
    stored = inbox.only()

    assert done.status == "FAILURE"
    assert FAILED_TEST in stored["root_cause"]
    wanted = {"provider": "teamcity", "project_path": "Shop", "branch": "main", "status": status}
    assert {name: stored[name] for name in wanted} == wanted
    assert [message.split(" ")[0] for message in done.messages] == ["##teamcity[message", "##teamcity[buildStatus"]
    assert FAILED_TEST in done.messages[1]
    record(NAME, ENGINE, False, failing=f"Test `{FAILED_TEST}` failed")


@pytest.mark.slow
def test_passing_builds_send_nothing(tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """A command that passes passes; the last step runs, asks for the status, and leaves it at that."""
    wrapped = build(tmp_path / "a", inbox, "run", "echo 100%%")
    ingested = build(tmp_path / "b", inbox, "ingest", "echo fine")

    assert (wrapped.status, wrapped.log, wrapped.asked) == ("SUCCESS", "100%", [])
    assert (ingested.status, ingested.ran) == ("SUCCESS", ["Test", "Explain the failure"])
    assert ingested.asked == ["/httpAuth/app/rest/builds/id:99?fields=status"]
    assert "which is no failure; nothing is sent." in ingested.log
    assert inbox.arrived() == []
    record(NAME, ENGINE, False, passing="sent nothing")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"properties_file": False}, "TeamCity cannot be asked for the build's status"),
        ({"refuse": True}, " answered 401. "),
    ],
)
def test_an_unknown_status_is_no_failure(options: dict[str, bool], words: str, tmp_path: Path, inbox: Inbox) -> None:
    """A step that cannot learn the status says so, sends nothing, and does not fail a build that passes."""
    done = build(tmp_path, inbox, "ingest", "true", **options)

    assert (done.status, inbox.arrived()) == ("SUCCESS", [])
    assert words in done.log


@pytest.mark.slow
def test_a_server_that_is_away_changes_nothing(tmp_path: Path, record: Record) -> None:
    """Passing stays passing, failing failing, and a line says what happened."""
    away = {"env.EXLOGARE_URL": DEAD_URL, "env.EXLOGARE_TOKEN": "exl_x", "env.EXLOGARE_TIMEOUT": "1"}
    passing = build(tmp_path / "a", None, "run", "true", parameters=away)
    failing = build(tmp_path / "b", None, "run", "exit 42", parameters=away)

    assert (passing.status, failing.status) == ("SUCCESS", "FAILURE")
    assert failing.log.count("exl: not uploaded: ") == 1
    assert failing.log.endswith("Process exited with code 42")
    record(NAME, ENGINE, False, outage="result kept")


@pytest.mark.slow
def test_hostile_names_and_logs_are_only_text(tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """A branch is data, and what the log holds becomes no service message of ours."""
    log = "printf '%%s\\n' 'error: x ##teamcity[buildProblem description=y] $(touch pwned)'; make test"
    done = build(tmp_path, inbox, "ingest", log, branch=HOSTILE)
    stored = inbox.only()

    assert stored["branch"] == HOSTILE
    assert FAILED_TEST in stored["root_cause"]
    assert [message.split(" ")[0] for message in done.messages] == ["##teamcity[message", "##teamcity[buildStatus"]
    assert list(tmp_path.rglob("pwned*")) == []
    record(NAME, ENGINE, False, hostile="only text")


@pytest.mark.slow
def test_settings_of_the_step(tmp_path: Path, inbox: Inbox) -> None:
    """What is set in the step arrives; the token is a password there, and the command does not see it."""
    steps = teamcity.parse(EXAMPLES / "run.xml")
    parameters = steps.find("./runner/parameters")
    assert parameters is not None
    command = "env; make test"
    parameters[0].set("value", command)
    for name, value in (("URL", inbox.url), ("TOKEN", "%secret.token%"), ("PROJECT", "my/own")):
        ET.SubElement(parameters, "param", {"name": f"env.EXL_STEP_{name}", "value": value})
    done = teamcity.Build(tmp_path, {"secret.token": inbox.token}).run(steps)

    assert (inbox.only()["project_path"], done.status) == ("my/own", "FAILURE")
    assert inbox.token not in done.log


@pytest.mark.slow
def test_a_command_runs_without_exl(tmp_path: Path) -> None:
    """On an agent with no exl the command runs, and its exit code is the step's."""
    without = {"env.EXLOGARE_EXL": "/nowhere/exl", "env.EXL_STEP_CI_TOKEN": "made-up-token"}
    done = build(tmp_path, None, "run", "env; exit 7", exl=False, parameters=without)

    assert "The command runs without it." in done.log
    assert "EXL_STEP_CI_TOKEN" not in done.log
    assert done.log.endswith("Process exited with code 7")


@pytest.mark.parametrize("name", META_RUNNERS)
def test_shape_is_that_of_published_meta_runners(name: str) -> None:
    """Elements, attributes and kinds of parameters are those of the 30 in JetBrains' meta-runner-power-pack."""
    root = teamcity.parse(PACKAGE / f"{name}.xml")
    found: dict[str, set[str]] = {}

    def walk(element: ET.Element, path: str) -> None:
        found.setdefault(path, set()).update(element.attrib)
        for child in element:
            walk(child, f"{path}/{child.tag}")

    walk(root, root.tag)
    runner = "meta-runner/settings/build-runners/runner"
    assert found == {
        "meta-runner": {"name"},
        "meta-runner/description": set(),
        "meta-runner/settings": set(),
        "meta-runner/settings/parameters": set(),
        "meta-runner/settings/parameters/param": {"name", "value", "spec"},
        "meta-runner/settings/build-runners": set(),
        runner: {"name", "type"},
        f"{runner}/parameters": set(),
        f"{runner}/parameters/param": {"name", "value"},
        "meta-runner/settings/requirements": set(),
    }
    specs = {str(param.get("name")): str(param.get("spec")) for param in root.findall("./settings/parameters/param")}
    assert {spec.split(" ")[0] for spec in specs.values()} == {"text", "password"}
    assert all(re.fullmatch(r"\w+( \w+='([^'|]|\|['|])*')+", spec) for spec in specs.values())
    secret = {param for param, spec in specs.items() if spec.startswith("password ")}
    assert secret <= {"env.EXL_STEP_TOKEN", "env.EXL_STEP_CI_TOKEN"}
    assert "env.EXL_STEP_TOKEN" in secret


@pytest.mark.parametrize("name", META_RUNNERS)
def test_no_parameter_stands_in_a_script(name: str) -> None:
    """With no parameter at all the script resolves, to the script that stands beside it: values come as environment."""
    assert teamcity.script_of(name) == (PACKAGE / "step.sh").read_text(encoding="utf-8")


def test_harness_knows_an_unresolved_reference() -> None:
    """A control: a script with a parameter in it does not get through."""
    assert teamcity.resolved("echo %a.b% 5%%", {"a.b": "x"}) == "echo x 5%"
    with pytest.raises(NoAgentError):
        teamcity.resolved("echo %teamcity.build.branch%", {})


@pytest.mark.needs("shellcheck")
def test_the_script_is_plain_shell() -> None:
    """It runs in any POSIX shell."""
    script = str(PACKAGE / "step.sh")
    done = subprocess.run(["shellcheck", "--shell=sh", script], capture_output=True, text=True, check=False)

    assert done.stdout == ""


def test_kotlin_form_sets_what_the_meta_runners_have() -> None:
    """The functions for the Kotlin DSL name the meta-runners and exactly their parameters."""
    kotlin = (PACKAGE / "kotlin" / "Exlogare.kt").read_text(encoding="utf-8")
    names = {
        str(param.get("name"))
        for name in META_RUNNERS
        for param in teamcity.parse(PACKAGE / f"{name}.xml").findall("./settings/parameters/param")
    }

    assert {f"env.EXL_STEP_{name}" for name in re.findall(r'set\("(\w+)", value\)', kotlin)} == names - {
        "env.EXL_STEP_RUN"
    }
    assert 'param("env.EXL_STEP_RUN", command)' in kotlin
    assert re.findall(r'type = "(\w+)"', kotlin) == list(META_RUNNERS)
    used = {
        word for path in EXAMPLES.glob("*.kts") for word in re.findall(r"exlogare\w+", path.read_text(encoding="utf-8"))
    }
    assert used == set(re.findall(r"fun BuildSteps\.(\w+)\(", kotlin))


def test_page_shows_the_examples() -> None:
    """Every file on the page is one of the examples, and none adds more than eight lines."""
    page = (PACKAGE / "README.md").read_text(encoding="utf-8")
    files = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES.iterdir()}

    assert sorted(re.findall(r"```(?:xml|kotlin)\n(.*?)```", page, re.DOTALL)) == sorted(files.values())
    assert max(sum("xlogare" in line for line in text.splitlines()) for text in files.values()) <= 8
