"""The examples on the pages of the packages: at most eight new lines install a package, and a test runs each."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.integrations.snippets import ROOT

EXAMPLES: Final = ROOT / "examples"
LINES_MAX: Final = 8
_NEW: Final = re.compile(r"^\s*(?:#|//|/\*|<!--)\s*new\b", re.MULTILINE)
MARKED: Final = sorted(
    path
    for path in EXAMPLES.rglob("*")
    if path.is_file() and path.suffix in (".yml", ".cfg", ".sh") and _NEW.search(path.read_text(encoding="utf-8"))
)


def new_lines(text: str) -> list[str]:
    """The lines of the new block: from the comment on, up to where its indentation ends."""
    lines = text[_NEW.search(text).start() :].strip("\n").splitlines()  # type: ignore[union-attr]
    block = [line for line in lines[1:] if line.strip() and not line.lstrip().startswith("#")]
    depth = len(block[0]) - len(block[0].lstrip())
    return [
        line for n, line in enumerate(block) if all(len(one) - len(one.lstrip()) >= depth for one in block[: n + 1])
    ]


@pytest.mark.parametrize("path", MARKED, ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_installing_takes_few_lines(path: Path) -> None:
    """What a user adds is one block of at most eight lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".cfg":
        text = text.split("\nBuildmasterConfig")[0]

    assert len(new_lines(text)) <= LINES_MAX


def test_examples_are_marked() -> None:
    """Every CI service of ours that users write a file for has an example that says what is new."""
    assert {path.parent.name for path in MARKED} >= {
        "appveyor", "azure", "bitbucket", "buildbot", "buildkite", "drone", "gitea", "github-actions", "gitlab",
    }  # fmt: skip


def test_every_example_is_run() -> None:
    """Each example's name stands in a test."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    names = {f"{path.parent.name}/{path.name}" for path in MARKED}

    assert {name for name in names if name not in tests and name.split("/")[1] not in tests} == set()
