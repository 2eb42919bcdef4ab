"""``exl config``: which settings count, whether ``.exlogare.yml`` can be used, and its schema."""

import json
import re
from pathlib import Path
from typing import Final

import pytest
import yaml

from exlogare_ci.cli.config_schema import render_schema
from exlogare_ci.config_file import KNOWN_KEYS
from exlogare_ci.settings import KNOWN_VARIABLES
from tests.cli.exl_in_process import call_exl
from tests.conftest import CheckGolden

REFERENCE: Final = Path(__file__).parents[2] / "docs" / "reference"
SIGNATURE: Final = """
signatures:
  - id: shopkit.stock
    tool: shopkit
    category: code.test
    pattern: "shopkit: stock of .{1,40} is negative$"
    matches: ["shopkit: stock of pears is negative"]
    non_matches: ["shopkit: stock of pears is low"]
"""


def test_show_names_every_variable_and_no_secret(tmp_path: Path) -> None:
    """All that there are, with their meaning; of a token only that it is set."""
    (tmp_path / ".exlogare.yml").write_text(SIGNATURE)
    env = {"EXLOGARE_TOKEN": "exl_made-up-for-tests", "EXLOGARE_URL": "https://exlogare.example.org"}
    done = call_exl("config", "show", cwd=tmp_path, env=env)

    assert (done.exit_code, done.stderr) == (0, "")
    assert re.findall(r"^(EXLOGARE_\w+) ", done.stdout, re.MULTILINE) == list(KNOWN_VARIABLES)
    assert re.search(r"^EXLOGARE_URL +https://exlogare\.example\.org\n", done.stdout, re.MULTILINE)
    assert re.search(r"^EXLOGARE_TOKEN +\(set\)\n", done.stdout, re.MULTILINE)
    assert "made-up" not in done.stdout
    assert done.stdout.splitlines()[-1].split() == [".exlogare.yml", "signatures", "(1)"]


def test_show_as_json(tmp_path: Path) -> None:
    """The same for a script, with what is wrong."""
    done = call_exl(
        "config",
        "show",
        "--format",
        "json",
        cwd=tmp_path,
        env={"EXLOGARE_TIMEOUT": "soon", "EXLOGARE_QUITE_UNKNOWN": ""},
    )

    document = json.loads(done.stdout)
    assert done.exit_code == 2
    assert document == {
        "variables": {name: "soon" if name == "EXLOGARE_TIMEOUT" else None for name in KNOWN_VARIABLES},
        "file": {},
        "unknown": "ignored unknown variable EXLOGARE_QUITE_UNKNOWN.",
        "problems": ["EXLOGARE_TIMEOUT is 'soon'. Give a number of seconds from 1 to 600."],
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (SIGNATURE, 0, "exl: .exlogare.yml can be used\n"),
        ("signatures: []\n", 0, "exl: .exlogare.yml can be used; there are no signatures in it\n"),
        ("signature: []\n", 2, "unknown key 'signature'. Known are: "),
        (SIGNATURE.replace("negative$", "low$"), 2, "`pattern` does not match its own sample"),
        (None, 2, "there is no .exlogare.yml here. Go to its folder, or name a file."),
    ],
    ids=["good", "empty", "unknown-key", "wrong-sample", "missing"],
)
def test_check(text: str | None, code: int, said: str, tmp_path: Path) -> None:
    """A file is refused before a build fails because of it."""
    if text is not None:
        (tmp_path / ".exlogare.yml").write_text(text)
    done = call_exl("config", "check", cwd=tmp_path)

    assert done.exit_code == code
    assert said in (done.stdout if code == 0 else done.stderr)


@pytest.mark.slow
def test_check_of_a_named_file(tmp_path: Path) -> None:
    """Files for --signatures are checked, too."""
    (tmp_path / "ours.yml").write_text(SIGNATURE)

    assert call_exl("config", "check", "ours.yml", cwd=tmp_path).stdout == "exl: ours.yml can be used\n"


def test_schema_is_published(tmp_path: Path, check_golden: CheckGolden) -> None:
    """The command prints what is committed."""
    check_golden(REFERENCE / "exlogare.schema.json", render_schema())

    assert call_exl("config", "schema", cwd=tmp_path).stdout == render_schema()


def test_schema_and_reader_know_the_same() -> None:
    """Each key of the file, each field of a signature; every signature in the page about them has only such."""
    schema = json.loads(render_schema())
    item = schema["properties"]["signatures"]["items"]

    assert list(schema["properties"]) == list(KNOWN_KEYS)
    assert all(field["description"] for field in item["properties"].values())
    page = (REFERENCE / "user-signatures.md").read_text(encoding="utf-8")
    examples = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    signatures = [found for each in examples if isinstance(each, dict) for found in each.get("signatures", [])]
    assert signatures
    for signature in signatures:
        assert set(signature) <= set(item["properties"])
        assert set(item["required"]) <= set(signature)
        assert signature.get("category", "") in item["properties"]["category"]["enum"]
