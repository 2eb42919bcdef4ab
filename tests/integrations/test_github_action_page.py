"""The action's file and its page: what the engine run cannot show."""

import re
from typing import Any, Final

import yaml

from tests.integrations.snippets import ROOT

FOLDER: Final = ROOT / "integrations" / "github-action"
PUBLISHED_INPUTS: Final = {"token", "log_path", "endpoint", "fail_on_error", "cli_version"}
"""Inputs of the action that exists in the wild; they must go on working."""


def action() -> dict[str, Any]:
    """The action's file."""
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "action.yml").read_text(encoding="utf-8"))
    return loaded


def listed(heading: str) -> set[str]:
    """The names in the first column of the page's table with that heading."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = re.search(rf"^\| {heading} \|.*\n((?:\|.*\n)+)", page, re.MULTILINE)
    assert table is not None
    return set(re.findall(r"^\| `([^`]+)`", table[1], re.MULTILINE))


def test_published_inputs_are_still_there() -> None:
    """Whoever uses the published action's inputs can go on: none is required, fail_on_error is false."""
    inputs = action()["inputs"]

    assert set(inputs) >= PUBLISHED_INPUTS
    assert not any(entry["required"] for entry in inputs.values())
    assert inputs["fail_on_error"]["default"] == "false"


def test_page_lists_every_input_and_output() -> None:
    """The page's tables name exactly what the file has."""
    assert listed("setting") | listed("input of this action alone") == set(action()["inputs"])
    assert listed("output") == set(action()["outputs"])


def test_no_template_in_a_script() -> None:
    """Every script is free of expressions, and every input reaches it by a variable."""
    steps = action()["runs"]["steps"]

    assert [step["run"] for step in steps if "${{" in step["run"]] == []
    handed_on = {value for step in steps for value in step["env"].values()}
    assert handed_on == {f"${{{{ inputs.{name} }}}}" for name in action()["inputs"]}
