"""The CircleCI orb: packed, checked against CircleCI's schema, its steps run by a harness against a real server."""

import copy
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from scripts import pack_orb
from tests.client.scripted_server import Handler, ScriptedServer
from tests.engines import circleci
from tests.engines.circleci import ENGINE, EXAMPLES, ORB, ConfigError, Job
from tests.engines.conftest import DEAD_URL, Inbox
from tests.plugins.engines import Record
from tests.plugins.needs import find_program

NAME: Final = "circleci"
FAILED_TEST: Final = "test_discount_holds_for_every_piece"
HOSTILE: Final = "feat/$(touch${IFS}pwned)`touch pwned`\";touch pwned;'"


def job(folder: Path, inbox: Inbox | None, example: str = "wrap", program: str = "bash", **change: Any) -> Job:
    """Run an example's job; ``change`` are arguments of the orb's element, ``env`` further variables."""
    env: dict[str, str] = change.pop("env", {})
    config = circleci.load(EXAMPLES / f"{example}.yml")
    if example == "job":
        config["workflows"]["test"]["jobs"][0]["exlogare/wrap"] |= change
    else:
        config["jobs"]["test"]["steps"][-1][f"exlogare/{example}"] |= change
    given = {} if inbox is None else {"EXLOGARE_URL": inbox.url, "EXLOGARE_TOKEN": inbox.token}
    steps = circleci.steps_of(config, circleci.load(ORB), "test")
    return circleci.run_job(steps, folder / "job", {**given, **env}, program)


@pytest.mark.slow
@pytest.mark.parametrize("example", ["wrap", "ingest", "job"])
def test_examples_fail_as_before_and_are_explained(example: str, tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """Each example's job fails, shows the root cause, and the server has it with the run that it belongs to."""
    done = job(tmp_path, inbox, example)
    stored = inbox.only()

    assert not done.passed
    assert "Root cause: Test `test_discount_holds_for_every_piece` failed" in done.log
    assert FAILED_TEST in stored["root_cause"]
    wanted = {"provider": "circleci", "project_path": "gh/acme/shop", "branch": "main", "status": "failed"}
    assert {name: stored[name] for name in wanted} == wanted
    record(NAME, ENGINE, False, failing=f"Test `{FAILED_TEST}` failed")


@pytest.mark.slow
def test_passing_jobs_send_nothing(tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """A command that passes passes; the step for failures does not run at all."""
    wrapped = job(tmp_path / "a", inbox, run="echo fine")
    config = circleci.load(EXAMPLES / "ingest.yml")
    config["jobs"]["test"]["steps"][1] = {"run": "echo fine >build.log"}
    steps = circleci.steps_of(config, circleci.load(ORB), "test")
    ingested = circleci.run_job(steps, tmp_path / "b" / "job", {"EXLOGARE_URL": inbox.url})

    assert (wrapped.passed, wrapped.log) == (True, "fine\n")
    assert (ingested.passed, ingested.ran) == (True, ["echo fine >build.log"])
    assert inbox.arrived() == []
    record(NAME, ENGINE, False, passing="sent nothing")


@pytest.mark.slow
def test_a_server_that_is_away_changes_nothing(tmp_path: Path, record: Record) -> None:
    """Passing stays passing, failing keeps its exit code, and a line says what happened; strict is another matter."""
    away = {"EXLOGARE_URL": DEAD_URL, "EXLOGARE_TOKEN": "exl_x", "EXLOGARE_TIMEOUT": "1"}
    passing = job(tmp_path / "a", None, run="true", env=away)
    failing = job(tmp_path / "b", None, run="exit 42", env=away)

    assert passing.passed
    assert not failing.passed
    assert failing.log.count("exl: not uploaded: ") == 1
    record(NAME, ENGINE, False, outage="result kept")


@pytest.mark.slow
def test_hostile_names_and_logs_are_only_text(tmp_path: Path, inbox: Inbox, record: Record) -> None:
    """Neither a branch, nor an argument, nor what a build prints is run, or read as a parameter."""
    branch = f"{HOSTILE}<< parameters.url >>"
    done = job(
        tmp_path, inbox, project=HOSTILE, run='echo "on $CIRCLE_BRANCH"; make test', env={"CIRCLE_BRANCH": branch}
    )
    stored = inbox.only()

    assert f"on {branch}" in done.log
    assert (stored["branch"], stored["project_path"]) == (branch, f"gh/{HOSTILE}")
    assert list(tmp_path.rglob("pwned*")) == []
    record(NAME, ENGINE, False, hostile="only text")


@pytest.mark.slow
def test_what_an_earlier_step_exports_holds(tmp_path: Path, inbox: Inbox) -> None:
    """A setting may come through BASH_ENV, and an argument that is not given does not hide it."""
    config = circleci.load(EXAMPLES / "wrap.yml")
    config["jobs"]["test"]["steps"].insert(1, {"run": """echo 'export EXLOGARE_PROJECT=my/own' >>"$BASH_ENV" """})
    steps = circleci.steps_of(config, circleci.load(ORB), "test")
    circleci.run_job(steps, tmp_path / "job", {"EXLOGARE_URL": inbox.url, "EXLOGARE_TOKEN": inbox.token})

    assert inbox.only()["project_path"] == "gh/my/own"


@pytest.mark.slow
def test_the_failed_steps_output_is_fetched(tmp_path: Path, inbox: Inbox) -> None:
    """Without log_path the log comes from CircleCI's API, with the token in the variable that is named."""
    build = {"steps": [{"name": "make test", "actions": [{"name": "make test", "failed": True, "output_url": "URL"}]}]}
    output = [{"message": "ModuleNotFoundError: No module named 'no_such_module'\n"}]

    def answer(handler: Handler) -> None:
        body = json.dumps(output if handler.path == "/out" else build).replace("URL", f"{api.url}/out")
        handler.answer(200, body.encode(), {"Content-Type": "application/json"})

    api = ScriptedServer(answer)
    with api.running():
        job(
            tmp_path, inbox, "ingest", log_path="", ci_api_url=api.url, ci_token="MY_CI_TOKEN",
            env={"MY_CI_TOKEN": "made-up-token"},
        )  # fmt: skip

    assert "no_such_module" in inbox.only()["root_cause"]
    assert [one.path for one in api.asked] == ["/api/v1.1/project/github/acme/shop/7", "/out"]
    assert api.asked[0].headers["circle-token"] == "made-up-token"


@pytest.mark.slow
def test_a_token_of_another_name(tmp_path: Path, inbox: Inbox) -> None:
    """The parameter names the variable; the command sees the token under no name. Works without bash, too."""
    done = job(
        tmp_path,
        None,
        program="sh",
        token="MY_TOKEN",
        url=inbox.url,
        run="env; make test",
        env={"MY_TOKEN": inbox.token},
    )

    assert FAILED_TEST in inbox.only()["root_cause"]
    assert inbox.token not in done.log


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scirpt": "x"}, "Unexpected argument"),
        ({"token": "exl_abc-def"}, "not the name of an environment variable"),
        ({"run": 3}, "expected type: string"),
    ],
)
def test_circleci_refuses_wrong_arguments(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    """A misspelt parameter, and a token where its variable's name belongs, fail before anything runs."""
    with pytest.raises(ConfigError, match=words):
        job(tmp_path, None, **change)


def test_the_packed_orb_is_what_the_folder_gives() -> None:
    """Run: make integrations."""
    assert ORB.read_text(encoding="utf-8") == pack_orb.pack()


def test_packing_includes_files_and_refuses_what_circleci_would_expand(tmp_path: Path) -> None:
    """An include becomes the file's text; a file with `<<` in it, and one that is not there, are errors."""
    (tmp_path / "@orb.yml").write_text("version: 2.1\n", encoding="utf-8")
    (tmp_path / "commands").mkdir()
    command = {"steps": [{"run": {"command": "<<include(one.sh)>>"}}, {"run": "echo <<include(one.sh)>>"}]}
    (tmp_path / "commands" / "do.yml").write_text(yaml.safe_dump(command), encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        pack_orb.pack(tmp_path)
    (tmp_path / "one.sh").write_text("echo one\necho two\n", encoding="utf-8")
    included = copy.deepcopy(command)
    included["steps"][0] = {"run": {"command": "echo one\necho two\n"}}

    assert yaml.safe_load(pack_orb.pack(tmp_path)) == {"version": 2.1, "commands": {"do": included}}
    (tmp_path / "one.sh").write_text("cat <<END\nEND\n", encoding="utf-8")
    with pytest.raises(ValueError, match="CircleCI would take for a parameter"):
        pack_orb.pack(tmp_path)


@pytest.mark.slow
@pytest.mark.needs("check-jsonschema")
def test_orb_and_examples_fit_circlecis_schema() -> None:
    """The schema that CircleCI publishes for configurations has the orbs' elements, too."""
    files = [str(ORB), *map(str, sorted(EXAMPLES.glob("*.yml")))]
    program = find_program("check-jsonschema")
    done = subprocess.run(
        [str(program), "--builtin-schema", "vendor.circle-ci", *files], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout.strip()) == (0, "ok -- validation done"), done.stdout


def test_page_and_orb_show_the_examples() -> None:
    """Every configuration on the page is a file that was run here, and so are the orb's own examples."""
    page = (ORB.parent / "README.md").read_text(encoding="utf-8")
    files = {path.stem: path.read_text(encoding="utf-8") for path in EXAMPLES.glob("*.yml")}

    assert sorted(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)) == sorted(files.values())
    shown = {name: example["usage"] for name, example in circleci.load(ORB)["examples"].items()}
    assert shown == {name: yaml.safe_load(text) for name, text in files.items()}


def test_installing_takes_a_few_lines() -> None:
    """Beside the line that names the orb, an example adds at most eight lines."""
    texts = [path.read_text(encoding="utf-8") for path in EXAMPLES.glob("*.yml")]

    assert max(sum("exlogare" in line or "log_path:" in line for line in text.splitlines()) for text in texts) <= 8


@pytest.mark.slow
@pytest.mark.needs("bats", "busybox")
@pytest.mark.parametrize("program", ["dash", "busybox sh", "bash -o pipefail"])
def test_the_orbs_script_in_other_shells(program: str) -> None:
    """What the script promises holds in Debian's shell, in Alpine's, and in the one that CircleCI starts."""
    tests = Path(__file__).with_name("circleci_step.bats")
    done = subprocess.run(
        ["bats", str(tests)],
        env={**os.environ, "SHELL_UNDER_TEST": program},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("1..6")


@pytest.mark.needs("shellcheck")
def test_the_orbs_script_is_plain_shell() -> None:
    """It runs in any POSIX shell."""
    script = ORB.parent / "src" / "scripts" / "step.sh"
    done = subprocess.run(["shellcheck", "--shell=sh", str(script)], capture_output=True, text=True, check=False)

    assert done.stdout == ""
