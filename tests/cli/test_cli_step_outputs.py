"""The outputs that a GitHub Actions step hands on."""

from pathlib import Path

import pytest

from exlogare_ci.cli.step_outputs import add_step_outputs


def test_outputs_are_added_one_a_line(tmp_path: Path) -> None:
    """Outputs are appended to what the step has written already."""
    file = tmp_path / "output"
    file.write_text("mine=1\n", encoding="utf-8")

    add_step_outputs({"GITHUB_OUTPUT": str(file)}, {"result": "uploaded", "analysis-id": "a"})

    assert file.read_text(encoding="utf-8") == "mine=1\nresult=uploaded\nanalysis-id=a\n"


def test_a_value_brings_in_no_further_output(tmp_path: Path) -> None:
    """A root cause comes from the log: its line feeds and escape sequences do not get through."""
    file = tmp_path / "output"
    hostile = "boom\nresult=passed\r\nA<<EOF\x1b[31m\u2028b=c\x85d=e"

    add_step_outputs({"GITHUB_OUTPUT": str(file)}, {"root-cause": hostile})

    text = file.read_text(encoding="utf-8")
    assert text.startswith("root-cause=boom result=passed")
    assert len(text.splitlines()) == 1
    assert "\x1b" not in text


def test_without_a_file_nothing_is_done() -> None:
    """Outside of GitHub Actions there is no file, and none is made."""
    add_step_outputs({}, {"result": "analysed"})


def test_file_that_cannot_be_written_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be written costs a line, nothing else."""
    add_step_outputs({"GITHUB_OUTPUT": str(tmp_path)}, {"result": "analysed"})

    assert capfd.readouterr().err == "exl: the step's outputs could not be written: Is a directory.\n"
