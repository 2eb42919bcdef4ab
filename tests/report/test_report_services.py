"""Results in the CI services' own places: exactly what each gets, and that hostile logs command nothing there."""

import base64
import json
import re
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exlogare_ci.adapters import ADAPTERS, FORCE_VARIABLE
from exlogare_ci.cli.results import CI_VARIABLES, REPORT_NAMES
from exlogare_ci.context import RunContext
from exlogare_ci.report import (
    appveyor,
    azure,
    bitbucket,
    buildkite,
    drone,
    github,
    gitlab,
    jenkins,
    junit,
    services,
    teamcity,
)
from exlogare_ci.report.deliver import deliver
from exlogare_ci.report.effects import Answer
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.place import Place
from exlogare_ci.report.services import SERVICES, Service, chosen
from exlogare_ci.report.text import render_text
from tests.conftest import CheckGolden
from tests.report.recording import Recording, failure_of, record
from tests.report.test_report_formats import FULL, HOSTILE_FINDINGS, PASSED
from tests.report.test_report_neutralise import OBEYED_ANYWHERE, assert_harmless

GOLDENS: Final = Path(__file__).parent / "goldens"
RESULTS_PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "results.md"

ENV: Final = {
    "GITHUB_STEP_SUMMARY": "/runner/summary",
    "GITHUB_TOKEN": "ghs_made-up",
    "GITHUB_REPOSITORY": "org/shop",
    "GITLAB_TOKEN": "glpat-made-up",
    "CI_API_V4_URL": "https://gitlab.example.org/api/v4",
    "CI_PROJECT_ID": "42",
    "AGENT_TEMPDIRECTORY": "/agent/_temp",
    "SYSTEM_TASKINSTANCEID": "12f1170f-54f2-53f3-20dd-22fc7dff55f9",
    "APPVEYOR_API_URL": "http://localhost:9023/",
    "BITBUCKET_REPO_FULL_NAME": "org/shop",
    "BITBUCKET_COMMIT": "0123456789abcdef0123456789abcdef01234567",
    "DRONE_CARD_PATH": "/dev/stdout",
    "PLUGIN_CARD_TEMPLATE": "https://cards.example.org/exlogare.json",
}
"""Every variable that a reporter reads."""
CONTEXT: Final = RunContext(
    project="org/shop",
    job_name="unit tests",
    stage="test",
    pull_request="7",
    job_url="https://ci.example.org/org/shop/7",
    workspace="/home/ci/shop",
)
PLACE: Final = Place(env=ENV, context=CONTEXT, folder="reports")

every_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.NAME)


def varied(**changes: object) -> Finding:
    """The full finding, its analysis changed."""
    return msgspec.structs.replace(FULL, analysis=msgspec.structs.replace(FULL.analysis, **changes))


def without(*names: str) -> Place:
    """The place without some variables."""
    return msgspec.structs.replace(PLACE, env={name: value for name, value in ENV.items() if name not in names})


@every_service
def test_what_each_service_gets(service: Service, check_golden: CheckGolden) -> None:
    """Everything that is printed, written, run and called for one finding, to the letter."""
    check_golden(GOLDENS / f"{service.NAME}.txt", record(service, (FULL,), PLACE).transcript())


def test_no_golden_is_left_over() -> None:
    """Each golden file belongs to a place."""
    assert {path.stem for path in GOLDENS.glob("*")} == {service.NAME for service in SERVICES}


@every_service
def test_each_service_is_on_the_page_about_results(service: Service) -> None:
    """The page has a row for each place, and names the vendor's page."""
    rows = [
        line for line in RESULTS_PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{service.NAME}`")
    ]

    assert len(rows) == 1
    assert service.SOURCES[0] in rows[0]


def test_names_of_the_command_line_are_the_table() -> None:
    """What ``--report`` offers is the table, and the two words beside it."""
    assert ("auto", "none", *(service.NAME for service in SERVICES)) == REPORT_NAMES


def test_variables_that_give_a_service_away_are_those_of_the_adapters() -> None:
    """``exl analyze`` asks the adapters only where one of their markers is set."""
    markers = {marker.name.upper() for adapter in ADAPTERS for marker in adapter.MARKERS}

    assert markers | {FORCE_VARIABLE} == CI_VARIABLES
    assert chosen(("auto",), "local", with_files=False) == ()


@every_service
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(findings=st.lists(HOSTILE_FINDINGS.filter(lambda finding: finding.analysis.failed), min_size=1, max_size=2))
def test_hostile_findings_command_nothing(service: Service, findings: list[Finding]) -> None:
    """Whatever a log made of a finding: what is printed is the reporter's own commands, each whole on its line."""
    done = record(service, findings, PLACE)

    for text in done.said.values():
        for line in text.split("\n"):
            assert_harmless(_without_own_command(line))
    for path, data in done.files.items():
        assert path.startswith(("reports/", "/runner/summary", "/agent/_temp/"))
        assert data.decode()
        if not path.endswith((".md", "summary")):
            assert not OBEYED_ANYWHERE.search(data.decode())
    for argv, _ in done.ran:
        assert argv[:5] == ("buildkite-agent", "annotate", "--style", "error", "--context")
        assert re.fullmatch(r"exlogare(-[0-9a-f]{8})?", argv[5])
    for call in done.called:
        assert call.url.startswith(
            (
                "http://localhost:9023/",
                "http://api.bitbucket.org/",
                "https://api.github.com/",
                "https://gitlab.example.org/",
            )
        )
        assert call.body is None or json.loads(call.body)


_OWN: Final = (
    re.compile(r"::error (?:\w+=[^:,\n\r]*,?)+::"),
    re.compile(r"##vso\[task\.logissue (?:\w+=[^;\]\n\r]*;)+\]"),
    re.compile(r"##vso\[task\.uploadsummary\]/agent/_temp/"),
    re.compile(r"##teamcity\[message text='(?:[^|'\n\r\[\]]|\|[|'nr\[\]]|\|0x[0-9A-F]{4})*' status='WARNING'\]$"),
    re.compile(r"##teamcity\[buildStatus text='(?:[^|'\n\r\[\]]|\|[|'nr\[\]]|\|0x[0-9A-F]{4})*'\]$"),
    re.compile(r"\x1b\]1338;[A-Za-z0-9+/=]+\x1b\]0m$"),
)


def _without_own_command(line: str) -> str:
    """What is left of a line behind the command that we mean; a visible sign stands in its place."""
    for own in _OWN:
        hit = own.match(line)
        if hit:
            return "x" + line[hit.end() :]
    return line


def test_teamcity_escapes_as_documented() -> None:
    """The table of TeamCity's page, one character after the other; beyond ASCII by UTF-16 unit."""
    assert teamcity.escape("it's [a] | b\nc\u2026\U0001f600") == "it|'s |[a|] || b|nc|0x2026|0xD83D|0xDE00"


def test_teamcity_does_not_fail_the_build() -> None:
    """No build problem, no message of status ERROR, and the status text leaves the status alone."""
    text = record(teamcity, (FULL,), PLACE).said["stdout"]

    assert "buildProblem" not in text
    assert "ERROR" not in text
    assert re.findall(r"status='(\w+)'", text) == ["WARNING"]
    assert "##teamcity[buildStatus text='{build.status.text}; " in text


def test_azure_escapes_as_the_agent_undoes() -> None:
    """The agent's own table, the percent sign first."""
    assert azure.escape("50%; a]\nb\x1b[0m%0A") == "50%AZP25%3B a%5D%0Ab%AZP250A"


def test_azure_without_a_temporary_folder_uploads_no_summary() -> None:
    """An agent that names no folder gets the issue alone."""
    done = record(azure, (FULL,), without("AGENT_TEMPDIRECTORY"))

    assert done.files == {}
    assert done.said["stdout"].count("\n") == 1
    assert "uploadsummary" not in done.said["stdout"]


@pytest.mark.parametrize(("service", "stream"), [(github, "stderr"), (azure, "stdout")])
def test_no_more_annotations_than_are_shown(service: Service, stream: str) -> None:
    """Twenty findings give ten annotations."""
    done = record(service, (FULL,) * 20, without("AGENT_TEMPDIRECTORY", "GITHUB_STEP_SUMMARY"))

    assert len(done.said[stream].splitlines()) == 10  # type: ignore[index]


def test_github_summary_keeps_within_its_megabyte() -> None:
    """Whole findings while there is room, then headlines, then nothing."""
    size = len(record(github, (FULL,), PLACE).files["/runner/summary"])
    done = Recording(sizes={"/runner/summary": 1024 * 1024 - size - 100})

    github.report((FULL,) * 3, PLACE, done)

    written = done.files["/runner/summary"].decode()
    assert size < len(written.encode()) <= size + 100
    assert written.count("### logs/build.log: ") == 2


def test_buildkite_body_is_cut_to_headlines() -> None:
    """A body over 1 MiB is not sent: the headlines are."""
    large = varied(explanation="x" * 600_000)
    ((_, body),) = record(buildkite, (large, large), PLACE).ran

    assert body == b"### logs/build.log: test\\_total failed: assert 7 == 8\n" * 2


def test_buildkite_jobs_have_annotations_of_their_own() -> None:
    """Two jobs of a build do not overwrite each other, a re-run does."""

    def context(job_name: str | None) -> str:
        place = msgspec.structs.replace(PLACE, context=msgspec.structs.replace(CONTEXT, job_name=job_name))
        return record(buildkite, (FULL,), place).ran[0][0][5]

    assert context("lint") == context("lint") != context("test")
    assert context(None) == "exlogare"


def test_drone_card_goes_to_a_stream_or_a_file() -> None:
    """Runners pick it out of what is printed, or read a file; the content is the same."""
    printed = record(drone, (FULL,), PLACE).said["stdout"]
    file = msgspec.structs.replace(PLACE, env={**ENV, "DRONE_CARD_PATH": "/drone/card.json"})
    written = record(drone, (FULL,), file).files["/drone/card.json"]

    assert base64.b64decode(printed[len("\x1b]1338;") : -len("\x1b]0m\n")]) == written
    card = json.loads(written)
    assert card["schema"] == "https://cards.example.org/exlogare.json"
    assert card["data"]["root_cause"] == FULL.analysis.root_cause
    template = re.search(r"```json\n(.*?)\n```", RESULTS_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert template is not None
    assert set(re.findall(r"\$\{(\w+)\}", template[1])) == set(card["data"])


@pytest.mark.parametrize("missing", ["DRONE_CARD_PATH", "PLUGIN_CARD_TEMPLATE"])
def test_drone_without_cards_gets_none(missing: str) -> None:
    """An older runner, or a step without the setting, has the text alone."""
    assert record(drone, (FULL,), without(missing)).transcript() == ""


def test_junit_is_one_failed_case_a_finding() -> None:
    """Counted, named, with the place in the source and the whole text."""
    document = record(junit, (FULL, varied(root_cause="a\uffff<b> & \x00")), PLACE).files["reports/exlogare-junit.xml"]
    suite = ET.fromstring(document).find("testsuite")  # noqa: S314 - our own document

    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    first, second = suite.findall("testcase/failure")
    assert (first.text or "").splitlines() == render_text(FULL).splitlines()
    assert second.get("message") == "a\ufffd<b> & \\x00"


def test_gitlab_entries_are_unique_and_have_a_file() -> None:
    """The same cause twice is one entry; without a place in the source it is the pipeline's file."""
    elsewhere = varied(evidence=(), cause_line=None)
    written = record(gitlab, (FULL, FULL, elsewhere), PLACE).files["reports/gl-code-quality-report.json"]
    entries = json.loads(written)

    assert [entry["location"] for entry in entries] == [
        {"path": "tests/test_cart.py", "lines": {"begin": 5}},
        {"path": ".gitlab-ci.yml", "lines": {"begin": 1}},
    ]
    assert len({entry["fingerprint"] for entry in entries}) == 2


@pytest.mark.parametrize("outside", ["/etc/a.py:3: boom", "../../a.py:3: boom", "C:/x/a.py:3: boom"])
def test_no_annotation_outside_of_the_repository(outside: str) -> None:
    """A path that leads out of the repository is no place to annotate."""
    finding = msgspec.structs.replace(varied(root_cause=outside, evidence=()), workspace=None)

    assert "file=" not in record(github, (finding,), PLACE).said["stderr"]
    assert "sourcepath=" not in record(azure, (finding,), PLACE).said["stdout"]


def test_jenkins_description_is_one_line_without_markup() -> None:
    """Even where descriptions are taken for HTML."""
    finding = varied(root_cause="<script>alert(1)</script>\n& more" + "x" * 1000)
    text = record(jenkins, (finding,), PLACE).files["reports/exlogare-description.txt"].decode()

    assert text.startswith("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more")
    assert text.count("\n") == 1
    assert len(text) < 500


def test_bitbucket_texts_keep_to_the_limits() -> None:
    """450 characters for a summary, 2,000 for details."""
    finding = varied(root_cause="r" * 2000, explanation="e" * 8000)
    report, note = (json.loads(call.body or b"") for call in record(bitbucket, (finding,), PLACE).called)

    assert len(report["details"]) == len(note["details"]) == 2000
    assert len(note["summary"]) == 450


@pytest.mark.parametrize(
    ("service", "missing", "reason"),
    [
        (appveyor, "APPVEYOR_API_URL", "APPVEYOR_API_URL does not name the build agent"),
        (bitbucket, "BITBUCKET_COMMIT", "BITBUCKET_REPO_FULL_NAME and BITBUCKET_COMMIT are not both set"),
    ],
)
def test_what_is_missing_is_said(service: Service, missing: str, reason: str) -> None:
    """Outside of the service nothing is called."""
    said, done = failure_of(service, (FULL,), without(missing))

    assert (said, done.transcript()) == (reason, "")


@pytest.mark.parametrize(
    ("service", "reason"), [(appveyor, "the build agent answered 500"), (bitbucket, "Bitbucket answered 500")]
)
def test_what_is_refused_is_said(service: Service, reason: str) -> None:
    """After the first refusal nothing more is tried."""
    said, done = failure_of(service, (FULL, FULL), PLACE, Answer(500))

    assert (said, len(done.called)) == (reason, 1)


@pytest.mark.parametrize(
    ("names", "ci", "with_files", "expected"),
    [
        (["auto"], "github", False, ["github"]),
        (["auto"], "github", True, ["github", "junit"]),
        (["auto"], "gitlab", False, []),
        (["auto"], "gitlab", True, ["gitlab", "junit"]),
        (["auto"], "jenkins", True, ["jenkins", "junit"]),
        (["auto"], "circleci", True, ["junit"]),
        (["auto"], "local", False, []),
        (["auto", "github-comment"], "github", False, ["github", "github-comment"]),
        (["junit", "teamcity"], "local", False, ["teamcity", "junit"]),
        (["none"], "github", True, []),
    ],
)
def test_places_are_chosen(names: list[str], ci: str, with_files: bool, expected: list[str]) -> None:
    """Automatic ones need no further permission, and files only go where a folder was named."""
    assert [service.NAME for service in chosen(names, ci, with_files=with_files)] == expected


def test_one_place_that_fails_stops_no_other() -> None:
    """Each failure is a sentence; what is not expected is one, too."""

    class Broken(Recording):
        def run(self, argv: tuple[str, ...], stdin: bytes) -> None:
            del argv, stdin
            raise RuntimeError

    said: list[str] = []
    effects = Broken([Answer(503)])
    missed = deliver((PASSED, FULL), (appveyor, buildkite, jenkins), PLACE, effects, said.append)

    assert missed == 2
    assert said == [
        "the result is not in AppVeyor's build messages: the build agent answered 503.",
        "the result is not in the build's annotation: unexpected RuntimeError.",
    ]
    assert list(effects.files) == ["reports/exlogare-description.txt"]


def test_passing_logs_are_not_reported() -> None:
    """Nothing failed, nothing is done."""
    done = Recording()

    assert deliver((PASSED,), services.SERVICES, PLACE, done, pytest.fail) == 0
    assert done.transcript() == ""
