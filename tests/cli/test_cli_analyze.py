"""``exl analyze``: files in, root causes out, and what happens with files that cannot be read."""

import json
import sys
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from exlogare_ci.cli import cli
from exlogare_ci.sources import stream
from tests.cli.exl_process import clean_env, run_exl

FAILED: Final = b"compiling\nsrc/app.c:3:5: error: expected expression before '}' token\nmake: *** [app.o] Error 1\n"
PASSED: Final = b"compiling\nall 12 tests passed\n"
FIELDS: Final = [
    "file", "failed", "root_cause", "explanation", "fix_suggestion", "severity", "confidence", "category",
    "cause_line", "spans", "evidence", "failed_tests", "secondary", "fingerprint", "tool",
    "needs_more_context", "missing_context_hint", "transient", "owner",
]  # fmt: skip


def analyze(*arguments: str, stdin: bytes | None = None) -> Result:
    """Run ``exl analyze`` in this process."""
    return CliRunner().invoke(cli, ["analyze", *arguments], input=stdin)


@pytest.fixture
def failed_log(tmp_path: Path) -> str:
    """A log of a failed build."""
    path = tmp_path / "failed.log"
    path.write_bytes(FAILED)
    return str(path)


@pytest.fixture
def passed_log(tmp_path: Path) -> str:
    """A log of a build that passed."""
    path = tmp_path / "passed.log"
    path.write_bytes(PASSED)
    return str(path)


def test_object_of_one_file(failed_log: str) -> None:
    """``json`` gives one object for one file: the documented fields, the file as it was named."""
    result = analyze("--format", "json", failed_log)

    assert (result.exit_code, result.stderr) == (0, "")
    record = json.loads(result.stdout)
    assert list(record) == FIELDS
    assert (record["file"], record["failed"], record["cause_line"]) == (failed_log, True, 2)
    assert {"line": 2, "text": "src/app.c:3:5: error: expected expression before '}' token"} in record["evidence"]


def test_explain_adds_the_score(failed_log: str) -> None:
    """``--explain`` adds the terms of the score, and nothing that was there changes."""
    plain = json.loads(analyze("--format", "json", failed_log).stdout)
    explained = json.loads(analyze("--format", "json", "--explain", failed_log).stdout)

    assert {name: explained[name] for name in plain} == plain
    assert explained["score"]
    assert all(list(term) == ["name", "value"] for term in explained["score"])


def test_several_files_as_a_list_or_as_lines(failed_log: str, passed_log: str) -> None:
    """``json`` gives a list for several files, ``jsonl`` a line for each, in the order of the arguments."""
    listed = json.loads(analyze("--format", "json", failed_log, passed_log).stdout)
    lines = analyze("--format", "jsonl", failed_log, passed_log).stdout.splitlines()

    assert [item["file"] for item in listed] == [failed_log, passed_log]
    assert [item["failed"] for item in listed] == [True, False]
    assert [json.loads(line) for line in lines] == listed


def test_standard_input(failed_log: str) -> None:
    """``-`` is standard input, between files too."""
    lines = analyze("--format", "jsonl", failed_log, "-", stdin=FAILED).stdout.splitlines()

    first, second = (json.loads(line) for line in lines)
    assert second["file"] == "-"
    assert {**first, "file": "-"} == second


def test_text_is_for_reading(failed_log: str, passed_log: str) -> None:
    """The default is text: one block a file, an empty line between, no colour codes where no terminal is."""
    result = analyze(failed_log, passed_log)

    assert result.exit_code == 0
    first, second = result.stdout.split("\n\n== ")
    assert first.startswith(f"== {failed_log}\nRoot cause: ")
    assert "> 2 | src/app.c:3:5: error: expected expression before '}' token\n" in first
    assert second == f"{passed_log}\nResult:     {second.split('Result:     ')[1]}"
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour_variables_are_respected(
    failed_log: str, variables: dict[str, str], *, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FORCE_COLOR colours a file, NO_COLOR wins over it."""
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert ("\x1b[1m" in run_in_process(failed_log)) is coloured


def run_in_process(path: str) -> str:
    """Run it with colours left as they are printed."""
    return CliRunner().invoke(cli, ["analyze", path], color=True).stdout


def test_markdown(failed_log: str) -> None:
    """``markdown`` gives a heading and the failing lines as a code block."""
    printed = analyze("--format", "markdown", failed_log).stdout

    assert printed.startswith("### ")
    assert "2 | src/app.c:3:5: error: expected expression before '}' token\n" in printed


@pytest.mark.parametrize("name", ["text", "json", "jsonl", "markdown"])
def test_unreadable_files_are_named_and_the_others_done(name: str, failed_log: str, tmp_path: Path) -> None:
    """A missing file and a folder cost exit code 3 and a line each; the log between them is done."""
    missing = str(tmp_path / "missing.log")
    result = analyze("--format", name, missing, failed_log, str(tmp_path))

    assert result.exit_code == 3
    assert result.stderr == (
        f"exl: cannot read {missing}: No such file or directory. Check the path; '-' reads standard input.\n"
        f"exl: cannot read {tmp_path}: Is a directory. Check the path; '-' reads standard input.\n"
    )
    single = analyze("--format", name, failed_log).stdout
    if name == "json":
        assert json.loads(result.stdout) == [json.loads(single)]
    else:
        assert result.stdout == single


def test_nothing_readable_is_still_json() -> None:
    """A list of no objects is a list."""
    result = analyze("--format", "json", "/missing/a", "/missing/b")

    assert (result.exit_code, json.loads(result.stdout)) == (3, [])


@pytest.mark.parametrize("arguments", [[], ["-", "-"], ["--format", "xml", "-"], ["--nosuch", "-"]])
def test_bad_usage(arguments: list[str]) -> None:
    """No file, standard input twice, an unknown format and an unknown option are bad usage."""
    result = analyze(*arguments, stdin=b"")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


@pytest.mark.parametrize(
    "log", [b"", b"\n", b"\x00" * 1000, b"\xff\xfe\x00", bytes(range(256)), b"x" * 100_000, b"\r" * 1000]
)
def test_any_bytes_are_answered(log: bytes) -> None:
    """An empty log, binary data and a line without an end give an object, not an error."""
    result = analyze("--format", "jsonl", "-", stdin=log)

    assert (result.exit_code, result.stderr) == (0, "")
    assert list(json.loads(result.stdout)) == FIELDS


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_file_name_that_is_no_text(tmp_path: Path) -> None:
    """A name that is not UTF-8 is read, and named as far as JSON can."""
    path = tmp_path / "build\udcff.log"
    path.write_bytes(FAILED)

    done = run_exl("analyze", "--format", "jsonl", str(path))

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["file"] == str(tmp_path / "build\ufffd.log")


def test_very_large_log_keeps_its_line_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a log beyond the limit, head and tail are analysed, under the numbers of the whole log."""
    path = tmp_path / "large.log"
    path.write_bytes(b"line\n" * 5000 + FAILED)
    real = stream.read_stream
    monkeypatch.setattr(stream, "read_stream", lambda file: real(file, head_bytes_max=500, tail_bytes_max=2000))

    record = json.loads(analyze("--format", "json", str(path)).stdout)

    assert record["cause_line"] == 5002
    assert {"line": 5002, "text": "src/app.c:3:5: error: expected expression before '}' token"} in record["evidence"]
    assert record["log_bytes_omitted"] > 20_000


def test_secrets_are_masked() -> None:
    """A token in the failing line does not appear in any format."""
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    log = f"fatal: Authentication failed for 'https://x:{secret}@github.com/org/repo'\n".encode()
    for name in ("text", "json", "jsonl", "markdown"):
        result = analyze("--format", name, "-", stdin=log)

        assert result.exit_code == 0
        assert secret not in result.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="measures CPU time the POSIX way")
def test_ten_mebibytes_take_at_most_a_second_of_cpu() -> None:
    """Reading, analysing and the process's start together, with the compiled signatures cached."""
    import resource  # noqa: PLC0415 - not on Windows

    log = (b"[12:00:00] downloading https://repo.example.com/artifact-1.0.jar (12 kB)\n" * 150_000)[: 10 << 20]
    run_exl("analyze", "--format", "jsonl", "-", input=FAILED)  # fills the cache of the compiled signatures
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run_exl("analyze", "--format", "jsonl", "-", input=log + FAILED, env=clean_env())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    assert json.loads(done.stdout)["failed"] is True
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1
