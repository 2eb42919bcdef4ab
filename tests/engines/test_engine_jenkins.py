"""The Jenkins library: pipelines that really run their steps, under CPS, against a real server."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from tests.client.scripted_server import ScriptedServer
from tests.engines import jenkins
from tests.engines.conftest import DEAD_URL, Inbox
from tests.engines.jenkins import CREDENTIALS, ENGINE, EXAMPLES, Case, Outcome
from tests.plugins.engines import Record
from tests.server.processes import Server

pytestmark = [pytest.mark.slow, pytest.mark.needs("groovy"), pytest.mark.xdist_group("jenkins")]

NAME: Final = "jenkins"
FAILED_TEST: Final = "test_discount_holds_for_every_piece"
BRANCH: Final = "feat/$(touch${IFS}pwned)`touch pwned`\";touch pwned;'%0A::error::x"
HOSTILE_LOG: Final = "##teamcity[buildProblem description='x'] $(touch pwned) `touch pwned`\n::error::x\n\x1b]0;x\x07\n"
TOKEN: Final = f"credentialsId: '{CREDENTIALS}'"
BLOCK: Final = "node { exlogareRun(%s) { sh 'make test' } }"
POST: Final = "pipeline { agent any\n stages { stage('T') { steps { %s } } }\n post { %s } }"
CONSOLE: Final = "+ python3 app.py\nModuleNotFoundError: No module named 'no_such_module'\n"
"""What Jenkins' API gives: another failure than the one that the steps print."""


def example(name: str) -> str:
    """A file of the examples."""
    return (EXAMPLES / f"{name}.Jenkinsfile").read_text(encoding="utf-8")


AWAY: Final = {"EXLOGARE_URL": DEAD_URL, "EXLOGARE_TIMEOUT": "1"}
CASES: Final = {
    "declarative": Case(pipeline=example("declarative")),
    "command": Case(pipeline=example("command")),
    "post": Case(pipeline=example("post")),
    "scripted": Case(pipeline=example("scripted")),
    "trusted": Case(pipeline=example("trusted"), trusted=True),
    "trusted-refused": Case(pipeline=example("trusted")),
    "passing-command": Case(pipeline=f"node {{ exlogareRun(script: 'echo \"at $HOME\"', {TOKEN}) }}"),
    "passing-block": Case(
        pipeline=f"node {{ def got = exlogareRun({TOKEN}) {{ sh 'echo fine'; 'got it' }}\n echo got }}"
    ),
    "passing-post": Case(pipeline=POST % ("sh 'true'", f"always {{ exlogareIngest({TOKEN}) }}")),
    "aborted-block": Case(pipeline=f"node {{ exlogareRun({TOKEN}) {{ sh 'sleep 60 # aborted by a user' }} }}"),
    "aborted-post": Case(
        pipeline=POST
        % (
            "sh 'make test >build.log || true'\n sh 'sleep 60 # aborted by a user'",
            f"failure {{ echo 'not here' }}\n aborted {{ exlogareIngest(logPath: 'build.log', {TOKEN}) }}",
        )
    ),
    "outage-block": Case(pipeline=BLOCK % TOKEN, env=AWAY),
    "outage-passing": Case(pipeline=f"node {{ exlogareRun(script: 'true', {TOKEN}) }}", env=AWAY),
    "outage-post": Case(
        pipeline=POST % ("sh 'true'", f"always {{ exlogareIngest(status: 'FAILURE', logPath: 'odd.log', {TOKEN}) }}"),
        env=AWAY,
        files={"odd.log": HOSTILE_LOG},
    ),
    "strict-post": Case(
        pipeline=f"node {{ exlogareIngest(status: 'FAILURE', logPath: 'odd.log', strict: true, {TOKEN}) }}",
        env=AWAY,
        files={"odd.log": HOSTILE_LOG},
    ),
    "hostile": Case(
        pipeline=f"node {{ exlogareRun(script: 'echo \"on $BRANCH_NAME\"; cat odd.log; make test', {TOKEN}) }}",
        env={"BRANCH_NAME": BRANCH, "GIT_BRANCH": BRANCH},
        files={"odd.log": HOSTILE_LOG},
    ),
    "api": Case(
        pipeline=POST % ("sh 'make test'", f"failure {{ exlogareIngest(ciCredentialsId: 'jenkins-api', {TOKEN}) }}"),
        credentials={"jenkins-api": ["ann", "made-up-token"]},
    ),
    "no-tee-api": Case(
        pipeline=BLOCK % f"ciCredentialsId: 'jenkins-api', {TOKEN}",
        credentials={"jenkins-api": ["ann", "made-up-token"]},
        missing=["tee"],
    ),
    "control": Case(pipeline='node { echo "sorted: ${control()}" }'),
    "no-credentials": Case(pipeline=BLOCK % "credentialsId: 'gone'"),
    "no-binding-plugin": Case(pipeline=BLOCK % TOKEN, missing=["withCredentials"]),
    "no-tee": Case(pipeline=BLOCK % TOKEN, missing=["tee"]),
    "no-exl": Case(pipeline="node { exlogareRun 'exit 3' }", exl="none"),
    "pyz": Case(pipeline=BLOCK % TOKEN, exl="pyz"),
    "windows": Case(pipeline=f"node {{ exlogareRun(script: 'make test', {TOKEN}) }}", windows=True),
    "misspelt": Case(pipeline=f"node {{ exlogareRun(scirpt: 'x', script: 'true', {TOKEN}) }}"),
    "misspelt-strict": Case(pipeline="node { exlogareRun(scirpt: 'x', script: 'true', strict: true) }"),
    "no-script": Case(pipeline="node { exlogareRun(project: 'x') }"),
    "settings": Case(
        pipeline=f"node {{ exlogareRun(project: 'my/own', outputFile: 'out.json', {TOKEN}) {{ sh 'make test' }} }}"
    ),
    "secret": Case(pipeline=f"node {{ exlogareRun(script: 'env; exit 4', {TOKEN}) }}"),
}


class Builds(msgspec.Struct, frozen=True):
    """Every case's outcome, what the server has of each job, its token, and what was asked of Jenkins' API."""

    token: str
    asked_of_jenkins: list[tuple[str, str]]
    outcomes: dict[str, Outcome]
    stored: dict[str, list[dict[str, Any]]]

    def only(self, job: str) -> dict[str, Any]:
        """The one analysis that the server has of a job."""
        assert len(self.stored[job]) == 1, self.outcomes[job].console
        return self.stored[job][0]


@pytest.fixture(scope="module")
def builds(_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """Run every case, in one JVM."""
    api = ScriptedServer(lambda handler: handler.answer(200, CONSOLE.encode(), {"X-More-Data": "false"}))
    cases = {
        name: msgspec.structs.replace(
            case,
            env={"EXLOGARE_URL": _server.url, "BUILD_URL": f"{api.url}/job/{name}/1/", **case.env},
            credentials={CREDENTIALS: _server.token, **case.credentials},
        )
        for name, case in CASES.items()
    }
    with api.running():
        outcomes = jenkins.build_all(cases, tmp_path_factory.mktemp("jenkins"))
    asked = [(one.path, one.headers.get("authorization", "")) for one in api.asked]
    answer = _server.get("/api/v1/analyses?limit=500")
    answer.raise_for_status()
    stored: dict[str, list[dict[str, Any]]] = {name: [] for name in CASES}
    for item in answer.json()["items"]:
        job = str(item["ci_run_id"]).split("#")[0]
        if item["source"] == "jenkins_ingest" and job in stored:
            stored[job].append(item)
    return Builds(token=_server.token, asked_of_jenkins=asked, outcomes=outcomes, stored=stored)


SANDBOX: Final = {
    # What the library asks for: the line of Script Security's generic-whitelist that allows it
    # (https://github.com/jenkinsci/script-security-plugin, read in June 2026).
    "hudson.AbortException getMessage": "method java.lang.Throwable getMessage",
    "java.util.ArrayList add": "method java.util.Collection add java.lang.Object",
    "java.util.ArrayList addAll": "method java.util.Collection addAll java.util.Collection",
    "java.util.HashMap get": "method java.util.Map get java.lang.Object",
    "java.util.HashMap keySet": "method java.util.Map keySet",
    "java.util.HashMap remove": "method java.util.Map remove java.lang.Object",
    "java.util.LinkedHashMap containsKey": "method java.util.Map containsKey java.lang.Object",
    "java.util.LinkedHashMap get": "method java.util.Map get java.lang.Object",
    "java.util.LinkedHashMap keySet": "method java.util.Map keySet",
    "java.util.LinkedHashMap$LinkedKeySet join": (
        "staticMethod org.codehaus.groovy.runtime.DefaultGroovyMethods join java.util.Collection java.lang.String"
    ),
    "new java.util.ArrayList": "new java.util.ArrayList java.util.Collection",
    "new java.util.HashMap": "new java.util.HashMap java.util.Map",
    "org.codehaus.groovy.runtime.GStringImpl toString": "method java.lang.Object toString",
    "static java.util.UUID randomUUID": "staticMethod java.util.UUID randomUUID",
    # `currentBuild` is allowed by its own plugin: RunWrapper.getCurrentResult is annotated as whitelisted.
    "Build .currentResult": "workflow-support",
    # What the transformer writes for ==, !=, a text with values in it, and a declaration with a type. The last two are
    # written so by groovy-cps 1.24; later ones write checkedCast, and literals that are no calls.
    "static org.codehaus.groovy.runtime.ScriptBytecodeAdapter compareEqual": "ScriptBytecodeAdapter compareEqual",
    "static org.codehaus.groovy.runtime.ScriptBytecodeAdapter compareNotEqual": "ScriptBytecodeAdapter compareNotEqual",
    "static org.kohsuke.groovy.sandbox.impl.Checker checkedCast": "Checker checkedCast",
    "static org.codehaus.groovy.runtime.ScriptBytecodeAdapter asType": "the transformer's own",
    "new org.codehaus.groovy.runtime.GStringImpl": "the transformer's own",
}


def test_the_sandbox_lets_the_library_through() -> None:
    """As an untrusted library it asks for nothing that an administrator would have to approve."""
    told = jenkins.asked_of_the_sandbox()

    assert set(told["asked"]) == set(SANDBOX)
    assert told["steps"]["exlogareRun(credentialsId: 'a') { sh 'make test' }"] == [
        "pwd", "tee", "sh", "dir", "deleteDir",
    ]  # fmt: skip


def test_the_library_runs_under_cps(builds: Builds) -> None:
    """A control: what is right in plain Groovy and wrong on Jenkins is wrong here, too."""
    assert builds.outcomes["control"].console == "sorted: -1"


@pytest.mark.parametrize("job", ["declarative", "command", "post", "scripted", "trusted"])
def test_examples_fail_as_before_and_are_explained(job: str, builds: Builds, record: Record) -> None:
    """Each example keeps its build's result, and the server's analysis names what failed."""
    outcome, stored = builds.outcomes[job], builds.only(job)

    assert outcome.result == "FAILURE"
    assert FAILED_TEST in stored["root_cause"]
    assert (stored["provider"], stored["status"], stored["ci_run_id"]) == ("jenkins", "FAILURE", f"{job}#1")
    assert "Root cause: Test `test_discount_holds_for_every_piece` failed" in outcome.console
    assert outcome.console.endswith("ERROR: script returned exit code 2")
    record(NAME, ENGINE, False, failing=f"Test `{FAILED_TEST}` failed")


@pytest.mark.parametrize("job", ["api", "no-tee-api"])
def test_the_console_is_fetched_with_a_users_token(job: str, builds: Builds) -> None:
    """Without a log file, and for a block without tee, the log comes from Jenkins' API."""
    assert builds.outcomes[job].result == "FAILURE"
    assert "no_such_module" in builds.only(job)["root_cause"]
    wanted = (f"/job/{job}/1/logText/progressiveText?start=0", "Basic YW5uOm1hZGUtdXAtdG9rZW4=")
    assert wanted in builds.asked_of_jenkins


def test_passing_builds_send_nothing(builds: Builds, record: Record) -> None:
    """Command, block and post section of a build that passes: nothing arrives, and the block's value comes back."""
    jobs = ("passing-command", "passing-block", "passing-post", "outage-passing")

    assert {job: (builds.outcomes[job].result, builds.stored[job]) for job in jobs} == dict.fromkeys(
        jobs, ("SUCCESS", [])
    )
    assert builds.outcomes["passing-block"].console.splitlines()[-1] == "got it"
    assert builds.outcomes["passing-block"].steps == ["node", "pwd", "tee", "sh", "dir", "deleteDir", "echo"]
    assert builds.outcomes["passing-command"].console == f"at {builds.outcomes['passing-command'].folder}"
    record(NAME, ENGINE, False, passing="sent nothing")


def test_an_aborted_block_is_left_alone(builds: Builds) -> None:
    """Who aborts a build is not kept waiting, and the interruption reaches Jenkins."""
    outcome = builds.outcomes["aborted-block"]

    assert (outcome.result, builds.stored["aborted-block"]) == ("ABORTED", [])
    assert "exlogare: the build was aborted or ran out of time; nothing is sent." in outcome.console


def test_an_aborted_build_is_explained_where_that_is_asked_for(builds: Builds) -> None:
    """In `post { aborted }` the status that arrives is Jenkins' own."""
    assert builds.outcomes["aborted-post"].result == "ABORTED"
    assert builds.only("aborted-post")["status"] == "ABORTED"


def test_a_server_that_is_away_changes_nothing(builds: Builds, record: Record) -> None:
    """The result stays, and one line says that nothing was sent; only `strict` makes it a failure."""
    lines = {
        job: (builds.outcomes[job].result, builds.outcomes[job].console.count("not uploaded: "))
        for job in ("outage-block", "outage-post", "strict-post")
    }

    assert lines == {"outage-block": ("FAILURE", 1), "outage-post": ("SUCCESS", 1), "strict-post": ("FAILURE", 1)}
    assert builds.outcomes["outage-block"].console.endswith("ERROR: script returned exit code 2")
    record(NAME, ENGINE, False, outage="result kept")


def test_hostile_names_and_logs_are_only_text(builds: Builds, record: Record) -> None:
    """A script reaches the shell as written, whatever the branch is called: Jenkins puts no value into it."""
    outcome = builds.outcomes["hostile"]

    assert outcome.result == "FAILURE"
    assert f"on {BRANCH}" in outcome.console
    assert FAILED_TEST in builds.only("hostile")["root_cause"]
    assert list(outcome.folder.parent.rglob("pwned*")) == []
    record(NAME, ENGINE, False, hostile="only text")


@pytest.mark.parametrize(
    ("job", "words"),
    [
        ("no-credentials", "the credentials cannot be used, nothing will be sent: Could not find credentials"),
        ("no-binding-plugin", "the plugin Credentials Binding is not installed"),
        ("no-tee", "install the plugin Pipeline Utility Steps"),
    ],
)
def test_what_is_missing_is_said_and_changes_nothing(job: str, words: str, builds: Builds) -> None:
    """Without the credentials or a plugin the build ends as it would, and a line says what to do."""
    outcome = builds.outcomes[job]

    assert (outcome.result, builds.stored[job]) == ("FAILURE", [])
    assert words in outcome.console
    assert outcome.console.endswith("ERROR: script returned exit code 2")


def test_a_command_runs_without_exl(builds: Builds) -> None:
    """On an agent with no exl at all the command runs, and its exit code is the build's."""
    outcome = builds.outcomes["no-exl"]

    assert "The command runs without it." in outcome.console
    assert outcome.console.endswith("ERROR: script returned exit code 3")


def test_the_librarys_exl_is_brought_to_the_agent(builds: Builds) -> None:
    """The file travels as base64 and runs as it is."""
    outcome = builds.outcomes["pyz"]

    assert FAILED_TEST in builds.only("pyz")["root_cause"]
    assert list(outcome.folder.glob("ws@tmp/exlogare-*/exl.pyz")) != []


def test_windows_goes_the_blocks_way(builds: Builds) -> None:
    """On a Windows agent commands run under `bat` inside `tee`; the batch file itself is not run here."""
    outcome = builds.outcomes["windows"]

    assert FAILED_TEST in builds.only("windows")["root_cause"]
    assert "sh" not in outcome.steps
    assert outcome.steps.count("bat") == 3


def test_settings_that_do_not_exist_are_said(builds: Builds) -> None:
    """A misspelt setting costs a line; with `strict`, and without a script at all, the build."""
    assert [builds.outcomes[job].result for job in ("misspelt", "misspelt-strict", "no-script")] == [
        "SUCCESS", "FAILURE", "FAILURE",
    ]  # fmt: skip
    assert "exlogare: there is no setting scirpt. Known are: " in builds.outcomes["misspelt"].console


def test_settings_arrive(builds: Builds) -> None:
    """What is set in the pipeline is what exl works with."""
    stored = builds.only("settings")
    written = json.loads((builds.outcomes["settings"].folder / "ws" / "out.json").read_text(encoding="utf-8"))

    assert (stored["project_path"], written["result"], written["analysis_id"]) == ("my/own", "uploaded", stored["id"])


def test_the_command_does_not_see_the_token(builds: Builds) -> None:
    """Neither under its own name nor under another."""
    assert builds.outcomes["secret"].console.endswith("ERROR: script returned exit code 4")
    assert builds.token not in builds.outcomes["secret"].console


def test_nothing_is_left_behind(builds: Builds) -> None:
    """The folders for scripts and logs beside the workspaces are deleted; what stays is the exl that was brought."""
    left = {path.name for outcome in builds.outcomes.values() for path in outcome.folder.glob("ws@tmp/*")}

    assert {re.sub(r"[0-9]+(\.[0-9a-z]+)+$", "N", name) for name in left} == {"exlogare-N"}


def test_pages_scripts_are_the_examples() -> None:
    """Every code block of the page is a file that was run here, and adds at most eight lines to a pipeline."""
    page = (jenkins.LIBRARY / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:groovy|sh)\n(.*?)```", page, re.DOTALL)
    files = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES.iterdir()}

    assert sorted(blocks) == sorted(files.values())
    ours = [[line for line in text.splitlines() if "exlogare" in line.lower()] for text in files.values()]
    assert max(map(len, ours)) <= 8


@pytest.mark.needs("shellcheck")
def test_the_agents_script_is_plain_shell() -> None:
    """It runs in any POSIX shell."""
    script = jenkins.LIBRARY / "resources" / "exlogare" / "step.sh"
    done = subprocess.run(["shellcheck", "--shell=sh", str(script)], capture_output=True, text=True, check=False)

    assert done.stdout == ""


def test_freestyle_jobs(inbox: Inbox, tmp_path: Path) -> None:
    """The page's line for *Execute shell*, run as Jenkins runs it, fails the build and is explained."""
    outcome = jenkins.freestyle(tmp_path, {"EXLOGARE_URL": inbox.url, "EXLOGARE_TOKEN": inbox.token})

    assert outcome.result == "FAILURE"
    assert FAILED_TEST in inbox.only()["root_cause"]
