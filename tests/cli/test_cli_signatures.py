"""Signatures of the user's own in ``exl analyze`` and ``exl run``."""

import json
import re
from pathlib import Path
from typing import Final, get_args

import msgspec
import pytest

from exlogare_ci.analysis.signatures.base import Role, Signature
from exlogare_ci.cli import exit_codes
from tests.cli.exl_in_process import call_exl
from tests.cli.exl_process import clean_env, run_exl

PAGE: Final = (Path(__file__).parents[2] / "docs" / "reference" / "user-signatures.md").read_text(encoding="utf-8")
LOG: Final = b"acme-deploy: lock held by alice (environment staging)\n"
TITLE: Final = "The deployment lock of staging is held by alice"


def block(language: str) -> str:
    """The page's only code block in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the page's example in it."""
    (tmp_path / ".exlogare.yml").write_text(block("yaml"), encoding="utf-8")
    (tmp_path / "build.log").write_text(block("text"), encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_the_example_of_the_page(folder: Path) -> None:
    """What the page shows is what comes out, and the fields of the signature are in the analysis."""
    text = call_exl("analyze", "build.log", cwd=folder)
    record = json.loads(call_exl("analyze", "--format", "json", "build.log", cwd=folder).stdout)

    assert text.exit_code == 0
    assert text.stdout.startswith(block("console"))
    wanted = {
        "root_cause": TITLE, "category": "deploy.cloud", "cause_line": 2, "tool": "acme_deploy", "severity": "low",
        "owner": "platform", "transient": True,
        "fix_suggestion": "Wait until alice is done, or run `acme-deploy unlock staging`.",
    }  # fmt: skip
    assert {name: record[name] for name in wanted} == wanted


def test_the_page_names_every_field_and_role() -> None:
    """A field or role that is added to signatures is added to the page."""
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)

    assert sorted(rows) == sorted([field.name for field in msgspec.structs.fields(Signature)] + list(get_args(Role)))


@pytest.mark.slow
def test_files_that_are_named(folder: Path) -> None:
    """``--signatures`` takes files from anywhere, as many as there are."""
    (folder / "elsewhere").mkdir()
    (folder / ".exlogare.yml").rename(folder / "ours.yml")
    (folder / "none.yml").write_text("signatures: []\n", encoding="utf-8")
    named = ("--signatures", "../none.yml", "--signatures", "../ours.yml")

    plain = call_exl("analyze", "-", cwd=folder / "elsewhere", stdin=LOG)
    with_ours = call_exl("analyze", *named, "-", cwd=folder / "elsewhere", stdin=LOG)

    assert (plain.exit_code, with_ours.exit_code) == (0, 0)
    assert (TITLE in plain.stdout, TITLE in with_ours.stdout) == (False, True)


def test_an_unusable_file_ends_analyze_as_bad_usage(folder: Path) -> None:
    """Nothing is analysed with half of what was asked for; one line says what to change."""
    (folder / ".exlogare.yml").write_text("signature: []\n", encoding="utf-8")

    result = call_exl("analyze", "build.log", cwd=folder)

    assert (result.exit_code, result.stdout) == (exit_codes.USAGE, "")
    assert result.stderr == "exl: .exlogare.yml: unknown key 'signature'. Known are: `signatures`.\n"


@pytest.mark.slow
def test_run_finds_them_too(folder: Path) -> None:
    """A build that prints such a line is explained by it."""
    done = run_exl("run", "--no-upload", "--", "sh", "-c", "cat build.log; exit 7", cwd=folder)

    assert done.returncode == 7
    assert f"Root cause: {TITLE}\n" in done.stderr.decode()


def test_an_unusable_file_never_breaks_a_build(folder: Path) -> None:
    """``exl run`` says so in one line and goes on with the built-in signatures."""
    failing = "echo 'src/app.c:3:5: error: expected expression'; exit 2"

    done = run_exl("run", "--no-upload", "--signatures", "none.yml", "--", "sh", "-c", failing, cwd=folder)

    assert done.returncode == 2
    lines = done.stderr.decode().splitlines()
    assert lines[1] == ("exl: cannot read none.yml: No such file or directory. Only the built-in signatures are used.")
    assert lines[2].startswith("Root cause: src/app.c:3: ")


def test_a_build_that_passes_reads_no_file(folder: Path) -> None:
    """What is wrong with the file is not the business of a build that passes."""
    (folder / ".exlogare.yml").write_text("signature: []\n", encoding="utf-8")

    done = run_exl("run", "--", "true", cwd=folder, env=clean_env())

    assert (done.returncode, done.stderr) == (0, b"")
