"""Names of failing tests in what pytest prints."""

import re

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.text import CleanLog

_COLLECTING = late(r"^_+ ERROR collecting (?P<file>.+?) _+$")


def pytest_names(named: str | None, log: CleanLog, start: int, _end: int) -> list[str]:
    """Return the test of a block, or the module that could not be collected."""
    match = _COLLECTING.match(log.text(start))
    if match:
        return [collection_name(match["file"])]
    return [named] if named else []


def collection_name(file: str) -> str:
    """Return the name of a test module that could not be imported: its file, and the module as a JUnit report has it.

    Args:
        file: as pytest prints it, relative to its root folder.
    """
    module = re.sub(r"[\\/]", ".", file.removesuffix(".py"))
    is_module = file.endswith(".py") and all(part.isidentifier() for part in module.split("."))
    return f"{file} ({module})" if is_module else file
