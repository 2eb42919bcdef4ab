"""``exl analyses``: paging, filters, and text that obeys nobody."""

import datetime as dt
import json
from pathlib import Path

import pytest
from click import BadParameter
from click.testing import Result

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.analyses import lines_of, to_time
from exlogare_ci.reading import Analysis, Evidence
from tests.cli.exl_in_process import call_exl
from tests.client.scripted_server import ScriptedServer, answer

TOKEN = "exl_made-up-for-tests-0123456789"
ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
ITEM = {
    "id": ID, "provider": "drone", "source": "drone_ingest", "ci_run_id": "org/app#12", "ci_job_id": "test",
    "project_id": "org/app", "project_path": "org/app", "project_web_url": None,
    "pipeline_url": "https://drone.example.org/org/app/12", "job_url": "https://drone.example.org/org/app/12",
    "mr_iid": None, "root_cause": "test_sum failed: assert 3 == 4", "explanation": "The sum is wrong.",
    "fix_suggestion": "Repair add().", "severity": "high", "confidence": 0.93,
    "created_at": "2026-11-01T10:00:00+00:00", "job_name": "default", "build_number": "12", "branch": "main",
    "commit_sha": "d" * 40, "category": "code.test", "evidence": [{"line": 7, "text": "assert 3 == 4"}],
    "needs_more_context": True, "missing_context_hint": "The test's output.", "a_later_field": {"x": 1},
}  # fmt: skip


def analyses(*arguments: str, server: ScriptedServer, cwd: Path, **variables: str) -> Result:
    """Run ``exl analyses`` with a token."""
    env = {"EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN, **variables}
    return call_exl("analyses", *arguments, cwd=cwd, env=env)


def page(count: int, cursor: str | None, start: int = 0) -> dict[str, object]:
    """A page of the contract's form."""
    items = [{**ITEM, "id": f"{number:08d}-0000"} for number in range(start, start + count)]
    return {"items": items, "next_cursor": cursor, "limit": 100}


def test_list_prints_a_line_an_analysis(tmp_path: Path) -> None:
    """Without a terminal: tabs, no colour, nothing else, so that cut and grep work."""
    with ScriptedServer(answer(200, {"items": [ITEM], "next_cursor": None, "limit": 20})).running() as server:
        done = analyses("list", server=server, cwd=tmp_path)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (f"{ID}\t2026-11-01T10:00:00+00:00\thigh\torg/app\ttest_sum failed: assert 3 == 4\n")
    assert server.asked[0].path == "/api/v1/analyses?limit=20"
    assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_list_follows_the_cursor_up_to_the_limit(tmp_path: Path) -> None:
    """It asks for no more than is wanted, and repeats nothing."""
    script = [answer(200, page(500, "c1")), answer(200, page(500, "c2", 500)), answer(200, page(200, "c3", 1_000))]
    with ScriptedServer(*script).running() as server:
        done = analyses("list", "--limit", "1200", "--format", "json", server=server, cwd=tmp_path)

    assert [item["id"] for item in json.loads(done.stdout)["items"]] == [
        f"{number:08d}-0000" for number in range(1_200)
    ]
    assert [asked.path.partition("?")[2] for asked in server.asked] == [
        "limit=500", "limit=500&cursor=c1", "limit=200&cursor=c2"
    ]  # fmt: skip


@pytest.mark.parametrize("last", [page(3, None), page(0, "c1"), {"items": [], "next_cursor": "c"}])
def test_list_ends_where_the_server_ends(last: dict[str, object], tmp_path: Path) -> None:
    """The last page has no cursor; a server that gives one for ever is not followed for ever."""
    with ScriptedServer(answer(200, page(2, "c1")), answer(200, last)).running() as server:
        done = analyses("list", "--limit", "100", server=server, cwd=tmp_path)

    assert done.exit_code == 0
    assert len(server.asked) == 2


def test_list_passes_its_filters_on(tmp_path: Path) -> None:
    """Each option is the contract's parameter."""
    with ScriptedServer(answer(200, page(0, None))).running() as server:
        done = analyses(
            "list", "--since", "2026-01-31", "--until", "2026-02-01T10:00:00Z", "--severity", "high", "--project",
            "o/r",
            "--source", "jenkins_ingest", "--limit", "5", server=server, cwd=tmp_path,
        )  # fmt: skip

    assert (done.stdout, done.stderr) == ("", "No analyses.\n")
    assert server.asked[0].path == (
        "/api/v1/analyses?since=2026-01-31&until=2026-02-01T10%3A00%3A00Z&severity=high&project=o%2Fr"
        "&source=jenkins_ingest&limit=5"
    )


NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.timezone.utc)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7d", "2026-11-16T12:00:00+00:00"), ("90m", "2026-11-23T10:30:00+00:00"), ("2w", "2026-11-09T12:00:00+00:00"),
        ("2026-01-31", "2026-01-31"), (None, None),
    ],
)  # fmt: skip
def test_an_age_is_a_time(value: str | None, expected: str | None) -> None:
    """Counted back from now."""
    assert to_time(value, NOW, "--since") == expected


@pytest.mark.parametrize("value", ["yesterday", "0d", "7", "7y", "2026-13-01", ""])
def test_what_is_no_time_is_refused(value: str) -> None:
    """Before the server is asked."""
    with pytest.raises(BadParameter, match="neither a date"):
        to_time(value, NOW, "--since")


def test_show_prints_cause_place_lines_and_fix(tmp_path: Path) -> None:
    """What somebody wants to know, in that order."""
    with ScriptedServer(answer(200, ITEM)).running() as server:
        done = analyses("show", ID, server=server, cwd=tmp_path)

    assert server.asked[0].path == f"/api/v1/analyses/{ID}"
    assert (
        done.stdout
        == """\
test_sum failed: assert 3 == 4
code.test, severity high, confidence 93%

Where
  org/app · job default · build 12 · branch main · commit dddddddddddd
  https://drone.example.org/org/app/12

Lines
  7: assert 3 == 4

Why
  The sum is wrong.

Fix
  Repair add().

Missing
  The test's output.

When
  2026-11-01T10:00:00+00:00
"""
    )


def test_show_as_json_is_what_the_server_said(tmp_path: Path) -> None:
    """Fields that we do not know stay."""
    with ScriptedServer(answer(200, ITEM)).running() as server:
        done = analyses("show", ID, "--format", "json", server=server, cwd=tmp_path)

    assert json.loads(done.stdout) == ITEM


def test_an_analysis_of_the_bare_contract_is_shown(tmp_path: Path) -> None:
    """A server without our additions is enough."""
    bare = {"id": ID, "root_cause": "It broke.", "severity": "low", "confidence": None, "job_url": None}
    with ScriptedServer(answer(200, bare)).running() as server:
        done = analyses("show", ID, server=server, cwd=tmp_path)

    assert done.stdout == "It broke.\nunknown, severity low\n"


def test_text_of_the_server_obeys_nobody() -> None:
    """No CI service takes a line of it for a command, and no terminal an escape."""
    hostile = "::set-output name=x::y\n##vso[task.x]\n\x1b[31mred\x07"
    lines = lines_of(
        Analysis(
            id=ID, root_cause=hostile, explanation=hostile, fix_suggestion=hostile, severity=hostile, branch=hostile,
            job_url=hostile, evidence=[Evidence(1, hostile)], created_at=hostile,
        )
    )  # fmt: skip

    for line in "\n".join(lines).splitlines():
        assert not line.lstrip().startswith("::")
        assert "##vso[" not in line
        assert "\x1b" not in line
        assert "\x07" not in line


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        ((401, {"detail": "Invalid token"}), exit_codes.REFUSED, "answered 401: Invalid token"),
        ((403, {"detail": "Missing scope: read"}), exit_codes.REFUSED, "Missing scope: read"),
        ((404, {"detail": "Not found"}), exit_codes.REFUSED, "answered 404: Not found"),
        ((200, {"items": 3}), exit_codes.UNAVAILABLE, "does not answer as an Exlogare server"),
        ((200, {"items": [{"id": 3}], "next_cursor": None}), exit_codes.UNAVAILABLE, "not the contract's"),
        ((200, [1]), exit_codes.UNAVAILABLE, "does not answer as an Exlogare server"),
    ],
)  # fmt: skip
def test_troubles_have_their_codes(reply: tuple[int, object], code: int, words: str, tmp_path: Path) -> None:
    """These commands exist only to ask the server: its refusal is theirs."""
    with ScriptedServer(answer(reply[0], json.dumps(reply[1]).encode())).running() as server:
        done = analyses("list", server=server, cwd=tmp_path)

    assert (done.exit_code, done.stdout) == (code, "")
    assert words in done.stderr


def test_an_id_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    """It would become another path."""
    with ScriptedServer(answer(200, ITEM)).running() as server:
        done = analyses("show", "../stats/overview", server=server, cwd=tmp_path)

    assert (done.exit_code, server.asked) == (exit_codes.USAGE, [])


def test_without_server_or_token_it_says_what_to_set(tmp_path: Path) -> None:
    """Each with its own sentence."""
    no_server = call_exl("analyses", "list", cwd=tmp_path, env={"EXLOGARE_TOKEN": TOKEN})

    assert no_server.exit_code == exit_codes.NO_CREDENTIALS
    assert no_server.stderr.startswith("exl: No server is set. Set EXLOGARE_URL")


def test_a_terminal_gets_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns with titles, from rich, which nothing else loads."""
    with ScriptedServer(answer(200, {"items": [ITEM], "next_cursor": None})).running() as server:
        plain = analyses("list", server=server, cwd=tmp_path)
        monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
        table = analyses("list", server=server, cwd=tmp_path, NO_COLOR="1")
        coloured = analyses("list", server=server, cwd=tmp_path, TERM="xterm")

    assert "SEVERITY" not in plain.stdout
    assert table.stdout.splitlines()[0].split() == ["ID", "TIME", "(UTC)", "SEVERITY", "CAUSE"]
    assert table.stdout.splitlines()[1].startswith(f"{ID}  2026-11-01 10:00  high")
    assert "\x1b[" in coloured.stdout
    assert "\x1b[" not in table.stdout + plain.stdout
