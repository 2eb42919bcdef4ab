"""Builds that the packages' tests run, and the examples that they run them by."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.integrations.snippets import ROOT

EXAMPLES: Final = ROOT / "examples"
SERVER: Final = "https://exlogare.example.com"
"""The server's address in every example."""
BUILD: Final = "python3 -m unittest discover"
"""The build's command in every example."""
FAILED_TEST: Final = "test_discount_holds_for_every_piece"
HOSTILE: Final = '$(touch pwned)`touch pwned`"; touch pwned; echo "::set-output name=a::b"'
"""A name, or a line of a log, that must stay text."""
HOSTILE_BRANCH: Final = "feat/$(id>pwned)`id>pwned`;id>pwned"
"""The same as git allows it in a branch's name."""
FAILED_LOG: Final = f"""\
FAIL: {FAILED_TEST} (tests.test_cart.CartTest.{FAILED_TEST})
----------------------------------------------------------------------
Traceback (most recent call last):
  File "tests/test_cart.py", line 20, in {FAILED_TEST}
    self.assertEqual(self.cart.total_cents(), 3240)
AssertionError: 3480 != 3240

----------------------------------------------------------------------
Ran 3 tests in 0.001s

FAILED (failures=1)
"""
"""What the failing build prints, for services that give a log by an API."""


def failing_build(folder: Path) -> Path:
    """Copy the failing build that comes with the project."""
    shutil.copytree(EXAMPLES / "failing-build", folder)
    return folder


def example(name: str, changes: Mapping[str, str]) -> str:
    """Read an example as a user would copy it, with a few words of it changed.

    Args:
        name: its path below ``examples``.
        changes: old text to new.

    Raises:
        AssertionError: a text that is to be changed is not there.
    """
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{name} has no {old!r}"
        text = text.replace(old, new)
    return text
