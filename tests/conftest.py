"""Options and fixtures for every test."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

CheckGolden = Callable[[Path, str], None]


def pytest_configure() -> None:
    """Take the signals that a shell has its background jobs ignore: what the tests start would ignore them, too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGQUIT) is signal.SIG_IGN:
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes golden files anew instead of comparing with them."""
    parser.addoption(
        "--update-goldens",
        action="store_true",
        default=False,
        help="write the golden files and generated pages that the tests compare with",
    )


@pytest.hookimpl(optionalhook=True)  # pytest-xdist's, for `-n auto`
def pytest_xdist_auto_num_workers() -> int:
    """Take one worker more than there are processors: half of the suite's time goes by in waiting."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> CheckGolden:
    """A function that compares a text with a golden file, or writes it with ``--update-goldens``."""
    update: bool = request.config.getoption("--update-goldens")

    def check(path: Path, text: str) -> None:
        if update:
            path.write_text(text, encoding="utf-8", newline="\n")
        expected = path.read_text(encoding="utf-8") if path.exists() else ""
        assert expected == text, f"{path.name} is not up to date; run this test with --update-goldens"

    return check
